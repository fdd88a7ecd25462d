"""The gallery's rooms for WSJF votes: a plain one, the longest, one that is led to its
end, and what is told around it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from bot.cards import Choice
from handlers.wsjf.ballot import field_id
from handlers.wsjf.cards import ITEMS_MAX
from handlers.wsjf.scale import COLUMNS
from storage import Store
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    ZOE,
    Room,
    Specimen,
    form,
    posted,
    told,
)
from tests.hone import WORKSPACE, Hone, Someone


async def vote(person: Someone, hands: Mapping[int, str]) -> None:
    """Play a hand, `value criticality risk size`, for each of several items."""
    cards = {
        field_id((number, column)): card
        for number, hand in hands.items()
        for column, card in zip(COLUMNS, hand.split(), strict=True)
    }
    await person.clicks("Vote")
    while person.form is not None:
        asked = [each.id for each in person.form.fields if isinstance(each, Choice)]
        await person.fills({field: cards[field] for field in asked})


async def wsjf(hone: Hone) -> AsyncIterator[Specimen]:
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    for title in ("Builds take forty minutes", "Nobody owns staging", "Reviews wait two days"):
        await ada.says(f"improve {title}")
    await ada.says("wsjf")
    yield form("form-start", ada)
    await ada.says("wsjf #1 #2 #3")
    await vote(ada, {1: "8 5 3 1", 2: "5 8 1 3", 3: "1 1 1 1"})
    await vote(grace, {1: "13 5 3 1", 2: "5 20 1 5", 3: "1 1 1 2"})
    await tomas.clicks("Vote")
    yield form("ballot", tomas)
    await tomas.fills({"ubv.1": "8", "ubv.2": "5", "ubv.3": "1"})
    yield posted("open", hone)
    await vote(tomas, {1: "8 5 5 1", 2: "5 1 1 3", 3: "1 1 ? 1"})
    await ada.clicks("Reveal")
    yield posted("result", hone, -2)
    yield posted("result-note", hone)
    await ada.says("wsjf #1")
    await grace.clicks("Vote")
    yield form("ballot-of-one", grace)
    await ada.clicks("Cancel")
    yield posted("cancelled", hone)


async def wsjf_most(hone: Hone) -> AsyncIterator[Specimen]:
    """As many items as a vote takes, with the longest and the worst of titles and names."""
    people = [hone.person(name) for name in ("Ada", ZOE, "O'Brien <b>&amp;</b>", "Grace")]
    titles = [LONGEST, HOSTILE, FAR_AND_WIDE, *(f"{n} {LONGEST[:140]}" for n in range(4, 21))]

    async def write(store: Store) -> None:
        team = await store.teams.resolve("refinement", "ada")
        for title in titles[:ITEMS_MAX]:
            await store.items.add(team.id, title, by="ada")

    await people[0].says("help")
    await hone.database.write(WORKSPACE, hone.now, write)
    numbers = range(1, ITEMS_MAX + 1)
    await people[0].says("wsjf " + " ".join(f"#{n}" for n in numbers))
    await people[0].clicks("Vote")
    yield form("ballot", people[0])
    cards = ("1", "2", "3", "5", "8", "13", "20")
    for i, person in enumerate(people):
        await vote(
            person,
            {n: " ".join(cards[(n * step + i * 3) % 7] for step in (1, 2, 3, 5)) for n in numbers},
        )
        await hone.wait(minutes=1)
    yield posted("open", hone)
    await people[0].clicks("Reveal")
    yield posted("result", hone, -2)


async def wsjf_led(hone: Hone) -> AsyncIterator[Specimen]:
    """What the one who leads a vote does with it, from the first reminder to the ranking."""
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    for title in ("Builds take forty minutes", "Nobody owns staging"):
        await ada.says(f"improve {title}")
    await grace.says("backlog")
    await ada.says("wsjf #1 #2 by 16:00")
    await ada.clicks("Manage")
    tools = ada.whispered
    yield told("tools", ada)
    await ada.clicks("Deadline", on=tools)
    await ada.fills({"closes": "someday"})
    yield form("form-deadline-with-error", ada)
    await ada.clicks("Hand over", on=tools)
    yield form("form-hand-over", ada)
    await ada.clicks("Remind", on=tools)
    yield Specimen("reminder", hone.channel("dm-grace")[-1].card)
    await vote(ada, {1: "8 5 3 2", 2: "1 2 2 1"})
    await vote(tomas, {1: "8 5 3 13", 2: "3 2 2 2"})
    for person in (hone.person("Uma"), hone.person("Wim")):
        await hone.wait(minutes=1)
        await vote(person, {1: "8 5 5 5", 2: "2 3 2 1"})
    await vote(grace, {1: "13 5 3 2", 2: "2 3 2 1"})
    await grace.clicks("Vote")
    await ada.clicks("Reveal")
    await grace.fills({})
    yield form("ballot-too-late", grace)
    await ada.clicks("Vote again on Job size")
    yield form("form-again", ada)
    await ada.clicks("Agree on a card")
    await ada.fills({})
    yield form("form-agree-with-error", ada)
    await ada.fills({"card": "5"})
    await ada.clicks("Accept scores")
    yield posted("accepted", hone, -2)
    await ada.says("wsjf rank")
    ranking = ada.whispered
    yield told("ranking", ada)
    await ada.clicks("What if …", on=ranking)
    yield form("form-what-if", ada)
    await ada.fills({"veto": "size"})
    yield told("what-if", ada)
    await ada.clicks("Copy as CSV", on=ranking)
    yield form("form-export", ada)


async def wsjf_rounds(hone: Hone) -> AsyncIterator[Specimen]:
    """What is told around a vote: to its leader, to who had finished, and to the channel."""
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    for title in ("Builds take forty minutes", "Nobody owns staging"):
        await ada.says(f"improve {title}")
    await ada.says("wsjf #1 by 9:40")
    await vote(grace, {1: "8 5 3 2"})
    await ada.clicks("Manage")
    await ada.clicks("Add items", on=ada.whispered)
    await ada.fills({"items": ("2",)})
    yield Specimen("joined", hone.channel("dm-grace")[-1].card)
    await hone.wait(minutes=45)
    yield Specimen("thin", hone.channel("dm-ada")[-1].card)
    await ada.clicks("Manage")
    await ada.clicks("Hand over", on=ada.whispered)
    await ada.fills({"person": ("grace",)})
    yield Specimen("handed-over", hone.channel("dm-grace")[-1].card)
    for person in (ada, tomas):
        await vote(person, {1: "8 5 3 2", 2: "3 2 2 3"})
    await grace.clicks("Reveal")
    await grace.clicks("Re-anchor")
    yield form("form-anchor", grace)
    await grace.clicks("Vote again")
    await grace.fills({"cells": (), "columns": ("size",), "items": ("1",)})
    yield posted("next-round", hone)


ROOMS: Mapping[str, Room] = {
    "wsjf": wsjf,
    "wsjf-led": wsjf_led,
    "wsjf-most": wsjf_most,
    "wsjf-rounds": wsjf_rounds,
}
