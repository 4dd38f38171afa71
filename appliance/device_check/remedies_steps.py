"""The way to a permission and to a free device: browser by browser, system by system.

Menu names are those of the German versions: Chrome and Edge 120 and later, Firefox 115 and later,
Safari 16 and later, Samsung Internet 23 and later, Windows 10 and 11, macOS 13 and later, GNOME 43
and later, Android 12 and later, iOS 16 and later.
"""

from __future__ import annotations

from appliance.device_check.remedies_touch import FREE, TAP_AGAIN
from appliance.device_check.remedy import ANY, DESKTOP, TOUCH, Place, Steps
from appliance.i18n import N_

_RELOAD = N_("Laden Sie dann die Seite neu.")
_ALLOW_BOTH = N_("Stellen Sie „Kamera“ und „Mikrofon“ auf „Zulassen“.")
_ALLOW_BOTH_APPLE = N_("Wählen Sie bei „Kamera“ und „Mikrofon“ den Punkt „Erlauben“.")
_SWITCH_ON_BOTH = N_("Schalten Sie „Kamera“ und „Mikrofon“ ein.")
_TAP_BESIDE_ADDRESS = N_("Tippen Sie auf das Symbol links neben der Adresse.")
_TAP_LOCK = N_("Tippen Sie auf das Schloss neben der Adresse.")
_TAP_PERMISSIONS = N_("Tippen Sie auf „Berechtigungen“.")
_IOS_SETTINGS = N_("Öffnen Sie die „Einstellungen“ Ihres iPhones oder iPads.")
_IOS_APP = N_("Wählen Sie dort Ihren Browser aus. Bei neuen Geräten steht er unter „Apps“.")
_IOS_SAFARI = N_("Wählen Sie dort „Safari“ aus. Bei neuen Geräten steht es unter „Apps“.")
_OPEN_AGAIN = N_("Öffnen Sie dann den Link aus Ihrer E-Mail noch einmal.")
_RESTART = N_("Beenden Sie den Browser ganz und öffnen Sie den Link noch einmal.")
_SAME_FOR_MICROPHONE = N_("Tun Sie dasselbe bei „Mikrofon“.")

_ALLOW_IN_IOS: Steps = (_IOS_SETTINGS, _IOS_APP, _SWITCH_ON_BOTH, _OPEN_AGAIN)
_ALLOW_ON_ANDROID: Steps = (_TAP_BESIDE_ADDRESS, _TAP_PERMISSIONS, _ALLOW_BOTH, _RELOAD)

ALLOW_IN_BROWSER: Steps = (
    N_("Klicken Sie auf das Symbol links neben der Adresse."),
    _ALLOW_BOTH,
    _RELOAD,
)
ALLOW_IN_BROWSER_VARIANTS: dict[Place, Steps] = {
    ("chromium", "android"): _ALLOW_ON_ANDROID,
    ("edge", "android"): (_TAP_LOCK, _TAP_PERMISSIONS, _ALLOW_BOTH, _RELOAD),
    ("samsung", "android"): (_TAP_LOCK, _TAP_PERMISSIONS, _SWITCH_ON_BOTH, _RELOAD),
    ("firefox", "android"): (
        _TAP_LOCK,
        N_("Tippen Sie bei „Kamera“ und „Mikrofon“ auf „Blockiert“, bis „Erlaubt“ dasteht."),
        _RELOAD,
    ),
    (ANY, "android"): _ALLOW_ON_ANDROID,
    (ANY, "ios"): _ALLOW_IN_IOS,
    ("safari", "ios"): (
        N_("Tippen Sie auf das Symbol neben der Adresse, „aA“ oder ein kleines Blatt."),
        N_("Tippen Sie auf „Website-Einstellungen“, vielleicht erst auf die drei Punkte."),
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
        _SWITCH_ON_BOTH,
        _RELOAD,
    ),
    ("edge", ANY): (
        N_("Klicken Sie links neben der Adresse auf das Schloss."),
        N_("Klicken Sie auf „Berechtigungen für diese Website“."),
        _ALLOW_BOTH,
        _RELOAD,
    ),
}
ALLOW_IN_BROWSER_DRAWINGS: dict[Place, str] = {
    ("safari", "ios"): "safari_ios",
    (ANY, "ios"): "ios_switches",
    ("firefox", "android"): "lock",
    ("samsung", "android"): "lock",
    ("edge", "android"): "lock",
    (ANY, "android"): "android_permissions",
    ("safari", ANY): "safari_menu",
    ("firefox", ANY): "firefox_blocked",
    ("edge", ANY): "lock",
    ("chromium", ANY): "tune",
    (ANY, ANY): "tune",
}

_ASK_IT = N_("Lässt es sich nicht ändern? Dann hat es vielleicht Ihre IT so eingestellt.")
_OWN_DEVICE = N_("Fragen Sie Ihre IT, oder nehmen Sie ein eigenes Gerät.")
ALLOW_OR_ASK_IT: Steps = (*ALLOW_IN_BROWSER, _ASK_IT, _OWN_DEVICE)
ALLOW_OR_ASK_IT_VARIANTS: dict[Place, Steps] = {
    place: (*way, _ASK_IT, _OWN_DEVICE) for place, way in ALLOW_IN_BROWSER_VARIANTS.items()
}

