"""A whole refinement: a batch voted by columns, talked over, voted again, accepted, ranked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.cards import Choice, Input, Table
from bot.turn import Click, Submission
from handlers.wsjf.actions import Accept, CastVote, Reveal, ShowCards, VoteAgain
from storage import Store
from tests.hone import WORKSPACE, Hone, Someone

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
    await ada.fills({"columns": ("size",), "items": ("1",)})
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
    async with hone.database.read(WORKSPACE, hone.now) as store:
        (score,) = await store.scores.of_item(1)
    assert (score.by, score.at, score.poll_id, score.round) == ("ada", hone.now, 1, 1)
    assert (score.ubv, score.tc, score.rroe, score.size) == (8, 5, 3, 2), "the middle cards"
    assert score.steps == pytest.approx({"ubv": 13 / 3, "tc": 3, "rroe": 2, "size": 7 / 3})
    assert score.wsjf == pytest.approx(4.89, abs=0.005)
    assert (score.rank, score.ranked, score.basis) == (1, 3, "few")
    assert score.low <= score.rank <= score.high


# --- ballots ---------------------------------------------------------------------------------


async def test_a_first_time_voter_is_told_the_scale_once(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1")
    await ada.clicks("Vote")
    assert ada.form is not None
    assert "Your first vote?" in str(ada.form.fields)
    await ada.fills({f"{column}.1": "3" for column in COLUMNS})
    await ada.clicks("Reveal")
    await ada.says("wsjf #2")
    await ada.clicks("Vote")
    assert "Your first vote?" not in str(ada.form.fields)


async def test_a_ballot_left_halfway_opens_where_it_was_left(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1 #2")
    await ada.clicks("Vote")
    await ada.fills({"ubv.1": "8", "ubv.2": "1"})
    await ada.fills({"tc.1": "13", "tc.2": ()}, press="Back")
    assert ada.form is not None
    assert ada.form.title == "Your vote (1 of 4)"
    await ada.clicks("Vote")
    assert ada.form.title == "Your vote (2 of 4)"
    assert "You have finished 1 of 4 columns." in str(ada.form.fields)
    assert "('13',)" in str(ada.form.fields), "the card played on the way back is kept"


async def test_items_join_until_the_reveal_and_nothing_filled_in_is_lost(hone: Hone) -> None:
    """A form for one item is still open when a second item joins: its cards count."""
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1")
    await grace.clicks("Vote")
    await ada.clicks("Manage")
    await ada.clicks("Add items", on=ada.whispered)
    await ada.fills({"items": ("3",)})
    assert "WSJF vote: 2 items" in poll(hone)
    await grace.fills({f"{column}.1": "5" for column in COLUMNS})
    assert list(grace.errors) == ["ubv.3"]
    for column in COLUMNS:
        assert grace.form is not None
        await grace.fills({f"{column}.3": "1"})
    assert "Your vote is in" in grace.told
    await ada.clicks("Reveal")
    await ada.clicks("Manage", on=hone.channel()[-2].cards[0])
    assert "has been revealed already" in ada.told


async def test_a_late_ballot_is_kept_on_screen_and_says_why_it_does_not_count(hone: Hone) -> None:
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1")
    await votes_alone(ada)
    await grace.clicks("Vote")
    await ada.clicks("Reveal")
    await grace.fills({f"{column}.1": "20" for column in COLUMNS})
    assert "has been revealed, so these cards were not counted" in grace.errors[""]
    assert "('20',)" in str(grace.form)
    await ada.clicks("Vote again")
    await ada.fills({"columns": COLUMNS})
    await grace.fills({})
    assert "moved on to a new round" in grace.errors[""], "an old form never votes in a new round"
    assert "Nobody has voted yet." in poll(hone)


async def votes_alone(person: Someone, card: str = "3", number: int = 1) -> None:
    await person.clicks("Vote")
    await person.fills({f"{column}.{number}": card for column in COLUMNS})


# --- deadlines -------------------------------------------------------------------------------


async def test_a_vote_closes_by_itself_and_nobody_absent_blocks_it(hone: Hone) -> None:
    ada, grace, tomas, uma = await room(hone, "Ada", "Grace", "Tomas", "Uma")
    await ada.says("wsjf #1 by 9:30")
    for person in (ada, tomas, uma):
        await votes_alone(person)
    await hone.wait(minutes=29)
    assert "WSJF vote" in poll(hone)
    await hone.wait(minutes=1)
    assert "WSJF result" in poll(hone)
    await grace.acts(Submission(CastVote(1, 1, 0)))
    assert "has been revealed" in grace.errors[""]


async def test_a_deadline_holds_even_while_its_timer_is_late(hone: Hone) -> None:
    """After a restart timers ring late; a card played in between must not count."""
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1 by 9:30")
    await votes_alone(ada)
    await grace.clicks("Vote")
    hone.now = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    await grace.fills({f"{column}.1": "20" for column in COLUMNS})
    assert "its deadline has passed, so these cards were not counted" in grace.errors[""]
    assert "20" not in hone.last()


async def test_a_deadline_nobody_met_ends_the_vote_without_cards(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1 by 9:30")
    await hone.wait(hours=1)
    assert "The deadline passed before anybody voted" in poll(hone)
    await ada.clicks("Undo")
    assert "Nobody has voted yet." in poll(hone)
    assert "Closes by itself" not in poll(hone)


async def test_a_deadline_that_is_none_is_refused_in_words(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    (ada,) = await room(hone, "Ada")
    for words in ("25:00", "8:59", "someday", "2026-02-30 16:00", "in 90 days"):
        with subtests.test(words=words):
            await ada.says("wsjf")
            await ada.fills({"items": ("1",), "closes": words})
            assert list(ada.errors) == ["closes"]
            assert words in str(ada.form)
            assert len(hone.channel()) == 3


async def test_the_leader_moves_and_lifts_the_deadline(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1 by 9:30")
    await ada.clicks("Manage")
    await ada.clicks("Deadline", on=ada.whispered)
    assert "2026-11-23 09:30" in str(ada.form)
    await ada.fills({"closes": "tomorrow 10:00"})
    assert "Tue 24 Nov, 10:00" in poll(hone)
    await ada.clicks("Manage")
    await ada.clicks("Deadline", on=ada.whispered)
    await ada.fills({"closes": ()})
    await hone.wait(days=3)
    assert "Nobody has voted yet." in poll(hone)


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
    async with hone.database.read(WORKSPACE, hone.now) as store:
        assert len(await store.scores.of_item(1)) == 1


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


# --- the ranking -----------------------------------------------------------------------------


async def scored(hone: Hone, person: Someone, hand: Hand) -> None:
    """Vote, reveal and accept with one ballot."""
    await person.says("wsjf " + " ".join(f"#{number}" for number in hand))
    if len(hand) == 1:
        (number,) = hand
        await person.clicks("Vote")
        cards = zip(COLUMNS, hand[number].split(), strict=True)
        await person.fills({f"{column}.{number}": card for column, card in cards})
    else:
        await votes(person, hand)
    await person.clicks("Reveal")
    await person.clicks("Accept scores")


async def alone_enough(hone: Hone, person: Someone) -> None:
    await person.says("hone settings")
    await person.fills({"min_ballots": "1"})


async def test_scores_of_separate_votes_are_not_mixed_until_they_share_anchors(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("improve Test data is refreshed by hand")
    await alone_enough(hone, ada)
    await scored(hone, ada, {1: "8 5 3 1", 2: "1 1 1 1"})
    await scored(hone, ada, {3: "20 20 20 1", 4: "1 1 1 1"})
    hone.now = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)  # thirty actions a minute
    await ada.says("wsjf rank")
    assert "2 scales, each from votes of its own" in ada.told
    await scored(hone, ada, {1: "8 5 3 1", 2: "1 1 1 1", 3: "5 5 5 1", 4: "1 1 1 2"})
    await ada.says("wsjf rank")
    assert "scales" not in ada.told
    assert ada.told.index("#1 Estimation") < ada.told.index("#3 Deploys")


async def test_a_what_if_looks_at_the_scale_of_the_item_it_names(hone: Hone) -> None:
    """With two scales, an answer about the other one would be an answer to nobody's question."""
    (ada,) = await room(hone, "Ada")
    await alone_enough(hone, ada)
    await scored(hone, ada, {1: "8 5 3 1", 2: "1 1 1 1"})
    await scored(hone, ada, {3: "5 5 5 1"})
    hone.now += timedelta(minutes=1)  # thirty actions a minute
    await ada.says("wsjf rank")
    rank = ada.whispered
    await ada.clicks("What if …", on=rank)
    await ada.fills({"item": "3", "size": "20"})
    assert "#3 at job size 20." in ada.told
    assert "Scale 2 of 2. Nothing was saved." in ada.told
    await ada.clicks("What if …", on=rank)
    await ada.fills({"lens": "cd3", "money": "#9 500 1"})
    assert ada.errors == {"money": "#9 has no score here."}
    await ada.fills({"money": "#3 500 1"})
    assert "Scale 2 of 2." in ada.told


