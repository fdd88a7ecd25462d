"""Dots are counted for all to see, and forgotten; among few they tell nothing."""

from __future__ import annotations

import pytest

from storage.retros import RetroDots
from tests.attacker import everything
from tests.hone import Hone, Someone

NAMES = ("Ada", "Grace", "Linus", "Tomas", "Uma")


async def held(hone: Hone, start: str, voters: int) -> Someone:
    """Take a retro of five writers to its end; so many of them give their dots."""
    people = [hone.person(name) for name in NAMES]
    ada = people[0]
    for person in people:
        await person.says("backlog")  # known in the team, so that nobody is warned of few
    await ada.says(start)
    for number, person in enumerate(people):
        await person.clicks("Add a note")
        await person.fills({"c0": f"{person.who.name.upper()} {number} waits"})
    await ada.clicks("Reveal")
    await ada.clicks("Start the vote")
    for person in people[:voters]:
        await person.clicks("Give my dots")
        await person.fills({"g1": "2"})
    await ada.clicks("Close the vote")
    return ada


@pytest.mark.parametrize("voters", [4, 5])
async def test_dots_of_few_anonymous_people_are_not_shown(hone: Hone, voters: int) -> None:
    """Eight dots of four people are two each: what one of them wanted is no secret then."""
    ada = await held(hone, "retro start anonymous", voters)
    assert any("· 10 dots" in shown.text for shown in hone.channel()) is (voters == 5)
    assert not any("· 8 dots" in shown.text for shown in hone.channel())
    await ada.clicks("Finish without")
    record = next(m.text for m in hone.channel() if "Held on" in m.text)
    assert ("· 10 dots" in record) is (voters == 5)
    assert ("Fewer than 5 people voted, so dots are not shown." in record) is (voters == 4)


async def test_signed_dots_of_few_are_shown_and_nobody_is_kept(hone: Hone) -> None:
    """A count is what the team asked for; who gave what is nobody's business any more."""
    ada = await held(hone, "retro start", 2)
    await ada.clicks("Finish without")
    assert any("· 4 dots" in m.text for m in hone.channel())
    assert not [
        row for row in await everything(hone.database) if row.table == RetroDots.__tablename__
    ]
