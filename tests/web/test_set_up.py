"""The set-up page: opened by the code of the install, left and gone on with, closed at the end."""

import asyncio
import base64
import json
import re
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from appliance.advisers.models import Role
from appliance.advisers.second_factor import totp_now
from appliance.first_start import CODE_LIVES
from appliance.kept_settings import KEPT_FILE, KEYS, keep, read_kept
from appliance.outbox.states import Failure
from appliance.settings import Settings
from appliance.web.assets import Assets
from appliance.web.own_logo import own_logo
from appliance.web.set_up_forms import AGENCY, LEGAL, MAIL, MAIL_FAILURES
from tests.outbox.servers import SmtpServer
from tests.web.conftest import SAME_ORIGIN, text_of

AGENCY_TYPED = {
    "name": "Bezirksamt Nord",
    "site": "Rathaus",
    "address": "Marktplatz 1, 12345 Nordstadt",
    "phone": "030 999 0",
    "email": "termine@nord.example",
}
# One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
async def installer(web):
    """A browser that has typed the code."""
    code = web.parts.first_start.new_code()
    browser = web.browser()
    assert (await browser.post("/setup", form={"code": code})).status_code == 303
    return browser


async def html_of(answer):
    return await answer.get_data(as_text=True)


def after_restart(web):
    return Settings(data_dir=web.parts.settings.data_dir)


async def test_it_works(web, installer):
    for step in ("agency", "legal", "administrator", "mail", "certificate", "topics", "policy"):
        assert (await installer.get(f"/setup/{step}")).status_code == 200, step
    assert (await installer.post("/setup/agency", form=AGENCY_TYPED)).location == "/setup"
    assert (await installer.post("/setup/topics", form={"topics": "Wohngeld\n\n Bafög "})).location
    levels = {"microphone": "warn", "camera": "inform", "speaker": "warn", "network": "sound_only"}
    assert (await installer.post("/setup/policy", form=levels)).location == "/setup"
    form = {"login": "kaya", "name": "Deniz Kaya"}
    made = await html_of(await installer.post("/setup/administrator", form=form))
    password = re.search(r'id="first-password">([^<]+)<', made)[1]
    key = re.search(r'id="totp-key">([^<]+)<', made)[1]
    ended = []
    web.parts.restart = lambda: ended.append(True)
    assert "eingerichtet" in await text_of(await installer.post("/setup/done"))
    settings = after_restart(web)
    assert {name: getattr(settings.agency, name) for name in AGENCY_TYPED} == AGENCY_TYPED
    assert settings.check.policy.network == "sound_only"
    assert {one.name_de for one in await web.parts.topics.everything()} == {"Wohngeld", "Bafög"}
    code = totp_now(key, web.clock())
    form = {"login": "kaya", "password": password, "code": code}
    answer = await web.browser().post("/console/login", form=form)
    assert answer.location == "/console"
    assert (await web.parts.advisers.everybody())[0].role is Role.ADMINISTRATOR


async def test_web_starts_again_at_the_end(web, installer):
    await installer.post("/setup/administrator", form={"login": "kaya", "name": "Deniz Kaya"})
    ended = asyncio.Event()
    web.parts.restart = ended.set
    await installer.post("/setup/done")
    await asyncio.wait_for(ended.wait(), 5)


async def test_without_the_code_there_is_only_the_door(web):
    browser = web.browser()
    assert "abgeschlossen" in await text_of(await browser.get("/setup"))
    web.parts.first_start.new_code()
    assert "Code der Installation" in await text_of(await browser.get("/setup"))
    assert (await browser.get("/setup/agency")).location == "/setup"
    assert (await browser.post("/setup/agency", form=AGENCY_TYPED)).status_code == 401
    assert (await browser.post("/setup", form={"code": "AAAA-BBBB-CCCC-DDDD"})).status_code == 401
    assert not (web.parts.settings.data_dir / KEPT_FILE).exists()


