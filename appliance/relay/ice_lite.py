"""ICE-lite (RFC 8445, section 2.5): the relay answers checks, and sends none.

A check counts only with a valid MESSAGE-INTEGRITY under one of the peer's passwords. The browser's
candidates are never used: the relay sends to an address only after a valid check from it.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from aioice import stun

OLD_ADDRESS_SILENT_S: Final = 0.5
OLD_CREDENTIALS_LIVE_S: Final = 30.0
MAX_ADDRESSES: Final = 16  # each interface directly and by each way of the detour
MAX_STUN_BYTES: Final = 548
MAX_ATTRIBUTES: Final = 16
_COOKIE: Final = b"\x21\x12\xa4\x42"
_USERNAME: Final = b"\0\x06"

# A live browser is heard at least this often: media and reports many times a second; without any
# media Firefox checks about every 5.7 s.
SILENCE_WITH_MEDIA_S: Final = 5.0
SILENCE_CHECKS_ONLY_S: Final = 7.5
GIVE_UP_S: Final = 30.0

Address = tuple[Any, ...]  # as the socket gives it: (host, port) or (host, port, flow, scope)
Path = tuple[int, Address]  # index of the relay's own port, and the browser's address


@dataclass(frozen=True, slots=True)
class Credentials:
    """The relay's side of one ICE generation."""

    ufrag: str
    password: str

    @staticmethod
    def fresh() -> Credentials:
        """At least 24 and 128 bits of randomness, as RFC 8445 asks."""
        return Credentials(ufrag=secrets.token_hex(8), password=secrets.token_hex(16))


class Liveness(Enum):
    """What the silence of a connected peer means."""

    HEARD = auto()
    LOST = auto()
    GIVEN_UP = auto()


class IceAgent:
    """One peer's credentials, its validated addresses, and when it was last heard.

    ``paths`` are the validated ones, with the time of their last sign; ``path`` is the one in use.
    Times are seconds of a monotonic clock.
    """

    def __init__(self, now_s: float) -> None:
        self.credentials = Credentials.fresh()
        self.previous: Credentials | None = None
        self.previous_until_s = 0.0
        self.paths: OrderedDict[Path, float] = OrderedDict()
        self.path: Path | None = None
        self.heard_at_s = now_s
        self.checked_at_s = now_s
        self.checks = 0
        self.newest_used = False  # whether the newest credentials have been seen in a check

    def restart(self, now_s: float) -> None:
        """New credentials; the old ones are good for half a minute more."""
        self.previous = self.credentials
        self.keep_old(now_s)
        self.credentials = Credentials.fresh()
        self.newest_used = False

    def keep_old(self, now_s: float) -> None:
        """The credentials before the newest are good for half a minute from now."""
        self.previous_until_s = now_s + OLD_CREDENTIALS_LIVE_S

    def password_for(self, ufrag: str, now_s: float) -> str | None:
        """The password under which a check for ``ufrag`` must be signed."""
        if ufrag == self.credentials.ufrag:
            return self.credentials.password
        old = self.previous
        if old is not None and ufrag == old.ufrag and now_s < self.previous_until_s:
            return old.password
        return None

    def checked(self, path: Path, now_s: float, *, use: bool, newest: bool) -> Path | None:
        """Takes a valid check from ``path``; returns the path that had to be forgotten for it.

        The path is used if the browser nominates it, or once the old one was silent for 0.5 s
        (Firefox nominates only once), or if it is the first one under new credentials.
        """
        silent = self.is_silent(now_s)
        forgotten = self._remember(path, now_s)
        self.checked_at_s = now_s
        self.checks += 1
        if self.path is None or use or silent or (newest and not self.newest_used):
            self.path = path
        self.newest_used = self.newest_used or newest
        return forgotten

    def moved(self, path: Path, now_s: float) -> Path | None:
        """Takes an authenticated media packet that came by an unknown path while ours is silent."""
        forgotten = self._remember(path, now_s)
        self.path = path
        return forgotten

    def _remember(self, path: Path, now_s: float) -> Path | None:
        forgotten = None
        if path not in self.paths and len(self.paths) >= MAX_ADDRESSES:
            others = (known for known in self.paths if known != self.path)
            forgotten = min(others, key=self.heard_at)
            del self.paths[forgotten]
        self.paths[path] = self.heard_at_s = now_s
        return forgotten

    def is_silent(self, now_s: float) -> bool:
        """Whether nothing authenticated has come by the path in use for half a second."""
        return now_s - self.heard_at(self.path) > OLD_ADDRESS_SILENT_S

    def heard_at(self, path: Path | None) -> float:
        """When an authenticated packet last came by ``path``."""
        return self.paths.get(path, 0.0) if path is not None else 0.0

    def heard(self, path: Path, now_s: float) -> None:
        """Takes an authenticated media packet."""
        self.heard_at_s = now_s
        if path in self.paths:
            self.paths[path] = now_s

    def liveness(self, now_s: float) -> Liveness:
        """Whether the peer is there, judged by authenticated packets alone."""
        silence_s = now_s - self.heard_at_s
        if silence_s > GIVE_UP_S:
            return Liveness.GIVEN_UP
        media = self.heard_at_s > self.checked_at_s
        limit_s = SILENCE_WITH_MEDIA_S if media else SILENCE_CHECKS_ONLY_S
        return Liveness.LOST if silence_s > limit_s else Liveness.HEARD


