"""Causes in the line between the client and the appliance."""

from __future__ import annotations

from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedy import ANY, Cause
from appliance.i18n import N_

_BETTER_LINE = (
    N_("Gehen Sie näher an den Router, oder stecken Sie ein Netzwerkkabel ein."),
    N_("Beenden Sie Downloads und Videos, auch auf anderen Geräten."),
    N_("Testen Sie dann die Verbindung noch einmal."),
)
_BETTER_MOBILE = (
    N_("Gehen Sie ans Fenster, oder nutzen Sie ein WLAN."),
    N_("Beenden Sie Downloads und Videos auf diesem Gerät."),
    N_("Testen Sie dann die Verbindung noch einmal."),
)
_ON_PHONES = {(ANY, "android"): _BETTER_MOBILE, (ANY, "ios"): _BETTER_MOBILE}
_SOUND_FIRST = (
    N_("Beginnen Sie nur mit Ton. Die Kamera können Sie später dazuschalten."),
    *_BETTER_LINE,
)
_SOUND_FIRST_MOBILE = (
    N_("Beginnen Sie nur mit Ton. Die Kamera können Sie später dazuschalten."),
    *_BETTER_MOBILE,
)
_SOUND_ON_PHONES = {(ANY, "android"): _SOUND_FIRST_MOBILE, (ANY, "ios"): _SOUND_FIRST_MOBILE}
_FREE_THE_DEVICE = (
    N_("Schließen Sie andere Programme und Browser-Fenster."),
    N_("Stecken Sie das Netzteil ein, wenn Sie eines haben."),
    N_("Testen Sie dann die Verbindung noch einmal."),
)

