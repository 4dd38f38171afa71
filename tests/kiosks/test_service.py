"""Kiosks: registered by a code, there or away, well or out of order."""

from contextlib import nullcontext
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.events import EventBus, KioskChanged
from appliance.kiosks.errors import CodeUnknown, KioskNameEmpty, KioskUnknown
from appliance.kiosks.opening import OfficeHours, errand
from appliance.kiosks.service import KioskService, code_in_groups
from appliance.settings import KioskSettings
from tests.builders.clock import HandClock
from tests.builders.storage import make_database

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
async def kiosks(tmp_path, clock):
    bus = EventBus()
    database = make_database(tmp_path, bus)
    service = KioskService(database, clock)
    service.news = []

    async def note(event):
        service.news.append(event.happened)

    bus.subscribe(KioskChanged, note)
    yield service
    database.close()


async def registered(kiosks):
    _, code = await kiosks.add("Foyer", "admin")
    return await kiosks.register(code_in_groups(code).lower())


async def test_it_works(kiosks, clock):
    kiosk, secret = await registered(kiosks)
    assert (await kiosks.by_secret(secret)).id == kiosk.id
    assert errand(kiosk, clock(), time(7), BERLIN) == "set_up"


async def test_a_code_works_once_and_for_an_hour(kiosks, clock):
    _, code = await kiosks.add("Foyer", "admin")
    await kiosks.register(code)
    for wrong in (code, "ABCDE FGHJK", ""):
        with pytest.raises(CodeUnknown):
            await kiosks.register(wrong)
    _, late = await kiosks.add("Eingang", "admin")
    clock.forward(minutes=60)
    with pytest.raises(CodeUnknown):
        await kiosks.register(late)


async def test_registered_anew_the_old_browser_is_nobodys(kiosks):
    kiosk, secret = await registered(kiosks)
    again, other = await kiosks.register(await kiosks.new_code(kiosk.id, "admin"))
    assert again.id == kiosk.id
    assert await kiosks.by_secret(secret) is None
    assert await kiosks.by_secret(other) is not None
    await kiosks.remove(kiosk.id, "admin")
    assert await kiosks.by_secret(other) is None
    with pytest.raises(KioskUnknown):
        await kiosks.beat(again, started=True)


async def test_a_kiosk_says_where_it_stands(kiosks):
    with pytest.raises(KioskNameEmpty):
        await kiosks.add("   ", "admin")


async def test_three_missed_beats_are_told_once_and_its_return_too(kiosks, clock):
    kiosk, secret = await registered(kiosks)
    clock.forward(seconds=30)
    await kiosks.look_after()
    assert kiosks.news == []
    clock.forward(seconds=1)
    await kiosks.look_after()
    await kiosks.look_after()
    assert kiosks.news == ["away"]
    await kiosks.beat(await kiosks.by_secret(secret))
    await kiosks.look_after()
    assert kiosks.news == ["away", "back"]
    assert (await kiosks.get(kiosk.id)).away_since is None


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")


def at(clock, day, hour, minute=0):
    """Of November 2026, in Berlin; the 27th is a Friday."""
    local = clock().astimezone(BERLIN)
    clock.now = local.replace(day=day, hour=hour, minute=minute)


async def test_switched_off_overnight_and_for_the_weekend_it_is_told_when_the_office_opens(
    kiosks, clock
):
    kiosk, secret = await registered(kiosks)
    kiosks._hours = OfficeHours(time(7), time(16), WEEK, BERLIN)

    async def looked_after(*moment):
        at(clock, *moment)
        await kiosks.look_after()
        await kiosks._database.published()
        return kiosks.news

    async def there(*moment):
        at(clock, *moment)
        await kiosks.beat(await kiosks.by_secret(secret))
        await kiosks._database.published()

    await there(26, 15, 59)
    assert await looked_after(26, 16) == []
    assert kiosks.is_away(await kiosks.get(kiosk.id), clock())  # the console shows it all the same
    await there(27, 6, 55)  # switched on in time: nobody hears of the night, nor that it is back
    assert kiosks.news == []
    await there(27, 17)
    for day, hour, minute in ((27, 18, 0), (28, 10, 0), (29, 10, 0), (30, 6, 59)):
        assert await looked_after(day, hour, minute) == []
    for hour in (7, 8, 15, 20):
        assert await looked_after(30, hour) == ["away"]
    await there(30, 21)
    assert kiosks.news == ["away", "back"]


async def test_one_that_is_never_off_is_told_of_at_any_hour(kiosks, clock):
    await registered(kiosks)
    kiosks._hours = OfficeHours(time(7), None, WEEK, BERLIN)
    at(clock, 28, 23)
    await kiosks.look_after()
    await kiosks._database.published()
    assert kiosks.news == ["away"]


