"""Takes mails apart."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


def parsed(body: bytes) -> EmailMessage:
    return message_from_bytes(body, policy=default)


def parts_of(body: bytes) -> dict[str, str | bytes]:
    """Content by content type; attachments under "attachment:<type>"."""
    found: dict[str, str | bytes] = {}
    for part in parsed(body).walk():
        if part.is_multipart():
            continue
        prefix = "attachment:" if part.is_attachment() else ""
        found[prefix + part.get_content_type()] = part.get_content()
    return found
