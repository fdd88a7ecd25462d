"""Who and what is in the local room. Its people stand in three zones, as real teams do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.cards import Option
from bot.feature import CommandSpec, Feature
from bot.turn import Person, Place, home_of

WORKSPACE = "local:room"

CHANNELS = ("checkout-refinement", "payments-team")


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody a visitor can be. `title` and `city` are only shown."""

    person: Person
    title: str
    city: str

    @property
    def first_name(self) -> str:
        return self.person.name.split()[0]

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.person.name.split())

    @property
    def direct_channel(self) -> str:
        return f"dm-{self.person.id}"

    @property
    def home(self) -> str:
        """The channel of the page that is only theirs."""
        return home_of(self.person.id)


RESIDENTS = (
    Resident(Person("ada", "Ada Park", "Europe/Berlin", role="admin"), "Product Owner", "Berlin"),
    Resident(Person("grace", "Grace Lin", "America/New_York"), "Engineer", "New York"),
    Resident(Person("tomas", "Tomás Ruiz", "Asia/Kolkata"), "Designer", "Kolkata"),
)

PEOPLE = tuple(Option(resident.person.name, resident.person.id) for resident in RESIDENTS)


def resident(id: str | None) -> Resident | None:
    """Return the resident of that id, or None."""
    return next((r for r in RESIDENTS if r.person.id == id), None)


def place(who: Resident, channel: str | None, thread: str | None = None) -> Place | None:
    """Return the place as it is for `who`; None if it does not exist or is somebody else's.

    What people do on their own page happens in their chat with Hone.
    """
    if channel == who.home:
        return Place(who.direct_channel, "Hone", private=True)
    if channel == who.direct_channel:
        return Place(channel, "Hone", thread, private=True)
    if channel in CHANNELS:
        return Place(channel, channel, thread)
    return None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command the composer offers: its word(s), a whole line to type, and what that does."""

    word: str
    line: str
    what: str


EXAMPLES = (
    Suggestion(
        "/improve",
        "/improve Estimation runs long #estimation @Grace by Friday",
        "Capture an improvement",
    ),
    Suggestion("/wsjf", "/wsjf #1 #2", "Vote as each of the three, then reveal"),
    Suggestion("/backlog", "/backlog", "See what is in the backlog"),
    Suggestion("/digest preview", "/digest preview", "Read this week's backlog health"),
)
"""What the strip of a first visit offers to try."""


def suggestions(features: Iterable[Feature]) -> tuple[Suggestion, ...]:
    """Return every command and verb of the features, in their order."""
    return tuple(
        suggestion
        for feature in features
        for name, spec in feature.commands.items()
        for suggestion in _of_command(name, spec)
    )


def _of_command(name: str, spec: CommandSpec) -> Iterator[Suggestion]:
    yield Suggestion(f"/{name}", _line(spec.example), spec.what)
    for word, verb in spec.verbs.items():
        yield Suggestion(f"/{name} {word}", _line(verb.example), verb.what)


def _line(example: str) -> str:
    return example if example.startswith("/") else f"/{example}"
