"""An item's way through its states: moved, sent back for a reason, split, lifted to the train."""

from __future__ import annotations

import pytest

from bot.cards import Choice, Table
from bot.turn import Click, Submission
from handlers.backlog.actions import OpenSplit, SaveLift, SaveMove
from handlers.backlog.moves import NEXT
from handlers.digest.gather import gather
from handlers.digest.health import blocked, rework_ratio
from storage import Store
from storage.states import PROGRESS, REWORK_REASONS, STATES, is_rework
from tests.hone import WORKSPACE, Hone, Someone


async def log(person: Someone, *titles: str) -> None:
    for title in titles:
        await person.says(f"improve {title}")


async def go(person: Someone, number: int, *states: str, **answers: str) -> None:
    for state in states:
        await person.says(f"backlog move #{number}")
        await person.fills({"state": state, **answers})


def test_every_state_leads_on_and_only_to_states_there_are() -> None:
    assert set(NEXT) == set(STATES)
    assert {state for states in NEXT.values() for state in states} <= set(STATES)
    assert all(state not in states for state, states in NEXT.items())


@pytest.mark.parametrize("before", PROGRESS)
def test_only_ways_back_from_review_and_acceptance_are_rework(before: str) -> None:
    back = [after for after in PROGRESS if is_rework(before, after)]
    assert back == (
        list(PROGRESS[: PROGRESS.index(before)]) if before in ("in review", "accepted") else []
    )


