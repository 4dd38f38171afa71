"""What can be true instead of what was wished, each with a stable code and a German sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from appliance.i18n import N_


class AppointmentError(Exception):
    """Base. ``code`` is stable, ``sentence`` a message id of the catalogues."""

    code: ClassVar[str] = "appointment_failed"
    sentence: ClassVar[str] = N_("Das ist mit diesem Termin nicht möglich.")


class AppointmentUnknown(AppointmentError):
    """No appointment has this id."""

    code = "appointment_unknown"
    sentence = N_("Diesen Termin gibt es nicht (mehr).")


class AppointmentNotPlanned(AppointmentError):
    """It was held, missed, moved or cancelled before."""

    code = "appointment_not_planned"
    sentence = N_("Dieser Termin ist schon abgeschlossen, verschoben oder abgesagt.")


class SlotTaken(AppointmentError):
    """The adviser has another planned appointment at that time.

    ``taken``: of a series, when those start that cannot be booked.
    """

    code = "slot_taken"
    sentence = N_("Zu dieser Zeit haben Sie schon einen anderen Termin.")

    def __init__(self, taken: Sequence[datetime] = ()) -> None:
        super().__init__()
        self.taken = tuple(taken)


class PasswordGone(AppointmentError):
    """The slot is over, the session password is no longer kept."""

    code = "session_password_gone"
    sentence = N_("Das Passwort wird nach dem Termin gelöscht.")


class NowhereToSend(AppointmentError):
    """A link was to go to an address or number that is not there, or without a gateway."""

    code = "nowhere_to_send"
    sentence = N_("Dafür fehlt am Termin die E-Mail-Adresse oder die Mobilnummer.")


class TopicUnknown(AppointmentError):
    """No topic has this id, or clients cannot ask for it."""

    code = "topic_unknown"
    sentence = N_("Dieses Thema gibt es nicht (mehr).")


class RequestUnknown(AppointmentError):
    """No request has this id or secret, or it is a colleague's: one answer for all."""

    code = "request_unknown"
    sentence = N_(
        "Diese Anfrage kennen wir nicht. Bitte nehmen Sie den Link aus der neuesten E-Mail."
    )


class RequestNotOpen(AppointmentError):
    """It was answered, booked, withdrawn or declined before."""

    code = "request_not_open"
    sentence = N_("Diese Anfrage ist schon beantwortet oder beendet.")


class RequestChangedMeanwhile(AppointmentError):
    """Somebody was quicker: it is not what the page showed."""

    code = "request_changed_meanwhile"
    sentence = N_("Jemand war schneller. Die Liste zeigt den neuesten Stand.")


class SlotGone(AppointmentError):
    """The offered time is taken or over by now; the others can still be picked."""

    code = "slot_gone"
    sentence = N_("Diese Zeit ist leider nicht mehr frei.")


class BookingInvalid(AppointmentError):
    """Something in the booking cannot be right.

    ``mistakes`` maps the field's name to a German sentence (a message id of the catalogues).
    """

    code = "booking_invalid"
    sentence = N_("Bitte prüfen Sie die markierten Angaben.")

    def __init__(self, mistakes: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(mistakes)))
        self.mistakes = mistakes


class LinkError(AppointmentError):
    """The link or number does not lead in."""

    code = "link_error"


class LinkUnknown(LinkError):
    """No such secret, or not even the shape of one: the same answer for both."""

    code = "link_unknown"
    sentence = N_(
        "Diesen Link kennen wir nicht. Bitte öffnen Sie den Link aus Ihrer E-Mail noch einmal."
    )


class LinkRevoked(LinkError):
    """The message's link was taken back; a newer message has a valid one."""

    code = "link_revoked"
    sentence = N_(
        "Dieser Link gilt nicht mehr. Bitte nehmen Sie den Link aus der neuesten Nachricht."
    )


class LinkExpired(LinkError):
    """The appointment is over."""

    code = "link_expired"
    sentence = N_("Ihr Termin ist vorbei. Dieser Link öffnet sich nicht mehr.")


class LinkCancelled(LinkError):
    """The appointment was cancelled."""

    code = "link_cancelled"
    sentence = N_("Dieser Termin wurde abgesagt.")


class NumberUnknown(LinkError):
    """No such number, or not in its slot: one answer for all, so that sweeping learns nothing."""

    code = "number_unknown"
    sentence = N_("Mit dieser Nummer öffnet sich gerade kein Termin. Bitte prüfen Sie die Nummer.")


class FeedUnknown(AppointmentError):
    """No calendar has this address (any more)."""

    code = "feed_unknown"
    sentence = N_("Unter dieser Adresse gibt es keinen Kalender (mehr).")
