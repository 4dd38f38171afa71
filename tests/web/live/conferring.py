"""A conference on the stage: who leads it, and windows of everybody in and before it."""

from __future__ import annotations

from pydantic import TypeAdapter

from appliance.conferences.states import ConferenceMode
from appliance.web import commands as c
from appliance.web.conference_messages import ConferenceSnapshot
from appliance.web.live.owners import conference_owner, conference_room
from appliance.web.sockets import Talk
from tests.web.live.stage import Stage, Window, _always


class Conference:
    """A room that the first adviser leads, with windows of its members."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.id = ""
        self.advisers = []

    async def start(self, *colleagues: str, mode=ConferenceMode.VIDEO) -> Window:
        self.advisers = [await self.stage.add_adviser()]
        self.advisers += [await self.stage.add_adviser(name, name.title()) for name in colleagues]
        called = [one.id for one in self.advisers[1:]]
        service = self.stage.parts.conferences
        self.id = (await service.start("Runde", mode, self.advisers[0].id, called)).id
        return await self.staff(0)

    async def window(self, member_id: str) -> Window:
        take = self.stage.live.conference_commands.take
        talk = Talk(TypeAdapter(c.ConferenceCommand), take, _always)
        return await self.stage._window(conference_owner(self.id, member_id), "de", talk)

    async def staff(self, number: int) -> Window:
        view = await self.stage.parts.conferences.get(self.id)
        window = await self.window(view.of_adviser(self.advisers[number].id).id)
        await window.say("enter_conference")
        return window

    async def knock(self, name: str = "Kim Gast") -> tuple[Window, str]:
        service = self.stage.parts.conferences
        link = await service.link(self.id, self.advisers[0].id)
        room, secret = link.rsplit("/", 1)[1].split("#")
        member, _ = await service.knock(room, secret, name, without_microphone=False)
        return await self.window(member.id), member.id

    async def guest(self, host: Window, name: str = "Kim Gast") -> Window:
        window, member_id = await self.knock(name)
        await host.say("let_in", member_id=member_id)
        return window

    def routes(self) -> set[str]:
        """Such as ``<member>><member> camera``."""
        room = self.stage.relay.routes.get(conference_room(self.id), [])
        return {f"{one.source[2:18]}>{one.target[2:18]} {one.kind}" for one in room}


def shown(window: Window) -> ConferenceSnapshot:
    return window.newest(ConferenceSnapshot)
