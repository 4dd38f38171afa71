"""The shape of a cause in the catalogue of ``remedies``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from appliance.device_check.records import CheckKind, Verdict

ANY = "*"

Steps = tuple[str, ...]
Variants = Mapping[tuple[str, str], Steps]  # (browser, os), either may be ANY


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why a check did not pass. All texts are msgids."""

    code: str
    kind: CheckKind
    severity: Verdict  # FAILED or WARNING
    headline: str  # what is
    remedy: Steps  # what to do, one sentence a step
    staff: str  # what the desk reads, ready to be said on the phone
    variants: Variants = field(default_factory=lambda: MappingProxyType({}))
