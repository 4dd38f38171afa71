"""What the phone does with the code: a page that uses nothing up, and a POST that works once."""

import base64
import re

import cv2
import numpy as np

from appliance.visits.machine import Actor, VisitEvent
from appliance.web.limits import FIGURES, Budget
from tests.web.conftest import text_of

TAKE = "/api/v1/hand-over/take"


async def in_the_check(web):
    """A computer with a visit in the check, and the secret of its code."""
    computer = web.browser()
    secret = await web.link_secret()
    await computer.post("/api/v1/links/open", json={"secret": secret})
    (visit,) = await web.parts.visits.open_visits()
    await web.parts.visits.happen(visit.id, VisitEvent.CHECK_STARTED, Actor.CLIENT)
    return computer, visit, web.parts.live.hand_overs.offer(visit.id)


async def test_it_works(web):
    computer, visit, secret = await in_the_check(web)
    phone = web.browser()
    page = await phone.get("/h")
    assert "Mit dem Handy weitermachen" in await text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    answer = await phone.post(TAKE, json={"secret": secret})
    assert await answer.get_json() == {"next": "/visit"}
    assert (await phone.get("/visit")).status_code == 200
    assert (await computer.get("/visit")).status_code == 200  # there is a way back
    assert len(await web.parts.visits.open_visits()) == 1
    assert visit.id


async def test_the_code_holds_the_address(web):
    """Read with OpenCV as a camera would."""
    from appliance.web.live.hand_over_commands import PATH, _picture

    address = f"http://localhost:8080{PATH}{'A' * 43}"
    svg = base64.b64decode(_picture(address).split(",", 1)[1]).decode()
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", svg)  # nothing is fetched
    assert cv2.QRCodeDetector().detectAndDecode(drawn(svg))[0] == address


def drawn(svg):
    """The path of a QR code from segno (runs of dark modules) as pixels."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))
    modules = np.full((side, side), 255, np.uint8)
    x = y = 0.0
    for letter, numbers in re.findall(
        r"([Mmh])([-\d. ]+)", re.search(r'stroke="#000" d="([^"]+)"', svg).group(1)
    ):
        values = [float(one) for one in numbers.split()]
        if letter == "M":
            x, y = values
        elif letter == "m":
            x, y = x + values[0], y + values[1]
        else:
            modules[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
    return cv2.resize(modules, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)


async def test_a_second_time_it_is_over(web):
    _, _, secret = await in_the_check(web)
    await web.browser().post(TAKE, json={"secret": secret})
    answer = await web.browser().post(TAKE, json={"secret": secret})
    assert answer.status_code == 404
    assert (await answer.get_json())["code"] == "hand_over_over"


async def test_another_site_cannot_take_it(web):
    _, _, secret = await in_the_check(web)
    answer = await web.browser().post(TAKE, json={"secret": secret}, Origin="https://other.example")
    assert answer.status_code == 403


async def test_guesses_are_counted(web):
    guesser = web.browser()
    most = max(figure for figure in vars_of(FIGURES[Budget.LINKS]) if figure)
    answers = [await guesser.post(TAKE, json={"secret": f"guess-{n}"}) for n in range(most + 1)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429


def vars_of(figures):
    return [getattr(figures, name) for name in figures.__dataclass_fields__]
