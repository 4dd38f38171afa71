"""Errors as people and programs get them: a plain sentence with a next step, a stable code.

Programs get RFC 9457 problem documents. Nobody gets a trace, a path or a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import structlog
from markupsafe import escape
from quart import Quart, Response, g, has_websocket_context, jsonify
from werkzeug.exceptions import HTTPException

from appliance.i18n import N_
from appliance.storage.errors import DatabaseError
from appliance.web.address import present_connection
from appliance.web.language import reader_language, translate
from appliance.web.limits import TooMany
from appliance.web.pages import page
from appliance.web.parts import parts

log = structlog.get_logger()


class WebError(Exception):
    """Base of what the web layer itself refuses. Sentences are message ids of the catalogues."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "request_wrong"
    sentence: ClassVar[str] = N_("Diese Anfrage verstehen wir nicht.")
    advice: ClassVar[str] = N_("Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.")


class JsonWrong(WebError):
    """Not JSON, too deep, a field twice, unknown or of the wrong type."""

    code = "json_wrong"


class PhoneWrong(WebError):
    """No telephone number, or none that can be called."""

    status = 422
    code = "phone_wrong"
    sentence = N_("Bitte prüfen Sie die Telefonnummer.")
    advice = N_("Zum Beispiel: 030 1234567.")


class LoginNeeded(WebError):
    """Nobody is logged in, or the login has ended."""

    status = 401
    code = "login_needed"
    sentence = N_("Sie sind nicht angemeldet.")
    advice = N_("Bitte melden Sie sich an.")
    door: ClassVar[str] = "/console/login"


class SetupCodeNeeded(WebError):
    """The browser does not know the code of the install, or set-up is done."""

    status = 401
    code = "setup_code_needed"
    sentence = N_("Für die Einrichtung brauchen Sie den Code der Installation.")
    advice = N_("Bitte geben Sie den Code auf der Seite „Einrichtung“ noch einmal ein.")
    door: ClassVar[str] = "/setup"


class VisitNeeded(WebError):
    """The browser holds no secret of an open visit."""

    status = 401
    code = "visit_needed"
    sentence = N_("Dieses Fenster gehört zu keinem Termin.")
    advice = N_("Bitte öffnen Sie den Link aus Ihrer E-Mail noch einmal.")


class KioskNeeded(WebError):
    """The browser is no registered kiosk (any more)."""

    status = 401
    code = "kiosk_needed"
    sentence = N_("Dieses Gerät ist kein angemeldeter Kiosk.")
    advice = N_("Bitte fragen Sie am Schalter.")


class GuestNeeded(WebError):
    """The browser holds no secret of a guest in an open conference."""

    status = 401
    code = "guest_needed"
    sentence = N_("Dieses Fenster gehört zu keiner Konferenz.")
    advice = N_("Bitte öffnen Sie den Link zum Raum noch einmal.")


class ForAdministrators(WebError):
    """Logged in, but in the wrong role."""

    status = 403
    code = "for_administrators"
    sentence = N_("Diese Seite ist für die Verwaltung des Geräts.")
    advice = N_("Bitte wenden Sie sich an Ihre Administration.")


class NotYourRole(WebError):
    """Logged in, but this is for other members of staff."""

    status = 403
    code = "not_your_role"
    sentence = N_("Das gehört nicht zu Ihren Aufgaben.")
    advice = N_("Brauchen Sie es doch? Dann fragen Sie Ihre Administration.")


class KeyNeeded(WebError):
    """A program without a key that is in force."""

    status = 401
    code = "key_needed"
    sentence = N_("Dieser Zugriff braucht einen gültigen Schlüssel.")
    advice = N_("Ihre Administration legt Schlüssel unter »Schnittstellen« an.")


class KeyTooNarrow(WebError):
    """The key may read, but not book."""

    status = 403
    code = "key_too_narrow"
    sentence = N_("Das geht mit diesem Schlüssel nicht.")
    advice = N_("Ihre Administration legt Schlüssel unter »Schnittstellen« an.")


class IdempotencyMissing(WebError):
    """A booking says which one it is, so that it is not made twice."""

    code = "idempotency_key_missing"
    sentence = N_("Der Buchung fehlt ein brauchbarer Idempotency-Key.")
    advice = N_("Bitte prüfen Sie die Anfrage.")


