"""The media process ``vorzimmer-media``: no database, no disk, no codec."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import signal
import stat
import sys

from appliance.relay import lockdown
from appliance.relay.options import Limits, MediaOptions

__all__ = ["Limits", "MediaOptions", "main", "serve"]

logger = logging.getLogger(__name__)


async def serve(options: MediaOptions) -> None:
    """Runs until SIGTERM or SIGINT."""
    # Only now: this loads aiortc, and ``lockdown`` must have hidden the codecs before.
    service = importlib.import_module("appliance.relay.service").Service(options)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await service.start()
    logger.info("media_ready port=%d", service.plane.ports[0].number)
    if stat.S_ISREG(os.fstat(sys.stderr.fileno()).st_mode):
        logger.warning("log_ends_here: this process writes to no file; give it a pipe")
    lockdown.drop_rights()
    try:
        await stop.wait()
    finally:
        await service.close()


def main(options: MediaOptions) -> int:
    """The whole process; returns its exit status."""
    lockdown.forbid_codecs()
    lockdown.poison_aiortc()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(name)s %(message)s")
    try:
        asyncio.run(serve(options))
    except OSError as error:
        logger.critical("media_failed %s", error)
        return 1
    return 0
