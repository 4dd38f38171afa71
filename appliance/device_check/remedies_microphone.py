"""Causes in what the microphone gives."""

from __future__ import annotations

from appliance.device_check import remedies_levels as levels
from appliance.device_check import remedies_touch as touch
from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedy import ANY, Cause, FoundBy
from appliance.i18n import N_

_OTHER_MICROPHONE = N_("Oder wählen Sie ein anderes Mikrofon aus der Liste.")
_KIND = CheckKind.MICROPHONE

MICROPHONE = (
    Cause(
        code="microphone_silent",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="digital_silence",
        found_by=FoundBy.BROWSER,
        rests_on=("microphone_silence",),
        headline=N_("Ihr Mikrofon ist da, gibt aber keinen Ton."),
        remedy=levels.UNMUTE,
        variants=levels.UNMUTE_VARIANTS,
        drawings=levels.UNMUTE_DRAWINGS,
        staff=N_("Das Mikrofon ist am Gerät stumm geschaltet. Stumm-Taste am Headset prüfen."),
    ),
    Cause(
        code="microphone_muted",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="taken_away",
        found_by=FoundBy.BROWSER,
        rests_on=("microphone_silence",),
        headline=N_("Ihr Gerät hat das Mikrofon gerade stumm geschaltet."),
        remedy=(
            N_("Läuft ein Anruf? Beenden Sie ihn und kommen Sie zu dieser Seite zurück."),
            N_("Drücken Sie die Stumm-Taste an Headset oder Tastatur."),
            _OTHER_MICROPHONE,
        ),
        variants=touch.on_touch(
            N_("Läuft ein Anruf? Beenden Sie ihn und kommen Sie zu dieser Seite zurück."),
            touch.HEADSET_MUTE,
            _OTHER_MICROPHONE,
        ),
        drawings={(ANY, ANY): "headset_mute"},
        staff=N_("Das Betriebssystem hat das Mikrofon stumm geschaltet, oft wegen eines Anrufs."),
    ),
    Cause(
        code="microphone_engine_asleep",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="audio_engine_asleep",
        found_by=FoundBy.BROWSER,
        headline=N_("Ihr Browser hört noch nicht zu."),
        remedy=(
            N_("Klicken Sie auf „Jetzt zuhören“."),
            N_("Sagen Sie dann einen ganzen Satz."),
        ),
        variants=touch.on_touch(
            N_("Tippen Sie auf „Jetzt zuhören“."), N_("Sagen Sie dann einen ganzen Satz.")
        ),
        staff=N_("Der Browser wartet auf einen Klick. Auf „Jetzt zuhören“ klicken lassen."),
    ),
    Cause(
        code="microphone_wrong_device",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="wrong_device",
        found_by=FoundBy.BROWSER,
        headline=N_("Wir hören Sie über ein anderes Mikrofon."),
        remedy=(
            N_("Klicken Sie auf „Dieses Mikrofon nehmen“."),
            _OTHER_MICROPHONE,
        ),
        variants=touch.on_touch(N_("Tippen Sie auf „Dieses Mikrofon nehmen“."), _OTHER_MICROPHONE),
        staff=N_("Es ist das falsche Mikrofon gewählt. „Dieses Mikrofon nehmen“ klicken lassen."),
    ),
    Cause(
        code="microphone_no_speech",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="no_voice",
        found_by=FoundBy.ANALYSER,
        rests_on=(
            "microphone_voice_needed",
            "microphone_voice_little",
            "microphone_voice_wait",
            "microphone_voice_begins",
            "microphone_something_said",
        ),
        headline=N_("Wir haben Ihre Stimme noch nicht gehört."),
        remedy=(
            N_("Sprechen Sie einen ganzen Satz, zum Beispiel: „Guten Tag, hören Sie mich?“"),
            N_("Bewegt sich die Anzeige nicht? Wählen Sie ein anderes Mikrofon."),
            N_("Drücken Sie die Stumm-Taste an Ihrem Headset, falls es eine hat."),
        ),
        staff=N_("Es war keine Stimme zu hören. Vielleicht ist ein anderes Mikrofon gewählt."),
    ),
    Cause(
        code="microphone_too_quiet",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="too_quiet",
        found_by=FoundBy.BROWSER,
        rests_on=("microphone_too_quiet",),
        headline=N_("Ihre Stimme kommt zu leise an."),
        remedy=levels.RAISE,
        variants=levels.RAISE_VARIANTS,
        staff=N_("Die Stimme ist kaum zu hören. Eingangs-Lautstärke erhöhen lassen."),
    ),
    Cause(
        code="microphone_quiet",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="too_quiet",
        found_by=FoundBy.BROWSER,
        rests_on=("microphone_quiet",),
        headline=N_("Ihre Stimme ist etwas leise."),
        remedy=levels.RAISE,
        variants=levels.RAISE_VARIANTS,
        staff=N_("Die Stimme ist etwas leise."),
    ),
    Cause(
        code="microphone_one_side",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="one_channel_dead",
        found_by=FoundBy.BROWSER,
        rests_on=("microphone_channel_gap", "microphone_quiet"),
        headline=N_("Eine Seite Ihres Mikrofons gibt keinen Ton. Sie klingen leise."),
        remedy=(
            N_("Stecken Sie den Stecker des Mikrofons ganz hinein."),
            N_("Stellen Sie die Eingangs-Lautstärke in Ihrem Gerät höher."),
            _OTHER_MICROPHONE,
        ),
        variants=touch.on_touch(levels.NEARER, touch.FINGERS_OFF, _OTHER_MICROPHONE),
        staff=N_("Das Mikrofon hat zwei Seiten, eine ist stumm. Stecker prüfen lassen."),
    ),
    Cause(
        code="microphone_call_profile",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="bluetooth_call_profile",
        found_by=FoundBy.ANALYSER,
        rests_on=("microphone_treble", "microphone_call_profile"),
        headline=N_("Ihre Stimme klingt dumpf, wie am Telefon."),
        remedy=(
            N_("Oft liegt das an einem Bluetooth-Headset."),
            N_("Wählen Sie das Mikrofon des Geräts aus der Liste."),
            N_("Oder nehmen Sie ein Headset mit Kabel."),
        ),
        variants=touch.on_touch(
            N_("Oft liegt das an einem Bluetooth-Headset."), touch.LEAVE_HEADSET
        ),
        staff=N_("Es fehlen die hohen Töne, oft bei Bluetooth. Ein anderes Mikrofon hilft."),
    ),
    Cause(
        code="microphone_clipping",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="clipping",
        found_by=FoundBy.BROWSER,
        rests_on=("microphone_clipped_bursts",),
        headline=N_("Ihr Mikrofon ist zu laut eingestellt. Der Ton klingt verzerrt."),
        remedy=levels.LOWER,
        variants=levels.LOWER_VARIANTS,
        staff=N_("Das Mikrofon übersteuert. Abstand vergrößern lassen."),
    ),
    Cause(
        code="microphone_noisy",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="background_noise",
        found_by=FoundBy.BROWSER,
        rests_on=(
            "microphone_noise",
            "microphone_speech_over_noise",
            "microphone_quiet_phase_trust",
        ),
        headline=N_("Neben Ihrer Stimme ist viel Geräusch zu hören."),
        remedy=(
            N_("Schließen Sie Fenster und Türen, schalten Sie Radio oder Lüfter aus."),
            N_("Ein Headset hilft am besten."),
        ),
        staff=N_("Es ist viel Hintergrund-Geräusch zu hören."),
    ),
    Cause(
        code="microphone_not_arriving",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="media_not_arriving",
        found_by=FoundBy.ANALYSER,
        rests_on=("arrival_wait",),
        headline=N_("Ihr Mikrofon geht, aber Ihre Stimme kommt bei uns nicht an."),
        remedy=(
            N_("Schalten Sie ein VPN aus, falls Sie eines benutzen."),
            N_("Versuchen Sie ein anderes Netz, zum Beispiel das Ihres Handys."),
            N_("Oder rufen Sie uns an."),
        ),
        variants=touch.on_touch(
            N_("Schalten Sie ein VPN aus, falls Sie eines benutzen."),
            touch.MOBILE_DATA,
            N_("Oder rufen Sie uns an."),
        ),
        staff=N_("Der Ton kommt nicht durch das Netz. Anderes Netz oder das Telefon empfehlen."),
    ),
    Cause(
        code="microphone_packets_missing",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="packet_loss",
        found_by=FoundBy.ANALYSER,
        rests_on=("microphone_gaps_bad", "microphone_gaps_packets"),
        headline=N_("Ihre Stimme kommt mit großen Lücken an."),
        remedy=(
            N_("Gehen Sie näher an Ihren WLAN-Router oder nehmen Sie ein Kabel."),
            N_("Bitten Sie andere im Haushalt, Videos kurz zu unterbrechen."),
            N_("Oder rufen Sie uns an."),
        ),
        variants=touch.on_touch(
            touch.TO_THE_WINDOW,
            N_("Bitten Sie andere im Haushalt, Videos kurz zu unterbrechen."),
            N_("Oder rufen Sie uns an."),
        ),
        staff=N_("Mehr als ein Zehntel des Tons geht verloren. Das Telefon anbieten."),
    ),
    Cause(
        code="microphone_some_packets_missing",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="packet_loss",
        found_by=FoundBy.ANALYSER,
        rests_on=("microphone_gaps_warn", "microphone_gaps_packets"),
        headline=N_("Ihre Stimme kommt mit kleinen Lücken an."),
        remedy=(
            N_("Gehen Sie näher an Ihren WLAN-Router oder nehmen Sie ein Kabel."),
            N_("Bitten Sie andere im Haushalt, Videos kurz zu unterbrechen."),
        ),
        variants=touch.on_touch(
            touch.TO_THE_WINDOW, N_("Bitten Sie andere im Haushalt, Videos kurz zu unterbrechen.")
        ),
        staff=N_("Ein Teil des Tons geht im Netz verloren."),
    ),
)
