"""Trackers that Hone is signed in to, what teams follow there, and who is who.

A site is asked about as a whole; a scope is what one team follows of it. Whoever reads claims a row
first: `leased_until` keeps other replicas away, `due_at` says when it is next. A scope's `cursor`
moves in the transaction that saves what was read up to it, so nothing is skipped and a page that is
read twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    text,
    update,
)
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.prepared import Prepared
from storage.repository import Repository
from storage.subjects import Subject, before, comes_or_goes, is_changed
from storage.tables import table_of
from storage.tracked import Tracked
from storage.types import Json, UTCDateTime, one_of
from storage.upsert import upsert

SITE_STATES: Final = ("checking", "open", "refused")
"""Being tried for the first time or anew; signed in; its token is not accepted."""

STEPS: Final = ("looking", "shown", "first", "links", "following", "paused")
"""Counted for the preview; waits for Start; read from the beginning, first the items, then what
links them; followed; left alone."""

HOW_KNOWN: Final = ("name", "mail", "told")


class TrackerSite(Subject, SQLModel, table=True):
    """A site of a tracker that the workspace is connected to, with one account there.

    `sealed` is what its people typed to let Hone in, sealed as JSON; `until` is when that ends.
    `told` are the scopes that were found there. `hook` is the secret part of the address that the
    tracker calls, `hook_secret` what it signs with, sealed; `hooked_at` is when it last did. `why`
    says in a sentence what is wrong. Nobody asks it anything before `rests_until`, after so many
    `attempts` in a row that got no answer.
    """

    __tablename__ = "trackers"
    __table_args__ = (
        UniqueConstraint("workspace", "kind", "site", name="uq_trackers_site"),
        UniqueConstraint("hook", name="uq_trackers_hook"),
        Index(
            "ix_trackers_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        CheckConstraint(one_of("state", SITE_STATES), name="ck_trackers_state"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=20)
    site: str = Field(max_length=250)
    account: str = Field(default="", max_length=250)
    account_name: str = Field(default="", max_length=250)
    sealed: str = ""
    state: str = Field(default="checking", max_length=10)
    why: str = ""
    told: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    hook: str = Field(max_length=64)
    hook_secret: str = ""
    connected_by: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=UTCDateTime)
    until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hooked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    rests_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    attempts: int = 0

    @property
    def subject(self) -> str:
        return f"tracker:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        """Itself; the list it is new in or gone from; what is to be written, once it can be."""
        opens = is_changed(self, "state")
        return self.subject, *_lists(self, opens), *([f"records-at:{self.id}"] if opens else [])


class TrackerScope(Subject, SQLModel, table=True):
    """A project, board, query or repository that one team follows.

    `writes`: Hone may write there. `told` holds what the preview says: abilities, and counts while
    they grow. `plan` is whose objectives there come into the team's planning interval, "" where
    none do. `attempts` counts failures in a row, `why` is what went wrong last, in a sentence.
    `read_at` is when it was last read to its end, `swept_at` when all its ids were last compared.
    """

    __tablename__ = "tracker_scopes"
    __table_args__ = (
        UniqueConstraint("workspace", "tracker_id", "remote_id", name="uq_tracker_scopes_remote"),
        Index("ix_tracker_scopes_team", "workspace", "team_id"),
        Index(
            "ix_tracker_scopes_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        CheckConstraint(one_of("step", STEPS), name="ck_tracker_scopes_step"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tracker_id: int
    team_id: int
    remote_id: str = Field(max_length=250)
    name: str = Field(max_length=250)
    step: str = Field(default="looking", max_length=10)
    writes: bool = True
    told: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    cursor: str = ""
    attempts: int = 0
    why: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    swept_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    plan: str = Field(default="", max_length=100)

    @property
    def subject(self) -> str:
        return f"tracker_scope:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        """Itself; the list it is new in or gone from; what is to be written, once that changes."""
        abilities = before(self, "told").get("abilities")
        takes_other_things = is_changed(self, "step", "writes") or abilities != self.told.get(
            "abilities"
        )
        records = [f"records:{self.id}"] if takes_other_things else []
        return self.subject, *_lists(self, takes_other_things), *records


def _lists(row: SQLModel, takes_other_things: bool) -> tuple[str, ...]:
    """Return the lists that a row changes: those who are in one; where items may be written to.

    How far a tracker is read changes neither: thousands of cards may show them.
    """
    if comes_or_goes(row):
        return "trackers", "homes"
    return ("homes",) if takes_other_things else ()


class TrackerHint(SQLModel, table=True):
    """An item that a hook or a person named `at` some time: it is read afresh, soon, and once."""

    __tablename__ = "tracker_hints"

    workspace: str = Field(primary_key=True, max_length=100)
    tracker_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    remote_id: str = Field(primary_key=True, max_length=250)
    at: datetime = Field(sa_type=UTCDateTime)


class TrackerPerson(Subject, SQLModel, table=True):
    """Who an account of a tracker is here; `how` it is known: `name`, `mail`, or `told` by them.

    `person` is None for an account whose name nobody has here, or that was told to be nobody here.
    """

    __tablename__ = "tracker_people"
    __table_args__ = (
        Index("ix_tracker_people_person", "workspace", "person"),
        CheckConstraint(one_of("how", HOW_KNOWN), name="ck_tracker_people_how"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    tracker_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    account: str = Field(primary_key=True, max_length=250)
    name: str = Field(default="", max_length=250)
    person: str | None = Field(default=None, max_length=200)
    how: str = Field(max_length=10)

    @property
    def subject(self) -> str:
        return f"accounts:{self.tracker_id}"

    @property
    def is_stranger(self) -> bool:
        """Whether nobody said yet who it is, and nobody here has its name."""
        return self.person is None and self.how != "told"


class Trackers(Repository):
    """The workspace's connections and scopes, as turns see them."""

    async def connect(
        self, kind: str, site: str, sealed: str, person: str, *, hook: str, hook_secret: str
    ) -> TrackerSite:
        """Be signed in to a site, with what somebody typed; an older connection takes it over.

        It is tried at once. `hook` is 32 random characters or more.
        """
        row = await self.at_site(kind, site)
        if row is None:
            row = TrackerSite(
                workspace=self._workspace,
                id=await next_number(self._session, self._workspace, "tracker"),
                kind=kind,
                site=site,
                hook=hook,
                hook_secret=hook_secret,
                connected_by=person,
                created_at=self._now,
            )
            self._session.add(row)
        row.sealed, row.connected_by = sealed, person
        row.state, row.why, row.due_at, row.leased_until = "checking", "", self._now, None
        row.rests_until, row.attempts = None, 0
        await self._session.flush()
        return row

    async def at_site(self, kind: str, site: str) -> TrackerSite | None:
        return await self._session.scalar(
            select(TrackerSite).where(
                col(TrackerSite.workspace) == self._workspace,
                col(TrackerSite.kind) == kind,
                col(TrackerSite.site) == site,
            )
        )

    async def find(self, id: int) -> TrackerSite | None:
        return await self._numbered(TrackerSite, id, shows=f"tracker:{id}")

    async def all(self) -> Sequence[TrackerSite]:
        self._shows("trackers")
        rows = await self._session.scalars(
            select(TrackerSite)
            .where(col(TrackerSite.workspace) == self._workspace)
            .order_by(col(TrackerSite.id))
        )
        return rows.all()

    async def follow(
        self, site: TrackerSite, team_id: int, remote_id: str, name: str
    ) -> TrackerScope:
        """Have a team look at a scope; it is counted for the preview, and nothing is changed."""
        row = await self._session.scalar(
            select(TrackerScope).where(
                col(TrackerScope.workspace) == self._workspace,
                col(TrackerScope.tracker_id) == site.id,
                col(TrackerScope.remote_id) == remote_id,
            )
        )
        if row is None:
            row = TrackerScope(
                workspace=self._workspace,
                id=await next_number(self._session, self._workspace, "tracker_scope"),
                tracker_id=site.id,
                team_id=team_id,
                remote_id=remote_id,
                name=name,
                created_at=self._now,
                due_at=self._now,
            )
            self._session.add(row)
            await self._session.flush()
        return row

    async def scope(self, id: int, *, lock: bool = False) -> TrackerScope | None:
        """Return a scope; with `lock` it is read anew and kept from changing."""
        return await self._numbered(TrackerScope, id, shows=f"tracker_scope:{id}", lock=lock)

    async def scopes_of(self, team_id: int) -> Sequence[TrackerScope]:
        """Return what a team follows, oldest first."""
        return await self._scopes(col(TrackerScope.team_id) == team_id)

    async def scopes_at(self, tracker_id: int) -> Sequence[TrackerScope]:
        """Return what is followed at a site, oldest first."""
        return await self._scopes(col(TrackerScope.tracker_id) == tracker_id)

    async def _scopes(self, which: ColumnElement[bool]) -> Sequence[TrackerScope]:
        self._shows("trackers")
        rows = await self._session.scalars(
            select(TrackerScope)
            .where(col(TrackerScope.workspace) == self._workspace, which)
            .order_by(col(TrackerScope.id))
        )
        return rows.all()

    async def hint(self, tracker_id: int, ids: Collection[str]) -> None:
        """Have single items read afresh, also those that are being read right now."""
        hints = [
            {"workspace": self._workspace, "tracker_id": tracker_id, "remote_id": id}
            for id in sorted(ids)
        ]
        await _HINT.change(self._session, [hint | {"at": self._now} for hint in hints])

    async def hooked(self, hook: str, ids: Collection[str]) -> None:
        """Note what a tracker named when it called the address with this secret part."""
        site = await self._session.scalar(
            select(TrackerSite).where(
                col(TrackerSite.workspace) == self._workspace, col(TrackerSite.hook) == hook
            )
        )
        if site is not None:
            site.hooked_at = self._now
            await self.hint(site.id, ids)

    async def people(self, tracker_id: int) -> Sequence[TrackerPerson]:
        """Return the accounts of a site that own items, in no order."""
        self._shows(f"accounts:{tracker_id}")
        rows = await self._session.scalars(
            select(TrackerPerson).where(
                col(TrackerPerson.workspace) == self._workspace,
                col(TrackerPerson.tracker_id) == tracker_id,
            )
        )
        return rows.all()

    async def know(
        self, tracker_id: int, account: str, name: str, person: str | None, how: str
    ) -> None:
        """Remember who an account is; without a person, nobody here has its name or was told."""
        row = await self._session.get(TrackerPerson, (self._workspace, tracker_id, account))
        if row is None:
            row = TrackerPerson(
                workspace=self._workspace, tracker_id=tracker_id, account=account, how=how
            )
            self._session.add(row)
        row.name, row.person, row.how = name or row.name, person, how
        await self._session.flush()

    async def leave(self, scope: TrackerScope, *, deletes: bool = False) -> None:
        """Follow something no more; what was read stays, or waits in `forsaken` to be deleted."""
        await self._session.execute(
            update(Tracked)
            .where(col(Tracked.workspace) == self._workspace, col(Tracked.scope_id) == scope.id)
            .values(scope_id=forsaken(scope.id) if deletes else None)
        )
        await self._session.delete(scope)
        await self._session.flush()

    async def disconnect(self, tracker_id: int) -> None:
        """Forget a site with its token, its scopes and its people; what was read stays."""
        for scope in await self.scopes_at(tracker_id):
            await self._session.execute(
                update(Tracked)
                .where(col(Tracked.workspace) == self._workspace, col(Tracked.scope_id) == scope.id)
                .values(scope_id=None)
            )
            self._marks(scope.subject)
        which = {"workspace_": self._workspace, "id_": tracker_id}
        for forget in _FORGET:
            await forget.change(self._session, which)
        self._marks("trackers", "homes", f"tracker:{tracker_id}")


def forsaken(scope_id: int) -> int:
    """Return what stands in the place of a scope that has gone, with items still to be deleted."""
    return -scope_id


_HINT = Prepared(lambda dialect: upsert(dialect, TrackerHint, "at"))


def _forgetting(model: type[SQLModel], column: str = "tracker_id") -> Prepared:
    table = table_of(model)
    return Prepared(
        lambda _: delete(table).where(
            table.c.workspace == bindparam("workspace_"), table.c[column] == bindparam("id_")
        )
    )


_FORGET = (
    _forgetting(TrackerHint),
    _forgetting(TrackerPerson),
    _forgetting(TrackerScope),
    _forgetting(TrackerSite, "id"),
)
