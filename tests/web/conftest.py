"""The web application on a real database, with a clock that stands until moved."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemBytecodeCache, StrictUndefined
from quart import Quart, Response
from werkzeug.routing import Rule

from appliance.advisers.models import Role
from appliance.advisers.second_factor import totp_now
from appliance.app import create_app
from appliance.appointments.booking import Booking
from appliance.appointments.models import Appointment
from appliance.appointments.states import Channel
from appliance.settings import Settings
from appliance.telemetry import configure
from appliance.web.assets import Assets
from appliance.web.parts import EXTENSION, Parts
from tests.builders.bookings import MONDAY_9, PASSWORD, StandingClock, quick_passwords
from tests.builders.storage import make_database, make_settings

configure()  # log lines as in the product, instead of coloured pages of locals

ORIGIN = "http://localhost:8080"
SAME_ORIGIN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


@dataclass
class Web:
    """An application and browsers that talk to it."""

    app: Quart
    parts: Parts
    clock: StandingClock

    def browser(self, address: str = "192.0.2.7", **headers: str) -> Browser:
        """Somebody's browser, with cookies of its own."""
        return Browser(self.app, address, headers)

    async def adviser(
        self, login: str = "yilmaz", role: Role = Role.ADVISER, team_ids: Sequence[str] = ()
    ) -> Browser:
        """A browser with a login of a new account."""
        made = await self.parts.advisers.add(
            login, "Ayşe Yılmaz", PASSWORD, role, team_ids=team_ids
        )
        browser = self.browser()
        answer = await browser.post(
            "/console/login",
            form={
                "login": login,
                "password": PASSWORD,
                "code": totp_now(made.adviser.totp_secret, self.clock()),
            },
        )
        assert answer.status_code == 303, await answer.get_data(as_text=True)
        browser.adviser_id = made.adviser.id
        return browser

    async def booked(
        self,
        adviser_id: str,
        starts_at: datetime = MONDAY_9,
        *,
        team_id: str | None = None,
        **facts: Any,
    ) -> Appointment:
        """An appointment that starts now."""
        facts = {"client_name": "Erika Mustermann", "topic": "Wohngeld"} | facts
        booking = Booking(starts_at=starts_at, overlap_allowed=True, **facts)
        return await self.parts.appointments.book(booking, adviser_id, team_id=team_id)

    async def link_secret(self, starts_at: datetime | None = None) -> str:
        """A link's secret to an appointment of a new adviser."""
        made = await self.parts.advisers.add("linkmaker", "Ayşe Yılmaz", PASSWORD)
        appointment = await self.booked(made.adviser.id, starts_at or self.clock())
        return await self.parts.appointments.new_link(appointment.id, Channel.SCREEN)


class Browser:
    """Keeps cookies by name and sends what browsers send."""

    def __init__(self, app: Quart, address: str, headers: dict[str, str]) -> None:
        self._client = app.test_client(use_cookies=False)
        self._address = address
        self._headers = {"Host": "localhost:8080", **headers}
        self.cookies: dict[str, str] = {}
        self.adviser_id = ""

    async def get(self, path: str, **headers: str) -> Response:
        return await self.request("GET", path, headers)

    async def post(
        self, path: str, *, json: Any = None, form: dict[str, str] | None = None, **headers: str
    ) -> Response:
        return await self.request("POST", path, SAME_ORIGIN | headers, json=json, form=form)

    async def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> Response:
        sent = {**self._headers, **(headers or {})}
        sent = {name.replace("_", "-"): value for name, value in sent.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {name: value for name, value in body.items() if value is not None}
        answer = await self._client.open(
            path, method=method, headers=sent, scope_base={"client": (self._address, 1)}, **given
        )
        for line in answer.headers.getlist("Set-Cookie"):
            name, value = line.split(";", 1)[0].split("=", 1)
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer


async def text_of(answer: Response) -> str:
    """The page's words, without its markup."""
    html = await answer.get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture(scope="session")
def new_box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with key and empty database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("new-box")
    make_database(folder).close()
    return folder


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


collect = Assets.collect
shipped = functools.cache(collect)
compile_address = Rule._compile_builder
addresses: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """The function that writes a route's address: it knows no application."""
    key = (rule.rule, *rule._trace, append_unknown)
    if rule.defaults or key not in addresses:
        addresses[key] = compile_address(rule, append_unknown)
    return addresses[key]


def collected_once(
    *, vendor_dir: Path | None = None, backgrounds: Sequence[Any] = (), logo: Path | None = None
) -> Assets:
    """Our own files are read once; an agency's each time."""
    if backgrounds or logo:
        return collect(vendor_dir=vendor_dir, backgrounds=backgrounds, logo=logo)
    return shipped(vendor_dir=vendor_dir)


@pytest.fixture
def built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is the same in every application, two thirds of what it takes to build one."""
    monkeypatch.setattr(Assets, "collect", collected_once)
    monkeypatch.setattr(Rule, "_compile_builder", compiled_once)


@pytest.fixture
async def web(
    settings: Settings,
    new_box: Path,
    compiled_pages: FileSystemBytecodeCache,
    built_once: None,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Web]:
    shutil.copytree(new_box, settings.data_dir, dirs_exist_ok=True)
    monkeypatch.setattr("appliance.advisers.service.Passwords", quick_passwords)
    clock = StandingClock()
    app = create_app(settings, clock)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = compiled_pages
    parts: Parts = app.extensions[EXTENSION]
    yield Web(app, parts, clock)
    parts.database.close()
