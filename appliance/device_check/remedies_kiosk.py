"""What is said at a kiosk: the device is the agency's, and whoever sits there mends nothing on it.

What a person can do by sitting, speaking or choosing otherwise is still said; everything else is
for the desk at the entrance, and for IT, who read the exact cause.
"""

from __future__ import annotations

from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedies_levels import FURTHER, NEARER, TEXT_IS_FINE
from appliance.device_check.remedy import Cause, FoundBy, Steps
from appliance.i18n import N_

_ASK = N_("Bitte sagen Sie am Empfang Bescheid, oder rufen Sie uns an.")
ASK_AT_THE_KIOSK: Steps = (
    N_("Dieses Gerät gehört dem Amt. Sie müssen nichts daran ändern."),
    _ASK,
)
_NOTHING_TO_DO: Steps = (N_("Für das Gespräch müssen Sie nichts tun."),)
_NOT_HEARD: Steps = (*ASK_AT_THE_KIOSK, TEXT_IS_FINE)
_STEP_BACK = N_("Gehen Sie etwas weiter von der Kamera weg.")

# By the cause's code: what remains to be done by the person, or by nobody.
_BY_THE_PERSON: dict[str, Steps] = {
    "microphone_engine_asleep": (
        N_("Klicken Sie auf „Jetzt zuhören“."),
        N_("Sagen Sie dann einen ganzen Satz."),
    ),
    "microphone_no_speech": (
        N_("Sprechen Sie einen ganzen Satz, zum Beispiel: „Guten Tag, hören Sie mich?“"),
        _ASK,
    ),
    "microphone_too_quiet": (NEARER, _ASK),
    "microphone_quiet": (NEARER,),
    "microphone_clipping": (FURTHER,),
    "microphone_noisy": (NEARER,),
    "microphone_not_arriving": (_ASK,),
    "microphone_packets_missing": (_ASK,),
    "microphone_some_packets_missing": _NOTHING_TO_DO,
    "camera_covered": (
        N_("Schieben Sie die Abdeckung auf, oder nehmen Sie den Aufkleber ab."),
        _ASK,
    ),
    "camera_not_arriving": (N_("Das Gespräch geht auch nur mit Ton."), _ASK),
    "camera_blurred": (_STEP_BACK, _ASK),
    "camera_no_face": (
        N_("Setzen Sie sich so, dass Ihr Gesicht in der Mitte des Bildes ist."),
        N_("Stimmt das Bild für Sie? Dann gehen Sie einfach weiter."),
    ),
    "camera_face_cut_off": (N_("Rücken Sie in die Mitte des Bildes."), _STEP_BACK),
    "camera_face_too_near": (N_("Gehen Sie etwas zurück, bis man auch Ihre Schultern sieht."),),
    "camera_face_too_far": (N_("Kommen Sie näher, bis Ihr Gesicht gut zu erkennen ist."),),
    "camera_several_faces": (N_("Das ist in Ordnung. Sagen Sie uns im Gespräch, wer dabei ist."),),
    "speaker_not_heard": _NOT_HEARD,
    "speaker_wrong_number": _NOT_HEARD,
    "speaker_no_output": _NOT_HEARD,
    "speaker_not_playing": (
        N_("Klicken Sie auf „Zahl anhören“. Danach darf der Browser Ton abspielen."),
        *_NOT_HEARD,
    ),
    "speaker_echo": _NOTHING_TO_DO,
    "speaker_text_wanted": (N_("Sie lesen und schreiben neben dem Bild."),),
    "background_too_slow": (
        N_("Oder schalten Sie die Unschärfe aus. Wir zeigen Ihren Raum nie ungefragt."),
    ),
    "background_unable": (N_("Oder sprechen Sie mit uns ohne Kamera."), _ASK),
    "background_lost": (N_("Oder sprechen Sie mit uns ohne Kamera."), _ASK),
    "background_not_available": (N_("Oder sprechen Sie mit uns ohne Kamera."), _ASK),
    "network_upload_weak": (
        N_("Beginnen Sie nur mit Ton. Die Kamera können Sie später dazuschalten."),
    ),
    "network_download_weak": (
        N_("Beginnen Sie nur mit Ton. Die Kamera können Sie später dazuschalten."),
    ),
    "system_no_blur": _NOTHING_TO_DO,
}

