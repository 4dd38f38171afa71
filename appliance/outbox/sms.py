"""Sends an SMS by the agency's own gateway: a POST of JSON, nothing more is assumed about it."""

from __future__ import annotations

import ssl

import httpx2

from appliance.outbox.states import Failure
from appliance.secret_files import read_secret
from appliance.settings import SmsSettings

TIMEOUT_S = 10.0
TRY_AGAIN = frozenset({408, 425, 429})
LOGIN = frozenset({401, 403, 407})


async def send_sms(settings: SmsSettings, to: str, text: str) -> Failure:
    """``Failure.NONE`` when the gateway took it. Follows no redirect, uses no foreign proxy."""
    headers = {}
    if settings.token_file is not None:
        token = read_secret(settings.token_file)
        headers["Authorization"] = f"Bearer {token}"
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
            answer = await client.post(settings.url, json={"to": to, "text": text}, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Failure.TLS if isinstance(error.__cause__, ssl.SSLError) else Failure.UNREACHABLE
    return _failure(answer.status_code)


def _failure(status: int) -> Failure:
    if 200 <= status < 300:
        return Failure.NONE
    if status in LOGIN:
        return Failure.LOGIN_REFUSED
    if 400 <= status < 500 and status not in TRY_AGAIN:
        return Failure.RECIPIENT_REFUSED
    return Failure.REFUSED_FOR_NOW
