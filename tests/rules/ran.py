"""Whether each test that the table of features names has passed in this run of all tests.

``scripts/test`` calls it as its last step with the file that ``tests/conftest.py`` has filled.
"""

import sys
from pathlib import Path

from tests.rules.test_features import rows


def not_shown(passed: set[str]) -> dict[str, list[str]]:
    """By id of a feature: the named tests of which none has passed."""
    missing = {
        feature: [path for path in tests if path not in passed]
        for feature, (_where, tests) in rows().items()
    }
    return {feature: paths for feature, paths in missing.items() if paths}


if __name__ == "__main__":
    missing = not_shown(set(Path(sys.argv[1]).read_text().split()))
    for feature, paths in missing.items():
        print(f"{feature}: nothing passed in {', '.join(paths)}")
    if missing:
        sys.exit(1)
    print("Each test that the table of features names has passed.")
