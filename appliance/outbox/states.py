"""The words of the outbox."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from appliance.i18n import N_

MailWord = Literal["none", "waiting", "sent", "failed", "kept"]


class MessageKind(StrEnum):
    """What a message is for."""

    INVITATION = "invitation"
    CANCELLATION = "cancellation"
    SHORT_NOTICE = "short_notice"  # the link alone, to somebody who is on the phone
    PASSWORD_SMS = "password_sms"  # noqa: S105 - a word, not a password
    LINK_SMS = "link_sms"
    REMINDER = "reminder"
    REMINDER_SMS = "reminder_sms"
    REQUEST_CONFIRM = "request_confirm"  # is this address yours?
    REQUEST_OFFER = "request_offer"  # times to pick from
    REQUEST_DECLINE = "request_decline"
    NOTICE = "notice"  # to the agency's own IT


SMS = frozenset({MessageKind.PASSWORD_SMS, MessageKind.LINK_SMS, MessageKind.REMINDER_SMS})


class MessageState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"  # will be sent, or tried again
    SENT = "sent"  # the next server has it; the body is erased
    FAILED = "failed"  # given up; staff have to use another way
    KEPT = "kept"  # no server is configured: readable by the administrator alone
    WITHDRAWN = "withdrawn"  # no longer true before it was sent; the body is erased


class Failure(StrEnum):
    """Why the last try did not work."""

    NONE = "none"
    UNREACHABLE = "unreachable"  # no connection, time-out, broken off
    TLS = "tls"  # certificate or encryption
    LOGIN_REFUSED = "login_refused"  # the server does not take our login
    REFUSED_FOR_NOW = "refused_for_now"  # a 4xx answer
    RECIPIENT_REFUSED = "recipient_refused"  # no such mailbox or number
    MESSAGE_REFUSED = "message_refused"  # the server does not take this message
    TOO_LATE = "too_late"  # the appointment was over before it could be sent
    NOT_TRIED = "not_tried"  # something on this box is wrong; the log says what


FINAL = frozenset({Failure.RECIPIENT_REFUSED, Failure.MESSAGE_REFUSED, Failure.TOO_LATE})

# What staff read, and what they can do.
SENTENCES: dict[Failure, str] = {
    Failure.NONE: "",
    Failure.UNREACHABLE: N_("Der Server ist nicht erreichbar. Wir versuchen es weiter."),
    Failure.TLS: N_(
        "Die verschlüsselte Verbindung zum Server kam nicht zustande. "
        "Bitte verständigen Sie die IT."
    ),
    Failure.LOGIN_REFUSED: N_(
        "Der Server nimmt unsere Anmeldung nicht an. Bitte verständigen Sie die IT."
    ),
    Failure.REFUSED_FOR_NOW: N_(
        "Der Server nimmt die Nachricht gerade nicht an. Wir versuchen es weiter."
    ),
    Failure.RECIPIENT_REFUSED: N_(
        "Diese Adresse oder Nummer gibt es nicht. Bitte rufen Sie den Gast an."
    ),
    Failure.MESSAGE_REFUSED: N_("Der Server lehnt die Nachricht ab. Bitte rufen Sie den Gast an."),
    Failure.TOO_LATE: N_("Der Termin war vorbei, bevor die Nachricht gesendet werden konnte."),
    Failure.NOT_TRIED: N_("Die Nachricht ließ sich nicht senden. Bitte verständigen Sie die IT."),
}
