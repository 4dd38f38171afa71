"""One frozen ``Settings``: environment over TOML over defaults; secrets are files.

Every field is documented (its docstring is the comment in the shipped configuration file), typed,
and carries its unit in the name.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from appliance.device_check.records import Policy
from appliance.kept_settings import read_kept
from appliance.ports import media_ports, relay_ports, wrong_media, wrong_turn
from appliance.sockets import media_socket

CONFIG_FILE_VARIABLE = "VORZIMMER_CONFIG"
DEFAULT_CONFIG_FILE = Path("/etc/vorzimmer/config.toml")


def _ip_address(text: str) -> str:
    """The address in its usual form; a name would have to be looked up by every browser."""
    try:
        ip = ipaddress.ip_address(text.strip())
    except ValueError:
        raise ValueError("an IPv4 or IPv6 address is needed, not a name") from None
    if ip.is_unspecified or ip.is_multicast or ip.is_link_local:
        raise ValueError("an address that a browser can reach is needed")
    return str(ip)


IpAddress = Annotated[str, AfterValidator(_ip_address)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Section(BaseModel):
    """A table of the configuration file."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class AgencySettings(Section):
    """Who invites."""

    name: str = "Musteramt"
    """The agency's name, as clients know it."""
    phone: str = "030 1234567"
    """The telephone number on every page, for whoever is stuck."""
    site: str = "Hauptstelle"
    """The place that this box serves; statistics of the device check name it."""
    address: str = "Musterstraße 1, 10115 Berlin"
    """Where a visit in person is possible."""
    email: str = "videotermin@musteramt.example"
    """Sender of the invitations and contact on the legal pages."""
    data_protection_contact: str = "datenschutz@musteramt.example"
    """The data protection officer's contact."""
    data_protection_authority: str = ""
    """The authority where clients may complain, with its address, for the data protection page."""
    represented_by: str = ""
    """Who represents the agency, for the imprint."""
    supervised_by: str = ""
    """The authority that supervises the agency, for the imprint."""
    accessibility_contact: str = ""
    """Who takes reports of barriers: a mail address or a telephone number."""
    accessibility_authority: str = ""
    """The arbitration body for accessibility, with its address."""
    accessibility_assessed: str = ""
    """How and when accessibility was assessed, for the statement."""
    time_zone: str = "Europe/Berlin"
    """IANA name; appointments are shown in it."""
    chat_download: bool = False
    """Whether clients may keep a copy of their own chat at the end; never at a kiosk."""
    language: str = "de"
    """The language of a page when the client's browser asks for none that we have."""


class LanguageSettings(Section):
    """What clients read in. German is always there; staff have German and English."""

    offered: list[str] = ["de", "de-simple", "en", "ar", "tr", "uk", "ru"]
    """Languages that clients may choose; de-simple is easy German."""
    reviewed: list[str] = ["de", "en"]
    """Translations that the agency has had checked: consent in them binds. Else German does."""


class WebSettings(Section):
    """The web process."""

    base_url: str = "http://localhost:8080"
    """The address that clients use. https, or http on localhost only."""
    bind: list[str] = ["127.0.0.1:8080"]
    """Addresses to listen on; under systemd its socket does, see "vorzimmer limits"."""
    certificate_file: Path | None = None
    """TLS certificate chain (PEM); empty behind a proxy or on localhost."""
    certificate_key_file: Path | None = None
    """TLS key (PEM)."""
    allowed_hosts: list[str] = []
    """Further host names that requests may name; the base URL's is always allowed."""
    trusted_proxies: list[str] = []
    """Addresses whose X-Forwarded-For is believed."""
    staff_networks: list[str] = []
    """Networks (CIDR) of the agency, which have their own budget in the rate limits."""


class MediaSettings(Section):
    """The media process."""

    port: Annotated[int, Field(ge=1024, le=65535)] = 40000
    """The relay's UDP port; each further worker has the next one."""
    workers: Annotated[int, Field(ge=1, le=8)] = 1
    """How many media processes forward, each on a core and a port; one carries 100 talks."""
    max_sessions: Annotated[int, Field(ge=0, le=10_000)] = 0
    """How many talks with sound at once; 0: as many as media has measured that it carries."""
    addresses: list[IpAddress] = []
    """Local addresses to bind, IPv4 and IPv6; empty means all of the box's own."""
    public_addresses: list[IpAddress] = []
    """Addresses seen from outside (1:1 NAT); stated by IT, never discovered."""
    keep_private: bool = True
    """Tell browsers the own addresses, too: inside the house the public one often leads nowhere."""


