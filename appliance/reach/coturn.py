"""The configuration of the agency's coturn (4.6, Debian's package), from our own settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from appliance.ports import MOST_OF_A_USER, STRANGERS
from appliance.settings import Settings

# Never fewer: a page's two connections, three ways each, from two addresses.
LEAST_OF_A_USER: Final = 12
# An allocation that nobody refreshes is gone after ten minutes, as its credential is.
LONGEST_S: Final = 600
_HEAD: Final = """\
# coturn for vorzimmer, made by: vorzimmer coturn-config
# It holds a secret. Put it in place readable for coturn alone:
#   vorzimmer coturn-config | install -m 0640 -o root -g turnserver /dev/stdin /etc/turnserver.conf
"""
_FIXED: Final = """\
# No administration, no other protocols, no word on what runs here.
no-cli
no-dtls
no-tcp-relay
no-rfc5780
no-stun-backward-compatibility
response-origin-only-with-rfc5780
no-software-attribute
no-tlsv1
no-tlsv1_1
secure-stun
fingerprint
stale-nonce=600
# Addresses of clients are not logged. To look for a fault for a while: log-file=stdout
log-file=/dev/null
simple-log
no-stdout-log
pidfile=
"""
_DENIED: Final = """\
# The relay is the only peer: nobody gets into the house this way. Never add allow-loopback-peers.
denied-peer-ip=0.0.0.0-255.255.255.255
denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
no-multicast-peers
"""


class ConfigWrong(Exception):
    """A setting is missing that coturn or nginx cannot do without; the text names it."""


def certificate_of(settings: Settings) -> tuple[Path, Path]:
    """Certificate and key of TURN over TLS: its own, else the pages'. Raises ``ConfigWrong``."""
    chosen = (settings.turn.certificate_file, settings.turn.certificate_key_file)
    if chosen == (None, None):
        chosen = (settings.web.certificate_file, settings.web.certificate_key_file)
    certificate, key = chosen
    if certificate is None or key is None:
        raise ConfigWrong("turn.certificate_file and turn.certificate_key_file are needed")
    return certificate, key


def coturn_config(settings: Settings, secret: str, own: Sequence[str], peers: Sequence[str]) -> str:
    """``own``: addresses of this box; ``peers``: all that the relay's offers name.

    Raises ``ConfigWrong``.
    """
    turn = settings.turn
    if not turn.host:
        raise ConfigWrong("turn.host is not set")
    certificate, key = certificate_of(settings)
    listening = list(turn.addresses) or list(own)
    lines = [f"listening-ip={address}" for address in listening]
    lines += [f"relay-ip={address}" for address in listening]
    lines += _numbers(settings)
    lines += ["use-auth-secret", f"static-auth-secret={secret}", f"realm={turn.host}"]
    lines += [f"cert={certificate}", f"pkey={key}"]
    allowed = "".join(f"allowed-peer-ip={address}\n" for address in peers)
    return "\n".join([_HEAD, *lines, "", _FIXED, _DENIED + allowed])


def _numbers(settings: Settings) -> list[str]:
    turn, ports = settings.turn, settings.turn_relay_ports
    return [
        f"listening-port={turn.port}",
        f"tls-listening-port={turn.tls_port}",
        f"min-port={ports[0]}",
        f"max-port={ports[-1]}",
        f"user-quota={quota_of_a_user(len(ports))}",
        f"total-quota={len(ports)}",
        f"max-allocate-lifetime={LONGEST_S}",
    ]


def quota_of_a_user(ports: int) -> int:
    """How many allocations: so few that all strangers together get a third of the ports at most.

    In a range of fewer than 288 ports they get more, or no page would get on at all.
    """
    return max(LEAST_OF_A_USER, min(MOST_OF_A_USER, ports // (3 * STRANGERS)))
