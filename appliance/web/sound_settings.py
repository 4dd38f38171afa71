"""Settings that are well-formed but cannot work are refused at start, not found out by clients."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appliance.i18n import LANGUAGES, READER_LANGUAGES
from appliance.reach.coturn import ConfigWrong
from appliance.reach.nginx import ensure_shared
from appliance.reach.turn import SecretWrong, read_secret
from appliance.settings import Settings


class SettingsWrong(Exception):
    """Names the setting and says what it must be."""


def ensure_sound(settings: Settings) -> None:
    """Raises ``SettingsWrong`` for the first setting that cannot work."""
    _base_url(settings.web.base_url)
    if (settings.web.certificate_file is None) != (settings.web.certificate_key_file is None):
        raise SettingsWrong("web.certificate_file and web.certificate_key_file go together")
    for name in ("staff_networks", "trusted_proxies"):
        for network in getattr(settings.web, name):
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise SettingsWrong(f"web.{name}: {network} is not a network") from error
    try:
        ZoneInfo(settings.agency.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsWrong("agency.time_zone: not an IANA name like Europe/Berlin") from error
    _languages(settings)
    if settings.turn.host:
        try:
            read_secret(settings.turn)
            if settings.turn.share_443:
                ensure_shared(settings)
        except (ConfigWrong, SecretWrong) as error:
            raise SettingsWrong(str(error)) from error


def _languages(settings: Settings) -> None:
    if settings.agency.language not in LANGUAGES:
        raise SettingsWrong(f"agency.language: one of {', '.join(LANGUAGES)}")
    for name in ("offered", "reviewed"):
        if wrong := set(getattr(settings.languages, name)) - set(READER_LANGUAGES):
            raise SettingsWrong(f"languages.{name}: there is no {', '.join(sorted(wrong))}")


def _base_url(text: str) -> None:
    """Cameras and ``__Host-`` cookies need https; browsers make one exception, for localhost."""
    url = urlsplit(text)
    if url.path not in ("", "/") or url.query or url.fragment or not url.hostname:
        raise SettingsWrong("web.base_url: scheme, host and port only")
    if url.scheme == "https" or (url.scheme == "http" and url.hostname == "localhost"):
        return
    raise SettingsWrong("web.base_url: https, or http on localhost only")
