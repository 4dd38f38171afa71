"""What is in the way of a wish about a conference: stable codes, plain German sentences."""

from __future__ import annotations

from typing import ClassVar

from appliance.i18n import N_


class ConferenceError(Exception):
    """A wish that cannot be met; nothing has changed. ``sentence`` is a message id."""

    code: ClassVar[str] = "conference_error"
    sentence: ClassVar[str] = N_("Das geht in dieser Konferenz gerade nicht.")


class ConferenceUnknown(ConferenceError):
    """No such conference, it is over, or it is none of this person's business."""

    code = "conference_unknown"
    sentence = N_("Diese Konferenz gibt es nicht mehr.")


class RoomUnknown(ConferenceError):
    """Name and secret of a link lead to no open room: wrong, closed and gone are all alike."""

    code = "room_unknown"
    sentence = N_("Dieser Raum ist nicht offen.")


class ConferenceFull(ConferenceError):
    """Six are inside."""

    code = "conference_full"
    sentence = N_("Der Raum ist voll. Es sind schon sechs Personen darin.")


class NotWelcome(ConferenceError):
    """The client of this conversation has said no."""

    code = "not_welcome"
    sentence = N_("Die Person möchte das nicht. Sie kommen nicht dazu.")


class Elsewhere(ConferenceError):
    """The adviser is in another conference, or announced to somebody's client."""

    code = "conference_running"
    sentence = N_("Sie sind gerade in einer Konferenz.")


class MemberUnknown(ConferenceError):
    """Nobody like this is in or before the room any more."""

    code = "member_unknown"
    sentence = N_("Diese Person ist nicht mehr da.")


class NotHost(ConferenceError):
    """Only whoever leads the conference may do this."""

    code = "not_host"
    sentence = N_("Das kann nur, wer die Konferenz leitet.")


class TooManyKnock(ConferenceError):
    """More guests before the door than anybody could look after."""

    code = "too_many_knock"
    sentence = N_("Vor diesem Raum warten schon sehr viele Personen.")


class LinkNotSendable(ConferenceError):
    """No mail server or SMS gateway is set up, or the address is none."""

    code = "link_not_sendable"
    sentence = N_("Dorthin können wir den Link nicht senden. Bitte prüfen Sie die Adresse.")
