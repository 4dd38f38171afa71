"""Steps for phones and tablets, where nothing is plugged in and one taps instead of clicking."""

from __future__ import annotations

from appliance.device_check.remedy import ANY, TOUCH, Steps, Variants
from appliance.i18n import N_

TAP_AGAIN = N_("Tippen Sie auf „Noch einmal versuchen“.")
LEAVE_HEADSET = N_("Trennen Sie das Headset, oder schalten Sie Bluetooth aus.")
HEADSET_MUTE = N_("Hat Ihr Headset eine Stumm-Taste? Drücken Sie sie.")
FINGERS_OFF = N_("Nehmen Sie die Finger vom unteren Rand des Geräts. Dort ist das Mikrofon.")
CLOSE_APPS = N_("Schließen Sie Apps, die Sie gerade nicht brauchen.")
MOBILE_DATA = N_("Nehmen Sie ein anderes Netz, zum Beispiel mobile Daten statt WLAN.")
TO_THE_WINDOW = N_("Gehen Sie ans Fenster, oder nutzen Sie ein WLAN.")
OTHER_GADGET = N_("Ein anderes Gerät geht auch.")
_END_CALLS = N_("Beenden Sie laufende Anrufe.")
_CLOSE_VIDEO_APPS = N_("Schließen Sie andere Apps mit Video.")

FREE: Steps = (
    _END_CALLS,
    _CLOSE_VIDEO_APPS,
    N_("Tippen Sie dann auf „Noch einmal versuchen“."),
)
RESTART: Steps = (
    _CLOSE_VIDEO_APPS,
    N_("Schalten Sie Ihr Gerät aus und wieder ein."),
    N_("Öffnen Sie dann den Link aus Ihrer E-Mail noch einmal."),
)


def on_touch(*steps: str) -> Variants:
    """These steps on every phone and tablet."""
    return {(ANY, TOUCH): steps}
