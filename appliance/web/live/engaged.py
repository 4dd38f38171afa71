"""Whether an adviser is in a conversation already: nobody is in two at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.web.live.problems import Refused

if TYPE_CHECKING:
    from appliance.web.live import Live


class Engaged:
    """Asked, with ``capacity.one_at_a_time`` held, before an adviser comes into any conversation.

    That lock is what keeps a visit and a conference, which no transaction sees together, apart.
    """

    def __init__(self, live: Live) -> None:
        self._live = live

    async def word(self, adviser_id: str, here: str = "") -> str | None:
        """The code of what is in the way; ``here``: the conference that does not count.

        In a session with a client, inside a conference, or announced to somebody's client.
        """
        if await self._live.desk_commands.session_of(adviser_id) is not None:
            return "session_running"
        if await self._live.parts.conferences.elsewhere(adviser_id, here):
            return "conference_running"
        return None

    async def needs_free(self, adviser_id: str, here: str = "") -> None:
        """Raises ``Refused`` with that code."""
        code = await self.word(adviser_id, here)
        if code is not None:
            raise Refused(code)
