"""What an iteration's items did in it: what was added to the plan and what was taken out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers.digest.facts import ItemFacts, Transition
from handlers.digest.iterations import iteration, together

START = datetime(2026, 11, 9, tzinfo=UTC)
END = START + timedelta(weeks=2)


def item(number: int, *moves: tuple[float, str, str], born: float = -30) -> ItemFacts:
    """An item with its moves: days after the iteration's start, from, to."""
    history = tuple(Transition(START + timedelta(days=d), a, b) for d, a, b in moves)
    state = history[-1].target if history else "captured"
    born_at = START + timedelta(days=born)
    return ItemFacts(number=number, created_at=born_at, state=state, history=history)


def test_added_is_what_was_taken_on_after_the_start() -> None:
    items = [
        item(1, (-1, "ready", "planned")),
        item(2, (3, "ready", "planned")),
        item(3, (3, "captured", "accepted")),
        item(4, (15, "ready", "planned")),
        item(5, (3, "captured", "refining")),
    ]
    box = iteration(START, END, [1], items)
    assert box.added == {2, 3}, "finished at once is added, too; the next iteration's is not"


def test_an_item_that_came_planned_is_added() -> None:
    """Imports and split stories are born in the middle of the way."""
    born = ItemFacts(number=7, created_at=START + timedelta(days=2), state="in progress")
    assert iteration(START, END, [], [born]).added == {7}


def test_removed_is_what_was_put_back_and_stayed_there() -> None:
    items = [
        item(1, (4, "planned", "ready")),
        item(2, (4, "planned", "dropped")),
        item(3, (4, "planned", "ready"), (5, "ready", "planned")),
        item(4, (4, "planned", "in progress"), (9, "in progress", "accepted")),
        item(5, (16, "planned", "ready")),
    ]
    assert iteration(START, END, [1, 2, 3, 4, 5], items).removed == {1, 2}


def test_teams_of_one_rhythm_are_counted_together() -> None:
    mine = iteration(START, END, [1], [])
    same = iteration(START, END, [2], [])
    other = iteration(START, END + timedelta(weeks=1), [3], [])
    (box,) = together([mine], [same, other])
    assert box.planned == {1, 2}
