"""A whole refinement: a batch voted by columns, talked over, voted again, accepted, ranked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.turn import Click, Submission
from handlers.wsjf.actions import Accept, ShowCards, VoteAgain
from storage.scores import Score
from tests.conversations.refining import (
    ADA,
    COLUMNS,
    GRACE,
    TOMAS,
    poll,
    ranking,
    room,
    votes,
    votes_alone,
)
from tests.hone import WORKSPACE, Hone


async def scores_of(hone: Hone, number: int) -> Sequence[Score]:
    """Every score an item ever had."""
    async with hone.database.read(WORKSPACE, hone.now) as store:
        return (await store.session.scalars(select(Score).where(col(Score.number) == number))).all()


async def test_a_whole_refinement(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")

    await ada.says("wsjf start top 3 by 16:00")
    assert "Closes by itself: Mon 23 Nov, 16:00 (UTC)" in poll(hone)
    assert "Not started: Ada, Grace and Tomas" in poll(hone)
    await votes(ada, ADA)
    await tomas.clicks("Vote")
    await tomas.fills({f"ubv.{n}": row.split()[0] for n, row in TOMAS.items()})
    assert "Finished: Ada" in poll(hone)
    assert "Underway: Tomas (1 of 4 columns)" in poll(hone)
    assert "Not started: Grace" in poll(hone)
    await votes(tomas, TOMAS, COLUMNS[1:])
    await votes(grace, GRACE)

    await ada.clicks("Reveal")
    assert [row[1][:2] for row in ranking(hone)] == ["#1", "#3", "#2"]
    assert ranking(hone)[0][::2] == ("1 ≈", "4.9"), "three votes say little of how sure it is"
    assert "Fewer than five people voted, too few to say how sure the ranks are" in poll(hone)
    assert "WSJF is worked out from all cards, the card shown is the middle one" in poll(hone)
    assert "#1 Job size: Ada and Tomas said 2, Grace said 13. Could change the order." in poll(hone)
    assert "[Accept scores] [Vote again]" in poll(hone)
    first_round = hone.channel()[-1]
    assert "The cards are on the table." in first_round.text
    assert "2, 2, 13" in first_round.text

    await ada.clicks("Vote again")
    assert "Chosen is what could change the order." in str(ada.form)
    await ada.fills({"cells": (), "columns": ("size",), "items": ("1",)})
    assert "WSJF vote, round 2: Job size of #1 Estimation runs long" in poll(hone)
    for person in (ada, grace, tomas):
        await votes(person, {1: "8 5 3 3"}, ("size",))
    await ada.clicks("Reveal")
    assert "2, 2, 13" in first_round.text, "the earlier round stays readable"
    await tomas.acts(Click(ShowCards(1, 1, 0)))
    assert "2, 2, 13" in tomas.told, "drawn anew it is still the earlier round"
    assert "Round 2 is on the table (Job size)." in hone.last()

    await ada.clicks("Agree on a card")
    await ada.fills({"item": "1", "column": "size", "card": "8"})
    assert "Agreed by talking, not voted: #1 Job size." in poll(hone)
    assert "Card 8 agreed" in hone.last()

    await ada.clicks("Accept scores")
    assert ada.told == "3 items have their scores now."
    assert "Ada accepted these scores." in poll(hone)
    assert "[Accept scores]" not in poll(hone)
    assert "WSJF: 2.2" in hone.channel()[0].text, "(9.4 + 5 + 3) ÷ 8: one of three said 13, not 8"

    await tomas.says("wsjf rank")
    assert "WSJF ranking of refinement" in tomas.told
    assert tomas.told.index("#3 Deploys") < tomas.told.index("#2 Nobody owns")


async def test_a_score_says_who_when_which_round_and_how_sure(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 #2 #3")
    for person, hand in ((ada, ADA), (grace, GRACE), (tomas, TOMAS)):
        await votes(person, hand)
    await ada.clicks("Reveal")
    await hone.wait(minutes=3)
    await grace.clicks("Accept scores")
    assert "Only Ada, a facilitator or an admin of this team can do that." in grace.told
    await ada.clicks("Accept scores")
    (score,) = await scores_of(hone, 1)
    assert (score.by, score.at, score.poll_id, score.round) == ("ada", hone.now, 1, 1)
    assert (score.ubv, score.tc, score.rroe, score.size) == (8, 5, 3, 2), "the middle cards"
    assert score.steps == pytest.approx({"ubv": 13 / 3, "tc": 3, "rroe": 2, "size": 7 / 3})
    assert score.wsjf == pytest.approx(4.89, abs=0.005)
    assert (score.rank, score.ranked, score.basis) == (1, 3, "few")
    assert score.low <= score.rank <= score.high


# --- leading ---------------------------------------------------------------------------------


async def test_a_reminder_comes_once_in_private_and_goes_quiet(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1")
    await votes_alone(tomas)
    await ada.clicks("Manage")
    tools = ada.whispered
    assert "Not finished: Ada and Grace." in ada.told
    await ada.clicks("Remind", on=tools)
    assert ada.told == "Reminded Grace."
    await ada.clicks("Remind", on=tools)
    assert ada.told == "Nobody is left to remind. 1 person was reminded before."
    (nudge,) = hone.channel("dm-grace")
    assert "Ada asks for your vote on #1 Estimation runs long." in nudge.text
    alone = grace.alone()
    await alone.clicks("Vote", on=nudge.card)
    await alone.fills({f"{column}.1": "3" for column in COLUMNS})
    assert "2 people have voted." in poll(hone)
    assert nudge.text.startswith("Your vote on #1 Estimation runs long is in.")
    await ada.clicks("Reveal")
    assert "nothing left to do" in nudge.text
    assert hone.channel("dm-tomas") == []


async def test_whoever_it_is_handed_to_leads(hone: Hone) -> None:
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1")
    await grace.clicks("Manage")
    assert "Only Ada" in grace.told
    await ada.clicks("Manage")
    await ada.clicks("Hand over", on=ada.whispered)
    await ada.fills({"person": ("nobody",)})
    assert ada.errors == {"person": "Choose a person from the list."}
    await ada.fills({"person": ("grace",)})
    assert ada.told == "Grace leads this vote from now on."
    assert "Grace leads this vote." in poll(hone)
    await grace.clicks("Cancel")
    assert "Grace cancelled this vote." in poll(hone)


async def test_cancelling_can_be_taken_back_for_ten_minutes(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1")
    await votes_alone(ada)
    await ada.clicks("Cancel")
    await ada.clicks("Undo")
    assert "1 person has voted." in poll(hone), "no card was lost"
    await ada.clicks("Cancel")
    await hone.wait(minutes=10)
    assert "[Undo]" not in poll(hone)


async def test_a_cancelled_second_round_leaves_the_first_and_shows_no_card(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1")
    for person in (ada, grace, tomas):
        await votes_alone(person)
    await ada.clicks("Reveal")
    await ada.clicks("Vote again")
    await ada.fills({"columns": COLUMNS})
    await votes_alone(grace, card="20")
    await ada.clicks("Cancel")
    assert "Ada cancelled round 2; this one counts." in poll(hone)
    assert "20" not in poll(hone)
    await ada.clicks("All cards")
    assert "20" not in ada.told
    await ada.clicks("Vote again")
    await ada.fills({})
    assert "round 3" in poll(hone), "what was played in the cancelled round counts nowhere"
    assert "Nobody has voted yet." in poll(hone)


async def test_two_who_press_at_once_do_one_thing(hone: Hone) -> None:
    ada, wim = await room(hone, "Ada", "Wim")
    boss = hone.person("Boss", role="admin")
    await ada.says("wsjf #1")
    for person in (ada, wim, boss):
        await votes_alone(person)
    shown = hone.channel()[-1].card
    await ada.clicks("Reveal", on=shown)
    await boss.clicks("Reveal", on=shown)
    assert "has been revealed already" in boss.told
    assert sum("on the table" in m.text for m in hone.channel()) == 1
    await ada.acts(Click(Accept(1, 1)))
    await boss.acts(Click(Accept(1, 1)))
    assert boss.told == "Ada has accepted these scores already."
    await ada.clicks("Agree on a card")
    await ada.fills({"card": "8"})
    await boss.acts(Click(Accept(1, 1)))
    assert "has changed since you opened this" in boss.told
    await ada.clicks("Vote again")
    await ada.fills({})
    await boss.acts(Submission(VoteAgain(1, 1)))
    assert boss.told == "A new round is open already."
    assert len(await scores_of(hone, 1)) == 1


# --- settings --------------------------------------------------------------------------------


async def test_an_anonymous_vote_never_ties_a_name_to_a_card(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("hone settings")
    await ada.fills({"anonymous_votes": ("on",)})
    assert "Votes are anonymous: yes" in ada.told
    await ada.says("wsjf #1")
    for person, card in ((ada, "1"), (grace, "13"), (tomas, "5")):
        await votes_alone(person, card)
    await ada.says("hone settings")
    await ada.fills({"anonymous_votes": ()})
    await ada.clicks("Reveal")
    assert "whoever played the lowest or the highest, say why if you like" in poll(hone)
    assert "cards from 1 to 13." in poll(hone)
    await ada.clicks("All cards")
    for shown in (poll(hone), ada.told, hone.last()):
        assert not any(name in shown for name in ("Ada", "Grace", "Tomas"))


async def test_an_anonymous_vote_of_two_shows_no_card(hone: Hone) -> None:
    """One knows one's own card, so two cards are two names."""
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("hone settings")
    await ada.fills({"anonymous_votes": ("on",), "min_ballots": "1"})
    await ada.says("wsjf #1")
    await votes_alone(ada, "2")
    await votes_alone(grace, "13")
    await ada.clicks("Reveal")
    assert "13" not in poll(hone) + hone.last()
    assert "kept back: fewer than 3 voted" in hone.last()


