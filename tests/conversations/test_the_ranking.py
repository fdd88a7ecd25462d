"""What became of accepted scores: the ranking, what-ifs, and a copy to take along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from bot.cards import Choice, Input
from bot.turn import Click
from handlers.wsjf.actions import Reveal
from storage import Store
from tests.conversations.refining import COLUMNS, Hand, room, votes
from tests.hone import WORKSPACE, Hone, Someone


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
    assert guest.told == "Guests cannot take a backlog in or out. Ask a member of the team."


async def test_a_search_keeps_what_was_chosen(hone: Hone) -> None:
    ada = hone.person("Ada")

    async def ten_more(store: Store) -> None:
        team = await store.teams.resolve("refinement", "ada")
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
