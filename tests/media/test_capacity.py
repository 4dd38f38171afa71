"""What the media process counts as a conversation: the pairs that its routes join."""


async def test_it_works(box):
    """One way is enough, and both ways are not two."""
    await box.pair()
    assert box.relay.load().sessions == 1
    box.route("a>b")
    assert box.relay.load().sessions == 1
    box.route()
    assert box.relay.load().sessions == 0


async def test_a_stranger_with_two_offers_takes_no_place(box):
    for name in ("a", "a2"):
        await box.phone(name, connect=False)
    box.route("a>a")
    assert box.relay.load().sessions == 0


async def test_a_reload_in_a_conversation_counts_once(box):
    await box.pair()
    await box.phone("a2", connect=False)
    assert box.relay.load().sessions == 1
    box.route("a2>b", "b>a2")
    assert box.relay.load().sessions == 1
    box.relay.remove_peer("a")
    assert box.relay.load().sessions == 1
    box.relay.remove_peer("b")
    assert box.relay.load().sessions == 0


async def test_a_conference_counts_by_who_is_routed_to_whom(box):
    for name in "abcd":
        await box.phone(name, slots=3, connect=False)
    box.route("a>b", "b>a", "a>c", "b>d")
    assert box.relay.load().sessions == 3


async def test_every_room_counts(box):
    await box.pair()
    box.relay.open_room("other")
    for name in ("c", "d"):
        box.relay.add_peer("other", name, 1)
    assert box.relay.load().sessions == 1
