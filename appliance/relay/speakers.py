"""Who of several people is speaking, from the level that browsers state in each packet (RFC 6464).

Nothing is decoded. A room of two needs none of this; from three browsers on, an ear is attached to
every microphone like any other sink. What counts is how far somebody's level rises above their own
noise: a fan, or a hissing microphone, is no speaker however loud. Changes wait until somebody has
been ahead for a moment, so that a cough or a word of assent switches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from appliance.relay.control import TrackKind
from appliance.relay.streams import Incoming, Source

SILENCE: Final = 127  # the softest level; levels are -dBov
FLOOR_RISES_DB_PER_S: Final = 2.0  # what a noise that has become louder is forgiven
FLOOR_AT_LEAST_DB: Final = 57.0  # above silence, -70 dBov
FIRST_FLOOR_DB: Final = 77.0  # before a room is known, its noise is taken for loud
SWITCHED_OFF_DB: Final = 20.0  # softer is no room: the microphone is switched off
ABOVE_NOISE_DB: Final = 8.0
FOLLOWS_S: Final = 0.25
SPEAKS_DB: Final = 3.0
AHEAD: Final = 1.5  # times the score of who speaks now
AHEAD_FOR_S: Final = 0.35
SILENT_FOR_S: Final = 3.0  # then nobody speaks; a thought may take two seconds
BETWEEN_CHANGES_S: Final = 0.5


class Ear:
    """Listens to one microphone: adds levels up, and nothing else per packet."""

    kind = TrackKind.MICROPHONE

    def __init__(self) -> None:
        self.source: Source | None = None
        self.score = 0.0  # dB above their own noise, smoothed
        self._sum = self._count = 0
        self._floor_db = FIRST_FLOOR_DB

    def attach(self, source: Source | None) -> None:
        """Listens to a microphone, or to none."""
        if self.source is not None:
            self.source.sinks.remove(self)
        self.source = source
        if source is not None:
            source.sinks.append(self)

    def attach_again(self) -> None:
        """Levels know no numbers."""

    def forward(self, packet: Incoming) -> None:
        """Reads the level, if the browser states one."""
        at = packet.layout.audio_level_at
        if at:
            self._sum += SILENCE - (packet.buffer.view[at] & SILENCE)
            self._count += 1

    def sender_report(self, ntp: int, timestamp: int) -> None:
        """Levels need no clock."""

    @property
    def is_heard(self) -> bool:
        """Whether the sound goes to anybody: who is muted for all does not speak."""
        return self.source is not None and len(self.source.sinks) > 1

    def step(self, passed_s: float) -> None:
        """``passed_s`` after the last one."""
        above_db = 0.0
        if self._count:
            level_db = self._sum / self._count
            if level_db > SWITCHED_OFF_DB:
                risen_db = self._floor_db + FLOOR_RISES_DB_PER_S * passed_s
                self._floor_db = max(min(level_db, risen_db), FLOOR_AT_LEAST_DB)
            above_db = max(level_db - self._floor_db - ABOVE_NOISE_DB, 0.0)
        self._sum = self._count = 0
        if not self.is_heard:
            above_db = 0.0
        self.score += (above_db - self.score) * min(passed_s / FOLLOWS_S, 1.0)


class Speakers:
    """The microphones of one room, and which of them speaks."""

    def __init__(self) -> None:
        self.speaker: str | None = None
        self._ears: dict[str, Ear] = {}
        self._stepped_at_s = -1.0
        self._changed_at_s = -1e9
        self._spoke_at_s = -1e9
        self._ahead: str | None = None
        self._ahead_since_s = 0.0

    def listen_to(self, microphones: Iterable[tuple[str, Source]]) -> None:
        """These members, by peer id, and no others."""
        wanted = dict(microphones)
        for peer_id in self._ears.keys() - wanted.keys():
            self._ears.pop(peer_id).attach(None)
        for peer_id, source in wanted.items():
            if peer_id not in self._ears:
                ear = self._ears[peer_id] = Ear()
                ear.attach(source)

    def step(self, now_s: float) -> bool:
        """A look, some ten times a second; whether another one speaks now, or nobody."""
        passed_s = now_s - self._stepped_at_s if self._stepped_at_s >= 0 else 0.0
        self._stepped_at_s = now_s
        for ear in self._ears.values():
            ear.step(passed_s)
        chosen = self._chosen(now_s)
        if chosen == self.speaker or now_s - self._changed_at_s < BETWEEN_CHANGES_S:
            return False
        self.speaker, self._changed_at_s, self._spoke_at_s = chosen, now_s, now_s
        return True

    def _chosen(self, now_s: float) -> str | None:
        current = self._ears.get(self.speaker or "")
        if current is not None and current.score >= SPEAKS_DB:
            self._spoke_at_s = now_s
        first = max(self._ears, key=lambda peer_id: self._ears[peer_id].score, default=None)
        needed = max(SPEAKS_DB, AHEAD * current.score if current is not None else 0.0)
        if first is None or first == self.speaker or self._ears[first].score < needed:
            self._ahead = None
        elif first != self._ahead:
            self._ahead, self._ahead_since_s = first, now_s
        elif now_s - self._ahead_since_s >= AHEAD_FOR_S:
            return first
        silent = now_s - self._spoke_at_s >= SILENT_FOR_S
        return None if current is None or silent else self.speaker
