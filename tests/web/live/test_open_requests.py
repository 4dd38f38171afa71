"""The bar counts what clients have asked for, the moment they do."""

import re

from appliance.appointments.topics import TopicFacts
from appliance.appointments.wanted import Wanted


async def test_it_works(stage):
    adviser = await stage.add_adviser()
    desk = await stage.desk_window(adviser)
    topic = await stage.parts.topics.add(TopicFacts("Wohngeld"), "chef")
    requests = stage.parts.requests
    await requests.ask(Wanted(topic.id, "Erika Mustermann", "erika@example.org"))
    await stage.live.settle()
    assert desk.desk.requests_open == 0  # nobody has confirmed the address
    mail = (await stage.parts.outbox.messages_kept("chef"))[0].text
    secret = re.search(r"/r#([\w-]{43})", mail).group(1)
    await requests.confirm(secret)
    await stage.live.settle()
    assert desk.desk.requests_open == 1
    await requests.withdraw(secret)
    await stage.live.settle()
    assert desk.desk.requests_open == 0


async def test_a_wish_about_an_appointment_counts_for_its_adviser(meeting):
    other = await meeting.stage.desk_window(await meeting.stage.add_adviser("berg", "Paul Berg"))
    secret = await meeting.stage.parts.appointments.new_link(meeting.appointment.id, "screen")
    await meeting.stage.parts.appointments.choose_alternative(secret, "telephone")
    await meeting.stage.live.settle()
    assert meeting.desk.desk.requests_open == 1
    assert other.desk.requests_open == 0
