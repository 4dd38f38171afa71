"""What the agency's directory says of whoever has logged in: the ID token, checked.

Loading authlib takes half a second: only whoever logs in this way waits for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from appliance.advisers.errors import LoginRefused

LEEWAY_S = 60  # between two clocks
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384"]
SUBJECT_CHARACTERS = 255  # OpenID Connect Core 1.0, section 2


class Wanted(NamedTuple):
    """From whom, for whom, and for which login the token must be."""

    issuer: str
    client_id: str
    nonce: str


def challenge(verifier: str) -> str:
    """Of PKCE (RFC 7636), by SHA-256."""
    return str(create_s256_code_challenge(verifier))


def subject(token: Any, keys: dict[str, Any], wanted: Wanted, now: datetime) -> str:
    """Whose it is, as the directory names them. Raises ``LoginRefused``."""
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(cast(Any, keys)), algorithms=ALGORITHMS)
        claims = _claims(decoded.claims, decoded.header, wanted)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
        found = claims["sub"]
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise LoginRefused from error
    if not isinstance(found, str) or not 0 < len(found) <= SUBJECT_CHARACTERS:
        raise LoginRefused
    return found


def _claims(claims: Any, header: Any, wanted: Wanted) -> Any:
    options = {
        "iss": {"essential": True, "value": wanted.issuer},
        "aud": {"essential": True, "value": wanted.client_id},
    }
    about = {"nonce": wanted.nonce, "client_id": wanted.client_id}
    return CodeIDToken(claims, header, options, about)
