"""The way to a permission, browser by browser and system by system."""

from __future__ import annotations

from appliance.device_check.remedy import ANY, Steps
from appliance.i18n import N_

_RELOAD = N_("Laden Sie dann die Seite neu.")
_ALLOW_BOTH = N_("Stellen Sie „Kamera“ und „Mikrofon“ auf „Zulassen“.")
_ALLOW_BOTH_APPLE = N_("Wählen Sie bei „Kamera“ und „Mikrofon“ den Punkt „Erlauben“.")
_TAP_BESIDE_ADDRESS = N_("Tippen Sie auf das Symbol links neben der Adresse.")
_TAP_PERMISSIONS = N_("Tippen Sie auf „Berechtigungen“.")
_IOS_SETTINGS = N_("Öffnen Sie die „Einstellungen“ Ihres iPhones oder iPads.")
_IOS_APP = N_("Wählen Sie dort Ihren Browser aus.")
_IOS_SWITCHES = N_("Schalten Sie „Kamera“ und „Mikrofon“ ein.")
_OPEN_AGAIN = N_("Öffnen Sie dann den Link aus Ihrer E-Mail noch einmal.")
_RESTART = N_("Beenden Sie den Browser ganz und öffnen Sie den Link noch einmal.")

_ALLOW_IN_IOS: Steps = (_IOS_SETTINGS, _IOS_APP, _IOS_SWITCHES, _OPEN_AGAIN)
_ALLOW_ON_ANDROID: Steps = (_TAP_BESIDE_ADDRESS, _TAP_PERMISSIONS, _ALLOW_BOTH, _RELOAD)

ALLOW_IN_BROWSER: Steps = (
    N_("Klicken Sie auf das Symbol links neben der Adresse."),
    _ALLOW_BOTH,
    _RELOAD,
)
ALLOW_IN_BROWSER_VARIANTS: dict[tuple[str, str], Steps] = {
    ("chromium", "android"): _ALLOW_ON_ANDROID,
    ("edge", "android"): _ALLOW_ON_ANDROID,
    ("firefox", "android"): _ALLOW_ON_ANDROID,
    ("chromium", "ios"): _ALLOW_IN_IOS,
    ("edge", "ios"): _ALLOW_IN_IOS,
    ("firefox", "ios"): _ALLOW_IN_IOS,
    ("safari", "ios"): (
        N_("Tippen Sie auf das Symbol neben der Adresse, „aA“ oder ein kleines Blatt."),
        N_("Tippen Sie auf „Website-Einstellungen“."),
        _ALLOW_BOTH_APPLE,
        _RELOAD,
    ),
    ("safari", ANY): (
        N_("Klicken Sie oben im Menü auf „Safari“, dann „Einstellungen für diese Website“."),
        _ALLOW_BOTH_APPLE,
        _RELOAD,
    ),
    ("firefox", ANY): (
        N_("Klicken Sie auf das durchgestrichene Symbol links neben der Adresse."),
        N_("Klicken Sie neben „Blockiert“ auf das kleine Kreuz."),
        N_("Laden Sie die Seite neu und klicken Sie auf „Erlauben“."),
    ),
    ("chromium", ANY): (
        N_("Klicken Sie links neben der Adresse auf das Symbol mit den zwei Reglern."),
        _ALLOW_BOTH,
        _RELOAD,
    ),
    ("edge", ANY): (
        N_("Klicken Sie links neben der Adresse auf das Schloss."),
        _ALLOW_BOTH,
        _RELOAD,
    ),
}

ALLOW_IN_SYSTEM: Steps = (
    N_("Öffnen Sie die Einstellungen Ihres Geräts, Bereich „Datenschutz“."),
    N_("Erlauben Sie Ihrem Browser dort Kamera und Mikrofon."),
    _RESTART,
)
ALLOW_IN_SYSTEM_VARIANTS: dict[tuple[str, str], Steps] = {
    (ANY, "windows"): (
        N_("Öffnen Sie „Einstellungen“, dann „Datenschutz und Sicherheit“."),
        N_("Öffnen Sie dort erst „Kamera“, dann „Mikrofon“."),
        N_("Schalten Sie jeweils auch „Zugriff für Desktop-Apps“ ein."),
        _RESTART,
    ),
    (ANY, "macos"): (
        N_("Öffnen Sie „Systemeinstellungen“, dann „Datenschutz & Sicherheit“."),
        N_("Öffnen Sie dort „Kamera“ und schalten Sie Ihren Browser ein."),
        N_("Tun Sie dasselbe bei „Mikrofon“."),
        _RESTART,
    ),
    (ANY, "android"): (
        N_("Öffnen Sie die „Einstellungen“ Ihres Telefons, dann „Apps“."),
        N_("Wählen Sie Ihren Browser, dann „Berechtigungen“."),
        N_("Erlauben Sie Kamera und Mikrofon."),
        _OPEN_AGAIN,
    ),
    (ANY, "ios"): _ALLOW_IN_IOS,
}

ANSWER_PROMPT: Steps = (
    N_("Klicken Sie auf „Noch einmal versuchen“."),
    N_("Oben am Rand erscheint eine Frage Ihres Browsers."),
    N_("Klicken Sie dort auf „Erlauben“ oder „Zulassen“."),
)
_ANSWER_PROMPT_TOUCH: Steps = (
    N_("Tippen Sie auf „Noch einmal versuchen“."),
    N_("Ihr Browser stellt dann eine Frage."),
    N_("Tippen Sie dort auf „Erlauben“ oder „Zulassen“."),
)
ANSWER_PROMPT_VARIANTS: dict[tuple[str, str], Steps] = {
    (ANY, "android"): _ANSWER_PROMPT_TOUCH,
    (ANY, "ios"): _ANSWER_PROMPT_TOUCH,
}

FREE_THE_DEVICE: Steps = (
    N_("Schließen Sie andere Programme für Video-Gespräche, etwa Teams, Zoom oder Skype."),
    N_("Schließen Sie auch andere Fenster des Browsers mit Video."),
    N_("Klicken Sie dann auf „Noch einmal versuchen“."),
)
_FREE_THE_DEVICE_TOUCH: Steps = (
    N_("Beenden Sie laufende Anrufe."),
    N_("Schließen Sie andere Apps mit Video."),
    N_("Tippen Sie dann auf „Noch einmal versuchen“."),
)
FREE_THE_DEVICE_VARIANTS: dict[tuple[str, str], Steps] = {
    (ANY, "android"): _FREE_THE_DEVICE_TOUCH,
    (ANY, "ios"): _FREE_THE_DEVICE_TOUCH,
}
