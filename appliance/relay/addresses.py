"""At which addresses browsers can reach this box."""

from __future__ import annotations

import ifaddr


def own_addresses() -> list[str]:
    """The box's addresses that browsers can reach: no loopback, no link-local; IPv4 first."""
    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            address = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            if not address.startswith(("127.", "169.254.")) and not (
                address == "::1" or address.lower().startswith("fe80")
            ):
                found.append(address)
    return sorted(dict.fromkeys(found), key=lambda address: ":" in address)
