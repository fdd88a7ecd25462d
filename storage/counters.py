"""Numbers that people can say aloud: #42, counted per workspace."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from storage.upsert import insert


class Counter(SQLModel, table=True):
    __tablename__ = "counters"

    workspace: str = Field(primary_key=True, max_length=100)
    name: str = Field(primary_key=True, max_length=20)
    value: int


async def next_number(session: AsyncSession, workspace: str, name: str) -> int:
    """Return the workspace's next number for `name`; concurrent callers wait for each other."""
    counted = (
        insert(session, Counter)
        .values(workspace=workspace, name=name, value=1)
        .on_conflict_do_update(
            index_elements=["workspace", "name"], set_={"value": col(Counter.value) + 1}
        )
        .returning(col(Counter.value))
    )
    return int((await session.execute(counted)).scalar_one())