async def test_an_item_goes_its_way_and_its_card_follows(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    for state in ("ready", "planned", "in progress", "in review", "accepted"):
        await ada.clicks("Move")
        await ada.fills({"state": state})
        assert f"State: {state}" in hone.last()
    await ada.says("backlog #1")
    assert "Ada moved it from in progress to in review" in ada.told


async def test_sending_back_asks_for_the_reason_and_counts_as_rework(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await go(ada, 1, "ready", "in progress", "in review")
    await go(ada, 1, "refining")
    assert ada.errors == {
        "reason": f"Why is it sent back? Choose one of: {', '.join(REWORK_REASONS)}."
    }
    await ada.fills({"reason": "unclear criteria", "words": "Which card?"})
    assert "State: refining" in hone.last()
    await ada.says("backlog #1")
    assert "Ada sent it back from in review to refining: unclear criteria: Which card?" in ada.told

    async def reasons(store: Store) -> object:
        team = await store.teams.resolve("refinement", "ada")
        return rework_ratio((await gather(store, team)).backlog().items).parts

    assert await hone.database.write(WORKSPACE, hone.now, reasons) == (("unclear criteria", 1),)


async def test_an_accidental_done_that_is_undone_is_no_rework(hone: Hone) -> None:
    """A slip of the finger must not read as poor quality on Monday."""
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.clicks("Done")
    await ada.clicks("Undo")

    async def sent_back(store: Store) -> object:
        team = await store.teams.resolve("refinement", "ada")
        return rework_ratio((await gather(store, team)).backlog().items).value

    assert await hone.database.write(WORKSPACE, hone.now, sent_back) is None


async def test_criteria_are_ticked_on_the_way_and_open_ones_are_told(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.says("refine #1")
    await ada.fills({"criteria": "A receipt arrives\nThe limit of 500 is kept"})
    await go(ada, 1, "ready", "in progress")
    await ada.says("backlog move #1")
    await ada.fills({"state": "accepted", "met": ("1",)})
    assert ada.told == "#1 is accepted; 1 criterion does not hold yet."
    assert "Criteria: 1 of 2 met" in hone.last()


async def test_a_form_that_was_overtaken_asks_again(hone: Hone) -> None:
    """Two people move one item: the later one sees where it is now."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await log(ada, "Pay on account")
    await ada.says("backlog move #1")
    await go(grace, 1, "ready")
    await ada.fills({"state": "refining"})
    assert ada.errors == {"state": "Meanwhile it went to ready. Where to from there?"}
    assert "State: ready" in hone.last()


async def test_a_state_out_of_reach_is_refused_at_its_field(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    for state in ("accepted", "dropped", "", "heaven"):
        with subtests.test(state=state):
            await ada.says("backlog move #1")
            await ada.fills({"state": (state,) if state else ()})
            assert ada.errors == {"state": "Choose one of: refining, ready."}


async def test_dropped_items_come_back(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.clicks("Drop")
    await ada.fills({"reason": "duplicate"})
    await ada.clicks("Move")
    await ada.fills({})
    assert "State: captured" in hone.last()


async def test_guests_strangers_and_missing_items(hone: Hone) -> None:
    ada, gus = hone.person("Ada"), hone.person("Gus", role="guest")
    eve = hone.person("Eve", workspace="test:elsewhere")
    await log(ada, "Pay on account")
    await gus.says("backlog move #1")
    assert gus.told == "Guests can change only what they captured or own themselves."
    for person, act in ((eve, SaveMove(1, "captured")), (ada, SaveMove(2**40, "captured"))):
        await person.acts(Submission(act))
        assert person.told == f"There is no item #{act.number} here."
    await ada.says("backlog move to Berlin")
    assert ada.told.startswith("No item has “move to Berlin”.")


# --- lists -----------------------------------------------------------------------------------


async def test_what_is_ready_and_what_nobody_touched_has_its_list(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account", "Keep the ledger")
    await ada.says("backlog ready")
    assert ada.told == "Nothing is ready. Take the next item: refine next"
    await go(ada, 1, "ready")
    await ada.says("backlog ready")
    assert "1 ready to be planned." in ada.told
    await ada.says("backlog stale")
    assert "Somebody looked at every open item" in ada.told
    await hone.wait(days=20)
    await go(ada, 1, "planned")
    await hone.wait(days=9)
    await ada.says("backlog stale")
    assert "1 untouched for two iterations." in ada.told
    assert "#2 Keep the ledger" in ada.told


# --- split and lift --------------------------------------------------------------------------


async def test_a_split_leaves_parts_that_know_where_they_come_from(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account #billing")
    await ada.says("backlog split #1")
    await ada.fills({"titles": "- Pay once\n- Pay monthly\n\n- Pay once"})
    assert "Split #1 into #2, #3." in ada.told
    assert "State: dropped: split" in hone.last()
    assert "Split into #2, #3" in hone.last()
    await ada.says("backlog #3")
    assert "Split from #1" in ada.told
    assert "Themes: #billing" in ada.told


async def test_a_split_that_is_none_is_said_at_its_field(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    for titles, words in (
        ("", "Write at least two titles"),
        ("One", "Write at least two titles"),
        ("\n".join(f"Part {n}" for n in range(11)), "That is 11 titles"),
        (f"One\n{'x' * 3_001}", "a title may have 3,000"),
    ):
        with subtests.test(titles=titles[:24]):
            await ada.says("backlog split #1")
            await ada.fills({"titles": titles})
            assert words in ada.errors["titles"]
            await ada.says("backlog")
            assert "1 open" in ada.told


async def test_a_finished_item_is_brought_back_before_it_is_split(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.clicks("Done")
    await ada.acts(Click(OpenSplit(1)))
    assert ada.told == "#1 is accepted already. Bring it back first."


async def test_an_item_is_lifted_to_the_train_and_both_cards_say_so(hone: Hone) -> None:
    ada, eve = hone.person("Ada"), hone.person("Eve", channel="payments")
    await log(ada, "Pay on account")
    await log(eve, "Open the ledger to others")
    await ada.says("backlog lift #1")
    await ada.fills({"title": "Customers pay as they like"})
    assert ada.told == "#1 is part of #3 now."
    assert "Its parts: #1" in hone.last()
    assert "Backlog: the whole train" in hone.last()
    assert "Part of #3" in hone.channel()[0].text

    await eve.says("backlog lift #2")
    assert eve.form is not None
    (whole,) = (field for field in eve.form.fields if isinstance(field, Choice))
    assert "#3 Customers pay as they like" in [option.label for option in whole.options]
    await eve.fills({"whole": "3"})
    assert "Its parts: #1, #2" in hone.last()
    await eve.says("backlog train")
    assert "Backlog of the train of payments: 3 open" in eve.whispered.summary
    assert "#1 Pay on account" in eve.told, "what its teams have, not only what was lifted"
    table = next(node for node in eve.whispered.nodes if isinstance(node, Table))
    assert [row[-1] for row in table.rows] == ["refinement", "payments", "refinement"]

    await eve.says("backlog lift #2")
    await eve.fills({"whole": "none"})
    assert eve.told == "It stands alone now."
    assert "Its parts: #1" in hone.last()


async def test_nothing_is_part_of_itself_or_of_what_is_no_trains(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account", "Keep the ledger")
    await ada.says("backlog lift #1")
    await ada.fills({})
    await ada.says("backlog lift #3")
    await ada.fills({"whole": ("3",)})
    assert ada.errors == {"whole": "#3 is part of #3 already."}
    for chosen in ("2", "99", "", "DROP TABLE"):
        await ada.acts(Click(OpenSplit(1)))
        await ada.says("backlog lift #1")
        await ada.fills({"whole": (chosen,)})
        assert ada.errors == {"whole": "Choose one of the items listed."}
    await ada.acts(Submission(SaveLift(77)))
    assert ada.told == "There is no item #77 here."


async def test_the_digest_counts_what_waits_for_other_teams(hone: Hone) -> None:
    ada, eve = hone.person("Ada"), hone.person("Eve", channel="payments")
    await log(eve, "Open the ledger to others")
    await log(ada, "Pay on account", "Keep the receipts")
    await ada.says("refine #2")
    await ada.fills({"waits_for": "#1, #3"})
    await hone.wait(days=3)

    async def waits(store: Store) -> object:
        team = await store.teams.resolve("refinement", "ada")
        return blocked((await gather(store, team)).backlog().dependencies, store.now).parts

    parts = await hone.database.write(WORKSPACE, hone.now, waits)
    assert parts == (("#2 waits for payments", 3),), "within a team it is no dependency"
