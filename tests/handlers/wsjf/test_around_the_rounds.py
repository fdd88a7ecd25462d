"""What later rounds, later votes and later settings may change about a vote, and what not.

None of it depends on the kind of database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.cards import Card, Table
from bot.turn import Click, Role, Submission
from handlers.wsjf.actions import (
    Agree,
    OpenAdd,
    ShowCards,
    ShowRank,
    Uncancel,
    VoteAgain,
)
from handlers.wsjf.outcome import came_to
from storage import Database, Store
from tests.conversations.refining import COLUMNS, plays, poll
from tests.hone import WORKSPACE, Hone, Someone


@pytest.fixture
async def hone(sqlite_url: str) -> AsyncIterator[Hone]:
    database = Database(sqlite_url)
    running = Hone(database)
    yield running
    await running.stop()
    await database.close()


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    """Somebody who leads, in a team whose scores take one ballot."""
    ada = hone.person("Ada")
    for title in ("Estimation runs long", "Nobody owns staging", "Builds are slow"):
        await ada.says(f"improve {title}")
    await settle(ada, min_ballots="1")
    return ada


async def settle(person: Someone, **wanted: str | tuple[str, ...]) -> None:
    """Change the team's settings."""
    person.hone.now += timedelta(minutes=1)  # thirty actions a minute
    await person.says("hone settings")
    await person.fills(wanted)


async def again(ada: Someone, columns: tuple[str, ...], items: tuple[str, ...]) -> None:
    await ada.acts(Submission(VoteAgain(1, 1)))  # what is missing in it opens the form
    await ada.fills({"cells": (), "columns": columns, "items": items})


def likely(card: Card) -> dict[str, str]:
    """Item → its likely ranks, as a card's ranking shows them."""
    table = next(node for node in card.nodes if isinstance(node, Table))
    assert table.header[2] == "Likely"
    return {row[1][:2]: row[2] for row in table.rows}


async def test_both_cards_of_a_reveal_are_drawn_from_one_result(hone: Hone, ada: Someone) -> None:
    """A thousand resamples are not worth drawing twice."""
    await ada.says("wsjf #1 #2")
    await plays(ada, {1: "8", 2: "1"})
    came_to.cache_clear()
    await ada.clicks("Reveal")
    assert any(m.text.startswith("The cards are on the table") for m in hone.channel())
    assert came_to.cache_info().misses == 1
    await ada.clicks("Agree on a card")
    await ada.fills({"item": "1", "column": "size", "card": "20"})
    assert came_to.cache_info().misses == 2


# --- agreed cards ----------------------------------------------------------------------------


async def test_a_vote_on_it_undoes_what_was_agreed_and_no_other_vote_does(
    hone: Hone, ada: Someone
) -> None:
    await ada.says("wsjf #1 #2")
    await plays(ada, {1: "8", 2: "1"})
    await ada.clicks("Reveal")
    await ada.clicks("Agree on a card")
    await ada.fills({"item": "1", "column": "size", "card": "20"})
    await again(ada, ("size",), ("2",))
    await plays(ada, {2: "3"}, ("size",))
    await ada.clicks("Reveal")
    assert "Agreed by talking, not voted: #1 Job size." in poll(hone)
    await ada.acts(Submission(VoteAgain(1, 2)))
    await ada.fills({"cells": (), "columns": ("size",), "items": ("1",)})
    await plays(ada, {1: "5"}, ("size",))
    await ada.clicks("Reveal")
    assert "Agreed by talking" not in poll(hone)


# --- the ranking stands on what was accepted -------------------------------------------------


async def test_a_round_nobody_accepted_moves_no_rank(hone: Hone, ada: Someone) -> None:
    await ada.says("wsjf #1 #2")
    await plays(ada, {1: "20 20 20 1", 2: "1"})
    await ada.clicks("Reveal")
    await ada.clicks("Accept scores")
    await ada.says("wsjf rank")
    before = ada.told
    await again(ada, COLUMNS, ("1", "2"))
    await plays(ada, {1: "1", 2: "20 20 20 1"})
    await ada.clicks("Reveal")
    await ada.says("wsjf rank")
    assert ada.told == before
    await ada.clicks("Accept scores")
    await ada.says("wsjf rank")
    assert ada.told.index("#2 Nobody") < ada.told.index("#1 Estimation")


