"""The appliance of the browser tier, and the desk that is told what clients are not."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiosmtpd.controller import Controller
from playwright.async_api import Playwright

from appliance.device_check.remedies import CAUSES
from appliance.supervise import Box, Supervisor
from tests.e2e import conftest, walk
from tests.e2e.chromium import Chromium, Devices

# Who closes a test page keeps its analyser for a minute; a bench opens the next page at once.
ANALYSERS = 10


@asynccontextmanager
async def appliance() -> AsyncIterator[conftest.Appliance]:
    """All programs in a folder that is gone afterwards, with a mail server and one adviser."""
    mailbox = conftest.Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=conftest.free_port())
    smtp.start()
    with tempfile.TemporaryDirectory(prefix="bench-check-box-") as folder:
        mail = {"HOST": "127.0.0.1", "PORT": str(smtp.port), "ENCRYPTION": "none"}
        extra = {f"VORZIMMER_MAIL__{name}": value for name, value in mail.items()}
        extra["VORZIMMER_CHECK__ANALYSERS"] = str(ANALYSERS)
        ports = (conftest.free_port(), conftest.free_port(socket.SOCK_DGRAM))
        box = Box(Path(folder) / "box", *ports, extra)
        box.make_folders()
        first = await conftest.first_data()
        shutil.copytree(first.folder / "data", box.folder / "data", dirs_exist_ok=True)
        supervisor = Supervisor(box)
        await supervisor.start()
        staff = {first.staff.login: first.staff}
        try:
            yield conftest.Appliance(box, supervisor, mailbox, smtp.port, staff)
        finally:
            await supervisor.stop()
            smtp.stop()


class Desk:
    """An adviser of its own, with one client expected: others' would be at the same time."""

    def __init__(self, playwright: Playwright) -> None:
        self.adviser = Chromium(playwright, None, None, Devices.NONE)
        self.read: list[str] = []

    async def open(self, one: conftest.Appliance) -> walk.Booked:
        """Logs in and books. Gives back what the client has in hands."""
        await self.adviser.start()
        self.adviser.page.on("websocket", lambda socket: socket.on("framereceived", self._take))
        number = len(one.staff)
        staff = await walk.add_adviser(one, f"desk{number}", f"Desk {number}")
        await walk.log_in(self.adviser, one, staff)
        return await walk.book(self.adviser, one, client_email=f"client{number}@example.org")

    def _take(self, data: str | bytes) -> None:
        with suppress(ValueError, TypeError):
            self.read.append(json.dumps(json.loads(data), ensure_ascii=False))

    def told(self, cause: str) -> bool:
        """Whether the desk has read of this, beside a camera that may have passed."""
        return any(CAUSES[cause].staff in words for words in self.read)
