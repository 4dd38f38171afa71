"""Chat between both sides of a session, and nowhere else."""

from appliance.visits.states import VisitState


def lines(window):
    return [line for push in window.pushes() if push.type == "chat_lines" for line in push.lines]


async def test_it_works(meeting):
    await meeting.begin()
    await meeting.client.say("chat", line_id="line-0001", text="Hier: https://example.org/a")
    await meeting.desk.say("chat", line_id="line-0001", text="<b>Danke</b>")
    for window in (meeting.client, meeting.desk):
        assert [(line.sender, line.text) for line in lines(window)] == [
            ("client", "Hier: https://example.org/a"),
            ("adviser", "<b>Danke</b>"),
        ]


async def test_nobody_speaks_before_admission(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("chat", line_id="line-0001", text="Hallo?")
    await meeting.desk.say("chat", line_id="line-0002", text="Hallo?")
    assert meeting.client.problems == ["not_allowed_now"]
    assert meeting.desk.problems == ["no_session"]
    assert lines(meeting.client) == lines(meeting.desk) == []


async def test_a_reloaded_page_gets_the_conversation(meeting):
    await meeting.begin()
    await meeting.client.say("chat", line_id="line-0001", text="Guten Tag")
    window = await meeting.stage.client_window(meeting.visit)
    meeting.stage.live.chat.greet(window.page, await meeting.now())
    assert [line.text for line in lines(window)] == ["Guten Tag"]


async def test_the_next_adviser_reads_nothing_of_the_last(meeting):
    await meeting.begin()
    await meeting.client.say("chat", line_id="line-0001", text="Nur für Sie")
    await meeting.desk.say("send_back")
    assert meeting.stage.live.chats.lines(meeting.visit.id) == []


async def test_it_is_forgotten_at_the_end(meeting):
    await meeting.begin()
    await meeting.client.say("chat", line_id="line-0001", text="Nur für Sie")
    await meeting.desk.say("end_visit")
    assert meeting.stage.live.chats.lines(meeting.visit.id) == []
    await meeting.client.say("chat", line_id="line-0002", text="Noch etwas")
    assert meeting.client.problems == ["not_allowed_now"]


async def test_it_is_never_in_the_database(meeting):
    await meeting.begin()
    await meeting.client.say("chat", line_id="line-0001", text="Zebrafink und Murmeltier")

    def everything(session):
        ask = session.connection().exec_driver_sql
        tables = [row[0] for row in ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return "\n".join(repr(row) for table in tables for row in ask(f'SELECT * FROM "{table}"'))

    dump = await meeting.stage.parts.database.read(everything)
    assert meeting.visit.id in dump
    assert "Zebrafink" not in dump


async def test_too_fast_and_too_empty_are_told(meeting):
    await meeting.begin()
    for number in range(6):
        await meeting.client.say("chat", line_id=f"line-000{number}", text="Hallo")
    await meeting.client.say("chat", line_id="line-0009", text=" \u202e ")
    assert meeting.client.problems == ["chat_too_fast", "chat_empty"]
    assert len(lines(meeting.desk)) == 5
