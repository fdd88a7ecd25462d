"""Items that their tracker takes to another team, or hides: all that Hone keeps of them follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import String, cast, select, update
from sqlmodel import col

from storage.conversations import Conversation
from storage.digests import Digest, told
from storage.item_links import ItemLink
from storage.items import Item, ItemEvent
from storage.repository import Repository
from storage.states import DROP_REASONS, REWORK_REASONS
from storage.subjects import ANY_WORDS, words_of
from storage.tallies import cells, tally
from storage.themes import SharedTheme
from storage.vectors import Vectors
from storage.workshops import Workshop

HIDDEN_FIELDS: Final[Mapping[str, Any]] = {
    "description": "",
    "criteria": [],
    "themes": [],
    "experiment": "",
    "metric": "",
    "metric_from": "",
    "metric_to": "",
    "effect_value": "",
    "overrides": {},
}
"""What says what an item is about, besides its title, and what is left of it when it is hidden."""

_WORDS: Final = frozenset({"title", *HIDDEN_FIELDS})
_QUOTED: Final = ("title", "metric")
"""What digests quote of an item."""


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
        events = await self._history(item)
        titles, metrics = ({getattr(item, name), *_ever(events, name)} for name in _QUOTED)
        words = (words_of(item.subject), ANY_WORDS, *await self._talks(item))
        self._marks(*item.touches, *words)
        for name, empty in HIDDEN_FIELDS.items():
            setattr(item, name, empty)
        item.title = title
        await self._session.flush()
        await Vectors(self._session, self._workspace, self._now).forget(item.number)
        for event in events:
            if event.reason:
                event.reason = _counted(event.reason)
            if not _WORDS.isdisjoint(event.changes):
                event.changes = {
                    n: change for n, change in event.changes.items() if n not in _WORDS
                }
        await self._hide_told(_Words(item.number, title, *map(_lines, (titles, metrics))))
        await self._hide_named_after(titles, title)

    async def _history(self, item: Item) -> Sequence[ItemEvent]:
        events = await self._session.scalars(
            select(ItemEvent).where(
                col(ItemEvent.workspace) == self._workspace, col(ItemEvent.number) == item.number
            )
        )
        return events.all()

    async def _talks(self, item: Item) -> list[str]:
        """Return what cards show of the talks that an item came of: answers became its words."""
        ids = await self._session.scalars(
            select(col(Conversation.id)).where(
                col(Conversation.workspace) == self._workspace,
                col(Conversation.item) == item.number,
            )
        )
        return [words_of(f"conversation:{id}") for id in ids]

    async def _hide_named_after(self, titles: Collection[str], instead: str) -> None:
        """Take titles out of what the train calls by them: its themes, and problems it solves."""
        for model, name in ((SharedTheme, "theme"), (Workshop, "problem")):
            column: Any = getattr(model, name)
            rows = await self._session.scalars(
                select(model).where(
                    col(model.workspace) == self._workspace, col(column).in_(titles)
                )
            )
            for row in rows.all():
                setattr(row, name, instead)

    async def _hide_told(self, words: _Words) -> None:
        """Take words out of digests that stand, and have them drawn again."""
        names_it = cast(col(Digest.story), String).contains(f"#{words.number} ")
        digests = await self._session.scalars(
            select(Digest).where(col(Digest.workspace) == self._workspace, names_it)
        )
        for digest in digests.all():
            digest.story = words.out_of(digest.story)
            self._marks(told(digest.channel, digest.level, digest.iso_week))


def _counted(reason: str) -> str:
    """Return what figures tell reasons apart by, without the words that somebody added."""
    kind = reason.partition(": ")[0]
    return kind if kind in (*REWORK_REASONS, *DROP_REASONS) else ""


def _ever(events: Iterable[ItemEvent], name: str) -> Iterator[str]:
    """Yield what a field said before and after each change of it."""
    for event in events:
        yield from filter(None, event.changes.get(name, ()))


def _lines(words: Iterable[str]) -> tuple[str, ...]:
    """Return texts as one line each, the longest first: one may be how another begins."""
    lines = filter(None, (" ".join(each.split()) for each in words))
    return tuple(sorted(lines, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class _Words:
    """What digests may say of an item behind its number: a title, cut short or not, or a metric."""

    number: int
    instead: str
    titles: tuple[str, ...]
    metrics: tuple[str, ...]

    def out_of(self, said: Any) -> Any:
        """Return JSON without these words, wherever they stand."""
        match said:
            case str():
                return self._out_of_text(said)
            case list():
                return [self.out_of(each) for each in said]
            case {"number": self.number, "title": str()}:
                rest = {name: self.out_of(each) for name, each in said.items() if name != "title"}
                return {**rest, "title": self.instead}
            case dict():
                return {name: self.out_of(each) for name, each in said.items()}
            case _:
                return said

    def _out_of_text(self, text: str) -> str:
        head, *tails = text.split(f"#{self.number} ")
        if not tails:
            return text
        said = f"#{self.number} ".join([head, *map(self._renamed, tails)])
        begins = (said.find(metric[1:]) for metric in self.metrics if len(metric) > 1)
        at = min((at for at in begins if at > 0), default=0)  # it may begin a sentence
        return f"{said[: at - 1]}…" if at else said

    def _renamed(self, tail: str) -> str:
        """Return what follows the number with other words for a title, or its beginning and …."""
        for title in filter(tail.startswith, self.titles):
            return self.instead + tail[len(title) :]
        ends = [at for at, sign in enumerate(tail) if sign == "…" and at]
        begun = [at for at in ends if any(each.startswith(tail[:at]) for each in self.titles)]
        return self.instead + tail[begun[-1] + 1 :] if begun else tail
