"""What can be wrong with a wish about a visit: stable codes, plain German sentences."""

from __future__ import annotations

from typing import ClassVar

from appliance.i18n import N_


class VisitError(Exception):
    """A wish that cannot be met; the visit is as it was. ``sentence`` is a message id."""

    code: ClassVar[str] = "visit_error"
    sentence: ClassVar[str] = N_("Das geht gerade nicht.")


class VisitUnknown(VisitError):
    """No such visit, or it was deleted."""

    code = "visit_unknown"
    sentence = N_("Diesen Besuch gibt es nicht mehr.")


class Conflict(VisitError):
    """The visit changed since the page last looked: ``revision`` is stale."""

    code = "visit_changed_meanwhile"
    sentence = N_("Inzwischen hat sich etwas geändert. Bitte sehen Sie noch einmal nach.")


class ConsentMissing(VisitError):
    """Something personal would be stored before the client agreed to it."""

    code = "consent_missing"
    sentence = N_("Dafür brauchen wir zuerst Ihre Einwilligung.")


class VisitUnderWay(VisitError):
    """The appointment's conversation is running in another browser."""

    code = "visit_under_way"
    sentence = N_(
        "Ihr Gespräch läuft schon in einem anderen Browser. Bitte sprechen Sie dort weiter."
    )


class WaitingRoomFull(VisitError):
    """As many as the agency allows are there without an appointment for this topic."""

    code = "waiting_room_full"
    sentence = N_("Gerade warten schon zu viele.")
