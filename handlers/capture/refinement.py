"""What an item's card tells of its way to ready: size, criteria, and how it hangs with others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

from bot.cards import Node, Span, subtle
from handlers.phrases import cut
from storage import Store
from storage.items import Item

WAITS_SHOWN = 3
WORDS_SHOWN_CHARS = 60


def refinement_facts(item: Item) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Yield its points and how many of its acceptance criteria hold."""
    if item.points is not None:
        yield "Points", (str(item.points),)
    if item.criteria:
        met = sum(criterion["done"] for criterion in item.criteria)
        yield "Criteria", (f"{met} of {len(item.criteria)} met",)


async def relations(store: Store, item: Item) -> list[Node]:
    """Return a line for each way in which the item hangs with others."""
    return [subtle(line) for line in [line async for line in _relations(store, item)]]


async def _relations(store: Store, item: Item) -> AsyncIterator[str]:
    links = await store.links.open_of(item.number)
    if links:
        shown = [cut(link.words, WORDS_SHOWN_CHARS) for link in links[:WAITS_SHOWN]]
        more = [f"{len(links) - WAITS_SHOWN} more"] * (len(links) > WAITS_SHOWN)
        yield f"Waits for {'; '.join(shown + more)}"
    awaited = await store.links.waiting_for(item.number)
    if awaited and not item.is_finished:
        yield f"Awaited by {_numbers(link.number for link in awaited)}"
    related = await store.backlog.related(item.number)
    if item.part_of:
        yield f"Part of #{item.part_of}"
    if parts := [other.number for other in related if other.part_of == item.number]:
        yield f"Its parts: {_numbers(parts)}"
    if item.split_from:
        yield f"Split from #{item.split_from}"
    if pieces := [other.number for other in related if other.split_from == item.number]:
        yield f"Split into {_numbers(pieces)}"


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(f"#{number}" for number in numbers)
