"""At most three asks, each worth somebody's minute."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.asks import Ask, choose, short, span
from handlers.digest.facts import Awaited, Backlog, Dependency, ItemFacts
from handlers.digest.verdict import Condition
from tests.handlers.digest.teams import LEAD, NOW, TODAY, ago, finished, item, working


def asked_about(
    *items: ItemFacts, condition: Condition = "healthy", asked: frozenset[int] = frozenset()
) -> list[tuple[int, str, str]]:
    """Return (number, action, person) of the asks."""
    asks = choose(Backlog(now=NOW, items=items), condition, LEAD, asked)
    return [(ask.number, ask.action, ask.person) for ask in asks]


def late(number: int, days: int = 3, **facts: Any) -> ItemFacts:
    return item(number, "in progress", owner="Ana", due=TODAY - timedelta(days=days), **facts)


def unowned(number: int, **facts: Any) -> ItemFacts:
    return item(number, "refining", created_by="Ben", kind="improvement", edits=(ago(1),), **facts)


def unready(number: int, **facts: Any) -> ItemFacts:
    return item(number, "captured", kind="story", owner="Cleo", **facts)


def untouched(number: int, age: float = 60, **facts: Any) -> ItemFacts:
    return item(number, "ready", kind="story", owner="Dan", age=age, **facts)


# --- what is asked, of whom ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "condition", "ask"),
    [
        (
            late(7, 3, title="Faster builds"),
            "healthy",
            Ask(
                7,
                "Faster builds",
                "Ana",
                "snooze",
                "3 days late: new date for #7 Faster builds?",
            ),
        ),
        (
            item(7, "ready", kind="feature", title="Pay by card"),
            "healthy",
            Ask(
                7,
                "Pay by card",
                LEAD,
                "outcome",
                "which number should #7 Pay by card change?",
            ),
        ),
        (
            unowned(7, title="Faster builds"),
            "healthy",
            Ask(
                7,
                "Faster builds",
                "Ben",
                "assign",
                "who takes #7 Faster builds?",
            ),
        ),
        (
            working(7, started=3, kind="story", title="Gift cards"),
            "healthy",
            Ask(
                7,
                "Gift cards",
                LEAD,
                "assign",
                "who takes #7 Gift cards?",
            ),
        ),
        (
            unready(7, title="Gift cards"),
            "healthy",
            Ask(
                7,
                "Gift cards",
                "Cleo",
                "refine",
                "what's missing for #7 Gift cards?",
            ),
        ),
        (
            untouched(7, title="Gift cards"),
            "healthy",
            Ask(
                7,
                "Gift cards",
                "Dan",
                "drop",
                "do we still want #7 Gift cards?",
            ),
        ),
        (
            working(7, started=41, owner="Eve", edits=(ago(1),), title="New login"),
            "overloaded",
            Ask(
                7,
                "New login",
                "Eve",
                "snooze",
                "5 weeks in: pause #7 New login?",
            ),
        ),
    ],
)
def test_each_ask_says_what_and_who(one: ItemFacts, condition: Condition, ask: Ask) -> None:
    assert choose(Backlog(now=NOW, items=(one,)), condition, LEAD) == (ask,)


@pytest.mark.parametrize(
    ("owner", "created_by", "person"),
    [("Ana", "Ben", "Ana"), (None, "Ben", "Ben"), (None, None, LEAD)],
)
def test_the_owner_is_asked_else_who_captured_it_else_the_lead(
    owner: str | None, created_by: str | None, person: str
) -> None:
    """An anonymous insight has no author to ask: the lead decides."""
    one = item(7, "captured", owner=owner, created_by=created_by)
    assert asked_about(one) == [(7, "refine", person)]


@pytest.mark.parametrize(
    "one",
    [
        item(7, "captured", due=date(2026, 11, 1), snoozed_until=date(2026, 12, 1)),
        item(7, "ready", owner="Ana"),
        finished(7, started=9, done=3),
        item(7, "dropped", age=90),
        working(7, started=41, owner="Ana", edits=(ago(1),)),  # long, but not an overload
    ],
)
def test_nothing_is_asked_about_items_in_order(one: ItemFacts) -> None:
    assert asked_about(one) == []


def test_a_snooze_ends_on_its_day() -> None:
    assert asked_about(unready(7, snoozed_until=TODAY)) != []


# --- which three -----------------------------------------------------------------------------


def test_one_of_each_kind_then_second_ones() -> None:
    """Four subjects a team can act on beat three of the same."""
    items = (
        late(1, 3),
        late(2, 9),
        unowned(3, wsjf=2),
        unowned(4, wsjf=5),
        unready(5, wsjf=9),
        untouched(6),
    )
    assert [number for number, _, _ in asked_about(*items)] == [2, 4, 5]
    assert [number for number, _, _ in asked_about(late(1, 3), late(2, 9), unowned(3))] == [2, 3, 1]


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ("starving", [5, 51, 2]),
        ("new", [5, 51, 2]),
        ("steady", [5, 2, 4]),  # only the top three of the horizon: #5, and #4, which is next
        ("quiet", [6, 62, 2]),
        ("slipping", [2, 1, 4]),
        ("ownerless", [4, 3, 2]),
        ("healthy", [2, 4, 5]),
    ],
)
def test_first_comes_what_would_change_the_verdict(
    condition: Condition, numbers: list[int]
) -> None:
    items = (
        late(1, 3, edits=(ago(1),)),
        late(2, 9, edits=(ago(1),)),
        unowned(3, wsjf=2),
        unowned(4, wsjf=5),
        unready(5, wsjf=9),
        unready(51, wsjf=6),
        untouched(6),
        untouched(61, wsjf=20),
        untouched(62, wsjf=19),
    )
    assert [number for number, _, _ in asked_about(*items, condition=condition)] == numbers


def test_an_overload_is_eased_by_pausing_what_takes_longest() -> None:
    items = (
        working(1, started=15, owner="Ana", edits=(ago(1),)),
        working(2, started=40, owner="Ben", edits=(ago(1),)),
        working(3, started=14, owner="Cleo", edits=(ago(1),)),  # not yet over an iteration
    )
    assert asked_about(*items, condition="overloaded") == [
        (2, "snooze", "Ben"),
        (1, "snooze", "Ana"),
    ]


def test_the_least_valuable_is_the_first_to_drop() -> None:
    """Unscored before scored, and of those the lowest score."""
    items = (untouched(1, wsjf=1), untouched(2), untouched(3, wsjf=9), untouched(4, age=50))
    assert [number for number, _, _ in asked_about(*items, condition="quiet")] == [4, 2, 1]


def test_one_item_is_asked_about_once() -> None:
    """Late, and untouched for two months: one question is enough."""
    assert asked_about(late(1, 9, age=90)) == [(1, "snooze", "Ana")]


def test_nobody_is_reminded_two_weeks_running() -> None:
    items = (late(1, 3), late(2, 9))
    assert asked_about(*items, asked=frozenset({2})) == [(1, "snooze", "Ana")]
    assert asked_about(*items, asked=frozenset({1, 2})) == []


states = st.sampled_from(("captured", "refining", "ready", "planned", "in progress", "in review"))
conditions = st.sampled_from(
    ("new", "quiet", "starving", "overloaded", "slipping", "ownerless", "steady", "healthy")
)


@given(
    st.lists(
        st.tuples(
            states,
            st.booleans(),
            st.floats(0, 200),
            st.none() | st.integers(-60, 60),
            st.booleans(),
        ),
        max_size=25,
    ),
    conditions,
    st.sets(st.integers(1, 25)),
)
def test_asks_are_few_distinct_and_have_a_person(
    rows: list[tuple[str, bool, float, int | None, bool]],
    condition: Condition,
    asked: set[int],
) -> None:
    items = tuple(
        item(
            number,
            state,
            age=age,
            owner="Ana" if owned else None,
            due=None if due is None else TODAY + timedelta(days=due),
            snoozed_until=TODAY + timedelta(days=1) if snoozed else None,
        )
        for number, (state, owned, age, due, snoozed) in enumerate(rows, start=1)
    )
    asks = choose(Backlog(now=NOW, items=items), condition, LEAD, asked)
    numbers = [ask.number for ask in asks]
    assert len(numbers) <= 3
    assert len(set(numbers)) == len(numbers)
    assert not asked & set(numbers)
    assert all(ask.person and not rows[ask.number - 1][4] for ask in asks)
    assert choose(Backlog(now=NOW, items=items[::-1]), condition, LEAD, asked) == asks


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Faster builds", "Faster builds"),
        ("One two three four five", "One two three four five"),
        ("One two three four five six", "One two three four five…"),
        ("Donaudampfschifffahrtsgesellschaftskapitän", "Donaudampfschifffahrtsgesellschafts…"),
        ("  spaces \n everywhere ", "spaces everywhere"),
        ("", ""),
    ],
)
def test_a_title_is_cut_to_what_one_recognises(title: str, shown: str) -> None:
    assert short(title) == shown


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "1 day"), (13, "13 days"), (14, "2 weeks"), (20, "2 weeks"), (21, "3 weeks")],
)
def test_time_is_told_in_days_then_in_weeks(days: int, said: str) -> None:
    assert span(days) == said


# --- between teams ---------------------------------------------------------------------------


def waiting_for_search(days: float, **more: Any) -> Backlog:
    """Return a backlog whose #7 has waited for search, which can be reminded."""
    link = Dependency(7, "Search", ago(days), reachable=True, **more)
    load = item(7, "ready", age=80, owner="Ana", title="Load test")
    return Backlog(now=NOW, dependencies=(link,), linked={7: load})


