"""A session number instead of a link."""

from datetime import timedelta

from appliance.web.limits import FIGURES, Budget
from tests.builders.bookings import MONDAY_9


async def numbered(web, starts_at=MONDAY_9):
    adviser = await web.parts.advisers.add("nummer", "Ayşe Yılmaz", "ein-Vogel-im-Garten")
    return await web.booked(adviser.adviser.id, starts_at)


async def test_it_works(web):
    appointment = await numbered(web)
    number = appointment.session_number
    typed = f"{number[:3]} {number[3:6]}-{number[6:]}"
    browser = web.browser()
    answer = await browser.post("/api/v1/numbers/open", json={"number": typed})
    assert answer.status_code == 200
    assert (await answer.get_json())["next"] == "/visit"
    assert (await browser.get("/visit")).status_code == 200


async def test_none_too_early_and_nonsense_are_one_answer(web):
    early = await numbered(web, MONDAY_9 + timedelta(hours=4))
    answers = []
    for number in (early.session_number, "1234567890", "abc", "0" * 40):
        answer = await web.browser().post("/api/v1/numbers/open", json={"number": number})
        answers.append((answer.status_code, await answer.get_data()))
    assert len(set(answers)) == 1
    assert answers[0][0] == 404


async def test_a_number_tells_no_name(web):
    appointment = await numbered(web)
    answer = await web.browser().post(
        "/api/v1/numbers/open", json={"number": appointment.session_number}
    )
    assert (await answer.get_json())["adviser_name"] == ""


async def test_sweeping_is_stopped(web):
    appointment = await numbered(web)
    sweeper = web.browser("2001:db8:1:2::5")
    for count in range(FIGURES[Budget.NUMBERS].address):
        await sweeper.post("/api/v1/numbers/open", json={"number": str(1000000000 + count)})
    same_64 = web.browser("2001:db8:1:2:ffff::1")
    answer = await same_64.post("/api/v1/numbers/open", json={"number": appointment.session_number})
    assert answer.status_code == 429


async def test_the_page_is_there(web):
    assert (await web.browser().get("/join")).status_code == 200