@dataclass(frozen=True, slots=True)
class Check:
    """A binding request, parsed but not yet believed."""

    message: stun.Message
    ufrag: str
    nominates: bool


def is_request(datagram: bytes) -> bool:
    """Whether the head is that of a binding request that names somebody."""
    return datagram[:2] == b"\0\1" and datagram[4:8] == _COOKIE and bool(asked_ufrag(datagram))


def asked_ufrag(datagram: bytes) -> str:
    """The relay's ufrag that a check names, or nothing.

    Looks only for USERNAME, so that a stranger's checks cost little; raises nothing.
    """
    at = 20
    for _ in range(MAX_ATTRIBUTES):
        kind, size = datagram[at : at + 2], int.from_bytes(datagram[at + 2 : at + 4])
        if kind == _USERNAME:
            name = datagram[at + 4 : at + 4 + size]
            return name.partition(b":")[0].decode("ascii", "replace") if b":" in name else ""
        if not kind:
            return ""
        at += 4 + (size + 3 & ~3)
    return ""


def parse_check(datagram: bytes) -> Check | None:
    """The check in a datagram; ``None`` for whatever is not one. Raises nothing."""
    if len(datagram) > MAX_STUN_BYTES:
        return None
    try:
        message = stun.parse_message(datagram)
    except Exception:  # noqa: BLE001 - the parser raises whatever hostile attributes lead it to
        return None
    if message.message_class != stun.Class.REQUEST or message.message_method != stun.Method.BINDING:
        return None
    username = message.attributes.get("USERNAME", "")
    if "FINGERPRINT" not in message.attributes or "ICE-CONTROLLED" in message.attributes:
        return None
    ufrag, colon, _ = username.partition(":")
    if not colon or ufrag != asked_ufrag(datagram):  # named twice: the first would count
        return None
    return Check(message, ufrag, "USE-CANDIDATE" in message.attributes)


def is_signed(check: Check, password: str) -> bool:
    """Whether the check carries a valid MESSAGE-INTEGRITY."""
    return check.message.check_message_integrity(password.encode())


def success(check: Check, address: Address, password: str) -> bytes:
    """The signed answer to a valid check."""
    reply = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.RESPONSE,
        transaction_id=check.message.transaction_id,
        attributes={"XOR-MAPPED-ADDRESS": (str(address[0]), int(address[1]))},
    )
    reply.add_message_integrity(password.encode())
    return bytes(reply)


def refusal(datagram: bytes) -> bytes:
    """A short unsigned 401: smaller than any request that reaches it."""
    reply = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.ERROR,
        transaction_id=datagram[8:20],
        attributes={"ERROR-CODE": (401, "")},
    )
    return bytes(reply)


class RefusalBudget:
    """Keeps the relay from being a reflector towards forged senders.

    At most one refusal a second to an address, and twenty in all.
    """

    PER_SECOND: Final = 20

    def __init__(self) -> None:
        self._refused_at: OrderedDict[str, float] = OrderedDict()

    def allows(self, host: str, now_s: float) -> bool:
        """Whether this refusal may be sent; counts it if so."""
        while self._refused_at and next(iter(self._refused_at.values())) < now_s - 1.0:
            self._refused_at.popitem(last=False)
        if host in self._refused_at or len(self._refused_at) >= self.PER_SECOND:
            return False
        self._refused_at[host] = now_s
        return True