class TurnSettings(Section):
    """The detour for networks that block UDP: the agency's own coturn. Off without a host."""

    host: Annotated[str, Field(pattern=r"^([A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:]{2,45})?$")] = ""
    """Name or address under which browsers reach coturn; its certificate must carry it."""
    secret_file: Path | None = None
    """File with the secret shared with coturn; empty: the credential "turn-secret"."""
    addresses: list[IpAddress] = []
    """Local addresses that coturn listens on; empty means the relay's."""
    port: Annotated[int, Field(ge=1, le=65535)] = 3478
    """Coturn's port for UDP and TCP."""
    tls_port: Annotated[int, Field(ge=1, le=65535)] = 5349
    """Coturn's port for TLS."""
    certificate_file: Path | None = None
    """TLS certificate chain (PEM) that coturn shows; empty: the pages' own."""
    certificate_key_file: Path | None = None
    """Its key (PEM); coturn's user must be able to read both."""
    share_443: bool = False
    """nginx leads port 443 by name to the pages and to coturn; see the handbook."""
    first_relay_port: Annotated[int, Field(ge=1024, le=65535)] = 50000
    """First UDP port between coturn and relay; nobody outside needs to reach them."""
    last_relay_port: Annotated[int, Field(ge=1024, le=65535)] | None = None
    """Last of them; empty: as many as the talks of all media.workers can take (1,520 for one)."""


class CheckSettings(Section):
    """The device check."""

    analysers: Annotated[int, Field(ge=1, le=64)] = 2
    """How many checks may run at once; more wait in line."""
    policy: Policy = Policy()
    """Per kind: inform, warn or block when a check fails; network: see the handbook."""


class MailSettings(Section):
    """The agency's mail server. Without a host, messages stay on the box, marked as not sent."""

    host: str = ""
    """Name of the SMTP server."""
    port: int = 587
    """Its port."""
    username: str = ""
    """Login, if it wants one."""
    password_file: Path | None = None
    """File with the password."""
    encryption: str = "starttls"
    """starttls, tls, or none (inside the house only)."""


class SmsSettings(Section):
    """A generic HTTP gateway for session passwords. Off without a URL."""

    url: str = ""
    """POST goes here, as JSON {"to": …, "text": …}."""
    token_file: Path | None = None
    """File with the bearer token."""


class BackupSettings(Section):
    """Backups: encrypted copies under the database's key, which is in none of them."""

    daily: bool = True
    """The web process makes one a day; false where IT calls "vorzimmer backup" itself."""
    folder: Path | None = None
    """Where they are kept; empty: data_dir/backups. On another disk they outlive this one."""
    keep: Annotated[int, Field(ge=1, le=14)] = 14
    """Of how many days one stays, beside as many of the newest. Each is opened to delete in it."""


class OidcSettings(Section):
    """Staff log in by the agency's own directory (OpenID Connect). Off without an issuer."""

    issuer: Annotated[str, Field(pattern=r"^(https://|http://(localhost|127\.0\.0\.1)[:/]|$)")] = ""
    """The provider's issuer, exactly as its discovery document states it."""
    client_id: str = ""
    """Under which name the directory knows this box."""
    client_secret_file: Path | None = None
    """File with the client secret."""
    label: str = "Anmeldung der Behörde"
    """What the button on the login page says."""


class KeptSettings(PydanticBaseSettingsSource):
    """What was typed on the set-up page, in the data folder that the sources before it name."""

    def __init__(
        self, settings_cls: type[BaseSettings], before: tuple[PydanticBaseSettingsSource, ...]
    ) -> None:
        super().__init__(settings_cls)
        self._before = before

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Not used: all of it comes from ``__call__``."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Tables with the values that are kept. Raises like the configuration file's."""
        named = (source().get("data_dir") for source in self._before)
        default = self.settings_cls.model_fields["data_dir"].default
        return read_kept(Path(next(filter(None, named), default)))


