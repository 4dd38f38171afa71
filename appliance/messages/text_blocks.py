"""Lines for the chat that staff have written beforehand: one's own, and those for everybody."""

from __future__ import annotations

from sqlmodel import Session, col, func, or_, select

from appliance.messages.errors import TextBlockInvalid, TextBlocksFull, TextBlockUnknown
from appliance.messages.models import TextBlock
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

CHARACTERS = 500
MOST = 50  # of one's own, and as many for everybody: more cannot be found in a conversation


class TextBlocks:
    """Raises ``MessageError`` and ``DatabaseError``."""

    def __init__(self, database: Database, clock: Clock = utcnow) -> None:
        self._database = database
        self._clock = clock

    async def of(self, adviser_id: str) -> list[TextBlock]:
        """Those for everybody first, then one's own; each as they were written."""
        query = (
            select(TextBlock)
            .where(or_(col(TextBlock.adviser_id).is_(None), TextBlock.adviser_id == adviser_id))
            .order_by(
                col(TextBlock.adviser_id).is_not(None), col(TextBlock.created_at), TextBlock.id
            )
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def add(self, text: str, by: str, *, for_all: bool = False) -> None:
        """A further one. Raises ``TextBlockInvalid`` or ``TextBlocksFull``."""
        text = "\n".join(line.strip() for line in text.strip().splitlines())
        if not 0 < len(text) <= CHARACTERS or not text.replace("\n", "").isprintable():
            raise TextBlockInvalid
        owner, now = None if for_all else by, self._clock()

        def work(session: Session) -> None:
            theirs = col(TextBlock.adviser_id).is_not_distinct_from(owner)
            if session.exec(select(func.count()).where(theirs)).one() >= MOST:
                raise TextBlocksFull
            row = TextBlock(adviser_id=owner, text=text, created_at=now)
            session.add(row)
            audit(session, by, "text_block_added", row.id, now)

        await self._database.write(work)

    async def remove(self, block_id: str, by: str, *, may_for_all: bool = False) -> None:
        """Raises ``TextBlockUnknown``, for a colleague's too."""
        now = self._clock()

        def work(session: Session) -> None:
            row = session.get(TextBlock, block_id)
            owners = (by, None) if may_for_all else (by,)
            if row is None or row.adviser_id not in owners:
                raise TextBlockUnknown
            session.delete(row)
            audit(session, by, "text_block_removed", block_id, now)

        await self._database.write(work)
