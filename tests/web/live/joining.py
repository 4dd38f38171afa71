"""A conversation with a client on the stage, and whoever is asked to it."""

from __future__ import annotations

from pydantic import TypeAdapter

from appliance.web import commands as c
from appliance.web.conference_messages import ConferenceSnapshot
from appliance.web.live.owners import conference_owner
from appliance.web.sockets import Talk
from tests.web.live.stage import Meeting, Stage, Window, _always


class Talking:
    """A conversation with a confirmed client, and whoever is asked to it."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.stage: Stage = meeting.stage

    async def begin(self) -> None:
        await self.meeting.begin()
        await self.stage.tick(seconds=2)
        await self.confirm()

    async def confirm(self) -> None:
        """From now on others may come; a colleague has a desk."""
        await self.meeting.desk.say("confirm_identity", how="document_seen")
        self.berger = await self.stage.add_adviser("berger", "Bernd Berger")
        self.desk = await self.stage.desk_window(self.berger)

    async def view(self):
        return await self.stage.parts.conferences.of_visit(self.meeting.visit.id)

    async def window(self, member_id: str) -> Window:
        view = await self.view()
        talk = Talk(
            TypeAdapter(c.ConferenceCommand), self.stage.live.conference_commands.take, _always
        )
        return await self.stage._window(conference_owner(view.conference.id, member_id), "de", talk)

    async def colleague(self, *, welcome: bool = True) -> Window:
        """Rung, answered, and the client's word."""
        window = await self.colleague_announced()
        await self.meeting.client.say(
            "answer_person", member_id=shown(window).member_id, welcome=welcome
        )
        return window

    async def colleague_announced(self) -> Window:
        """Rung and answered; the client has said nothing yet."""
        await self.meeting.desk.say("invite_colleague", adviser_id=self.berger.id)
        window = await self.window((await self.view()).of_adviser(self.berger.id).id)
        await window.say("enter_conference")
        return window

    async def guest(self, name: str = "Dana Dolmetsch") -> Window:
        """By the link, let in as an interpreter, and not welcomed yet."""
        conferences = self.stage.parts.conferences
        adviser_id = self.meeting.adviser.id
        conference_id = await self.stage.live.joined_commands.open(adviser_id)
        link = await conferences.link(conference_id, adviser_id)
        room, secret = link.rsplit("/", 1)[1].split("#")
        member, _ = await conferences.knock(room, secret, name, without_microphone=False)
        window = await self.window(member.id)
        await self.meeting.desk.say("let_in", member_id=member.id, interpreter=True)
        return window

    def words(self, **peers: str) -> set[str]:
        """Routes such as ``client>berger camera 1``."""
        names = {peer: name for name, peer in peers.items()}
        return {
            f"{names[one.source]}>{names[one.target]} {one.kind} {one.slot}"
            for one in self.stage.relay.routes[self.meeting.visit.id]
        }


def shown(window: Window) -> ConferenceSnapshot:
    return window.newest(ConferenceSnapshot)
