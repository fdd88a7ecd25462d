"""Teams, their trains, and the channels they talk in. A new channel starts as its own team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.numbers import is_number
from storage.people import People, PersonRow
from storage.prepared import Prepared
from storage.rechecks import days_of
from storage.repository import Repository
from storage.subjects import Subject
from storage.tables import table_of
from storage.types import Json, UTCDateTime
from storage.upsert import insert_new

FIRST_TRAIN = 1


class Train(Subject, SQLModel, table=True):
    """An Agile Release Train: several teams that plan together."""

    __tablename__ = "trains"

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str

    @property
    def subject(self) -> str:
        return f"train:{self.id}"


class Team(Subject, SQLModel, table=True):
    """A team, which owns a backlog.

    `settings` holds choices with defaults in the features that read them.
    """

    __tablename__ = "teams"

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    train_id: int = FIRST_TRAIN
    name: str
    zone: str = "UTC"
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)

    @property
    def subject(self) -> str:
        return f"team:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, "teams"

    @property
    def anyone_reveals(self) -> bool:
        """Whether every member may reveal a vote, not only those who lead it."""
        return self.settings.get("reveal") == "anyone"

    @property
    def guests_vote(self) -> bool:
        """Whether guests and people of other companies may vote."""
        return self.settings.get("guests_vote") is True

    @property
    def focus(self) -> int | None:
        """The number of the one small improvement the team is making now."""
        focus = self.settings.get("focus")
        return focus if isinstance(focus, int) else None

    @property
    def past_focus(self) -> tuple[int, ...]:
        """The focus of each iteration that is over, oldest first."""
        return tuple(self.settings.get("past_focus", ()))

    @property
    def iteration_first(self) -> date | None:
        """The first day of the team's first iteration; None while it has no iterations."""
        first = self.settings.get("iteration_first")
        return date.fromisoformat(first) if isinstance(first, str) else None

    @property
    def iteration_weeks(self) -> int | None:
        """How long an iteration takes; None while it has no iterations."""
        weeks = self.settings.get("iteration_weeks")
        return weeks if isinstance(weeks, int) and self.iteration_first else None

    @property
    def states_known_since(self) -> datetime | None:
        """Since when it is known how the backlog stood: when items came in without a history."""
        since = self.settings.get("states_known_since")
        return datetime.fromisoformat(since) if isinstance(since, str) else None

    @property
    def anonymous_votes(self) -> bool:
        """Whether no name is ever shown with the card that its owner played."""
        return self.settings.get("anonymous_votes") is True

    @property
    def min_ballots(self) -> int:
        """How many numbers a column of a vote needs for a score, 1–10."""
        return int(self.settings.get("min_ballots", 3))

    @property
    def recheck_days(self) -> dict[str, int]:
        """Kind of item → days from shipping to whether it worked; ONE_PI is a whole PI."""
        return days_of(self.settings)

    @property
    def put_into(self) -> int | None:
        """The scope of a tracker that new improvements go into by themselves; None for none."""
        scope = self.settings.get("put_into")
        return scope if isinstance(scope, int) else None

    @property
    def digest_muted(self) -> frozenset[int]:
        """Items that the digest does not ask about."""
        return frozenset(self.settings.get("digest_muted", ()))

    @property
    def digest_numbers(self) -> tuple[str, ...]:
        """The numbers that the digest shows; empty if it chooses itself."""
        return tuple(self.settings.get("digest_numbers", ()))


class Channel(Subject, SQLModel, table=True):
    """A channel where Hone was spoken with, and the team it speaks for."""

    __tablename__ = "channels"

    workspace: str = Field(primary_key=True, max_length=100)
    id: str = Field(primary_key=True, max_length=300)
    name: str = ""
    team_id: int = Field(index=True)
    greeted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"channel:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"team:{self.team_id}"


