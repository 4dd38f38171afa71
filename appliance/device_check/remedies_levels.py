"""Mute keys, input levels and volume: where they are, system by system."""

from __future__ import annotations

from appliance.device_check import remedies_touch as touch
from appliance.device_check.remedy import ANY, DESKTOP, TOUCH, Place, Steps
from appliance.i18n import N_

_MUTE_KEY = N_("Hat Ihr Headset oder Laptop eine Stumm-Taste? Drücken Sie sie.")
_PRIVACY_SWITCH = N_("Manche Laptops haben einen kleinen Schalter für den Datenschutz.")
_OTHER_MICROPHONE = N_("Oder wählen Sie ein anderes Mikrofon aus der Liste.")

UNMUTE: Steps = (_MUTE_KEY, _PRIVACY_SWITCH, _OTHER_MICROPHONE)
UNMUTE_VARIANTS: dict[Place, Steps] = {
    (ANY, "windows"): (
        N_("Sehen Sie ein durchgestrichenes Mikrofon auf einer Taste? Drücken Sie sie, oft F4."),
        N_("Hat Ihr Headset eine Stumm-Taste am Kabel oder am Ohr? Drücken Sie sie."),
        N_("Öffnen Sie „Einstellungen“, „System“, „Sound“. Ist bei „Eingabe“ etwas stumm?"),
        _OTHER_MICROPHONE,
    ),
    (ANY, "macos"): (
        N_("Hat Ihr Headset eine Stumm-Taste am Kabel oder am Ohr? Drücken Sie sie."),
        N_("Öffnen Sie „Systemeinstellungen“, „Ton“, „Eingabe“. Schieben Sie den Regler hoch."),
        _OTHER_MICROPHONE,
    ),
    (ANY, "linux"): (
        _MUTE_KEY,
        N_("Öffnen Sie „Einstellungen“, „Klang“. Ist bei „Eingabe“ etwas stumm?"),
        _OTHER_MICROPHONE,
    ),
    (ANY, TOUCH): (
        touch.HEADSET_MUTE,
        touch.LEAVE_HEADSET,
        touch.FINGERS_OFF,
    ),
}
UNMUTE_DRAWINGS: dict[Place, str] = {
    (ANY, TOUCH): "headset_mute",
    (ANY, "macos"): "headset_mute",
    (ANY, ANY): "keyboard_mute",
}

NEARER = N_("Gehen Sie näher an das Mikrofon und sprechen Sie normal.")
_RAISE_WINDOWS = N_("Öffnen Sie „Einstellungen“, „System“, „Sound“. Stellen Sie „Eingabe“ höher.")
_RAISE_MACOS = N_(
    "Öffnen Sie „Systemeinstellungen“, „Ton“, „Eingabe“. Stellen Sie den Regler höher."
)
_RAISE_LINUX = N_("Öffnen Sie „Einstellungen“, „Klang“. Stellen Sie „Eingabe“ höher.")
RAISE: Steps = (
    NEARER,
    N_("Stellen Sie die Eingangs-Lautstärke in Ihrem Gerät höher."),
    _OTHER_MICROPHONE,
)
RAISE_VARIANTS: dict[Place, Steps] = {
    (ANY, "windows"): (NEARER, _RAISE_WINDOWS, _OTHER_MICROPHONE),
    (ANY, "macos"): (NEARER, _RAISE_MACOS, _OTHER_MICROPHONE),
    (ANY, "linux"): (NEARER, _RAISE_LINUX, _OTHER_MICROPHONE),
    (ANY, TOUCH): (
        NEARER,
        touch.FINGERS_OFF,
        N_("Ein Headset hilft auch."),
    ),
}

FURTHER = N_("Gehen Sie etwas weiter vom Mikrofon weg.")
LOWER: Steps = (FURTHER, N_("Stellen Sie die Eingangs-Lautstärke in Ihrem Gerät niedriger."))
LOWER_VARIANTS: dict[Place, Steps] = {
    (ANY, "windows"): (
        FURTHER,
        N_("Öffnen Sie „Einstellungen“, „System“, „Sound“. Stellen Sie „Eingabe“ niedriger."),
    ),
    (ANY, "macos"): (
        FURTHER,
        N_("Öffnen Sie „Systemeinstellungen“, „Ton“, „Eingabe“. Stellen Sie den Regler niedriger."),
    ),
    (ANY, "linux"): (
        FURTHER,
        N_("Öffnen Sie „Einstellungen“, „Klang“. Stellen Sie „Eingabe“ niedriger."),
    ),
    (ANY, TOUCH): (FURTHER, N_("Sprechen Sie in normaler Lautstärke.")),
}

_OTHER_OUTPUT = N_("Wählen Sie einen anderen Lautsprecher aus der Liste.")
_HEADSET_OUTPUT = N_("Ist ein Kopfhörer angeschlossen? Dann kommt der Ton dort heraus.")
TEXT_IS_FINE = N_("Sie können auch ohne Ton teilnehmen und schreiben.")
_LOUDER = N_("Stellen Sie die Lautstärke an Ihrem Gerät höher.")
_VOLUME_KEYS = N_("Drücken Sie die Taste „lauter“ an der Seite des Geräts, während die Zahl läuft.")
LOUDER: Steps = (_LOUDER, _HEADSET_OUTPUT, _OTHER_OUTPUT, TEXT_IS_FINE)
LOUDER_VARIANTS: dict[Place, Steps] = {
    (ANY, "linux"): (
        N_("Klicken Sie oben rechts auf den Lautsprecher und schieben Sie den Regler hoch."),
        _HEADSET_OUTPUT,
        _OTHER_OUTPUT,
        TEXT_IS_FINE,
    ),
    (ANY, "windows"): (
        N_("Klicken Sie unten rechts auf den Lautsprecher und schieben Sie den Regler hoch."),
        _HEADSET_OUTPUT,
        _OTHER_OUTPUT,
        TEXT_IS_FINE,
    ),
    (ANY, "macos"): (
        N_("Drücken Sie oben auf der Tastatur die Taste mit dem lauten Lautsprecher."),
        _HEADSET_OUTPUT,
        _OTHER_OUTPUT,
        TEXT_IS_FINE,
    ),
    (ANY, "ios"): (
        N_("Schalten Sie den Stumm-Schalter an der Seite des Telefons aus."),
        _VOLUME_KEYS,
        _HEADSET_OUTPUT,
        TEXT_IS_FINE,
    ),
    (ANY, "android"): (_VOLUME_KEYS, _HEADSET_OUTPUT, TEXT_IS_FINE),
    ("safari", "macos"): (
        N_("Drücken Sie oben auf der Tastatur die Taste mit dem lauten Lautsprecher."),
        _HEADSET_OUTPUT,
        TEXT_IS_FINE,
    ),
}
LOUDER_DRAWINGS: dict[Place, str] = {(ANY, TOUCH): "volume_keys", (ANY, DESKTOP): "volume"}
