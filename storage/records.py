"""What Hone writes to trackers: where it may, what was tried last, and what came of it.

A record is a post of an item, sent to the tracker's scope. Everything it is drawn from stands in
`tracked`: `base` says what both sides agree on, `sent` what Hone tried to write, `refused` why the
tracker did not take it. A value that was refused is not sent again until it is another.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, select, update
from sqlmodel import col

from storage.keys import keys_in, meant, with_numbers
from storage.numbers import is_number
from storage.posts import PostRow
from storage.prepared import Prepared, among
from storage.repository import Repository
from storage.tables import table_of
from storage.tracked import Tracked, TrackedItems
from storage.trackers import TrackerPerson, TrackerScope, TrackerSite

UNBORN: Final = "new:"
"""What the id begins with of an item that is to be created; behind it stands its marker."""

CREATION: Final = "create"
"""Stands among the refused fields where it is the item itself that was not created."""

AGAIN: Final = "again"
"""When somebody last asked for what was refused to be sent once more, among what was sent."""

RECORDS_COUNTED_MAX: Final = 500
"""More that wait are not counted one by one while somebody looks."""

COLUMN_OF: Final = {"labels": "themes"}
"""Fields that an item of Hone has under another name than a change."""


@dataclass(frozen=True, slots=True)
class Home:
    """A scope as whoever writes there has to know it."""

    scope_id: int
    team_id: int
    remote_id: str
    scope_name: str
    step: str
    writes: bool
    told: Mapping[str, Any]
    following_since: Any
    tracker_id: int
    kind: str
    site: str
    state: str
    why: str

    @property
    def takes_items(self) -> bool:
        """Whether items can be put there, now or once its token works again."""
        creates = self.told.get("abilities", {}).get("creates", True)
        return self.writes and self.step in ("first", "links", "following") and bool(creates)

    @property
    def source(self) -> str:
        """What its items are known by."""
        return f"{self.kind}:{self.site}"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a change that was sent. `agreed` are fields as both sides have them now.

    `refused` are those that were not taken, each with a sentence. `state` is where the item is
    there, if that was changed. `until_read`: the item was not there, so what was refused is sent
    again once something else is read of it.
    """

    agreed: Mapping[str, Any]
    refused: Mapping[str, str]
    id: str = ""
    key: str = ""
    link: str = ""
    version: str = ""
    state: str = ""
    until_read: bool = False


