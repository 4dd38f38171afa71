"""Who comes without an appointment waits for a topic's advisers, and is told what is true."""

from appliance.appointments.topics import TopicFacts
from appliance.events import LoginEnded
from appliance.visits.models import Entry
from appliance.visits.states import VisitState
from appliance.web.live.public_entry import CLOSING_LASTS
from tests.web.live.stage import Stage, make_meeting

HOURS = ",".join(["09:00-12:00"] * 7)  # the hand clock begins at ten in Berlin


async def open_topic(stage, **facts):
    facts = {"public": True, "public_hours": HOURS} | facts
    return await stage.parts.topics.add(TopicFacts("Wohngeld", **facts), "chef")


async def come(stage, topic, to=VisitState.WAITING):
    """A client, at the place named."""
    visit = await stage.live.public_entry.enter(topic, "de")
    window = await stage.client_window(visit)
    await stage.walk(window, visit, to)
    return visit, window


async def hours_pass(stage, *windows, **delta):
    """Pages stay open meanwhile; then the loop looks after those who wait."""
    stage.clock.forward(**delta)
    for window in windows:
        stage.live.pages.heard(window.page)
    await stage.live.ticker.tick()
    await stage.live.public_entry.close_up()
    await stage.live.settle()


async def admit(desk, visit):
    (row,) = [row for row in desk.desk.waiting if row.visit_id == visit.id]
    await desk.say("admit", visit_id=visit.id, revision=row.revision)


async def test_it_works(stage):
    one_is, topic = await stage.add_adviser(), await open_topic(stage)
    one = await stage.desk_window(one_is)
    two = await stage.desk_window(await stage.add_adviser("berg", "Paul Berg"))
    visit, client = await come(stage, topic)
    assert client.shown.needs == []
    assert (client.shown.entry.until_in_words, client.shown.entry.staffed) == ("12 Uhr", True)
    assert (client.shown.ahead, client.shown.busy) == (0, None)
    for desk, other in ((one, "Paul Berg"), (two, "Ayşe Yılmaz")):
        (row,) = desk.desk.waiting
        assert [colleague.name for colleague in row.colleagues] == [other]  # none to oneself
        assert (row.without_appointment, row.topic) == (True, "Wohngeld")
        assert (row.identity, row.may_admit) == ("unchecked", True)
    await stage.parts.advisers.go_away(one_is.id, "")
    assert (await stage.live.public_entry.door(topic)).free
    await admit(two, visit)
    assert not (await stage.live.public_entry.door(topic)).free
    await stage.parts.advisers.come_back(one_is.id)
    assert (await stage.live.public_entry.door(topic)).free
    await one.say("admit", visit_id=visit.id, revision=row.revision)
    assert one.problems == ["conflict"]
    assert one.desk.waiting == []
    assert two.desk.session.topic == "Wohngeld"
    assert client.shown.adviser.name == "Paul Berg"


async def test_who_could_not_be_reached_is_everybodys_again(stage):
    one = await stage.desk_window(await stage.add_adviser())
    two = await stage.desk_window(await stage.add_adviser("berg", "Paul Berg"))
    visit, _ = await come(stage, await open_topic(stage))
    await admit(two, visit)
    stage.clock.forward(seconds=61)
    await stage.parts.visits.fire_deadlines()
    await stage.live.settle()
    assert [row.visit_id for row in one.desk.waiting] == [visit.id]


async def test_the_queue_is_of_those_who_compete(stage):
    housing = await stage.parts.advisers.add_team("Wohngeld", "chef")
    parents = await stage.parts.advisers.add_team("Elterngeld", "chef")
    for login, team in (("yilmaz", housing), ("berg", parents)):
        await stage.desk_window(await stage.add_adviser(login, login, "adviser", team.id))
    for_housing = await open_topic(stage, team_id=housing.id)
    for_parents = await open_topic(stage, team_id=parents.id)
    clients = []
    for topic in (for_housing, for_parents, for_housing):
        clients.append((await come(stage, topic))[1])
        stage.clock.forward(seconds=1)
    assert [client.shown.ahead for client in clients] == [0, 0, 1]
    assert (await stage.live.public_entry.door(for_housing)).waiting == 2


async def test_the_last_adviser_goes_and_one_comes_back(stage):
    adviser = await stage.add_adviser()
    desk = await stage.desk_window(adviser)
    topic = await open_topic(stage)
    _, client = await come(stage, topic)
    await hours_pass(stage, client, desk, minutes=1)
    await desk.say("go_away")
    assert client.shown.busy.reason == "away"
    assert client.shown.entry.staffed is False
    await desk.say("come_back")
    assert client.shown.busy is None
    stage.live.pages.close(desk.page)
    await hours_pass(stage, client, minutes=4)  # perhaps at another page of the console
    assert client.shown.busy is None
    await hours_pass(stage, client, minutes=2)
    assert client.shown.busy.reason == "away"
    assert (await stage.live.public_entry.door(topic)).state == "nobody"
    await stage.desk_window(adviser)
    assert client.shown.busy is None


