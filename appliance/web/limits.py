"""Rate limits in three layers: what is guessed at, the address and its network, everybody.

Failures are counted, not successes, so that people behind one address do not lock each other
out. Figures: security.md 1.4 (10 in 5 minutes per address and per account, 1000 in all).
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

log = structlog.get_logger()

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
GUESSING_PER_MINUTE = 50
STAFF_FACTOR = 10  # staff networks have ten times the budget, and none for everybody


class Budget(StrEnum):
    """What is counted together. A route names its budget."""

    PAGES = "pages"  # anything answered with 4xx
    LINKS = "links"  # link secrets
    NUMBERS = "numbers"  # session numbers
    LOGIN = "login"  # password and code of staff
    CHECKS = "checks"  # grants for the device check without a visit; each one counts
    SOCKETS = "sockets"  # refused handshakes
    CONSOLE = "console"  # what logged-in staff do
    KEYS = "keys"  # of programs; failures alone
    CALLS = "calls"  # of programs; each one counts, by key
    HEALTH = "health"  # probes of the agency's own monitoring
    REQUESTS = "requests"  # what makes us mail somebody; each one counts
    ENTRIES = "entries"  # visits without an appointment; each one counts
    REPORTS = "reports"  # what browsers report; each one counts, since each is a line in the log


@dataclass(frozen=True)
class Figures:
    """Failures allowed in ``minutes``; None is no limit in that layer."""

    subject: int | None
    address: int
    network: int
    everybody: int | None
    minutes: int = 5


FIGURES: dict[Budget, Figures] = {
    # Wide: somebody's 404s behind a shared address must not take the pages from the others.
    Budget.PAGES: Figures(None, 3000, 15000, None),
    # 256 bit cannot be guessed: everybody's layer only raises the alarm.
    Budget.LINKS: Figures(None, 10, 40, None),
    Budget.NUMBERS: Figures(None, 10, 40, 1000),
    Budget.LOGIN: Figures(10, 10, 40, 1000),
    Budget.CHECKS: Figures(None, 60, 240, None),
    Budget.SOCKETS: Figures(None, 60, 240, None),
    Budget.CONSOLE: Figures(None, 3000, 15000, None),
    Budget.KEYS: Figures(None, 300, 1200, None),
    Budget.CALLS: Figures(3000, 15000, 60000, None),
    Budget.HEALTH: Figures(None, 3000, 15000, None),
    # Each is a mail to an address that a stranger has typed.
    Budget.REQUESTS: Figures(None, 5, 20, 200, minutes=60),
    # Each takes a place before the advisers. Many may share an address: a library, a shelter.
    Budget.ENTRIES: Figures(None, 6, 30, 200, minutes=60),
    Budget.REPORTS: Figures(None, 30, 120, 300),
}


# A right link opens even when neighbours have used the budget up: only wrong ones are refused.
RIGHT_ONES_PASS = frozenset({Budget.LINKS})
GUESSED_AT = frozenset({Budget.LINKS, Budget.NUMBERS, Budget.LOGIN})


class TooMany(Exception):
    """The budget is used up; ``retry_after_s`` says when it is worth trying again."""

    code = "too_many_attempts"

    def __init__(self, budget: Budget, retry_after_s: int) -> None:
        super().__init__(budget.value)
        self.budget = budget
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Key:
    """One counter: where it counts, how much it allows."""

    layer: str
    name: str
    allowed: RateLimitItem


def networks_of(address: str) -> tuple[str, str]:
    """What an address is counted as: IPv4 /32 and /24, IPv6 /64 and /48. Odd ones share one."""
    try:
        ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return "unknown", "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    near, far = (32, 24) if ip.version == 4 else (64, 48)
    return tuple(  # type: ignore[return-value]  # two entries, one for each length
        str(ipaddress.ip_network((ip, length), strict=False)) for length in (near, far)
    )


class LoginBudget:
    """The limiter as ``AdviserService`` wants it."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def check(self, address: str, login: str) -> None:
        """Raises ``TooMany``."""
        self._limiter.check(Budget.LOGIN, address, login)

    def failed(self, address: str, login: str) -> None:
        """Counts one failure."""
        self._limiter.failed(Budget.LOGIN, address, login)


class Limiter:
    """Counts failures in memory. A restart forgets them, which is a second's advantage at most."""

    def __init__(self, staff_networks: Iterable[str] = ()) -> None:
        # Windows that begin with the first failure: the moving ones never forget an address.
        self._counter = FixedWindowRateLimiter(MemoryStorage())
        self._staff: list[Network] = [ipaddress.ip_network(text) for text in staff_networks]

    def check(self, budget: Budget, address: str, subject: str = "") -> None:
        """Raises ``TooMany`` when one of the layers is used up. Counts nothing."""
        for key in self._keys(budget, address, subject):
            if not self._counter.test(key.allowed, budget.value, key.layer, key.name):
                self._refuse(budget, key)

    def failed(self, budget: Budget, address: str, subject: str = "") -> None:
        """Counts one failure in every layer, and raises the alarm when somebody is guessing."""
        for key in self._keys(budget, address, subject):
            self._counter.hit(key.allowed, budget.value, key.layer, key.name)
        alarm = RateLimitItemPerMinute(GUESSING_PER_MINUTE)
        if budget in GUESSED_AT and not self._counter.hit(alarm, budget.value):
            log.warning("guessing_suspected", budget=budget.value)

    def _refuse(self, budget: Budget, key: Key) -> None:
        stats = self._counter.get_window_stats(key.allowed, budget.value, key.layer, key.name)
        once = type(key.allowed)(1, key.allowed.multiples)  # as long as the budget is used up
        if self._counter.hit(once, "said", budget.value, key.layer, key.name):
            log.info("limit_reached", budget=budget.value, layer=key.layer)
        raise TooMany(budget, max(1, math.ceil(stats.reset_time - time.time())))

    def _keys(self, budget: Budget, address: str, subject: str) -> Iterable[Key]:
        figures = FIGURES[budget]
        near, far = networks_of(address)
        factor = self.factor(address)
        layers: list[tuple[str, str, int | None]] = [
            ("address", near, figures.address * factor),
            ("network", far, figures.network * factor),
        ]
        if subject:
            # Hashed, so that no login name lies about in memory longer than needed. Inside the
            # house it is counted apart: nobody outside can lock an adviser's account in there.
            zone = "inside" if factor > 1 else "outside"
            digest = hashlib.sha256(f"{zone} {subject}".encode()).hexdigest()
            layers.append(("subject", digest, figures.subject))
        if factor == 1:
            layers.append(("everybody", "", figures.everybody))
        for layer, name, allowed in layers:
            if allowed is not None:
                yield Key(layer, name, RateLimitItemPerMinute(allowed, figures.minutes))

    def factor(self, address: str) -> int:
        """How many times the usual budget an address has: many share one in the agency itself."""
        return STAFF_FACTOR if self._of_staff(address) else 1

    def _of_staff(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
        except ValueError:
            return False
        return any(ip in network for network in self._staff)