async def test_the_code_is_good_until_the_end_and_for_a_week(web, installer):
    await installer.post("/setup/administrator", form={"login": "kaya", "name": "Deniz Kaya"})
    code = web.parts.first_start.new_code()
    assert (await installer.get("/setup/agency")).location == "/setup"  # the one before is dead
    other = web.browser()
    typed_by_hand = code.lower().replace("-", " ")
    assert (await other.post("/setup", form={"code": typed_by_hand})).status_code == 303
    assert (await other.get("/setup/agency")).status_code == 200
    await other.post("/setup/done")
    assert not web.parts.first_start.accepts(code)
    again = web.parts.first_start.new_code()
    web.clock.forward(days=CODE_LIVES.days)
    assert not web.parts.first_start.accepts(again)


async def test_the_code_is_not_on_the_disk(web):
    code = web.parts.first_start.new_code()
    file = next(web.parts.settings.data_dir.glob("first-start*"))
    assert code not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_it_does_not_end_without_somebody_who_can_log_in(installer, web):
    assert (await installer.post("/setup/done")).location == "/setup/administrator"
    assert web.parts.first_start.is_open()


async def test_there_is_one_first_administrator(web, installer):
    await installer.post("/setup/administrator", form={"login": "kaya", "name": "Deniz Kaya"})
    second = {"login": "weber", "name": "Kim Weber"}
    assert (await installer.post("/setup/administrator", form=second)).status_code == 303
    assert [one.login for one in await web.parts.advisers.everybody()] == ["kaya"]
    assert "Den ersten Zugang gibt es" in await text_of(await installer.get("/setup/administrator"))


async def test_a_double_click_shows_the_same_password_twice(web, installer):
    page = await html_of(await installer.get("/setup/administrator"))
    form = {
        "login": "kaya",
        "name": "Deniz Kaya",
        "form": re.search(r'name="form" value="(.+?)"', page)[1],
    }
    both = await asyncio.gather(
        *(installer.post("/setup/administrator", form=form) for _ in range(2))
    )
    first, second = [
        re.search(r'id="first-password">([^<]+)<', await html_of(one))[1] for one in both
    ]
    assert first == second
    assert len(await web.parts.advisers.everybody()) == 1
    web.clock.forward(minutes=2)
    assert (await installer.post("/setup/administrator", form=form)).status_code == 303


async def test_mistakes_lose_nothing(web, installer):
    wrong = AGENCY_TYPED | {"phone": "", "email": "nord"}
    answer = await installer.post("/setup/agency", form=wrong)
    html = await html_of(answer)
    assert answer.status_code == 422
    assert "Bezirksamt Nord" in html
    assert html.count("kern-error") >= 2
    assert after_restart(web).agency.name == "Musteramt"
    bad_login = {"login": "K A", "name": "Deniz Kaya"}
    answer = await installer.post("/setup/administrator", form=bad_login)
    assert answer.status_code == 422
    assert "Deniz Kaya" in await html_of(answer)


async def test_what_it_keeps_is_one_line(web, installer):
    odd = AGENCY_TYPED | {"name": 'Amt\r\n[web]\nbase_url = "x" \x7f\x00'}
    await installer.post("/setup/agency", form=odd)
    assert after_restart(web).agency.name == 'Amt [web] base_url = "x"'
    assert after_restart(web).web.base_url == Settings().web.base_url


async def test_the_file_of_it_comes_first(web, installer, monkeypatch, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[agency]\nname = "Von der IT"\n')
    monkeypatch.setenv("VORZIMMER_CONFIG", str(config))
    web.parts.settings = after_restart(web)
    html = await text_of(await installer.get("/setup/agency"))
    assert "Konfigurationsdatei" in html
    await installer.post("/setup/agency", form=AGENCY_TYPED)
    assert after_restart(web).agency.name == "Von der IT"
    assert after_restart(web).agency.phone == AGENCY_TYPED["phone"]
    assert 'value="Von der IT"' in await html_of(await installer.get("/setup/agency"))


def test_other_tables_are_not_for_the_page(tmp_path):
    with pytest.raises(ValueError, match="web"):
        keep(tmp_path, "web", {"base_url": "http://evil.example"})
    (tmp_path / KEPT_FILE).write_text('[web]\nbase_url = "https://evil.example"\n')
    assert Settings(data_dir=tmp_path).web == Settings().web


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("mail", "password_file", "/etc/shadow"),
        ("agency", "time_zone", "Europe/Paris"),
        ("check", "analysers", 64),
    ],
)
def test_other_keys_are_not_for_the_page(tmp_path, table, key, value):
    with pytest.raises(ValueError, match=key):
        keep(tmp_path, table, {key: value})
    (tmp_path / KEPT_FILE).write_text(f"[{table}]\n{key} = {json.dumps(value)}\n")
    assert Settings(data_dir=tmp_path) == Settings(data_dir=tmp_path / "none").model_copy(
        update={"data_dir": tmp_path}
    )


