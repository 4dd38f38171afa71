"""Tells the agency's IT by mail when a kiosk is silent or out of order; connected by ``app``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from appliance.device_check.kiosk_self_test import FAULT_WORDS
from appliance.events import EventBus, KioskChanged
from appliance.i18n import N_, translations
from appliance.kiosks.errors import KioskUnknown
from appliance.kiosks.models import Kiosk
from appliance.kiosks.service import KioskService
from appliance.outbox.service import OutboxService
from appliance.settings import Settings

SUBJECTS: Mapping[str, str] = {
    "away": N_("Kiosk meldet sich nicht: %(name)s"),
    "broken": N_("Kiosk außer Betrieb: %(name)s"),
}
AWAY = N_(
    "Der Kiosk meldet sich nicht, seit einer halben Minute oder länger. "
    "Bitte sehen Sie nach Strom, Netz und Browser."
)
BROKEN = N_("Der Kiosk hat sich selbst geprüft und zeigt ein Schild, bis es behoben ist:")
WHERE = N_("Alle Kioske: %(address)s")


class KioskAlarms:
    """Good news is no mail: it stands in the console."""

    def __init__(self, kiosks: KioskService, outbox: OutboxService, settings: Settings) -> None:
        self._kiosks = kiosks
        self._outbox = outbox
        self._settings = settings

    def subscribe(self, bus: EventBus) -> None:
        """Begins to listen."""
        bus.subscribe(KioskChanged, self.kiosk_changed)

    async def kiosk_changed(self, event: KioskChanged) -> None:
        """One mail each time that a kiosk goes silent, or has other faults than before."""
        if event.happened not in SUBJECTS:
            return
        try:
            kiosk = await self._kiosks.get(event.kiosk_id)
        except KioskUnknown:
            return
        translate = translations(self._settings.agency.language).gettext
        subject = translate(SUBJECTS[event.happened]) % {"name": kiosk.name}
        recipient = self._settings.kiosk.it_email or self._settings.agency.email
        await self._outbox.notify(
            kiosk.id, recipient, subject, self._text(event.happened, kiosk, translate)
        )

    def _text(self, happened: str, kiosk: Kiosk, translate: Callable[[str], str]) -> str:
        lines = [translate(AWAY)]
        if happened == "broken":
            found = [translate(FAULT_WORDS[fault]) for fault in kiosk.found if fault in FAULT_WORDS]
            lines = [translate(BROKEN), *(f"- {words}" for words in found)]
        address = f"{self._settings.web.base_url.rstrip('/')}/console/kiosks"
        return "\n".join([kiosk.name, "", *lines, "", translate(WHERE) % {"address": address}, ""])