NETWORK = (
    Cause(
        code="network_udp_blocked",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Ihr Netz lässt Ton und Bild nicht zu uns durch."),
        remedy=(
            N_("Nehmen Sie ein anderes Netz, zum Beispiel den Hotspot Ihres Telefons."),
            N_("Schalten Sie ein VPN aus, wenn Sie eines nutzen."),
            N_("In einer Firma? Fragen Sie die IT nach UDP-Verbindungen."),
            N_("Oder rufen Sie uns an."),
        ),
        staff=N_("Das Netz sperrt UDP. Anderes Netz oder Hotspot empfehlen, sonst Telefon."),
    ),
    Cause(
        code="network_telephone",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Ihre Verbindung reicht auch für den Ton kaum aus."),
        remedy=(N_("Rufen Sie uns an. Das geht ohne Internet."), *_BETTER_LINE),
        staff=N_("Die Leitung reicht kaum für Ton (unter 0,1 Mbit/s). Am besten anrufen."),
    ),
    Cause(
        code="network_upload_weak",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Ihre Verbindung reicht zum Sprechen, aber nicht für Ihr Bild."),
        remedy=_SOUND_FIRST,
        variants=_SOUND_ON_PHONES,
        staff=N_("Der Upload ist schwach (unter 0,35 Mbit/s). Am besten nur mit Ton beginnen."),
    ),
    Cause(
        code="network_download_weak",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Ihre Verbindung reicht zum Hören, aber nicht für unser Bild."),
        remedy=_SOUND_FIRST,
        variants=_SOUND_ON_PHONES,
        staff=N_("Der Download ist schwach (unter 0,35 Mbit/s). Am besten nur mit Ton beginnen."),
    ),
    Cause(
        code="network_upload_poor",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Ihr Bild wird klein sein und manchmal stocken."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Der Upload ist knapp (unter 0,7 Mbit/s). Das Bild kann stocken."),
    ),
    Cause(
        code="network_download_poor",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Unser Bild wird bei Ihnen klein sein und manchmal stocken."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Der Download ist knapp (unter 0,7 Mbit/s). Ihr Bild kann dort stocken."),
    ),
    Cause(
        code="network_upload_small",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihre Verbindung reicht. Ihr Bild wird etwas kleiner sein."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Der Upload liegt unter 1,1 Mbit/s. Das Bild ist etwas kleiner."),
    ),
    Cause(
        code="network_download_small",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihre Verbindung reicht. Unser Bild wird bei Ihnen etwas kleiner sein."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Der Download liegt unter 1,1 Mbit/s. Ihr Bild ist dort etwas kleiner."),
    ),
    Cause(
        code="network_loss",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Auf dem Weg zu uns geht vieles verloren. Man wird sich schlecht verstehen."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Mehr als 10 % der Pakete gehen verloren. Kabel oder besseres WLAN empfehlen."),
    ),
    Cause(
        code="network_loss_doubtful",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Auf dem Weg zu uns geht manches verloren. Ton und Bild können stocken."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Mehr als 5 % der Pakete gehen verloren. Ton und Bild können stocken."),
    ),
    Cause(
        code="network_delay",
        kind=CheckKind.NETWORK,
        severity=Verdict.FAILED,
        headline=N_("Ihre Verbindung ist sehr langsam. Man fällt sich leicht ins Wort."),
        remedy=(
            *_BETTER_LINE,
            N_("Schalten Sie ein VPN aus, wenn Sie eines nutzen."),
        ),
        variants=_ON_PHONES,
        staff=N_("Der Weg dauert hin und zurück über 0,6 s. Bitte Pausen beim Sprechen lassen."),
    ),
    Cause(
        code="network_delay_doubtful",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihre Verbindung ist etwas langsam. Lassen Sie beim Sprechen kleine Pausen."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Der Weg dauert hin und zurück über 0,3 s. Kleine Pausen beim Sprechen helfen."),
    ),
    Cause(
        code="network_jitter",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihre Verbindung schwankt. Der Ton kann kurz aussetzen."),
        remedy=_BETTER_LINE,
        variants=_ON_PHONES,
        staff=N_("Die Laufzeit schwankt um mehr als 30 ms. Der Ton kann kurz aussetzen."),
    ),
    Cause(
        code="network_load_delay",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihre Verbindung wird langsam, sobald viel darüber läuft."),
        remedy=(
            N_("Beenden Sie Downloads, Videos und Online-Speicher für die Zeit des Gesprächs."),
            N_("Bitten Sie andere im Haushalt um dasselbe."),
        ),
        staff=N_("Unter Last steigt die Laufzeit stark. Downloads im Haushalt beenden lassen."),
    ),
    Cause(
        code="network_cpu",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihr Gerät ist stark beschäftigt. Das Bild kann ruckeln."),
        remedy=_FREE_THE_DEVICE,
        staff=N_("Das Gerät ist am Limit (CPU). Andere Programme schließen lassen."),
    ),
    Cause(
        code="network_reconnect",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Bei einer Unterbrechung kommen Sie vielleicht nicht von selbst zurück."),
        remedy=(
            N_("Notieren Sie sich unsere Telefonnummer."),
            N_("Bricht das Gespräch ab? Laden Sie die Seite neu, oder rufen Sie uns an."),
        ),
        staff=N_("Das Wiederverbinden hat im Test nicht geklappt. Rückrufnummer bereithalten."),
    ),
    Cause(
        code="network_upload_unknown",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihre Verbindung steht. Wie schnell sie sendet, war nicht messbar."),
        remedy=(
            N_("Ihr Gerät konnte nicht genug senden, um das zu messen."),
            N_("Für das Gespräch müssen Sie nichts tun."),
        ),
        staff=N_("Der Upload war auf diesem Gerät nicht messbar."),
    ),
    Cause(
        code="network_mobile_data",
        kind=CheckKind.NETWORK,
        severity=Verdict.WARNING,
        headline=N_("Ihre Verbindung ist gut. Sie nutzen wohl mobile Daten."),
        remedy=(
            N_("Eine halbe Stunde mit Bild braucht etwa 0,45 GB."),
            N_("Nur mit Ton sind es etwa 0,03 GB."),
            N_("Ein WLAN spart Ihr Datenvolumen."),
        ),
        staff=N_("Die Person nutzt mobile Daten. Eine halbe Stunde braucht etwa 0,45 GB."),
    ),
)
