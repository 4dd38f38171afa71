"""Logging in by the agency's directory: a real OpenID provider, of which we know nothing else."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from oidc_provider_mock import run_server_in_thread

from appliance.advisers.models import Role
from appliance.settings import OidcSettings
from tests.builders.bookings import PASSWORD
from tests.builders.storage import make_settings
from tests.web.conftest import text_of

START = "/console/login/oidc"


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def settings(tmp_path, provider):
    secret = tmp_path / "client-secret"
    secret.write_text("geheim\n")
    oidc = OidcSettings(
        issuer=provider, client_id="vorzimmer", client_secret_file=secret, label="Amts-Login"
    )
    return make_settings(tmp_path).model_copy(update={"oidc": oidc})


@pytest.fixture
async def web(web):
    web.clock.now = datetime.now(UTC)  # the provider's tokens are of today
    return web


@pytest.fixture
async def yilmaz(web):
    made = await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", PASSWORD)
    await web.parts.advisers.set_subject(made.adviser.id, "directory|4711", "chef")
    return made.adviser


async def way_back(browser, subject="directory|4711", **form):
    """Out to the provider, logged in there; gives the path that it sends the browser back to."""
    there = (await browser.get(START)).location
    answer = httpx2.post(there, data={"sub": subject} | form)
    back = urlsplit(answer.headers["Location"])
    assert back.path == f"{START}/back"
    return f"{back.path}?{back.query}"


async def test_it_works(web, yilmaz):
    browser = web.browser()
    page = await browser.get("/console/login")
    assert "Amts-Login" in await text_of(page)
    answer = await browser.get(await way_back(browser))
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "0; url=/console", "no redirect: the cookie is a strict one"
    assert "Ayşe Yılmaz" in await text_of(await browser.get("/console"))
    assert "__Host-oidc" not in browser.cookies, "used up"
    [login] = await web.parts.advisers.logins(yilmaz.id)
    assert login.ended_at is None


async def test_the_way_there(web):
    browser = web.browser()
    answer = await browser.get(START)
    asked = parse_qs(urlsplit(answer.location).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"http://localhost:8080{START}/back"]
    cookie = answer.headers["Set-Cookie"]
    for word in ("__Host-oidc=", "Max-Age=600", "SameSite=Lax", "Secure", "HttpOnly", "Path=/"):
        assert word in cookie
    for name in ("state", "nonce"):
        assert len(asked[name][0]) == 43


async def test_an_unknown_subject_is_said_and_an_administrator_connects_it(web):
    chef = await web.adviser("chef", Role.ADMINISTRATOR)
    made = await web.parts.advisers.add("neu", "Nele Neu", PASSWORD)
    browser = web.browser()
    refused = await browser.get(await way_back(browser, "directory|0815"))
    assert refused.status_code == 401
    assert "directory|0815" in await text_of(refused)
    form = {"subject": " directory|0815 "}
    page = f"/console/accounts/{made.adviser.id}"
    assert (await chef.post(f"{page}/subject", form=form)).status_code == 303
    assert "directory|0815" in await (await chef.get(page)).get_data(as_text=True)
    taken = await chef.post(f"/console/accounts/{chef.adviser_id}/subject", form=form)
    assert taken.status_code == 409
    again = web.browser()
    assert (await again.get(await way_back(again, "directory|0815"))).status_code == 200
    assert "Nele Neu" in await text_of(await again.get("/console"))
    await chef.post(f"{page}/subject", form={"subject": ""})
    assert (await again.get("/console")).status_code == 303, "its logins have ended"
    assert (await again.get(await way_back(again, "directory|0815"))).status_code == 401


async def test_a_locked_account_stays_out(web, yilmaz):
    await web.parts.advisers.close_account(yilmaz.id, "chef")
    browser = web.browser()
    assert (await browser.get(await way_back(browser))).status_code == 401


async def test_a_way_back_that_somebody_else_began(web, yilmaz):
    """Login CSRF: a foreign answer is worth nothing in this browser, with its own state or none."""
    other, browser = web.browser(), web.browser()
    back = await way_back(other)
    assert (await browser.get(back)).status_code == 401
    await browser.get(START)
    assert (await browser.get(back)).status_code == 401
    assert "__Host-login" not in browser.cookies


@pytest.mark.parametrize("kind", ["denied", "garbage", "twice", "late", "forged"])
async def test_what_does_not_let_in(web, yilmaz, kind):
    browser = web.browser()
    back = await way_back(browser, **({"action": "deny"} if kind == "denied" else {}))
    kept = dict(browser.cookies)
    if kind == "garbage":
        state = parse_qs(urlsplit(back).query)["state"][0]
        back = f"{START}/back?code=garbage&state={state}"
    elif kind == "twice":
        assert (await browser.get(back)).status_code == 200
        browser.cookies = kept
    elif kind == "late":
        web.clock.forward(minutes=11)
    elif kind == "forged":
        name, _, signed = browser.cookies["__Host-oidc"].rpartition(".")
        browser.cookies["__Host-oidc"] = f"{name}.{signed[::-1]}"
    assert (await browser.get(back)).status_code == 401
    assert "__Host-login" not in browser.cookies


async def test_an_id_token_for_another_box(web, yilmaz, monkeypatch):
    """Issued to another client of the same directory."""
    browser = web.browser()
    back = await way_back(browser)
    other = web.parts.settings.oidc.model_copy(update={"client_id": "other"})
    monkeypatch.setattr(web.parts.directory, "_settings", other)
    assert (await browser.get(back)).status_code == 401


async def test_the_local_login_stays(web, yilmaz):
    """For the day when the directory does not answer."""
    gone = web.parts.settings.oidc.model_copy(update={"issuer": "http://localhost:9/"})
    web.parts.directory._settings = gone
    answer = await web.browser().get(START)
    assert answer.status_code == 503
    words = await text_of(answer)
    assert "Bitte melden Sie sich mit Passwort und Code an." in words
    assert "Anmeldename" in words
