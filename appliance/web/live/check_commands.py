"""Commands about a running device check, alike for a visit, an adviser and the test page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.device_check.records import CheckKind
from appliance.i18n import base_language
from appliance.web.commands import ChooseBackground, Echo, Measured, RunStep, SayNumber
from appliance.web.live.check_run import CheckRefused, CheckRun
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.seats import Room

if TYPE_CHECKING:
    from appliance.web.live import Live


class CheckCommands:
    """The caller has made sure that a check may run in this room now."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def run_step(self, room: Room, run: CheckRun, command: RunStep) -> None:
        """The analyser measures anew, also when it is the same step again."""
        run.begin(command.kind)
        room.round += 1

    def measured(self, run: CheckRun, command: Measured) -> bool:
        """Gives back whether anything that is shown has changed."""
        return run.take(command.record)

    async def say_number(self, page: Page, room: Room, run: CheckRun, command: SayNumber) -> None:
        """Raises ``Refused`` while there is no analyser to speak."""
        if run.step is not CheckKind.SPEAKER:
            raise CheckRefused("not_this_step")
        if room.analyser is None or not room.analyser_ready:
            raise Refused("analyser_waiting")
        digits = run.number_to_say(again=command.again)
        message = {"type": "say_number", "digits": digits, "language": base_language(page.language)}
        await self._live.rooms.tell_analyser(room, message)

    def echo(self, run: CheckRun, command: Echo) -> None:
        """Hear oneself, in the microphone's step only."""
        run.echo = command.on and run.step is CheckKind.MICROPHONE

    def choose_background(self, run: CheckRun, command: ChooseBackground) -> None:
        """In the preview now, in the session later; judged anew."""
        if command.mode != run.background and run.step is CheckKind.BACKGROUND:
            run.begin(CheckKind.BACKGROUND)
        run.background = command.mode