# Where nothing is left for the person, it is not "your" device that is named.
_SOMETHING_IS_WRONG: dict[CheckKind, str] = {
    CheckKind.SYSTEM: N_("Mit diesem Gerät stimmt etwas nicht."),
    CheckKind.MICROPHONE: N_("Mit dem Mikrofon an diesem Gerät stimmt etwas nicht."),
    CheckKind.CAMERA: N_("Mit der Kamera an diesem Gerät stimmt etwas nicht."),
    CheckKind.SPEAKER: N_("Mit dem Lautsprecher an diesem Gerät stimmt etwas nicht."),
}


KIOSK = (
    Cause(
        code="kiosk_microphone_missing",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="kiosk_hardware_missing",
        found_by=FoundBy.BROWSER,
        headline=N_("An diesem Gerät fehlt das Mikrofon."),
        remedy=ASK_AT_THE_KIOSK,
        staff=N_("Am Kiosk fehlt das Mikrofon aus der Einrichtung. IT: Kabel und Gerät prüfen."),
    ),
    Cause(
        code="kiosk_speaker_missing",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="kiosk_hardware_missing",
        found_by=FoundBy.BROWSER,
        headline=N_("An diesem Gerät fehlt der Lautsprecher."),
        remedy=ASK_AT_THE_KIOSK,
        staff=N_(
            "Am Kiosk fehlt der Lautsprecher aus der Einrichtung. IT: Kabel und Gerät prüfen."
        ),
    ),
    Cause(
        code="kiosk_camera_missing",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="kiosk_hardware_missing",
        found_by=FoundBy.BROWSER,
        headline=N_("An diesem Gerät fehlt die Kamera."),
        remedy=ASK_AT_THE_KIOSK,
        staff=N_("Am Kiosk fehlt die Kamera aus der Einrichtung. IT: Kabel und Gerät prüfen."),
    ),
    Cause(
        code="kiosk_traces",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="kiosk_traces",
        found_by=FoundBy.BROWSER,
        headline=N_("Hier lag noch etwas vom Besuch davor. Es ist gelöscht."),
        remedy=_NOTHING_TO_DO,
        staff=N_(
            "Am Kiosk lagen noch Daten vom Besuch davor. Sie sind gelöscht. IT: Profil prüfen."
        ),
    ),
    Cause(
        code="kiosk_left_muted",
        kind=CheckKind.SPEAKER,
        severity=Verdict.FAILED,
        fault="kiosk_left_muted",
        found_by=FoundBy.BROWSER,
        rests_on=("chirp_over_median", "kiosk_loop_tries"),
        headline=N_("Der Lautsprecher an diesem Gerät ist nicht zu hören."),
        remedy=_NOT_HEARD,
        staff=N_("Der Kiosk hört seinen Prüfton nicht. IT: Lautstärke, Stumm-Taste, Kabel prüfen."),
    ),
    Cause(
        code="kiosk_turned_down",
        kind=CheckKind.SPEAKER,
        severity=Verdict.FAILED,
        fault="kiosk_left_muted",
        found_by=FoundBy.BROWSER,
        rests_on=("kiosk_weaker",),
        headline=N_("Der Lautsprecher an diesem Gerät ist sehr leise."),
        remedy=_NOT_HEARD,
        staff=N_("Der Kiosk ist viel leiser als bei der Einrichtung. IT: lauter stellen."),
    ),
)


def steps_at_a_kiosk(cause: Cause) -> Steps:
    """Never another device, a cable, a setting or a phone."""
    if cause.kind is CheckKind.NETWORK and cause.severity is not Verdict.FAILED:
        return _NOTHING_TO_DO
    if cause in KIOSK:
        return cause.remedy
    return _BY_THE_PERSON.get(cause.code, ASK_AT_THE_KIOSK)


def headline_at_a_kiosk(cause: Cause) -> str:
    """Its own words where they are about the person, else which part of the kiosk is at fault."""
    if cause not in KIOSK and steps_at_a_kiosk(cause)[:2] == ASK_AT_THE_KIOSK:
        return _SOMETHING_IS_WRONG.get(cause.kind, cause.headline)
    return cause.headline
