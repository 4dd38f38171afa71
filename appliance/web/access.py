"""Who may use a route and which budget its failures count in; one place enforces both.

Every route and socket says it by ``@access(…)``, innermost. A route that says nothing is refused,
and a test over the route map finds it before that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from quart import Quart, Request, Response, Websocket, g, redirect, request, websocket

from appliance.advisers.logins import LoginState
from appliance.advisers.models import Adviser
from appliance.advisers.rights import Action, ever
from appliance.api_keys.models import ApiKey, Scope
from appliance.conferences.models import ConferenceMember
from appliance.kiosks.models import Kiosk
from appliance.visits.models import Visit
from appliance.web.address import address_of, present_connection
from appliance.web.cookies import (
    FIRST_START,
    LOGIN,
    adviser_of,
    check_grant_of,
    guest_of,
    kiosk_of,
    visit_of,
)
from appliance.web.errors import (
    ForAdministrators,
    GuestNeeded,
    KeyNeeded,
    KeyTooNarrow,
    KioskNeeded,
    LoginNeeded,
    NotYourRole,
    RouteClosed,
    SetupCodeNeeded,
    VisitNeeded,
)
from appliance.web.limits import RIGHT_ONES_PASS, Budget
from appliance.web.parts import parts

log = structlog.get_logger()

CONFERENCE_SOCKET = "/api/v1/console/conferences/socket"

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """Whom a route is for."""

    ANYONE = "anyone"
    CLIENT = "client"  # holds the secret of a visit
    CHECKER = "checker"  # the same, or a grant for the device check, or a registered kiosk
    KIOSK = "kiosk"  # the browser of a registered kiosk
    PROGRAM = "program"  # comes with a key
    INSTALLER = "installer"  # came with the one-time code of the install
    GUEST = "guest"  # holds the secret of a guest of a conference
    ADVISER = "adviser"  # logged in, in a role that may do the route's action
    ADMINISTRATOR = "administrator"  # logged in, in this role


@dataclass(frozen=True)
class Declared:
    """What a route says about itself."""

    who: Who
    budget: Budget
    action: Action | None = None  # what staff do there


# A staff route that names no action is for those who serve clients: nobody gets in by omission.
_USUAL = {Who.ADVISER: Action.SERVE, Who.ADMINISTRATOR: Action.ADMINISTER}


def access(who: Who, budget: Budget, action: Action | None = None) -> Callable[[View], View]:
    """Declares whom a route is for, the budget that its failures use up, and what staff do there.

    Whether the role may do it at all is enforced here; with whose client, by the route itself.
    """

    def declare(view: View) -> View:
        view.__dict__["declared"] = Declared(who, budget, action or _USUAL.get(who))
        return view

    return declare


def declared(view: Callable[..., Any] | None) -> Declared | None:
    """What a view says about itself; wrappers that use ``functools.wraps`` hand it on."""
    found = getattr(view, "declared", None)
    return found if isinstance(found, Declared) else None


def present_adviser() -> Adviser:
    """Who is logged in, in a route for advisers."""
    adviser: Adviser = g.adviser
    return adviser


def present_guest() -> ConferenceMember:
    """Whose browser it is, in a route for guests of a conference."""
    guest: ConferenceMember = g.guest
    return guest


def present_kiosk() -> Kiosk:
    """Which kiosk it is, in a route for kiosks."""
    kiosk: Kiosk = g.kiosk
    return kiosk


def present_visit() -> Visit:
    """The client's visit, in a route for clients."""
    visit: Visit = g.visit
    return visit


async def enforce(connection: Request | Websocket, view: Callable[..., Any] | None) -> None:
    """Raises unless this connection may use the view. Fills ``g.adviser`` and ``g.visit``."""
    rule = declared(view)
    if rule is None:
        log.error("route_undeclared", endpoint=connection.endpoint)
        raise RouteClosed
    g.declared = rule
    if rule.budget not in RIGHT_ONES_PASS:
        parts().limiter.check(rule.budget, address_of(connection))
    await _ENFORCE[rule.who](connection, rule)


async def _enforce_nothing(connection: Request | Websocket, rule: Declared) -> None:
    """Anybody may."""


async def _enforce_code(connection: Request | Websocket, _: Declared) -> None:
    if not parts().first_start.accepts(connection.cookies.get(FIRST_START, "")):
        raise SetupCodeNeeded


async def _enforce_guest(connection: Request | Websocket, _: Declared) -> None:
    g.guest = await guest_of(connection)
    if g.guest is None:
        raise GuestNeeded


