"""What happens to an appliance: no mail server, a locked database, a full disk.

The lock is held by another connection with BEGIN IMMEDIATE, the full disk is a small tmpfs over the
data (mounting it needs root).
"""

import asyncio
import contextlib
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from appliance.outbox.models import OutboxMessage
from appliance.settings import Settings
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from appliance.web.health import FREE_BYTES
from tests.e2e import walk
from tests.e2e.conftest import Appliance, Mailbox, free_port, running

pytestmark = [pytest.mark.timeout(240), pytest.mark.patient]

TYPED = {
    "starts_at_time": "10:00",
    "duration_min": "30",
    "client_name": "Ayşe Öztürk",
    "client_email": "ayse@example.org",
    "topic": "Antrag auf Förderung",
    "customer_number": "K-4711",
}


async def fill_in(adviser: Any, appliance: Appliance, days: int) -> dict[str, str]:
    """The booking form, filled in for some day."""
    day = datetime.now(walk.ZONE) + timedelta(days=days)
    typed = TYPED | {"starts_on": day.strftime("%Y-%m-%d")}
    await adviser.page.goto(f"{appliance.url}/console/appointments/new")
    for name, value in typed.items():
        await adviser.page.locator(f"[name={name}]").fill(value)
    return typed


@contextlib.contextmanager
def database_of(appliance: Appliance) -> Iterator[Database]:
    """Beside the running programs."""
    folder = appliance.box.folder
    database = Database.open(Settings(data_dir=folder / "data", runtime_dir=folder / "run"))
    try:
        yield database
    finally:
        database.close()


async def test_it_works(tmp_path, people):
    """No mail server: the mail waits, staff see it; it is sent once the server is there."""
    mailbox, port = Mailbox(), free_port()
    async with running(tmp_path / "box", port, mailbox) as appliance:
        adviser = await people("adviser")
        await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
        await fill_in(adviser, appliance, days=1)
        await adviser.click("button", "Termin anlegen und einladen")
        await told_by_reloading(
            adviser, "Der Server ist nicht erreichbar. Wir versuchen es weiter."
        )
        await adviser.see("Mail wird gesendet")
        smtp = Controller(mailbox, hostname="127.0.0.1", port=port)
        smtp.start()
        try:
            with database_of(appliance) as database:
                database.write_sync(let_the_pause_pass)
            mail = await mailbox.newest("ayse@example.org")
            assert "/v#" in str(mail.get_body(("plain",)))
            await told_by_reloading(adviser, "Mail gesendet")
        finally:
            smtp.stop()


async def told_by_reloading(adviser: Any, words: str) -> None:
    """The appointment's page says so, sooner or later."""
    for _ in range(60):
        if await adviser.page.get_by_text(words).is_visible():
            return
        await asyncio.sleep(0.25)
        await adviser.page.reload()
    raise TimeoutError(words)


def let_the_pause_pass(session: Any) -> None:
    """As if the half minute before the next try were over."""
    message = session.exec(select(OutboxMessage)).one()
    message.next_try_at = utcnow()


@contextlib.contextmanager
def locked(appliance: Appliance) -> Iterator[None]:
    """Another connection has begun to write and does not end."""
    with database_of(appliance) as database:
        connection = database.engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
            connection.close()


async def test_a_locked_database(appliance, people):
    adviser = await people("adviser")
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    typed = await fill_in(adviser, appliance, days=1)
    with locked(appliance):
        await adviser.click("button", "Termin anlegen und einladen")
        await adviser.see("Die Datenbank ist gerade belegt.", 30)
        await adviser.see("Bitte versuchen Sie es gleich noch einmal.")
    await booked_after_all(adviser, typed)


async def booked_after_all(adviser: Any, typed: dict[str, str]) -> None:
    """Nothing that was typed is lost, and the same button works now."""
    for name, value in typed.items():
        assert await adviser.page.locator(f"[name={name}]").input_value() == value
    await adviser.click("button", "Termin anlegen und einladen")
    await adviser.see("Geplant")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk that has just enough room for an appliance to call itself ready."""
    folder.mkdir(mode=0o700, parents=True)
    mount = (
        "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={FREE_BYTES + 2**22},mode=0700",
        "tmpfs",
        str(folder),
    )
    subprocess.run(mount, check=True)
    try:
        yield folder
    finally:
        subprocess.run(("umount", "--lazy", str(folder)), check=True)


def fill_up(folder: Path) -> Path:
    """Not one byte more fits."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 4096):  # coarse, then fine
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass
    return filler


async def test_a_full_disk(tmp_path, people):
    """Booking is refused in words and can be repeated; a running conversation goes on."""
    mailbox, port = Mailbox(), free_port()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=port)
    smtp.start()
    try:
        with small_disk(tmp_path / "box" / "data") as disk:
            async with running(tmp_path / "box", port, mailbox) as appliance:
                await a_full_disk(appliance, people, disk)
    finally:
        smtp.stop()


async def a_full_disk(appliance: Appliance, people: Any, disk: Path) -> None:
    """With a conversation by text, and a second person at another desk who books."""
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client")
    await walk.arrive(client, booked)
    await walk.check_by_text(client)
    await walk.consent_and_identity(client, booked)
    await adviser.click("button", "Hereinbitten")
    await client.see("Sie schreiben mit Frau Yılmaz.")
    colleague = await people("adviser")
    staff = await walk.add_adviser(appliance, "weber", "Herr Weber")
    await walk.log_in(colleague, appliance, staff)
    typed = await fill_in(colleague, appliance, days=1)
    filler = fill_up(disk)
    await colleague.click("button", "Termin anlegen und einladen")
    await colleague.see("Der Speicher des Geräts ist voll.")
    await colleague.see("Bitte verständigen Sie die IT.")
    await client.fill("Ihre Nachricht im Chat", "Es geht noch")
    await client.click("button", "Senden")
    await adviser.see("Es geht noch")
    filler.unlink()
    await booked_after_all(colleague, typed)
    await adviser.click("button", "Beenden E")
    await adviser.click("button", "Beenden: alles besprochen")
    await client.see("Sie können dieses Fenster jetzt schließen.")
