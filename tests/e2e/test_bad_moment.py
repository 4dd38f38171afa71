"""Going in the very moment when the connection is away: said once is enough."""

import os
import signal

import pytest

from tests.e2e import walk
from tests.e2e.test_bad_people import PHONE, agree, state, to_consent_by_text

pytestmark = [pytest.mark.timeout(120), pytest.mark.patient]


async def test_it_works(appliance, people):
    """A consent that is withdrawn while web is away is withdrawn when it is back."""
    _, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client", viewport=PHONE)
    await to_consent_by_text(client, booked)
    await agree(client)
    await state(client, booked.password)
    await client.see("Sie müssen nichts tun")
    os.kill(appliance.pid("serve"), signal.SIGKILL)
    await client.see("Die Verbindung ist unterbrochen")
    await client.click("button", "Einwilligung widerrufen")
    await client.see("Das erreicht uns, sobald die Verbindung wieder da ist.")
    await client.see("Ihre Einwilligung ist widerrufen")