async def test_a_vote_that_gave_an_item_no_score_leaves_its_old_one_alone(
    hone: Hone, ada: Someone
) -> None:
    await ada.says("wsjf #1 #2")
    await plays(ada, {1: "8 8 8 1", 2: "1"})
    await ada.clicks("Reveal")
    await ada.clicks("Accept scores")
    await ada.says("wsjf #1 #3")
    await plays(ada, {1: "1 1 ? 20", 3: "1"})
    await ada.clicks("Reveal")
    await ada.clicks("Accept scores")
    assert ada.told == "1 item has its score now. 1 item has none yet."
    await ada.says("wsjf rank")
    assert "#1 Estimation runs long · WSJF 24.0" in ada.told


async def test_accepted_scores_are_as_unsure_as_the_vote_was(hone: Hone, ada: Someone) -> None:
    """An agreed card takes doubt away; a voted one, once accepted, must not."""
    grace, tomas, uma, wim = (hone.person(name) for name in ("Grace", "Tomas", "Uma", "Wim"))
    await ada.says("wsjf #1 #2")
    await plays(ada, {1: "20 20 20 1", 2: "1"})
    await plays(grace, {1: "1", 2: "20 20 20 1"})
    for person in (tomas, uma, wim):
        await plays(person, {1: "5", 2: "3"})
    await ada.clicks("Reveal")
    result = next(m.card for m in hone.channel() if m.text.startswith("WSJF result"))
    await ada.clicks("Accept scores")
    await ada.says("wsjf rank")
    assert likely(ada.whispered) == likely(result) == {"#1": "1–2", "#2": "1–2"}


async def test_a_train_ranks_the_items_that_its_teams_share(hone: Hone, ada: Someone) -> None:
    grace = hone.person("Grace", channel="payments")
    await ada.says("improve Releases wait for each other --train")
    await grace.says("improve Contracts change unannounced --train")
    await ada.says("wsjf #1 #4 #5")
    await plays(ada, {1: "1", 4: "8 8 8 1", 5: "5 5 5 1"})
    await ada.clicks("Reveal")
    await ada.clicks("Accept scores")
    await grace.says("wsjf rank train")
    assert grace.told.index("#4 Releases") < grace.told.index("#5 Contracts")
    assert "#1" not in grace.told, "an item of one team is that team's affair"
    await grace.says("wsjf rank")
    assert "#5 Contracts" in grace.told
    assert "#4" not in grace.told


# --- cancelling ------------------------------------------------------------------------------


async def test_a_vote_taken_back_from_its_end_still_closes_by_itself(
    hone: Hone, ada: Someone
) -> None:
    await ada.says("wsjf #1 in 60 minutes")
    await plays(ada, {1: "3"})
    await ada.clicks("Cancel")
    await hone.wait(minutes=5)
    await ada.clicks("Undo")
    await hone.wait(minutes=60)
    assert "WSJF result" in poll(hone)


async def test_undo_ends_with_its_tenth_minute(hone: Hone, ada: Someone) -> None:
    await ada.says("wsjf #1")
    await ada.clicks("Cancel")
    hone.now += timedelta(minutes=10)
    await ada.acts(Click(Uncancel(1)))
    assert ada.told == "Undo works for ten minutes. Start a new vote instead."


# --- anonymity -------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False], ids=["anonymous first", "anonymous later"])
async def test_a_vote_that_was_anonymous_once_names_nobody_again(
    hone: Hone, ada: Someone, first: bool
) -> None:
    """Names shown beside a second round would tell who had played what in the first."""
    people = [ada, hone.person("Grace"), hone.person("Tomas")]
    await settle(ada, anonymous_votes=("on",) if first else ())
    await ada.says("wsjf #1")
    for person, card in zip(people, ("1", "8", "20"), strict=True):
        await plays(person, {1: card})
    await ada.clicks("Reveal")
    assert ("Ada said 1" in poll(hone)) is not first
    await settle(ada, anonymous_votes=() if first else ("on",))
    await again(ada, COLUMNS, ("1",))
    for person, card in zip(people, ("2", "8", "20"), strict=True):
        await plays(person, {1: card})
    await ada.clicks("Reveal")
    assert "cards from 2 to 20" in poll(hone)
    for shown in (poll(hone), hone.last()):
        assert not any(name in shown for name in ("Ada", "Grace", "Tomas"))


