"""What a digest reads of the database tells the same as the whole backlog would, now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from handlers.digest.facts import NO_REST, Backlog
from handlers.digest.gather import gather, gather_train
from handlers.digest.health import measure
from handlers.digest.records import Record, Records, TrainRecords
from handlers.digest.story import tell
from handlers.digest.week import Week, count_week
from storage import Database, Store
from storage.excerpts import FIELDS
from storage.items import Item, ItemEvent
from storage.links import Target
from storage.states import KINDS, REWORK_REASONS, STATES
from storage.tallies import COUNTED, Tally
from storage.teams import Team

BIRTH = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)
LEAD = "petra"
EXAMPLES = (settings.default.max_examples if settings.default else 100) // 10
"""A history is long, and each is told on both databases."""

# --- a team's history ------------------------------------------------------------------------

people = st.sampled_from(("ada", "ben"))
somebody = st.none() | people
score = st.sampled_from(
    (
        {"wsjf": None, "tc": None, "size": None},
        *({"wsjf": w, "tc": 3, "size": 5} for w in (1, 4, 9)),
    )
)
days = st.none() | st.integers(-40, 300).map(lambda n: TODAY + timedelta(days=n))
changes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from(STATES).map(lambda state: {"state": state}),
    st.sampled_from(STATES).map(lambda state: {"state": state}),
    score,
    st.fixed_dictionaries({"owner": somebody}),
    st.fixed_dictionaries({"due": days}),
    st.fixed_dictionaries({"points": st.none() | st.integers(0, 8)}),
    st.fixed_dictionaries({"snoozed_until": days}),
    st.fixed_dictionaries({"kind": st.sampled_from(KINDS)}),
    st.fixed_dictionaries({"level": st.sampled_from(("team", "train"))}),
    st.fixed_dictionaries({"metric": st.sampled_from(("", "lead time"))}),
    st.fixed_dictionaries({"title": st.sampled_from(("Slow builds", "Faster builds"))}),
)
whichever = st.integers(0, 99)
# Signed, all of it: what nobody signed is left out for others where it would name a small team.
act = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from((0.3, 2, 7, 20, 60))),
    st.tuples(st.just("capture"), st.sampled_from((1, 1, 2)), changes, people),
    st.tuples(st.just("change"), whichever, changes, somebody),
    st.tuples(st.just("change"), whichever, changes, people),
    st.tuples(st.just("send back"), whichever, st.sampled_from(REWORK_REASONS)),
    st.tuples(st.just("undo"), whichever),
    st.tuples(st.just("wait for"), whichever),
    st.tuples(st.just("count")),
)

fill = st.tuples(st.just("fill"), st.lists(changes, min_size=1, max_size=4), st.integers(10, 25))
histories = st.builds(
    lambda first, early, pause, late: [first, *early, ("wait", pause), *late],
    fill,
    st.lists(act, max_size=20),
    st.sampled_from((0, 10, 150, 150)),
    st.lists(act, max_size=25),
)
"""Early and late deeds, with a pause between them that may be longer than any number looks back."""

OFTEN_ENOUGH: list[tuple[Any, ...]] = [
    ("fill", [{"state": "ready"}, {"due": date(2026, 7, 1)}, {"points": 5}], 25),
    ("change", 20, {"owner": "ben"}, "ada"),
    ("wait", 150),
    ("count",),
    ("change", 3, {"state": "in review"}, "ada"),
    ("send back", 3, "unclear criteria"),
    ("capture", 1, {"wsjf": 9.0, "tc": 3, "size": 5}, "ada"),
    ("change", 4, {"state": "accepted"}, "ben"),
    ("count",),
    ("wait", 2),
    ("undo", 4),
    ("count",),
    ("wait", 20),
]
"""A history in which everything happens, and in which some items are only summed up."""

STARTED_LONG_AGO: list[tuple[Any, ...]] = [
    ("fill", [{"state": "captured"}], 12),
    ("change", 0, {"state": "in progress"}, "ben"),
    ("change", 0, {"state": "captured"}, "ben"),
    ("wait", 150),
    ("wait", 150),
    ("change", 1, {"title": "Faster builds"}, "ada"),
]
"""The only work that was ever begun was put back before a digest looks."""


@dataclass
class History:
    """A workspace with two teams in one train; `counted` is what digests said at the time."""

    store: Store
    weeks: int
    now: datetime = BIRTH
    numbers: list[int] = field(default_factory=list)
    counted: dict[datetime, Week] = field(default_factory=dict)

    async def begin(self) -> None:
        self.team = await self.store.teams.add("Checkout", "Europe/Berlin")
        self.other = await self.store.teams.add("Payments", "UTC")

    def at_now(self) -> Store:
        return self.store.at(self.now)

    async def live(self, acts: list[tuple[Any, ...]]) -> None:
        for name, *arguments in acts:
            self.now += timedelta(minutes=1)
            deed: Callable[..., Any] = getattr(self, name.replace(" ", "_"))
            await deed(*arguments)
        await self.wait(1)

    async def wait(self, time: float) -> None:
        self.now += timedelta(days=time)
        start = BIRTH
        while self.weeks and start <= self.now:
            end = start + timedelta(weeks=self.weeks)
            await self.at_now().iterations.begin(self.team.id, start, end)
            start = end

    async def capture(self, team: int, fields: dict[str, Any], person: str | None) -> None:
        state = {"state": "captured"} if fields.get("state") in ("accepted", "dropped") else {}
        chosen = self.team if team == 1 else self.other
        fields = {"title": "Slow builds"} | fields | state
        item = await self.at_now().items.add(chosen.id, by=person, **fields)
        self.numbers.append(item.number)

    async def fill(self, fields: list[dict[str, Any]], number: int) -> None:
        """Capture so many that the lists of a digest cannot hold them."""
        for which in range(number):
            await self.capture(1, fields[which % len(fields)], "ada")
            await self.change(-1, fields[which * 7 % len(fields)], None)

    async def change(self, which: int, fields: dict[str, Any], person: str | None) -> None:
        if item := await self._item(which):
            await self.at_now().items.change(item, fields, by=person)

    async def send_back(self, which: int, reason: str) -> None:
        if (item := await self._item(which)) and item.state in ("in review", "accepted"):
            await self.at_now().items.change(item, {"state": "refining"}, by="ada", reason=reason)

    async def undo(self, which: int) -> None:
        if item := await self._item(which):
            event = await self.store.items.last_event(item.number)
            assert event is not None
            if event.kind != "linked":
                await self.at_now().items.undo(item, event, by="ada")

    async def wait_for(self, which: int) -> None:
        if item := await self._item(which):
            await self.at_now().links.set(item.number, [Target(name="Legal")])

    async def count(self) -> None:
        records = await gather(self.at_now(), self.team)
        if self.now not in self.counted and records.since is not None:
            self.counted[self.now] = _counted(records.backlog(), "2026-W01")

    async def _item(self, which: int) -> Item | None:
        if not self.numbers:
            return None
        return await self.store.items.find(self.numbers[which % len(self.numbers)])


# --- the whole backlog, to compare with ------------------------------------------------------


async def whole(store: Store, records: Records, team: Team) -> Records:
    """Return the same with every item of the team and every event, so that nothing is summed up."""
    mine = (col(ItemEvent.workspace) == store.workspace, col(ItemEvent.team_id) == team.id)
    events: dict[int, list[ItemEvent]] = {}
    for event in await store.session.scalars(
        select(ItemEvent).where(*mine).order_by(col(ItemEvent.seq))
    ):
        events.setdefault(event.number, []).append(event)
    items = await store.items.of_team(team.id, states=STATES)
    return replace(
        records,
        items=[
            Record(
                {name: getattr(item, name) for name in FIELDS},
                events[item.number],
            )
            for item in items
        ],
        rest=NO_REST,
        since=min((item.created_at for item in items), default=None),
    )


async def compare(history: History) -> int:
    """Compare all that can be told; return how many items were only summed up."""
    store = history.at_now()
    past = [store.now - timedelta(weeks=ago, days=ago % 3) for ago in range(1, 8)]
    back_to = min([*past, *history.counted])
    seen = await gather(store, history.team)
    summed_up = seen.rest.open
    for asked in (frozenset[int](), frozenset(history.numbers[-4:])):
        seen = await gather(store, history.team, asked=len(asked))
        everything = await whole(store, seen, history.team)
        assert _told(seen.backlog(), asked) == _told(everything.backlog(), asked)

    seen = await gather(store, history.team, back_to=back_to)
    everything = await whole(store, seen, history.team)
    for at in _known(seen, past, history.counted):
        assert _numbers(seen.backlog(at)) == _numbers(everything.backlog(at))
    for at, week in history.counted.items():
        retold = _counted(seen.backlog(at), week.week)
        assert replace(retold, waiting=None) == replace(week, waiting=None)

    train = await gather_train(store, history.other, back_to=back_to)
    everywhere = TrainRecords(
        await whole(store, train.own, history.other),
        [await whole(store, train.others[0], history.team)],
    )
    assert _told(train.backlog()) == _told(everywhere.backlog())
    for at in _known(train, past):
        assert _numbers(train.backlog(at)) == _numbers(everywhere.backlog(at))
    return summed_up


def _known(records: Records | TrainRecords, *instants: Iterable[datetime]) -> Iterator[datetime]:
    """Yield those instants at which there was something to tell."""
    born = records.since
    return (at for at in chain(*instants) if born is not None and born <= at)


def _told(backlog: Backlog, asked: frozenset[int] = frozenset()) -> Any:
    return tell(backlog, "2026-W48", LEAD, asked=asked, in_full=True), measure(backlog)


def _counted(backlog: Backlog, week: str) -> Week:
    return count_week(backlog, week, backlog.now - timedelta(days=7))


def _numbers(backlog: Backlog) -> Any:
    """Every number without its evidence, which is gathered for the present."""
    return _counted(backlog, "2026-W01"), [replace(m, items=()) for m in measure(backlog)]


async def sums(store: Store) -> dict[tuple[int, date], tuple[int, ...]]:
    await store.finish()
    rows = await store.session.scalars(select(Tally).where(col(Tally.workspace) == store.workspace))
    return {(t.team_id, t.due): tuple(getattr(t, name) for name in COUNTED) for t in rows}


def test_an_excerpt_tells_what_the_whole_backlog_would(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a digest would be fast and wrong; whatever it said in the past can be told again."""
    for module in ("digest.gather", "rules.velocity"):
        monkeypatch.setattr(f"handlers.{module}.HORIZON_MAX", 12)  # so that some are beyond
    workspaces = count(1)
    summed_up: list[int] = []
    with asyncio.Runner() as runner:
        database = Database(database_url)

        @given(histories, st.sampled_from((0, 1, 2, 4)))
        @example(OFTEN_ENOUGH, 0)
        @example(STARTED_LONG_AGO, 0)
        @settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate))
        def tell_both(acts: list[tuple[Any, ...]], weeks: int) -> None:
            lived = _live_and_compare(database, f"test:{next(workspaces)}", acts, weeks)
            summed_up.append(runner.run(lived))

        tell_both()
        runner.run(database.close())
    assert max(summed_up) > 0


async def _live_and_compare(
    database: Database, workspace: str, acts: list[tuple[Any, ...]], weeks: int
) -> int:
    async def live(store: Store) -> int:
        history = History(store, weeks)
        await history.begin()
        await history.live(acts)
        summed_up = await compare(history)
        maintained = await sums(store)
        await store.excerpts.recount()
        store.session.expire_all()
        assert await sums(store) == maintained
        return summed_up

    return await database.write(workspace, BIRTH, live)
