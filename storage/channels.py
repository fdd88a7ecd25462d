"""Channels as their platform has them: what they are called, whose they are, and who left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, Update, and_, bindparam, delete, exists, func, select, update
from sqlmodel import Field, SQLModel, col

from storage.items import Item
from storage.people import Membership, PersonRow
from storage.prepared import Prepared
from storage.repository import Repository, changed_rows
from storage.retros import CANCELLED, OPEN_STAGES, Retro
from storage.tables import table_of
from storage.teams import Channel, Team, TeamRole, Teams
from storage.upsert import insert_new


class Absence(SQLModel, table=True):
    """Somebody left a channel, and has not come back."""

    __tablename__ = "absences"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    person: str = Field(primary_key=True, max_length=200)


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of a person and of the channel they are in now; None for what is not."""

    name: str | None = None
    zone: str | None = None
    locale: str | None = None
    role: str | None = None
    seen_at: datetime | None = None
    team_id: int | None = None
    direct_channel: str | None = None
    channel_name: str | None = None
    channel_team: int | None = None
    has_left: bool = False


class Channels(Repository):
    async def acquaintance(self, person: str, channel: str) -> Acquaintance:
        """Return what every turn asks of its person and channel, in one read."""
        where = {"workspace_": self._workspace, "person_": person, "channel_": channel}
        rows = await _ACQUAINTANCE.rows(self._session, where)
        return Acquaintance(*rows[0]) if rows else Acquaintance()

    async def find(self, id: str) -> Channel | None:
        return await self._session.get(Channel, (self._workspace, id))

    async def all(self) -> Sequence[Channel]:
        """Return every channel that Hone knows, in the order their teams came."""
        rows = await self._session.scalars(
            select(Channel)
            .where(col(Channel.workspace) == self._workspace)
            .order_by(col(Channel.team_id), col(Channel.id))
        )
        return rows.all()

    async def add(self, id: str, team_id: int) -> None:
        """Let a channel that nobody knows yet speak for a team that is there."""
        self._marks(f"channel:{id}", f"team:{team_id}")
        channel = {"workspace": self._workspace, "id": id, "name": id, "team_id": team_id}
        await _ADD_CHANNEL.change(self._session, channel)

    async def ensure(self, id: str, name: str, zone: str) -> Channel:
        """Return the channel, called so; a new one gets a new team of its own in the first train.

        Without a `name` it keeps the one it has.
        """
        known = await self.find(id)
        if known is None:
            channel = {"workspace": self._workspace, "id": id, "name": name, "team_id": 0}
            is_new = await _ADD_CHANNEL.change(self._session, channel)
            if is_new:  # of several who come at once, one starts the team
                team = await Teams(self._session, self._workspace, self._now).add(name or id, zone)
                await self.join_team(id, team.id)
            known = await self.find(id)
            assert known is not None
        elif name and known.name != name:
            await self._rename(known, name)
        return known

    async def rename(self, id: str, name: str) -> None:
        """Note what a channel is called now, if it is known."""
        known = await self.find(id)
        if known is not None and name and known.name != name:
            await self._rename(known, name)

    async def _rename(self, channel: Channel, name: str) -> None:
        """Call the channel so, and its team with it as long as nobody gave that a name."""
        team = await self._session.get(Team, (self._workspace, channel.team_id))
        if team is not None and team.name in (channel.name, channel.id):
            team.name = name
        channel.name = name

    async def greet(self, id: str) -> bool:
        """Note that Hone said hello in the channel; True only the first time."""
        greeted = await self._session.execute(
            update(Channel)
            .where(
                col(Channel.workspace) == self._workspace,
                col(Channel.id) == id,
                col(Channel.greeted_at).is_(None),
            )
            .values(greeted_at=self._now)
        )
        return changed_rows(greeted) == 1

    async def join_team(self, id: str, team_id: int) -> None:
        """Let the channel speak for an existing team."""
        lists = (f"{kind}:{team_id}" for kind in ("polls", "retros", "digests"))
        self._marks(f"channel:{id}", f"team:{team_id}", *lists)
        await self._session.execute(
            update(Channel)
            .where(col(Channel.workspace) == self._workspace, col(Channel.id) == id)
            .values(team_id=team_id)
        )

    async def of_team(self, team_id: int) -> Sequence[Channel]:
        self._shows(f"team:{team_id}")
        rows = await self._session.scalars(
            select(Channel)
            .where(col(Channel.workspace) == self._workspace, col(Channel.team_id) == team_id)
            .order_by(col(Channel.id))
        )
        return rows.all()

    async def move(self, id: str, to: str) -> None:
        """Follow a channel to its new id, with all that was planned, posted and asked there.

        What the new id was given meanwhile gives way, but for a team that has items already.
        """
        channel = await self.find(id)
        if channel is None or id == to:
            return
        self._marks(*(f"{kind}:{id}" for kind in ("channel", "schedule", "digest")))
        await self._make_room(channel, to)
        moved = Channel(
            workspace=self._workspace,
            id=to,
            name=channel.name,
            team_id=channel.team_id,
            greeted_at=channel.greeted_at,
        )
        await self._session.delete(channel)
        self._session.add(moved)
        await self._session.flush()
        await self._session.execute(
            update(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.direct_channel) == id)
            .values(direct_channel=to)
        )
        for table in SQLModel.metadata.sorted_tables:
            if "channel" in table.c:
                await self._move_rows(table, id, to)

    async def _make_room(self, channel: Channel, to: str) -> None:
        """Take away what somebody began by writing in the new channel before its news came."""
        newcomer = await self.find(to)
        if newcomer is None:
            return
        await self._session.delete(newcomer)
        await self._session.flush()
        await self._session.execute(_one_retro(self._workspace, channel.id, to))
        began, own = newcomer.team_id, channel.team_id
        if began == own or len(await self.of_team(began)) > 0 or await self._has_items(began):
            return
        here = col(PersonRow.workspace) == self._workspace
        await self._session.execute(
            update(PersonRow).where(here, col(PersonRow.team_id) == began).values(team_id=own)
        )
        for table in (table_of(Membership), table_of(TeamRole)):
            await self._session.execute(
                delete(table).where(table.c.workspace == self._workspace, table.c.team_id == began)
            )
        await self._session.delete(await self._session.get(Team, (self._workspace, began)))

    async def _has_items(self, team_id: int) -> bool:
        first = select(col(Item.number)).where(
            col(Item.workspace) == self._workspace, col(Item.team_id) == team_id
        )
        return await self._session.scalar(first.limit(1)) is not None

    async def _move_rows(self, table: Table, id: str, to: str) -> None:
        """Move a table's rows of a channel, and the channel's id in the names they go by."""
        here = table.c.workspace == self._workspace
        old = table.alias()
        in_both = exists().where(
            *(old.c[key.name] == key for key in table.primary_key if key.name != "channel"),
            old.c.channel == id,
        )
        if "channel" in table.primary_key.columns:
            await self._session.execute(delete(table).where(here, table.c.channel == to, in_both))
        changes: dict[str, Any] = {"channel": to}
        if table.name == "timers":
            changes["key"] = func.replace(table.c.key, f":{id}", f":{to}")
        if table.name == "posts":
            changes["view"] = func.replace(table.c.view, f'"{id}"', f'"{to}"')
        await self._session.execute(
            update(table).where(here, table.c.channel == id).values(**changes)
        )

    # --- who is there ---

    async def note_left(self, id: str, person: str) -> None:
        """Note that somebody left the channel: they are not with its team, unless they lead it."""
        channel = await self.find(id)
        if channel is None:
            return
        absence = {"workspace": self._workspace, "channel": id, "person": person}
        await _LEAVE.change(self._session, absence)
        self._marks(f"person:{person}", f"members:{channel.team_id}")
        leads = exists().where(
            col(TeamRole.workspace) == self._workspace,
            col(TeamRole.team_id) == channel.team_id,
            col(TeamRole.person) == person,
        )
        await self._session.execute(
            delete(Membership).where(
                col(Membership.workspace) == self._workspace,
                col(Membership.person) == person,
                col(Membership.team_id) == channel.team_id,
                ~leads,
            )
        )
        await self._session.execute(
            update(PersonRow)
            .where(
                col(PersonRow.workspace) == self._workspace,
                col(PersonRow.id) == person,
                col(PersonRow.team_id) == channel.team_id,
            )
            .values(team_id=None)
        )

    async def note_back(self, id: str, person: str) -> None:
        """Note that somebody is in the channel, whether or not they had left it."""
        who = {"workspace_": self._workspace, "channel_": id, "person_": person}
        if await _RETURN.change(self._session, who):
            self._marks(f"person:{person}")

    async def has_left(self, id: str, person: str) -> bool:
        """Whether somebody left the channel and has not come back."""
        who = {"workspace_": self._workspace, "channel_": id, "person_": person}
        return bool(await _HAS_LEFT.rows(self._session, who))

    async def who_left_team(self, team_id: int) -> frozenset[str]:
        """Return who left every channel where the team talks."""
        left = [await self.who_left(channel.id) for channel in await self.of_team(team_id)]
        return frozenset.intersection(*left) if left else frozenset()

    async def who_left(self, id: str) -> frozenset[str]:
        """Return who left the channel and has not come back, by id."""
        rows = await self._session.scalars(
            select(col(Absence.person)).where(
                col(Absence.workspace) == self._workspace, col(Absence.channel) == id
            )
        )
        return frozenset(rows)


