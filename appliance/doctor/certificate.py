"""The certificates of pages and TURN: names, days left, and whether the key belongs to them."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from appliance.doctor.finding import Finding, ok, unknown, warning, wrong
from appliance.settings import Settings

DAYS_WARNING: Final = 30
DAYS_WRONG: Final = 7
LIMIT_S: Final = 5.0


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """The files that are configured, else what stands in front of us."""
    web, turn = settings.web, settings.turn
    url = urlsplit(web.base_url)
    found = []
    if web.certificate_file and web.certificate_key_file:
        files = (web.certificate_file, web.certificate_key_file)
        found.append(_files("certificate", "Certificate", files, url.hostname or "", now))
    elif url.scheme == "https":
        found.append(_in_front(url.hostname or "", url.port or 443, now))
    if turn.host and turn.certificate_file and turn.certificate_key_file:
        files = (turn.certificate_file, turn.certificate_key_file)
        found.append(_files("certificate_turn", "Certificate of TURN", files, turn.host, now))
    return found


def _files(code: str, name: str, files: tuple[Path, Path], host: str, now: datetime) -> Finding:
    chain, key = files
    try:
        first = x509.load_pem_x509_certificates(chain.read_bytes())[0]
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key)
    except PermissionError as error:
        return unknown(code, name, f"{error.filename or key} cannot be read", "Ask as root")
    except ssl.SSLError:
        return wrong(code, name, f"{key} is not the key of {chain}", "Put the right one there")
    except (OSError, ValueError):
        return wrong(code, name, f"{chain} or {key} is missing or broken", "Put them there (PEM)")
    return _judged(code, name, first, host, now)


def _in_front(host: str, port: int, now: datetime) -> Finding:
    """A proxy of the agency's shows a certificate; seen as a browser in the house would see it."""
    code, name = "certificate", "Certificate"
    try:
        with (
            socket.create_connection((host, port), LIMIT_S) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            shown = secure.getpeercert(binary_form=True) or b""
    except ssl.SSLCertVerificationError as error:
        return wrong(code, name, f"{host}: {error.verify_message}", "Look at the proxy in front")
    except OSError as error:
        says = f"{host} port {port} does not answer from here ({type(error).__name__})"
        return unknown(code, name, says, "Look at it with a browser")
    return _judged(code, name, x509.load_der_x509_certificate(shown), host, now)


def _judged(
    code: str, name: str, certificate: x509.Certificate, host: str, now: datetime
) -> Finding:
    days = (certificate.not_valid_after_utc - now).days
    until = f"until {certificate.not_valid_after_utc:%Y-%m-%d}, {days} days"
    if not _names(certificate, host):
        return wrong(code, name, f"{host} does not stand in it", "Get one for this name")
    if certificate.not_valid_before_utc > now:
        return wrong(code, name, "not valid yet", "Look at the clock")
    if days < DAYS_WRONG:
        return wrong(code, name, until, "Renew it now")
    if days < DAYS_WARNING:
        return warning(code, name, until, "Renew it")
    return ok(code, name, until)


def _names(certificate: x509.Certificate, host: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ipaddress.ip_address(host) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        pass
    known = [name.lower() for name in names.get_values_for_type(x509.DNSName)]
    parent = host.lower().partition(".")[2]
    return host.lower() in known or f"*.{parent}" in known
