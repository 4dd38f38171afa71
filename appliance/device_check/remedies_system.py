"""Causes in the client's surroundings: page, browser, clock."""

from __future__ import annotations

from appliance.device_check import remedies_touch as touch
from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedy import ANY, Cause, FoundBy
from appliance.i18n import N_

_OPEN_IN_BROWSER = (
    N_("Öffnen Sie das Menü der App, meist drei Punkte oder drei Striche."),
    N_("Wählen Sie „Im Browser öffnen“."),
    N_("Gibt es das nicht? Kopieren Sie den Link und fügen Sie ihn im Browser ein."),
)
_OPEN_IN_SAFARI = (
    N_("Tippen Sie auf das Teilen-Symbol oder auf die drei Punkte."),
    N_("Wählen Sie „In Safari öffnen“."),
    N_("Gibt es das nicht? Kopieren Sie den Link und fügen Sie ihn in Safari ein."),
)
_COPY_TO_SAFARI = (
    N_("Kopieren Sie den Link."),
    N_("Öffnen Sie „Safari“ und fügen Sie den Link oben ein."),
)
_UPDATE_BROWSER = (
    N_("Aktualisieren Sie Ihren Browser."),
    N_("Oder öffnen Sie den Link aus Ihrer E-Mail in Firefox oder Chrome."),
    N_("Ein Smartphone geht auch."),
)
_UPDATE_ANDROID = (
    N_("Öffnen Sie den „Play Store“ und aktualisieren Sie dort Ihren Browser."),
    N_("Oder öffnen Sie den Link aus Ihrer E-Mail in Firefox oder Chrome."),
    touch.OTHER_GADGET,
)
_UPDATE_IOS = (
    N_("Öffnen Sie „Einstellungen“, „Allgemein“, dann „Softwareupdate“."),
    N_("Laden Sie das Update und öffnen Sie den Link danach noch einmal."),
    N_("Oder nehmen Sie einen Computer mit Firefox oder Chrome."),
)

