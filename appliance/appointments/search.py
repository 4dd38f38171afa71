"""Finding an appointment by what somebody says on the telephone. Pure."""

from __future__ import annotations

import re

from appliance.appointments.models import Appointment

SHORTEST = 3  # characters: fewer would find half the house
SHORTEST_DIGITS = 4

_NO_DIGIT = re.compile(r"\D")


def matches(appointment: Appointment, wanted: str) -> bool:
    """By parts of the name, the whole mail address or customer number, or digits.

    Digits are those of the session number or the telephone number, spaced and prefixed as one
    likes. Fewer than ``SHORTEST`` characters match nothing.
    """
    words = wanted.casefold().split()
    if len("".join(words)) < SHORTEST:
        return False
    name = appointment.client_name.casefold()
    if all(word in name for word in words):
        return True
    if wanted.casefold().strip() in _whole(appointment):
        return True
    return _by_digits(appointment, wanted)


def _whole(appointment: Appointment) -> set[str]:
    texts = (appointment.client_email, appointment.customer_number)
    return {text.casefold() for text in texts if text}


def _by_digits(appointment: Appointment, wanted: str) -> bool:
    if any(character.isalpha() for character in wanted):
        return False
    digits = _NO_DIGIT.sub("", wanted)
    phone = _NO_DIGIT.sub("", appointment.client_phone)
    within = ((digits, appointment.session_number or ""), (digits.lstrip("0"), phone))
    return any(len(part) >= SHORTEST_DIGITS and part in whole for part, whole in within)
