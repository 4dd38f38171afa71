"""Files: a fixed manifest, cached for ever, nothing beside it."""

import re

import pytest

from appliance.web.assets import TYPES, Assets


def lay_out(folder):
    (folder / "client").mkdir()
    (folder / "styles").mkdir()
    (folder / "client" / "main.js").write_text("export {};\n")
    (folder / "client" / ".hidden.js").write_text("secret")
    (folder / "client" / "notes.bak").write_text("secret")
    (folder / "styles" / "main.css").write_text("p {}\n")
    (folder / "secret.js").write_text("secret")
    (folder / "client" / "linked.js").symlink_to(folder / "secret.js")
    (folder / "styles" / "out").symlink_to(folder)


async def test_it_works(web):
    adviser = await web.browser().get("/join")
    html = await adviser.get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', html)
    assert addresses
    for address in addresses:
        answer = await web.browser().get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers


async def test_every_file_of_the_manifest_is_served_with_its_type(web):
    assets = web.parts.assets
    assert assets.files
    for path, file in assets.files.items():
        answer = await web.browser().get(assets.address(path))
        assert answer.status_code == 200, path
        assert answer.headers["Content-Type"] == TYPES[file.suffix], path
        assert await answer.get_data() == file.read_bytes(), path


def test_only_known_files_get_in(tmp_path):
    lay_out(tmp_path)
    assets = Assets.collect(tmp_path)
    assert set(assets.files) == {"client/main.js", "styles/main.css"}


def test_the_digest_follows_the_content(tmp_path):
    lay_out(tmp_path)
    before = Assets.collect(tmp_path)
    assert Assets.collect(tmp_path).digest == before.digest
    (tmp_path / "styles" / "main.css").write_text("p { }\n")
    after = Assets.collect(tmp_path)
    assert after.digest != before.digest
    assert after.address("client/main.js") != before.address("client/main.js")


def test_a_file_that_is_not_there_fails_when_the_page_is_made(tmp_path):
    with pytest.raises(KeyError):
        Assets.collect(tmp_path).address("client/none.js")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "client",
        "client/",
        "../pages/base.html",
        "client/../../pyproject.toml",
        "client/..%2f..%2fpyproject.toml",
        "%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "client/main.js%00.css",
        "client\\main.js",
        "pages/base.html",
        "package.json",
    ],
)
async def test_nothing_beside_the_manifest_is_served(web, path):
    answer = await web.browser().get(f"/assets/{web.parts.assets.digest}/{path}")
    assert answer.status_code == 404


async def test_an_old_digest_is_unknown(web):
    answer = await web.browser().get("/assets/0123456789abcdef/client/main.js")
    assert answer.status_code == 404


async def test_a_part_of_a_sound_can_be_had(web):
    path = next(iter(web.parts.assets.files))
    answer = await web.browser().get(web.parts.assets.address(path), Range="bytes=0-3")
    assert answer.status_code == 206
    assert len(await answer.get_data()) == 4


async def test_browsers_that_ask_for_a_favicon_get_a_calm_nothing(web):
    assert (await web.browser().get("/favicon.ico")).status_code == 204