async def test_whoever_has_walked_in_reads_that_nobody_is_there_and_then_that_somebody_is(stage):
    meeting = await make_meeting(stage, Entry.WALK_IN)
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    said = meeting.client.shown.entry
    assert (said.here, said.staffed, said.until_in_words) == (True, True, "")  # no door closes
    stage.live.pages.close(meeting.desk.page)
    await hours_pass(stage, meeting.client, minutes=6)
    assert meeting.client.shown.entry.staffed is False
    await stage.desk_window(meeting.adviser)
    assert meeting.client.shown.entry.staffed is True


async def test_after_a_logout_nobody_is_there(stage):
    adviser = await stage.add_adviser()
    await stage.desk_window(adviser)
    topic = await open_topic(stage)
    assert (await stage.live.public_entry.door(topic)).state == "now"
    await stage.parts.bus.publish(LoginEnded(adviser.id, "login-1"))
    assert (await stage.live.public_entry.door(topic)).state == "nobody"


async def test_at_closing_time_who_waits_stays_as_long_as_somebody_is_there(stage):
    desk = await stage.desk_window(await stage.add_adviser())
    topic = await open_topic(stage)
    visit, client = await come(stage, topic)
    await hours_pass(stage, client, desk, hours=2, minutes=5)
    assert (await stage.live.public_entry.door(topic)).state == "closed"
    assert (client.shown.state, client.shown.entry.until_in_words) == ("waiting", "")
    await hours_pass(stage, client, desk, seconds=CLOSING_LASTS.total_seconds())
    assert client.shown.state == "waiting"
    await admit(desk, visit)
    assert client.shown.state == "admitted"


async def test_nobody_waits_for_nobody_overnight(stage):
    desk = await stage.desk_window(await stage.add_adviser())
    _, client = await come(stage, await open_topic(stage))
    _, checking = await come(stage, await open_topic(stage), VisitState.DEVICE_CHECK)
    await hours_pass(stage, client, checking, desk, hours=1, minutes=59)
    stage.live.pages.close(desk.page)
    await hours_pass(stage, client, checking, minutes=10)
    assert client.shown.busy.reason == "away"  # time to leave a message
    assert client.shown.state == "waiting"
    await hours_pass(stage, client, checking, minutes=7)
    for window in (client, checking):
        assert (window.shown.state, window.shown.outcome) == ("closed", "cancelled")


async def test_a_topic_that_is_taken_away_strands_nobody(stage):
    desk = await stage.desk_window(await stage.add_adviser())
    topic = await open_topic(stage)
    visit, client = await come(stage, topic)
    await stage.parts.topics.remove(topic.id, "chef")
    await hours_pass(stage, client, desk, minutes=20)
    assert client.shown.state == "waiting"
    assert [(row.visit_id, row.topic) for row in desk.desk.waiting] == [(visit.id, "Wohngeld")]


async def test_what_it_is_about_is_kept_with_the_consent_and_goes_with_it(stage):
    await stage.desk_window(await stage.add_adviser())
    topic = await open_topic(stage)
    visits = stage.parts.visits
    visit, client = await come(stage, topic, VisitState.CONSENT)
    assert (await visits.get(visit.id)).topic == ""
    await stage.walk(client, visit, VisitState.WAITING)
    assert (await visits.get(visit.id)).topic == "Wohngeld"
    kept = await stage.parts.personal_data.show([visit.id], "chef", "client_data_shown")
    assert "Wohngeld" in str(kept)  # whoever asks what we know of them reads it
    await client.say("withdraw_consent")
    assert (await visits.get(visit.id)).topic == ""


async def test_a_restart_of_web_keeps_place_and_words(stage, tmp_path):
    adviser = await stage.add_adviser()
    await stage.desk_window(adviser)
    topic = await open_topic(stage)
    visit, _ = await come(stage, topic)
    await stage.close()
    after = Stage(tmp_path, earlier=stage)
    await after.open()
    client = await after.client_window(visit)
    assert (client.shown.state, client.shown.ahead) == ("waiting", 0)
    assert client.shown.busy is None  # desks are given the time to come back
    await after.parts.advisers.go_away(adviser.id, "")  # but who is away is not there
    await after.live.settle()
    assert client.shown.busy.reason == "away"
    await after.close()


async def test_a_message_is_the_teams(stage):
    adviser = await stage.add_adviser()
    desk = await stage.desk_window(adviser)
    _, client = await come(stage, await open_topic(stage))
    await client.say("leave_message", text="Bitte schreiben Sie mir.")
    assert client.shown.outcome == "message"
    assert desk.desk.messages_open == 1
