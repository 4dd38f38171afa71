"""Judges a kiosk's test of its own hardware, with nobody in front of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from appliance.device_check.kiosk import judge_loop
from appliance.device_check.records import KioskDevice, LoopBack
from appliance.i18n import N_

Picture = Literal["good", "dark", "still", "none"]


class SelfTest(BaseModel):
    """What the kiosk's page has measured: kinds and figures, no name and no sample."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    missing: Annotated[list[KioskDevice], Field(max_length=3)] = []  # of those of the set-up
    picture: Picture = "none"
    loop: LoopBack
    path: bool = False  # sound and picture reach the relay
    touch_points: Annotated[int, Field(ge=0, le=256)] = 0
    touch_expected: bool = False  # there were some when it was set up


# For the desk and for IT, gravest first.
FAULT_WORDS: Mapping[str, str] = {
    "path": N_("Bild und Ton kommen nicht bis zum Relay: Netz und Firewall prüfen."),
    "microphone_missing": N_("Das Mikrofon fehlt oder ist ein anderes als bei der Einrichtung."),
    "speaker_missing": N_("Der Lautsprecher fehlt oder ist ein anderer als bei der Einrichtung."),
    "camera_missing": N_("Die Kamera fehlt oder ist eine andere als bei der Einrichtung."),
    "touch_missing": N_("Der Bildschirm nimmt keine Berührungen mehr an."),
    "not_listening": N_("Das Mikrofon lässt sich nicht öffnen."),
    "left_muted": N_("Der Kiosk hört seinen eigenen Ton nicht: Lautstärke und Kabel prüfen."),
    "turned_down": N_("Der Kiosk ist viel leiser als bei der Einrichtung."),
    "no_picture": N_("Die Kamera liefert kein Bild."),
    "picture_dark": N_("Das Kamerabild ist schwarz: Ist die Linse verdeckt?"),
    "picture_still": N_("Das Kamerabild steht."),
}
_PICTURES: Mapping[Picture, str] = {
    "dark": "picture_dark",
    "still": "picture_still",
    "none": "no_picture",
}
# Whoever comes can be helped all the same: said to IT, and the kiosk stays in use.
HARMLESS = frozenset({"turned_down"})


def faults_of(test: SelfTest) -> list[str]:
    """What is wrong, as keys of ``FAULT_WORDS`` in their order; empty when all is well."""
    found = {f"{kind}_missing" for kind in test.missing}
    if not test.path:
        found.add("path")
    if test.touch_expected and not test.touch_points:
        found.add("touch_missing")
    if "camera" not in test.missing and test.picture in _PICTURES:
        found.add(_PICTURES[test.picture])
    if not found & {"microphone_missing", "speaker_missing"}:
        found |= _of_loop(test.loop)
    return [fault for fault in FAULT_WORDS if fault in found]


def out_of_order(faults: list[str]) -> bool:
    """Whether nobody should begin a visit here."""
    return bool(set(faults) - HARMLESS)


def _of_loop(loop: LoopBack) -> set[str]:
    if loop.error is not None:
        return {"not_listening"}
    cause = judge_loop(loop).cause
    return {cause.removeprefix("kiosk_")} if cause else set()
