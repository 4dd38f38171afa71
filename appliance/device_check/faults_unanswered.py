"""Faults of the catalogue that no cause answers, each with the reason and what we do instead.

``tests/rules/test_faults.py`` fails when a fault is neither answered nor here, or both.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.i18n import N_


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why no cause names the fault. Both texts are msgids, one plain sentence each."""

    why: str
    instead: str


# What a web page cannot find out at all.
NOT_DETECTABLE: dict[str, Unanswered] = {
    "vpn_or_many_adapters": Unanswered(
        N_("Browser zeigen einer Seite weder VPN noch Netz-Adapter."),
        N_("Kommt nichts an, nennen die Schritte zuerst das VPN."),
    ),
    "ipv6_only": Unanswered(
        N_("Eine Seite sieht nicht, wie das Netz Adressen umsetzt."),
        N_("Kommt Bild und Ton beim Relay an, ist nichts zu tun."),
    ),
}

# Found, but shown in another place than the check's findings, or mended without a word.
TOLD_ELSEWHERE: dict[str, Unanswered] = {
    "ios_other_browser": Unanswered(
        N_("Er zeigt sich als gesperrtes Video-Gespräch."),
        N_("Auf iPhone und iPad nennen die Schritte dann Safari."),
    ),
    "embedded_without_permission": Unanswered(
        N_("Der Browser öffnet unsere Seite dort gar nicht erst."),
        N_("Der Link aus der E-Mail öffnet ein eigenes Fenster."),
    ),
    "signalling_blocked": Unanswered(
        N_("Ohne Verbindung kann der Server kein Ergebnis zeigen."),
        N_("Die Seite selbst sagt es und nennt ein anderes Netz und das Telefon."),
    ),
    "link_open_twice": Unanswered(
        N_("Die ältere Seite verliert den Termin, ein Test ist nicht nötig."),
        N_("Die Seite bietet an, hier weiterzumachen."),
    ),
    "talks_while_muted": Unanswered(
        N_("Es fällt erst im Gespräch auf."),
        N_("Dort sagt die Seite: „Sie sprechen, aber Ihr Mikrofon ist aus.“"),
    ),
    "tab_hidden": Unanswered(
        N_("Der Test wartet, solange seine Seite nicht zu sehen ist."),
        N_("Danach beginnt er von selbst neu."),
    ),
    "output_switch_fails": Unanswered(
        N_("Die Seite nimmt dann den nächsten Lautsprecher."),
        N_("Die gesprochene Zahl zeigt, ob er zu hören ist."),
    ),
    "no_screen_sharing": Unanswered(
        N_("Ohne die Schnittstelle gibt es nichts zu beheben."),
        N_("Der Knopf zum Teilen ist dort nicht zu sehen."),
    ),
}

# Not found yet. Whoever adds the first cause takes the line away.
NOT_YET: dict[str, Unanswered] = {}
