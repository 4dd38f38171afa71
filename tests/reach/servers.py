"""The real coturn, and what it needs, on free ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from appliance.reach.coturn import coturn_config
from appliance.reach.turn import read_secret
from appliance.settings import Settings

TURNSERVER, NGINX = "/usr/bin/turnserver", "/usr/sbin/nginx"
SECRET = "a1" * 32


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nobody uses right now, and most likely a UDP one."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path, *names: str, days: int = 2) -> tuple[Path, Path]:
    """A self-made certificate for addresses and names, and its key."""
    kinds = ["IP" if name.replace(".", "").isdigit() or ":" in name else "DNS" for name in names]
    alternatives = ",".join(f"{kind}:{name}" for kind, name in zip(kinds, names, strict=True))
    files = folder / f"{names[0]}.pem", folder / f"{names[0]}.key"
    command = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days {days}"
    words = [*command.split(), "-subj", "/CN=test", "-addext", f"subjectAltName={alternatives}"]
    words += ["-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run(words, check=True, capture_output=True)
    return files


def turn_settings(folder: Path, host: str, name: str) -> dict[str, Any]:
    """Settings of coturn at ``host`` under ``name``, on free ports, with ten ports to relay by."""
    chain, key = certificate(folder, name)
    (folder / "turn").write_text(SECRET)
    first = 51_000 + free_port(host) % 1000 * 10
    return {
        "host": name,
        "secret_file": folder / "turn",
        "addresses": [host],
        "port": free_port(host),
        "tls_port": free_port(host),
        "certificate_file": chain,
        "certificate_key_file": key,
        "first_relay_port": first,
        "last_relay_port": first + 9,
    }


def trusting(file: Path) -> ssl.SSLContext:
    """A client's view that accepts this certificate alone."""
    return ssl.create_default_context(cafile=str(file))


@contextlib.asynccontextmanager
async def coturn(
    settings: Settings,
    folder: Path,
    own: Sequence[str],
    peers: Sequence[str],
    within: Sequence[str] = (),
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs on its generated configuration; ends with the block."""
    file = folder / "turnserver.conf"
    file.write_text(coturn_config(settings, read_secret(settings.turn), own, peers))
    process = await asyncio.create_subprocess_exec(
        *within, TURNSERVER, "-c", str(file), cwd=folder, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
