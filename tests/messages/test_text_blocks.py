"""Lines for the chat: one's own and everybody's."""

import pytest

from appliance.messages.errors import TextBlockInvalid, TextBlocksFull, TextBlockUnknown
from appliance.messages.text_blocks import CHARACTERS, MOST, TextBlocks


@pytest.fixture
def blocks(database, clock):
    return TextBlocks(database, clock)


async def texts(blocks, adviser_id="adviser-1"):
    return [one.text for one in await blocks.of(adviser_id)]


async def test_it_works(blocks):
    await blocks.add("  Bitte sprechen Sie etwas lauter. ", "adviser-1")
    await blocks.add("Guten Tag!\r\nEinen Moment bitte.", "chief", for_all=True)
    assert await texts(blocks) == [
        "Guten Tag!\nEinen Moment bitte.",
        "Bitte sprechen Sie etwas lauter.",
    ]
    assert await texts(blocks, "adviser-2") == ["Guten Tag!\nEinen Moment bitte."]


@pytest.mark.parametrize("text", ["", " \n ", "x" * (CHARACTERS + 1), "a\x00b", "a\u202eb"])
async def test_what_is_no_line(blocks, text):
    with pytest.raises(TextBlockInvalid):
        await blocks.add(text, "adviser-1")


async def test_there_is_an_end_of_them(blocks):
    for number in range(MOST):
        await blocks.add(f"Satz {number}", "adviser-1")
    with pytest.raises(TextBlocksFull):
        await blocks.add("noch einer", "adviser-1")
    await blocks.add("der erste", "adviser-2")


async def test_a_colleagues_or_everybodys_is_not_ones_to_remove(blocks):
    await blocks.add("für alle", "chief", for_all=True)
    await blocks.add("meiner", "adviser-1")
    everybodys, own = await blocks.of("adviser-1")
    with pytest.raises(TextBlockUnknown):
        await blocks.remove(own.id, "adviser-2", may_for_all=True)
    with pytest.raises(TextBlockUnknown):
        await blocks.remove(everybodys.id, "adviser-1")
    await blocks.remove(everybodys.id, "chief", may_for_all=True)
    await blocks.remove(own.id, "adviser-1")
    assert await texts(blocks) == []
