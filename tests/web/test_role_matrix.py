"""Role × route × owner, over the route table of the real application: every cell, default no.

What a client's routes reach hangs on the cookie alone and not on an id in the address, so the
owner's part is of staff. The commands over the desk's socket are in ``live/test_rights``.
"""

import itertools
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from quart.testing.connections import WebsocketResponseError

from appliance.advisers.logins import new_login_secret, secret_hash
from appliance.advisers.models import AdviserLogin, Role
from appliance.advisers.rights import Relation
from appliance.web.access import Who, declared
from tests.advisers.test_rights import ALLOWED
from tests.builders.bookings import MONDAY_9, PASSWORD
from tests.web import owned_rows

pytestmark = pytest.mark.timeout(240)  # every route, for every role, in one house

# What one does at each staff route. A route that is not here fails the test: it is nobody's.
ACTIONS = {
    "conference_pages.conference": "serve",
    "conference_pages.conferences": "serve",
    "conference_pages.link": "serve",
    "conference_pages.send": "serve",
    "conference_pages.session_link": "serve",
    "conference_pages.start": "serve",
    "console_accounts.account": "administer",
    "console_accounts.accounts": "administer",
    "console_accounts.add_account": "administer",
    "console_accounts.add_team": "administer",
    "console_accounts.close_account": "administer",
    "console_accounts.rename_team": "administer",
    "console_accounts.reopen_account": "administer",
    "console_accounts.reset_password": "administer",
    "console_accounts.reset_second_factor": "administer",
    "console_accounts.revoke_all": "administer",
    "console_accounts.revoke_one": "administer",
    "console_accounts.set_rights": "administer",
    "console_accounts.set_subject": "administer",
    "console_appointments.appointment": "see",
    "console_appointments.cancel": "book",
    "console_appointments.held": "book",
    "console_appointments.invite": "book",
    "console_appointments.letter": "password",
    "console_appointments.link": "password",
    "console_appointments.link_by_mail": "password",
    "console_appointments.link_by_sms": "password",
    "console_appointments.move": "book",
    "console_appointments.new_password": "password",
    "console_appointments.no_show": "book",
    "console_appointments.password": "password",
    "console_appointments.password_sheet": "password",
    "console_appointments.reopen": "book",
    "console_booking.book": "book",
    "console_booking.new": "book",
    "console_calendar.calendar": "serve",
    "console_calendar.make_feed": "serve",
    "console_calendar.revoke_feed": "serve",
    "console_keys.keys": "administer",
    "console_keys.make_key": "administer",
    "console_keys.revoke_key": "administer",
    "console_kiosks.add_kiosk": "administer",
    "console_kiosks.kiosks": "administer",
    "console_kiosks.make_code": "administer",
    "console_kiosks.remove_kiosk": "administer",
    "console_kiosks.want_set_up": "administer",
    "console_kiosks.want_test": "administer",
    "console_login.change_password": "be_here",
    "console_login.desk": "be_here",
    "console_login.log_out": "be_here",
    "console_login.logins": "be_here",
    "console_login.revoke_login": "be_here",
    "console_login.revoke_logins": "be_here",
    "console_mail.mail": "administer",
    "console_mail.send_again": "administer",
    "console_messages.finish": "help",
    "console_messages.messages": "help",
    "console_messages.reopen": "help",
    "console_messages.take": "help",
    "console_privacy.erase": "administer",
    "console_privacy.export_data": "administer",
    "console_privacy.export_page": "administer",
    "console_privacy.search": "administer",
    "console_privacy.show": "administer",
    "console_privacy.start": "administer",
    "console_requests.decline": "serve",
    "console_requests.offer": "serve",
    "console_requests.request": "serve",
    "console_requests.requests": "serve",
    "console_requests.settled": "serve",
    "console_retention.audit": "administer",
    "console_retention.retention": "be_here",
    "console_statistics.check_statistics": "administer",
    "console_statistics.statistics": "be_here",
    "console_text_blocks.add": "serve",
    "console_text_blocks.remove": "serve",
    "console_text_blocks.text_blocks": "serve",
    "console_topics.add": "administer",
    "console_topics.change": "administer",
    "console_topics.remove": "administer",
    "console_topics.topic": "administer",
    "console_topics.topics": "administer",
    "console_week.find": "see",
    "console_week.week": "see",
    "sockets.conference_socket": "serve",
    "sockets.console_socket": "be_here",
}
# Rows of the whole house; "unknown" is then the answer of the route itself.
OF_NOBODY = ("<topic_id>", "<kiosk_id>")
# For a form or a conversation of their own.
ASKING_MORE = ("console_privacy.", "conference_pages.session_link")
REFUSED_BY_ROLE, UNKNOWN = 403, 404
LET_IN = {200, 303, 409, 422}  # an answer of the route itself


