"""Two sides edit the same items, and everything between them goes wrong: in the end they agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.remote import RemoteItem, Seen
from bot.trackers.sample.projects import WORKFLOW
from bot.trackers.tracker import NotNow, Silent
from storage import Database
from tests.examples import COSTLY_EXAMPLES
from tests.handlers.tracker.sampled import Sampled, everything_kept
from tests.handlers.tracker.troubled import Troubled
from tests.hone import Hone

TICKETS = (6, 7, 8)
SECRET = "Severance of forty people"

_workspaces = count()


WHAT = (
    *("there", "here", "moves", "deletes", "restores", "restricts", "shows"),
    *("reads", "waits", "old page", "silent write", "silent read", "limit"),
)


class Act(NamedTuple):
    """Something that happens to a ticket; `hooked`: the tracker calls about it."""

    what: str
    ticket: int
    hooked: bool
    hours_ahead: int


ACTS = st.lists(
    st.builds(
        Act,
        what=st.sampled_from(WHAT),
        ticket=st.sampled_from(TICKETS),
        hooked=st.booleans(),
        hours_ahead=st.integers(-1, 1),
    ),
    max_size=14,
)


class World:
    """A team that follows a project, and a count of what people wrote where."""

    def __init__(self, database: Database) -> None:
        self.hone = Hone(database, f"test:two-sides-{next(_workspaces)}")
        self.sample = Sampled(self.hone)
        self.trouble = Troubled(self.sample.tracker)
        self.hone.opens["sample"] = lambda kind, access: self.trouble  # type: ignore[assignment, return-value]
        self.ada = self.hone.person("Ada Park")
        self.words = count(1)
        self.written_here: list[tuple[int, str]] = []
        self.old: list[RemoteItem] = []
        self.restricted: set[int] = set()
        self.ever_restricted: set[int] = set()

    async def begin(self) -> None:
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
            assert (row.gone_at, row.restricted_at, row.sent) == (None, None, {})
    for ticket, title in world.written_here:
        if ticket not in world.ever_restricted:  # of those no word is left
            assert any(title in change for change in await _story(world, ticket))
    lost = sum(act.what == "silent write" for act in acts)
    assert writes_before <= len(world.written_here) + lost
    if world.restricted:
        assert SECRET not in await everything_kept(hone)
    await hone.compare_cards()
    await hone.stop()


async def _story(world: World, ticket: int) -> list[str]:
    return [str(event.changes) for event in await world.sample.events(ticket)]
