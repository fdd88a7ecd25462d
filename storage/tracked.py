"""Items that other tools know, too: who they are there, and what both sides last agreed on.

An item's name elsewhere is the tool and its immutable id: a key changes when an item moves. `base`
holds each shared field as it was when both sides last said the same; who has changed it since is
told by comparing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Index,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    cast,
    delete,
    literal,
    select,
)
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared, Row, among
from storage.repository import Repository
from storage.subjects import Subject
from storage.tables import table_of
from storage.types import Json, UTCDateTime
from storage.upsert import upsert


class Tracked(Subject, SQLModel, table=True):
    """An item as another tool knows it, and what both sides last agreed on.

    `source` is the tool, with the site or the repository where ids are counted in each. `key` is
    how people there call the item. `facts` are shown with it and used for nothing.

    The rest is of items that a tracker's scope holds: `scope_id` is None for those of a file.
    `version` orders what was read, `state` is its state there in its own word, `moves` are the
    states it may be taken to now, `account` is its owner's there. `links` are names of neighbours
    that nothing here has yet. `sent` holds fields as Hone wrote them last, named and written as in
    `base`, until they are read back: so an answer that was lost is no edit of theirs.
    `state_wanted` is where somebody here wants it, `wanted_by` who. What was written and refused
    stands in `refused` as a sentence for each field. One that is not created yet has `new:` and
    its marker for its id.

    `twin` is the key in Jira of an item of Jira Align that Jira has, too. Where Jira is followed it
    is at home there, as the same item: of Align it has only its name then, and no scope.
    """

    __tablename__ = "tracked"
    __table_args__ = (
        UniqueConstraint("workspace", "source", "number", name="uq_tracked_number"),
        Index("ix_tracked_number", "workspace", "number"),
        Index("ix_tracked_remote", "workspace", "remote_id"),
        Index("ix_tracked_key", "workspace", "key"),
        Index("ix_tracked_scope", "workspace", "scope_id"),
        Index("ix_tracked_twin", "workspace", "twin"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    source: str = Field(primary_key=True, max_length=100)
    remote_id: str = Field(primary_key=True, max_length=250)
    team_id: int
    number: int
    key: str = Field(max_length=200)
    link: str = ""
    base: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    scope_id: int | None = None
    version: str = Field(default="", max_length=100)
    state: str = Field(default="", max_length=250)
    moves: list[str] = Field(default_factory=list, sa_type=Json)
    account: str = Field(default="", max_length=250)
    links: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    sent: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state_wanted: str = Field(default="", max_length=250)
    wanted_by: str = Field(default="", max_length=200)
    refused: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    restricted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    twin: str = Field(default="", max_length=200)

    @property
    def subject(self) -> str:
        return f"item:{self.number}"


@dataclass(frozen=True, slots=True)
class KnownAs:
    """How people elsewhere call an item, where they find it, and the state it has there."""

    key: str
    state: str
    link: str
    source: str
    is_gone: bool

    @property
    def words(self) -> str:
        """What stands on cards: `PAY-31 · In Progress`."""
        state = "gone there" if self.is_gone else self.state
        return f"{self.key} · {state}" if state else self.key


class SourceAnswers(SQLModel, table=True):
    """What a team said about the words of a tool: states, kinds, people and columns.

    `answers` maps each of these to word → what it means here; nobody is asked twice.
    """

    __tablename__ = "source_answers"

    workspace: str = Field(primary_key=True, max_length=100)
    team_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tool: str = Field(primary_key=True, max_length=20)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class TrackedItems(Repository):
    async def by_id(self, ids: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Tracked]:
        """Return (source, id) → what is tracked, in all teams of the workspace."""
        found = await self._rows(_BY_ID, [id for _, id in ids])
        wanted = set(ids)
        return {name: row for row in found if (name := (row.source, row.remote_id)) in wanted}

    async def with_ids(self, ids: Sequence[str], *, lock: bool) -> dict[str, list[Tracked]]:
        """Return id → what is tracked under it, in any source; with `lock` kept from changing."""
        by_id: defaultdict[str, list[Tracked]] = defaultdict(list)
        for row in await self._rows(_BY_ID_LOCKED if lock else _BY_ID, ids):
            by_id[row.remote_id].append(row)
        return by_id

    async def in_scope(
        self, scope_id: int, after: int = 0, limit: int | None = None, *, unlinked: bool = False
    ) -> Sequence[Tracked]:
        """Return what a scope holds by number, after one; or what has `unlinked` neighbours."""
        asked = select(Tracked).where(
            col(Tracked.workspace) == self._workspace,
            col(Tracked.scope_id) == scope_id,
            col(Tracked.number) > after,
        )
        if unlinked:
            asked = asked.where(cast(col(Tracked.links), String) != "{}")
        asked = asked.order_by(col(Tracked.number)).limit(limit)
        rows = await self._session.scalars(asked.execution_options(populate_existing=True))
        return rows.all()

    async def by_key(self, keys: Sequence[str]) -> dict[str, list[Tracked]]:
        """Return key → what is tracked under it, in any tool."""
        by_key: defaultdict[str, list[Tracked]] = defaultdict(list)
        for row in await self._rows(_BY_KEY, keys):
            by_key[row.key].append(row)
        return by_key

    async def by_twin(self, keys: Sequence[str]) -> dict[str, list[Tracked]]:
        """Return key in Jira → the items of Jira Align that it is the key of."""
        by_twin: defaultdict[str, list[Tracked]] = defaultdict(list)
        for row in await self._rows(_BY_TWIN, keys):
            by_twin[row.twin].append(row)
        return by_twin

    async def of_items(self, numbers: Sequence[int]) -> dict[int, list[Tracked]]:
        """Return number → what other tools know of the item."""
        self._shows(*(f"item:{number}" for number in numbers))
        by_item: defaultdict[int, list[Tracked]] = defaultdict(list)
        for row in await self._rows(_BY_NUMBER, numbers):
            by_item[row.number].append(row)
        return by_item

    async def of_account(self, source: str, account: str) -> Sequence[Tracked]:
        """Return what an account owns there."""
        rows = await self._session.scalars(
            select(Tracked)
            .where(
                col(Tracked.workspace) == self._workspace,
                col(Tracked.source) == source,
                col(Tracked.account) == account,
            )
            .order_by(col(Tracked.number))
            .execution_options(populate_existing=True)
        )
        return rows.all()

    async def known_as(self, numbers: Sequence[int]) -> dict[int, KnownAs]:
        """Return number → how people elsewhere call an item, for those that they may see.

        Where several tools know it, the one that is followed counts.
        """
        self._shows(*(f"item:{number}" for number in numbers))
        if not numbers:
            return {}
        which = {"workspace_": self._workspace, "of": list(dict.fromkeys(numbers))}
        rows = await _KNOWN_AS.rows(self._session, which)
        return {number: KnownAs(*known) for number, *known in rows}

    async def keys_of_team(self, team_id: int) -> dict[int, str]:
        """Return number → a key that the item has in another tool."""
        rows = await self._session.execute(
            select(col(Tracked.number), col(Tracked.key)).where(
                col(Tracked.workspace) == self._workspace,
                col(Tracked.team_id) == team_id,
                col(Tracked.key) != "",
            )
        )
        return {number: key for number, key in rows}  # noqa: C416 - mypy cannot see pairs

    async def _rows(self, wanted: Prepared, values: Sequence[object]) -> list[Tracked]:
        if not values:
            return []
        which = {"workspace_": self._workspace, "of": list(dict.fromkeys(values))}
        return [_tracked(row) for row in await wanted.rows(self._session, which)]

    async def keep(self, rows: Sequence[Tracked]) -> None:
        """Remember what was agreed; a row with the same source and id is replaced."""
        self._marks(*(row.subject for row in rows))
        kept = [_values(row) | {"workspace": self._workspace} for row in rows]
        await _KEEP.change(self._session, kept)

    async def forget(self, row: Tracked) -> None:
        """Forget a name that the item has no more, because it has a better one."""
        self._marks(row.subject)
        which = {"workspace_": self._workspace, "source_": row.source, "id_": row.remote_id}
        await _FORGET.change(self._session, which)

    async def forget_twins(self, source: str) -> None:
        """Forget what items of Jira are called in a Jira Align that is not followed any more."""
        rows = await self._session.execute(
            delete(Tracked)
            .where(
                col(Tracked.workspace) == self._workspace,
                col(Tracked.source) == source,
                col(Tracked.scope_id).is_(None),
                col(Tracked.twin) != "",
                cast(col(Tracked.base), String) == "{}",
            )
            .returning(col(Tracked.number))
        )
        self._marks(*(f"item:{number}" for number in rows.scalars()))

    async def answers(self, team_id: int, tool: str) -> Mapping[str, Mapping[str, str]]:
        """Return what the team said about the tool's words, by the kind of word."""
        self._shows(f"answers:{team_id}")
        row = await self._session.get(SourceAnswers, (self._workspace, team_id, tool))
        return row.answers if row else {}

    async def all_answers(self, team_id: int) -> dict[str, Mapping[str, Mapping[str, str]]]:
        """Return tool → the same, for each tool that the team has explained words of."""
        self._shows(f"answers:{team_id}")
        rows = await self._session.scalars(
            select(SourceAnswers).where(
                col(SourceAnswers.workspace) == self._workspace,
                col(SourceAnswers.team_id) == team_id,
            )
        )
        return {row.tool: row.answers for row in rows}

    async def forget_answers(self, team_id: int, tool: str) -> None:
        """Forget what the team said about the tool's words."""
        row = await self._session.get(SourceAnswers, (self._workspace, team_id, tool))
        if row is not None:
            await self._session.delete(row)
            await self._session.flush()

    async def remember(
        self, team_id: int, tool: str, answers: Mapping[str, Mapping[str, str]]
    ) -> None:
        """Keep answers beside those that were given before."""
        known = dict(await self.answers(team_id, tool))
        for kind, words in answers.items():
            known[kind] = {**known.get(kind, {}), **words}
        row = await self._session.get(SourceAnswers, (self._workspace, team_id, tool))
        if row is None:
            row = SourceAnswers(workspace=self._workspace, team_id=team_id, tool=tool)
            self._session.add(row)
        row.answers = known
        self._marks(f"answers:{team_id}")
        await self._session.flush()


