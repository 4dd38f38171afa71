"""A certificate authority of the box's own, for an agency that has none for it yet.

It can vouch for this one name and for nothing else (name constraints), so that a device which
trusts it risks nothing. ``python -m appliance.local_ca FOLDER NAME`` writes ``ca.pem`` (for the
devices), ``ca.key`` (root's), ``chain.pem`` and ``key.pem`` (for web).
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.storage.clock import utcnow

CA_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=397)  # what browsers accept at most
RENEW_BEFORE = timedelta(days=60)
EARLIER = timedelta(hours=1)  # for devices whose clock is behind
ANY_ADDRESS = ("0.0.0.0/0", "::/0")


def ensure(folder: Path, name: str, now: datetime) -> bool:
    """Makes authority and certificate where they are missing, or the certificate is nearly over.

    A certificate that this authority did not issue is IT's: it stays. Another name gets another
    authority, which devices have to be given anew. A key that is replaced stays as a copy. True
    when something was made. Raises ``OSError`` and ``ValueError`` for files that are no such.
    """
    ca_file, ca_key_file = folder / "ca.pem", folder / "ca.key"
    chain, key_file = folder / "chain.pem", folder / "key.pem"
    if chain.exists() and not _ours(chain, ca_file):
        return False
    made = not (ca_file.exists() and ca_key_file.exists() and _may_vouch(ca_file, name))
    if made:
        chain.unlink(missing_ok=True)  # so that it is made anew, wherever this ends
        _write_authority(ca_file, ca_key_file, name, now)
    ca = x509.load_pem_x509_certificate(ca_file.read_bytes())
    if not made and key_file.exists() and _good(chain, ca, name, now):
        return False
    ca_key = serialization.load_pem_private_key(ca_key_file.read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = _leaf(name, key.public_key(), ca, now).sign(ca_key, hashes.SHA256())
    _keep_copy(key_file, now)
    _write(key_file, _private(key), 0o640)
    _write(chain, _pem(leaf) + _pem(ca), 0o644)
    return True


def _ours(chain: Path, ca_file: Path) -> bool:
    """Whether the authority beside it has signed this certificate."""
    try:
        leaf = x509.load_pem_x509_certificate(chain.read_bytes())
        leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(ca_file.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError, InvalidSignature):
        return False
    return True


def _keep_copy(key_file: Path, now: datetime) -> None:
    if key_file.exists():
        copy = key_file.with_name(f"{key_file.name}.before-{now:%Y%m%dT%H%M%S%fZ}")
        _write(copy, key_file.read_bytes(), 0o600)


def _may_vouch(ca_file: Path, name: str) -> bool:
    ca = x509.load_pem_x509_certificate(ca_file.read_bytes())
    allowed = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    return any(f".{name}".endswith(f".{one.value}") for one in allowed or ())


def _good(chain: Path, ca: x509.Certificate, name: str, now: datetime) -> bool:
    """Whether the certificate is this authority's, for this name, and for some time yet."""
    if not chain.exists():
        return False
    leaf = x509.load_pem_x509_certificate(chain.read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = leaf.not_valid_after_utc - now > RENEW_BEFORE
    return lasts and leaf.issuer == ca.subject and name in names.get_values_for_type(x509.DNSName)


def _write_authority(file: Path, key_file: Path, name: str, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Vorzimmer {name}"[:64])])
    built = (
        _builder(subject, subject, key.public_key(), now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(
            x509.NameConstraints(
                [x509.DNSName(name)],
                [x509.IPAddress(ip_network(every)) for every in ANY_ADDRESS],
            ),
            critical=True,
        )
    )
    _keep_copy(key_file, now)
    _write(key_file, _private(key), 0o600)
    _write(file, _pem(built.sign(key, hashes.SHA256())), 0o644)


def _leaf(
    name: str, key: ec.EllipticCurvePublicKey, ca: x509.Certificate, now: datetime
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    authority = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _builder(subject, ca.subject, key, now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority),
            critical=False,
        )
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + life - EARLIER)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(file: Path, content: bytes, mode: int) -> None:
    """Whole or not at all; a key is never readable by others, not even for a moment."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.chmod(mode)
    part.replace(file)


def main() -> None:
    """For the script that installs."""
    folder, name = sys.argv[1:]
    made = ensure(Path(folder), name, utcnow())
    sys.stdout.write("made\n" if made else "kept\n")


if __name__ == "__main__":
    main()
