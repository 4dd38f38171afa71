"""Which address a connection comes from; a forwarded one only from a configured proxy."""

from __future__ import annotations

import ipaddress

from quart import Request, Websocket, has_request_context, request, websocket

from appliance.web.parts import parts


def present_connection() -> Request | Websocket:
    """The request or the socket's handshake that is being served."""
    return request if has_request_context() else websocket


def address_of(connection: Request | Websocket) -> str:
    """The client's address. ``X-Forwarded-For`` is read from the right, past our proxies only."""
    trusted = parts().settings.web.trusted_proxies
    address = connection.remote_addr or ""
    if not _listed(address, trusted):
        return address
    for hop in reversed(connection.headers.get("X-Forwarded-For", "").split(",")):
        if not _valid(hop.strip()):
            return address
        address = hop.strip()
        if not _listed(address, trusted):
            return address
    return address


def _valid(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _listed(address: str, networks: list[str]) -> bool:
    if not _valid(address):
        return False
    ip = ipaddress.ip_address(address)
    return any(ip in ipaddress.ip_network(network, strict=False) for network in networks)
