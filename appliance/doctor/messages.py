"""Whether mail server, SMS gateway and directory are there; nothing is sent."""

from __future__ import annotations

import asyncio
import ssl
from typing import Final
from urllib.parse import urlsplit

from appliance.doctor.finding import Finding, ok, unknown, warning, wrong
from appliance.outbox.smtp import greet
from appliance.outbox.states import Failure
from appliance.settings import MailSettings, Settings

LIMIT_S: Final = 8.0
DO: Final = {
    Failure.UNREACHABLE: "Check mail.host, mail.port (587: starttls, 465: tls) and the way there",
    Failure.TLS: (
        "Check mail.encryption (587: starttls, 465: tls). Is the server's certificate of the "
        "house's own authority? Put that to /usr/local/share/ca-certificates/house.crt, "
        "then: update-ca-certificates"
    ),
    Failure.LOGIN_REFUSED: "Check mail.username and mail.password_file",
}


async def examine(settings: Settings) -> list[Finding]:
    """Mail and SMS, and the directory where there is one; at the same time."""
    asked = [_mail(settings.mail)]
    if settings.sms.url:
        asked.append(_there("sms", "SMS gateway", settings.sms.url))
    if settings.oidc.issuer:
        asked.append(_there("directory", "The agency's login", settings.oidc.issuer))
    found = list(await asyncio.gather(*asked))
    if not settings.sms.url:
        found.append(ok("sms", "SMS gateway", "none is set: passwords go by telephone or on paper"))
    return found


async def _mail(settings: MailSettings) -> Finding:
    code, name = "mail", "Mail server"
    if not settings.host:
        says = "none is set: invitations stay on the box"
        return warning(code, name, says, "Set mail.host, or read them under Messages at the desk")
    try:
        failure = await greet(settings)
    except PermissionError as error:
        return unknown(code, name, f"{error.filename} cannot be read", "Ask as root")
    except OSError as error:
        return wrong(code, name, f"mail.password_file: {error.strerror}", "Put the file there")
    where = f"{settings.host} port {settings.port}"
    if failure is Failure.NONE:
        return ok(code, name, f"{where}: connected" + (", logged in" if settings.username else ""))
    do = DO.get(failure, "Look at the mail server's log")
    return wrong(code, name, f"{where}: {failure}", do)


async def _there(code: str, name: str, address: str) -> Finding:
    """Whether somebody listens at the address, with a certificate that we accept."""
    url = urlsplit(address)
    host, secure = url.hostname or "", url.scheme == "https"
    port = url.port or (443 if secure else 80)
    context = ssl.create_default_context() if secure else None
    try:
        async with asyncio.timeout(LIMIT_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except ssl.SSLCertVerificationError as error:
        return wrong(code, name, f"{host}: {error.verify_message}", "Let this box trust it")
    except (OSError, TimeoutError) as error:
        return wrong(
            code, name, f"{host} port {port}: {type(error).__name__}", "Check the way there"
        )
    writer.close()
    return ok(code, name, f"{host} port {port} answers")
