"""What the gallery shows: a card or a form by name, and how one is taken from a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from bot.cards import Card, Form
from bot.turn import home_of
from handlers.backlog import sample
from storage import Store
from tests.hone import WORKSPACE, Hone, Someone

HOSTILE = (
    "<!channel> <script>alert(1)</script> *bold* _it_ `x` {{DATE(2026-01-01T00:00:00Z)}} "
    "<at>Ada</at> [a](javascript:alert) <https://evil.test|https://bank.test> '); drop table"
)
"""What acts somewhere if it is taken for markup."""

FAR_AND_WIDE = "👩‍👩‍👧 הפריסה איטית 設計レビュー Ünïcødé"
LONGEST = ("Nobody can say which of our checks still matter and which only cost time. " * 50)[
    :3_000
]
MOST_CRITERIA = "\n".join(f"{n} {HOSTILE[:44]} {LONGEST}"[:94] for n in range(30))
"""As many acceptance criteria as an item takes, as long as they fit together."""

ZOE = "Zoë 🚀 כהן"
"""A name of three scripts, one of them from right to left."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A card, or a form with the errors it stands open with. `home`: a person's own page."""

    name: str
    what: Card | Form
    errors: Mapping[str, str] = field(default_factory=dict)
    home: bool = False


Room = Callable[[Hone], AsyncIterator[Specimen]]


def form(name: str, person: Someone) -> Specimen:
    assert person.form is not None, f"{name}: no form is open"
    return Specimen(name, person.form, person.errors)


def told(name: str, person: Someone) -> Specimen:
    return Specimen(name, person.whispered)


def posted(name: str, hone: Hone, index: int = -1, channel: str = "refinement") -> Specimen:
    return Specimen(name, hone.channel(channel)[index].card)


def own_page(name: str, person: Someone) -> Specimen:
    return Specimen(name, person.hone.channel(home_of(person.who.id))[-1].card, home=True)


async def furnish(hone: Hone, channel: str = "refinement") -> None:
    """Give the channel's team two months of history."""
    people = {"ada": "Ada", "grace": "Grace", "tomas": "Tomas"}

    async def write(store: Store) -> None:
        await sample.furnish(store, channel, people, "Europe/Berlin")

    await hone.database.write(WORKSPACE, hone.now, write)
    await hone.settle()


def alone(name: str, person: Someone, index: int = -1) -> Specimen:
    """What stands in somebody's own chat with Hone."""
    return Specimen(name, person.hone.channel(f"dm-{person.who.id}")[index].card)