async def test_an_old_score_is_marked(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await alone_enough(hone, ada)
    await scored(hone, ada, {1: "8 5 3 1", 2: "1 1 1 1"})
    await hone.wait(weeks=10)
    await ada.says("wsjf rank")
    assert "10 weeks ago" in ada.told
    assert "old" not in ada.told
    await hone.wait(days=1)
    await ada.says("wsjf rank")
    assert "10 weeks ago, old" in ada.told
    assert "vote again" in ada.told


async def test_what_if_answers_in_private_whether_the_top_changes(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await alone_enough(hone, ada)
    await scored(hone, ada, {1: "8 5 3 1", 2: "1 1 1 1", 3: "5 3 1 1"})
    before = [message.text for message in hone.channel()]
    await ada.says("wsjf rank")
    rank = ada.whispered
    await ada.clicks("What if …", on=rank)
    await ada.fills({})
    assert "Choose another formula" in ada.errors[""], "nothing was asked"
    await ada.fills({"item": "1", "size": "20"})
    assert ada.told.startswith("The top 3 keeps its items, in another order.")
    assert "What if: WSJF, #1 at job size 20." in ada.told
    await ada.clicks("What if …", on=rank)
    await ada.fills({"veto": "tc", "item": "1"})
    assert list(ada.errors) == ["size"]
    await ada.fills({"veto": "tc", "item": ()})
    assert "The top 3 stays as it is." in ada.told
    await ada.clicks("What if …", on=rank)
    await ada.fills({"lens": "cd3", "money": "#2 9000 1\n#1 500 x"})
    assert "I cannot read “#1 500 x”" in ada.errors["money"]
    await ada.fills({"lens": "cd3", "money": "#2 9000 1\n#1 500 6"})
    assert "#3 is left out. No cost of delay per week is known." in ada.told
    assert [message.text for message in hone.channel()] == before


async def test_scores_are_copied_as_csv_that_no_spreadsheet_runs(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve =HYPERLINK(evil) runs long")
    await ada.says("improve Nobody owns staging")
    await alone_enough(hone, ada)
    await scored(hone, ada, {1: "8 5 3 1", 2: "1 1 1 1"})
    await ada.says("wsjf export csv")
    assert ada.form is not None
    (field,) = (field for field in ada.form.fields if isinstance(field, Input))
    header, first, second = field.value.splitlines()
    assert header.startswith('"number","title","scale","rank"')
    assert first.startswith('"1","\'=HYPERLINK(evil) runs long","1","1"')
    assert second.startswith('"2","Nobody owns staging"')
    await ada.fills({})
    assert ada.outcome.ask is None, "there is no further part"
    await ada.says("wsjf export json")
    assert '"title": "=HYPERLINK(evil) runs long"' in str(ada.form)
    guest = hone.person("Gus", role="guest")
    await guest.says("wsjf export csv")
    assert guest.told == "Guests cannot export. Ask a member of the team."


async def test_a_search_keeps_what_was_chosen(hone: Hone) -> None:
    ada = hone.person("Ada")

    async def ten_more(store: Store) -> None:
        team = await store.teams.here("refinement", "ada")
        for _ in range(10):
            await store.items.add(team.id, f"Matter {next(numbers):03}", by="ada")

    numbers = count()
    await ada.says("help")
    for _ in range(13):
        await hone.database.write(WORKSPACE, hone.now, ten_more)
    await ada.says("wsjf")
    await ada.fills({"items": ("5",), "words": "matter 129"}, press="Search")
    assert ada.form is not None
    (choice,) = (field for field in ada.form.fields if isinstance(field, Choice))
    assert [option.value for option in choice.options] == ["5", "130"]
    assert choice.chosen == ("5",)
    await ada.fills({"items": ("5", "130")})
    assert "WSJF vote: 2 items" in hone.last()


async def test_wsjf_alone_shows_the_open_vote_or_asks(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf")
    assert ada.form is not None
    await ada.says("wsjf #1")
    await ada.says("wsjf")
    assert "Nobody has voted yet." in ada.told
    await ada.says("wsjf help")
    assert "Example: A law that applies from March: 20." in ada.told
    await ada.acts(Click(Reveal(1)))
    assert ada.told == "Nobody has voted yet, so there is nothing to reveal."
