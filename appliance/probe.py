"""Asks the running web process over its own listening address whether it is ready."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

from appliance.settings import WebSettings

TIMEOUT_S = 5.0


def ready(settings: WebSettings) -> tuple[bool, str]:
    """Whether ``/readyz`` answers 200, and what it said (or that nobody answered)."""
    status, said = _answer(settings, "/readyz")
    return status == 200, said


def asked(settings: WebSettings, path: str) -> tuple[int | None, Any]:
    """Status and JSON of a page of our own; None and a sentence when nobody answered."""
    status, said = _answer(settings, path)
    try:
        return status, json.loads(said) if status is not None else said
    except ValueError:
        return status, None


def _answer(settings: WebSettings, path: str) -> tuple[int | None, str]:
    try:
        connection = _connection(settings)
    except (OSError, ValueError) as error:  # the certificate cannot be read
        return None, f"cannot be asked: {type(error).__name__}"
    try:
        connection.request("GET", path, headers={"Host": urlsplit(settings.base_url).netloc})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return None, f"no answer: {type(error).__name__}"
    finally:
        connection.close()


def _connection(settings: WebSettings) -> http.client.HTTPConnection:
    """To the first TCP address that we listen on; a systemd socket is reached by the base URL."""
    url = urlsplit(settings.base_url)
    host, port = url.hostname or "localhost", url.port or (443 if url.scheme == "https" else 80)
    for bind in settings.bind:
        if "://" not in bind and not bind.startswith("unix:"):
            listening = urlsplit(f"//{bind}")
            host, port = listening.hostname or host, listening.port or port
            host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - replaced
            break
    if settings.certificate_file is None:
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    # The box asks itself; the certificate names the public host, and no secret is sent.
    context = ssl.create_default_context(cafile=str(settings.certificate_file))
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the agency's root is not in its file
    return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context)
