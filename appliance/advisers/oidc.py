"""Logging in by the agency's own directory: OpenID Connect, code flow with PKCE.

Only the subject of the ID token is used: whose account it is was settled by an administrator.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2

from appliance.advisers.errors import DirectoryUnavailable, LoginRefused
from appliance.secret_files import read_secret
from appliance.settings import OidcSettings
from appliance.storage.clock import Clock

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Pending:
    """What the browser keeps while it is at the directory."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Pending:
        """256 bit each."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


class Directory:
    """The provider. Nothing is asked of it before somebody logs in by it."""

    def __init__(self, settings: OidcSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    @property
    def configured(self) -> bool:
        """Whether there is one."""
        return bool(self._settings.issuer and self._settings.client_id)

    async def address(self, pending: Pending, back: str) -> str:
        """Where the browser goes; ``back`` is where it returns. Raises ``DirectoryUnavailable``."""
        from appliance.advisers import id_token  # half a second of a start, for one in many boxes

        said = await self._described()
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self._settings.client_id,
            "redirect_uri": back,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": id_token.challenge(pending.verifier),
            "code_challenge_method": "S256",
        }
        return f"{said['authorization_endpoint']}?{urlencode(asked)}"

    async def subject(self, code: str, pending: Pending, back: str) -> str:
        """Who has logged in there. Raises ``LoginRefused`` or ``DirectoryUnavailable``."""
        from appliance.advisers import id_token  # as above

        said = await self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": pending.verifier,
        }
        login = httpx2.BasicAuth(self._settings.client_id, self._secret())
        token = await self._asked("POST", said["token_endpoint"], data=form, auth=login)
        keys = await self._asked("GET", said["jwks_uri"])
        wanted = id_token.Wanted(self._settings.issuer, self._settings.client_id, pending.nonce)
        return id_token.subject(token.get("id_token"), keys, wanted, self._clock())

    async def _described(self) -> dict[str, str]:
        issuer = self._settings.issuer
        said = await self._asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if said.get("issuer") != issuer or not all(isinstance(said.get(k), str) for k in needed):
            raise DirectoryUnavailable
        return said

    async def _asked(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
                answer = await client.request(method, address, **more)
            said = answer.json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise DirectoryUnavailable from error
        if 400 <= answer.status_code < 500:
            raise LoginRefused
        if answer.status_code != 200 or not isinstance(said, dict):
            raise DirectoryUnavailable
        return said

    def _secret(self) -> str:
        file = self._settings.client_secret_file
        return read_secret(file) if file else ""