def test_what_waits_long_for_another_team_is_asked_about() -> None:
    """A dependency of 27 days that nobody asks about is one of 54 days."""
    (ask,) = choose(waiting_for_search(27), "healthy", LEAD)
    question = "#7 Load test waits 27 days for Search: remind them?"
    assert ask == Ask(7, "Load test", "Ana", "remind", question)


@pytest.mark.parametrize(
    "backlog",
    [
        waiting_for_search(13),
        waiting_for_search(27, reminded_at=ago(9)),
        Backlog(now=NOW, dependencies=(Dependency(7, "Legal", ago(27)),)),
    ],
    ids=["young", "reminded already", "out of reach"],
)
def test_nobody_is_to_remind_without_need(backlog: Backlog) -> None:
    """An ask that leads to nothing takes the place of one that would."""
    assert choose(backlog, "healthy", LEAD) == ()


def test_who_is_waited_for_long_is_asked_by_when() -> None:
    """The team that holds others up must read so in its own digest."""
    serve = item(2, "ready", age=80, owner="Eve", title="Serve test data")
    awaited = (Awaited(2, "Checkout", 7, ago(27)),)
    (ask,) = choose(Backlog(now=NOW, awaited=awaited, linked={2: serve}), "healthy", LEAD)
    question = "Checkout waits 27 days for #2 Serve test data: by when?"
    assert ask == Ask(2, "Serve test data", "Eve", "date", question)
    promised = item(2, "ready", age=80, owner="Eve", due=TODAY + timedelta(days=3))
    assert choose(Backlog(now=NOW, awaited=awaited, linked={2: promised}), "healthy", LEAD) == ()


