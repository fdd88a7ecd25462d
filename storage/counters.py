"""Numbers that people can say aloud: #42, counted per workspace."""

from __future__ import annotations

from sqlalchemy import Insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from storage.prepared import Prepared
from storage.tables import table_of
from storage.upsert import insert_on


class Counter(SQLModel, table=True):
    """The last number that a workspace gave to an item, a poll, a team …"""

    __tablename__ = "counters"

    workspace: str = Field(primary_key=True, max_length=100)
    name: str = Field(primary_key=True, max_length=20)
    value: int


async def next_number(session: AsyncSession, workspace: str, name: str) -> int:
    """Return the workspace's next number for `name`; concurrent callers wait for each other."""
    return (await next_numbers(session, workspace, name, 1))[0]


async def next_numbers(session: AsyncSession, workspace: str, name: str, count: int) -> range:
    """Return the workspace's next numbers for `name`, as many as asked for."""
    first = {"workspace": workspace, "name": name, "value": count}
    ((last,),) = await _NEXT.rows(session, first)
    return range(last - count + 1, last + 1)


def _next(dialect: str) -> Insert:
    value = table_of(Counter).c.value
    adding = insert_on(dialect, Counter)
    return adding.on_conflict_do_update(
        index_elements=["workspace", "name"], set_={"value": value + adding.excluded.value}
    ).returning(value)


_NEXT = Prepared(_next)
