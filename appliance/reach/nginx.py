"""nginx (Debian's package, with its stream module) in front of one public address.

Port 443 is led by the name that a browser asks for: coturn's name to coturn, which ends its TLS
itself, every other to the pages. The pages' TLS ends here, so that they learn the client's address;
the step over loopback takes the line with it off again for coturn, which does not read it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from appliance.reach.coturn import ConfigWrong
from appliance.reach.turn import HTTPS_PORT
from appliance.settings import Settings

# A browser has a socket, some requests and TURN at once: a dozen. Behind one address of a hotel or
# an office there are several; the agency's own networks are not counted.
MOST_OF_AN_ADDRESS: Final = 100
_LOOPBACK: Final = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\]):\d+")
_ADDRESSES_OF: Final = {
    "127.0.0.1": ("127.0.0.1",),
    "[::1]": ("::1",),
    "localhost": ("127.0.0.1", "::1"),  # which of them is the machine's choice
}
_CONFIG: Final = """\
# nginx for vorzimmer, made by: vorzimmer nginx-config > /etc/nginx/nginx.conf
# Wants Debian's packages nginx and libnginx-mod-stream.
include /etc/nginx/modules-enabled/*.conf;
worker_processes auto;
# A client takes up to four of them, and loopback is in between.
worker_rlimit_nofile 32768;
pid @PID@;
# Every lesser message names the client's address, also that files have run out.
error_log @ERRORS@ emerg;
events {
    worker_connections 4096;
}
stream {
    upstream pages { server 127.0.0.1:@PAGES@; }
    upstream turn { server 127.0.0.1:@TURN@; }
    map $ssl_preread_server_name $behind {
        @TURN_NAME@ turn;
        default pages;
    }
    geo $of_staff {
        default 0;
@STAFF@    }
    map $of_staff $counted {
        1 '';
        default $binary_remote_addr;
    }
    limit_conn_zone $counted zone=each_address:10m;
    limit_conn_log_level info;
    server {
@LISTEN@
        limit_conn each_address @MOST@;
        ssl_preread on;
        preread_timeout 10s;
        proxy_protocol on;
        proxy_connect_timeout 5s;
        proxy_timeout 1h;
        proxy_pass $behind;
    }
    server {
        listen 127.0.0.1:@TURN@ proxy_protocol;
        proxy_timeout 1h;
        proxy_pass @COTURN@;
    }
}
http {
    access_log off;
    server_tokens off;
    client_max_body_size 64k;
    map $http_upgrade $connection_header {
        default upgrade;
        '' close;
    }
    server {
        listen 127.0.0.1:@PAGES@ ssl proxy_protocol;
        ssl_certificate @CERTIFICATE@;
        ssl_certificate_key @KEY@;
        ssl_protocols TLSv1.2 TLSv1.3;
        location / {
            proxy_pass https://@WEB@;
            proxy_ssl_verify off;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_protocol_addr;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_header;
            proxy_buffering off;
            proxy_request_buffering off;
            proxy_read_timeout 1h;
        }
    }
}
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Where nginx listens; tests take other ones."""

    public: int = HTTPS_PORT
    pages: int = 8443
    turn: int = 8444
    pid: str = "/run/nginx.pid"
    errors: str = "/var/log/nginx/error.log"  # wrong settings only: lesser ones name addresses


def nginx_config(settings: Settings, own: Sequence[str], places: Places | None = None) -> str:
    """The whole ``nginx.conf``. ``own``: this box's addresses. Raises ``ConfigWrong``."""
    places = places or Places()
    ensure_shared(settings)
    listening = (list(settings.turn.addresses) or list(own))[0]
    values = {
        "PID": places.pid,
        "ERRORS": places.errors,
        "PAGES": str(places.pages),
        "TURN": str(places.turn),
        "TURN_NAME": settings.turn.host,
        "LISTEN": _listen(own, places.public),
        "STAFF": _staff(settings.web.staff_networks),
        "MOST": str(MOST_OF_AN_ADDRESS),
        "COTURN": f"{_host(listening)}:{settings.turn.tls_port}",
        "CERTIFICATE": str(settings.web.certificate_file),
        "KEY": str(settings.web.certificate_key_file),
        "WEB": settings.web.bind[0],
    }
    text = _CONFIG
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def ensure_shared(settings: Settings) -> None:
    """Raises ``ConfigWrong`` for what keeps pages and TURN from sharing one address."""
    turn, web = settings.turn, settings.web
    if not turn.share_443:
        raise ConfigWrong("turn.share_443 is off: nginx is not needed")
    if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", turn.host) or turn.host[-1].isdigit():
        raise ConfigWrong("turn.host must be a name, or nginx cannot tell the two apart")
    if turn.host == urlsplit(web.base_url).hostname:
        raise ConfigWrong("turn.host must be another name than that of web.base_url")
    if len(web.bind) != 1 or not _LOOPBACK.fullmatch(web.bind[0]):
        raise ConfigWrong('web.bind must be one loopback address, such as ["127.0.0.1:8080"]')
    if web.certificate_file is None or web.certificate_key_file is None:
        raise ConfigWrong("web.certificate_file and web.certificate_key_file are needed")
    _ensure_trusted(web.bind[0].rpartition(":")[0], web.trusted_proxies)


def _ensure_trusted(bound: str, trusted: Sequence[str]) -> None:
    """As it is from there that nginx comes: if it is not believed, all clients are one."""
    try:
        networks = [ipaddress.ip_network(network, strict=False) for network in trusted]
    except ValueError as error:
        raise ConfigWrong(f"web.trusted_proxies: {error}") from error
    for address in _ADDRESSES_OF[bound]:
        if not any(ipaddress.ip_address(address) in network for network in networks):
            raise ConfigWrong(
                f'web.trusted_proxies must hold "{address}", from where nginx comes to web.bind '
                f'"{bound}": otherwise all clients have one address'
            )


def _listen(own: Sequence[str], port: int) -> str:
    return "\n".join(f"        listen {_host(address)}:{port};" for address in own)


def _staff(networks: Sequence[str]) -> str:
    try:
        found = [ipaddress.ip_network(network) for network in networks]
    except ValueError as error:
        raise ConfigWrong(f"web.staff_networks: {error}") from error
    return "".join(f"        {network} 1;\n" for network in found)


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
