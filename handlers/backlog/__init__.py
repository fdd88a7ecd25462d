"""Read the backlog in private: what comes next, what is mine, what nobody owns, what is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from bot.cards import Card
from bot.feature import CommandSpec, Feature, Verb
from bot.turn import NotFound, Reply, Turn, Whisper
from handlers.backlog import cards
from handlers.backlog.actions import TurnPage
from storage import Store
from storage.backlog import EVERYTHING_OPEN, Wanted
from storage.teams import Team

DONE_WITHIN = timedelta(days=cards.DONE_DAYS)
WORDS_MAX = 8
"""Words of a search that count; the rest is ignored."""

_NUMBER = re.compile(r"#?([0-9]{1,9})")


async def backlog(turn: Turn, store: Store, line: str) -> Reply:
    """Show the ranked backlog, the item whose number was typed, or what has these words."""
    if number := _NUMBER.fullmatch(line):
        return await _item(turn, store, int(number[1]))
    if line:
        return await _search(turn, store, line)
    return await _listing(turn, store, "open")


async def mine(turn: Turn, store: Store, rest: str) -> Reply:
    """Show the caller's open items."""
    return await _listing_or_search(turn, store, "mine", rest)


async def unowned(turn: Turn, store: Store, rest: str) -> Reply:
    """Show open items without an owner."""
    return await _listing_or_search(turn, store, "unowned", rest)


async def done(turn: Turn, store: Store, rest: str) -> Reply:
    """Show what was finished lately, the latest first."""
    return await _listing_or_search(turn, store, "done", rest)


async def turn_page(turn: Turn, store: Store, act: TurnPage) -> Reply:
    """Show another page in place of this one; past the end, the last one there is now."""
    team = await store.teams.find(act.team_id) if 0 < act.team_id < 2**31 else None
    if team is None or act.listing not in _LISTINGS:
        raise NotFound("There is no such list here.")
    return Whisper(await _page(turn, store, team, act.listing, act.page), replaces=True)


# --- lists -----------------------------------------------------------------------------------

_LISTINGS: dict[str, Callable[[Turn], Wanted]] = {
    "open": lambda turn: EVERYTHING_OPEN,
    "mine": lambda turn: Wanted(owner=turn.person.id),
    "unowned": lambda turn: Wanted(unowned=True),
    "done": lambda turn: Wanted(accepted_since=turn.now - DONE_WITHIN),
}


async def _listing_or_search(turn: Turn, store: Store, listing: str, rest: str) -> Reply:
    """`backlog done` is a list, `backlog done twice` is a search."""
    if rest:
        return await _search(turn, store, f"{listing} {rest}")
    return await _listing(turn, store, listing)


async def _listing(turn: Turn, store: Store, listing: str) -> Reply:
    team = await store.teams.here(turn.place.channel, turn.person.id)
    return Whisper(await _page(turn, store, team, listing, 0))


async def _page(turn: Turn, store: Store, team: Team, listing: str, page: int) -> Card:
    wanted = _LISTINGS[listing](turn)
    total = await store.backlog.count(team.id, wanted)
    if not total:
        return cards.nothing(team, listing)
    page = min(max(page, 0), (total - 1) // cards.PAGE_ITEMS)
    rows = await store.backlog.page(
        team.id, wanted, limit=cards.PAGE_ITEMS, offset=page * cards.PAGE_ITEMS
    )
    unscored = await store.backlog.count(team.id, Wanted(unscored=True))
    people = await _names(store, [row.item.owner for row in rows])
    return cards.listing(team, listing, rows, people, total, unscored, page)


async def _search(turn: Turn, store: Store, line: str) -> Reply:
    team = await store.teams.here(turn.place.channel, turn.person.id)
    words = tuple(line.split()[:WORDS_MAX])
    wanted = Wanted(words=words)
    total = await store.backlog.count(team.id, wanted)
    if not total:
        return Whisper(cards.nothing_found(" ".join(words)))
    rows = await store.backlog.page(team.id, wanted, limit=cards.FOUND_MAX)
    people = await _names(store, [row.item.owner for row in rows])
    return Whisper(cards.found(" ".join(words), rows, people, total))


# --- one item --------------------------------------------------------------------------------


async def _item(turn: Turn, store: Store, number: int) -> Reply:
    """Show an item with all that happened to it; guests see only the team they are with."""
    item = await store.items.find(number)
    if item is not None and turn.person.role in ("guest", "external"):
        team = await store.teams.here(turn.place.channel, turn.person.id)
        item = item if item.team_id == team.id else None
    if item is None:
        raise NotFound(f"There is no item #{number} here.")
    events = await store.items.history(number)
    people = await _names(store, [item.owner, item.created_by, *cards.people_in(events)])
    return Whisper(cards.item_history(item, events, people, turn.person.zone))


async def _names(store: Store, people: list[str | None]) -> dict[str, str]:
    return await store.people.named(sorted({person for person in people if person}))


FEATURE = Feature(
    name="backlog",
    commands={
        "backlog": CommandSpec(
            summary="Read the backlog, for your eyes only",
            run=backlog,
            example="backlog",
            what="shows the open items by rank; words after it search, #42 shows one item's story",
            verbs={
                "mine": Verb(mine, "backlog mine", "shows the open items you own"),
                "unowned": Verb(unowned, "backlog unowned", "shows open items without an owner"),
                "done": Verb(
                    done, "backlog done", f"shows what was done in the last {cards.DONE_DAYS} days"
                ),
            },
            free_text=True,
        )
    },
    actions={TurnPage: turn_page},
)