ALLOW_IN_SYSTEM: Steps = (
    N_("Öffnen Sie die Einstellungen Ihres Geräts, Bereich „Datenschutz“."),
    N_("Erlauben Sie Ihrem Browser dort Kamera und Mikrofon."),
    _RESTART,
)
ALLOW_IN_SYSTEM_VARIANTS: dict[Place, Steps] = {
    (ANY, "windows"): (
        N_("Öffnen Sie „Einstellungen“, dann „Datenschutz und Sicherheit“."),
        N_("Öffnen Sie „Kamera“. Schalten Sie alles ein, auch ganz unten „Desktop-Apps“."),
        _SAME_FOR_MICROPHONE,
        _RESTART,
    ),
    (ANY, "macos"): (
        N_("Öffnen Sie „Systemeinstellungen“, dann „Datenschutz & Sicherheit“."),
        N_("Öffnen Sie dort „Kamera“ und schalten Sie Ihren Browser ein."),
        _SAME_FOR_MICROPHONE,
        _RESTART,
    ),
    (ANY, "linux"): (
        N_("Öffnen Sie „Einstellungen“, dann „Datenschutz“."),
        N_("Schalten Sie dort „Kamera“ und „Mikrofon“ ein."),
        _RESTART,
    ),
    (ANY, "android"): (
        N_("Wischen Sie vom oberen Rand nach unten."),
        N_("Schalten Sie „Kamerazugriff“ und „Mikrofonzugriff“ ein, falls es sie gibt."),
        N_("Öffnen Sie dann „Einstellungen“, „Apps“, Ihren Browser und „Berechtigungen“."),
        N_("Erlauben Sie Kamera und Mikrofon."),
        _OPEN_AGAIN,
    ),
    (ANY, "ios"): _ALLOW_IN_IOS,
    ("safari", "ios"): (_IOS_SETTINGS, _IOS_SAFARI, _ALLOW_BOTH_APPLE, _OPEN_AGAIN),
}
ALLOW_IN_SYSTEM_DRAWINGS: dict[Place, str] = {
    (ANY, "ios"): "ios_switches",
    (ANY, "android"): "android_quick_settings",
    (ANY, DESKTOP): "system_switches",
}

ANSWER_PROMPT: Steps = (
    N_("Klicken Sie auf „Noch einmal versuchen“."),
    N_("Oben am Rand erscheint eine Frage Ihres Browsers."),
    N_("Klicken Sie dort auf „Erlauben“ oder „Zulassen“."),
)
ANSWER_PROMPT_VARIANTS: dict[Place, Steps] = {
    ("chromium", DESKTOP): (
        N_("Klicken Sie auf „Noch einmal versuchen“."),
        N_("Links oben erscheint eine Frage. Klicken Sie auf „Beim Besuch der Website zulassen“."),
        N_("Erscheint nichts? Klicken Sie auf das Symbol links neben der Adresse."),
    ),
    ("firefox", DESKTOP): (
        N_("Klicken Sie auf „Noch einmal versuchen“."),
        N_("Links oben erscheint eine Frage. Klicken Sie dort auf „Erlauben“."),
        N_("Erscheint nichts? Klicken Sie auf das kleine Symbol links neben der Adresse."),
    ),
    (ANY, TOUCH): (
        TAP_AGAIN,
        N_("Ihr Browser stellt dann eine Frage."),
        N_("Tippen Sie dort auf „Erlauben“ oder „Zulassen“."),
    ),
}
ANSWER_PROMPT_DRAWINGS: dict[Place, str] = {(ANY, ANY): "prompt"}

RESTART_ALL: Steps = (
    N_("Ziehen Sie das Gerät ab und stecken Sie es wieder ein, wenn das geht."),
    N_("Oder wählen Sie ein anderes Gerät aus der Liste."),
    N_("Starten Sie sonst Ihren Computer oder Ihr Telefon neu."),
)

GIVE_IT_BACK: Steps = (
    N_("Beenden Sie laufende Anrufe und andere Gespräche."),
    N_("Kommen Sie dann auf diese Seite zurück. Es geht von selbst weiter."),
)

PLUG_DRAWINGS: dict[Place, str] = {(ANY, DESKTOP): "plug"}

_CLOSE_MEETINGS = N_(
    "Schließen Sie andere Programme für Video-Gespräche, etwa Teams, Zoom oder Skype."
)
_CLOSE_WINDOWS = N_("Schließen Sie auch andere Fenster des Browsers mit Video.")
_THEN_AGAIN = N_("Klicken Sie dann auf „Noch einmal versuchen“.")
FREE_THE_DEVICE: Steps = (_CLOSE_MEETINGS, _CLOSE_WINDOWS, _THEN_AGAIN)
FREE_THE_DEVICE_VARIANTS: dict[Place, Steps] = {
    (ANY, "windows"): (
        _CLOSE_MEETINGS,
        N_("Läuft eines weiter? Klicken Sie unten rechts mit rechts auf sein Symbol."),
        N_("Wählen Sie dort „Beenden“."),
        _CLOSE_WINDOWS,
        _THEN_AGAIN,
    ),
    (ANY, "macos"): (
        N_("Beenden Sie FaceTime, Teams und Zoom. Drücken Sie dazu „cmd“ und „Q“."),
        _CLOSE_WINDOWS,
        _THEN_AGAIN,
    ),
    (ANY, TOUCH): FREE,
}