SYSTEM = (
    Cause(
        code="system_insecure_page",
        kind=CheckKind.SYSTEM,
        severity=Verdict.FAILED,
        fault="insecure_page",
        found_by=FoundBy.BROWSER,
        headline=N_("Diese Seite ist nicht verschlüsselt geöffnet."),
        remedy=(
            N_("Öffnen Sie den Link aus Ihrer E-Mail noch einmal."),
            N_("Die Adresse muss mit „https://“ beginnen."),
        ),
        staff=N_("Die Seite ist ohne https geöffnet. Bitte den Link aus der E-Mail öffnen lassen."),
    ),
    Cause(
        code="system_in_app_browser",
        kind=CheckKind.SYSTEM,
        severity=Verdict.FAILED,
        fault="in_app_browser",
        found_by=FoundBy.BROWSER,
        headline=N_("Sie haben den Link in einer App geöffnet. Dort geht kein Video-Termin."),
        remedy=_OPEN_IN_BROWSER,
        variants={(ANY, "ios"): _OPEN_IN_SAFARI},
        drawings={(ANY, ANY): "app_menu"},
        staff=N_("Der Link ist in einer App geöffnet. Bitte „Im Browser öffnen“ wählen lassen."),
    ),
    Cause(
        code="system_in_app_browser_doubtful",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="in_app_browser",
        found_by=FoundBy.BROWSER,
        headline=N_("Sie haben den Link in einer App geöffnet. Im Browser läuft es sicherer."),
        remedy=_OPEN_IN_BROWSER,
        variants={(ANY, "ios"): _OPEN_IN_SAFARI},
        drawings={(ANY, ANY): "app_menu"},
        staff=N_("Der Link ist in einer App geöffnet. Bei Störungen hilft der normale Browser."),
    ),
    Cause(
        code="system_old_browser",
        kind=CheckKind.SYSTEM,
        severity=Verdict.FAILED,
        fault="old_browser",
        found_by=FoundBy.BROWSER,
        rests_on=("minimum_chromium", "minimum_firefox", "minimum_samsung", "minimum_safari"),
        headline=N_("Ihr Browser ist zu alt für einen Video-Termin."),
        remedy=_UPDATE_BROWSER,
        variants={(ANY, "ios"): _UPDATE_IOS, (ANY, "android"): _UPDATE_ANDROID},
        staff=N_("Der Browser ist zu alt. Anderen Browser oder das Smartphone empfehlen."),
    ),
    Cause(
        code="system_old_browser_doubtful",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="old_browser",
        found_by=FoundBy.BROWSER,
        rests_on=("minimum_chromium", "minimum_firefox", "minimum_samsung", "minimum_safari"),
        headline=N_("Ihr Browser ist alt. Es kann zu Störungen kommen."),
        remedy=_UPDATE_BROWSER,
        variants={(ANY, "ios"): _UPDATE_IOS, (ANY, "android"): _UPDATE_ANDROID},
        staff=N_("Der Browser ist alt. Bei Störungen anderen Browser empfehlen."),
    ),
    Cause(
        code="system_no_web_rtc",
        kind=CheckKind.SYSTEM,
        severity=Verdict.FAILED,
        fault="web_rtc_off",
        found_by=FoundBy.BROWSER,
        headline=N_("In Ihrem Browser sind Video-Gespräche ausgeschaltet."),
        remedy=(
            N_("Schalten Sie Erweiterungen aus, die Werbung oder Video-Gespräche sperren."),
            N_("Laden Sie dann die Seite neu."),
            N_("Hilft das nicht? Öffnen Sie den Link in Firefox oder Chrome."),
        ),
        variants={(ANY, "ios"): _COPY_TO_SAFARI},
        staff=N_("Im Browser ist WebRTC gesperrt, oft durch eine Erweiterung oder die IT."),
    ),
    Cause(
        code="system_no_codec",
        kind=CheckKind.SYSTEM,
        severity=Verdict.FAILED,
        fault="codec_missing",
        found_by=FoundBy.BROWSER,
        headline=N_("Ihr Browser versteht unser Bild- oder Ton-Format nicht."),
        remedy=(
            N_("Öffnen Sie den Link in Firefox oder Chrome."),
            N_("Ein Smartphone geht auch."),
        ),
        variants={
            (ANY, "ios"): _COPY_TO_SAFARI,
            (ANY, "android"): (
                N_("Öffnen Sie den Link in Firefox oder Chrome."),
                touch.OTHER_GADGET,
            ),
        },
        staff=N_("Dem Browser fehlt Opus oder VP8. Anderen Browser empfehlen."),
    ),
    Cause(
        code="system_page_forbidden",
        kind=CheckKind.SYSTEM,
        severity=Verdict.FAILED,
        fault="devices_forbidden_to_page",
        found_by=FoundBy.BROWSER,
        headline=N_("Auf dem Weg zu Ihnen wurden Kamera und Mikrofon unserer Seite verboten."),
        remedy=(
            N_("Das liegt nicht an Ihrem Gerät. Sie müssen dort nichts ändern."),
            N_("Nehmen Sie ein anderes Netz, falls Sie eines haben."),
            N_("Oder rufen Sie uns an. Wir sprechen dann am Telefon."),
        ),
        staff=N_("Ein Proxy verbietet der Seite die Geräte. IT: Kopfzeile „Permissions-Policy“."),
    ),
    Cause(
        code="system_no_path",
        kind=CheckKind.SYSTEM,
        severity=Verdict.FAILED,
        fault="media_not_arriving",
        found_by=FoundBy.BROWSER,
        rests_on=("path_wait",),
        headline=N_("Bild und Ton kommen von hier nicht bis zu uns durch."),
        remedy=(
            N_("Nehmen Sie ein anderes Netz, zum Beispiel das Netz Ihres Telefons."),
            N_("Schalten Sie ein VPN aus, falls Sie eines haben."),
            N_("Oder rufen Sie uns an. Wir sprechen dann am Telefon."),
        ),
        variants=touch.on_touch(
            touch.MOBILE_DATA,
            N_("Schalten Sie ein VPN aus, falls Sie eines haben."),
            N_("Oder rufen Sie uns an. Wir sprechen dann am Telefon."),
        ),
        staff=N_("Zwischen Browser und Relay kommt keine Verbindung zustande: Netz oder Sperre."),
    ),
    Cause(
        code="system_battery_low",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="battery_low",
        found_by=FoundBy.BROWSER,
        rests_on=("battery_low",),
        headline=N_("Der Akku Ihres Geräts ist fast leer."),
        remedy=(N_("Stecken Sie jetzt das Ladekabel ein. Ein Gespräch braucht viel Strom."),),
        staff=N_("Der Akku hat weniger als 20 Prozent und lädt nicht."),
    ),
    Cause(
        code="system_no_blur",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="no_wasm_or_webgl",
        found_by=FoundBy.BROWSER,
        headline=N_(
            "Ihr Browser kann den Hintergrund nicht selbst verbergen. Das macht unser Gerät."
        ),
        remedy=(N_("Sie müssen nichts tun."),),
        staff=N_("Dem Browser fehlt WebGL oder WebAssembly. Den Hintergrund macht das Gerät."),
    ),
    Cause(
        code="system_screen_sleeps",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="screen_sleeps",
        found_by=FoundBy.BROWSER,
        headline=N_("Ihr Bildschirm geht vielleicht von selbst aus."),
        remedy=(
            N_("Schalten Sie den Energiesparmodus aus."),
            N_("Oder tippen Sie beim Warten ab und zu auf den Bildschirm."),
        ),
        staff=N_("Der Bildschirm darf sich ausschalten. Beim Warten kann die Seite einschlafen."),
    ),
    Cause(
        code="system_clock_wrong",
        kind=CheckKind.SYSTEM,
        severity=Verdict.WARNING,
        fault="wrong_clock",
        found_by=FoundBy.BROWSER,
        rests_on=("clock_offset",),
        headline=N_("Die Uhr Ihres Geräts geht falsch."),
        remedy=(
            N_("Öffnen Sie die Einstellungen für Datum und Uhrzeit."),
            N_("Schalten Sie „Uhrzeit automatisch einstellen“ ein."),
        ),
        staff=N_("Die Uhr des Geräts geht um mehr als fünf Minuten falsch."),
    ),
)
