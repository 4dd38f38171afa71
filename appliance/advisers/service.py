"""Logging in, staying in, and getting out. Accounts are kept by ``accounts``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from appliance.advisers.accounts import Accounts
from appliance.advisers.errors import LoginRefused, SubjectUnknown
from appliance.advisers.logins import (
    SEEN_EVERY,
    LoginLimiter,
    LoginState,
    LoginView,
    new_login_secret,
    secret_hash,
    state_of,
)
from appliance.advisers.models import Adviser, AdviserLogin, RecoveryCode
from appliance.advisers.passwords import Passwords, TypedCode, typed_code
from appliance.advisers.second_factor import matching_counter, new_totp_secret
from appliance.events import LoginEnded
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, announce

NOBODY = "unknown"
DEVICE_CHARACTERS = 120


class AdviserService(Accounts):
    """Refusals are alike in words and time, whether the account exists or not."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        limiter: LoginLimiter,
        clock: Clock = utcnow,
        passwords: Passwords | None = None,
    ) -> None:
        super().__init__(database, settings, clock, passwords or Passwords())
        self._limiter = limiter
        self._dummy_totp = new_totp_secret()

    async def log_in(
        self, login: str, password: str, code: str, address: str, device: str = ""
    ) -> str:
        """Gives the new login's secret. ``code`` is of the second factor or a recovery code.

        Raises ``LoginRefused``, ``LoginBusy``, or what the limiter raises.
        """
        login = login.strip().lower()
        self._limiter.check(address, login)
        now = self._clock()
        adviser = await self._find(login)
        right = await self._passwords.match(adviser.password_hash if adviser else None, password)
        typed = typed_code(code)
        if typed is not None:
            row_id = await self._matching_recovery_code(adviser, typed)
            right = right and row_id is not None
            secret = await self._enter(adviser, right, now, device, recovery_id=row_id)
        else:
            totp, last = (self._dummy_totp, 0)
            if adviser is not None:
                totp, last = adviser.totp_secret, adviser.totp_counter
            counter = matching_counter(totp, code, last, now)
            right = right and counter is not None
            secret = await self._enter(adviser, right, now, device, counter=counter)
        if secret is None:
            self._limiter.failed(address, login)
            raise LoginRefused
        return secret

    async def enter_by_directory(self, subject: str, device: str = "") -> str:
        """A login's secret for whom the agency's directory has let in.

        Raises ``SubjectUnknown``, also where the account is locked.
        """
        now = self._clock()
        query = select(Adviser).where(col(Adviser.oidc_subject) == subject, col(Adviser.active))

        def work(session: Session) -> str:
            adviser = session.exec(query).first()
            if adviser is None:
                raise SubjectUnknown(subject)
            audit(session, adviser.id, "logged_in_by_directory", adviser.id, now)
            return _new_login(session, adviser.id, device, now)

        return await self._database.write(work)

    async def by_login(self, secret: str, *, touch: bool = True) -> Adviser | None:
        """Whose open login it is; None when unknown, locked or over. Notes that it is in use."""
        view = await self.look(secret)
        if view is None or view.state is not LoginState.OPEN:
            return None
        if touch and self._clock() >= view.login.seen_at + SEEN_EVERY:
            await self._seen(view.login.id)
        return view.adviser

    async def look(self, secret: str) -> LoginView | None:
        """The login in any state, without noting anything; None when unknown."""
        now = self._clock()
        query = (
            select(AdviserLogin, Adviser)
            .join(Adviser, col(Adviser.id) == col(AdviserLogin.adviser_id))
            .where(col(AdviserLogin.secret_hash) == secret_hash(secret))
        )

        def work(session: Session) -> LoginView | None:
            found = session.exec(query).first()
            if found is None:
                return None
            login, adviser = found
            return LoginView(login, adviser, state_of(login, adviser, now))

        return await self._database.read(work)

    async def unlock(self, secret: str, password: str, address: str) -> Adviser:
        """Opens a login that was idle for too long. Raises like ``log_in``."""
        view = await self.look(secret)
        if view is None or view.state is LoginState.OVER:
            raise LoginRefused
        self._limiter.check(address, view.adviser.login)
        if not await self._passwords.match(view.adviser.password_hash, password):
            self._limiter.failed(address, view.adviser.login)
            raise LoginRefused
        await self._seen(view.login.id)
        return view.adviser

    async def change_password(self, adviser_id: str, old: str, new: str, address: str) -> None:
        """One's own; every login ends. Raises ``LoginRefused``, ``PasswordWeak``, the limiter's."""
        adviser = await self.get(adviser_id)
        self._limiter.check(address, adviser.login)
        if not await self._passwords.match(adviser.password_hash, old):
            self._limiter.failed(address, adviser.login)
            raise LoginRefused
        await self.set_password(adviser_id, new, adviser_id)

    async def last_seen(self) -> dict[str, datetime]:
        """When each account's newest login was last in use."""
        query = select(AdviserLogin.adviser_id, func.max(AdviserLogin.seen_at)).group_by(
            col(AdviserLogin.adviser_id)
        )

        return await self._database.read(lambda session: dict(session.exec(query).all()))

    async def log_out(self, secret: str) -> None:
        """Ends this login; an unknown one is over already."""
        view = await self.look(secret)
        if view is not None:
            await self._end([view.login.id], view.adviser.id, "logged_out")

    async def logins(self, adviser_id: str) -> list[AdviserLogin]:
        """Those that are open or locked, newest first."""
        now = self._clock()
        query = (
            select(AdviserLogin, Adviser)
            .join(Adviser, col(Adviser.id) == col(AdviserLogin.adviser_id))
            .where(col(Adviser.id) == adviser_id)
            .order_by(col(AdviserLogin.created_at).desc())
        )

        def work(session: Session) -> list[AdviserLogin]:
            return [
                login
                for login, adviser in session.exec(query)
                if state_of(login, adviser, now) is not LoginState.OVER
            ]

        return await self._database.read(work)

    async def revoke(self, adviser_id: str, login_id: str, by: str) -> None:
        """Ends one login of this adviser; somebody else's is left alone."""
        if login_id in {login.id for login in await self.logins(adviser_id)}:
            await self._end([login_id], by, "login_revoked")

    async def revoke_all(self, adviser_id: str, by: str = "", *, but: str = "") -> int:
        """Ends all of an adviser's logins, except the one with the secret ``but``."""
        kept = secret_hash(but) if but else ""
        ended = [row.id for row in await self.logins(adviser_id) if row.secret_hash != kept]
        await self._end(ended, by or adviser_id, "login_revoked")
        return len(ended)

    async def _find(self, login: str) -> Adviser | None:
        query = select(Adviser).where(col(Adviser.login) == login, col(Adviser.active))
        return await self._database.read(lambda session: session.exec(query).first())

    async def _matching_recovery_code(
        self, adviser: Adviser | None, typed: TypedCode
    ) -> str | None:
        query = select(RecoveryCode).where(
            col(RecoveryCode.adviser_id) == (adviser.id if adviser else ""),
            col(RecoveryCode.label) == typed.label,
            col(RecoveryCode.used_at).is_(None),
        )
        row = await self._database.read(lambda session: session.exec(query).first())
        matched = await self._passwords.match(row.code_hash if row else None, typed.secret)
        return row.id if row is not None and matched else None

    async def _enter(
        self,
        adviser: Adviser | None,
        right: bool,
        now: datetime,
        device: str,
        *,
        counter: int | None = None,
        recovery_id: str | None = None,
    ) -> str | None:
        """One transaction for success and failure alike; None for a failure."""

        def work(session: Session) -> str | None:
            if (
                adviser is None
                or not right
                or not _used_up(session, adviser.id, now, counter, recovery_id)
            ):
                audit(session, NOBODY, "login_refused", adviser.id if adviser else NOBODY, now)
                return None
            audit(session, adviser.id, "logged_in", adviser.id, now)
            return _new_login(session, adviser.id, device, now)

        return await self._database.write(work)

    async def _seen(self, login_id: str) -> None:
        now = self._clock()
        statement = (
            update(AdviserLogin)
            .where(col(AdviserLogin.id) == login_id, col(AdviserLogin.ended_at).is_(None))
            .values(seen_at=now)
        )

        def work(session: Session) -> None:
            session.execute(statement)

        await self._database.write(work)

    async def _end(self, login_ids: list[str], by: str, action: str) -> None:
        now = self._clock()

        def work(session: Session) -> None:
            for login_id in login_ids:
                login = session.get(AdviserLogin, login_id)
                if login is None or login.ended_at is not None:
                    continue
                login.ended_at = now
                audit(session, by, action, login.id, now)
                announce(session, LoginEnded(login.adviser_id, login.id))

        await self._database.write(work)


def _new_login(session: Session, adviser_id: str, device: str, now: datetime) -> str:
    secret = new_login_secret()
    session.add(
        AdviserLogin(
            adviser_id=adviser_id,
            secret_hash=secret_hash(secret),
            device=device[:DEVICE_CHARACTERS],
            created_at=now,
            seen_at=now,
        )
    )
    return secret


def _used_up(
    session: Session,
    adviser_id: str,
    now: datetime,
    counter: int | None,
    recovery_id: str | None,
) -> bool:
    """Marks the code as used; False when somebody was faster."""
    if recovery_id is not None:
        code = session.get(RecoveryCode, recovery_id)
        if code is None or code.used_at is not None:
            return False
        code.used_at = now
        audit(session, adviser_id, "recovery_code_used", adviser_id, now)
        return True
    adviser = session.get(Adviser, adviser_id)
    if adviser is None or counter is None or counter <= adviser.totp_counter:
        return False
    adviser.totp_counter = counter
    return True
