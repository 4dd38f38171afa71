"""Ids of rows: random, so that they say nothing and cannot be guessed."""

from __future__ import annotations

import secrets

ID_LENGTH = 16  # characters of token_urlsafe(12): 96 bit
ID_MAX_LENGTH = 64  # columns that hold an id, somebody's login or a pseudonym


def new_id() -> str:
    """A new id of 16 URL-safe characters. Ids are names, not secrets."""
    return secrets.token_urlsafe(12)