def test_what_no_item_is_named_for_is_for_the_lead_to_take_on() -> None:
    """The other team's owner cannot decide who of us takes it."""
    load = item(7, "ready", age=80, owner="Ana", title="Load test")
    backlog = Backlog(now=NOW, awaited=(Awaited(0, "Checkout", 7, ago(27)),), linked={7: load})
    (ask,) = choose(backlog, "healthy", LEAD)
    question = "Checkout waits 27 days for us, with #7 Load test: who takes it?"
    assert ask == Ask(7, "Load test", LEAD, "take", question)


# --- what a feature is for -------------------------------------------------------------------


def from_elsewhere(number: int, **facts: Any) -> ItemFacts:
    """A feature that a tracker or a file brought: nobody here wrote it."""
    return item(number, "ready", kind="feature", **facts)


def test_one_feature_at_a_time_is_asked_what_it_is_for_and_each_once() -> None:
    """Ten thousand imported features are no questionnaire."""
    features = [from_elsewhere(number) for number in range(1, 12)]
    assert asked_about(*features) == [(1, "outcome", LEAD)]
    asks = choose(Backlog(now=NOW, items=tuple(features)), "healthy", LEAD, framed={1, 2})
    assert [ask.number for ask in asks] == [3]


def test_who_wrote_a_feature_here_was_asked_then() -> None:
    written = from_elsewhere(1, created_by="Ana")
    hoped = from_elsewhere(2, hypothesis=True)
    assert asked_about(written, hoped) == []