async def _enforce_kiosk(connection: Request | Websocket, _: Declared) -> None:
    g.kiosk = await kiosk_of(connection)
    if g.kiosk is None:
        raise KioskNeeded


async def _enforce_key(connection: Request | Websocket, rule: Declared) -> None:
    g.api_key = await _key_of(connection, rule)


async def _enforce_visit(connection: Request | Websocket, rule: Declared) -> None:
    g.visit = await visit_of(connection)
    g.check_grant = check_grant_of(connection) if g.visit is None else None
    if g.visit is not None:
        return
    may_check = g.check_grant is not None or await kiosk_of(connection) is not None
    if rule.who is Who.CLIENT or not may_check:
        raise VisitNeeded


_OF_SCOPE = {
    Scope.READ: frozenset({Action.SEE}),
    Scope.BOOK: frozenset({Action.SEE, Action.BOOK}),
}


async def _key_of(connection: Request | Websocket, rule: Declared) -> ApiKey:
    """The program's key. Raises ``KeyNeeded``, ``KeyTooNarrow`` or ``TooMany``."""
    kind, _, secret = connection.headers.get("Authorization", "").partition(" ")
    key = await parts().api_keys.by_secret(secret.strip()) if kind.lower() == "bearer" else None
    if key is None:
        raise KeyNeeded
    if rule.action not in _OF_SCOPE[key.scope]:
        raise KeyTooNarrow
    address = address_of(connection)
    parts().limiter.check(Budget.CALLS, address, key.id)
    parts().limiter.failed(Budget.CALLS, address, key.id)
    return key


async def _enforce_login(connection: Request | Websocket, rule: Declared) -> None:
    g.adviser = await adviser_of(connection)
    if g.adviser is None and isinstance(connection, Websocket):
        g.adviser = await _in_session(connection)
    if g.adviser is None:
        raise LoginNeeded
    if rule.action is None or not ever(g.adviser.role, rule.action):
        raise ForAdministrators if rule.who is Who.ADMINISTRATOR else NotYourRole


_ENFORCE: dict[Who, Callable[[Request | Websocket, Declared], Awaitable[None]]] = {
    Who.ANYONE: _enforce_nothing,
    Who.CLIENT: _enforce_visit,
    Who.CHECKER: _enforce_visit,
    Who.KIOSK: _enforce_kiosk,
    Who.PROGRAM: _enforce_key,
    Who.INSTALLER: _enforce_code,
    Who.GUEST: _enforce_guest,
    Who.ADVISER: _enforce_login,
    Who.ADMINISTRATOR: _enforce_login,
}


async def _in_session(connection: Websocket) -> Adviser | None:
    """Who was idle for too long, but is in a conversation: the lock never cuts it."""
    view = await parts().advisers.look(connection.cookies.get(LOGIN, ""))
    if view is None or view.state is not LoginState.LOCKED:
        return None
    if connection.path == CONFERENCE_SOCKET:
        talks = await parts().conferences.inside(view.adviser.id)
    else:
        talks = await parts().live.desk_commands.session_of(view.adviser.id) is not None
    return view.adviser if talks else None


def install(app: Quart) -> None:
    """Enforces before each request and socket, and counts what failed afterwards."""

    async def before_request() -> Response | None:
        if request.routing_exception is not None:
            parts().limiter.check(Budget.PAGES, address_of(request))
            return None
        view = app.view_functions.get(request.endpoint or "")
        try:
            await enforce(request, view)
        except (LoginNeeded, SetupCodeNeeded) as needed:
            if request.method == "GET" and not request.path.startswith("/api/"):
                return redirect(needed.door, 303)  # type: ignore[return-value]
            raise
        return None

    async def before_websocket() -> None:
        if websocket.routing_exception is None:
            await enforce(websocket, app.view_functions.get(websocket.endpoint or ""))

    async def count_refused_socket(response: Response | None) -> Response | None:
        return response if response is None else await count_failure(response)

    async def count_failure(response: Response) -> Response:
        rule: Declared | None = g.get("declared")
        if response.status_code in (400, 401, 403, 404, 405, 413) and not g.get("counted"):
            budget = rule.budget if rule else Budget.PAGES
            parts().limiter.failed(budget, address_of(present_connection()))
        return response

    app.before_request(before_request)
    app.before_websocket(before_websocket)
    app.after_request(count_failure)
    app.after_websocket(count_refused_socket)  # type: ignore[type-var]  # may be None, not typed


def count_failure_now(budget: Budget, subject: str = "") -> None:
    """Counts a failure that the status of the answer does not tell, or with a subject."""
    g.counted = True
    parts().limiter.failed(budget, address_of(present_connection()), subject)
