"""A tracker may call its fields as it likes: people say which of them take a score."""

from __future__ import annotations

import pytest

from bot.cards import Choice
from tests.handlers.tracker.followed import accepts
from tests.handlers.tracker.sampled import Sampled, following
from tests.hone import Hone, Someone


@pytest.fixture
async def sample(hone: Hone) -> Sampled:
    """A team that follows the sample tracker, led by Ada, who connected it."""
    return await following(hone)


async def opens(ada: Someone, hone: Hone) -> dict[str, Choice]:
    """Open the mapping and return what it asks about fields, by the label."""
    await ada.says("tracker")
    await ada.clicks("Change mapping", on=ada.whispered)
    assert ada.form is not None
    asked = [each for each in ada.form.fields if isinstance(each, Choice)]
    return {each.label: each for each in asked if each.id.startswith("home.")}


def place(asked: Choice, label: str) -> str:
    return next(option.value for option in asked.options if option.label == label)


async def test_a_score_goes_into_the_fields_that_people_chose_and_back(
    sample: Sampled, hone: Hone
) -> None:
    """A field that is called otherwise would stay empty, and nobody there would know why."""
    ada = hone.person("Ada")
    n = (await sample.item(6)).number
    await accepts(hone, n, "5")
    await hone.pulls()
    assert (await sample.ticket(6)).wsjf == 3.0
    asked = await opens(ada, hone)
    value, wsjf = asked["User-business value goes into"], asked["WSJF score goes into"]
    size = asked["Job size goes into"]
    assert value.options[0].label == "By its name: Business Value"
    await ada.fills({value.id: place(value, "Job Size")})
    assert ada.errors == dict.fromkeys((value.id, size.id), "Each card needs a field of its own.")
    await ada.fills({value.id: place(value, "WSJF"), wsjf.id: "none"})
    await hone.pulls()
    await hone.settle()
    assert (await sample.ticket(6)).wsjf == 5, "what was voted goes there at once"
    assert (await sample.tracked(6)).refused == {}, "nobody has edited anything there"
    asked = await opens(ada, hone)
    assert asked["User-business value goes into"].chosen == (place(value, "WSJF"),)
    await ada.fills({value.id: "name", wsjf.id: "name"})
    await hone.pulls()
    await hone.settle()
    ticket = await sample.ticket(6)
    assert (ticket.ubv, ticket.wsjf) == (5, 3.0), "taken back"
    assert (await sample.item(6)).ubv == 5


async def test_a_card_that_goes_nowhere_keeps_the_whole_score_here(
    sample: Sampled, hone: Hone
) -> None:
    """Three cards of four would say something else."""
    ada = hone.person("Ada")
    asked = await opens(ada, hone)
    await ada.fills({asked["Job size goes into"].id: "none"})
    await hone.pulls()
    told = await accepts(hone, (await sample.item(6)).number)
    assert "Sample tracker has no field for Job size here" in told
    assert (await sample.ticket(6)).ubv is None