# --- forms that were left open ---------------------------------------------------------------


async def test_a_form_of_an_earlier_round_changes_no_later_one(hone: Hone, ada: Someone) -> None:
    await ada.says("wsjf #1")
    await plays(ada, {1: "3"})
    await ada.clicks("Reveal")
    await again(ada, COLUMNS, ("1",))
    await ada.acts(Click(OpenAdd(1)))
    assert "Items can be added until the first reveal." in ada.told
    await plays(ada, {1: "5"})
    await ada.clicks("Reveal")
    before = poll(hone)
    for late in (VoteAgain(1, 1), Agree(1, 1)):
        await ada.acts(Submission(late))
        assert ada.told == "The result has changed since you opened this. Please look at it again."
        assert ada.form is None
    assert poll(hone) == before


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["facilitators", "admins"])
async def test_facilitators_and_admins_of_the_team_lead_its_votes(
    hone: Hone, ada: Someone, part: str
) -> None:
    grace, tomas = hone.person("Grace"), hone.person("Tomas")
    await grace.says("backlog")
    await settle(ada, **{part: ("grace",)})
    await tomas.says("wsjf #1")
    await ada.clicks("Manage")
    assert "Only Tomas, a facilitator or an admin of this team can do that." in ada.told
    await grace.clicks("Manage")
    assert "Your tools for the vote" in grace.told
    await grace.clicks("Cancel")
    assert "Grace cancelled this vote." in hone.last()


@pytest.mark.parametrize("role", ["guest", "external"])
async def test_nobody_from_outside_leads_a_vote(hone: Hone, ada: Someone, role: Role) -> None:
    guest = hone.person("Gus", role=role)
    await guest.says("backlog")
    await ada.says("wsjf #1")
    await ada.clicks("Manage")
    await ada.clicks("Hand over", on=ada.whispered)
    await ada.fills({"person": ("gus",)})
    assert ada.errors == {"person": "Choose a member of this workspace."}


async def test_a_guest_reads_nothing_of_another_teams_vote(hone: Hone, ada: Someone) -> None:
    await ada.says("wsjf #1")
    await plays(ada, {1: "3"})
    await ada.clicks("Reveal")
    await ada.clicks("Accept scores")
    guest = hone.person("Gus", channel="elsewhere", role="guest")
    for act in (ShowCards(1, 1, 0), ShowRank(1, False, 0)):
        await guest.acts(Click(act))
        assert guest.told == "There is no such list here."


async def test_only_open_items_are_voted_on(hone: Hone, ada: Someone) -> None:
    await ada.clicks("Done", on=hone.channel()[0].card)
    await ada.says("wsjf #1 #2")
    assert ada.told == "#1 is accepted: only open items are voted on."


# --- scores of the older rule ----------------------------------------------------------------


async def test_an_older_score_keeps_its_value_and_is_marked_until_voted_again(
    hone: Hone, ada: Someone
) -> None:
    """It was made of the middle cards alone; what was accepted does not change by itself."""
    grace, tomas = hone.person("Grace"), hone.person("Tomas")
    hand = {1: "8 8 8 1", 2: "3 3 3 1"}

    async def vote() -> None:
        await ada.says("wsjf #1 #2")
        for person in (ada, grace):
            await plays(person, hand)
        await plays(tomas, {1: "20 20 20 1", 2: "3 3 3 1"})
        await ada.clicks("Reveal")
        await ada.clicks("Accept scores")

    async def age(store: Store) -> None:
        for score in await store.scores.accepted(1):
            score.steps, score.wsjf = None, float(score.ubv + score.tc + score.rroe)

    await vote()
    await hone.database.write(WORKSPACE, hone.now, age)
    await ada.says("wsjf rank")
    assert "#1 Estimation runs long · WSJF 24.0 · Scored this week, by card" in ada.told
    assert "By card: scored when the middle cards alone made the WSJF" in ada.told
    await vote()
    await ada.says("wsjf rank")
    assert "#1 Estimation runs long · WSJF 33.2 · Scored this week" in ada.told
    assert "by card" not in ada.told
