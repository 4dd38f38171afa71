"""Staff: booking an appointment, a series of them, or one like an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quart import Blueprint, Response, request

from appliance.advisers.rights import Action, Staff
from appliance.appointments.errors import BookingInvalid, SlotTaken
from appliance.i18n import N_
from appliance.storage.errors import DatabaseError
from appliance.web import appointment_form
from appliance.web.access import Who, access, present_adviser
from appliance.web.appointment_form import FIELDS, REPEAT_WEEKS, FormWrong
from appliance.web.body import typed
from appliance.web.console_appointments import reachable, zone
from appliance.web.language import day_in_words, reader_language, translate
from appliance.web.limits import Budget
from appliance.web.pages import page, see_other
from appliance.web.parts import parts

blueprint = Blueprint("console_booking", __name__, url_prefix="/console/appointments")

FROM_ADDRESS = ("starts_on", "starts_at_time", "for_whom")  # nothing of a client
TWO_AT_ONCE = N_("Zu dieser Zeit haben Sie schon einen Termin. Trotzdem buchen?")
THEIR_TWO_AT_ONCE = N_("Zu dieser Zeit gibt es dort schon einen Termin. Trotzdem buchen?")
SOME_TAKEN = N_("An diesen Tagen ist die Zeit schon belegt: %(days)s. Trotzdem buchen?")
FOR_WHOM = N_("Bitte wählen Sie, wer das Gespräch führt.")
CHECK_FIELDS = N_("Bitte prüfen Sie die markierten Angaben. Nichts ist verloren gegangen.")


@blueprint.get("/new")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def new() -> Response:
    """[console/appointment_new] The booking form, posted to the same address.

    The address may fill in ``starts_on``, ``starts_at_time`` and ``for_whom``, or name with
    ``again`` the appointment whose client gets another one.
    Context: ``adviser``; ``values`` (text per field of ``appointment_form.FIELDS``), ``mistakes``
    (field to sentence), ``problem`` (a sentence above the form, or None), ``overlap`` (True: show
    the box ``overlap_allowed``), ``sms_possible``, ``mail_possible``, ``places`` (pairs of value
    and words: for whom one may book; the field is left out when it is oneself alone),
    ``repeats`` (weeks between two of a series).
    """
    now = parts().clock()
    values = appointment_form.suggested(now, zone(), reader_language())
    if again := request.args.get("again"):
        earlier = await reachable(again, Action.BOOK)
        await parts().looks.note(present_adviser().id, "appointment_shown", earlier.id)
        values |= appointment_form.like(earlier, now, zone())
    values |= {name: request.args[name] for name in FROM_ADDRESS if name in request.args}
    return await _form(values)


@blueprint.post("/new")
@access(Who.ADVISER, Budget.CONSOLE, Action.BOOK)
async def book() -> Response:
    """Books and goes to the (first) appointment; with mistakes the form again, nothing lost."""
    values = await typed(*FIELDS)
    adviser = present_adviser()
    try:
        bookings = appointment_form.read_series(values, zone())
        adviser_id, team_id = await _chosen_place(values["for_whom"])
        booked = await parts().appointments.book_all(bookings, adviser_id, adviser.id, team_id)
    except FormWrong as error:
        return await _form(values, error.mistakes)
    except BookingInvalid as error:
        mistakes = dict(error.mistakes)
        if "starts_at" in mistakes:
            mistakes["starts_on"] = mistakes.pop("starts_at")
        return await _form(values, mistakes)
    except SlotTaken as error:
        sentence = TWO_AT_ONCE if adviser_id == adviser.id else THEIR_TWO_AT_ONCE
        if len(bookings) > 1:
            sentence = translate(SOME_TAKEN, days=_days(error.taken))
        return await _form(values, {"starts_at_time": sentence}, overlap=True)
    except DatabaseError as error:
        return await _form(values, problem=error.sentence, status=503)
    return see_other(f"/console/appointments/{booked[0].id}?booked={len(booked)}")


def _days(taken: Sequence[datetime]) -> str:
    return "; ".join(day_in_words(at) for at in taken)


async def _places() -> dict[str, tuple[str, str | None, str]]:
    """For whom one may book, by the form's value: adviser, team, words. Oneself comes first."""
    advisers = parts().advisers
    staff: Staff = await advisers.staff()
    teams = {team.id: team.name for team in await advisers.teams()}
    return {
        f"{member.adviser_id}.{team_id or ''}": (
            member.adviser_id,
            team_id,
            " – ".join(filter(None, (member.name, teams.get(team_id or "", "")))),
        )
        for member, team_id in staff.places(present_adviser().id, Action.BOOK)
    }


async def _chosen_place(value: str) -> tuple[str, str | None]:
    """Adviser and team of the form's value; of oneself where nothing was to be chosen.

    Raises ``FormWrong``.
    """
    places = await _places()
    if not value and places and next(iter(places.values()))[0] == present_adviser().id:
        value = next(iter(places))
    if value not in places:
        raise FormWrong({"for_whom": FOR_WHOM})
    return places[value][:2]


async def _form(
    values: dict[str, str],
    mistakes: dict[str, str] | None = None,
    *,
    overlap: bool = False,
    problem: str | None = None,
    status: int = 422,
) -> Response:
    problem = problem or (CHECK_FIELDS if mistakes else None)
    settings = parts().settings
    return await page(
        "console/appointment_new",
        status if problem else 200,
        adviser=present_adviser(),
        values=values,
        mistakes={name: translate(sentence) for name, sentence in (mistakes or {}).items()},
        problem=translate(problem) if problem else None,
        overlap=overlap,
        repeats=REPEAT_WEEKS,
        places=[(value, words) for value, (_, _, words) in (await _places()).items()],
        sms_possible=bool(settings.sms.url),
        mail_possible=bool(settings.mail.host),
    )
