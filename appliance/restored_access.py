"""After a restore: access that was taken away since the backup was made stays taken away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, or_, select, update

from appliance.advisers.models import Adviser, AdviserLogin, RecoveryCode, Role
from appliance.api_keys.models import ApiKey
from appliance.appointments.models import CalendarFeed
from appliance.conferences.models import Conference, ConferenceMember
from appliance.kiosks.models import Kiosk
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseError
from appliance.storage.keys import shred
from appliance.visits.models import VisitAccess

UNKNOWN = (
    "What was revoked since the backup cannot be known. All keys ({keys}) and calendar addresses "
    "({feeds}) were revoked: make new ones. Kiosks ({kiosks}) are to be registered anew."
)
ACCOUNTS_OF_THEN = (
    "Accounts are as they were in the backup, with their passwords of then: close again those that "
    "were closed since."
)
_ROOM = col(Conference.visit_id).is_(None)
RIGHTS = ("active", "role", "all_teams", "password_hash", "totp_secret")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may what in the present database."""

    keys: set[str]  # ids of those that are not revoked
    feeds: set[str]
    kiosks: set[str]  # hashes of the secrets of registered ones
    advisers: dict[str, Adviser]
    codes: list[RecoveryCode]
    conferences: set[str]  # ids of open rooms
    visits: set[str]  # ids of the accesses that a browser holds a visit with


def access_in(present: Database | None) -> Access | None:
    """None when there is no database that can be read, or one of an older version."""
    try:
        return present.read_sync(_access) if present is not None else None
    except DatabaseError:
        return None


def _access(session: Session) -> Access:
    return Access(
        keys=set(session.exec(select(ApiKey.id).where(col(ApiKey.revoked_at).is_(None)))),
        feeds=set(
            session.exec(select(CalendarFeed.id).where(col(CalendarFeed.revoked_at).is_(None)))
        ),
        kiosks={one.secret_hash for one in session.exec(select(Kiosk)) if one.secret_hash},
        advisers={one.id: one for one in session.exec(select(Adviser))},
        codes=list(session.exec(select(RecoveryCode))),
        conferences=set(session.exec(select(Conference.id).where(_ROOM))),
        visits=set(
            session.exec(select(VisitAccess.id).where(col(VisitAccess.revoked_at).is_(None)))
        ),
    )


def keep_revoked(session: Session, access: Access | None, now: datetime) -> list[str]:
    """In the restored database; what was done, as sentences for whoever restores.

    All logins end. Without ``access``, nobody knows what was revoked: all keys and calendar
    addresses are.
    """
    still = col(AdviserLogin.ended_at).is_(None)
    session.execute(update(AdviserLogin).where(still).values(ended_at=now))
    keys = _revoke(session, ApiKey, access.keys if access else (), now)
    feeds = _revoke(session, CalendarFeed, access.feeds if access else (), now)
    kiosks = _unregister(session, access.kiosks if access else ())
    rooms = _close_rooms(session, access.conferences if access else ())
    visits = _end_visit_accesses(session, access.visits if access else (), now)
    said = ["All logins were ended: everybody logs in anew."]
    said.append(
        f"Codes for kiosks are not valid any more. Links and browsers of ended conversations: "
        f"{rooms} rooms closed, {visits} browsers logged out."
    )
    if access is None:
        said += [UNKNOWN.format(keys=keys, feeds=feeds, kiosks=kiosks), ACCOUNTS_OF_THEN]
        return said
    said.append(
        f"Keys and calendar addresses that the present database does not know as valid were "
        f"revoked: {keys} keys, {feeds} calendar addresses."
    )
    if kiosks:
        said.append(f"Kiosks that were removed or registered anew since: {kiosks}.")
    changed = _take_rights_over(session, access)
    names = ", ".join(sorted(changed)) or "none"
    said.append(
        f"Accounts that were closed or changed (role, password, code app) since the backup stay "
        f"so: {names}."
    )
    if not _administrators(session):
        said.append("No administrator is left: vorzimmer add-adviser --role administrator")
    return said


def _revoke(
    session: Session, model: type[ApiKey | CalendarFeed], valid: Collection[str], now: datetime
) -> int:
    query = select(model).where(col(model.revoked_at).is_(None), col(model.id).not_in(valid))
    rows = session.exec(query).all()
    for row in rows:
        row.revoked_at = now
    return len(rows)


def _unregister(session: Session, valid: Collection[str]) -> int:
    """Whose browser the present database does not know is no kiosk."""
    held = (col(Kiosk.secret_hash).is_not(None), col(Kiosk.secret_hash).not_in(valid))
    rows = session.exec(select(Kiosk).where(*held)).all()
    for row in rows:
        row.secret_hash = None
    session.execute(update(Kiosk).values(code_hash=None))  # used or replaced since, perhaps
    return len(rows)


def _close_rooms(session: Session, open_now: Collection[str]) -> int:
    """Rooms that were closed since, and all beside a visit: their links lead nowhere again."""
    query = select(Conference.id).where(or_(~_ROOM, col(Conference.id).not_in(open_now)))
    ids = session.exec(query).all()
    for conference_id in ids:
        shred(session, conference_id)
    mine = col(ConferenceMember.conference_id).in_(ids)
    session.execute(delete(ConferenceMember).where(mine))
    session.execute(delete(Conference).where(col(Conference.id).in_(ids)))
    return len(ids)


def _end_visit_accesses(session: Session, valid: Collection[str], now: datetime) -> int:
    """Browsers that do not hold their visit in the present database."""
    held = (col(VisitAccess.revoked_at).is_(None), col(VisitAccess.id).not_in(valid))
    rows = session.exec(select(VisitAccess).where(*held)).all()
    for row in rows:
        row.revoked_at = now
    return len(rows)


def _take_rights_over(session: Session, access: Access) -> set[str]:
    """Logins of the accounts that changed; one that the present database lacks stays as it is."""
    changed: set[str] = set()
    for adviser in session.exec(select(Adviser)).all():
        present = access.advisers.get(adviser.id)
        if present is None:
            continue
        for name in RIGHTS:
            if getattr(adviser, name) != getattr(present, name):
                setattr(adviser, name, getattr(present, name))
                changed.add(adviser.login)
        if adviser.oidc_subject and adviser.oidc_subject != present.oidc_subject:
            adviser.oidc_subject = None  # connected to somebody else since, or to nobody
            changed.add(adviser.login)
        adviser.totp_counter = present.totp_counter  # no code is good for a second time
        mine = col(RecoveryCode.adviser_id) == adviser.id
        session.execute(delete(RecoveryCode).where(mine))
        codes = [code.model_dump() for code in access.codes if code.adviser_id == adviser.id]
        session.add_all(RecoveryCode(**code) for code in codes)
    return changed


def _administrators(session: Session) -> bool:
    query = select(Adviser.id).where(col(Adviser.active), col(Adviser.role) == Role.ADMINISTRATOR)
    return session.exec(query.limit(1)).first() is not None
