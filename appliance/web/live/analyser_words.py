"""What an analyser says (docs/protocol.md section 2): ready, measured, said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from pydantic import TypeAdapter, ValidationError

from appliance.appointments.credentials import looks_like_link_secret
from appliance.device_check.records import AnalyserCamera, AnalyserMicrophone, AnalyserRecord
from appliance.relay.control import AnalyserSaid
from appliance.web.live.check_run import CheckRun
from appliance.web.live.owners import owner_of_room
from appliance.web.wire import CodeRead, Heard, Seen

if TYPE_CHECKING:
    from appliance.web.live import Live

log = structlog.get_logger()

_records: TypeAdapter[AnalyserRecord] = TypeAdapter(AnalyserRecord)


class AnalyserWords:
    """An analyser decodes what strangers send, so its words are checked like a stranger's."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def said(self, event: AnalyserSaid) -> None:
        """One message; unknown and broken ones are dropped."""
        room = self._live.rooms.known(event.room_id)
        if room is None or room.analyser != event.peer_id:
            return
        word = event.message.get("type")
        if word == "ready":
            room.analyser_ready = True
            self._show(event.room_id)
            return
        run = self._live.runs.known(event.room_id)
        if run is None:
            return
        if word == "measured":
            if event.message.get("round") == room.round:  # else it was said before "try again"
                self._measured(event.room_id, run, event.message.get("record"))
        elif word == "code" and run.reads_code:
            self._code(event.room_id, str(event.message.get("text", "")))
        elif word == "said" and run.said(str(event.message.get("digits", ""))):
            self._show(event.room_id)

    def _code(self, room_id: str, text: str) -> None:
        """Only a link of ours goes on to the page, and only its secret."""
        page = self._live.pages.active(owner_of_room(room_id))
        base = self._live.parts.settings.web.base_url.rstrip("/")
        address, _, secret = text.partition("#")
        ours = address == f"{base}/v" and looks_like_link_secret(secret)
        if page is not None:
            page.push(CodeRead(secret=secret if ours else ""))

    def _measured(self, room_id: str, run: CheckRun, content: Any) -> None:
        try:
            record = _records.validate_python(content)
        except ValidationError:
            log.warning("analyser_word_wrong", room_id=room_id)
            return
        if isinstance(record, AnalyserMicrophone):
            self._meter(room_id, run, record)
        changed = run.arrived(record)
        if isinstance(record, AnalyserCamera):
            self._advise(room_id, run)
        if changed:
            self._show(room_id)

    def _meter(self, room_id: str, run: CheckRun, record: AnalyserMicrophone) -> None:
        page = self._live.pages.active(owner_of_room(room_id))
        if page is not None:
            voice = record.voice_s > run.voice_s
            page.push(Heard(level_dbfs=record.level_dbfs, voice=voice))
        run.voice_s = record.voice_s

    def _advise(self, room_id: str, run: CheckRun) -> None:
        page = self._live.pages.active(owner_of_room(room_id))
        if page is not None:
            page.push(Seen(advice=run.camera.advice))

    def _show(self, room_id: str) -> None:
        self._live.touch_room(room_id)
        self._live.touch_desks()