# --- statements that every batch runs, built once ------------------------------------------------

_TRACKED = table_of(Tracked)
_COLUMNS = tuple(column.name for column in _TRACKED.c)


def _where(column: str, *, lock: bool = False) -> Prepared:
    def asked(dialect: str) -> Select[Any]:
        rows = select(_TRACKED).where(
            _TRACKED.c.workspace == bindparam("workspace_"),
            among(dialect, _TRACKED.c[column], "of"),
        )
        return rows.order_by(_TRACKED.c.number).with_for_update() if lock else rows

    return Prepared(asked)


def _tracked(row: Row) -> Tracked:
    return lean_row(zip(_COLUMNS, row, strict=True))


def lean_row(values: Iterable[tuple[str, Any]]) -> Tracked:
    """Return a row to read and to `keep`, in no session: all its columns have to be given.

    A file of a hundred thousand items has several hundred thousand of them, and what the ORM and
    pydantic prepare for each takes twenty times as long as the row itself.
    """
    row = object.__new__(Tracked)
    row.__dict__.update(values)
    return row


def _values(row: Tracked) -> dict[str, Any]:
    """Return a row's columns: a lean one has nothing else."""
    values = row.__dict__
    if "_sa_instance_state" not in values:
        return values.copy()
    return {name: getattr(row, name) for name in _COLUMNS}


