"""Somebody is stuck in the check and is helped from the desk; for the test and for pictures."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.e2e import walk

Look = Callable[[Any, str], Awaitable[None]]

NOTE = "Mein Browser fragt mich nicht."
ANSWER = "Tippen Sie oben auf das Schloss neben der Adresse."


async def stuck_and_helped(client: Any, adviser: Any, booked: walk.Booked, look: Look) -> None:
    """The client's browser refuses the microphone; ``look`` is called for who, and what it is."""
    await walk.arrive(client, booked)
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    await client.see("Noch einmal versuchen")
    await client.click("button", "Ich brauche Hilfe")
    await client.page.locator("[name=help_note]").fill(NOTE)
    await look(client, "help-asked")
    await client.click("button", "Hilfe anfordern")
    await client.see("Das Amt sieht jetzt, dass Sie Hilfe brauchen.")
    await adviser.see("Braucht Hilfe und möchte eine Antwort hier")
    await adviser.see(NOTE)
    await adviser.see("Das zeigen wir der Person:")
    await look(adviser, "help-desk")
    await adviser.fill("Eine Zeile an die Person", ANSWER)
    await adviser.click("button", "Schreiben")
    await client.see(ANSWER)
    await look(client, "help-client")
    await client.fill("Ihre Antwort", "Bitte rufen Sie lieber an.")
    await client.click("button", "Senden")
    await adviser.see("Bitte rufen Sie lieber an.")
    await adviser.see("hat geschrieben")
    await adviser.click("button", "Habe ich angerufen")
    await client.see("Wir haben Sie angerufen")
    await client.click("button", "Es klappt jetzt")
    await client.page.locator("[data-help]").wait_for(state="hidden")
