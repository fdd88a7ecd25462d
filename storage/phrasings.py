"""What a workspace taught Hone about its own words: whose topic an item is, and topics of its own.

An item's title is the phrasing, so it is never kept twice: it changes and goes with the item. What
nobody signed, what was dropped and what is restricted in the tool it came from teaches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, delete, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.items import Item
from storage.prepared import Prepared
from storage.repository import Repository
from storage.subjects import Subject
from storage.teams import Team
from storage.tracked import Tracked
from storage.types import Json, UTCDateTime
from storage.upsert import upsert
from storage.vectors import ItemVector

if TYPE_CHECKING:
    from storage.store import Store

TAUGHT_MAX = 500
"""Phrasings that are compared with, the latest."""

TAGGED_MAX = 500
"""Items of a train that show which tags it uses, the latest."""

OWN = "own-"
"""The names of a workspace's own topics begin so; no built-in one does."""


class ItemTopic(Subject, SQLModel, table=True):
    """A person said what an item is about: `topic` by its name, or "" for none of those known.

    `tag` came onto the item with it, and goes when they say otherwise.
    """

    __tablename__ = "item_topics"

    workspace: str = Field(primary_key=True, max_length=100)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    topic: str = Field(max_length=60)
    tag: str = Field(default="", max_length=40)
    at: datetime = Field(sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"item:{self.number}"


class OwnTopic(Subject, SQLModel, table=True):
    """A topic that people of this workspace added, with sentences as they say it.

    `vectors` are what the sentences mean to `model`, one after the other; empty without a model.
    """

    __tablename__ = "own_topics"

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title: str
    said: list[str] = Field(default_factory=list, sa_type=Json)
    model: str = Field(default="", max_length=60)
    vectors: bytes = b""

    @property
    def subject(self) -> str:
        return "topics"

    @property
    def name(self) -> str:
        return f"{OWN}{self.id}"


_MAY_TEACH = and_(col(Item.created_by).is_not(None), col(Item.state) != "dropped")


class Phrasings(Repository):
    async def say(self, number: int, topic: str, tag: str) -> str:
        """Keep what a person says an item is about; return the tag that came with the last word."""
        before = await self._session.get(ItemTopic, (self._workspace, number))
        gone = before.tag if before else ""
        row = {"workspace": self._workspace, "number": number, "topic": topic, "tag": tag}
        await _SAY.change(self._session, row | {"at": self._now})
        if before is not None:
            self._session.expire(before)
        self._marks(f"item:{number}")
        return gone

    async def of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return item number → its topic, "" for none, where a person said so."""
        self._shows(*(f"item:{number}" for number in numbers))
        rows = await self._session.execute(
            select(col(ItemTopic.number), col(ItemTopic.topic)).where(
                col(ItemTopic.workspace) == self._workspace, col(ItemTopic.number).in_(numbers)
            )
        )
        return dict(rows.all())

    async def taught(self, model: str) -> list[tuple[bytes, str]]:
        """Return (what a phrasing means, its topic): items' titles and own topics' sentences."""
        restricted = select(col(Tracked.number)).where(
            col(Tracked.workspace) == self._workspace,
            col(Tracked.number) == col(Item.number),
            col(Tracked.restricted_at).is_not(None),
        )
        rows = await self._session.execute(
            select(col(ItemVector.vector), col(ItemTopic.topic))
            .join(Item, of_item(ItemVector))
            .join(ItemTopic, of_item(ItemTopic))
            .where(
                col(ItemVector.workspace) == self._workspace,
                col(ItemVector.model) == model,
                col(ItemTopic.topic) != "",
                _MAY_TEACH,
                ~restricted.exists(),
            )
            .order_by(col(ItemTopic.at).desc())
            .limit(TAUGHT_MAX)
        )
        taught = [(vector, topic) for vector, topic in rows]
        for own in await self.own():
            if own.model == model and own.said:
                size = len(own.vectors) // len(own.said)
                starts = range(0, len(own.vectors), size)
                taught += [(own.vectors[at : at + size], own.name) for at in starts]
        return taught

    async def tagged(
        self, train_id: int, since: datetime, team_id: int | None = None
    ) -> list[tuple[int, str, list[str]]]:
        """Return (number, title, tags) of a train's signed items that have tags, newest first.

        With `team_id` only those of this one of its teams.
        """
        own = [col(Item.team_id) == team_id] if team_id is not None else []
        rows = await self._session.execute(
            select(col(Item.number), col(Item.title), col(Item.themes))
            .join(
                Team,
                and_(col(Team.workspace) == col(Item.workspace), col(Team.id) == col(Item.team_id)),
            )
            .where(
                col(Item.workspace) == self._workspace,
                col(Team.train_id) == train_id,
                col(Item.created_at) >= since,
                _MAY_TEACH,
                *own,
            )
            .order_by(col(Item.number).desc())
            .limit(TAGGED_MAX)
        )
        return [(number, title, themes) for number, title, themes in rows if themes]

    # --- topics of one's own ---

    async def own(self) -> Sequence[OwnTopic]:
        """Return the workspace's own topics, in the order they were added."""
        self._shows("topics")
        rows = await self._session.scalars(
            select(OwnTopic)
            .where(col(OwnTopic.workspace) == self._workspace)
            .order_by(col(OwnTopic.id))
        )
        return rows.all()

    async def find_own(self, id: int) -> OwnTopic | None:
        return await self._numbered(OwnTopic, id, shows="topics")

    async def add_own(self, title: str, said: Sequence[str]) -> OwnTopic:
        """Add a topic of the workspace's own."""
        own = OwnTopic(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "topic"),
            title=title,
            said=list(said),
        )
        self._session.add(own)
        return own

    async def keep_own(self, id: int, said: Sequence[str], model: str, vectors: bytes) -> None:
        """Keep what an own topic's sentences mean, unless it was changed or removed meanwhile."""
        own = await self.find_own(id)
        if own is not None and own.said == list(said):
            own.model, own.vectors = model, vectors

    async def remove_own(self, own: OwnTopic) -> None:
        """Forget a topic, and what people said is about it."""
        await self._session.execute(
            delete(ItemTopic).where(
                col(ItemTopic.workspace) == self._workspace, col(ItemTopic.topic) == own.name
            )
        )
        await self._session.delete(own)
        await self._session.flush()


async def own_to_read(store: Store, model: str, limit: int) -> list[tuple[str, int, list[str]]]:
    """Return (workspace, id, sentences) of own topics, in any workspace, it has not read."""
    rows = await store.session.execute(
        select(col(OwnTopic.workspace), col(OwnTopic.id), col(OwnTopic.said))
        .where(col(OwnTopic.model) != model)
        .order_by(col(OwnTopic.workspace), col(OwnTopic.id))
        .limit(limit)
    )
    return [(workspace, id, said) for workspace, id, said in rows]


def of_item(table: type[ItemTopic] | type[ItemVector]) -> ColumnElement[bool]:
    """Return what joins an item with what is kept of it there."""
    return and_(col(table.workspace) == col(Item.workspace), col(table.number) == col(Item.number))


_SAY = Prepared(lambda dialect: upsert(dialect, ItemTopic, "topic", "tag", "at"))
