"""Cuts the power under the database a thousand times. Called by ``scripts/power-cut``.

``kill -9`` cannot find a missing sync, as the kernel still writes what it was given. So the real
process works once under strace, and its calls are played to a disk that forgets (``lossy_disk``);
after each cut the product opens what is left. With ``synchronous=FULL``, the product's own, nothing
that was acknowledged may be lost; with NORMAL and OFF something must, or the test sees nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from sqlmodel import Session, col, func, select

from appliance.storage.audit import audit
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseError
from appliance.storage.integrity import damage
from appliance.storage.keys import KEY_FILE
from appliance.visits.models import Visit
from appliance.visits.service import VisitService
from appliance.visits.states import VisitState
from tests.builders.clock import HandClock
from tests.builders.storage import make_database, make_settings
from tests.builders.visits import visit_in
from tests.storage.lossy_disk import STRACE, Call, LossyDisk, calls
from tests.storage.power_cut_work import ACKNOWLEDGED, NOW, OLD, PURGED, new_lines

ROOT = Path(__file__).parents[2]
MODES = {"FULL": "2", "NORMAL": "1", "OFF": "0"}
VISITS = 60
OLD_VISITS = 10


@dataclass(slots=True)
class Outcome:
    """What the cuts did."""

    cuts: int = 0
    lost: int = 0  # cuts after which something acknowledged was missing, or deleted was back
    most_lost: int = 0  # transactions, in one cut
    corrupt: int = 0  # cuts after which the database did not open or was not whole
    transactions: int = 0
    writes: int = 0
    syncs: int = 0

    @property
    def clean(self) -> bool:
        """Nothing was lost, nothing was broken."""
        return not self.lost and not self.corrupt


async def _old_visits(folder: Path) -> None:
    folder.mkdir()
    database = make_database(folder)
    visits = VisitService(database, HandClock(OLD))
    for number in range(OLD_VISITS):
        await visit_in(visits, VisitState.CLOSED, f"old-{number}")
    database.close()


def record(folder: Path, mode: str, visits: int) -> tuple[list[Call], LossyDisk]:
    """The calls of one run, and the disk as it was before it."""
    data, trace = folder / "data", folder / "trace"
    asyncio.run(_old_visits(data))
    disk = LossyDisk(data)
    work = [sys.executable, "-m", "tests.storage.power_cut_work", str(data), MODES[mode]]
    words = [*STRACE, "-o", str(trace), *work, str(visits)]
    subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return list(calls(trace, data)), disk


def judge(folder: Path, acknowledged: int, purged: bool) -> int | None:
    """How many acknowledged transactions are missing; None when the database is broken."""
    try:
        database = Database.open(make_settings(folder))
    except (DatabaseError, OSError):
        return None
    try:
        if damage(database) or not database.read_sync(_adds_up):
            return None
        database.write_sync(lambda session: audit(session, "nobody", "tested", "it", NOW))
        there = len(database.read_sync(new_lines))
        back = database.read_sync(_old_ones) if purged else 0
    except DatabaseError:
        return None
    finally:
        database.close()
    return max(0, acknowledged - there) + back


def _adds_up(session: Session) -> bool:
    """Each transaction is there whole or not at all: a visit stands where its journal leads."""
    lines = Counter(line.visit_id for line in new_lines(session))
    states = {line.visit_id: (line.state_to, line.revision) for line in new_lines(session)}
    visits = session.exec(select(Visit).where(Visit.created_at >= NOW)).all()
    return len(visits) == len(lines) and all(
        (visit.state, visit.revision) == states[visit.id] and visit.revision == lines[visit.id]
        for visit in visits
    )


def _old_ones(session: Session) -> int:
    return session.exec(select(func.count()).where(col(Visit.created_at) < NOW)).one()


def cut(folder: Path, mode: str, cuts: int, visits: int, seed: int) -> Outcome:
    """Works once, then cuts the power again and again."""
    chance, outcome = Random(seed), Outcome()
    happened, disk = record(folder, mode, visits)
    key = (folder / "data" / KEY_FILE).read_bytes()
    said, purged, at = 0, False, 0
    for stop in sorted(chance.randrange(1, len(happened)) for _ in range(cuts)):
        for call in happened[at:stop]:
            if call.path.endswith(ACKNOWLEDGED):
                purged = purged or call.data == PURGED
                said += call.kind == "write" and call.data != PURGED
            else:
                disk.take(call)
        at = stop
        with tempfile.TemporaryDirectory(dir=folder) as left:
            (Path(left) / KEY_FILE).touch(mode=0o600)
            (Path(left) / KEY_FILE).write_bytes(key)
            disk.after_power_cut(chance, Path(left))
            missing = judge(Path(left), said, purged)
        outcome.cuts += 1
        outcome.corrupt += missing is None
        outcome.lost += bool(missing)
        outcome.most_lost = max(outcome.most_lost, missing or 0)
    kinds = Counter(call.kind for call in happened if not call.path.endswith(ACKNOWLEDGED))
    outcome.transactions = sum(call.path.endswith(ACKNOWLEDGED) for call in happened) - 1
    outcome.writes, outcome.syncs = kinds["write"], kinds["sync"]
    return outcome


def memory() -> str | None:
    """A folder in memory, where the many syncs of the judging cost nothing."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def run(cuts: dict[str, int], visits: int, seed: int) -> dict[str, Outcome]:
    """So many cuts for each way to sync, each with its own recording."""
    found = {}
    for mode, wanted in cuts.items():
        folder = Path(tempfile.mkdtemp(prefix="power-cut-", dir=memory()))
        try:
            found[mode] = cut(folder, mode, wanted, visits, seed)
        finally:
            shutil.rmtree(folder)
    return found


def good(found: dict[str, Outcome]) -> bool:
    """FULL loses nothing, and what the two others lose was seen."""
    return found["FULL"].clean and found["NORMAL"].lost > 0 and not found["OFF"].clean


def main(words: list[str]) -> int:
    """The command; ends with 1 when something was lost, or when the test saw no loss."""
    wanted = argparse.ArgumentParser(prog="scripts/power-cut")
    wanted.add_argument("--cuts", type=int, default=1000, help="for each way to sync")
    wanted.add_argument("--visits", type=int, default=VISITS, help="in the recording")
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--json", action="store_true")
    chosen = wanted.parse_args(words)
    began = time.monotonic()
    found = run(dict.fromkeys(MODES, chosen.cuts), chosen.visits, chosen.seed)
    for mode, one in found.items():
        print(
            f"synchronous={mode:6} {one.cuts} cuts in {one.transactions} transactions "
            f"({one.writes} writes, {one.syncs} syncs): lost in {one.lost} "
            f"(up to {one.most_lost} transactions), corrupt {one.corrupt}"
        )
    verdict = "good" if good(found) else "NOT good"
    print(f"{verdict}, {time.monotonic() - began:.0f} s, seed {chosen.seed}")
    if chosen.json:
        print(json.dumps({mode: asdict(one) for mode, one in found.items()}))
    return 0 if good(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
