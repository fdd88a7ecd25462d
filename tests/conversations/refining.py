"""A room of people who refine three items, and how they vote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.cards import Table
from tests.hone import Hone, Someone

COLUMNS = ("ubv", "tc", "rroe", "size")
TITLES = ("Estimation runs long", "Nobody owns staging", "Deploys wait for one person")

Hand = Mapping[int, str]
"""Item number → its four cards, such as `8 5 3 2`."""


async def room(hone: Hone, *names: str) -> list[Someone]:
    """People who have all spoken in the channel, and three items to refine."""
    people = [hone.person(name) for name in names]
    for title in TITLES:
        await people[0].says(f"improve {title}")
    for person in people[1:]:
        await person.says("backlog")
    return people


async def votes(person: Someone, hand: Hand, columns: tuple[str, ...] = COLUMNS) -> None:
    """Fill in a ballot from where it opens to its end."""
    await person.clicks("Vote")
    for column in columns:
        cards = {f"{column}.{n}": row.split()[COLUMNS.index(column)] for n, row in hand.items()}
        await person.fills(cards)
    assert "Your vote is in" in person.told


async def plays(person: Someone, hand: Hand, columns: tuple[str, ...] = COLUMNS) -> None:
    """Play the four cards of each item: `{1: "8 5 3 1"}`; one card stands for all columns."""
    person.hone.now += timedelta(minutes=1)  # thirty actions a minute
    await person.clicks("Vote")
    cards = {
        f"{column}.{number}": (row.split() * 4)[COLUMNS.index(column)]
        for number, row in hand.items()
        for column in columns
    }
    pages = [columns] if len(hand) == 1 else [(column,) for column in columns]
    for page in pages:
        await person.fills(
            {f"{column}.{n}": cards[f"{column}.{n}"] for column in page for n in hand}
        )
    assert "Your vote is in" in person.told


def poll(hone: Hone) -> str:
    """What the vote's live card says now."""
    return next(m.text for m in hone.channel() if m.text.startswith("WSJF "))


def ranking(hone: Hone) -> list[tuple[str, ...]]:
    card = next(m.card for m in hone.channel() if m.text.startswith("WSJF result"))
    (table,) = (node for node in card.nodes if isinstance(node, Table))
    return list(table.rows)


ADA = {1: "8 5 3 2", 2: "1 1 1 1", 3: "5 3 2 3"}
GRACE = {1: "8 5 3 13", 2: "1 1 1 1", 3: "5 3 2 3"}
TOMAS = {1: "13 5 3 2", 2: "1 2 1 1", 3: "5 3 2 3"}


async def votes_alone(person: Someone, card: str = "3", number: int = 1) -> None:
    await person.clicks("Vote")
    await person.fills({f"{column}.{number}": card for column in COLUMNS})