async def test_an_anonymous_vote_of_two_does_not_tell_who_could_not_say(hone: Hone) -> None:
    """The card names who voted; "3 votes short" beside one name would say that it was a "?"."""
    told = []
    for workspace, hand in (("test:one", "5 5 5 5"), ("test:two", "? pass 5 ?")):
        other = Hone(hone.database, workspace)
        ada, grace = await room(other, "Ada", "Grace")
        await ada.says("hone settings")
        await ada.fills({"anonymous_votes": ("on",)})
        await ada.says("wsjf #1")
        await votes_alone(ada, "2")
        await grace.clicks("Vote")
        cards = zip(COLUMNS, hand.split(), strict=True)
        await grace.fills({f"{column}.1": card for column, card in cards})
        await ada.clicks("Reveal")
        told.append([message.text for message in other.channel()])
        await other.stop()
    assert told[0] == told[1]
    assert "No score: fewer than 3 people voted." in told[0][-2]


async def test_the_team_says_how_many_ballots_make_a_score(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1")
    await votes_alone(ada)
    await ada.clicks("Reveal")
    assert "No score: User-business value lacks 2 votes" in poll(hone)
    assert "[Accept scores]" not in poll(hone)
    await ada.acts(Click(Accept(1, 1)))
    assert "No item has enough votes for a score." in ada.told
    await ada.says("hone settings")
    await ada.fills({"min_ballots": "1"})
    await ada.says("wsjf #2")
    await votes_alone(ada, number=2)
    await ada.clicks("Reveal")
    assert "[Accept scores]" in hone.channel()[-2].text