def test_every_line_of_the_page_may_be_kept():
    assert {one.name for one in (*AGENCY, *LEGAL)} == set(KEYS["agency"])
    assert set(MAIL) | {"password_file"} == set(KEYS["mail"])


async def test_the_mail_server_is_tried(web, installer):
    await installer.post("/setup/agency", form=AGENCY_TYPED)
    with SmtpServer() as smtp:
        server = smtp.settings
        form = {"host": server.host, "port": str(server.port), "encryption": "none",
                "username": "", "password": "", "to": "it@nord.example"}  # fmt: skip
        assert "angenommen" in await text_of(await installer.post("/setup/mail", form=form))
        assert len(smtp.inbox.mails) == 1
    assert after_restart(web).mail.port == server.port
    html = await text_of(await installer.post("/setup/mail", form=form))
    assert "Der Server antwortet nicht. Stimmen Name und Port?" in html


async def test_whoever_sets_the_box_up_reads_what_to_do(web, installer):
    with SmtpServer() as smtp:
        form = {"host": "127.0.0.1", "port": str(smtp.port), "encryption": "starttls",
                "username": "", "password": "", "to": "it@nord.example"}  # fmt: skip
        html = await text_of(await installer.post("/setup/mail", form=form))
    assert "Die Verschlüsselung kam nicht zustande. Passt sie zum Port?" in html
    assert set(MAIL_FAILURES) == set(Failure) - {Failure.TOO_LATE}


async def test_the_mail_servers_password_is_a_file_of_its_own(web, installer):
    form = {"host": "127.0.0.1", "port": "2525", "encryption": "starttls",
            "username": "amt", "password": "geheim geheim", "to": ""}  # fmt: skip
    assert (await installer.post("/setup/mail", form=form)).location == "/setup"
    mail = after_restart(web).mail
    assert mail.password_file.read_text().strip() == "geheim geheim"
    assert stat.S_IMODE(mail.password_file.stat().st_mode) == 0o600
    assert "geheim" not in (web.parts.settings.data_dir / KEPT_FILE).read_text()
    await installer.post("/setup/mail", form=form | {"password": ""})
    assert after_restart(web).mail.password_file == mail.password_file


@pytest.mark.parametrize(
    ("data", "status"), [(PNG, 303), (b"<svg/>", 422), (PNG + b"0" * 49 * 1024, 422)]
)
async def test_the_logo_is_a_small_picture(web, installer, data, status):
    """As a browser sends it: a form in parts."""
    edge = "edge"
    fields = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in AGENCY_TYPED.items()
    )
    head = f'--{edge}\r\nContent-Disposition: form-data; name="logo"; filename="l.png"\r\n\r\n'
    body = (fields + head).encode() + data + f"\r\n--{edge}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    answer = await installer.request("POST", "/setup/agency", SAME_ORIGIN | kind, data=body)
    assert answer.status_code == status
    logo = own_logo(web.parts.settings.data_dir)
    assert (logo is not None) == (status == 303)
    if logo:
        assert Assets.collect(logo=logo).logo_address().endswith("/logo/logo.png")


def test_every_line_is_a_setting():
    fields = type(Settings().agency).model_fields
    assert {one.name for one in (*AGENCY, *LEGAL)} <= set(fields)


def test_two_forms_sent_at_once_lose_nothing(tmp_path):
    """Read, then written: between them no other one."""
    tables = [("agency", {key: key}) for key in KEYS["agency"]] + [("mail", {"host": "h"})]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: keep(tmp_path, *one), tables))
    kept = read_kept(tmp_path)
    assert (set(kept["agency"]), kept["mail"]) == (set(KEYS["agency"]), {"host": "h"})