class Records(Repository):
    """What is to be written about the workspace's items."""

    async def home(self, scope_id: int) -> Home | None:
        """Return where a scope's items are written to."""
        if not is_number(scope_id):
            return None
        self._shows(f"records:{scope_id}")
        which = {"workspace_": self._workspace, "scope": scope_id}
        rows = await _HOME.rows(self._session, which)
        if not rows:
            return None
        home = Home(*rows[0])
        self._shows(f"records-at:{home.tracker_id}")
        return home

    async def homes_of_team(self, team_id: int) -> list[Home]:
        """Return all that a team follows, oldest first."""
        self._shows("homes")
        rows = await _HOMES.rows(self._session, {"workspace_": self._workspace, "team": team_id})
        return [Home(*row) for row in rows]

    async def recorded(self, channel: str) -> list[int]:
        """Return the items that have a record in a scope's channel, the newest first."""
        rows = await self._session.scalars(
            select(col(PostRow.view))
            .where(
                col(PostRow.workspace) == self._workspace,
                col(PostRow.channel) == channel,
                col(PostRow.state) == "live",
            )
            .order_by(col(PostRow.created_at).desc())
            .limit(RECORDS_COUNTED_MAX)
        )
        return [int(json.loads(view)[1]) for view in rows]

    async def living(self, numbers: Collection[int]) -> list[tuple[int, int]]:
        """Return (number, scope) of those items that a tracker's scope holds, or shall hold."""
        which = {"workspace_": self._workspace, "of": sorted(numbers)}
        rows = await _LIVING.rows(self._session, which)
        return [(number, scope_id) for number, scope_id in rows]

    async def of(self, number: int, scope_id: int, *, lock: bool = False) -> Tracked | None:
        """Return how a scope knows an item; with `lock` it is read anew and kept from changing.

        Lock it before the item: whoever reads news of it does so, too.
        """
        if not (is_number(number) and is_number(scope_id)):
            return None
        self._shows(f"item:{number}")
        asked = select(Tracked).where(
            col(Tracked.workspace) == self._workspace,
            col(Tracked.number) == number,
            col(Tracked.scope_id) == scope_id,
        )
        if lock:
            asked = asked.with_for_update()
        return await self._session.scalar(asked.execution_options(populate_existing=lock))

    async def with_numbers(self, line: str, *, leading: bool = False) -> str:
        """Return a line with Hone's numbers in place of what other tools call its items.

        `leading`: only those that the line begins with; what follows may be a title.
        """
        keys = keys_in(line, leading=leading)
        if not keys:
            return line
        spelled = {key: {key, key.upper()} for key in keys}
        found = await TrackedItems(self._session, self._workspace, self._now).by_key(
            sorted(set().union(*spelled.values()))
        )
        numbers = {
            key: number
            for key, ways in spelled.items()
            if (number := meant([row for way in ways for row in found.get(way, ())])) is not None
        }
        return with_numbers(line, numbers, leading=leading)

    async def accounts_of(self, tracker_id: int, people: Collection[str]) -> dict[str, str]:
        """Return person → their account at a site."""
        self._shows(f"accounts:{tracker_id}")
        rows = await self._session.execute(
            select(col(TrackerPerson.person), col(TrackerPerson.account)).where(
                col(TrackerPerson.workspace) == self._workspace,
                col(TrackerPerson.tracker_id) == tracker_id,
                col(TrackerPerson.person).in_(people),
            )
        )
        return {person: account for person, account in rows if person}

    async def begin(self, row: Tracked) -> None:
        """Have an item created in a scope; its id begins with UNBORN until its tracker has one."""
        self._session.add(row)
        await self._session.flush()

    async def forget(self, row: Tracked) -> None:
        """Have an item not created after all."""
        await self._session.delete(row)
        await self._session.flush()

    async def want_state(self, row: Tracked, state: str, *, by: str) -> None:
        """Have an item moved there to a state, in its tracker's own word."""
        row.state_wanted, row.wanted_by = state, by
        row.refused = {name: why for name, why in row.refused.items() if name != "state"}
        await self._session.flush()

    async def try_again(self, row: Tracked) -> None:
        """Let what was refused be sent once more."""
        row.refused = {}
        kept = {name: value for name, value in row.sent.items() if name != CREATION}
        row.sent = {**kept, AGAIN: self._now.isoformat()}
        await self._session.flush()

    async def sending(self, number: int, scope_id: int, values: Mapping[str, Any]) -> None:
        """Note what is about to be written, so that it is known again whoever hears of it first."""
        row = await self.of(number, scope_id, lock=True)
        if row is None or row.sent == (sent := {**row.sent, **_named(values)}):
            return
        await self._session.execute(
            update(table_of(Tracked))
            .where(
                table_of(Tracked).c.workspace == self._workspace,
                table_of(Tracked).c.source == row.source,
                table_of(Tracked).c.remote_id == row.remote_id,
            )
            .values(sent=sent)
        )

    async def settle(self, number: int, scope_id: int, outcome: Sent) -> Tracked | None:
        """Note what became of a change; return how the scope knows the item now."""
        row = await self.of(number, scope_id, lock=True)
        if row is None:
            return None
        agreed = _named(outcome.agreed)
        tried = {*outcome.agreed, *outcome.refused}
        row.base = {**row.base, **agreed}
        row.refused = {
            **{name: why for name, why in row.refused.items() if name not in tried},
            **outcome.refused,
        }
        if outcome.until_read:
            again = {COLUMN_OF.get(name, name) for name in outcome.refused}
            row.sent = {name: value for name, value in row.sent.items() if name not in again}
        if outcome.refused:  # in the same words, perhaps: it is another change all the same
            self._marks(row.subject)
        if outcome.agreed or outcome.id:
            row.refused = {name: why for name, why in row.refused.items() if name != CREATION}
        if outcome.state:
            row.state = outcome.state
        if outcome.state or "state" in outcome.refused:
            row.state_wanted, row.wanted_by = "", ""
        row.key, row.link = outcome.key or row.key, outcome.link or row.link
        row.version = outcome.version or row.version
        if outcome.id and outcome.id != row.remote_id:
            return await self._named_anew(row, outcome.id)
        await self._session.flush()
        return row

    async def _named_anew(self, row: Tracked, id: str) -> Tracked:
        """Give an item the id that its tracker gave it."""
        born = Tracked(**(row.model_dump() | {"remote_id": id}))
        await self._session.delete(row)
        await self._session.flush()
        self._session.add(born)
        await self._session.flush()
        return born


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change's fields by the names of an item's; a state is no field of `base`."""
    return {COLUMN_OF.get(name, name): value for name, value in values.items() if name != "state"}


# --- statements that every edit of a tracked item runs -------------------------------------------

_TRACKED = table_of(Tracked).c
_SCOPES = table_of(TrackerScope).c
_SITES = table_of(TrackerSite).c
_ASKED = (
    *(_SCOPES.id, _SCOPES.team_id, _SCOPES.remote_id, _SCOPES.name, _SCOPES.step, _SCOPES.writes),
    *(_SCOPES.told, _SCOPES.created_at),
    *(_SITES.id, _SITES.kind, _SITES.site, _SITES.state, _SITES.why),
)


def _homes(which: Any) -> Prepared:
    joined = (_SITES.workspace == _SCOPES.workspace) & (_SITES.id == _SCOPES.tracker_id)
    return Prepared(
        lambda _: (
            select(*_ASKED)
            .select_from(table_of(TrackerScope).join(table_of(TrackerSite), joined))
            .where(_SCOPES.workspace == bindparam("workspace_"), which)
            .order_by(_SCOPES.id)
        )
    )


def _is_hidden() -> ColumnElement[bool]:
    """Return that any tracker shows the item to some only: what it says here is not its own."""
    rows = table_of(Tracked).alias()
    return exists().where(
        rows.c.workspace == _TRACKED.workspace,
        rows.c.number == _TRACKED.number,
        rows.c.restricted_at.is_not(None),
    )


_HOME = _homes(_SCOPES.id == bindparam("scope"))
_HOMES = _homes(_SCOPES.team_id == bindparam("team"))
_LIVING = Prepared(
    lambda dialect: (
        select(_TRACKED.number, _TRACKED.scope_id)
        .where(
            _TRACKED.workspace == bindparam("workspace_"),
            among(dialect, _TRACKED.number, "of"),
            _TRACKED.scope_id.is_not(None),
            _TRACKED.gone_at.is_(None),
            ~_is_hidden(),
        )
        .order_by(_TRACKED.number, _TRACKED.scope_id)
    )
)
