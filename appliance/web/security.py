"""Headers on every answer, and what a request must be before a route sees it.

Figures and reasons: security.md 1.5, G11 and G12.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from quart import Quart, Request, Websocket, request, websocket

from appliance.settings import WebSettings
from appliance.web.errors import ForeignOrigin, JsonWrong, WrongHost
from appliance.web.parts import parts

BODY_BYTES = 64 * 1024
BODY_TIMEOUT_S = 10
JSON_DEPTH = 8
SAFE_METHODS = frozenset({"GET", "HEAD"})
DIRECTIVE = re.compile(r"[a-z-]{3,40}(?= |\Z)")
REPORT_PATH = "/api/v1/browser-reports"
PROGRAMS_PATH = "/api/v1/appointments"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default goog#html background-worker 'allow-duplicates'",
        f"report-uri {REPORT_PATH}",
    )
)
OWN_FEATURES = (
    "camera", "microphone", "display-capture", "speaker-selection", "screen-wake-lock",
    "fullscreen", "picture-in-picture", "autoplay", "clipboard-write", "battery",
    "publickey-credentials-get", "publickey-credentials-create",
)  # fmt: skip
NO_FEATURES = (
    "accelerometer", "bluetooth",
    "browsing-topics", "clipboard-read", "compute-pressure", "encrypted-media", "gamepad",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
    "keyboard-map", "local-fonts", "magnetometer", "midi", "payment", "serial",
    "storage-access", "sync-xhr", "usb", "web-share", "window-management", "xr-spatial-tracking",
)  # fmt: skip
HEADERS: dict[str, str] = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        [f"{name}=(self)" for name in OWN_FEATURES] + [f"{name}=()" for name in NO_FEATURES]
    ),
}
_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_OURS = {name for name, _ in _HEADERS} | {b"server"}
_TEXT_TYPES = (b"text/", b"application/json", b"application/problem+json", b"image/svg+xml")

log = structlog.get_logger()

AsgiApp = Callable[[Scope, ASGIReceiveCallable, ASGISendCallable], Awaitable[None]]


class HeaderGuard:
    """Around the whole application, so that no answer can leave without its headers."""

    def __init__(self, inner: AsgiApp) -> None:
        self._inner = inner

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Passes everything on and completes the headers of each answer."""

        async def send_guarded(message: Any) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message = {**message, "headers": completed(message["headers"])}
            await send(message)

        await self._inner(scope, receive, send_guarded)


def completed(headers: Any) -> list[tuple[bytes, bytes]]:
    """The answer's headers with ours; nothing is stored in caches unless the route says so."""
    found = [(name.lower(), value) for name, value in headers if name.lower() not in _OURS]
    found = [(name, _with_charset(value) if name == b"content-type" else value)
             for name, value in found]  # fmt: skip
    if not any(name == b"cache-control" for name, _ in found):
        found.append((b"cache-control", b"no-store"))
    return found + _HEADERS


def _with_charset(value: bytes) -> bytes:
    if value.startswith(_TEXT_TYPES) and b"charset" not in value.lower():
        return value + b"; charset=utf-8"
    return value


def allowed_hosts(settings: WebSettings) -> set[str]:
    """Host names (without port) that a request may name."""
    own = urlsplit(settings.base_url).hostname or "localhost"
    return {own.lower(), *(host.lower() for host in settings.allowed_hosts)}


def allowed_origins(settings: WebSettings) -> set[str]:
    """Origins whose pages are ours."""
    own = urlsplit(settings.base_url)
    further = (f"{own.scheme}://{host}" for host in settings.allowed_hosts)
    with_port = (f"{own.scheme}://{host}:{own.port}" for host in settings.allowed_hosts if own.port)
    return {f"{own.scheme}://{own.netloc}".lower(), *further, *with_port}


def check_host(connection: Request | Websocket) -> None:
    """Raises ``WrongHost`` unless the Host header names us and the target is a path of ours."""
    if not connection.scope["raw_path"].startswith(b"/"):
        raise WrongHost
    try:
        name = urlsplit(f"//{connection.headers.get('Host', '')}").hostname or ""
    except ValueError as error:  # such as "[::1"
        raise WrongHost from error
    if name.lower() not in allowed_hosts(parts().settings.web):
        raise WrongHost


def check_origin(connection: Request | Websocket, *, socket: bool) -> None:
    """Raises ``ForeignOrigin`` unless our own page made the request.

    Browsers say Origin in sockets and unsafe requests, most say Sec-Fetch-Site, too. Who says
    neither is no browser page of ours.
    """
    site = connection.headers.get("Sec-Fetch-Site")
    origin = connection.headers.get("Origin")
    if site is not None and site != "same-origin":
        raise ForeignOrigin
    # Our forms are sent with "Origin: null", because our pages say no referrer.
    if origin is None or (origin == "null" and not socket):
        if socket or site is None:
            raise ForeignOrigin
        return
    if origin.lower() not in allowed_origins(parts().settings.web):
        raise ForeignOrigin


def install(app: Quart) -> None:
    """Headers, limits of the body, and the checks before each request and socket."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES
    app.config["MAX_FORM_PARTS"] = 100
    app.config["BODY_TIMEOUT"] = BODY_TIMEOUT_S
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False

    async def before_request() -> None:
        check_host(request)
        by_key = request.path.startswith(PROGRAMS_PATH)  # no cookie counts there
        if request.method not in SAFE_METHODS and request.path != REPORT_PATH and not by_key:
            check_origin(request, socket=False)

    async def before_websocket() -> None:
        check_host(websocket)
        check_origin(websocket, socket=True)

    app.before_request(before_request)
    app.before_websocket(before_websocket)
    app.asgi_app = HeaderGuard(app.asgi_app)  # type: ignore[method-assign]


def parse_json(text: str | bytes) -> Any:
    """JSON of at most 8 levels, without doubled keys and special numbers; else ``JsonWrong``."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        if _deepest(text) > JSON_DEPTH:
            raise JsonWrong
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise JsonWrong from error


def _deepest(text: str) -> int:
    """The nesting, brackets inside strings not counted; decided before anything is built."""
    depth = deepest = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def report_directive(body: str | bytes) -> None:
    """Logs which directive a page broke; addresses and samples could carry secrets."""
    try:
        report = parse_json(body)
        inner = report.get("csp-report", {}) if isinstance(report, dict) else {}
        directive = str(inner.get("effective-directive") or inner.get("violated-directive") or "")
    except (JsonWrong, AttributeError):
        return
    if found := DIRECTIVE.match(directive):
        log.warning("browser_report", directive=found.group())
