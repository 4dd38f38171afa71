"""Counters of device checks. Only ``service`` writes them."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from appliance.storage.fields import Field, Retention

CODE_MAX_LENGTH = 64
SITE_MAX_LENGTH = 80
KEY_MAX_LENGTH = 10 + 2 + SITE_MAX_LENGTH + CODE_MAX_LENGTH


ANSWER_MAX_LENGTH = 16
FEEDBACK_KEY_MAX_LENGTH = 10 + 2 + SITE_MAX_LENGTH + ANSWER_MAX_LENGTH


class FeedbackCount(SQLModel, table=True):
    """How often clients answered this at the end of a conversation, in a week, at a site.

    As with ``CheckCount``, no row tells of a single conversation.
    """

    __tablename__ = "feedback_count"

    key: str = Field(
        primary_key=True, max_length=FEEDBACK_KEY_MAX_LENGTH, retention=Retention.OPERATIONAL
    )
    week_on: date = Field(index=True, retention=Retention.OPERATIONAL)
    site: str = Field(max_length=SITE_MAX_LENGTH, retention=Retention.OPERATIONAL)
    answer: str = Field(max_length=ANSWER_MAX_LENGTH, retention=Retention.OPERATIONAL)
    count: int = Field(default=0, retention=Retention.OPERATIONAL)


class CheckCount(SQLModel, table=True):
    """How often a cause was left when a check ended, in a week, at a site.

    No id of a visit and no time within the week: from no row can a check be told. ``key`` is made
    of the other columns, so that not even the order of rows says when they came.
    """

    __tablename__ = "check_count"

    key: str = Field(primary_key=True, max_length=KEY_MAX_LENGTH, retention=Retention.OPERATIONAL)
    week_on: date = Field(index=True, retention=Retention.OPERATIONAL)  # its Monday, agency's zone
    site: str = Field(max_length=SITE_MAX_LENGTH, retention=Retention.OPERATIONAL)
    # A cause of the catalogue; empty counts the checks themselves.
    cause: str = Field(max_length=CODE_MAX_LENGTH, retention=Retention.OPERATIONAL)
    count: int = Field(default=0, retention=Retention.OPERATIONAL)
