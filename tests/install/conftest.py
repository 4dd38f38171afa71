"""A box that has releases."""

import pytest


@pytest.fixture
def box(tmp_path):
    """Release 1 is in force, 0 is the one before, 2 is about to come."""
    opt = tmp_path / "opt"
    for number in "012":
        release = opt / "releases" / number
        (release / "systemd" / "vorzimmer-web.service.d").mkdir(parents=True)
        (release / "systemd" / "vorzimmer-web.service").write_text(number)
        (release / "systemd" / f"vorzimmer-only-{number}.service").write_text(number)
        (release / "systemd" / "vorzimmer-web.service.d" / f"{number}.conf").write_text(number)
        (release / "MEDIA").write_text("same")
        (release / "bin").mkdir()
        (release / "bin" / "python").symlink_to("/bin/true")
        (release / "bin" / "vorzimmer").write_text("#!/bin/sh\n")
        (release / "bin" / "vorzimmer").chmod(0o755)
        (release / "app" / "appliance" / "docs").mkdir(parents=True)
        (release / "app" / "appliance" / "docs" / "vorzimmer.1").write_text("")
    (opt / "current").symlink_to("releases/1")
    (opt / "previous").symlink_to("releases/0")
    (tmp_path / "command").symlink_to("opt/current/bin/vorzimmer")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "vorzimmer.db").write_text("of 1")
    return tmp_path
