"""Two sides edit the same items, and everything between them goes wrong: in the end they agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any, NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.remote import RemoteItem, Seen, Unlinked
from bot.trackers.sample.projects import WORKFLOW
from bot.trackers.tracker import Access, NotNow, Silent
from bot.turn import HONE, Place, Pulled, Turn
from storage import Database, Store
from tests.examples import COSTLY_EXAMPLES
from tests.handlers.tracker.sampled import Sampled, everything_kept
from tests.handlers.tracker.troubled import Troubled
from tests.hone import Hone

TICKETS = (6, 7, 8)
SECRET = "Severance of forty people"

_workspaces = count()


FIELDS: tuple[tuple[str, str, tuple[Any, Any]], ...] = (
    ("points", "points", (3, 8)),
    ("owner", "owner", ("ada", "grace")),
    ("labels", "themes", (["speed"], ["speed", "money"])),
    ("due", "due", (date(2026, 12, 4), date(2026, 12, 11))),
    ("ubv", "ubv", (5, 13)),
    ("parent", "part_of", (1, 10)),
)
"""Fields that both sides may change: the ticket's name of each, the item's, and two values."""

PERSON = {"ada": "ada park", "grace": "grace lin"}
"""An account there → the person here."""

NO_NEWS = Pulled(0, None, Unlinked())

WHAT = (
    *(
        "there",
        "here",
        "there a field",
        "here a field",
        "votes",
        "moves",
        "deletes",
        "restores",
        "restricts",
        "shows",
    ),
    *("reads", "waits", "old page", "silent write", "silent read", "limit"),
)


class Act(NamedTuple):
    """Something that happens to a ticket; `hooked`: the tracker calls about it."""

    what: str
    ticket: int
    hooked: bool
    hours_ahead: int
    field: int = 0


ACTS = st.lists(
    st.builds(
        Act,
        what=st.sampled_from(WHAT),
        ticket=st.sampled_from(TICKETS),
        hooked=st.booleans(),
        hours_ahead=st.integers(-1, 1),
        field=st.integers(0, 2 * len(FIELDS) - 1),
    ),
    max_size=14,
)


class World:
    """A team that follows a project, and a count of what people wrote where."""

    def __init__(self, database: Database) -> None:
        self.hone = Hone(database, f"test:two-sides-{next(_workspaces)}")
        self.sample = Sampled(self.hone)
        self.trouble = Troubled(self.sample.tracker)
        self._open = self.hone.opens["sample"]
        self.hone.opens["sample"] = self._troubled  # type: ignore[assignment]
        self.ada = self.hone.person("Ada Park")
        self.words = count(1)
        self.written_here: list[tuple[int, str]] = []
        self.changes = 0
        self.old: list[RemoteItem] = []
        self.restricted: set[int] = set()
        self.ever_restricted: set[int] = set()

    def _troubled(self, kind: str, access: Access) -> object:
        """Open our own tracker; what earlier examples left to do is done in theirs."""
        ours = access.workspace == self.hone.workspace
        return self.trouble if ours else self._open(kind, access)

    async def begin(self) -> None:
        await self.hone.person("Grace Lin").says("backlog")
        await self.ada.says("improve Something of our own")
        await self.sample.connect()
        await self.sample.follow()
        for ticket in TICKETS:
            self.old.append(await self.sample.tracker.one("PAY", str(ticket)))  # type: ignore[arg-type]

    async def do(self, act: Act) -> None:
        hone, at = self.hone, self.hone.now + timedelta(hours=act.hours_ahead)
        match act.what:
            case "there":
                title = SECRET if act.ticket in self.restricted else f"There {next(self.words)}"
                await self._edit(act, title=title)
            case "here" if act.ticket not in self.restricted:
                await self._rename(act.ticket)
            case "there a field":
                name, _, values = FIELDS[act.field // 2]
                await self._edit(act, **{name: values[act.field % 2]})
            case "here a field" if act.ticket not in self.restricted:
                await self._change_here(act)
            case "votes" if act.ticket not in self.restricted:
                await self._score(act)
            case "moves":
                state = (await self.sample.ticket(act.ticket)).state
                await self._edit(act, state=WORKFLOW[state][0])
            case "deletes" | "restores":
                await self._edit(act, deleted=act.what == "deletes")
            case "restricts":
                self.restricted.add(act.ticket)
                self.ever_restricted.add(act.ticket)
                await self._edit(act, restricted=True, title=SECRET)
            case "shows" if act.ticket in self.restricted:
                self.restricted.remove(act.ticket)
                await self._edit(act, restricted=False, title=f"There {next(self.words)}")
            case "reads":
                await hone.pulls()
            case "waits":
                await hone.wait(minutes=17)
            case "old page":
                await self.sample.told(Seen((self.old[TICKETS.index(act.ticket)],)), 1)
            case "silent write":
                self.trouble.after["write"].append(Silent("no answer"))
            case "silent read":
                self.trouble.before["page"].append(Silent("no answer"))
            case "limit":
                self.trouble.before["one"].append(NotNow("later", at + timedelta(minutes=5)))

    async def _edit(self, act: Act, **fields: Any) -> None:
        at = self.hone.now + timedelta(hours=act.hours_ahead)
        await self.sample.edit(act.ticket, at=at, hooked=act.hooked, **fields)

    async def _rename(self, ticket: int) -> None:
        number, title = (await self.sample.item(ticket)).number, f"Here {next(self.words)}"
        await self.ada.says(f"backlog rename #{number} {title}")
        if (await self.sample.item(ticket)).title == title:
            self.written_here.append((ticket, title))
            self.changes += 1

    async def _change_here(self, act: Act) -> None:
        """Ada changes a field that Hone may write; a parent only comes from there."""
        _, name, values = FIELDS[act.field // 2]
        if name in ("ubv", "part_of"):
            return
        value = values[act.field % 2]
        fields = {name: PERSON[value] if name == "owner" else value}
        await self._changes(act.ticket, fields, kind="changed")

    async def _score(self, act: Act) -> None:
        """The team accepts a score: four cards, their value, and when."""
        card = (5, 13)[act.field % 2]
        score: dict[str, Any] = {"ubv": card, "tc": 5, "rroe": 3, "size": 2}
        score |= {"wsjf": (card + 8) / 2, "scored_at": self.hone.now}
        await self._changes(act.ticket, score, kind="scored")

    async def _changes(self, ticket: int, fields: dict[str, Any], *, kind: str) -> None:
        number = (await self.sample.item(ticket)).number

        async def change(store: Store) -> None:
            item = await store.items.locked(number)
            assert item is not None
            self.changes += await store.items.change(item, fields, by="ada park", kind=kind)
            now = self.hone.now
            after = Turn(self.hone.workspace, Place(""), HONE, NO_NEWS, now, key="", acted_at=now)
            await self.hone.router.take_in(after, store)  # what follows from an edit, follows

        await self.hone.database.write(self.hone.workspace, self.hone.now, change)
        await self.hone.settle()

    async def settle(self) -> None:
        """Everything works again, and two days pass."""
        for waiting in (*self.trouble.before.values(), *self.trouble.after.values()):
            waiting.clear()
        for _ in range(6):
            await self.hone.wait(hours=9)
            await self.hone.pulls()


@given(ACTS)
@example(
    [
        Act("deletes", 7, hooked=False, hours_ahead=0),
        Act("here", 7, hooked=False, hours_ahead=0),
        Act("here", 7, hooked=False, hours_ahead=0),
    ]
)
@example(
    [Act("here", 6, hooked=False, hours_ahead=0), Act("there", 6, hooked=False, hours_ahead=0)]
)
@example(
    [
        Act("votes", 6, hooked=False, hours_ahead=0),
        Act("reads", 6, hooked=False, hours_ahead=0),
        Act("there a field", 6, hooked=True, hours_ahead=0, field=9),
        Act("here a field", 6, hooked=False, hours_ahead=0, field=1),
        Act("there a field", 6, hooked=False, hours_ahead=0, field=0),
    ]
)
@example(
    [
        *[Act("there", 6, hooked=False, hours_ahead=0)] * 4,
        Act("here", 6, hooked=False, hours_ahead=0),
        Act("silent write", 6, hooked=False, hours_ahead=0),
        Act("here", 6, hooked=False, hours_ahead=0),
    ]
)
@example(
    [
        Act("deletes", 6, hooked=False, hours_ahead=0),
        Act("here a field", 6, hooked=False, hours_ahead=0, field=0),
        Act("restores", 6, hooked=False, hours_ahead=0),
    ]
)
@example(
    [
        Act("deletes", 8, hooked=False, hours_ahead=0),
        Act("waits", 8, hooked=False, hours_ahead=0),
        Act("reads", 8, hooked=False, hours_ahead=0),
        Act("here a field", 8, hooked=False, hours_ahead=0, field=2),
        Act("restores", 8, hooked=False, hours_ahead=0),
    ]
)
@settings(max_examples=COSTLY_EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_both_sides_agree_in_the_end(database: Database, acts: Sequence[Act]) -> None:
    """Events come twice, late or never, answers are lost, and the clocks are an hour apart."""
    world = World(database)
    await world.begin()
    for act in acts:
        await world.do(act)
    writes_before = world.trouble.calls["write"]
    await world.settle()
    sample, hone = world.sample, world.hone
    titles = list(await sample.numbers())
    assert len(titles) == len(set(titles))
    for ticket in TICKETS:
        there, here, row = (
            await sample.ticket(ticket),
            await sample.item(ticket),
            await sample.tracked(ticket),
        )
        if there.restricted:
            assert row.restricted_at or row.gone_at
        elif there.deleted:
            assert row.gone_at
            assert here.is_finished
        else:
            assert there.title == here.title
            assert row.state == there.state
            assert (row.gone_at, row.restricted_at) == (None, None)
            assert (there.points, there.due) == (here.points, here.due)
            assert PERSON.get(there.owner) == here.owner
            assert sorted(there.labels) == sorted(here.themes)
            part_of = (await sample.item(there.parent)).number if there.parent else None
            assert part_of == here.part_of
            if "ubv" in row.refused:
                assert str(there.ubv) in row.refused["ubv"], "who looks is told of both"
            else:
                assert there.ubv == here.ubv or here.wsjf is None, "three cards are no score"
                assert row.sent.keys() <= {"scored_at"}, "a vote is told apart from the next"
    for ticket, title in world.written_here:
        if ticket not in world.ever_restricted:  # of those no word is left
            assert any(title in change for change in await _story(world, ticket))
    lost = sum(act.what == "silent write" for act in acts)
    assert writes_before <= world.changes + lost
    if world.restricted:
        assert SECRET not in await everything_kept(hone)
    await hone.compare_cards()
    await hone.stop()


async def _story(world: World, ticket: int) -> list[str]:
    return [str(event.changes) for event in await world.sample.events(ticket)]
