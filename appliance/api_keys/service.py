"""Making, revoking and recognising keys; remembering what was booked with them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from appliance.api_keys.errors import IdempotencyReused, KeyNameEmpty
from appliance.api_keys.models import ApiBooking, ApiKey, Scope
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

PREFIX = "vorzimmer_"  # so that scanners of code find one that was committed
SECRET_BYTES = 32
NAME_CHARACTERS = 80
USED_EVERY = timedelta(minutes=1)  # a row is not written for each request


class ApiKeys:
    """The only writer of its tables."""

    def __init__(self, database: Database, clock: Clock = utcnow) -> None:
        self._database = database
        self._clock = clock

    async def make(
        self, name: str, scope: Scope, by: str, team_id: str | None = None
    ) -> tuple[ApiKey, str]:
        """A new key and its secret, which is shown only now. Raises ``KeyNameEmpty``."""
        tidied, now = " ".join(name.split())[:NAME_CHARACTERS], self._clock()
        if not tidied:
            raise KeyNameEmpty
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        key = ApiKey(
            name=tidied,
            key_hash=_hash(secret),
            scope=scope,
            team_id=team_id,
            created_by=by,
            created_at=now,
        )

        def work(session: Session) -> ApiKey:
            session.add(key)
            audit(session, by, "api_key_made", key.id, now)
            return key

        return await self._database.write(work), secret

    async def all_keys(self) -> list[ApiKey]:
        """Newest first, the revoked ones too."""
        query = select(ApiKey).order_by(col(ApiKey.created_at).desc())
        return await self._database.read(lambda session: list(session.exec(query)))

    async def revoke(self, key_id: str, by: str) -> None:
        """It opens nothing from now on; an unknown one never did."""
        now = self._clock()

        def work(session: Session) -> None:
            key = session.get(ApiKey, key_id)
            if key is not None and key.revoked_at is None:
                key.revoked_at = now
                audit(session, by, "api_key_revoked", key_id, now)

        await self._database.write(work)

    async def by_secret(self, secret: str) -> ApiKey | None:
        """The key while it is in force; notes that it is in use."""
        query = select(ApiKey).where(
            col(ApiKey.key_hash) == _hash(secret), col(ApiKey.revoked_at).is_(None)
        )
        key = await self._database.read(lambda session: session.exec(query).first())
        now = self._clock()
        if key is not None and (not key.last_used_at or now >= key.last_used_at + USED_EVERY):
            statement = update(ApiKey).where(col(ApiKey.id) == key.id).values(last_used_at=now)
            await self._database.write(lambda session: session.execute(statement) and None)
        return key

    async def settle(self, key_id: str, idempotency_key: str, request: str) -> tuple[str, bool]:
        """The appointment's id for this request, and whether it was asked for before.

        Raises ``IdempotencyReused`` when it was another request.
        """
        wanted, asked, now = _hash(idempotency_key), _hash(request), self._clock()
        query = select(ApiBooking).where(
            col(ApiBooking.key_id) == key_id, col(ApiBooking.idempotency_hash) == wanted
        )

        def work(session: Session) -> tuple[str, bool]:
            found = session.exec(query).first()
            if found is not None:
                if found.request_hash != asked:
                    raise IdempotencyReused
                return found.appointment_id, True
            row = ApiBooking(
                key_id=key_id, idempotency_hash=wanted, request_hash=asked, created_at=now
            )
            session.add(row)
            return row.appointment_id, False

        return await self._database.write(work)

    async def listed(self, key_id: str) -> None:
        """Notes that clients' data was read."""
        now = self._clock()
        await self._database.write(
            lambda session: audit(session, key_id, "appointments_listed", key_id, now)
        )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
