"""Lines of many shapes, and what the client's line test makes of them. Called by scripts/bench.

Each shape is a Chromium of its own behind a hop (``udp_hop.py``) that thins out, narrows and delays
both ways, through the real media process. A row per shape: the cause found, and the figures.

``--lab`` puts browser and relay into network namespaces instead, with a shaper between them
(``network_lab.py``): below the browser, with reordering and, if wanted, a deep queue. Where the
machine forbids namespaces, it says so and ends with 2.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any

from appliance.device_check import network
from tests.media.line_page import LinePage, leave, on_a_line
from tests.media.network_lab import Lab, LabForbidden, lab
from tests.media.pages import stage as started

# Fields of UdpHop, and the causes that are right; an empty cause is a good line.
SHAPES: dict[str, tuple[dict[str, float], set[str]]] = {
    "good": ({}, {""}),
    "far, and good": ({"delay_s": 0.1}, {""}),
    "80 kbit/s": ({"up_kbps": 80, "down_kbps": 80}, {"network_telephone"}),
    "200 kbit/s up": ({"up_kbps": 200}, {"network_upload_weak"}),
    "200 kbit/s down": ({"down_kbps": 200}, {"network_download_weak"}),
    "500 kbit/s up": ({"up_kbps": 500}, {"network_upload_poor"}),
    "500 kbit/s down": ({"down_kbps": 500}, {"network_download_poor"}),
    "950 kbit/s up": ({"up_kbps": 950}, {"network_upload_small"}),
    "950 kbit/s down": ({"down_kbps": 950}, {"network_download_small"}),
    "8 % lost": ({"loss": 0.08}, {"network_loss_doubtful"}),
    "15 % lost": ({"loss": 0.15}, {"network_loss"}),
    "20 % lost on the way up": ({"up_loss": 0.2}, {"network_loss"}),  # of 120 packets: 13 to 27
    "300 ms more": ({"delay_s": 0.18}, {"network_delay_doubtful"}),
    "700 ms more": ({"delay_s": 0.35}, {"network_delay"}),
    "950 kbit/s down with a deep queue": (
        {"down_kbps": 950, "queue_s": 2.0},
        {"network_download_small"},
    ),
    "jumpy": ({"jitter_s": 0.16}, {"network_jitter"}),
    "in clumps": ({"hold_s": 0.12}, {"network_jitter"}),
    "unsteady": ({"jitter_s": 0.4}, {"network_jitter", "network_delay_doubtful"}),
}
# In the lab jitter reorders: so much of it is a line that can carry no conversation.
IN_THE_LAB = [name for name in SHAPES if name not in ("unsteady", "in clumps")]


async def one(page: LinePage, right: set[str]) -> dict[str, Any]:
    """Runs the test once; the row."""
    said, record = await page.run()
    finding, line = network.judge(record), network.measure(record.phases)
    return {
        "cause": finding.cause,
        "notes": list(finding.notes),
        "right": finding.cause in right or (right == {""} and finding.verdict == "passed"),
        "down_kbps": round(line.down_kbps or 0),
        "up_kbps": round(line.up_kbps),
        "up_limit": line.up_limit,
        "round_trip_ms": round(line.round_trip_ms),
        "loaded_round_trip_ms": round(line.loaded_round_trip_ms),
        "down_loss": round(line.down_loss, 3),
        "up_loss": round(line.up_loss, 3),
        "jitter_ms": round(line.jitter_ms, 1),
        "octets": record.octets,
        "seconds": round(said["ms"] / 1000, 1),
    }


async def measure(names: list[str], lab: Lab | None = None) -> dict[str, Any]:
    """All shapes, one after another."""
    rows: dict[str, Any] = {}
    async with started(lab) as stage:
        for count, name in enumerate(names):
            shape, right = SHAPES[name]
            if lab:
                await lab.shape(**shape)
            page = await on_a_line(stage, f"line-{count}", **({} if lab else shape))
            rows[name] = await one(page, right)
            print(name, json.dumps(rows[name]), flush=True)
            await leave(stage, page)
    return rows


async def in_the_lab(names: list[str]) -> dict[str, Any]:
    """The same with browser and relay apart. Raises ``LabForbidden``."""
    async with lab() as made:
        return await measure(names, made)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench line", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(SHAPES), help="one shape")
    parser.add_argument("--lab", action="store_true", help="in network namespaces, as root")
    options = parser.parse_args()
    names = options.only or (IN_THE_LAB if options.lab else list(SHAPES))
    try:
        rows = asyncio.run(in_the_lab(names) if options.lab else measure(names))
    except LabForbidden as refused:
        print(f"THIS MACHINE FORBIDS NETWORK NAMESPACES: {refused}. Nothing was measured.")
        print(json.dumps({"shapes": 0, "right": 0, "forbidden": str(refused)}))
        sys.exit(2)
    right = sum(row["right"] for row in rows.values())
    print(json.dumps({"shapes": len(rows), "right": right, "rows": rows}))
    sys.exit(right < len(rows))


if __name__ == "__main__":
    main()