@dataclass(frozen=True)
class Owned:
    """How a row of this kind is made, and what whoever it does not belong to is answered."""

    make: Callable[[Any, str, str], Awaitable[str]]
    refused: frozenset[int] = frozenset({UNKNOWN})
    theirs_alone: bool = False  # the table of rights opens it to nobody else


# By route or by what stands in the address: rows of an adviser, or of a client of theirs.
OWNED = {
    "<appointment_id>": Owned(owned_rows.appointment),
    "<message_id>": Owned(owned_rows.message, frozenset({409})),  # the list, with a word
    "console_messages.reopen": Owned(owned_rows.message_taken, frozenset({409})),
    "<request_id>": Owned(owned_rows.request),
    "<conference_id>": Owned(owned_rows.conference, frozenset({403, 404}), theirs_alone=True),
    "<block_id>": Owned(owned_rows.text_block, frozenset({422}), theirs_alone=True),
}


@dataclass
class Agency:
    """Two teams, one viewer of each role in the first, and owners of every relation."""

    web: object
    team_ids: list[str]
    viewers: dict[Role, str]
    owners: dict[Relation, str]

    @classmethod
    async def make(cls, web):
        advisers = web.parts.advisers
        teams = [(await advisers.add_team(name, "test")).id for name in ("Wohngeld", "Pflege")]

        async def add(login, role, team_id):
            made = await advisers.add(login, login.title(), PASSWORD, role, team_ids=[team_id])
            return made.adviser.id

        viewers = {role: await add(f"viewer-{role}", role, teams[0]) for role in Role}
        gone = await add("gone", Role.ADVISER, teams[0])
        await advisers.close_account(gone, "test")
        owners = {
            Relation.OPEN: gone,
            Relation.TEAM: await add("colleague", Role.ADVISER, teams[0]),
            Relation.OTHER: await add("stranger", Role.ADVISER, teams[1]),
        }
        return cls(web, teams, viewers, owners)

    async def browser(self, role: Role | None):
        """With a fresh login of the role; nobody's without one."""
        browser = self.web.browser()
        if role is None:
            return browser
        secret, now = new_login_secret(), self.web.clock()
        login = AdviserLogin(
            adviser_id=self.viewers[role],
            secret_hash=secret_hash(secret),
            created_at=now,
            seen_at=now,
        )
        await self.web.parts.database.write(lambda session: session.add(login))
        browser.cookies["__Host-login"] = secret
        return browser

    async def row(self, owned: Owned, relation: Relation, role: Role) -> str:
        owner = self.viewers[role] if relation is Relation.OWN else self.owners[relation]
        return await owned.make(self.web, owner, self.team_ids[relation is Relation.OTHER])

    async def path(self, rule, relation: Relation, role: Role) -> str:
        """The rule's address with ids of rows that exist."""
        path = rule.rule
        if (name := owned_part(rule)) is not None:
            owned = OWNED.get(rule.endpoint) or OWNED[name]
            path = path.replace(name, await self.row(owned, relation, role))
        for name in OF_NOBODY:
            path = path.replace(name, "nonesuch")
        if "<message_id>" in path:  # of the mailbox
            await self.web.booked(self.owners[Relation.TEAM], client_email="erika@example.org")
            message = (await self.web.parts.outbox.messages_kept("test"))[0]
            path = path.replace("<message_id>", message.id)
        if "<adviser_id>" in path:
            made = await self.web.parts.advisers.add(
                f"x{new_login_secret()[:6].lower()}y", "X", PASSWORD
            )
            path = path.replace("<adviser_id>", made.adviser.id)
        return (
            path.replace("<login_id>", "nonesuch")
            .replace("<team_id>", self.team_ids[0])
            .replace("<key_id>", "nonesuch")
        )


def owned_part(rule) -> str | None:
    """What names a row with an owner in the address; messages of the mailbox are the house's."""
    if rule.endpoint.startswith("console_mail."):
        return None
    return next((name for name in OWNED if name in rule.rule), None)


def staff_rules(web):
    for rule in web.app.url_map.iter_rules():
        said = declared(web.app.view_functions[rule.endpoint])
        if said.who in (Who.ADVISER, Who.ADMINISTRATOR):
            yield rule


