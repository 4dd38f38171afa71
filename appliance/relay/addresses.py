"""At which addresses browsers can reach this box, and which of them they are told."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import ifaddr

_IF_INET6: Final = Path("/proc/net/if_inet6")
# Flags of linux/if_addr.h: temporary, optimistic, failed, deprecated, tentative. Such an address is
# gone soon, or cannot be bound yet.
_UNFIT: Final = 0x01 | 0x04 | 0x08 | 0x20 | 0x40


def own_addresses() -> list[str]:
    """The box's addresses that browsers can reach: no loopback, no link-local; IPv4 first.

    Of IPv6 only those that stay: an address made for privacy changes every few hours.
    """
    unfit = set()
    with contextlib.suppress(OSError):  # a machine without IPv6 has no such file
        unfit = unfit_ipv6(_IF_INET6.read_text(encoding="ascii"))
    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            address = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            ip = ipaddress.ip_address(address)
            if not (ip.is_loopback or ip.is_link_local) and address not in unfit:
                found.append(address)
    return sorted(dict.fromkeys(found), key=lambda address: ":" in address)


def unfit_ipv6(table: str) -> set[str]:
    """The addresses not to be offered, from the kernel's ``/proc/net/if_inet6``."""
    rows = (line.split() for line in table.splitlines())
    return {
        str(ipaddress.IPv6Address(int(row[0], 16)))
        for row in rows
        if len(row) >= 5 and int(row[4], 16) & _UNFIT
    }


def advertised(
    bound: Iterable[str], public: Sequence[str] = (), *, keep_private: bool = True
) -> list[str]:
    """What browsers are told, best first.

    The box's own addresses come first: they are the way for whoever sits in the house, where
    the public one often leads nowhere (no hairpin NAT). With ``keep_private`` off only the public
    ones are told, so that nobody outside learns how the house is numbered.
    """
    if not public:
        return list(dict.fromkeys(bound))
    return list(dict.fromkeys([*(bound if keep_private else ()), *public]))
