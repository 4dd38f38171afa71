"""For the agency's monitoring and for systemd: alive, ready, which version."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from quart import Blueprint, Response, jsonify, request
from sqlmodel import Session

from appliance import __version__
from appliance.storage.errors import DatabaseError
from appliance.web.access import Who, access, count_failure_now
from appliance.web.limits import Budget
from appliance.web.parts import Parts, parts
from appliance.web.security import report_directive

FREE_BYTES = 200 * 1024 * 1024  # below this, new appointments would soon fail

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access(Who.ANYONE, Budget.HEALTH)
async def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@access(Who.ANYONE, Budget.HEALTH)
async def readyz() -> Response:
    """200 when a client could be served now: database writable, room on the disk, media there."""
    checks = await readiness(parts())
    ready = all(checks.values())
    words = {name: "ok" if good else "failed" for name, good in checks.items()}
    response: Response = jsonify({"status": "ok" if ready else "failed", "checks": words})
    response.status_code = 200 if ready else 503
    return response


@blueprint.get("/version")
@access(Who.ANYONE, Budget.HEALTH)
async def version() -> Response:
    """Which release this is."""
    return jsonify({"version": __version__})


@blueprint.post("/api/v1/browser-reports")
@access(Who.ANYONE, Budget.REPORTS)
async def browser_reports() -> Response:
    """A browser's report of a breach of the content security policy; only the directive is kept."""
    count_failure_now(Budget.REPORTS)
    report_directive(await request.get_data(as_text=False))
    return Response("", 204)


async def readiness(running: Parts) -> dict[str, bool]:
    """What a client needs, and whether it is there now."""
    return {
        "database": await _database_writable(running),
        "disk": _disk_has_room(running.settings.data_dir),
        "media": running.relay.connected,
    }


async def _database_writable(running: Parts) -> bool:
    """True when the write lock can be had; writes nothing."""

    def take_lock(session: Session) -> None:
        session.connection()

    try:
        await running.database.write(take_lock)
    except DatabaseError:
        return False
    return os.access(running.settings.data_dir, os.W_OK)


def _disk_has_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free >= FREE_BYTES
    except OSError:
        return False
