"""A mail of the set-up page, to see whether the agency's server takes what we send."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from appliance.outbox.smtp import send_mail
from appliance.outbox.states import Failure
from appliance.settings import MailSettings

SUBJECT = "Video-Termin: Probe / test"
TEXT = """\
Diese E-Mail ist die Probe bei der Einrichtung der Video-Termine.
Kommt sie an, kommen auch Einladungen an. Sie müssen nichts tun.

This is the test mail from setting up video appointments.
If it arrives, so will invitations. There is nothing to do.
"""


async def try_mail(
    settings: MailSettings, sender: str, name: str, to: str, now: datetime
) -> Failure:
    """Sends it; ``Failure.NONE`` when the server took it, ``NOT_TRIED`` when we could not ask."""
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = Address(display_name=name, addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = SUBJECT
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rsplit("@", 1)[-1])
    mail.set_content(TEXT)
    try:
        return await send_mail(settings, sender, to, mail.as_bytes())
    except OSError:  # the password's file
        return Failure.NOT_TRIED
