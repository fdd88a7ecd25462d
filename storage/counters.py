"""Numbers that people can say aloud: #42, counted per workspace."""

from __future__ import annotations

from sqlalchemy import Insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from storage.prepared import Prepared
from storage.tables import table_of
from storage.upsert import insert_on


class Counter(SQLModel, table=True):
    __tablename__ = "counters"

    workspace: str = Field(primary_key=True, max_length=100)
    name: str = Field(primary_key=True, max_length=20)
    value: int


async def next_number(session: AsyncSession, workspace: str, name: str) -> int:
    """Return the workspace's next number for `name`; concurrent callers wait for each other."""
    first = {"workspace": workspace, "name": name, "value": 1}
    ((number,),) = await _NEXT.rows(session, first)
    return int(number)


def _next(dialect: str) -> Insert:
    count = table_of(Counter).c.value
    return (
        insert_on(dialect, Counter)
        .on_conflict_do_update(index_elements=["workspace", "name"], set_={"value": count + 1})
        .returning(count)
    )


_NEXT = Prepared(_next)
