"""The administrator: what is kept of one person, to show, to hand out, to delete with a proof."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from quart import Blueprint, Response, request

from appliance.appointments.booking import tidy_phone
from appliance.appointments.credentials import typed_number
from appliance.i18n import N_
from appliance.retention.models import DeletionReason
from appliance.retention.on_request import Erased, PersonPresent
from appliance.retention.person import Found, Kept, Value
from appliance.retention.words import COLUMNS, TABLES, of_value
from appliance.storage.ids import ID_MAX_LENGTH
from appliance.web.access import Who, access, present_adviser
from appliance.web.body import typed
from appliance.web.language import clock_in_words, day_in_words, translate
from appliance.web.limits import Budget
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("console_privacy", __name__, url_prefix="/console/privacy")

OWNERS_MAX = 50
SCHEMA = 1
NOTHING = N_("Dazu ist nichts gespeichert.")
CHOOSE = N_("Bitte wählen Sie mindestens einen Eintrag aus.")
CONFIRM = N_("Bitte bestätigen Sie, dass alles gelöscht werden soll.")


@blueprint.get("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def start() -> Response:
    """[console/privacy] The search, and the newest proofs of deletions on request.

    Context: ``adviser``, ``wanted``, ``matches`` (``person.Match`` rows, or None before a search),
    ``more`` (the list was cut), ``problem``, ``proofs`` (with ``by``, ``deleted``, ``finished``).
    """
    return await _start()


@blueprint.post("")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def search() -> Response:
    """[console/privacy] with ``matches``; audited, without the words that were typed."""
    wanted = (await typed("wanted"))["wanted"].strip()
    words = [wanted, typed_number(wanted) or "", _phone(wanted)]
    found = await parts().personal_data.find(words, present_adviser().id)
    return await _start(wanted=wanted, found=found)


@blueprint.post("/show")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def show() -> Response:
    """[console/privacy_person] Everything that is kept; audited.

    Context: ``adviser``, ``owners``, ``kept`` (tables with ``title`` and ``rows`` of pairs),
    ``problem``, ``erased`` (``on_request.Erased``, or None), ``deleted`` (pairs).
    """
    owners = await _owners()
    if not owners:
        return await _start(problem=CHOOSE)
    return await _shown(owners)


@blueprint.post("/export.json")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def export_data() -> Response:
    """Everything that is kept, for programs, as a file; audited."""
    kept = await parts().personal_data.show(
        await _owners(), present_adviser().id, "client_data_exported"
    )
    content = {
        "schema": SCHEMA,
        "agency": parts().settings.agency.name,
        "made_at": parts().clock().isoformat(),
        "kept": {one.table: [_as_json(row) for row in one.rows] for one in kept},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    response = Response(text, mimetype="application/json")
    return _as_file(response, "json")


@blueprint.post("/export.html")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def export_page() -> Response:
    """[console/privacy_file] The same for people: a file that needs nothing from us; audited.

    Context: ``kept``, ``made_at``.
    """
    kept = await parts().personal_data.show(
        await _owners(), present_adviser().id, "client_data_exported"
    )
    context = {"kept": readable(kept), "made_at": parts().clock()}
    return _as_file(await page("console/privacy_file", **context), "html")


@blueprint.post("/erase")
@access(Who.ADMINISTRATOR, Budget.CONSOLE)
async def erase() -> Response:
    """[console/privacy_person] with the proof; with a ``problem`` (409) when it cannot be yet."""
    owners = await _owners()
    if not owners:
        return await _start(problem=CHOOSE)
    if not (await typed("sure"))["sure"]:
        return await _shown(owners, problem=CONFIRM)
    try:
        erased = await parts().personal_data.erase(owners, present_adviser().id)
    except PersonPresent as error:
        return await _shown(owners, problem=error.sentence)
    return await page(
        "console/privacy_person",
        adviser=present_adviser(),
        owners=[],
        kept=[],
        problem=None,
        erased=erased,
        deleted=_counted(erased.counts),
    )


async def _start(
    wanted: str = "", found: Found | None = None, problem: str | None = None
) -> Response:
    proofs = await parts().personal_data.proofs(DeletionReason.REQUEST)
    unfinished = await parts().personal_data.unfinished()
    names = {one.by_id: await parts().advisers.name(one.by_id) for one in proofs}
    return await page(
        "console/privacy",
        409 if problem else 200,
        adviser=present_adviser(),
        wanted=wanted,
        matches=found.matches if found else None,
        more=found is not None and found.more,
        problem=translate(problem) if problem else None,
        proofs=[
            {
                "line": one,
                "by": names[one.by_id],
                "deleted": _counted(json.loads(one.counts)),
                "finished": one.id not in unfinished,
            }
            for one in proofs
        ],
    )


async def _shown(owners: list[str], problem: str | None = None) -> Response:
    by = present_adviser()
    kept = await parts().personal_data.show(owners, by.id, "client_data_shown")
    erased: Erased | None = None
    return await page(
        "console/privacy_person",
        409 if problem else 200,
        adviser=by,
        owners=owners,
        kept=readable(kept),
        problem=translate(problem) if problem else None,
        erased=erased,
        deleted=[],
    )


async def _owners() -> list[str]:
    chosen = (await request.form).getlist("owner")
    return [one for one in chosen if 0 < len(one) <= ID_MAX_LENGTH][:OWNERS_MAX]


def _phone(text: str) -> str:
    """As numbers are stored; empty when it is none."""
    try:
        return tidy_phone(text)
    except ValueError:
        return ""


def _counted(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(translate(TABLES[name]), n) for name, n in sorted(counts.items()) if name in TABLES]


def readable(kept: list[Kept]) -> list[dict[str, Any]]:
    """Tables and rows with the names that people give them; what is empty is left out."""
    return [
        {
            "title": translate(TABLES.get(one.table, one.table)),
            "rows": [pairs for row in one.rows if (pairs := _pairs(row))],
        }
        for one in kept
    ]


def _pairs(row: dict[str, Value]) -> list[tuple[str, str]]:
    return [
        (translate(COLUMNS[name]), _in_words(name, value))
        for name, value in row.items()
        if name in COLUMNS and value not in (None, "")
    ]


def _in_words(name: str, value: Value) -> str:
    if isinstance(value, datetime):
        return f"{day_in_words(value)} {value.year}, {clock_in_words(value)}"
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return translate(of_value(name, value)) if isinstance(value, str) and value else str(value)


def _as_json(row: dict[str, Value]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else _parsed(value)
        for name, value in row.items()
    }


def _parsed(value: Value) -> Any:
    """A text that is JSON itself (the report of a device check) as its content."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _as_file(response: Response, ending: str) -> Response:
    name = f"attachment; filename=auskunft.{ending}"
    response.headers["Content-Disposition"] = name
    return response
