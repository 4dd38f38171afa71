"""Which UDP ports are whose, and how many the promised talks can take."""

from __future__ import annotations

from typing import Final

LAST: Final = 65535
TALKS_OF_A_WORKER: Final = 100  # decision 057
WAYS: Final = 3  # UDP, TCP, TLS: a page holds all of them ready
ADDRESSES_OF_A_PAGE: Final = 2  # of its own network, as a rule IPv4 and IPv6
PAGES_OF_A_TALK: Final = 2
# A page has up to two connections, of which one may gather anew, each by three ways from each of
# its addresses; a laptop with cable, Wi-Fi and IPv6 has three.
MOST_OF_A_USER: Final = 40
# Strangers on the test page share so many users, by their network: 320 ports of 1,520.
STRANGERS: Final = 8


def allocations(workers: int) -> int:
    """What coturn must be able to hold: all talks of all workers, and the strangers' share."""
    talks = TALKS_OF_A_WORKER * workers * PAGES_OF_A_TALK * ADDRESSES_OF_A_PAGE * WAYS
    return talks + STRANGERS * MOST_OF_A_USER


def media_ports(first: int, workers: int) -> range:
    """One for each media process."""
    return range(first, first + workers)


def relay_ports(first: int, last: int | None, workers: int) -> range:
    """Coturn's ports towards the relay; without a ``last``, as many as are needed."""
    return range(first, (first + allocations(workers) - 1 if last is None else last) + 1)


def wrong_media(media: range) -> str:
    """What is wrong with the media processes' ports, or nothing."""
    if media[-1] > LAST:
        return f"media.port: with media.workers the last port is {media[-1]}, beyond {LAST}"
    return ""


def wrong_turn(media: range, relay: range, port: int) -> str:
    """What is wrong with coturn's UDP ports (``port``: where it is asked), or nothing."""
    if not relay:
        return "turn.first_relay_port: it must not be greater than turn.last_relay_port"
    if relay[-1] > LAST:
        return f"turn.first_relay_port: {len(relay)} ports from there on go beyond {LAST}"
    if relay[0] <= media[-1] and media[0] <= relay[-1]:
        return f"turn.first_relay_port: coturn's ports overlap media.port {media[0]}-{media[-1]}"
    if port in media:
        return f"turn.port: {port} is a port of the relay, see media.port and media.workers"
    return ""
