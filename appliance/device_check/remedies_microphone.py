"""Causes in what the microphone gives."""

from __future__ import annotations

from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedy import Cause
from appliance.i18n import N_

_OTHER_MICROPHONE = N_("Oder wählen Sie ein anderes Mikrofon aus der Liste.")
_RAISE_LEVEL = N_("Stellen Sie die Eingangs-Lautstärke in Ihrem Gerät höher.")
_NEARER = N_("Gehen Sie näher an das Mikrofon und sprechen Sie normal.")
_KIND = CheckKind.MICROPHONE

MICROPHONE = (
    Cause(
        code="microphone_silent",
        kind=_KIND,
        severity=Verdict.FAILED,
        headline=N_("Ihr Mikrofon ist da, gibt aber keinen Ton."),
        remedy=(
            N_("Hat Ihr Headset oder Laptop eine Stumm-Taste? Drücken Sie sie."),
            N_("Manche Laptops haben einen kleinen Schalter für den Datenschutz."),
            _OTHER_MICROPHONE,
        ),
        staff=N_("Das Mikrofon ist am Gerät stumm geschaltet. Stumm-Taste am Headset prüfen."),
    ),
    Cause(
        code="microphone_muted",
        kind=_KIND,
        severity=Verdict.FAILED,
        headline=N_("Ihr Gerät hat das Mikrofon gerade stumm geschaltet."),
        remedy=(
            N_("Läuft ein Anruf? Beenden Sie ihn und kommen Sie zu dieser Seite zurück."),
            N_("Drücken Sie die Stumm-Taste an Headset oder Tastatur."),
            _OTHER_MICROPHONE,
        ),
        staff=N_("Das Betriebssystem hat das Mikrofon stumm geschaltet, oft wegen eines Anrufs."),
    ),
    Cause(
        code="microphone_no_speech",
        kind=_KIND,
        severity=Verdict.FAILED,
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
        headline=N_("Ihre Stimme kommt zu leise an."),
        remedy=(_NEARER, _RAISE_LEVEL, _OTHER_MICROPHONE),
        staff=N_("Die Stimme ist kaum zu hören. Eingangs-Lautstärke erhöhen lassen."),
    ),
    Cause(
        code="microphone_quiet",
        kind=_KIND,
        severity=Verdict.WARNING,
        headline=N_("Ihre Stimme ist etwas leise."),
        remedy=(_NEARER, _RAISE_LEVEL),
        staff=N_("Die Stimme ist etwas leise."),
    ),
    Cause(
        code="microphone_clipping",
        kind=_KIND,
        severity=Verdict.WARNING,
        headline=N_("Ihr Mikrofon ist zu laut eingestellt. Der Ton klingt verzerrt."),
        remedy=(
            N_("Gehen Sie etwas weiter vom Mikrofon weg."),
            N_("Stellen Sie die Eingangs-Lautstärke in Ihrem Gerät niedriger."),
        ),
        staff=N_("Das Mikrofon übersteuert. Abstand vergrößern lassen."),
    ),
    Cause(
        code="microphone_noisy",
        kind=_KIND,
        severity=Verdict.WARNING,
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
        headline=N_("Ihr Mikrofon geht, aber Ihre Stimme kommt bei uns nicht an."),
        remedy=(
            N_("Schalten Sie ein VPN aus, falls Sie eines benutzen."),
            N_("Versuchen Sie ein anderes Netz, zum Beispiel das Ihres Handys."),
            N_("Oder rufen Sie uns an."),
        ),
        staff=N_("Der Ton kommt nicht durch das Netz. Anderes Netz oder das Telefon empfehlen."),
    ),
    Cause(
        code="microphone_packets_missing",
        kind=_KIND,
        severity=Verdict.FAILED,
        headline=N_("Ihre Stimme kommt mit großen Lücken an."),
        remedy=(
            N_("Gehen Sie näher an Ihren WLAN-Router oder nehmen Sie ein Kabel."),
            N_("Bitten Sie andere im Haushalt, Videos kurz zu unterbrechen."),
            N_("Oder rufen Sie uns an."),
        ),
        staff=N_("Mehr als ein Zehntel des Tons geht verloren. Das Telefon anbieten."),
    ),
    Cause(
        code="microphone_some_packets_missing",
        kind=_KIND,
        severity=Verdict.WARNING,
        headline=N_("Ihre Stimme kommt mit kleinen Lücken an."),
        remedy=(
            N_("Gehen Sie näher an Ihren WLAN-Router oder nehmen Sie ein Kabel."),
            N_("Bitten Sie andere im Haushalt, Videos kurz zu unterbrechen."),
        ),
        staff=N_("Ein Teil des Tons geht im Netz verloren."),
    ),
)
