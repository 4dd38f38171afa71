"""The certificates of pages and TURN: names, days left, and whether the key belongs to them.

``python -m appliance.doctor.certificate CHAIN KEY NAME`` is for the script that installs: it says
why web cannot work with a pair, and ends with 1.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import sys
from datetime import datetime
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

from cryptography import x509

from appliance.doctor.finding import Finding, ok, unknown, warning, wrong
from appliance.settings import Settings
from appliance.storage.clock import utcnow

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


class PairUnfit(Exception):
    """Why these files cannot be used, in words."""


def ensure_fit(chain: Path, key: Path, host: str, now: datetime) -> None:
    """Raises ``PairUnfit`` for files that web cannot show under this name at this hour."""
    first = _read(chain, key)
    if says := _unfit(first, host, now):
        raise PairUnfit(f"{chain}: {says}")
    if first.not_valid_after_utc <= now:
        raise PairUnfit(f"{chain}: it was valid until {first.not_valid_after_utc:%Y-%m-%d}")


def _read(chain: Path, key: Path) -> x509.Certificate:
    """The first certificate. Raises ``PairUnfit``, ``PermissionError``."""

    def no_password() -> NoReturn:
        raise PairUnfit(f"{key} has a password; web needs one without")

    try:
        first = x509.load_pem_x509_certificates(chain.read_bytes())[0]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key, password=no_password)
    except PermissionError:
        raise
    except ssl.SSLError as error:
        raise PairUnfit(f"{key} is not the key of {chain}") from error
    except (OSError, ValueError) as error:
        raise PairUnfit(f"{chain} or {key} is missing or broken") from error
    return first


def _unfit(certificate: x509.Certificate, host: str, now: datetime) -> str:
    if not _names(certificate, host):
        return f"{host} does not stand in it"
    return "not valid yet" if certificate.not_valid_before_utc > now else ""


def _files(code: str, name: str, files: tuple[Path, Path], host: str, now: datetime) -> Finding:
    chain, key = files
    try:
        first = _read(chain, key)
    except PermissionError as error:
        return unknown(code, name, f"{error.filename or key} cannot be read", "Ask as root")
    except PairUnfit as error:
        return wrong(code, name, str(error), "Put the right ones there (PEM)")
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
    if says := _unfit(certificate, host, now):
        return wrong(code, name, says, "Get one for this name, and look at the clock")
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


def main() -> None:
    """For the script that installs."""
    chain, key, host = sys.argv[1:]
    try:
        ensure_fit(Path(chain), Path(key), host, utcnow())
    except (PairUnfit, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
