"""Accounts of staff: adding, renaming the secrets, closing."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from appliance.advisers.errors import (
    AdviserLoginInvalid,
    AdviserLoginTaken,
    AdviserUnknown,
    SubjectTaken,
)
from appliance.advisers.models import AWAY_MAX_LENGTH, Adviser, AdviserLogin, RecoveryCode, Role
from appliance.advisers.passwords import (
    Passwords,
    TypedCode,
    ensure_strong,
    new_recovery_codes,
    typed_code,
)
from appliance.advisers.second_factor import new_totp_secret, totp_uri
from appliance.advisers.teams import Teams, ensure_administrator_left, put_in_teams
from appliance.events import AccountClosed, AwayChanged, LoginEnded, StaffChanged
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.clock import Clock
from appliance.storage.database import Database, announce

LOGIN_PATTERN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
NAME_CHARACTERS = 120


class NewAdviser(NamedTuple):
    """An account and what is shown of it once."""

    adviser: Adviser
    totp_uri: str
    recovery_codes: list[str]


class Accounts(Teams):
    """Who may log in at all."""

    def __init__(
        self, database: Database, settings: Settings, clock: Clock, passwords: Passwords
    ) -> None:
        super().__init__(database, clock)
        self._settings = settings
        self._passwords = passwords

    async def add(
        self,
        login: str,
        name: str,
        password: str,
        role: Role = Role.ADVISER,
        by: str = "",
        *,
        team_ids: Collection[str] = (),
    ) -> NewAdviser:
        """A new account with second factor and ten recovery codes, which are shown only now.

        Raises ``AdviserLoginInvalid``, ``AdviserLoginTaken``, ``PasswordWeak``, ``TeamUnknown``.
        """
        login, name = _tidy_login(login), " ".join(name.split())[:NAME_CHARACTERS]
        ensure_strong(password, login, name, self._settings.agency.name)
        now = self._clock()
        adviser = Adviser(
            login=login,
            name=name,
            role=role,
            password_hash=await self._passwords.hashed(password),
            totp_secret=new_totp_secret(),
            created_at=now,
        )
        codes = new_recovery_codes()
        rows = await self._recovery_rows(adviser.id, codes)
        uri = totp_uri(adviser.totp_secret, login, self._settings.agency.name)

        def work(session: Session) -> NewAdviser:
            _ensure_login_free(session, login)
            session.add(adviser)
            session.flush()
            session.add_all(rows)
            put_in_teams(session, adviser.id, team_ids)
            audit(session, by or adviser.id, "adviser_added", adviser.id, now)
            announce(session, StaffChanged(adviser.id))
            return NewAdviser(adviser, uri, codes)

        return await self._database.write(work)

    async def get(self, adviser_id: str) -> Adviser:
        """The account. Raises ``AdviserUnknown``."""
        return await self._database.read(lambda session: _found(session, adviser_id))

    async def find(self, login: str) -> Adviser | None:
        """The account with this login, open or closed."""
        query = select(Adviser).where(col(Adviser.login) == login.strip().lower())
        return await self._database.read(lambda session: session.exec(query).first())

    async def everybody(self) -> list[Adviser]:
        """All open accounts by name."""
        query = select(Adviser).where(col(Adviser.active)).order_by(col(Adviser.name))
        return await self._database.read(lambda session: list(session.exec(query)))

    async def all_accounts(self) -> list[Adviser]:
        """Open and closed ones: the open first, then by name."""
        query = select(Adviser).order_by(col(Adviser.active).desc(), col(Adviser.name))
        return await self._database.read(lambda session: list(session.exec(query)))

    async def names(self) -> dict[str, str]:
        """Everybody's name by id, of closed accounts too."""
        query = select(Adviser.id, Adviser.name).order_by(col(Adviser.name))
        return await self._database.read(lambda session: dict(session.exec(query).all()))

    async def name(self, adviser_id: str) -> str:
        """How the adviser is called; empty when the account is gone."""
        return await self._database.read(lambda session: self.name_of(session, adviser_id))

    def name_of(self, session: Session, adviser_id: str) -> str:
        """For letters and link pages, inside a transaction; empty when the account is gone."""
        adviser = session.get(Adviser, adviser_id)
        return adviser.name if adviser else ""

    async def away_words(self, adviser_id: str) -> str | None:
        """What clients are told while the adviser is away; None: at the desk, or unknown."""

        def work(session: Session) -> str | None:
            adviser = session.get(Adviser, adviser_id)
            return None if adviser is None or adviser.away_since is None else adviser.away_words

        return await self._database.read(work)

    async def away(self) -> set[str]:
        """The ids of all who are not at their desk for a while."""
        query = select(Adviser.id).where(col(Adviser.away_since).is_not(None))
        return await self._database.read(lambda session: set(session.exec(query)))

    async def go_away(self, adviser_id: str, words: str) -> None:
        """Not at the desk for a while; ``words`` are for whoever waits, and may be empty."""
        now = self._clock()

        def work(session: Session) -> None:
            adviser = _found(session, adviser_id)
            adviser.away_since, adviser.away_words = now, words[:AWAY_MAX_LENGTH]
            announce(session, AwayChanged(adviser_id))

        await self._database.write(work)

    async def come_back(self, adviser_id: str) -> None:
        """At the desk again; nothing happens to who was there."""
        if await self.away_words(adviser_id) is None:
            return

        def work(session: Session) -> None:
            adviser = _found(session, adviser_id)
            adviser.away_since, adviser.away_words = None, ""
            announce(session, AwayChanged(adviser_id))

        await self._database.write(work)

    async def set_password(self, adviser_id: str, password: str, by: str) -> None:
        """Replaces the password and ends every login. Raises ``PasswordWeak``."""
        adviser = await self.get(adviser_id)
        ensure_strong(password, adviser.login, adviser.name, self._settings.agency.name)
        password_hash = await self._passwords.hashed(password)
        now = self._clock()

        def work(session: Session) -> None:
            _found(session, adviser_id).password_hash = password_hash
            _end_all(session, adviser_id, now)
            audit(session, by, "adviser_password_set", adviser_id, now)

        await self._database.write(work)

    async def renew_second_factor(self, adviser_id: str, by: str) -> NewAdviser:
        """A new secret and ten new codes; the old ones and every login end."""
        secret, codes = new_totp_secret(), new_recovery_codes()
        rows = await self._recovery_rows(adviser_id, codes)
        now = self._clock()

        def work(session: Session) -> NewAdviser:
            adviser = _found(session, adviser_id)
            adviser.totp_secret, adviser.totp_counter = secret, 0
            old = select(RecoveryCode).where(col(RecoveryCode.adviser_id) == adviser_id)
            for row in session.exec(old):
                session.delete(row)
            session.add_all(rows)
            _end_all(session, adviser_id, now)
            audit(session, by, "second_factor_renewed", adviser_id, now)
            uri = totp_uri(secret, adviser.login, self._settings.agency.name)
            return NewAdviser(adviser, uri, codes)

        return await self._database.write(work)

    async def set_role(self, adviser_id: str, role: Role, by: str) -> None:
        """Another role, and new logins. Raises ``AdviserUnknown``, ``LastAdministrator``."""
        now = self._clock()

        def work(session: Session) -> None:
            adviser = _found(session, adviser_id)
            if adviser.role is role:
                return
            if adviser.role is Role.ADMINISTRATOR:
                ensure_administrator_left(session, adviser_id)
            adviser.role = role
            _end_all(session, adviser_id, now)
            audit(session, by, "adviser_role_set", adviser_id, now)
            announce(session, StaffChanged(adviser_id))

        await self._database.write(work)

    async def set_subject(self, adviser_id: str, subject: str, by: str) -> None:
        """Who it is in the agency's directory; empty: nobody. Ends the logins.

        Raises ``AdviserUnknown`` or ``SubjectTaken``.
        """
        now, tidied = self._clock(), subject.strip() or None

        def work(session: Session) -> None:
            adviser = _found(session, adviser_id)
            same = select(Adviser.id).where(
                col(Adviser.oidc_subject) == tidied, col(Adviser.id) != adviser_id
            )
            if tidied and session.exec(same).first() is not None:
                raise SubjectTaken
            adviser.oidc_subject = tidied
            _end_all(session, adviser_id, now)
            audit(session, by, "adviser_subject_set", adviser_id, now)

        await self._database.write(work)

    async def reopen_account(self, adviser_id: str, by: str) -> None:
        """Password and second factor are what they were. Raises ``AdviserUnknown``."""
        now = self._clock()

        def work(session: Session) -> None:
            _found(session, adviser_id).active = True
            audit(session, by, "adviser_reopened", adviser_id, now)
            announce(session, StaffChanged(adviser_id))

        await self._database.write(work)

    async def close_account(self, adviser_id: str, by: str) -> None:
        """Nobody can log in with it any more; the row stays for the appointments' sake.

        Raises ``AdviserUnknown`` or ``LastAdministrator``.
        """
        now = self._clock()

        def work(session: Session) -> None:
            adviser = _found(session, adviser_id)
            if adviser.role is Role.ADMINISTRATOR:
                ensure_administrator_left(session, adviser_id)
            adviser.active = False
            _end_all(session, adviser_id, now)
            audit(session, by, "adviser_closed", adviser_id, now)
            announce(session, AccountClosed(adviser_id))

        await self._database.write(work)

    async def _recovery_rows(self, adviser_id: str, codes: list[str]) -> list[RecoveryCode]:
        typed = [found for code in codes if (found := typed_code(code)) is not None]
        hashes = await self._passwords.hashed_all([code.secret for code in typed])
        return [
            _recovery_row(adviser_id, code, code_hash)
            for code, code_hash in zip(typed, hashes, strict=True)
        ]


def _tidy_login(login: str) -> str:
    tidied = login.strip().lower()
    if not LOGIN_PATTERN.fullmatch(tidied):
        raise AdviserLoginInvalid
    return tidied


def _ensure_login_free(session: Session, login: str) -> None:
    taken = select(Adviser.id).where(col(Adviser.login) == login)
    if session.exec(taken).first() is not None:
        raise AdviserLoginTaken


def _recovery_row(adviser_id: str, code: TypedCode, code_hash: str) -> RecoveryCode:
    return RecoveryCode(adviser_id=adviser_id, label=code.label, code_hash=code_hash)


def _found(session: Session, adviser_id: str) -> Adviser:
    adviser = session.get(Adviser, adviser_id)
    if adviser is None:
        raise AdviserUnknown
    return adviser


def _end_all(session: Session, adviser_id: str, now: datetime) -> None:
    query = select(AdviserLogin).where(
        col(AdviserLogin.adviser_id) == adviser_id, col(AdviserLogin.ended_at).is_(None)
    )
    for login in session.exec(query):
        login.ended_at = now
        announce(session, LoginEnded(adviser_id, login.id))
