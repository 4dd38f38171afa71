"""Commands about a running device check, alike for a visit, an adviser and the test page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.device_check.records import CheckKind
from appliance.i18n import main_language
from appliance.relay import control
from appliance.relay.client import RelayError
from appliance.web.commands import (
    ChooseBackground,
    Echo,
    FillLine,
    Measured,
    RunStep,
    SayNumber,
)
from appliance.web.live.check_run import CheckRefused, CheckRun
from appliance.web.live.owners import owner_of_room
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.seats import Room, Side
from appliance.web.wire import LineFilled

if TYPE_CHECKING:
    from appliance.web.live import Live


class CheckCommands:
    """The caller has made sure that a check may run in this room now."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def run_step(self, room: Room, run: CheckRun, command: RunStep) -> None:
        """The analyser measures anew, also when it is the same step again."""
        run.note_try(command.kind, self._live.parts.clock())
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
        message = {
            "type": "say_number",
            "digits": digits,
            "language": main_language(page.language),
        }
        await self._live.rooms.tell_analyser(room, message)

    async def fill_line(self, page: Page, room: Room, command: FillLine) -> None:
        """One phase of the line test; the page is told at once when it cannot be."""
        peer_id = room.seats[Side.CLIENT].active
        if peer_id is None:
            page.push(LineFilled(refused="later"))
            return
        try:
            await self._live.rooms.fill_line(peer_id, command.down_kbps, command.for_ms)
        except RelayError as error:
            page.push(LineFilled(refused="busy" if error.code == "busy" else "later"))

    def line_filled(self, event: control.LineFilled) -> None:
        """Hands the relay's counts to the page whose line it was."""
        room = self._live.rooms.known(event.room_id)
        page = self._live.pages.active(owner_of_room(event.room_id))
        if room is not None and page is not None and room.side_of(event.peer_id) == Side.CLIENT:
            page.push(
                LineFilled(
                    took_ms=event.took_ms,
                    sent_packets=event.sent_packets,
                    received_octets=event.received_octets,
                    expected_packets=event.expected_packets,
                    lost_packets=event.lost_packets,
                    jitter_ms=event.jitter_ms,
                    round_trips_ms=event.round_trips_ms,
                    estimate_kbps=event.estimate_kbps,
                )
            )

    def echo(self, run: CheckRun, command: Echo) -> None:
        """Hear oneself, in the microphone's step only."""
        run.echo = command.on and run.step is CheckKind.MICROPHONE

    def choose_background(self, run: CheckRun, command: ChooseBackground) -> None:
        """In the preview now, in the session later; judged anew."""
        changed = (command.mode, command.look) != (run.background, run.look)
        if changed and run.step is CheckKind.BACKGROUND:
            run.begin(CheckKind.BACKGROUND)
        run.background, run.look = command.mode, command.look
