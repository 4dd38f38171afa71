"""What can be true instead of what was wished, each with a stable code and a German sentence."""

from __future__ import annotations

from typing import ClassVar

from appliance.i18n import N_


class ApiKeyError(Exception):
    """Base. ``code`` is stable, ``sentence`` a message id of the catalogues."""

    code: ClassVar[str] = "api_key_failed"
    sentence: ClassVar[str] = N_("Das geht mit diesem Schlüssel nicht.")


class KeyNameEmpty(ApiKeyError):
    """A key says what it is for."""

    code = "key_name_empty"
    sentence = N_("Bitte sagen Sie, wofür der Schlüssel ist.")


class IdempotencyReused(ApiKeyError):
    """The same idempotency key came with another request."""

    code = "idempotency_key_reused"
    sentence = N_("Dieser Idempotency-Key gehört zu einer anderen Buchung.")
