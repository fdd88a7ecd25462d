"""Later rounds, deadlines and second thoughts: no card is lost, and who is concerned is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.turn import Click
from handlers.wsjf.actions import Unaccept
from tests.conversations.refining import COLUMNS, Hand, plays, room
from tests.hone import WORKSPACE, Hone, Someone
from tests.sweep.workspace import choices


def poll(hone: Hone) -> str:
    """What the vote's live card says now."""
    return [m.text for m in hone.channel() if m.text.startswith("WSJF ")][-1]


async def again(person: Someone, columns: tuple[str, ...], items: tuple[str, ...]) -> None:
    await person.clicks("Vote again")
    await person.fills({"cells": (), "columns": columns, "items": items})


async def scored(people: Sequence[Someone], *hands: Hand) -> None:
    """Hold a vote for each hand, which everybody plays, and accept its scores."""
    lead = people[0]
    for hand in hands:
        await lead.says("wsjf " + " ".join(f"#{number}" for number in hand))
        for person in people:
            await plays(person, hand)
        await lead.clicks("Reveal")
        await lead.clicks("Accept scores")


# --- cards stand -----------------------------------------------------------------------------


async def test_a_thin_second_round_never_erases_a_good_first_one(hone: Hone) -> None:
    """One of three came; before, the column then lacked two votes and the score was gone."""
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 #2")
    for person in (ada, grace, tomas):
        await plays(person, {1: "8 5 3 1", 2: "1 1 1 3"})
    await ada.clicks("Reveal")
    await again(ada, ("size",), ("1",))
    await grace.clicks("Vote")
    assert "('1',)" in str(grace.form), "her earlier card is chosen already"
    await grace.fills({"size.1": "3"})
    await ada.clicks("Reveal")
    assert "No score" not in poll(hone)
    assert "Card 1 · Agree 67 % · Played 1, 1, 3" in hone.last()


async def test_one_voter_of_an_anonymous_second_round_is_not_given_away(hone: Hone) -> None:
    """The card names who has finished; what changed from round to round would be their card."""
    people = await room(hone, "Ada", "Grace", "Tomas", "Uma")
    ada, grace = people[:2]
    await ada.says("hone settings")
    await ada.fills({"anonymous_votes": ("on",)})
    await ada.says("wsjf #1 #2")
    for person in people:
        await plays(person, {1: "8 5 3 1", 2: "1 1 1 3"})
    await ada.clicks("Reveal")
    before = hone.last()
    await again(ada, ("size",), ("1",))
    await plays(grace, {1: "20"}, ("size",))
    await ada.clicks("Reveal")
    assert "Fewer than 3 voted anew, so the earlier cards stand: #1 Job size." in poll(hone)
    assert "20" not in hone.last()
    assert "Played 1, 1, 1, 1" in before
    assert "Played 1, 1, 1, 1" in hone.last()
    await again(ada, ("size",), ("1",))
    for person in people[2:]:
        await plays(person, {1: "13"}, ("size",))
    await ada.clicks("Reveal")
    assert "Played 1, 13, 13, 20" in hone.last(), "three have voted anew, over two rounds"


async def test_a_round_asks_for_single_cards_and_for_nothing_else(hone: Hone) -> None:
    """Two cards are in doubt, of two items in two columns: nobody plays four for them."""
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 #2 #3")
    for person in (ada, grace, tomas):
        await plays(person, {1: "8 5 3 1", 2: "1 1 1 3", 3: "5 3 1 2"})
    await ada.clicks("Reveal")
    await ada.clicks("Agree on a card")
    await ada.fills({"item": "2", "column": "size", "card": "5"})
    await ada.clicks("Vote again")
    await ada.fills({"cells": ("1.ubv", "2.ubv", "3.size"), "columns": ()})
    assert "WSJF vote, round 2: Value and Job size of 3 items (3 cards)" in poll(hone)

    await grace.clicks("Vote")
    assert [asked.id for asked in choices(grace)] == ["ubv.1", "ubv.2"]
    await grace.fills({"ubv.1": "13", "ubv.2": "2"})
    assert "Grace (1 of 2 columns)" in poll(hone)
    assert [asked.id for asked in choices(grace)] == ["size.3"]
    await grace.fills({"size.3": "3"})
    assert "Finished: Grace" in poll(hone)
    await grace.alone().says("me")
    await tomas.alone().says("me")
    assert "[Vote]" not in hone.last("dm-grace")
    assert "[Vote]" in hone.last("dm-tomas")

    await ada.clicks("Reveal")
    assert "Played 8, 8, 13" in hone.last()
    assert "agreed" in hone.last(), "nobody was asked about #2's Job size: what was agreed holds"


# --- deadlines -------------------------------------------------------------------------------


