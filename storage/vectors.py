"""What items' titles mean, as numbers, where likeness by meaning is on; docs/likeness.md says more.

Turns only read them: the learner (`bot/learner.py`) writes them, outside of any turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import and_, select
from sqlmodel import col

from storage.items import OPEN_STATES, Item, ItemVector
from storage.scope import Scope
from storage.upsert import insert

if TYPE_CHECKING:
    from storage.store import Store


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

    def scorer(self, known: Mapping[str, bytes]) -> Callable[[str, Sequence[str]], Sequence[float]]:
        """Return a measure of likeness (handlers/likeness.py) for texts with these numbers."""
        ...


class Vectors(Scope):
    async def of(self, numbers: Sequence[int], model: str) -> dict[int, bytes]:
        """Return item number → its title's numbers, for those that were read already."""
        rows = await self._session.execute(
            select(col(ItemVector.number), col(ItemVector.vector)).where(
                col(ItemVector.workspace) == self._workspace,
                col(ItemVector.number).in_(numbers),
                col(ItemVector.model) == model,
            )
        )
        return dict(rows.all())

    async def keep(self, model: str, read: Mapping[str, bytes], numbers: Sequence[int]) -> None:
        """Keep what titles mean, given by title; an item whose title changed meanwhile has none."""
        rows = await self._session.execute(
            select(col(Item.number), col(Item.title))
            .where(col(Item.workspace) == self._workspace, col(Item.number).in_(numbers))
            .with_for_update(read=True)
        )
        for number, title in rows.all():
            if title in read:
                kept = {"model": model, "vector": read[title]}
                await self._session.execute(
                    insert(self._session, ItemVector)
                    .values(workspace=self._workspace, number=number, **kept)
                    .on_conflict_do_update(index_elements=["workspace", "number"], set_=kept)
                )


async def titles_to_read(store: Store, model: str, limit: int) -> list[tuple[str, int, str]]:
    """Return (workspace, number, title) of open items, in any workspace, that nobody read yet."""
    rows = await store.session.execute(
        select(col(Item.workspace), col(Item.number), col(Item.title))
        .outerjoin(
            ItemVector,
            and_(
                col(ItemVector.workspace) == col(Item.workspace),
                col(ItemVector.number) == col(Item.number),
                col(ItemVector.model) == model,
            ),
        )
        .where(col(Item.state).in_(OPEN_STATES), col(ItemVector.number).is_(None))
        .order_by(col(Item.workspace), col(Item.number).desc())
        .limit(limit)
    )
    return [(workspace, number, title) for workspace, number, title in rows]
