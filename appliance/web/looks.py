"""Every look of staff at a client's data leaves a line in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from appliance.storage.audit import audit
from appliance.storage.clock import Clock
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseError

log = structlog.get_logger()

SAME_LOOK = timedelta(hours=1)  # a desk whose line breaks now and then is one look


class Looks:
    """Writes the lines; those of desks once an hour."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._desks: dict[str, datetime] = {}

    async def note(self, by: str, action: str, subject: str) -> None:
        """Before it is shown: without the line, nothing is. Raises ``DatabaseError``."""
        now = self._clock()
        await self._database.write(lambda session: audit(session, by, action, subject, now))

    async def note_desk(self, adviser_id: str) -> None:
        """An open desk. It opens on a full disk, too: its conversation goes on."""
        now, last = self._clock(), self._desks.get(adviser_id)
        if last is not None and timedelta(0) <= now - last < SAME_LOOK:
            return
        try:
            await self.note(adviser_id, "desk_opened", "desk")
        except DatabaseError as error:
            log.error("database_failed", code=error.code)  # noqa: TRY400 - said by its code
            return
        self._desks[adviser_id] = now
