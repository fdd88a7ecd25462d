"""Three more teams beside the sample team: half a year of a train, with what hangs between them.

A newcomer finds a planning interval with objectives, what teams wait for, two retros, an
improvement that came of an earlier pattern and moved its number, and a pattern that one more report
makes systemic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.wire import encode
from handlers.backlog.sample import BACKLOG, Past, remember, weeks_before
from handlers.backlog.sample_retros import remember_retros
from handlers.ui.views import ItemView
from storage import Store
from storage.links import Target

TEAMS: tuple[tuple[Past, ...], ...] = (
    (
        Past(24, "Refunds are paid out by hand", ("refunds",), 1, 40, ready=22, done=18.5),
        Past(20, "Nobody sees when a payment provider is down", ("alarms",), 2, 30, 19, 16),
        Past(12, "The ledger export takes all night", ("exports",), 0, 30, 11, 6.5),
        Past(9, "Send orders of a test account on request", ("test-data",), 1, ready=5),
        Past(1.6, "Our API changes are announced in a mail nobody reads", ("api",), 2, 28),
        Past(1.1, "We find out too late which teams need our test accounts", ("test-data",), 0),
    ),
    (
        Past(25, "The index is rebuilt by hand", ("index",), 2, 30, ready=24, done=21),
        Past(17, "Searches with a typo find nothing", ("quality",), 0, 40, ready=15, done=10),
        Past(8, "Ranking is tuned by whoever shouts", ("ranking",), 1, 40, ready=6),
        Past(3, "We find out too late which teams we need", ("dependencies",), 0),
        Past(2, "Load tests run on somebody's laptop", ("load",), 2),
    ),
    (
        Past(23, "App releases wait for one tester", ("releases",), 0, 42, ready=21, done=17.5),
        Past(14, "Crash reports come in three formats", ("alarms",), 1, 30, ready=13, done=11),
        Past(7, "Screens are drawn before anybody asked users", ("discovery",), 2, ready=4),
        Past(2.5, "Pay by wallet in the app", ("wallet",), 1, ready=1.5),
    ),
)
"""What the other teams captured, in the order of their channels."""

CHECKOUT, PAYMENTS, SEARCH, MOBILE = range(4)

VISION = "Whoever finds something here has it at home the next day"
THEMES = ("Buying without thinking", "Money back without asking")

OBJECTIVES = (
    (CHECKOUT, "Two clicks from cart to order", 8, True, 0, "Test data is refreshed by hand"),
    (PAYMENTS, "Refunds within an hour", 10, True, 1, "The ledger export takes all night"),
    (SEARCH, "Results in the order people buy", 7, True, 0, "Ranking is tuned by whoever shouts"),
    (MOBILE, "Pay by wallet", 9, False, 0, "Pay by wallet in the app"),
)
"""Team, title, planned business value, committed, its theme's place, and an item that serves it."""

STANDING = (
    (PAYMENTS, "Send orders of a test account on request"),
    (SEARCH, "We find out too late which teams we need"),
    (MOBILE, "Pay by wallet in the app"),
)
"""Items whose cards stand in their team's channel at first."""


async def furnish_train(
    store: Store, channels: Sequence[str], people: Sequence[str], zone: str
) -> None:
    """Write the train around the sample team of the first channel, once and only beside it.

    `channels` are one for each of four teams, `people` three ids.
    """
    first = await store.items.find(1)
    fresh = first is not None and first.title == BACKLOG[0].title
    if not fresh or await store.items.find(len(BACKLOG) + 1):
        return
    teams = [(await store.channels.ensure(name, name, zone)).team_id for name in channels]
    for team, backlog in zip(teams[1:], TEAMS, strict=True):
        for past in backlog:
            await remember(store, team, past, people)
    numbers = {past.title: number for number, past in enumerate(ALL, start=1)}
    await _learnt(store, teams, people[0])
    await _planned(store, teams, people[0], numbers)
    await _waiting(store, numbers)
    await remember_retros(store, teams, channels, people, numbers)
    for place, title in STANDING:
        await store.posts.add(encode(ItemView(numbers[title])), channel=channels[place])


async def _learnt(store: Store, teams: Sequence[int], by: str) -> None:
    """An earlier pattern became the train's item, and its number moved."""
    agreed, done = weeks_before(store, 13), weeks_before(store, 5)
    item = await agreed.items.add(
        teams[CHECKOUT],
        "One calendar of releases for all teams",
        by=by,
        level="train",
        owner=by,
        due=(agreed.now + timedelta(weeks=8)).date(),
        metric="releases that collide",
        metric_from="5 a month",
        metric_to="1 a month",
    )
    await agreed.themes.confirm(1, "Releases get into each other's way", item.number, 3, 4)
    await done.items.change(item, {"state": "accepted"}, by=by)
    moved = {"effect": "moved", "effect_value": "1 a month", "effect_at": store.now}
    await store.items.change(item, moved, by=by)


async def _planned(store: Store, teams: Sequence[int], by: str, numbers: Mapping[str, int]) -> None:
    """A planning interval that is half over, with an objective for each team."""
    then = weeks_before(store, 5)
    began = then.now.date() - timedelta(days=then.now.weekday())
    await store.strategy.set_vision(1, VISION)
    themes = [await store.strategy.add_theme(1, words) for words in THEMES]
    pi = await then.objectives.plan(1, "PI 1", began, 10)
    for team, title, planned, committed, theme, serves in OBJECTIVES:
        objective = await then.objectives.add(
            pi,
            teams[team],
            title,
            by=by,
            planned=planned,
            committed=committed,
            theme_id=themes[theme].id,
        )
        item = await store.items.find(numbers[serves])
        assert item is not None, "it was remembered above"
        await then.items.change(item, {"objective_id": objective.id}, by=by)


async def _waiting(store: Store, numbers: Mapping[str, int]) -> None:
    """Checkout and mobile have waited for payments, one of them for 27 days."""
    pays = numbers["Send orders of a test account on request"]
    for title, days in (("Test data is refreshed by hand", 27), ("Pay by wallet in the app", 9)):
        then = store.at(store.now - timedelta(days=days))
        await then.links.set(numbers[title], {Target(item=pays)}, is_told=False)


ALL = (*BACKLOG, *(past for backlog in TEAMS for past in backlog))
"""Everything in the order of its numbers."""
