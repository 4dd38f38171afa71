"""Causes of the speaker test and of the blurred background."""

from __future__ import annotations

from appliance.device_check import remedies_levels as levels
from appliance.device_check import remedies_touch as touch
from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedy import Cause, FoundBy
from appliance.i18n import N_

_LOUDER = N_("Stellen Sie die Lautstärke an Ihrem Gerät höher.")
_OTHER_OUTPUT = N_("Wählen Sie einen anderen Lautsprecher aus der Liste.")
_TEXT_IS_FINE = N_("Sie können auch ohne Ton teilnehmen und schreiben.")

SPEAKER = (
    Cause(
        code="speaker_not_heard",
        kind=CheckKind.SPEAKER,
        severity=Verdict.FAILED,
        fault="sound_not_heard",
        found_by=FoundBy.SERVER,
        headline=N_("Sie hören uns noch nicht."),
        remedy=levels.LOUDER,
        variants=levels.LOUDER_VARIANTS,
        drawings=levels.LOUDER_DRAWINGS,
        staff=N_("Der Ton ist dort nicht zu hören. Lautstärke und Ausgang prüfen lassen."),
    ),
    Cause(
        code="speaker_no_output",
        kind=CheckKind.SPEAKER,
        severity=Verdict.FAILED,
        fault="no_output_listed",
        found_by=FoundBy.BROWSER,
        headline=N_("Ihr Gerät hat keinen Lautsprecher und keinen Kopfhörer."),
        remedy=(
            N_("Stecken Sie einen Kopfhörer oder Lautsprecher ein."),
            N_("Klicken Sie dann auf „Noch einmal versuchen“."),
            _TEXT_IS_FINE,
        ),
        variants=touch.on_touch(touch.LEAVE_HEADSET, touch.TAP_AGAIN, _TEXT_IS_FINE),
        staff=N_("Der Browser findet keinen Lautsprecher. Einen Kopfhörer einstecken lassen."),
    ),
    Cause(
        code="speaker_text_wanted",
        kind=CheckKind.SPEAKER,
        severity=Verdict.WARNING,
        fault="sound_not_heard",
        found_by=FoundBy.BROWSER,
        headline=N_("Wir schreiben mit Ihnen."),
        remedy=(N_("Sie lesen und schreiben neben dem Bild."),),
        staff=N_("Text: hört nicht oder schlecht. Bitte schreiben Sie im Chat."),
    ),
    Cause(
        code="speaker_wrong_number",
        kind=CheckKind.SPEAKER,
        severity=Verdict.FAILED,
        fault="sound_not_heard",
        found_by=FoundBy.SERVER,
        rests_on=("speaker_wrong_numbers",),
        headline=N_("Der Ton ist für Sie wohl schlecht zu verstehen."),
        remedy=(
            _LOUDER,
            N_("Probieren Sie einen Kopfhörer."),
            _OTHER_OUTPUT,
            _TEXT_IS_FINE,
        ),
        staff=N_("Zweimal wurde eine andere Zahl getippt. Langsam und deutlich sprechen."),
    ),
    Cause(
        code="speaker_echo",
        kind=CheckKind.SPEAKER,
        severity=Verdict.WARNING,
        fault="echo",
        found_by=FoundBy.BROWSER,
        rests_on=("echo_match", "echo_loss"),
        headline=N_("Ihr Mikrofon hört unsere Stimme mit. Bei uns gibt das ein Echo."),
        remedy=(
            N_("Am besten hilft ein Kopfhörer oder Headset."),
            N_("Oder stellen Sie den Lautsprecher leiser und weiter weg vom Mikrofon."),
            N_("Sie können auch so weitermachen."),
        ),
        staff=N_("Der Ton kommt dort ins Mikrofon zurück. Kopfhörer oder leiser stellen hilft."),
    ),
    Cause(
        code="speaker_not_playing",
        kind=CheckKind.SPEAKER,
        severity=Verdict.FAILED,
        fault="autoplay_blocked",
        found_by=FoundBy.BROWSER,
        headline=N_("Ihr Browser spielt noch keinen Ton ab."),
        remedy=(
            N_("Klicken Sie auf „Zahl anhören“. Danach darf der Browser Ton abspielen."),
            N_("Ist der Reiter des Browsers stumm? Schalten Sie den Ton dort ein."),
            _TEXT_IS_FINE,
        ),
        variants=touch.on_touch(
            N_("Tippen Sie auf „Zahl anhören“. Danach darf der Browser Ton abspielen."),
            _TEXT_IS_FINE,
        ),
        staff=N_("Der Browser spielt keinen Ton ab. Einmal auf die Seite klicken lassen."),
    ),
)

BACKGROUND = (
    Cause(
        code="background_too_slow",
        kind=CheckKind.BACKGROUND,
        severity=Verdict.WARNING,
        fault="blur_too_slow",
        found_by=FoundBy.ANALYSER,
        rests_on=("background_fps", "background_ratio", "camera_slow_after"),
        headline=N_("Mit unscharfem Hintergrund ruckelt Ihr Bild."),
        remedy=(
            N_("Schließen Sie Programme, die Sie gerade nicht brauchen."),
            N_("Oder schalten Sie die Unschärfe aus. Wir zeigen Ihren Raum nie ungefragt."),
        ),
        variants=touch.on_touch(
            touch.CLOSE_APPS,
            N_("Oder schalten Sie die Unschärfe aus. Wir zeigen Ihren Raum nie ungefragt."),
        ),
        staff=N_("Der unscharfe Hintergrund macht das Bild langsam."),
    ),
    Cause(
        code="background_unable",
        kind=CheckKind.BACKGROUND,
        severity=Verdict.WARNING,
        fault="no_wasm_or_webgl",
        found_by=FoundBy.BROWSER,
        headline=N_("Ihr Browser kann das Zimmer nicht selbst verbergen."),
        remedy=(
            N_("Tippen Sie auf „Noch einmal versuchen“. Auch unser Gerät kann es verbergen."),
            N_("Oder sprechen Sie mit uns ohne Kamera."),
        ),
        staff=N_("Der Browser kann den Hintergrund nicht verbergen. Es wird kein Bild gesendet."),
    ),
    Cause(
        code="background_lost",
        kind=CheckKind.BACKGROUND,
        severity=Verdict.WARNING,
        fault="blur_lost_gpu",
        found_by=FoundBy.BROWSER,
        headline=N_("Ihr Browser kann das Zimmer gerade nicht mehr verbergen."),
        remedy=(
            N_("Ihr Bild wird darum nicht gesendet. Tippen Sie auf „Noch einmal versuchen“."),
            N_("Oder sprechen Sie mit uns ohne Kamera."),
        ),
        staff=N_("Der Browser hat die Grafik verloren. Es wird kein Bild gesendet."),
    ),
    Cause(
        code="background_not_available",
        kind=CheckKind.BACKGROUND,
        severity=Verdict.WARNING,
        fault="blur_not_available",
        found_by=FoundBy.ANALYSER,
        rests_on=("background_wait",),
        headline=N_("Der Hintergrund lässt sich gerade nicht unscharf machen."),
        remedy=(
            N_("Setzen Sie sich vor eine Wand, wenn der Raum nicht zu sehen sein soll."),
            N_("Oder sprechen Sie mit uns ohne Kamera."),
        ),
        staff=N_("Der Hintergrund konnte nicht unscharf gemacht werden."),
    ),
)
