"""Mails about requests for an appointment. No topic, and nothing that a stranger could fill in."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from appliance.i18n import N_, translations
from appliance.outbox.letter import RequestLetter
from appliance.outbox.mail import envelope
from appliance.outbox.states import MessageKind
from appliance.outbox.words import date_in_words, rendered, time_in_words
from appliance.settings import Settings

KINDS = {
    "confirm": MessageKind.REQUEST_CONFIRM,
    "offer": MessageKind.REQUEST_OFFER,
    "decline": MessageKind.REQUEST_DECLINE,
}
SUBJECTS = {
    MessageKind.REQUEST_CONFIRM: N_("Bitte bestätigen Sie Ihre Anfrage"),
    MessageKind.REQUEST_OFFER: N_("Zeiten für Ihren Video-Termin"),
    MessageKind.REQUEST_DECLINE: N_("Ihre Anfrage für einen Video-Termin"),
}


def composed_request(
    letter: RequestLetter, settings: Settings, message_id: str, now: datetime
) -> EmailMessage:
    """The whole mail. Raises ``ValueError`` when a header would hold a line break."""
    kind = KINDS[letter.step]
    zone = ZoneInfo(settings.agency.time_zone)
    times = [
        (date_in_words(at, zone, letter.language), time_in_words(at, zone, letter.language))
        for at in letter.slots
    ]
    texts = rendered(
        kind.value,
        letter.language,
        translations(letter.language).gettext(SUBJECTS[kind]),
        letter=letter,
        agency=settings.agency,
        times=times,
        base_url=settings.web.base_url.rstrip("/"),
    )
    return envelope(texts, letter, settings, message_id, now)
