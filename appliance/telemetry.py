"""Log lines: every event's name and every field in one place; ids only, never names or words.

Lines go to stderr as ``key=value`` pairs; the journal adds the rest. An exception is shown as its
type, its stable code and where it happened: its message could carry what a person typed.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

ROOT = Path(__file__).parent
FRAMES_SHOWN = 6

EVENTS: dict[str, str] = {
    "web_started": "The web process serves requests.",
    "web_stopping": "The web process was told to stop.",
    "event_handler_failed": "A handler of a domain event raised; the others went on.",
    "job_failed": "A supervised loop raised; it goes on after a pause.",
    "request_failed": "A request ended in an error that nobody expected.",
    "request_refused": "A request was refused before it reached its route.",
    "limit_reached": "A budget of the rate limits is used up for an address; said once.",
    "guessing_suspected": "More than 50 failures a minute for one budget, from anywhere.",
    "command_failed": "A command over a socket ended in an error that nobody expected.",
    "live_work_failed": "Bringing rooms and pages in line raised; it is tried again.",
    "analyser_word_wrong": "An analyser said something that is not in the protocol.",
    "check_record_refused": "A page presented a check record that we did not sign.",
    "route_undeclared": "A route declares no access; it was refused.",
    "background_refused": "A file among the agency's background pictures is no usable picture.",
    "browser_report": "A browser reported a breach of the content security policy.",
    "database_failed": "The database refused or could not do what was asked.",
    "login_succeeded": "An adviser logged in.",
    "login_refused": "A login was refused.",
    "login_ended": "An adviser logged out or ended other logins.",
    "setup_refused": "Somebody typed a wrong code of the installation.",
    "setup_kept": "A part of the set-up page was kept.",
    "setup_mail_tried": "The set-up page sent a test mail; the code says how that went.",
    "setup_done": "Set-up ended; web starts again with what was typed.",
    "logo_refused": "The agency's logo cannot be used: size or type.",
    "account_added": "An administrator added an account.",
    "account_changed": "An account has other rights, secrets, or is closed or open again.",
    "api_key_made": "An administrator made a key for a program.",
    "api_key_revoked": "An administrator revoked a program's key.",
    "calendar_feed_changed": "An adviser made or revoked the address of their calendar.",
    "kiosk_registered": "A browser was registered as a kiosk by a code from the console.",
    "kiosk_changed": "An administrator added or removed a kiosk, or made a code for it.",
    "kiosk_wiped": "A kiosk's browser began anew; what was open there has ended.",
    "program_booked": "A program booked an appointment, or asked again for one it had booked.",
    "deadline_failed": "A visit's deadline could not be fired; it stays due, the others go on.",
    "visit_opened": "A link, number or public topic led to a visit.",
    "public_door_shut": "A client wanted to come without an appointment; what stood in the way.",
    "public_visit_closed": "A client still waited when nobody was there any more after closing.",
    "link_refused": "A link or number led nowhere.",
    "appointment_decided_before": "A visit ended well, but its appointment was decided before.",
    "visit_goes_on": "An appointment was cancelled while its conversation was running.",
    "alternative_chosen": "A client rather comes by telephone or in person.",
    "appointment_wish": "A client has called an appointment off, wants another time, or a call.",
    "database_damaged": "The daily check of the whole file found damage: restore a backup.",
    "purged": "What was due has been deleted, and a proof line was left.",
    "purge_paused": "The clock is a month ahead of the last deletion, which waits for a look.",
    "purge_left_traces": "After a purge the WAL was not empty or deleted ids were on the disk.",
    "backup_made": "A backup was made and looked through.",
    "backup_not_purged": "A kept backup could not be opened to delete in it: remove or repair it.",
    "erased_on_request": "What was kept of a client has been deleted on request, with a proof.",
    "message_not_delivered": "A server did not take a message; the reason is a word of the outbox.",
    "media_ready": "The media process serves web and browsers.",
    "media_measured": "So many conversations at once this media process carries.",
    "media_failed": "The media process cannot start.",
    "media_upkeep_failed": "Clock work of the media process raised; it goes on at the next tick.",
    "media_log_ends": "The media process grows no file; give it a pipe to see its log.",
    "dtls_failed": "A handshake raised; that peer is removed.",
    "control_connection_failed": "Web broke the protocol of the control socket; it was hung up on.",
    "relay_event_failed": "Web's handler of an event of the relay raised; the others go on.",
    "message_not_tried": "A message could not even be tried; it waits.",
}

METRICS: dict[str, tuple[str, str]] = {
    "vorzimmer_info": ("gauge", "Always 1; which version serves."),
    "vorzimmer_ready": ("gauge", "Whether database, disk and media are as a client needs them."),
    "vorzimmer_visits": ("gauge", "Open visits, by where they are."),
    "vorzimmer_sockets": ("gauge", "Pages that are connected now."),
    "vorzimmer_media_up": ("gauge", "Whether the media process answers."),
    "vorzimmer_media_conversations": ("gauge", "Conversations that the media process carries."),
    "vorzimmer_media_conversations_limit": ("gauge", "How many it safely carries."),
    "vorzimmer_media_forwarded_packets_total": ("counter", "Packets handed on."),
    "vorzimmer_media_cpu_seconds_total": ("counter", "Processor time of the media process."),
    "vorzimmer_messages": ("gauge", "Mails and SMS, by state: waiting, failed, kept."),
    "vorzimmer_oldest_waiting_message_seconds": ("gauge", "Age of the oldest that waits; 0: none."),
    "vorzimmer_deletion_ok": ("gauge", "Whether deletion is on time and left nothing."),
    "vorzimmer_last_deletion_timestamp_seconds": ("gauge", "Time of the last proof of deletion."),
    "vorzimmer_last_backup_timestamp_seconds": (
        "gauge",
        "Time of the newest kept backup; 0: none.",
    ),
    "vorzimmer_certificate_expiry_timestamp_seconds": ("gauge", "End of the pages' certificate."),
    "vorzimmer_disk_free_bytes": ("gauge", "Free on the disk of the data and of the backups."),
    "vorzimmer_cpu_seconds_total": ("counter", "Processor time of the web process."),
    "vorzimmer_memory_bytes": ("gauge", "The most memory that the web process has used."),
    "vorzimmer_events_total": ("counter", "Log lines of warning and above, by event."),
}

counted: Counter[str] = Counter()  # events of warning and above, since the process began

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "logger",
        "adviser_id", "appointment_id", "visit_id", "room_id", "peer_id", "message_id", "login_id",
        "kind", "name", "code", "status", "method", "endpoint", "reason", "count", "state",
        "duration_ms", "budget", "layer", "directive", "exception", "at", "version", "bind",
    }
)  # fmt: skip


def _known_fields_only(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A field that is not on the list keeps its key and loses its value."""
    for key in list(line):
        if key not in FIELDS and not key.startswith("_"):
            line[key] = "withheld"
    return line


