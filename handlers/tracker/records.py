"""Draw an item as it should stand in its tracker, and say to whoever edits it what will not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Card, Node, subtle
from bot.records import CHANNEL, Change, Record
from bot.turn import Post, Reply, Turn, Whisper
from bot.wire import encode
from handlers.phrases import listed
from handlers.rules.access import Permission, may
from handlers.tracker.outgoing import Around, Outgoing, goes_at, outgoing
from handlers.tracker.told import read_told
from handlers.ui.elsewhere import tool_of, written_words
from handlers.ui.views import RecordView
from storage import Store
from storage.items import Item
from storage.records import AGAIN, UNBORN, Home
from storage.tracked import Tracked

FOLLOWING = "following"
"""The step in which a scope is written to: before, not everything is known of its items."""


async def draw(store: Store, shown: RecordView) -> Card:
    """Draw what a tracker should be told of an item; nothing where it is followed no more."""
    item = await store.items.find(shown.number)
    tracked = await store.records.of(shown.number, shown.scope_id)
    home = await store.records.home(shown.scope_id)
    rows = (await store.tracked.of_items([shown.number])).get(shown.number, [])
    hidden = any(row.restricted_at for row in rows)  # here it has other words than anywhere
    if item is None or home is None or tracked is None or tracked.gone_at or hidden:
        return Record(f"#{shown.number}", (), number=shown.number)
    goes = await going_out(store, item, tracked, home)
    names = await store.people.named([goes.by]) if goes.by else {}
    unborn = tracked.remote_id.startswith(UNBORN)
    return Record(
        f"#{item.number}",
        (),
        number=item.number,
        id=None if unborn else tracked.remote_id,
        marker=tracked.remote_id.removeprefix(UNBORN) if unborn else "",
        change=Change(goes.change),
        values=goes.values,
        asked_again=tracked.sent.get(AGAIN, ""),
        kind=item.kind,
        body=_body(item) if unborn else "",
        by=f"{names[goes.by]}, via Hone" if goes.by in names else "",
        backlink=item.link,
        version=tracked.version,
    )


async def going_out(store: Store, item: Item, tracked: Tracked, home: Home) -> Outgoing:
    """Return what is to be written of an item in one of its trackers."""
    events = await store.items.history(item.number)
    people = {person for person in (item.owner, *(e.person for e in events)) if person}
    known = [each for id in sorted(people) if (each := await store.people.find(id))]
    around = Around(
        tool=tool_of(home.kind),
        abilities=read_told(home.told).abilities,
        since=home.following_since,
        waits=why_it_waits(home),
        accounts=await store.records.accounts_of(home.tracker_id, [item.owner or ""]),
        outside=frozenset(each.id for each in known if not may(each, Permission.WRITE_THERE)),
        names={person.id: person.name for person in known},
    )
    return outgoing(item, tracked, events, around)


def why_it_waits(home: Home) -> str:
    """Return why nothing is written in a scope just now, "" where nothing hinders."""
    tool = tool_of(home.kind)
    if home.state == "refused":
        return f"{tool} does not let me in, so it waits until somebody connects it again"
    if not home.writes:
        return f"this team only reads {tool}"
    if home.step == "paused":
        return f"{tool} is paused here, so it waits"
    if home.step != FOLLOWING or home.state != "open":
        return f"{tool} is still being read for the first time, so it waits"
    return ""


def _body(item: Item) -> str:
    """Return a new item's description: its details, and what must hold to accept it."""
    criteria = [f"- {criterion['text']}" for criterion in item.criteria]
    listed_criteria = "\n".join(["Acceptance criteria:", *criteria]) if criteria else ""
    return "\n\n".join(part for part in (item.description, listed_criteria) if part)


# --- after an edit ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """Fields of an item that are not written, for one reason."""

    key: str
    fields: tuple[str, ...]
    why: str


async def edited(turn: Turn, store: Store, numbers: frozenset[int]) -> Reply:
    """Have what people changed written where it lives; tell them at once what will not be."""
    living = await store.records.living(numbers)
    posts: list[Post] = []
    held: list[Held] = []
    for number, scope_id in living:
        item, home = await store.items.find(number), await store.records.home(scope_id)
        tracked = await store.records.of(number, scope_id)
        if item is None or home is None or tracked is None:
            continue
        goes = await going_out(store, item, tracked, home)
        held += _held(tracked.key or f"#{number}", goes)
        waits = tracked.remote_id.startswith(UNBORN) and store.now < goes_at(item)
        if not waits and goes and not await _has_record(store, number, scope_id):
            posts.append(record_of(number, scope_id))
    return *posts, *_told(held)


def record_of(number: int, scope_id: int) -> Post:
    """Return the post that keeps an item's record in a scope."""
    return Post(RecordView(number, scope_id), channel=f"{CHANNEL}{scope_id}", can_wait=True)


async def held_back(store: Store, scope_id: int) -> int:
    """Return of how many items something waits until the scope may be written to again."""
    home = await store.records.home(scope_id)
    if home is None or not why_it_waits(home):
        return 0
    count = 0
    for number in await store.records.recorded(f"{CHANNEL}{scope_id}"):
        item = await store.items.find(number)
        tracked = await store.records.of(number, scope_id)
        if item is not None and tracked is not None:
            count += bool((await going_out(store, item, tracked, home)).held)
    return count


async def _has_record(store: Store, number: int, scope_id: int) -> bool:
    view = encode(RecordView(number, scope_id))
    return await store.posts.newest_showing(view, f"{CHANNEL}{scope_id}") is not None


def _held(key: str, goes: Outgoing) -> list[Held]:
    reasons = dict.fromkeys(why for why in goes.held.values() if why)
    return [
        Held(key, tuple(name for name, each in goes.held.items() if each == why), why)
        for why in reasons
    ]


def _told(held: Sequence[Held]) -> tuple[Whisper, ...]:
    """Return one private line for each reason, naming what it is about."""
    if not held:
        return ()
    reasons = dict.fromkeys(each.why for each in held)
    lines: list[Node] = [_line([each for each in held if each.why == why]) for why in reasons]
    return (Whisper(Card("Some of this stays in Hone.", tuple(lines))),)


def _line(held: Sequence[Held]) -> Node:
    words = (words for each in held for words in written_words(each.fields))
    fields = listed(list(dict.fromkeys(words)))
    keys = listed(list(dict.fromkeys(each.key for each in held)))
    return subtle(f"Not written to {keys}: {fields} – {held[0].why}.")
