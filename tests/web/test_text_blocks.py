"""The page of lines for the chat, and where they are offered."""

import re

from appliance.advisers.models import Role
from tests.web.conftest import text_of

PAGE = "/console/text-blocks"


async def test_it_works(web):
    adviser = await web.adviser()
    assert "Noch gibt es keinen." in await text_of(await adviser.get(PAGE))
    answer = await adviser.post(PAGE, form={"text": "Bitte <lauter> sprechen."})
    assert (answer.status_code, answer.location) == (303, PAGE)
    for page in (PAGE, "/console"):
        html = await (await adviser.get(page)).get_data(as_text=True)
        assert "Bitte &lt;lauter&gt; sprechen." in html
    remove = re.search(
        rf'action="({PAGE}/[\w-]+/remove)"', await (await adviser.get(PAGE)).get_data(as_text=True)
    ).group(1)
    assert (await adviser.post(remove)).status_code == 303
    assert (await adviser.post(remove)).status_code == 422
    assert "data-text-block" not in await (await adviser.get("/console")).get_data(as_text=True)


async def test_a_mistake_loses_nothing_typed(web):
    adviser = await web.adviser()
    answer = await adviser.post(PAGE, form={"text": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in await answer.get_data(as_text=True)


async def test_for_everybody_is_the_administrators_word_alone(web):
    adviser = await web.adviser()
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    await adviser.post(PAGE, form={"text": "nur meiner", "for_all": "yes"})
    await administrator.post(PAGE, form={"text": "für jeden", "for_all": "yes"})
    colleague = await text_of(await (await web.adviser("other")).get(PAGE))
    assert "für jeden" in colleague
    assert "nur meiner" not in colleague