class AdviserNotReached(WebError):
    """No such adviser, or none that this key may book for, or one who holds no conversations."""

    status = 422
    code = "adviser_not_reached"
    sentence = N_("Für diese Person bucht dieser Schlüssel keine Termine.")
    advice = N_("Bitte prüfen Sie die Anfrage.")


class RouteClosed(WebError):
    """A route that declares no access."""

    status = 403
    code = "route_closed"
    sentence = N_("Diese Seite ist nicht freigegeben.")


class ForeignOrigin(WebError):
    """The request was made by another site."""

    status = 403
    code = "foreign_origin"
    sentence = N_("Diese Anfrage kam von einer anderen Internetseite.")
    advice = N_("Bitte öffnen Sie unsere Seite direkt und versuchen Sie es noch einmal.")


class WrongHost(WebError):
    """The request names a host that is not ours."""

    status = 421
    code = "wrong_host"
    sentence = N_("Unter diesem Namen sind wir nicht erreichbar.")
    advice = N_("Bitte prüfen Sie die Adresse.")


@dataclass(frozen=True)
class Words:
    """What is, and what to do."""

    code: str
    title: str
    detail: str


TRY_AGAIN = N_("Bitte versuchen Sie es gleich noch einmal. Sonst rufen Sie uns an.")
OPEN_LINK_AGAIN = N_(
    "Bitte prüfen Sie die Adresse oder öffnen Sie den Link aus Ihrer E-Mail noch einmal."
)
NOTHING_STORED = N_("Es wurde nichts gespeichert. Bitte rufen Sie uns an, wenn es eilt.")
STAFF = frozenset({"adviser", "administrator"})  # values of ``access.Who``, who imports us
CALL_US = N_("Bitte rufen Sie uns an, wir helfen Ihnen weiter.")

BY_STATUS: dict[int, Words] = {
    400: Words("request_wrong", WebError.sentence, WebError.advice),
    404: Words("not_found", N_("Diese Seite gibt es nicht."), OPEN_LINK_AGAIN),
    405: Words("method_wrong", N_("Das geht an dieser Stelle nicht."), WebError.advice),
    408: Words("too_slow", N_("Die Übertragung hat zu lange gedauert."), TRY_AGAIN),
    413: Words("too_large", N_("Das war zu viel auf einmal."), N_("Bitte kürzen Sie den Text.")),
    429: Words(
        TooMany.code,
        N_("Das waren zu viele Versuche."),
        N_("Bitte warten Sie etwas oder rufen Sie uns an."),
    ),
    500: Words("unexpected", N_("Bei uns ist etwas schiefgegangen."), TRY_AGAIN),
    503: Words("unavailable", N_("Das Gerät ist gerade nicht bereit."), TRY_AGAIN),
}

# Domain errors carry code and sentence; which status they are is the web's business.
STATUS_BY_CODE: dict[str, int] = {
    "link_unknown": 404,
    "link_revoked": 410,
    "link_expired": 410,
    "link_cancelled": 410,
    "number_unknown": 404,
    "appointment_unknown": 404,
    "appointment_not_planned": 409,
    "slot_taken": 409,
    "topic_unknown": 404,
    "request_unknown": 404,
    "request_not_open": 409,
    "request_changed_meanwhile": 409,
    "slot_gone": 409,
    "nowhere_to_send": 409,
    "session_password_gone": 410,
    "booking_invalid": 422,
    "visit_unknown": 404,
    "not_allowed_now": 409,
    "visit_changed_meanwhile": 409,
    "visit_under_way": 409,
    "visit_error": 409,
    "consent_missing": 409,
    "message_unknown": 404,
    "conference_unknown": 404,
    "room_unknown": 404,
    "member_unknown": 404,
    "not_host": 403,
    "conference_full": 409,
    "not_welcome": 409,
    "too_many_knock": 409,
    "link_not_sendable": 422,
    "login_refused": 401,
    "adviser_unknown": 404,
    "feed_unknown": 404,
    "idempotency_key_reused": 422,
    "team_unknown": 404,
    "kiosk_unknown": 404,
    "kiosk_code_unknown": 404,
    "kiosk_name_empty": 422,
    "database_conflict": 409,
}
ADVICE_BY_CODE: dict[str, str] = {
    "link_unknown": CALL_US,
    "link_revoked": CALL_US,
    "link_expired": N_("Bitte rufen Sie uns an, wenn Sie einen neuen Termin brauchen."),
    "link_cancelled": N_("Bitte rufen Sie uns an, wenn Sie einen neuen Termin brauchen."),
    "number_unknown": CALL_US,
    "room_unknown": N_("Vielleicht ist die Konferenz vorbei. Fragen Sie, wer Sie eingeladen hat."),
    "conference_full": N_("Bitte warten Sie, bis jemand geht. Oder rufen Sie uns an."),
    "too_many_knock": N_("Bitte warten Sie etwas oder rufen Sie uns an."),
    "topic_unknown": CALL_US,
    "request_unknown": CALL_US,
    "request_not_open": CALL_US,
    "slot_gone": N_("Bitte wählen Sie eine andere Zeit. Oder rufen Sie uns an."),
}


