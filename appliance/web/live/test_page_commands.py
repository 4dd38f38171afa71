"""What the test page may ask for: a device check without a visit, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.web import commands as c
from appliance.web.live.check_run import CheckRun
from appliance.web.live.media_commands import Place
from appliance.web.live.owners import check_room_of
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.seats import Side

if TYPE_CHECKING:
    from appliance.web.live import Live


class TestPageCommands:
    """The same commands as a client's, as far as they concern the check."""

    __test__ = False  # pytest: not a test

    def __init__(self, live: Live) -> None:
        self._live = live

    async def take(self, page: Page, command: c.Wire) -> None:
        """Follows the command, or raises what is in its way."""
        room_id = check_room_of(page.owner)
        if isinstance(command, c.StartCheck):
            self._live.runs.of(room_id)
            self._live.rooms.of(room_id)  # with its room the run is forgotten, once nobody is there
        elif (run := self._live.runs.known(room_id)) is None:
            raise Refused("not_allowed_now")
        elif isinstance(command, c.JoinMedia | c.Answer | c.RestartMedia | c.Sending):
            await self._media(page, room_id, command)
        elif isinstance(command, c.Leave | c.FinishCheck):
            await self._live.own_checks.end(room_id)
        else:
            await self._check(page, room_id, run, command)
        self._live.touch_test(page.owner)

    async def _media(self, page: Page, room_id: str, command: c.Wire) -> None:
        place = Place(self._live.rooms.of(room_id), Side.CLIENT)
        if isinstance(command, c.JoinMedia):
            await self._live.media.join(page, place, command)
        elif isinstance(command, c.Answer):
            await self._live.media.answer(place, command)
        elif isinstance(command, c.RestartMedia):
            await self._live.media.restart(page, place)
        elif isinstance(command, c.Sending):
            self._live.media.sending(place, command)

    async def _check(self, page: Page, room_id: str, run: CheckRun, command: c.Wire) -> None:
        check, room = self._live.check, self._live.rooms.of(room_id)
        if isinstance(command, c.RunStep):
            check.run_step(room, run, command)
        elif isinstance(command, c.ReadCode):
            run.reads_code = True  # until the room is left
        elif isinstance(command, c.Measured):
            check.measured(run, command)
        elif isinstance(command, c.SayNumber):
            await check.say_number(page, room, run, command)
        elif isinstance(command, c.FillLine):
            await check.fill_line(page, room, command)
        elif isinstance(command, c.Echo):
            check.echo(run, command)
        elif isinstance(command, c.ChooseBackground):
            check.choose_background(run, command)
        elif isinstance(command, c.Waive):
            run.waive(command.kind, text=command.text)
        else:
            raise Refused("not_allowed_now")
