"""Items that their tracker takes to another team, or hides: all that Hone keeps of them follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select, update
from sqlmodel import col

from storage.digests import Digest
from storage.item_links import ItemLink
from storage.items import Item, ItemEvent
from storage.repository import Repository
from storage.tallies import cells, tally
from storage.vectors import Vectors

HIDDEN_FIELDS: Final[Mapping[str, Any]] = {
    "description": "",
    "criteria": [],
    "themes": [],
    "experiment": "",
    "metric": "",
    "metric_from": "",
    "metric_to": "",
    "effect_value": "",
}
"""What says what an item is about, besides its title, and what is left of it when it is hidden."""

_WORDS: Final = frozenset({"title", *HIDDEN_FIELDS})


class Transfers(Repository):
    async def move(self, item: Item, team_id: int) -> None:
        """Give an item to another team, with its history: its flow is told there from now on."""
        counted = cells(item)
        self._marks(*item.touches)
        item.team_id, item.objective_id = team_id, None
        await self._session.flush()
        self._marks(*item.touches)
        tally(self._session, counted, cells(item))
        for model in (ItemEvent, ItemLink):
            await self._session.execute(
                update(model)
                .where(col(model.workspace) == self._workspace, col(model.number) == item.number)
                .values(team_id=team_id)
            )

    async def hide(self, item: Item, title: str) -> None:
        """Leave no word of what an item says, neither now nor in what it once said."""
        before = item.title
        self._marks(*item.touches)
        for name, empty in HIDDEN_FIELDS.items():
            setattr(item, name, empty)
        item.title = title
        await self._session.flush()
        await Vectors(self._session, self._workspace, self._now).forget(item.number)
        await self._hide_history(item)
        await self._hide_told(item, before)

    async def _hide_history(self, item: Item) -> None:
        events = await self._session.scalars(
            select(ItemEvent).where(
                col(ItemEvent.workspace) == self._workspace, col(ItemEvent.number) == item.number
            )
        )
        for event in events.all():
            if not _WORDS.isdisjoint(event.changes):
                event.changes = {
                    name: change for name, change in event.changes.items() if name not in _WORDS
                }

    async def _hide_told(self, item: Item, title: str) -> None:
        """Take the title out of digests that stand."""
        digests = await self._session.scalars(
            select(Digest).where(col(Digest.workspace) == self._workspace)
        )
        for digest in digests.all():
            story = _without(digest.story, title, item.title)
            if story != digest.story:
                digest.story = story


def _without(told: Any, title: str, instead: str) -> Any:
    """Return JSON with other words for a title, wherever it stands."""
    match told:
        case str():
            return told.replace(title, instead)
        case list():
            return [_without(each, title, instead) for each in told]
        case dict():
            return {name: _without(each, title, instead) for name, each in told.items()}
        case _:
            return told
