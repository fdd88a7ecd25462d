"""What a digest tells: everything since the last one told, whenever that was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.turn import Named
from storage import Store
from tests.hone import Hone, Someone


async def a_team_with_a_digest(hone: Hone, when: str, zone: str = "Europe/Berlin") -> Someone:
    """Let somebody capture two things and read their first digest."""
    ada = hone.person("Ada", zone=zone)
    await ada.says("improve Builds take forty minutes")
    await ada.says("improve Reviews wait for days")
    await ada.says(f"digest on {when}")
    return ada


async def moves(ada: Someone, number: int, *states: str) -> None:
    for state in states:
        await ada.says(f"backlog move #{number}")
        await ada.fills({"state": state})


def digests(hone: Hone) -> list[str]:
    return [shown.text for shown in hone.channel() if "Backlog health" in shown.text]


async def test_a_digest_that_moved_to_another_weekday_leaves_no_day_out(hone: Hone) -> None:
    """From Monday to Friday: what was done on the Tuesday between is eleven days old by then."""
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    await hone.wait(days=7)  # Monday, week 49
    await ada.says("digest on Friday 9:00")
    await hone.wait(days=1, hours=1)
    await ada.clicks("Done")
    await hone.wait(days=10)  # Friday, week 50
    assert "Win: #2 Reviews wait for days is done." in digests(hone)[-1]
    assert "Done 1 (+1)" in digests(hone)[-1]


async def test_what_happened_while_hone_was_down_is_told_by_the_next_digest(hone: Hone) -> None:
    """A week without a digest is no week that nobody hears of."""
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    await hone.wait(days=7)
    await hone.wait(days=1)
    await ada.clicks("Done")
    hone.now += timedelta(days=13)  # nobody was running in week 50
    await hone.settle()
    last = digests(hone)[-1]
    assert "week 51" in last
    assert "Changes are since W49." in last
    assert "Done 1 (+1)" in last


async def test_what_was_on_its_way_while_a_digest_was_told_is_told_by_the_next(hone: Hone) -> None:
    """Somebody presses Done a second before nine; it is saved when the digest has been read."""
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    await hone.wait(days=7)
    nine = hone.now
    assert "Done 0" in digests(hone)[-1]

    async def done(store: Store) -> None:
        item = await store.items.locked(2)
        assert item is not None
        await store.items.change(item, {"state": "accepted"}, by=ada.who.id)

    pressed = nine - timedelta(seconds=1)
    await hone.database.write(hone.workspace, pressed, done)
    await hone.wait(days=7)
    assert "Done 1 (+1)" in digests(hone)[-1]
    assert "Win: #2 Reviews wait for days is done." in digests(hone)[-1]


async def test_an_hour_that_the_clocks_give_back_is_told_of(hone: Hone) -> None:
    """From Monday to Monday it is 169 hours then, and 168 would leave one out."""
    hone.now = datetime(2026, 10, 12, 6, tzinfo=UTC)
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    await hone.wait(days=7, hours=1, minutes=5)  # Monday the 19th, 9:05 there
    hone.now += timedelta(minutes=5)
    await ada.clicks("Done")
    await hone.wait(days=7, minutes=55)  # Monday the 26th, 9:05 there
    assert "Done 1 (+1)" in digests(hone)[-1]


async def test_a_week_in_which_something_was_done_is_never_called_quiet(hone: Hone) -> None:
    """Eight days after the last digest somebody edits; ten days after, the next one is due."""
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    await hone.wait(days=7)
    await hone.wait(days=7)
    assert "Nothing has changed" in digests(hone)[-1]
    await ada.says("digest on Friday 9:00")
    await hone.wait(days=1)
    await ada.clicks("Edit")
    await ada.fills({"details": "Every single time."})
    await hone.wait(days=10)
    assert len(digests(hone)) == 2
    assert "Nothing has changed" not in digests(hone)[-1]


# --- what its buttons do ---------------------------------------------------------------------


async def test_refining_from_the_digest_names_what_is_missing(hone: Hone) -> None:
    """An item without criteria is not ready because somebody pressed Save."""
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    await hone.wait(days=7)
    await ada.clicks("Refine")
    assert ada.form is not None
    await ada.fills({"details": "A build takes five minutes."})
    assert "State: refining" in ada.told
    assert "Missing: Acceptance criteria are written; It has points." in ada.told
    assert "what's missing for #1" in digests(hone)[-1], "the ask stands until it is ready"


async def test_what_was_begun_meanwhile_is_not_dropped_from_an_old_card(hone: Hone) -> None:
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    for number in (1, 2):
        await moves(ada, number, "ready")
    await hone.wait(days=36)
    card = next(shown.card for shown in hone.channel() if "do we still want" in shown.text)
    await moves(ada, 2, "in progress")
    assert "✓ #2 Reviews wait for days is under way now." in digests(hone)[-1]
    await ada.clicks("Drop", on=card)
    assert "#2 is under way now. To drop it all the same: backlog move #2" in ada.told


async def test_what_is_under_way_and_untouched_may_be_paused(hone: Hone) -> None:
    ada = await a_team_with_a_digest(hone, "Monday 9:00")
    await ada.says("improve Deploys fail on Fridays @Ada", Named("ada", "Ada"))
    await moves(ada, 3, "ready", "in progress")
    await hone.wait(days=36)
    assert "untouched for 5 weeks: pause #3 Deploys fail on Fridays?" in digests(hone)[-1]
