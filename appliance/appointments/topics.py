"""What clients can ask an appointment about: set by the administration, read by everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from sqlmodel import Session, col, select

from appliance.appointments.booking import LONGEST_MIN, SHORTEST_MIN, tidy_line
from appliance.appointments.errors import BookingInvalid, TopicUnknown
from appliance.appointments.models import PUBLIC_MOST, Topic
from appliance.i18n import N_, base_language
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

NAME_CHARACTERS = 120
PUBLIC_AT_ONCE = range(1, 51)


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What can be set of a topic, named like its columns. Without ``name_en`` German is shown."""

    name_de: str
    name_en: str = ""
    duration_min: int = 30
    listed: bool = True
    video: bool = True
    public: bool = False
    public_hours: str = ""  # as ``hours.write_hours`` writes them
    public_most: int = PUBLIC_MOST
    team_id: str | None = None


class TopicService:
    """The agency's list of topics."""

    def __init__(self, database: Database, clock: Clock = utcnow) -> None:
        self._database = database
        self._clock = clock

    async def listed(self) -> list[Topic]:
        """Those that everybody sees, by their German name."""
        return [topic for topic in await self.everything() if topic.listed]

    async def everything(self) -> list[Topic]:
        """All of them, by their German name."""
        query = select(Topic).order_by(col(Topic.name_de), col(Topic.id))
        return await self._database.read(lambda session: list(session.exec(query)))

    async def askable(self, topic_id: str) -> Topic:
        """A topic that clients can ask a video appointment for. Raises ``TopicUnknown``."""
        topic = await self._database.read(lambda session: session.get(Topic, topic_id))
        if topic is None or not (topic.listed and topic.video):
            raise TopicUnknown
        return topic

    async def public(self, topic_id: str) -> Topic:
        """One that clients can come for without an appointment. Raises ``TopicUnknown``."""
        topic = await self.askable(topic_id)
        if not topic.public:
            raise TopicUnknown
        return topic

    async def find(self, topic_id: str | None) -> Topic | None:
        """Whatever is set of it; None when it has been removed."""
        return await self._database.read(lambda session: session.get(Topic, topic_id or ""))

    async def add(self, facts: TopicFacts, by: str) -> Topic:
        """A new topic. Raises ``BookingInvalid``."""
        tidied = _checked(facts)
        now = self._clock()

        def work(session: Session) -> Topic:
            topic = Topic(**asdict(tidied), created_at=now)
            session.add(topic)
            audit(session, by, "topic_added", topic.id, now)
            return topic

        return await self._database.write(work)

    async def change(self, topic_id: str, facts: TopicFacts, by: str) -> None:
        """Sets all of it anew; requests name it by its id. Raises ``BookingInvalid`` too."""
        tidied = _checked(facts)
        now = self._clock()

        def work(session: Session) -> None:
            topic = _found(session, topic_id)
            topic.sqlmodel_update(asdict(tidied))
            audit(session, by, "topic_changed", topic.id, now)

        await self._database.write(work)

    async def remove(self, topic_id: str, by: str) -> None:
        """Nobody can ask for it any more; open requests lose its name. Raises ``TopicUnknown``."""
        now = self._clock()

        def work(session: Session) -> None:
            session.delete(_found(session, topic_id))
            audit(session, by, "topic_removed", topic_id, now)

        await self._database.write(work)


def named(topic: Topic, language: str) -> str:
    """Its name in the language; German where the agency has given no other."""
    return topic.name_en if base_language(language) == "en" and topic.name_en else topic.name_de


def _mistakes_of_public(facts: TopicFacts) -> dict[str, str]:
    mistakes: dict[str, str] = {}
    if not (facts.listed and facts.video):
        mistakes["public"] = N_("Dafür muss das Thema sichtbar und per Video möglich sein.")
    if not facts.public_hours:
        mistakes["from_0"] = N_("Bitte nennen Sie mindestens einen Tag mit Einlass.")
    if facts.public_most not in PUBLIC_AT_ONCE:
        mistakes["public_most"] = N_("Es können 1 bis 50 Gäste zugleich da sein.")
    return mistakes


def _found(session: Session, topic_id: str) -> Topic:
    topic = session.get(Topic, topic_id)
    if topic is None:
        raise TopicUnknown
    return topic


def _checked(facts: TopicFacts) -> TopicFacts:
    mistakes: dict[str, str] = {}

    def field(name: str, tidy: Callable[[str], str]) -> str:
        try:
            return tidy(getattr(facts, name))
        except ValueError as error:
            mistakes[name] = str(error)
            return ""

    tidied = replace(
        facts,
        name_de=field("name_de", lambda text: tidy_line(text, NAME_CHARACTERS)),
        name_en=field("name_en", lambda text: tidy_line(text, NAME_CHARACTERS)),
    )
    if not tidied.name_de:
        mistakes.setdefault("name_de", N_("Bitte nennen Sie das Thema."))
    if not SHORTEST_MIN <= facts.duration_min <= LONGEST_MIN:
        mistakes["duration_min"] = N_("Ein Termin dauert 5 bis 240 Minuten.")
    if facts.public:
        mistakes |= _mistakes_of_public(facts)
    if mistakes:
        raise BookingInvalid(mistakes)
    return tidied
