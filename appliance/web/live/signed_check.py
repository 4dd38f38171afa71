"""Verdict codes before consent: a signed copy in the page, presented again after a restart.

Until consent web keeps the check in memory only. Nothing measured is in the copy.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from datetime import datetime, timedelta
from random import Random
from typing import Any

from appliance.device_check.report import CheckReport
from appliance.settings import Settings
from appliance.storage.keys import read_key
from appliance.web.live.check_run import CheckRun, Terms, background_mode

PURPOSE = b"check_record"
LIVES = timedelta(hours=4)  # as long as a visit's cookie


class CheckRecordRefused(Exception):
    """Forged, another visit's, or too old."""

    code = "check_record_refused"


class CheckSigner:
    """Signs with a key of its own, made from the database key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, settings: Settings) -> CheckSigner:
        """Reads the database key once."""
        return cls(hmac.digest(bytes.fromhex(read_key(settings)), PURPOSE, "sha256"))

    def sign(self, subject_id: str, run: CheckRun, now: datetime) -> str:
        """What the page keeps: at most 4,096 characters."""
        content = {
            "of": subject_id,
            "at": now.isoformat(),
            "codes": run.report.codes(),
            "background": run.background,
            "look": run.look,
            "browser": run.browser,
            "os": run.os,
        }
        if run.terms is not None:
            content["terms"] = [run.terms.version, run.terms.accepted_at.isoformat()]
        text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        return f"{_base64(text)}.{_base64(self._seal(text))}"

    def restore(self, subject_id: str, signed: str, random: Random, now: datetime) -> CheckRun:
        """The run as it was signed. Raises ``CheckRecordRefused``."""
        try:
            text, seal = (_from_base64(part) for part in signed.split("."))
            if not hmac.compare_digest(seal, self._seal(text)):
                raise CheckRecordRefused
            content = json.loads(text)
            at = datetime.fromisoformat(content["at"])
            if content["of"] != subject_id or not now - LIVES <= at <= now + timedelta(minutes=5):
                raise CheckRecordRefused
            return _run(content, random)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise CheckRecordRefused from error

    def _seal(self, text: bytes) -> bytes:
        return hmac.digest(self._key, text, "sha256")


def _run(content: dict[str, Any], random: Random) -> CheckRun:
    run = CheckRun(
        random=random,
        report=CheckReport.from_codes(content["codes"]),
        background=background_mode(content["background"]),
        look=content.get("look", ""),
        browser=content["browser"],
        os=content["os"],
    )
    if "terms" in content:
        version, accepted_at = content["terms"]
        run.terms = Terms(version, datetime.fromisoformat(accepted_at))
    return run


def _base64(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