class KioskSettings(Section):
    """Registered kiosks in the agency's own rooms."""

    it_email: str = ""
    """Who is told when a kiosk is silent or out of order; empty: the agency's address."""
    opens_at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "07:00"
    """From then on (hh:mm) each kiosk should be switched on; it tests itself once a day."""
    closes_at: Annotated[str, Field(pattern=r"^$|^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "16:00"
    """From then on it may be off: IT is told when the office opens. Empty: it is never off."""
    open_days: list[Weekday] = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    """On all other days kiosks may be off, too."""
    idle_question_s: Annotated[int, Field(ge=2, le=3600)] = 60
    """Before the waiting room: seconds without a touch until the kiosk asks who is there."""
    idle_wipe_s: Annotated[int, Field(ge=1, le=3600)] = 30
    """Seconds for an answer, counted down visibly; then everything is forgotten."""
    waiting_question_s: Annotated[int, Field(ge=2, le=7200)] = 600
    """In the waiting room: seconds until the kiosk asks."""
    waiting_wipe_s: Annotated[int, Field(ge=1, le=3600)] = 120
    """Seconds for an answer there."""

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> KioskSettings:
        if self.closes_at and self.closes_at <= self.opens_at:
            raise ValueError("kiosk.closes_at must be later than kiosk.opens_at, or empty")
        return self


class Settings(BaseSettings):
    """Everything that can be set. ``VORZIMMER_WEB__BASE_URL`` overrides ``[web] base_url``."""

    model_config = SettingsConfigDict(
        env_prefix="VORZIMMER_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
    )

    data_dir: Path = Path("/var/lib/vorzimmer")
    """The database and its backups."""
    runtime_dir: Path = Path("/run/vorzimmer")
    """Sockets between the processes."""
    database_url: str = ""
    """Empty for the encrypted file in data_dir."""
    database_key_file: Path | None = None
    """File with 64 hex digits; empty: the credential "database-key", else data_dir/database.key."""
    upkeep: Literal["web", "timers"] = "web"
    """Who deletes and makes backups: the web process, or the timers of the system."""
    vendor_dir: Path = Path(__file__).parent.parent / "kiosk_ui" / "vendor"
    """Design system, models and sounds, fetched when the release was made."""
    agency: AgencySettings = AgencySettings()
    languages: LanguageSettings = LanguageSettings()
    web: WebSettings = WebSettings()
    media: MediaSettings = MediaSettings()
    turn: TurnSettings = TurnSettings()
    check: CheckSettings = CheckSettings()
    mail: MailSettings = MailSettings()
    sms: SmsSettings = SmsSettings()
    backup: BackupSettings = BackupSettings()
    oidc: OidcSettings = OidcSettings()
    kiosk: KioskSettings = KioskSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the names are the base class's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file, then what set-up has kept."""
        file = Path(os.environ.get(CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE))
        sources = init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)
        return *sources, KeptSettings(settings_cls, sources)

    @model_validator(mode="after")
    def _ports_go_together(self) -> Settings:
        wrong = wrong_media(self.media_ports)
        if self.turn.host and not wrong:
            wrong = wrong_turn(self.media_ports, self.turn_relay_ports, self.turn.port)
        if wrong:
            raise ValueError(wrong)
        return self

    @property
    def media_ports(self) -> range:
        """UDP ports of the media processes, in the order of their numbers."""
        return media_ports(self.media.port, self.media.workers)

    @property
    def turn_relay_ports(self) -> range:
        """Coturn's UDP ports towards the relay."""
        turn = self.turn
        return relay_ports(turn.first_relay_port, turn.last_relay_port, self.media.workers)

    @property
    def media_sockets(self) -> list[Path]:
        """Where the media processes listen for web."""
        return [media_socket(self.runtime_dir, n + 1) for n in range(self.media.workers)]

    @property
    def analyser_socket(self) -> Path:
        """Where analysers are had."""
        return self.runtime_dir / "analyser.sock"


class FileSettings(Settings):
    """The settings without what was typed on the set-up page, for who may not see the data."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: Any, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file."""
        every = super().settings_customise_sources(settings_cls, *sources, **named)
        return tuple(one for one in every if not isinstance(one, KeptSettings))