def _count(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For monitoring: how often each of our events of some weight has come."""
    if line.get("level") in ("warning", "error", "critical") and line.get("event") in EVENTS:
        counted[str(line["event"])] += 1
    return line


def _exception_without_words(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replaces ``exc_info`` by type, code and place."""
    info = line.pop("exc_info", None)
    if not info:
        return line
    if info is True:
        info = sys.exc_info()
    error = info if isinstance(info, BaseException) else info[1]
    if error is not None:
        line["exception"] = type(error).__name__
        line["at"] = _places(error.__traceback__)
        if isinstance(code := getattr(error, "code", None), str):
            line["code"] = code
    return line


def _places(trace: TracebackType | None) -> str:
    """The innermost frames, as ``file:line``, outermost first."""
    places: list[str] = []
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        places.append(f"{file.parent.name}/{file.name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join(places[-FRAMES_SHOWN:])


class Log(structlog.stdlib.BoundLogger):
    """Hands no exception on to the standard library, whose handlers would print its words."""

    def exception(self, event: str | None = None, *args: Any, **fields: Any) -> None:
        """An error with the exception that is being handled."""
        self.error(event, *args, **{"exc_info": True, **fields})


def configure(level: int = logging.INFO) -> None:
    """Sends our lines and those of the libraries to stderr in the same form."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        _count,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception_without_words,
        _known_fields_only,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=Log,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("asyncio", "aioice", "alembic", "httpx", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
