"""What items' titles mean, as numbers, where likeness by meaning is on; docs/likeness.md says more.

Turns only read them: the learner (`bot/learner.py`) writes them, outside of any turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from sqlalchemy import delete, select
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.repository import Repository
from storage.upsert import upsert


class ItemVector(SQLModel, table=True):
    """What a title means to a language model, as its numbers; gone once the title changes."""

    __tablename__ = "item_vectors"

    workspace: str = Field(primary_key=True, max_length=100)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    model: str = Field(max_length=60)
    vector: bytes


Taught = tuple[bytes, str]
"""What a phrasing means that people gave a topic to, and the topic's name."""


class Meaning(Protocol):
    """A language model that turns a text into numbers; texts that mean the same have like ones."""

    @property
    def model(self) -> str:
        """Names the model: numbers of different models cannot be compared."""
        ...

    async def read(self, texts: Sequence[str]) -> dict[str, bytes]:
        """Return text → its numbers, beside the event loop."""
        ...

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Begin to read texts that will be compared soon; nobody waits for it."""
        ...

    def same_item(
        self, known: Mapping[str, bytes]
    ) -> Callable[[str, Sequence[str]], Sequence[float]]:
        """Return a measure of likeness (handlers/likeness) for texts with these numbers."""
        ...

    def topics(
        self, known: Mapping[str, bytes], taught: Sequence[Taught] = ()
    ) -> Mapping[str, str]:
        """Return text → the name of the topic it is about, for texts that were said together."""
        ...

    def shares(
        self, known: Mapping[str, bytes], taught: Sequence[Taught], most: int
    ) -> Mapping[str, Sequence[tuple[str, float]]]:
        """Return text → the topics it is about by itself, at most so many, with their shares."""
        ...


class Vectors(Repository):
    async def of(self, numbers: Sequence[int], model: str) -> dict[int, bytes]:
        """Return item number → its title's numbers, for those that were read already."""
        self._shows("vectors")
        rows = await self._session.execute(
            select(col(ItemVector.number), col(ItemVector.vector)).where(
                col(ItemVector.workspace) == self._workspace,
                col(ItemVector.number).in_(numbers),
                col(ItemVector.model) == model,
            )
        )
        return dict(rows.all())

    async def keep(self, model: str, vectors: Mapping[int, bytes]) -> None:
        """Keep what titles mean, by the numbers of their items."""
        whose = {"workspace": self._workspace, "model": model}
        rows = [whose | {"number": number, "vector": one} for number, one in vectors.items()]
        if rows:
            self._marks("vectors")
            await _KEEP.change(self._session, rows)

    async def forget(self, number: int) -> None:
        """Forget what an item's title meant, since it has another one now."""
        await self._session.execute(
            delete(ItemVector).where(
                col(ItemVector.workspace) == self._workspace, col(ItemVector.number) == number
            )
        )


_KEEP = Prepared(lambda dialect: upsert(dialect, ItemVector, "model", "vector"))
