"""Starts the real media process, as the command does."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from appliance.relay.client import RelayClient

START = """
import sys
from pathlib import Path
from appliance.relay.server import MediaOptions, main
sys.exit(main(MediaOptions(Path(sys.argv[1]), 0, sys.argv[2:])))
"""


@contextlib.asynccontextmanager
async def media_process(
    addresses: Sequence[str] = (),
    within: Sequence[str] = (),
    log: int = asyncio.subprocess.DEVNULL,
) -> AsyncIterator[tuple[asyncio.subprocess.Process, RelayClient]]:
    """The process on any free port, and a client of it; both end with the block.

    ``within``: what comes before its command line, such as a namespace to run in. ``log``: where
    its log goes; a pipe, as the process lets no file grow.
    """
    with tempfile.TemporaryDirectory() as directory:
        process = await asyncio.create_subprocess_exec(
            *(*within, sys.executable, "-c", START, directory, *addresses),
            stderr=log,
        )
        client = RelayClient(Path(directory) / "media.sock")
        await client.start()
        try:
            await client.wait_connected(30)
            yield process, client
        finally:
            await client.close()
            process.kill()
            await process.wait()
