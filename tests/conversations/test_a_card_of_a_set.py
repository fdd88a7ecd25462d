"""A card that shows a set hears of what joins it, leaves it or changes in it.

No card of ours shows some of these sets yet; the next feature's may, and trusts that storage tells
it. Each set is shown by a card of its own that reads nothing else: what else is redrawn at the same
moment cannot hide that nobody told it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.cards import Card, says
from bot.feature import CommandSpec, Feature
from bot.turn import Named, Post, Reply, Turn
from bot.wire import View, view
from handlers import FEATURES
from storage import Database, Store
from storage.backlog import EVERYTHING_OPEN
from tests.hone import Hone, Someone
from tests.sweep.workspace import plays

TEAM = TRAIN = PI = 1
SPOKEN_OF = "refinement"

Query = Callable[[Store], Awaitable[Any]]
Act = Callable[[Someone], Awaitable[object]]


@view("test.set")
@dataclass(frozen=True, slots=True)
class SetView(View):
    """What a query of this name finds."""

    query: str


async def draw(store: Store, shown: SetView) -> Card:
    return says(f"{shown.query}: {await SETS[shown.query][0](store)}")


async def watch(_: Turn, __: Store, name: str) -> Reply:
    return Post(SetView(name))


WATCHED = Feature(
    name="test",
    commands={"watch": CommandSpec("Watch", watch, "watch", "watches a set", free_text=True)},
    views={SetView: draw},
)


# --- what a card may show --------------------------------------------------------------------


async def count(store: Store) -> Any:
    return await store.backlog.count(TEAM, EVERYTHING_OPEN)


async def waiting(store: Store) -> Any:
    return [item.number for item in await store.backlog.top_waiting(TEAM, 1)]


async def accepted(store: Store) -> Any:
    return len(await store.backlog.accepted(TEAM, store.to_the_hour().now))


async def titles(store: Store) -> Any:
    return await store.titles.open(TEAM)


async def current_pi(store: Store) -> Any:
    pi = await store.objectives.current(TRAIN)
    return pi and pi.id


async def closed_pi(store: Store) -> Any:
    pi = await store.objectives.last_closed(TRAIN)
    return pi and pi.id


async def objectives(store: Store) -> Any:
    return [objective.title for objective in await store.objectives.of_pi(PI)]


async def items_of_objective(store: Store) -> Any:
    return [item.number for item in await store.objectives.items([1])]


async def risks(store: Store) -> Any:
    return [risk.text for risk in await store.risks.of_pi(PI)]


async def confidence(store: Store) -> Any:
    vote = await store.confidence.open_of(PI)
    return vote and vote.id


async def polls(store: Store) -> Any:
    return len(await store.waiting.polls([TEAM], "grace"))


async def retros(store: Store) -> Any:
    return len(await store.waiting.retros([TEAM]))


async def members(store: Store) -> Any:
    return [person.id for person in await store.people.of_team(TEAM)]


async def teams(store: Store) -> Any:
    return [team.name for team in await store.teams.all()]


async def owned(store: Store) -> Any:
    return await store.waiting.count_items("ada")


async def waits_for(store: Store) -> Any:
    return len(await store.links.waiting_for(1))


async def ballots(store: Store) -> Any:
    poll = await store.polls.find(1)
    return await store.ballots.progress(poll, 1) if poll else {}


# --- what changes it -------------------------------------------------------------------------


async def captures(ada: Someone) -> None:
    await ada.says("improve Deployments wait for a signature")


async def takes(ada: Someone) -> None:
    await ada.says("improve Deployments wait for a signature @Ada", Named("ada", "Ada"))


async def gives_away(ada: Someone) -> None:
    grace = ada.hone.person("Grace").who
    await ada.says("backlog owner #2 @Grace", Named(grace.id, grace.name))


async def finishes(ada: Someone) -> None:
    await ada.says("backlog finish #1")


async def drops(ada: Someone) -> None:
    await ada.says("backlog drop #1")
    await ada.fills({"reason": "duplicate"})


async def plans(ada: Someone) -> None:
    await ada.says("pi setup")
    await ada.fills({"name": "PI 27.1", "starts": "2026-11-23", "length": "10 weeks"})


async def closes(ada: Someone) -> None:
    await ada.says("pi close")
    await ada.fills({})


async def aims(ada: Someone) -> None:
    await ada.says("pi objective add")
    await ada.fills({"title": "Release without waiting", "planned": "7"})


async def links(ada: Someone) -> None:
    await ada.says("pi link #1")
    await ada.fills({"objective": "1"})


async def fears(ada: Someone) -> None:
    await ada.says("pi risk The vendor is late")


async def asks_for_fists(ada: Someone) -> None:
    await ada.says("pi confidence")


async def starts_a_vote(ada: Someone) -> None:
    await ada.says("wsjf #1")


async def votes(ada: Someone) -> None:
    await plays(ada, "2 3 5 8")


async def starts_a_retro(ada: Someone) -> None:
    await ada.says("retro start")


async def comes(ada: Someone) -> None:
    await ada.hone.person("Grace").says("backlog")


async def speaks_elsewhere(ada: Someone) -> None:
    await ada.hone.person("Grace", channel="payments").says("backlog")


SETS: dict[str, tuple[Query, Act, tuple[Act, ...]]] = {
    "open items, once there is another": (count, captures, ()),
    "open items, once one is finished": (count, finishes, ()),
    "the first that waits, once it is dropped": (waiting, drops, ()),
    "what was accepted": (accepted, finishes, ()),
    "titles": (titles, captures, ()),
    "what Ada owns": (owned, takes, ()),
    "what Ada has left": (owned, gives_away, (takes,)),
    "the PI, once it is planned": (current_pi, plans, ()),
    "the PI, once it is closed": (current_pi, closes, (plans,)),
    "the closed PI": (closed_pi, closes, (plans,)),
    "objectives": (objectives, aims, (plans,)),
    "an objective's items": (items_of_objective, links, (plans, aims)),
    "risks": (risks, fears, (plans,)),
    "the open confidence vote": (confidence, asks_for_fists, (plans,)),
    "open votes": (polls, starts_a_vote, ()),
    "who has voted": (ballots, votes, (starts_a_vote,)),
    "open retros": (retros, starts_a_retro, ()),
    "members": (members, comes, ()),
    "teams": (teams, speaks_elsewhere, ()),
}
"""What a card may show: the query, the act that changes what it finds, and what comes before."""


@pytest.fixture
async def watching(sqlite_url: str, lasting: None) -> AsyncIterator[Hone]:
    """Hone with one feature more, whose cards show a set each."""
    database = Database(sqlite_url)
    hone = Hone(database, features=(*FEATURES, WATCHED))
    yield hone
    await hone.stop()
    await database.close()


@pytest.mark.parametrize("name", SETS)
async def test_a_card_hears_of_its_set(watching: Hone, name: str) -> None:
    """A card that counts, and is told of nothing, is wrong until somebody happens to redraw it."""
    _, act, before = SETS[name]
    ada = watching.person("Ada")
    await ada.says("improve Builds take forty minutes")
    for earlier in before:
        await earlier(ada)
    await ada.says(f"watch {name}")
    await watching.wait(minutes=1)
    [card] = [shown for shown in watching.channel(SPOKEN_OF) if shown.text.startswith(name)]
    before_it = card.text
    await act(ada)
    await watching.wait(minutes=1)
    assert card.text != before_it
