"""Who is in the local room. Its people stand in three zones, as real teams do."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import Option
from bot.turn import Person, home_of

DIRECT = "dm-"
"""How the channel of somebody's own chat with Hone begins; no other does."""


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
        return f"{DIRECT}{self.person.id}"

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
