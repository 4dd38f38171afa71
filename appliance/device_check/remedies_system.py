"""Causes in the client's surroundings: page, browser, clock."""

from __future__ import annotations

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
_UPDATE_BROWSER = (
    N_("Aktualisieren Sie Ihren Browser."),
    N_("Oder öffnen Sie den Link aus Ihrer E-Mail in Firefox oder Chrome."),
    N_("Ein Smartphone geht auch."),
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
        variants={(ANY, "ios"): _UPDATE_IOS},
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
        variants={(ANY, "ios"): _UPDATE_IOS},
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
        staff=N_("Dem Browser fehlt Opus oder VP8. Anderen Browser empfehlen."),
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
