"""Three people vote on two items, wherever a team talks: blind to the last, then revealed at once.

What is asserted is what every version of the ballot keeps: who has answered, that nothing shows
before the reveal, and that each person's last word counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from tests.stages.stage import Player, Stage

COLUMNS = ("ubv", "tc", "rroe", "size")

SECRET = re.compile(r"(?<![\w.:\-])(?:13|20|39\.0|40\.0)(?![\w.:\-])")
"""Cards that Ada and Grace play, and scores they lead to, where nothing else has such a number."""


@pytest.fixture
async def poll(stage: Stage, ada: Player, grace: Player) -> Stage:
    """A vote of Ada's on two items."""
    await ada.says("improve Estimation runs long")
    await grace.says("improve Nobody knows who owns the staging database")
    await ada.says("wsjf #1 #2")
    return stage


async def votes(person: Player, first: Sequence[str], second: Sequence[str]) -> None:
    """Play a card per column for each of the two items."""
    await person.clicks("Vote")
    await plays(person, first, second)


async def plays(person: Player, first: Sequence[str], second: Sequence[str]) -> None:
    for column, one, other in zip(COLUMNS, first, second, strict=True):
        await person.fills({f"{column}.1": one, f"{column}.2": other})


async def test_a_vote_from_its_start_to_the_reveal(
    poll: Stage, ada: Player, grace: Player, tomas: Player
) -> None:
    assert "Nobody has voted yet" in await tomas.sees()

    await votes(ada, ("8", "8", "8", "1"), ("1", "1", "1", "13"))
    assert "Your vote is in" in ada.told
    seen = await tomas.sees()
    assert "1 person has voted" in seen
    assert ada.name in seen

    await votes(grace, ("8", "8", "8", "1"), ("1", "1", "1", "2"))
    await grace.clicks("Vote")
    assert grace.prefilled("ubv.1") == "8", "her own cards are kept for her to change"
    await plays(grace, ("20", "20", "20", "1"), ("1", "1", "1", "5"))
    await votes(tomas, ("3", "3", "3", "1"), ("1", "1", "1", "5"))
    await tomas.clicks("Vote")  # opened before the reveal, sent after it
    await ada.clicks("Reveal")

    seen = await grace.sees()
    assert "#1 Estimation runs long" in seen
    assert "24.0" in seen, "the cards 3, 8, 20 meet at 8 in three columns, over 1"
    assert "The cards are on the table" in seen
    assert seen.index("#1 Estimation runs long", seen.index("result")) < seen.rindex("#2 Nobody")
    assert f"#1 Value: {tomas.name} said 3, {grace.name} said 20." in seen

    await tomas.fills({"ubv.1": "20", "ubv.2": "20"})
    assert "not counted" in tomas.form + tomas.told
    assert "24.0" in await grace.sees(), "a card came in after the reveal"


async def test_a_refinement_goes_on_until_its_scores_are_accepted(
    poll: Stage, ada: Player, grace: Player, tomas: Player
) -> None:
    """Disagree, vote again on one column, agree by talking, accept: the whole hour of a team."""
    sizes = ((ada, "2", "8"), (grace, "13", "8"), (tomas, "2", "3"))
    for person, size, _ in sizes:
        await votes(person, ("8", "5", "3", size), ("1", "1", "1", "1"))
    await ada.clicks("Reveal")
    seen = await grace.sees()
    assert f"#1 Job size: {ada.name} and {tomas.name} said 2, {grace.name} said 13." in seen

    await ada.clicks("Vote again on Job size")
    await ada.fills({})
    assert "round 2" in await grace.sees()
    for person, _, size in sizes:
        await person.clicks("Vote")
        await person.fills({"size.1": size})
    await ada.clicks("Reveal")
    await ada.clicks("Agree on a card")
    await ada.fills({"item": "1", "column": "size", "card": "5"})
    assert "Agreed by talking, not voted: #1 Job size." in await grace.sees()

    await ada.clicks("Accept scores")
    assert "2 items have their scores now." in ada.told
    await tomas.says("wsjf rank")
    assert tomas.told.index("#1 Estimation") < tomas.told.index("#2 Nobody")
    assert "3.2" in tomas.told, "(8 + 5 + 3) ÷ 5"


async def test_nothing_of_a_card_is_shown_before_the_reveal(
    poll: Stage, ada: Player, grace: Player, tomas: Player
) -> None:
    """Every message in every version, every private answer, page and event, and every log line."""
    with capture_logs() as logs:
        await votes(ada, ("13", "13", "13", "1"), ("1", "1", "1", "13"))
        await votes(grace, ("20", "20", "20", "1"), ("1", "1", "1", "5"))
        await tomas.clicks("Vote")
        assert [tomas.prefilled(f"ubv.{n}") for n in (1, 2)] == ["", ""], "others' cards stand here"
        for asked in ("wsjf", "backlog", "backlog #1", "digest preview"):
            await tomas.says(asked)
        if "[Reveal]" in await tomas.sees():  # the room offers it to those who lead the vote alone
            await tomas.clicks("Reveal")
            assert "can do that" in tomas.told, "only those who lead the vote reveal it"
        for person in (ada, grace, tomas):
            await person.sees()
    for sent in (*poll.shown(), *map(str, logs)):
        assert SECRET.search(sent) is None, "a card was shown before the reveal"

    await votes(tomas, ("13", "13", "13", "1"), ("1", "1", "1", "13"))
    await ada.clicks("Reveal")
    await tomas.sees()
    assert any(SECRET.search(sent) for sent in poll.shown()), "the search finds no card at all"


async def test_a_guest_is_told_why_they_cannot_vote(poll: Stage, ada: Player) -> None:
    gil = poll.guest("Gil")
    if gil is None:
        pytest.skip("nobody is a guest here")
    await gil.clicks("Vote")
    assert "Guests cannot vote here" in gil.told
    assert "Nobody has voted yet" in await ada.sees()


async def test_a_vote_on_one_item_is_one_form(ada: Player) -> None:
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    await ada.clicks("Vote")
    assert "#1 Builds take forty minutes" in ada.form
    await ada.fills({f"{column}.1": "5" for column in COLUMNS})
    assert "Your vote is in" in ada.told
    await ada.clicks("Cancel" if "[Cancel]" in await ada.sees() else "Cancel the vote")
    assert "cancelled this vote. No cards were shown." in await ada.sees()
