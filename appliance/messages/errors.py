"""What is in the way of working on a message; each with a stable code."""

from __future__ import annotations

from typing import ClassVar

from appliance.i18n import N_


class MessageError(Exception):
    """Base; sentences are message ids of the catalogues."""

    code: ClassVar[str]
    sentence: ClassVar[str]


class LeftMessageUnknown(MessageError):
    """There is none with this id, or it is a colleague's."""

    code = "left_message_unknown"
    sentence = N_("Diese Mitteilung gibt es nicht mehr.")


class LeftMessageChanged(MessageError):
    """Somebody was quicker: it is in another state by now."""

    code = "left_message_changed"
    sentence = N_("Jemand war schneller. Die Liste zeigt den neuesten Stand.")


class LeftMessageTwice(MessageError):
    """The visit has left one already, as by a second click; that one stays."""

    code = "left_message_twice"
    sentence = N_("Ihre Nachricht ist schon da.")


class TextBlockInvalid(MessageError):
    """It is empty, too long, or has invisible characters."""

    code = "text_block_invalid"
    sentence = N_("Bitte schreiben Sie einen Text mit höchstens 500 Zeichen.")


class TextBlocksFull(MessageError):
    """There are as many as can be found again in a conversation."""

    code = "text_blocks_full"
    sentence = N_("Es gibt schon 50 Textbausteine. Bitte löschen Sie zuerst einen.")


class TextBlockUnknown(MessageError):
    """There is none with this id, or it is a colleague's."""

    code = "text_block_unknown"
    sentence = N_("Diesen Textbaustein gibt es nicht mehr.")
