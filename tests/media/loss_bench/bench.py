"""What loss, delay, reordering and narrow lines do to a conversation. Called by scripts/bench.

``packets``: two clients of our own, both behind lines of the same shape; which share of the
picture's packets is there within one, two, three round trips from client to client.
``browsers``: two real Chromiums, first the client and then the adviser behind such a line.
The lines are userspace hops (``udp_hop.py``). ``--json`` prints one object as the last line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import sys
from typing import Any, Final

from tests.media.loss_bench import browsers, packets

MUST: Final = 0.995
GOAL: Final = 0.999
ASKED: Final = "5 % lost"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench loss", description=__doc__)
    parser.add_argument("--only", choices=("packets", "browsers"))
    parser.add_argument("--shape", action="append", help="only shapes of this name")
    parser.add_argument("--at", choices=("client", "adviser"), action="append")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each shape in packets")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    told: dict[str, Any] = {"command": shlex.join(["scripts/bench", "loss", *sys.argv[1:]])}
    if options.only != "browsers":
        told["packets"] = asyncio.run(
            packets.measure(_chosen(packets.SHAPES, options.shape), options.seconds)
        )
        if ASKED in told["packets"]:
            share = told["packets"][ASKED]["picture_within"]["3 RTT"]
            told |= {"within_3_rtt": share, "must": share >= MUST, "goal": share >= GOAL}
    if options.only != "packets":
        names = _chosen(browsers.SHAPES, options.shape)
        told["browsers"] = {
            at: asyncio.run(browsers.measure(names, at))
            for at in options.at or ("client", "adviser")
        }
    told["load"] = round(os.getloadavg()[0], 2)
    print(json.dumps(told) if options.json else json.dumps(told, indent=1))


def _chosen(shapes: dict[str, Any], names: list[str] | None) -> list[str]:
    return [name for name in shapes if not names or name in names]


if __name__ == "__main__":
    main()
