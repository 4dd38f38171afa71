"""The media process ``vorzimmer-media``: no database, no disk, no codec."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import os
import signal
import stat
import sys
from typing import Final

import structlog

from appliance.relay import lockdown
from appliance.relay.loop import MediaLoop
from appliance.relay.options import Limits, MediaOptions
from appliance.telemetry import configure

__all__ = ["Limits", "MediaOptions", "main", "serve"]

log = structlog.get_logger()

PRIORITY: Final = 1  # the least of the real-time ones
NICENESS: Final = -10


def collect_often() -> None:
    """What a peer leaves behind refers to itself: collected every few dozen peers.

    What is loaded lives for ever and is set apart: looked through at each full collection it would
    cost 7 ms instead of 0.5, and make collections so rare that hundreds of peers wait for one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 2)


async def serve(options: MediaOptions) -> None:
    """Runs until SIGTERM or SIGINT."""
    # Only now: this loads aiortc, and ``lockdown`` must have hidden the codecs before.
    service = importlib.import_module("appliance.relay.service").Service(options)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await service.start()
    log.info("media_ready", count=len(service.plane.ports))
    log.info("media_measured", count=service.relay.capacity.limit)
    if stat.S_ISREG(os.fstat(sys.stderr.fileno()).st_mode):
        log.warning("media_log_ends")
    lockdown.drop_rights()
    collect_often()
    try:
        await stop.wait()
    finally:
        await service.close()


def _be_punctual() -> None:
    """Goes before web on a busy core, where that is permitted (systemd's CPUSchedulingPolicy=).

    Sound that waits for a busy web process for 20 ms is heard; a page that waits for sound is not
    noticed. As sound servers do: round robin among the real-time tasks, of which the kernel keeps
    a twentieth of the time for all others.
    """
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(PRIORITY))
        return
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)


def main(options: MediaOptions) -> int:
    """The whole process; returns its exit status."""
    _be_punctual()
    lockdown.forbid_codecs()
    lockdown.poison_aiortc()
    configure()
    try:
        with asyncio.Runner(loop_factory=MediaLoop) as runner:
            runner.run(serve(options))
    except OSError as error:
        log.critical("media_failed", exc_info=error)
        print(f"vorzimmer media: {error}", file=sys.stderr)  # noqa: T201 - for the operator
        return 1
    return 0
