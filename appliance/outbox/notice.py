"""A plain mail to the agency's own IT: no person is named in it, and nothing can be clicked."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from appliance.outbox.mail import POLICY, head
from appliance.settings import Settings


def notice(
    recipient: str, subject: str, text: str, settings: Settings, message_id: str, now: datetime
) -> EmailMessage:
    """Raises ``ValueError`` when a header would hold a line break."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(display_name=settings.agency.name, addr_spec=settings.agency.email)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = subject
    head(mail, settings, settings.agency.language, message_id, now)
    mail.set_content(text)
    return mail
