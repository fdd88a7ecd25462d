"""An item on its way to ready: one form, six hints, and the team's own definition."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards import Choice, Input
from bot.turn import Click, Submission
from handlers.refine.actions import MarkReady, SaveDefinition
from handlers.ui.actions import OpenRefine
from tests.hone import Hone, Someone

READY = {
    "details": "So that regulars need no card",
    "criteria": "[x] A receipt arrives by mail\nThe limit of 500 is kept",
    "points": "5",
}


async def log(person: Someone, *titles: str) -> None:
    for title in titles:
        await person.says(f"improve {title}")


def value(person: Someone, field_id: str) -> Any:
    """What a field of the open form shows."""
    assert person.form is not None
    field = next(field for field in person.form.fields if getattr(field, "id", "") == field_id)
    assert isinstance(field, (Input, Choice))
    return field.value if isinstance(field, Input) else field.chosen


async def test_one_form_takes_an_item_to_ready(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.says("refine #1")
    await ada.fills(READY)
    assert "State: refining" in ada.told
    assert "✓ Valuable: It says what for." in ada.told
    assert "○ Estimable: Its size has no votes; 3 are needed." in ada.told
    assert "✓ Small: 5 points: at most 8." in ada.told
    assert "✓ Testable: 2 of 2 criteria can be checked." in ada.told
    assert "Definition of Ready: 4 of 4." in ada.told

    await ada.clicks("Mark ready", on=ada.whispered)
    assert "State: ready" in ada.told
    assert "State: ready" in hone.last()
    assert "Points: 5" in hone.last()
    assert "Criteria: 1 of 2 met" in hone.last()


async def test_the_form_shows_what_was_saved(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await log(ada, "Pay on account", "Keep the ledger")
    await ada.says("refine 1")
    await ada.fills(
        {**READY, "waits_for": "#2, Payments", "metric": "Churn", "from": "4", "to": "2"}
    )
    await grace.says("refine #1")
    assert value(grace, "criteria") == (
        "[x] A receipt arrives by mail\n[ ] The limit of 500 is kept"
    )
    assert value(grace, "waits_for") == "#2, Payments"
    assert (value(grace, "metric"), value(grace, "from"), value(grace, "to")) == ("Churn", "4", "2")


async def test_next_is_the_highest_item_that_is_not_ready(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account", "Keep the ledger")
    await ada.says("refine next")
    await ada.fills(READY)
    await ada.clicks("Mark ready", on=ada.whispered)
    await ada.clicks("Next", on=ada.whispered)
    assert ada.form is not None
    assert ada.form.title == "Refine #2"
    await ada.fills(READY)
    await ada.clicks("Mark ready", on=ada.whispered)
    await ada.says("refine")
    assert ada.told == "The next 2 items are all ready. Nothing to refine."


async def test_what_is_missing_is_named_and_a_reason_opens_the_way(hone: Hone) -> None:
    """Hints and definitions never gate: people may know better, and say why."""
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.says("refine #1")
    await ada.fills({"points": "13"})
    assert "Missing: Acceptance criteria are written; It has at most 8 points." in ada.told
    assert "Mark ready" not in ada.told
    await ada.clicks("Ready anyway", on=ada.whispered)
    await ada.fills({"reason": " "})
    assert ada.errors == {"reason": "Say why, in a few words."}
    await ada.fills({"reason": "It is a spike"})
    assert "State: ready" in ada.told
    await ada.says("backlog #1")
    assert "Ada moved it from refining to ready: It is a spike" in ada.told


async def test_an_old_card_cannot_call_ready_what_is_not(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.acts(Click(MarkReady(1)))
    assert "State: captured" in ada.told
    assert "[Ready anyway]" in ada.told


async def test_a_hint_is_set_aside_for_a_reason_that_stays(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await log(ada, "Pay on account")
    await ada.says("refine #1")
    await ada.fills(READY)
    await ada.clicks("Override a hint", on=ada.whispered)
    await ada.fills({"hint": "Nothing", "reason": "?"})
    assert ada.errors == {"hint": "Choose one of the hints listed."}
    await ada.fills({"hint": "Estimable", "reason": "We did the same last year"})
    assert "– Estimable: set aside. We did the same last year" in ada.told
    await grace.says("refine #1")
    await grace.fills({})
    assert "Estimable: set aside" in grace.told
    assert "Override" not in grace.told, "no other hint speaks against it"
    await ada.says("backlog #1")
    assert "set a hint aside (Estimable: We did the same last year)" in ada.told


async def test_the_size_is_estimable_once_it_was_voted(hone: Hone) -> None:
    voters = [hone.person(name) for name in ("Ada", "Grace", "Tomas")]
    await log(voters[0], "Pay on account")
    await voters[0].says("wsjf #1")
    for voter in voters:
        await voter.clicks("Vote")
        await voter.fills({f"{column}.1": "3" for column in ("ubv", "tc", "rroe", "size")})
    await voters[0].says("refine #1")
    await voters[0].fills(READY)
    assert "Its size has no votes" in voters[0].told, "nothing is told before the reveal"
    await voters[0].clicks("Reveal")
    await voters[0].says("refine #1")
    await voters[0].fills({})
    assert "✓ Estimable: 3 of 3 votes for its size" in voters[0].told


# --- what it waits for -----------------------------------------------------------------------


async def test_what_it_waits_for_is_shown_on_both_cards(hone: Hone) -> None:
    ada, eve = hone.person("Ada"), hone.person("Eve", channel="payments")
    await log(eve, "Open the ledger to others")
    await log(ada, "Pay on account")
    await ada.says("refine #2")
    await ada.fills({**READY, "waits_for": "#1, payments, Legal"})
    assert (
        "○ Independent: It waits for #1 Open the ledger to others, payments and Legal." in ada.told
    )
    assert "Waits for #1 Open the ledger to others; payments; Legal" in hone.last()
    assert "Awaited by #2" in hone.last("payments")

    await hone.wait(days=9)
    await ada.says("backlog deps")
    assert "3 open dependencies of refinement" in ada.told
    assert "Waits for #1 Open the ledger to others · Of team payments · Days 9" in ada.told


async def test_a_link_ends_with_the_item_waited_for_and_returns_with_it(hone: Hone) -> None:
    ada, eve = hone.person("Ada"), hone.person("Eve", channel="payments")
    await log(eve, "Open the ledger to others")
    await log(ada, "Pay on account")
    await ada.says("refine #2")
    await ada.fills({**READY, "waits_for": "#1"})
    await eve.clicks("Done")
    await ada.says("backlog deps")
    assert "No open item of refinement waits for anything" in ada.told
    await eve.clicks("Undo")
    await ada.says("backlog deps")
    assert "1 open dependency" in ada.told


async def test_taking_a_name_away_resolves_it(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.says("refine #1")
    await ada.fills({**READY, "waits_for": "Legal"})
    await ada.says("refine #1")
    await ada.fills({"waits_for": ""})
    assert "✓ Independent" in ada.told
    await ada.says("backlog #1")
    assert "changed what it waits for from Legal to none" in ada.told


async def test_a_wrong_link_is_said_at_its_field(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    for typed, words in (
        ("#1", "#1 cannot wait for itself."),
        ("#99", "There is no item #99 here."),
        ("#0", "There is no item #0 here."),
        ("#two", "“#two” is no item's number. Write #12, or a team's name."),
        ("refinement", "It cannot wait for its own team. Name the item it waits for, such as #12."),
        ("x" * 81, "is too long for a name"),
        (", ".join(f"Team {n}" for n in range(11)), "It waits for 11 things; name at most 10."),
    ):
        with subtests.test(typed=typed[:24]):
            await ada.says("refine #1")
            await ada.fills({"waits_for": typed})
            assert words in ada.errors["waits_for"]
            assert value(ada, "waits_for") == typed


async def test_items_cannot_wait_for_each_other_in_a_ring(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account", "Keep the ledger", "Open the office")
    for number, waits in ((1, "#2"), (2, "#3")):
        await ada.says(f"refine #{number}")
        await ada.fills({"waits_for": waits})
    await ada.says("refine #3")
    await ada.fills({"waits_for": "#1"})
    assert ada.errors["waits_for"] == "#1 waits for #3 already: neither could ever start."


async def test_another_workspaces_item_is_as_missing_as_none(hone: Hone) -> None:
    await log(hone.person("Ada"), "Merge with the rival")
    eve = hone.person("Eve", workspace="test:elsewhere")
    await eve.says("refine #1")
    assert eve.told == "There is no item #1 here."


# --- mistakes --------------------------------------------------------------------------------


async def test_a_mistake_stays_at_its_field_with_what_was_typed(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    for field, typed, words in (
        ("points", "-1", "Points are a number from 0 to 9,999"),
        ("points", "10000", "Points are a number from 0 to 9,999"),
        ("points", "1,000", "Points are a number from 0 to 9,999"),
        ("points", "\u0665", "Points are a number from 0 to 9,999"),
        ("points", "1_0", "Points are a number from 0 to 9,999"),
        ("points", "1e9", "Points are a number from 0 to 9,999"),
        ("details", "x" * 3_001, "That is 3,001 characters; at most 3,000 fit."),
        ("criteria", "\n".join(f"No. {n}" for n in range(31)), "That is 31 criteria"),
        ("criteria", "x" * 301, "has 301 characters; a criterion may have 300."),
        ("criteria", "\n".join(f"{n} {'x' * 290}" for n in range(12)), "All criteria together"),
        ("metric", "x" * 301, "That is 301 characters"),
        ("from", "4", "Which metric goes from there to there?"),
    ):
        with subtests.test(field=field, typed=typed[:24]):
            await hone.wait(minutes=1)
            await ada.says("refine #1")
            await ada.fills({"details": "Kept", field: typed})
            assert words in "".join(ada.errors.values())
            assert value(ada, field) == typed
            await ada.says("backlog #1")
            assert "State: captured" in ada.told


async def test_a_number_nobody_has(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    for line in ("refine #2", "refine #0", "refine 99999999999"):
        with subtests.test(line=line):
            await ada.says(line)
            assert "There is no item" in ada.told or "Name one item" in ada.told


async def test_finished_items_and_guests_stay_out(hone: Hone) -> None:
    ada, gus = hone.person("Ada"), hone.person("Gus", role="guest")
    await log(ada, "Pay on account")
    await gus.says("refine #1")
    assert gus.told == "Guests can change only what they captured or own themselves."
    await ada.clicks("Done")
    await ada.acts(Click(OpenRefine(1)))
    assert ada.told == "#1 is accepted already: nothing is left to refine."


# --- the team's own definition ---------------------------------------------------------------


async def test_a_team_settles_what_ready_means(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.says("refine ready-definition")
    await ada.fills({"rules": ("points",), "lines": "The designer has seen it\n\nLegal agrees"})
    assert "• The designer has seen it" in ada.told
    await ada.says("refine #1")
    await ada.fills({"points": "3", "checks": ("1",)})
    assert "Definition of Ready: 2 of 3. Missing: The designer has seen it." in ada.told
    await ada.says("refine #1")
    assert value(ada, "checks") == ("1",)
    await ada.fills({"checks": ("0", "1")})
    assert "[Mark ready]" in ada.told


@pytest.mark.parametrize(
    ("lines", "words"),
    [("x" * 76, "a line may have 75"), ("\n".join(map(str, range(11))), "at most 10 fit")],
)
async def test_a_definition_too_long_is_refused_with_its_text(
    hone: Hone, lines: str, words: str
) -> None:
    ada = hone.person("Ada")
    await ada.says("refine ready-definition")
    await ada.fills({"lines": lines})
    assert words in ada.errors["lines"]
    assert value(ada, "lines") == lines


async def test_no_definition_is_a_definition_too(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.says("refine ready-definition")
    await ada.fills({"rules": (), "lines": ""})
    assert ada.told == "refinement has no Definition of Ready any more."
    await ada.says("refine #1")
    await ada.fills({})
    assert "[Mark ready]" in ada.told


async def test_another_teams_definition_is_not_changed_by_its_number(hone: Hone) -> None:
    await log(hone.person("Eve", channel="payments"), "Open the ledger")
    ada = hone.person("Ada")
    await log(ada, "Pay on account")
    await ada.acts(Submission(SaveDefinition(1)))
    assert "changed its team" in ada.told