class TeamRole(SQLModel, table=True):
    """A person's standing in a team: `facilitator` or `admin`."""

    __tablename__ = "team_roles"

    workspace: str = Field(primary_key=True, max_length=100)
    team_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: str = Field(primary_key=True, max_length=200)
    role: str = Field(primary_key=True, max_length=20)


class NoTeam(Exception):
    """A guest who has spoken in no team's channel is with none."""


class Teams(Repository):
    async def add(self, name: str, zone: str) -> Team:
        train = {"workspace": self._workspace, "id": FIRST_TRAIN, "name": "Our train"}
        await _ADD_TRAIN.change(self._session, train)
        number = await next_number(self._session, self._workspace, "team")
        team = Team(workspace=self._workspace, id=number, name=name, zone=zone)
        self._session.add(team)
        await self._session.flush()
        return team

    async def find(self, id: int) -> Team | None:
        return await self._numbered(Team, id, shows=f"team:{id}")

    async def locked(self, id: int) -> Team | None:
        """Return the team, kept from changing until this transaction ends."""
        return await self._numbered(Team, id, lock=True)

    async def set_focus(self, id: int, item: int | None) -> int | None:
        """Make an item the team's one improvement, or none; return which it was before."""
        team = await self.locked(id)
        assert team is not None, "items belong to teams that exist"
        before = team.focus
        team.settings = {**team.settings, "focus": item}
        await self._session.flush()
        self._marks(f"focus:{id}", *(f"item:{number}" for number in (before, item) if number))
        return before

    async def look_back_on_focus(self, team: Team, item: int) -> None:
        """Note that an iteration with this focus is over; there is none until one is chosen."""
        past = [*team.past_focus, item]
        team.settings = {**team.settings, "focus": None, "past_focus": past}
        await self._session.flush()
        self._marks(f"focus:{team.id}", f"item:{item}")

    async def in_focus(self, ids: Sequence[int]) -> Sequence[tuple[str, int]]:
        """Return the name of each of these teams that improves something now, and the item."""
        self._shows(*(f"focus:{id}" for id in ids))
        rows = await self._session.execute(
            select(col(Team.name), col(Team.settings))
            .where(col(Team.workspace) == self._workspace, col(Team.id).in_(ids))
            .order_by(col(Team.name), col(Team.id))
        )
        return [(name, settings["focus"]) for name, settings in rows if settings.get("focus")]

    async def has_in_focus(self, id: int, item: int) -> bool:
        """Whether an item is a team's one improvement; each card of an item asks."""
        self._shows(f"item:{item}")
        rows = await _SETTINGS.rows(self._session, {"workspace_": self._workspace, "team": id})
        return bool(rows) and rows[0][0].get("focus") == item

    async def of_channel(self, channel: str) -> Team | None:
        """Return the team a channel belongs to, or None for a channel never seen."""
        self._shows(f"channel:{channel}")
        where = {"workspace_": self._workspace, "channel_": channel}
        return await self._session.scalar(_OF_CHANNEL, where)

    async def resolve(self, channel: str, person: str) -> Team:
        """Return the team of a channel or, in a private chat, the one the person last spoke with.

        A person who has no team yet joins the workspace's first, or starts it; a guest does not,
        and raises NoTeam.
        """
        team = await self.of_channel(channel)
        if team is None:
            who = await self._session.get(PersonRow, (self._workspace, person))
            if who is not None and who.team_id is not None:
                team = await self.find(who.team_id)
            elif who is not None and who.is_outside:
                raise NoTeam
        if team is None:
            team = next(iter(await self.all()), None) or await self.add("Our team", "UTC")
        return team

    async def all(self) -> Sequence[Team]:
        self._shows("teams")
        return (await self._session.scalars(_ALL, {"workspace_": self._workspace})).all()

    async def train(self, id: int) -> Train | None:
        return await self._numbered(Train, id)

    async def trains(self) -> Sequence[Train]:
        self._shows("teams")
        rows = await self._session.scalars(
            select(Train).where(col(Train.workspace) == self._workspace).order_by(col(Train.name))
        )
        return rows.all()

    async def add_train(self, name: str) -> Train:
        number = FIRST_TRAIN + await next_number(self._session, self._workspace, "train")
        train = Train(workspace=self._workspace, id=number, name=name)
        self._session.add(train)
        await self._session.flush()
        return train

    async def mute_in_digest(self, id: int, item: int, *, muted: bool) -> None:
        """Have the team's digest ask about an item no more, or let it ask again."""
        team = await self.locked(id)
        if team is not None:
            kept = team.digest_muted | {item} if muted else team.digest_muted - {item}
            team.settings = {**team.settings, "digest_muted": sorted(kept)}
            await self._session.flush()

    async def know_states_since_now(self, id: int) -> None:
        """Note that items came in of which nobody knows how they stood before."""
        team = await self.locked(id)
        if team is not None:
            team.settings = {**team.settings, "states_known_since": self._now.isoformat()}
            await self._session.flush()

    async def set_digest_numbers(self, id: int, names: Sequence[str]) -> None:
        """Choose the numbers that the team's digest shows; none lets it choose itself."""
        team = await self.locked(id)
        if team is not None:
            team.settings = {**team.settings, "digest_numbers": list(names)}
            await self._session.flush()

    async def in_train(self, train_id: int) -> Sequence[Team]:
        if not is_number(train_id):
            return ()
        self._shows("teams")
        rows = await self._session.scalars(
            select(Team)
            .where(col(Team.workspace) == self._workspace, col(Team.train_id) == train_id)
            .order_by(col(Team.id))
        )
        return rows.all()

    async def people_with(self, team_id: int, role: str) -> tuple[str, ...]:
        """Return the ids of a team's facilitators or admins."""
        self._shows(f"team:{team_id}")
        which = {"workspace_": self._workspace, "team": team_id, "as": role}
        return tuple(person for (person,) in await _PEOPLE_WITH.rows(self._session, which))

    async def set_people(self, team_id: int, role: str, people: Sequence[str]) -> None:
        """Let exactly these people have the role."""
        self._marks(f"team:{team_id}")
        await self._session.execute(
            delete(TeamRole).where(
                col(TeamRole.workspace) == self._workspace,
                col(TeamRole.team_id) == team_id,
                col(TeamRole.role) == role,
            )
        )
        self._session.add_all(
            TeamRole(workspace=self._workspace, team_id=team_id, person=person, role=role)
            for person in dict.fromkeys(people)
        )
        await self._session.flush()
        for person in dict.fromkeys(people):
            await People(self._session, self._workspace, self._now).join(person, team_id)


# --- statements that most turns run, built once --------------------------------------------------

_ROLES = table_of(TeamRole).c
_PEOPLE_WITH = Prepared(
    lambda _: (
        select(_ROLES.person)
        .where(
            _ROLES.workspace == bindparam("workspace_"),
            _ROLES.team_id == bindparam("team"),
            _ROLES.role == bindparam("as"),
        )
        .order_by(_ROLES.person)
    )
)
_TEAMS = table_of(Team).c
_SETTINGS = Prepared(
    lambda _: select(_TEAMS.settings).where(
        _TEAMS.workspace == bindparam("workspace_"), _TEAMS.id == bindparam("team")
    )
)
_ADD_TRAIN = Prepared(lambda dialect: insert_new(dialect, Train))
_ALL = select(Team).where(col(Team.workspace) == bindparam("workspace_")).order_by(col(Team.name))
_OF_CHANNEL = (
    select(Team)
    .join(
        Channel,
        and_(col(Channel.workspace) == col(Team.workspace), col(Channel.team_id) == col(Team.id)),
    )
    .where(
        col(Channel.workspace) == bindparam("workspace_"), col(Channel.id) == bindparam("channel_")
    )
)
