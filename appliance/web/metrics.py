"""Numbers for the agency's monitoring, in Prometheus' text form. Counts only, nobody's data.

Served on a socket of its own, which systemd opens on loopback; without it, nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from quart import Quart, Response
from sqlalchemy import func, select
from sqlmodel import Session, col

from appliance import __version__
from appliance.outbox.models import OutboxMessage
from appliance.outbox.states import MessageState
from appliance.relay.workers import RelayWorkers
from appliance.storage.backup import backup_folder, newest_backup_at
from appliance.storage.errors import DatabaseError
from appliance.telemetry import EVENTS, METRICS, counted
from appliance.visits.models import Visit
from appliance.visits.states import VisitState
from appliance.web.health import readiness
from appliance.web.parts import Parts

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NEVER = datetime.fromtimestamp(0, UTC)  # so that an alert on its age fires, too
SHOWN = (MessageState.WAITING, MessageState.FAILED, MessageState.KEPT)

Sample = tuple[str, dict[str, str], float]


def metrics_app(parts: Parts) -> Quart:
    """An application with one route."""
    app = Quart("appliance.metrics", static_folder=None)

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(written(await samples(parts)), content_type=CONTENT_TYPE)

    return app


def written(found: Iterable[Sample]) -> str:
    """The text, each metric below its meaning."""
    by_name: dict[str, list[str]] = {name: [] for name in METRICS}
    for name, labels, value in found:
        inner = ",".join(f'{key}="{word}"' for key, word in labels.items())
        by_name[name].append(f"{name}{{{inner}}} {value!r}" if inner else f"{name} {value!r}")
    lines = []
    for name, (kind, meaning) in METRICS.items():
        if by_name[name]:
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}", *by_name[name]]
    return "\n".join(lines) + "\n"


async def samples(parts: Parts) -> list[Sample]:
    """All that is known now; what cannot be read is left out."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found: list[Sample] = [
        ("vorzimmer_info", {"version": __version__}, 1),
        (
            "vorzimmer_sockets",
            {},
            sum(len(parts.live.pages.of(owner)) for owner in parts.live.pages.owners()),
        ),
        ("vorzimmer_cpu_seconds_total", {}, usage.ru_utime + usage.ru_stime),
        ("vorzimmer_memory_bytes", {}, usage.ru_maxrss * 1024),
    ]
    for part, good in (await readiness(parts)).items():
        found.append(("vorzimmer_ready", {"part": part}, float(good)))
    # From 0 on: what is first seen at 1 has not increased for Prometheus.
    found += [("vorzimmer_events_total", {"event": event}, counted[event]) for event in EVENTS]
    found += await _media(parts)
    with contextlib.suppress(DatabaseError):  # vorzimmer_ready says it
        found += await parts.database.read(lambda session: _stored(session, parts.clock()))
    return found + await asyncio.to_thread(_kept, parts)


async def _media(parts: Parts) -> list[Sample]:
    found: list[Sample] = []
    relay = parts.relay
    stats = await relay.stats_of_all() if isinstance(relay, RelayWorkers) else {}
    for number in range(1, parts.settings.media.workers + 1):
        labels = {"worker": str(number)}
        found.append(("vorzimmer_media_up", labels, float(number in stats)))
        if said := stats.get(number):
            load = said["load"]
            found += [
                ("vorzimmer_media_conversations", labels, load["sessions"]),
                ("vorzimmer_media_conversations_limit", labels, load["limit"]),
                ("vorzimmer_media_cpu_seconds_total", labels, said["cpu_s"]),
                (
                    "vorzimmer_media_forwarded_packets_total",
                    labels,
                    said["counters"]["forwarded"],
                ),
            ]
    return found


def _stored(session: Session, now: datetime) -> list[Sample]:
    visits = select(Visit.state, func.count()).group_by(Visit.state)  # type: ignore[call-overload]
    there = dict(session.execute(visits).all())
    found: list[Sample] = [
        ("vorzimmer_visits", {"state": state}, there.get(state, 0))
        for state in VisitState
        if state is not VisitState.CLOSED
    ]
    messages = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)  # type: ignore[call-overload]
    kept = dict(session.execute(messages).all())
    found += [("vorzimmer_messages", {"state": one}, kept.get(one, 0)) for one in SHOWN]
    waiting = select(func.min(OutboxMessage.created_at)).where(
        col(OutboxMessage.state) == MessageState.WAITING
    )
    oldest = session.execute(waiting).scalar()
    age_s = (now - oldest).total_seconds() if oldest else 0.0
    return [*found, ("vorzimmer_oldest_waiting_message_seconds", {}, age_s)]


def _kept(parts: Parts) -> list[Sample]:
    """What lies on the disk, and the last deletion."""
    settings = parts.settings
    places = {"data": settings.data_dir, "backups": backup_folder(settings)}
    found: list[Sample] = [
        ("vorzimmer_disk_free_bytes", {"of": name}, shutil.disk_usage(folder).free)
        for name, folder in places.items()
        if os.access(folder, os.X_OK)
    ]
    found.append(("vorzimmer_deletion_ok", {}, float(parts.deletion.word() == "ok")))
    times = {
        "vorzimmer_last_deletion_timestamp_seconds": parts.deletion.last_at,
        "vorzimmer_last_backup_timestamp_seconds": newest_backup_at(
            backup_folder(settings), parts.clock()
        )
        or NEVER,
        "vorzimmer_certificate_expiry_timestamp_seconds": _expiry(settings.web.certificate_file),
    }
    return found + [(name, {}, at.timestamp()) for name, at in times.items() if at is not None]


def _expiry(chain: Path | None) -> datetime | None:
    try:
        return (
            x509.load_pem_x509_certificates(chain.read_bytes())[0].not_valid_after_utc
            if chain is not None
            else None
        )
    except (OSError, ValueError):
        return None