@pytest.mark.parametrize(
    ("hours", "taken"),
    [
        ({"opens_at": "08:30", "closes_at": "12:00", "open_days": ["saturday"]}, True),
        ({"opens_at": "23:00", "closes_at": ""}, True),
        ({"opens_at": "16:00"}, False),
        ({"closes_at": "24:00"}, False),
        ({"open_days": ["Samstag"]}, False),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours, taken):
    refused = pytest.raises(ValueError, match=r"kiosk\.closes_at|pattern|'monday'")
    with nullcontext() if taken else refused:
        KioskSettings(**hours)


async def test_nobody_is_blamed_for_our_own_absence(kiosks, clock):
    kiosk, _ = await registered(kiosks)
    clock.forward(hours=3)
    again = KioskService(kiosks._database, clock)
    await again.look_after()
    assert (await again.get(kiosk.id)).away_since is None


async def test_faults_are_told_when_they_change(kiosks):
    kiosk, _ = await registered(kiosks)
    for faults in (["path"], ["path"], ["path", "no_picture"], [], []):
        await kiosks.tested(kiosk.id, faults)
    assert kiosks.news == ["broken", "broken", "well"]


async def test_a_set_up_is_kept_until_it_is_wanted_anew(kiosks, clock):
    kiosk, _ = await registered(kiosks)
    await kiosks.tested(kiosk.id, [], '{"devices": []}')
    kept = await kiosks.tested(kiosk.id, [], "another")
    assert kept.set_up == '{"devices": []}'
    await kiosks.want_test(kiosk.id, "admin", set_up=True)
    assert errand(await kiosks.get(kiosk.id), clock(), time(7), BERLIN) == "set_up"


async def test_each_day_from_the_opening_on_and_when_somebody_asks(kiosks, clock):
    kiosk, _ = await registered(kiosks)
    kiosk = await kiosks.tested(kiosk.id, [], "{}")
    seven = time(7)
    here = clock().astimezone(BERLIN)
    morning = (here + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
    assert errand(kiosk, clock(), seven, BERLIN) == "none"
    assert errand(kiosk, morning - timedelta(seconds=1), seven, BERLIN) == "none"
    assert errand(kiosk, morning, seven, BERLIN) == "test"
    clock.forward(seconds=1)
    await kiosks.want_test(kiosk.id, "admin")
    assert errand(await kiosks.get(kiosk.id), clock(), seven, BERLIN) == "test"


async def test_one_that_is_out_of_order_looks_again_by_itself(kiosks, clock):
    kiosk, _ = await registered(kiosks)
    kiosk = await kiosks.tested(kiosk.id, ["path"], "{}")
    for minutes, broken, said in ((14, True, "none"), (15, True, "test"), (15, False, "none")):
        later = clock() + timedelta(minutes=minutes)
        assert errand(kiosk, later, time(0), BERLIN, broken=broken) == said


async def test_whoever_has_left_is_known_by_language_alone_and_for_a_minute(kiosks, clock):
    kiosk, _ = await registered(kiosks)
    assert kiosks.left_in(kiosk.id) == ""
    kiosks.left(kiosk.id, "ar")
    clock.forward(seconds=60)
    assert kiosks.left_in(kiosk.id) == "ar"
    clock.forward(seconds=1)
    assert kiosks.left_in(kiosk.id) == ""
    assert kiosks._left_in == {}


async def test_the_browser_begins_anew_after_each_visitor_and_when_it_is_silent(kiosks, clock):
    kiosk, _ = await registered(kiosks)
    assert kiosks.browser(kiosk) == "keep"
    kiosks.left(kiosk.id, "ar")
    assert [kiosks.browser(kiosk), kiosks.browser(kiosk)] == ["end", "keep"]
    await kiosks.beat(kiosk, started=True)
    for seconds, said in ((59, "keep"), (2, "end"), (59, "keep"), (2, "end")):
        clock.forward(seconds=seconds)
        assert kiosks.browser(kiosk) == said
    for _ in range(12):
        await kiosks.beat(kiosk)
        clock.forward(seconds=10)
        assert kiosks.browser(kiosk) == "keep"


async def test_an_answer_that_was_lost_is_given_again_until_a_new_browser_has_begun(kiosks, clock):
    kiosk, _ = await registered(kiosks)
    kiosks.left(kiosk.id, "ar")
    for _ in range(2):
        assert [kiosks.browser(kiosk), kiosks.browser(kiosk)] == ["end", "keep"]
        for _ in range(6):  # the old page still says that it is there
            assert kiosks.browser(kiosk) == "keep"
            clock.forward(seconds=10)
            await kiosks.beat(kiosk)
    await kiosks.beat(kiosk, started=True)
    assert kiosks.browser(kiosk) == "keep"