def wants_problem_document() -> bool:
    """True for the JSON API, and for programs that ask for JSON anywhere."""
    connection = present_connection()
    if has_websocket_context() or connection.path.startswith("/api/"):
        return True
    accepts = connection.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]


async def answer(
    status: int, code: str, title: str, detail: str, retry_after_s: int | None = None
) -> Response:
    """The answer to an error; ``title`` and ``detail`` are message ids."""
    language = reader_language()
    words: dict[str, Any] = {
        "status": status,
        "code": code,
        "title": translate(title, language),
        "detail": translate(detail, language),
        "retry_after_s": retry_after_s,
    }
    if wants_problem_document():
        response = jsonify({"type": "about:blank", **words})
        response.status_code = status
        response.headers["Content-Type"] = "application/problem+json; charset=utf-8"
        response.headers["Content-Language"] = language
    else:
        response = await _error_page(status, words)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


async def _error_page(status: int, words: dict[str, Any]) -> Response:
    """A page for people; bare words when even the template cannot be had."""
    try:
        return await page("error", status, **words)
    except Exception:
        log.exception("request_failed", endpoint="error_page")
        phone = escape(parts().settings.agency.phone)
        title, detail = escape(words["title"]), escape(words["detail"])
        html = f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{detail} {phone}</p>"
        return Response(html, status, content_type="text/html; charset=utf-8")


async def on_web_error(error: WebError) -> Response:
    """Refused by us: said plainly."""
    log.info("request_refused", code=error.code, endpoint=present_connection().endpoint)
    return await answer(error.status, error.code, error.sentence, error.advice)


async def on_too_many(error: TooMany) -> Response:
    """429, with the time after which it is worth trying again."""
    words = BY_STATUS[429]
    g.counted = True
    return await answer(429, words.code, words.title, words.detail, error.retry_after_s)


async def on_http_error(error: HTTPException) -> Response:
    """What Quart raises by itself: unknown page, wrong method, too large, too slow."""
    status = error.code or 500
    words = BY_STATUS.get(status, BY_STATUS[400 if status < 500 else 500])
    response = await answer(status, words.code, words.title, words.detail)
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


async def on_database_error(error: DatabaseError) -> Response:
    """Busy, full, damaged: nothing was stored, running conversations go on."""
    if error.code in STATUS_BY_CODE:
        return await on_domain_error(error)
    log.error("database_failed", code=error.code, endpoint=present_connection().endpoint)
    # What IT should do is said to staff alone; a client can only call.
    for_staff = getattr(g.get("declared"), "who", "") in STAFF
    sentence = error.sentence if for_staff else BY_STATUS[503].title
    return await answer(503, error.code, sentence, NOTHING_STORED, retry_after_s=5)


async def on_domain_error(error: Exception) -> Response:
    """An exception of the domain with a stable code."""
    code: str = error.code  # type: ignore[attr-defined]
    sentence: str = getattr(error, "sentence", "") or BY_STATUS[400].title
    advice = ADVICE_BY_CODE.get(code, WebError.advice)
    return await answer(STATUS_BY_CODE[code], code, sentence, advice)


async def on_any_error(error: Exception) -> Response:
    """Known domain errors by their code; the rest is ours to mend and is logged."""
    if getattr(error, "code", None) in STATUS_BY_CODE:
        return await on_domain_error(error)
    log.error("request_failed", endpoint=present_connection().endpoint, exc_info=error)
    words = BY_STATUS[500]
    return await answer(500, words.code, words.title, words.detail)


def install(app: Quart) -> None:
    """One handler per kind; the most exact one is taken."""
    app.register_error_handler(WebError, on_web_error)
    app.register_error_handler(TooMany, on_too_many)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(DatabaseError, on_database_error)
    app.register_error_handler(Exception, on_any_error)
