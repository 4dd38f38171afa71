"""Hands one mail to the agency's mail server."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable

import aiosmtplib

from appliance.outbox.states import Failure
from appliance.secret_files import read_secret
from appliance.settings import MailSettings

TIMEOUT_S = 20.0
LOGIN_WANTED = 530  # RFC 4954: it takes nothing from whoever has not logged in


async def send_mail(settings: MailSettings, sender: str, recipient: str, body: bytes) -> Failure:
    """``Failure.NONE`` when the server took it. Never raises for what a server or network does.

    Raises ``OSError`` for an unreadable password file.
    """
    server = _server(settings, TIMEOUT_S)

    async def send() -> None:
        await server.sendmail(sender, [recipient], body)

    return await _talk(server, send)


async def greet(settings: MailSettings, timeout_s: float = 8.0) -> Failure:
    """Connects, encrypts and logs in as for a mail, and sends none. Raises like ``send_mail``."""
    server = _server(settings, timeout_s)

    async def nothing() -> None:
        await server.noop()

    return await _talk(server, nothing)


def _server(settings: MailSettings, timeout_s: float) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username or None,
        password=_password(settings),
        use_tls=settings.encryption == "tls",
        # Forced, never "if the server offers it": an attacker could take the offer away.
        start_tls=settings.encryption == "starttls",
        timeout=timeout_s,
    )


async def _talk(server: aiosmtplib.SMTP, work: Callable[[], Awaitable[None]]) -> Failure:
    try:
        async with server:
            await work()
    except aiosmtplib.SMTPException as error:
        return failure_of(error)
    except ssl.SSLError:
        return Failure.TLS
    except OSError:
        return Failure.UNREACHABLE
    return Failure.NONE


def failure_of(error: aiosmtplib.SMTPException) -> Failure:
    """What an exception of the SMTP library means for the message."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        refused = error.recipients[0]
        return Failure.RECIPIENT_REFUSED if refused.code >= 500 else Failure.REFUSED_FOR_NOW
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Failure.LOGIN_REFUSED
    if isinstance(error, aiosmtplib.SMTPDataError):
        return Failure.MESSAGE_REFUSED if error.code >= 500 else Failure.REFUSED_FOR_NOW
    if isinstance(error.__cause__, ssl.SSLError):
        return Failure.TLS
    if type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported):
        return Failure.TLS  # it offers no encryption, or no login without one
    if isinstance(error, aiosmtplib.SMTPSenderRefused) and error.code == LOGIN_WANTED:
        return Failure.LOGIN_REFUSED
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | aiosmtplib.SMTPTimeoutError):
        return Failure.UNREACHABLE
    if isinstance(error, aiosmtplib.SMTPConnectError):
        return Failure.UNREACHABLE
    return Failure.REFUSED_FOR_NOW


def _password(settings: MailSettings) -> str | None:
    if settings.password_file is None:
        return None
    return read_secret(settings.password_file)
