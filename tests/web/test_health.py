"""For monitoring and systemd."""

import shutil
from types import SimpleNamespace

from appliance.storage.errors import DatabaseBusy


async def test_it_works(web):
    answer = await web.browser().get("/healthz")
    assert answer.status_code == 200
    assert (await answer.get_json()) == {"status": "ok"}


async def test_ready_only_when_media_is_there(web, monkeypatch):
    answer = await web.browser().get("/readyz")
    assert answer.status_code == 503
    assert (await answer.get_json())["checks"] == {
        "database": "ok",
        "disk": "ok",
        "media": "failed",
    }
    monkeypatch.setattr(type(web.parts.relay), "connected", True)
    assert (await web.browser().get("/readyz")).status_code == 200


async def test_not_ready_when_the_database_is_busy(web, monkeypatch):
    async def busy(_work):
        raise DatabaseBusy

    monkeypatch.setattr(web.parts.database, "write", busy)
    answer = await web.browser().get("/readyz")
    assert (await answer.get_json())["checks"]["database"] == "failed"


async def test_not_ready_when_the_disk_is_nearly_full(web, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    answer = await web.browser().get("/readyz")
    assert (await answer.get_json())["checks"]["disk"] == "failed"