@pytest.fixture
async def agency(web):
    return await Agency.make(web)


FORMS = {
    "console_requests.decline": {"seen": MONDAY_9.isoformat()},  # the clock stands
    "console_requests.settled": {"kind": "call"},
    "console_keys.make_key": {"name": "Fachverfahren", "scope": "read"},
    "console_accounts.add_account": {"login": "neu", "name": "Neu", "role": "adviser"},
    "console_accounts.set_rights": {"role": "adviser"},
    "console_accounts.add_team": {"team_name": "Bafög"},
    "console_accounts.rename_team": {"team_name": "Wohngeld Nord"},
}

BODIES = {"conference_pages.send": {"way": "mail", "to": "gast@example.org"}}


async def ask(browser, rule, path):
    if "GET" in rule.methods:
        return (await browser.get(path)).status_code
    if rule.endpoint in BODIES:
        return (await browser.post(path, json=BODIES[rule.endpoint])).status_code
    return (await browser.post(path, form=FORMS.get(rule.endpoint, {"x": ""}))).status_code


def wanted(role: Role, rule, relation: Relation) -> set[int]:
    relations = ALLOWED[role].get(ACTIONS[rule.endpoint], set())
    if not relations:
        return {REFUSED_BY_ROLE}
    of_nobody = any(name in rule.rule for name in OF_NOBODY)
    if of_nobody or rule.endpoint.startswith(ASKING_MORE):
        return LET_IN | {400, UNKNOWN}
    owned = OWNED.get(owned_part(rule) or "")
    if owned is None:
        return LET_IN
    if owned.theirs_alone:
        relations = {Relation.OWN.value}
    if relation.value not in relations:
        return set(owned.refused)
    return LET_IN - owned.refused


async def test_it_works(web, agency):
    """Every staff route for every role, and where it names a client, for every owner."""
    cells, wrong = 0, {}
    for rule, role in itertools.product(list(staff_rules(web)), Role):
        if rule.websocket:
            continue
        for relation in Relation if owned_part(rule) else (Relation.OWN,):
            path = await agency.path(rule, relation, role)
            status = await ask(await agency.browser(role), rule, path)
            cells += 1
            if status not in wanted(role, rule, relation):
                wrong[rule.endpoint, role.value, relation.value] = status
    assert wrong == {}
    assert cells >= 450


async def test_nobody(web, agency):
    for rule in staff_rules(web):
        if not rule.websocket:
            path = await agency.path(rule, Relation.TEAM, Role.ADVISER)
            status = await ask(await agency.browser(None), rule, path)
            assert status == (303 if "GET" in rule.methods else 401), rule.rule


@pytest.mark.parametrize("role", Role)
async def test_no_link_of_the_bar_leads_to_a_closed_door(web, agency, role):
    browser = await agency.browser(role)
    html = await (await browser.get("/console")).get_data(as_text=True)
    links = set(re.findall(r'class="console-nav__link" href="([^"]+)"', html))
    assert {"/console", "/console/messages", "/console/logins"} < links
    answers = {link: (await browser.get(link)).status_code for link in links}
    assert set(answers.values()) == {200}, answers


async def test_the_desks_socket(web, agency):
    async def opens(role) -> bool:
        browser = await agency.browser(role)
        secret = browser.cookies.get("__Host-login", "")
        headers = {
            "Host": "localhost:8080",
            "Origin": "http://localhost:8080",
            "Cookie": f"__Host-login={secret}",
        }
        try:
            async with web.app.test_client().websocket(
                "/api/v1/console/socket", headers=headers
            ) as socket:
                return '"desk"' in await socket.receive()
        except WebsocketResponseError as refused:
            if refused.response.status_code == 401:
                return False
            raise

    sockets = [rule.endpoint for rule in staff_rules(web) if rule.websocket]
    assert set(sockets) == {"sockets.console_socket", "sockets.conference_socket"}
    assert [await opens(role) for role in Role] == [True] * len(Role)
    assert not await opens(None)


async def test_each_staff_route_is_in_the_table_and_none_that_is_gone(web):
    assert {rule.endpoint for rule in staff_rules(web)} == set(ACTIONS)


async def test_what_the_route_says_is_what_the_table_says(web):
    said = {
        rule.endpoint: str(declared(web.app.view_functions[rule.endpoint]).action)
        for rule in staff_rules(web)
    }
    assert said == ACTIONS