_BLANK: Final = Tracked(
    workspace="", source="", remote_id="", team_id=0, number=0, key="", seen_at=datetime.min
).model_dump()

_ANEW: Final = [(name, type(v)) for name, v in _BLANK.items() if isinstance(v, list | dict)]


def new_row(**values: Any) -> Tracked:
    """Return a lean row; columns that are not given are empty."""
    return lean_row({**_BLANK, **{name: made() for name, made in _ANEW}, **values}.items())


def changed_row(row: Tracked, **values: Any) -> Tracked:
    """Return a lean row that differs from another in some columns."""
    return lean_row((_values(row) | values).items())


def says(row: Tracked) -> list[Any]:
    """Return all that a row says, but for when it was seen."""
    values = _values(row)
    return [values[name] for name in _COLUMNS if name != "seen_at"]


_BY_ID_LOCKED = _where("remote_id", lock=True)
_BY_ID, _BY_KEY, _BY_NUMBER = _where("remote_id"), _where("key"), _where("number")
_BY_TWIN = _where("twin")
_KNOWN_AS = Prepared(
    lambda dialect: (
        select(
            *(_TRACKED.c.number, _TRACKED.c.key, _TRACKED.c.state, _TRACKED.c.link),
            *(_TRACKED.c.source, _TRACKED.c.gone_at.is_not(None)),
        )
        .where(
            _TRACKED.c.workspace == bindparam("workspace_"),
            among(dialect, _TRACKED.c.number, "of"),
            _TRACKED.c.key != literal(""),
            _TRACKED.c.restricted_at.is_(None),
        )
        .order_by(_TRACKED.c.scope_id.is_not(None), _TRACKED.c.source)
    )
)
_KEEP = Prepared(
    lambda dialect: upsert(
        dialect,
        Tracked,
        *(name for name in _COLUMNS if name not in ("workspace", "source", "remote_id")),
    )
)
_FORGET = Prepared(
    lambda _: _TRACKED.delete().where(
        _TRACKED.c.workspace == bindparam("workspace_"),
        _TRACKED.c.source == bindparam("source_"),
        _TRACKED.c.remote_id == bindparam("id_"),
    )
)
