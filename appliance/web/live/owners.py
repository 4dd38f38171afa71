"""Who a window belongs to, and which room that is: a visit, a desk, a test, a conference."""

from __future__ import annotations

_VISIT, _DESK, _TEST, _CONFERENCE = "visit:", "desk:", "test:", "conference:"
_DESK_ROOM, _TEST_ROOM, _CONFERENCE_ROOM = "desk-check-", "test-check-", "conference-"


def visit_owner(visit_id: str) -> str:
    """The client of a visit."""
    return _VISIT + visit_id


def desk_owner(adviser_id: str) -> str:
    """An adviser at the desk."""
    return _DESK + adviser_id


def test_owner(grant_id: str) -> str:
    """Anybody who tries their devices."""
    return _TEST + grant_id


def conference_owner(conference_id: str, member_id: str = "") -> str:
    """Somebody in or before a conference; without a member: all of it, to be touched."""
    return f"{_CONFERENCE}{conference_id}/{member_id}"


def conference_id_of(owner: str) -> str | None:
    """The conference that the window belongs to."""
    if not owner.startswith(_CONFERENCE):
        return None
    return owner.removeprefix(_CONFERENCE).partition("/")[0]


def member_id_of(owner: str) -> str:
    """The member whose window in a conference it is."""
    return owner.partition("/")[2]


def conference_room(conference_id: str) -> str:
    """The room of a conference."""
    return _CONFERENCE_ROOM + conference_id


def is_conference_room(room_id: str) -> bool:
    """Whether it is one for many."""
    return room_id.startswith(_CONFERENCE_ROOM)


def desk_room(adviser_id: str) -> str:
    """The room of an adviser's own device check."""
    return _DESK_ROOM + adviser_id


def test_room(grant_id: str) -> str:
    """The room of a check without a visit."""
    return _TEST_ROOM + grant_id


def visit_id_of(owner: str) -> str | None:
    """The visit that the window belongs to."""
    return owner.removeprefix(_VISIT) if owner.startswith(_VISIT) else None


def is_stranger(owner: str) -> bool:
    """Whether anybody may be it: the holder of nothing but a grant for the device check."""
    return owner.startswith(_TEST)


def adviser_id_of(owner: str) -> str | None:
    """The adviser whose desk it is."""
    return owner.removeprefix(_DESK) if owner.startswith(_DESK) else None


def owner_of_room(room_id: str) -> str:
    """The client of the visit whose room it is; the owner of a check room; all of a conference."""
    if room_id.startswith(_DESK_ROOM):
        return desk_owner(room_id.removeprefix(_DESK_ROOM))
    if room_id.startswith(_TEST_ROOM):
        return test_owner(room_id.removeprefix(_TEST_ROOM))
    if is_conference_room(room_id):
        return conference_owner(room_id.removeprefix(_CONFERENCE_ROOM))
    return visit_owner(room_id)


def check_room_of(owner: str) -> str:
    """Where this owner's devices are checked."""
    if owner.startswith(_DESK):
        return desk_room(owner.removeprefix(_DESK))
    if owner.startswith(_TEST):
        return test_room(owner.removeprefix(_TEST))
    return owner.removeprefix(_VISIT)
