"""What a new box still lacks before clients can come, as steps with the page to go to."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.i18n import N_
from appliance.web.parts import parts


@dataclass(frozen=True, slots=True)
class Step:
    """Message ids of the catalogues; ``address`` of the page where it is done."""

    why: str
    button: str
    address: str


MAIL = Step(
    N_("Ohne Mailserver gehen keine Einladungen hinaus. Ihre IT trägt ihn ein."),
    N_("Postausgang ansehen"),
    "/console/mail",
)
PEOPLE = Step(
    N_("Außer Ihnen hat noch niemand einen Zugang."),
    N_("Zugang anlegen"),
    "/console/accounts",
)
TOPICS = Step(
    N_("Es gibt noch kein Thema. Ohne Themen kann niemand online einen Termin anfragen."),
    N_("Thema anlegen"),
    "/console/topics",
)
LEGAL = Step(
    N_("Das Impressum nennt noch nicht, wer das Amt vertritt. Ihre IT trägt es ein."),
    N_("Impressum ansehen"),
    "/impressum",
)


async def first_steps() -> list[Step]:
    """Those that are left, the most needed first."""
    settings = parts().settings
    lacking = {
        MAIL: not settings.mail.host,
        PEOPLE: len(await parts().advisers.everybody()) < 2,
        TOPICS: not await parts().topics.everything(),
        LEGAL: not settings.agency.represented_by,
    }
    return [step for step, is_lacking in lacking.items() if is_lacking]