def _one_retro(workspace: str, id: str, to: str) -> Update:
    """Cancel the open retro of the new channel if the old one has one: a channel has one."""
    retros, old = table_of(Retro), table_of(Retro).alias()
    running = exists().where(
        old.c.workspace == workspace, old.c.channel == id, old.c.stage.in_(OPEN_STAGES)
    )
    return (
        update(retros)
        .where(retros.c.workspace == workspace, retros.c.channel == to)
        .where(retros.c.stage.in_(OPEN_STAGES), running)
        .values(stage=CANCELLED)
    )


# --- statements that most turns run, built once --------------------------------------------------

_ABSENCES = table_of(Absence)
_ABSENT = (
    _ABSENCES.c.workspace == bindparam("workspace_"),
    _ABSENCES.c.channel == bindparam("channel_"),
    _ABSENCES.c.person == bindparam("person_"),
)


def _acquaintance(_: str) -> Select[Any]:
    people, channels = table_of(PersonRow).c, table_of(Channel).c
    same_channel = and_(
        channels.workspace == people.workspace, channels.id == bindparam("channel_")
    )
    return (
        select(
            people.name,
            people.zone,
            people.locale,
            people.role,
            people.seen_at,
            people.team_id,
            people.direct_channel,
            channels.name,
            channels.team_id,
            exists().where(*_ABSENT),
        )
        .outerjoin_from(people.workspace.table, channels.workspace.table, same_channel)
        .where(people.workspace == bindparam("workspace_"), people.id == bindparam("person_"))
    )


_ACQUAINTANCE = Prepared(_acquaintance)
_ADD_CHANNEL = Prepared(lambda dialect: insert_new(dialect, Channel))
_LEAVE = Prepared(lambda dialect: insert_new(dialect, Absence))
_RETURN = Prepared(lambda _: delete(_ABSENCES).where(*_ABSENT))
_HAS_LEFT = Prepared(lambda _: select(_ABSENCES.c.person).where(*_ABSENT))