async def test_a_deadline_with_one_voter_shows_no_card_and_asks_the_leader(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 by 9:40")
    await plays(grace, {1: "20"})
    await hone.wait(minutes=40)
    assert "WSJF vote" in poll(hone), "a lone ballot is not published"
    assert "Closes by itself: Mon 23 Nov, 10:" in poll(hone)
    asked = hone.channel("dm-ada")[-1]
    assert "1 of the 3 people that a score takes have voted. No card was shown." in (
        asked.text.replace("\n", " ")
    )
    assert "[Remind] [Deadline] [Reveal] [Cancel]" in asked.text
    await plays(tomas, {1: "5"})
    await hone.wait(hours=2)
    assert "WSJF vote" in poll(hone)
    assert "Closes by itself" not in poll(hone), "it is put off once, then left to her"
    assert "It stays open until you reveal or cancel it." in asked.text
    await plays(ada, {1: "5"})
    await ada.alone().clicks("Reveal", on=asked.card)
    assert "WSJF result" in poll(hone)
    assert "nothing left to do" in asked.text


@pytest.mark.parametrize(
    ("by", "had", "until"),
    [
        ("9:40", {"minutes": 40}, "Mon 23 Nov, 10:41"),  # an hour at least
        ("12:00", {"hours": 3}, "Mon 23 Nov, 15:01"),
        ("Friday 9:00", {"days": 4}, "Sat 28 Nov, 09:01"),  # a day at most
    ],
)
async def test_a_vote_is_put_off_by_as_long_as_it_had(
    hone: Hone, by: str, had: dict[str, float], until: str
) -> None:
    ada, *_ = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says(f"wsjf #1 by {by}")
    await plays(ada, {1: "5"})
    await hone.wait(**had)
    assert f"Closes by itself: {until}" in poll(hone)


async def test_a_vote_of_twenty_minutes_reminds_for_its_last_five(hone: Hone) -> None:
    ada, _ = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1 in 20 minutes")
    await hone.wait(minutes=14)
    assert hone.channel("dm-grace") == []
    await hone.wait(minutes=1)
    assert "asks for your vote on #1" in hone.channel("dm-grace")[-1].text


async def test_who_is_late_is_reminded_once_before_the_vote_closes(hone: Hone) -> None:
    ada, *_ = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 by 16:00")
    await plays(ada, {1: "5"})
    await hone.wait(hours=5, minutes=30)
    assert hone.channel("dm-grace") == []
    await hone.wait(minutes=30)
    assert "asks for your vote on #1" in hone.channel("dm-grace")[-1].text
    assert len(hone.channel("dm-tomas")) == 1
    assert hone.channel("dm-ada") == [], "she has voted"
    await hone.wait(hours=3)
    assert len(hone.channel("dm-grace")) == 1, "put off, the vote asks nobody twice"


async def test_a_vote_that_closes_in_minutes_reminds_nobody(hone: Hone) -> None:
    """Everybody is in the room."""
    ada, _ = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1 in 10 minutes")
    await hone.wait(minutes=9)
    assert hone.channel("dm-grace") == []


# --- who is concerned is told ----------------------------------------------------------------


async def test_a_second_round_is_posted_where_it_is_seen(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 #2")
    for person in (ada, grace, tomas):
        await plays(person, {1: "8 5 3 1", 2: "1 1 1 3"})
    await ada.clicks("Reveal")
    await again(ada, ("size",), ("1",))
    news = hone.channel()[-1]
    assert "Round 2: please vote again on Job size of #1 Estimation runs long." in news.text
    await grace.clicks("Vote", on=news.card)
    await grace.fills({"size.1": "3"})
    await ada.clicks("Reveal")
    assert "has been revealed: nothing left to do." in news.text


async def test_whoever_a_vote_is_handed_to_is_told_in_private(hone: Hone) -> None:
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1")
    await ada.clicks("Manage")
    await ada.clicks("Hand over", on=ada.whispered)
    await ada.fills({"person": ("grace",)})
    told = hone.channel("dm-grace")[-1]
    assert "You lead the vote on #1 Estimation runs long from now on" in told.text
    await plays(ada, {1: "3"})
    await grace.alone().clicks("Reveal", on=told.card)
    assert "WSJF result" in poll(hone)


async def test_who_had_finished_hears_that_items_joined(hone: Hone) -> None:
    """The card in the channel changes without a sound."""
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1")
    await plays(grace, {1: "3"})
    await ada.clicks("Manage")
    await ada.clicks("Add items", on=ada.whispered)
    await ada.fills({"items": ("3",)})
    told = hone.channel("dm-grace")[-1]
    assert "More items joined the vote: it is on 2 items now. Your cards are kept." in told.text
    assert hone.channel("dm-ada") == []


# --- after the reveal ------------------------------------------------------------------------


async def test_an_item_dropped_meanwhile_leaves_the_ranking_with_a_line(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 #2 #3")
    await ada.clicks("Done", on=hone.channel()[1].card)
    for person in (ada, grace, tomas):
        await plays(person, {1: "8 5 3 1", 2: "1 1 1 3", 3: "3 1 1 2"})
    assert "#2 Nobody owns staging (accepted meanwhile)" in poll(hone)
    await ada.clicks("Reveal")
    assert "#2 Nobody owns staging: It was accepted meanwhile, so it is left out." in poll(hone)
    await ada.clicks("Accept scores")
    await ada.clicks("Done", on=hone.channel()[0].card)
    await ada.clicks("All cards")
    assert "Rank 1 · Item #1 Estimation runs long" in poll(hone), "what was accepted stays"


async def test_the_missing_1_is_settled_with_a_button(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1 #2")
    for person in (ada, grace, tomas):
        await plays(person, {1: "8 5 3 1", 2: "1 1 1 3"} if person is ada else {1: "8", 2: "3"})
    await ada.clicks("Reveal")
    assert "No item is the 1 in" in poll(hone)
    await ada.clicks("Re-anchor")
    assert "The 1 in Value" in str(ada.form)
    await ada.fills({"size": ("1",)})
    assert "No item is the 1" not in poll(hone)
    assert "Agreed by talking, not voted: #1 Job size, #2 Value" in poll(hone)
    assert "[Re-anchor]" not in poll(hone)


async def test_accepting_can_be_undone_for_ten_minutes(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await scored(
        (ada, grace, tomas),
        {1: "8 5 3 1", 2: "1 1 1 3"},
        {1: "1 1 1 3", 2: "8 5 3 1"},
    )
    assert "WSJF: 1.0" in hone.channel()[0].text
    await ada.clicks("Undo accepting")
    assert "the items have the scores they had before" in ada.told
    assert "WSJF: 16.0" in hone.channel()[0].text
    assert "[Accept scores]" in poll(hone)
    async with hone.database.read(WORKSPACE, hone.now) as store:
        left = [score.poll_id for score in await store.scores.in_polls([1, 2]) if score.number == 1]
    assert left == [1]
    await ada.clicks("Accept scores")
    await hone.wait(minutes=10)
    assert "[Undo accepting]" not in poll(hone)
    await ada.acts(Click(Unaccept(2, 1)))
    assert "Undo works for ten minutes." in ada.told


async def test_ones_own_cards_are_told_apart_after_the_reveal(hone: Hone) -> None:
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("wsjf #1")
    for person, card in ((ada, "1"), (grace, "13"), (tomas, "5")):
        await plays(person, {1: card})
    await ada.clicks("Reveal")
    await grace.clicks("All cards")
    assert "Column Value · Card 5 · Agree 33 % · Played 1, 5, 13 · You 13" in grace.told
    assert "You" not in hone.last(), "the card in the thread is everybody's"


async def test_four_and_five_cards_are_counted_each_as_is_said(hone: Hone) -> None:
    """From five on the ends are left out and ranges are told; of fewer one card can move it."""
    people = await room(hone, "Ada", "Grace", "Tomas", "Uma", "Wim")
    ada = people[0]
    await ada.says("wsjf #1 #2")
    for person in people[:4]:
        await plays(person, {1: "20 20 20 3" if person is ada else "3", 2: "5 5 3 3"})
    await ada.clicks("Reveal")
    assert "Fewer than five people voted, too few to say how sure the ranks are" in poll(hone)
    assert "First: #1" in hone.last(), "one of four stands alone and is counted"
    await again(ada, COLUMNS, ("1", "2"))
    await plays(people[4], {1: "3", 2: "5 5 3 3"})
    await ada.clicks("Reveal")
    assert "First: #2" in hone.last()
    assert "Likely: in 8 of 10 votes by people like these" in poll(hone)
    await ada.says("wsjf help")
    assert "From five cards on the lowest and the highest are left out" in ada.told


# --- lists of several votes ------------------------------------------------------------------


async def test_lists_join_by_what_their_anchors_moved(hone: Hone) -> None:
    """The second vote plays everything higher; joined as they stand, #2 would outrank #1."""
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("improve Nobody tests on Fridays")
    await scored(
        (ada, grace, tomas),
        {1: "8 8 8 1", 2: "3 3 3 1", 3: "1 1 1 1"},
        {2: "8 8 8 1", 3: "3 3 3 1", 4: "5 5 5 1"},
    )
    await ada.says("wsjf rank")
    places = [ada.told.index(f"#{number} ") for number in (1, 2, 4, 3)]
    assert places == sorted(places)
    assert "Scale 2" not in ada.told


async def test_lists_whose_anchors_moved_apart_stay_apart_and_say_so(hone: Hone) -> None:
    """Both votes agreed unanimously, each in its own way: joined, one of them would be reversed."""
    ada, grace, tomas = await room(hone, "Ada", "Grace", "Tomas")
    await ada.says("improve Nobody tests on Fridays")
    await scored(
        (ada, grace, tomas),
        {1: "8 8 8 1", 2: "3 3 3 1", 3: "1 1 1 1"},
        {2: "3 3 3 1", 3: "8 8 8 1", 4: "5 5 5 1"},
    )
    await ada.says("wsjf rank")
    assert "#2 and #3 were voted on twice and moved apart by 4.0 cards in Value" in ada.told
    assert "Scale 2" in ada.told
