"""What can be true instead of what was wished, each with a stable code and a German sentence."""

from __future__ import annotations

from typing import ClassVar

from appliance.i18n import N_


class KioskError(Exception):
    """Base. ``code`` is stable, ``sentence`` a message id of the catalogues."""

    code: ClassVar[str] = "kiosk_failed"
    sentence: ClassVar[str] = N_("Das geht mit diesem Kiosk nicht.")


class KioskNameEmpty(KioskError):
    """A kiosk says where it stands."""

    code = "kiosk_name_empty"
    sentence = N_("Bitte sagen Sie, wo der Kiosk steht.")


class KioskUnknown(KioskError):
    """No kiosk has this id (any more)."""

    code = "kiosk_unknown"
    sentence = N_("Diesen Kiosk gibt es nicht mehr.")


class CodeUnknown(KioskError):
    """No kiosk waits for this code, or it has been used or is too old: one answer for all."""

    code = "kiosk_code_unknown"
    sentence = N_("Dieser Code gilt nicht. Bitte lassen Sie sich einen neuen geben.")
