"""Hypercorn, set up in code: HTTP/1.1 only, small limits, told to systemd, stopped gracefully."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import structlog
from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config
from quart import Quart

from appliance import __version__
from appliance.service_manager import METRICS, PAGES, handed_over, notify, watchdog_s
from appliance.settings import WebSettings
from appliance.web.metrics import metrics_app
from appliance.web.parts import EXTENSION, Parts
from appliance.web.strict_server import be_strict

log = structlog.get_logger()

SOCKET_MESSAGE_BYTES = 64 * 1024
PING_EVERY_S = 10.0
GRACEFUL_S = 2.0
HEADER_BYTES = 16 * 1024

OnStop = Callable[[], Awaitable[None]]


def config(settings: WebSettings) -> Config:
    """Hypercorn's configuration; each value differs from its default for a measured reason."""
    made = Config()
    made.bind = [f"fd://{one}" for one in handed_over(PAGES)] or list(settings.bind)
    if settings.certificate_file and settings.certificate_key_file:
        made.certfile = str(settings.certificate_file)
        made.keyfile = str(settings.certificate_key_file)
    made.alpn_protocols = ["http/1.1"]
    made.include_server_header = False
    made.websocket_max_message_size = SOCKET_MESSAGE_BYTES
    made.websocket_ping_interval = PING_EVERY_S
    made.h11_max_incomplete_size = HEADER_BYTES
    made.graceful_timeout = GRACEFUL_S
    made.ssl_handshake_timeout = 10.0
    made.accesslog = None  # addresses of pages with addresses of people: not wanted
    made.errorlog = None
    return made


def metrics_config(descriptors: list[int]) -> Config:
    """Of the second server, on loopback, which answers with numbers alone."""
    made = Config()
    made.bind = [f"fd://{one}" for one in descriptors]
    made.alpn_protocols = ["http/1.1"]
    made.include_server_header = False
    made.h11_max_incomplete_size = HEADER_BYTES
    made.graceful_timeout = GRACEFUL_S
    made.accesslog = made.errorlog = None
    return made


async def until_stopped(stopped: asyncio.Event, on_stop: OnStop) -> None:
    """Hypercorn calls this once all sockets listen; the server ends when it returns."""
    notify("READY=1")
    log.info("web_started", version=__version__)
    while not stopped.is_set():
        try:
            await asyncio.wait_for(stopped.wait(), watchdog_s())
        except TimeoutError:
            notify("WATCHDOG=1")
    notify("STOPPING=1")
    log.info("web_stopping")
    await on_stop()


async def serve(app: Quart, settings: WebSettings) -> None:
    """Serves until SIGTERM or SIGINT; the pages' sockets are closed first."""
    be_strict()
    running: Parts = app.extensions[EXTENSION]
    stopped = asyncio.Event()
    running.restart = stopped.set  # whoever keeps this process starts it again
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with asyncio.TaskGroup() as serving:
        if monitored := handed_over(METRICS):
            made = metrics_config(monitored)
            monitor = metrics_app(running)
            serving.create_task(
                hypercorn_serve(monitor, made, shutdown_trigger=stopped.wait, mode="asgi")
            )
        await hypercorn_serve(
            app,
            config(settings),
            shutdown_trigger=lambda: until_stopped(stopped, running.live.stop),
            mode="asgi",
        )
        stopped.set()
