"""A whole appliance for the end-to-end tests: real programs, real mail server, real browsers."""

import asyncio
import atexit
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as mail_policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.async_api import async_playwright

from appliance.supervise import Box, Supervisor
from tests.e2e import clips
from tests.e2e.chromium import EXECUTABLE, Chromium, Devices
from tests.e2e.walk import Staff, make_adviser


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that nobody uses right now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """What the mail server has received."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        parsed = BytesParser(policy=mail_policy).parsebytes(envelope.content)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        return "250 OK"

    async def newest(self, to: str, within_s: float = 20, subject: str = "") -> EmailMessage:
        """The newest message to an address with these words in its subject; waits for it."""
        until = asyncio.get_running_loop().time() + within_s
        while True:
            found = [
                one
                for one in self.messages
                if to in str(one["To"]) and subject in str(one["Subject"])
            ]
            if found:
                return found[-1]
            if asyncio.get_running_loop().time() > until:
                raise TimeoutError(f"no mail {subject!r} to {to}")
            await asyncio.sleep(0.1)


@dataclass
class Appliance:
    """The running programs, their folder, and where mail arrives."""

    box: Box
    supervisor: Supervisor
    mailbox: Mailbox
    smtp_port: int
    staff: dict[str, Staff]

    @property
    def url(self) -> str:
        """Where pages are served."""
        return self.box.base_url

    def pid(self, program: str) -> int:
        """Process id of ``serve``, ``media`` or ``analysers``."""
        return self.supervisor.processes[program].pid

    def log(self) -> str:
        """All log lines so far."""
        return self.box.log_file.read_text(errors="replace")


@dataclass(frozen=True)
class FirstData:
    """A migrated database with one member of staff, made once and copied for each appliance."""

    folder: Path
    staff: Staff


_first_data: list[FirstData] = []


async def first_data() -> FirstData:
    """Made by the commands that IT would use; saves each test two seconds."""
    if not _first_data:
        folder = Path(tempfile.mkdtemp(prefix="vorzimmer-first-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        supervisor = Supervisor(Box(folder))
        supervisor.box.make_folders()
        await supervisor.command("migrate")
        staff = await make_adviser(supervisor, "yilmaz", "Frau Yılmaz")
        _first_data.append(FirstData(folder, staff))
    return _first_data[0]


@asynccontextmanager
async def running(
    folder: Path,
    mail_port: int,
    mailbox: Mailbox,
    commands: dict[str, tuple[str, ...]] | None = None,
    settings: dict[str, str] | None = None,
) -> AsyncIterator[Appliance]:
    """All programs, with their data in ``folder`` and their mail server at a port."""
    extra = {
        "VORZIMMER_MAIL__HOST": "127.0.0.1",
        "VORZIMMER_MAIL__PORT": str(mail_port),
        "VORZIMMER_MAIL__ENCRYPTION": "none",
    } | (settings or {})
    box = Box(folder, free_port(), free_port(socket.SOCK_DGRAM), extra, commands or {})
    box.make_folders()
    first = await first_data()
    shutil.copytree(first.folder / "data", folder / "data", dirs_exist_ok=True)
    supervisor = Supervisor(box)
    await supervisor.start()
    try:
        yield Appliance(box, supervisor, mailbox, mail_port, {first.staff.login: first.staff})
    finally:
        if not commands:  # a graceful end waits two seconds for browsers that have gone
            supervisor.processes["serve"].kill()
        await supervisor.stop()
        print(box.log_file.read_text(errors="replace")[-12_000:])  # shown when the test fails


@pytest.fixture
def box_commands() -> dict[str, tuple[str, ...]]:
    """Other command lines for the programs; a test file may say its own."""
    return {}


@pytest.fixture
def box_settings() -> dict[str, str]:
    """Further settings, as variables of the environment; a test file may say its own."""
    return {}


@pytest.fixture
async def appliance(
    tmp_path: Path, box_commands: dict[str, tuple[str, ...]], box_settings: dict[str, str]
) -> AsyncIterator[Appliance]:
    """An appliance of its own for one test, with a real SMTP server."""
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    try:
        async with running(tmp_path / "box", smtp.port, mailbox, box_commands, box_settings) as one:
            yield one
    finally:
        smtp.stop()


@pytest.fixture
async def people() -> AsyncIterator:
    """Starts browsers for people and ends them all: ``await people("client")``.

    ``picture`` and ``sound`` are other clips than the person's own, ``devices`` what the browser
    has: see ``chromium.Devices``. ``program`` may start the browser in another network.
    """
    started: list[Chromium] = []
    async with async_playwright() as playwright:

        async def start(
            who: str,
            picture: Path | None = None,
            sound: Path | None = None,
            devices: Devices = Devices.WORKING,
            program: Path | str = EXECUTABLE,
            **context: Any,
        ) -> Chromium:
            clip = picture or clips.picture(who), sound or clips.speech(who)
            person = Chromium(playwright, *clip, devices, program=program)
            started.append(await person.start(**context))
            return person

        yield start
        for number, person in enumerate(started):  # for whoever looks into a failure
            if not person.browser.is_connected():
                continue
            await person.screenshot(clips.MADE / f"last-{number}.png")
        await asyncio.gather(*(person.stop() for person in started))
