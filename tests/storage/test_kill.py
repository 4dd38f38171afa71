"""``kill -9`` at any moment: what was acknowledged is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlmodel import select

from appliance.storage.audit import AuditLine
from tests.builders.storage import make_database

ROOT = Path(__file__).parents[2]
WRITER = """
import itertools, sys
from pathlib import Path
from appliance.storage.audit import audit
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from tests.builders.storage import make_settings
database = Database.open(make_settings(Path(sys.argv[1])))
for number in itertools.count():
    def work(session):
        audit(session, "writer", "tested", f"{number}-a", utcnow())
        session.flush()
        audit(session, "writer", "tested", f"{number}-b", utcnow())
    database.write_sync(work)
    print(number, flush=True)
"""


def test_it_works(tmp_path: Path) -> None:
    make_database(tmp_path).close()
    acknowledged: set[str] = set()
    base = 0
    for rows in (2, 40):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            bufsize=0,  # what a buffer had read ahead would be lost to communicate()
            cwd=ROOT,
        )
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(rows)]
        process.kill()
        rest, _ = process.communicate(timeout=10)
        numbers = b"".join(said).split() + rest.rpartition(b"\n")[0].split()
        database = make_database(tmp_path)
        lines = database.read_sync(lambda session: list(session.exec(select(AuditLine))))
        database.close()
        new = [line.subject_id for line in lines[base:]]
        base = len(lines)
        wanted = [f"{number.decode()}-{part}" for number in numbers for part in "ab"]
        assert new[: len(wanted)] == wanted
        assert len(new) % 2 == 0  # a transaction is there whole or not at all
        acknowledged.update(wanted)
    assert len(acknowledged) >= 80
