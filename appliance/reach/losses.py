"""Which clients' networks the present settings do not reach: one line for IT."""

from __future__ import annotations

from appliance.reach.turn import HTTPS_PORT, tls_port
from appliance.settings import Settings

NO_TURN = (
    "Lost: networks that block UDP (many companies, hospitals, hotels): there is no TURN. "
    "Set turn.host."
)
NOT_443 = (
    "Lost: networks that let nothing but port {https} out (strict companies, some guest Wi-Fi): "
    "TURN over TLS is on port {port}. Set turn.share_443, or give TURN an address of its own."
)
ON_443 = "Lost: only networks that open TLS on the way, or that allow a web proxy and nothing else."


def losses(settings: Settings) -> str:
    """What is lost, and what would win it."""
    if not settings.turn.host:
        return NO_TURN
    port = tls_port(settings.turn)
    return ON_443 if port == HTTPS_PORT else NOT_443.format(https=HTTPS_PORT, port=port)
