"""Pages name all modules that they need, so that a browser asks for them at once."""

import re

import pytest

from appliance.web.assets import UI_DIR, Assets

MAIN = """
import { a } from "./a.js";
import {
  b,
  c,
} from "../shared/b.js";
export { d } from "./d.js";
/** @typedef {import("../protocol").Named} Named */
const later = () => import("./later.js");
export function say() {
  return "./nothing.js";
}
"""


@pytest.fixture
def ui(tmp_path):
    written = {
        "client/page/main.js": MAIN,
        "client/page/a.js": 'import "./d.js";\nimport { main } from "./main.js";\n',
        "client/shared/b.js": "export const b = 1;\n",
        "client/page/d.js": 'import { b } from "../shared/b.js";\n',
    }
    for path, text in written.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_it_works(ui):
    found = Assets.collect(ui)
    assert found.modules("client/page/main.js") == [
        found.address(one) for one in ("client/page/a.js", "client/shared/b.js", "client/page/d.js")
    ]


def test_a_module_that_is_not_there_is_an_error(ui):
    (ui / "client/page/d.js").unlink()
    with pytest.raises(KeyError):
        Assets.collect(ui).modules("client/page/main.js")
    with pytest.raises(KeyError):
        Assets.collect(ui).modules("client/page/none.js")


def test_each_page_has_modules_that_are_there():
    assets = Assets.collect()
    pages = "".join(page.read_text() for page in UI_DIR.glob("pages/**/*.html"))
    named = set(re.findall(r"module\('([^']+)'\)", pages))
    assert "client/main.js" in named
    assert {one for one in named if assets.modules(one)} >= {"client/main.js"}


async def test_a_page_asks_for_them_before_its_script(web):
    html = await (await web.browser().get("/test")).get_data(as_text=True)
    preloaded = re.findall(r'<link rel="modulepreload" href="([^"]+)">', html)
    assert preloaded == web.parts.assets.modules("client/main.js")
    assert html.index(preloaded[-1]) < html.index('<script type="module"')
