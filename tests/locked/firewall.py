"""The shipped firewall rule in a network of its own: the kiosk's user reaches one address."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from tests.locked.machine import SHIPPED, USER

OURS, OTHER = "10.93.7.2", "10.93.7.3"
SCRIPT = r"""
set -eu
ip link set lo up
ip link add here type veth peer name there
ip netns attach "$NET" $$
ip netns add "$NET-far"
trap 'ip netns del "$NET-far"; ip netns del "$NET"' EXIT
ip link set there netns "$NET-far"
ip addr add 10.93.7.1/24 dev here; ip link set here up
far() { ip netns exec "$NET-far" "$@"; }
far ip addr add OURS/24 dev there; far ip addr add OTHER/24 dev there; far ip link set there up
far python3 -m http.server 8000 --directory /proc/self/fdinfo >/dev/null 2>&1 & server=$!
nft -f "$RULES"
reach() { # user address
  setpriv --reuid="$1" --clear-groups python3 -c "
import socket, sys, time
for _ in range(30):
    try:
        socket.create_connection((sys.argv[1], 8000), 2).close(); print('reached'); break
    except ConnectionRefusedError as error:
        time.sleep(0.1)
    except OSError as error:
        print('refused'); break
else:
    print('refused')" "$2"
}
reach 0 OTHER; reach USER OURS; reach USER OTHER
kill $server
"""


def look() -> tuple[int, list[str]]:
    """How many promises were kept, and which were not."""
    words = "the firewall lets the kiosk's user reach the appliance, and nothing else"
    began = time.monotonic()
    rules = Path(f"/run/vorzimmer-kiosk-{time.time_ns()}.nft")
    text = (SHIPPED / "nftables.conf").read_text()
    text = text.replace("ADDRESSES_4", OURS).replace("ADDRESSES_6", "fd00::2")
    rules.write_text(text.replace('"vorzimmer-kiosk"', str(USER)))
    script = SCRIPT.replace("OURS", OURS).replace("OTHER", OTHER).replace("USER", str(USER))
    try:
        done = subprocess.run(
            ["unshare", "--net", "bash", "-c", script],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NET": rules.stem, "RULES": str(rules)},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    finally:
        rules.unlink()
    kept = done.stdout.split() == ["reached", "reached", "refused"]
    told = "" if kept else f" ({done.stdout.split()} {done.stderr.strip()[-300:]})"
    print(
        f"{'ok' if kept else 'FAILED':6} {time.monotonic() - began:5.1f} s  {words}{told}",
        flush=True,
    )
    return (1, []) if kept else (0, [words])
