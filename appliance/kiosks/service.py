"""Registering kiosks, and keeping note of how they are. The only writer of its table."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select

from appliance.events import KioskChanged
from appliance.kiosks.errors import CodeUnknown, KioskNameEmpty, KioskUnknown
from appliance.kiosks.models import NAME_CHARACTERS, Kiosk
from appliance.kiosks.opening import OfficeHours
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, announce

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no look-alikes: it is typed from a screen
CODE_LENGTH = 10  # 49 bit, good for an hour and once, behind the budget for numbers
CODE_LIVES = timedelta(hours=1)
SECRET_BYTES = 32
BEAT_S = 10  # the page says so often that it is there
AWAY_AFTER = timedelta(seconds=3 * BEAT_S)
NEW_BROWSER = timedelta(seconds=60)  # a slow machine starts one in half of that
SEEN_EVERY = timedelta(minutes=1)  # a row is not written for each beat


class KioskService:
    """All kiosks. ``by`` is the id of an administrator. Without ``hours`` none is ever off."""

    def __init__(
        self, database: Database, clock: Clock = utcnow, hours: OfficeHours | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._hours = hours
        self._began_at = clock()
        self._seen: dict[str, datetime] = {}  # newer than the rows
        self._left: dict[str, datetime] = {}  # the browser is still the same: from when to end it
        self._left_in: dict[str, tuple[datetime, str]] = {}  # in which language, for a minute
        self._patient_until: dict[str, datetime] = {}  # with a browser that has just begun

    # ---- the console ---------------------------------------------------------------------------
    async def add(self, name: str, by: str) -> tuple[Kiosk, str]:
        """A new kiosk and its code, which is shown this once. Raises ``KioskNameEmpty``."""
        tidied, now = " ".join(name.split())[:NAME_CHARACTERS], self._clock()
        if not tidied:
            raise KioskNameEmpty
        code = new_code()
        kiosk = Kiosk(name=tidied, created_by=by, created_at=now)
        _give(kiosk, code, now)

        def work(session: Session) -> Kiosk:
            session.add(kiosk)
            audit(session, by, "kiosk_added", kiosk.id, now)
            return kiosk

        return await self._database.write(work), code

    async def new_code(self, kiosk_id: str, by: str) -> str:
        """Another code; what is registered stays so until it is used. Raises ``KioskUnknown``."""
        code, now = new_code(), self._clock()
        await self._change(
            kiosk_id, lambda kiosk: _give(kiosk, code, now), audited=(by, "kiosk_code_made")
        )
        return code

    async def remove(self, kiosk_id: str, by: str) -> None:
        """The row is gone and its browser is nobody's. Raises ``KioskUnknown``."""
        now = self._clock()

        def work(session: Session) -> None:
            session.delete(_load(session, kiosk_id))
            audit(session, by, "kiosk_removed", kiosk_id, now)

        await self._database.write(work)
        self._seen.pop(kiosk_id, None)

    async def want_test(self, kiosk_id: str, by: str, *, set_up: bool = False) -> None:
        """As soon as nobody uses it. ``set_up``: its devices have been changed on purpose."""
        now = self._clock()

        def work(kiosk: Kiosk) -> None:
            kiosk.test_wanted_at = now
            if set_up:
                kiosk.set_up = ""

        await self._change(kiosk_id, work, audited=(by, "kiosk_test_wanted"))

    async def get(self, kiosk_id: str) -> Kiosk:
        """Raises ``KioskUnknown``."""
        return await self._database.read(lambda session: _load(session, kiosk_id))

    async def everything(self) -> list[Kiosk]:
        """By name; ``seen_at`` is the newest."""
        query = select(Kiosk).order_by(col(Kiosk.name), col(Kiosk.id))
        found = await self._database.read(lambda session: list(session.exec(query)))
        for kiosk in found:
            kiosk.seen_at = self._seen.get(kiosk.id, kiosk.seen_at)
        return found

    # ---- the kiosk itself ----------------------------------------------------------------------
    async def register(self, code: str) -> tuple[Kiosk, str]:
        """The kiosk that waits for this code, and the secret of its browser from now on.

        The code is used up, and a browser that was registered before is not any more. Raises
        ``CodeUnknown``.
        """
        wanted, secret, now = (
            _hash(tidy_code(code)),
            secrets.token_urlsafe(SECRET_BYTES),
            self._clock(),
        )

        def work(session: Session) -> Kiosk:
            query = select(Kiosk).where(col(Kiosk.code_hash) == wanted)
            kiosk = session.exec(query).first()
            if kiosk is None or kiosk.code_until is None or kiosk.code_until <= now:
                raise CodeUnknown
            kiosk.code_hash = kiosk.code_until = None
            kiosk.secret_hash = _hash(secret)
            kiosk.registered_at = kiosk.seen_at = now
            kiosk.tested_at = kiosk.away_since = None
            kiosk.set_up = kiosk.faults = ""
            audit(session, kiosk.id, "kiosk_registered", kiosk.id, now)
            return kiosk

        kiosk = await self._database.write(work)
        self._seen[kiosk.id] = now
        return kiosk, secret

    async def by_secret(self, secret: str) -> Kiosk | None:
        """The registered kiosk; None when it has been removed or registered anew."""
        if not secret:
            return None
        query = select(Kiosk).where(col(Kiosk.secret_hash) == _hash(secret))
        return await self._database.read(lambda session: session.exec(query).first())

    async def beat(self, kiosk: Kiosk, *, started: bool = False) -> None:
        """It is there. ``started``: its browser has just begun. Raises ``KioskUnknown``."""
        now = self._clock()
        self._seen[kiosk.id] = now
        if started:
            self._left.pop(kiosk.id, None)
        stale = kiosk.seen_at is None or now - kiosk.seen_at >= SEEN_EVERY
        if not (started or stale or kiosk.away_since):
            return

        def work(session: Session) -> None:
            row = _load(session, kiosk.id)
            row.seen_at = now
            row.started_at = now if started else row.started_at
            if row.away_since is not None:
                row.away_since = None
                announce(session, KioskChanged(row.id, "back"))

        await self._database.write(work)

    def left(self, kiosk_id: str, language: str) -> None:
        """Its visitor has gone: the browser is to begin anew, with an empty profile."""
        self._left[kiosk_id] = self._clock()
        self._left_in[kiosk_id] = self._clock(), language

    def left_in(self, kiosk_id: str) -> str:
        """The language of whoever has left within the last minute; empty where nobody has."""
        left_at, language = self._left_in.get(kiosk_id, (None, ""))
        if left_at is None or self._clock() - left_at <= NEW_BROWSER:
            return language
        del self._left_in[kiosk_id]
        return ""

    def browser(self, kiosk: Kiosk) -> Literal["keep", "end"]:
        """What the machine is to do with it; a silent page is not always a closed one.

        Whoever has not heard it is told again, until a new browser says that it has begun.
        """
        now, seen = self._clock(), self._seen.get(kiosk.id)
        patient_until = self._patient_until.setdefault(kiosk.id, now + NEW_BROWSER)
        silent = now > patient_until and (seen is None or now - seen > AWAY_AFTER)
        end_from = self._left.get(kiosk.id)
        if not (silent or (end_from is not None and now >= end_from)):
            return "keep"
        if end_from is not None:
            self._left[kiosk.id] = now + NEW_BROWSER
        self._patient_until[kiosk.id] = now + NEW_BROWSER
        return "end"

    async def tested(self, kiosk_id: str, faults: Sequence[str], set_up: str = "") -> Kiosk:
        """What it has found out about itself. ``set_up`` (JSON) only while there is none.

        Announces ``broken`` when the causes are others than before, ``well`` when they are gone.
        Raises ``KioskUnknown``.
        """
        now, found = self._clock(), " ".join(faults)

        def work(session: Session) -> Kiosk:
            kiosk = _load(session, kiosk_id)
            before, kiosk.faults, kiosk.tested_at = kiosk.faults, found, now
            kiosk.set_up = kiosk.set_up or set_up
            if found != before:
                announce(session, KioskChanged(kiosk.id, "broken" if found else "well"))
            return kiosk

        return await self._database.write(work)

    # ---- time ----------------------------------------------------------------------------------
    async def look_after(self) -> None:
        """For a loop: whoever has missed three beats is away, which is announced once.

        Outside of the office's hours it may be switched off: it is announced when the office
        opens, if it is still away then.
        """
        now = self._clock()
        if self._hours is not None and not self._hours.include(now):
            return
        for kiosk in await self.everything():
            if kiosk.registered and kiosk.away_since is None and self.is_away(kiosk, now):
                await self._change(kiosk.id, _mark_away(now), happened="away")

    def is_away(self, kiosk: Kiosk, now: datetime) -> bool:
        """Nobody is blamed for the time in which we were not there ourselves."""
        seen = max(kiosk.seen_at or kiosk.created_at, self._began_at)
        return now - seen > AWAY_AFTER

    async def _change(
        self,
        kiosk_id: str,
        change: Callable[[Kiosk], None],
        *,
        audited: tuple[str, str] | None = None,
        happened: str = "",
    ) -> None:
        now = self._clock()

        def work(session: Session) -> None:
            change(_load(session, kiosk_id))
            if audited:
                audit(session, audited[0], audited[1], kiosk_id, now)
            if happened:
                announce(session, KioskChanged(kiosk_id, happened))

        await self._database.write(work)


def new_code() -> str:
    """Ten letters and digits without look-alikes."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def code_in_groups(code: str) -> str:
    """As it is shown and typed: two groups of five."""
    return f"{code[:5]} {code[5:]}"


def tidy_code(text: str) -> str:
    """What somebody has typed, without spaces and hyphens."""
    return re.sub(r"[\s\-]", "", text).upper()


def _mark_away(now: datetime) -> Callable[[Kiosk], None]:
    def mark(kiosk: Kiosk) -> None:
        kiosk.away_since = now

    return mark


def _give(kiosk: Kiosk, code: str, now: datetime) -> None:
    kiosk.code_hash, kiosk.code_until = _hash(code), now + CODE_LIVES


def _load(session: Session, kiosk_id: str) -> Kiosk:
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise KioskUnknown
    return kiosk


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
