"""Put an item into the team's tracker, move it there, try again what it did not take."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from bot.cards import Choice, Form, Note, Option, Typed, filled, text
from bot.records import new_marker
from bot.turn import Ask, Mistake, NotFound, Reply, Turn, whisper
from handlers.phrases import listed, shortened
from handlers.rules.access import Permission
from handlers.rules.guard import changeable, require
from handlers.rules.numbers import numbers_in
from handlers.sources.states import state_of
from handlers.tracker.records import record_of, why_it_waits
from handlers.ui.actions import (
    LeaveHere,
    OpenMoveThere,
    OpenPut,
    PutThere,
    SaveMoveThere,
    SavePut,
    WriteAgain,
)
from handlers.ui.elsewhere import tool_of
from storage import Store
from storage.items import Item
from storage.records import CREATION, UNBORN, Home
from storage.tracked import Tracked

# --- put it there ----------------------------------------------------------------------------


async def put(turn: Turn, store: Store, act: PutThere) -> Reply:
    """Put an item into a scope; it is created as soon as the tracker answers."""
    item = await _may_write(turn, store, act.number)
    home = await _home(store, item, act.scope_id)
    return await _put(turn, store, item, home)


async def put_named(turn: Turn, store: Store, words: str) -> Reply:
    """Put an item that is named by its number into what the team follows, or ask where."""
    numbers, rest = numbers_in(words)
    if len(numbers) != 1 or rest:
        raise Mistake("Name one item by its number, such as: ", Typed("tracker put #12"))
    item = await _may_write(turn, store, numbers[0])
    ways = await _ways(store, item)
    if len(ways) > 1:
        return Ask(_where_form(item, ways))
    return await _put(turn, store, item, ways[0])


async def open_put(turn: Turn, store: Store, act: OpenPut) -> Reply:
    """Ask into which of the things that the team follows."""
    item = await _may_write(turn, store, act.number)
    return Ask(_where_form(item, await _ways(store, item)))


async def save_put(turn: Turn, store: Store, act: SavePut) -> Reply:
    """Put an item where was chosen."""
    item = await _may_write(turn, store, act.number)
    ways = await _ways(store, item)
    chosen = [home for home in ways if str(home.scope_id) == turn.answers.one("scope")]
    if not chosen:
        form = filled(_where_form(item, ways), turn.answers)
        return Ask(form, {"scope": "Choose one of the list."})
    return await _put(turn, store, item, chosen[0])


async def _put(turn: Turn, store: Store, item: Item, home: Home) -> Reply:
    tool = tool_of(home.kind)
    rows = (await store.tracked.of_items([item.number])).get(item.number, [])
    for row in rows:
        if row.source.partition(":")[0] == home.kind:
            raise Mistake(f"#{item.number} is {row.key or 'on its way there'} already.")
    if not home.takes_items:
        raise Mistake(f"I can put nothing into {home.scope_name}: this team only reads {tool}.")
    await begin(store, item, home, by=turn.person.id)
    waits = why_it_waits(home)
    ending = f": {waits}." if waits else "."
    where = f"{shortened(home.scope_name, 60)} in {tool}"
    return (
        record_of(item.number, home.scope_id),
        whisper(f"#{item.number} is on its way into {where}{ending}"),
    )


async def begin(store: Store, item: Item, home: Home, *, by: str) -> None:
    """Have an item created in a scope, on somebody's behalf; of what nobody signed, on nobody's."""
    await store.records.begin(
        Tracked(
            workspace=store.workspace,
            source=home.source,
            remote_id=f"{UNBORN}{new_marker(item.number)}",
            team_id=item.team_id,
            number=item.number,
            key="",
            seen_at=store.now,
            scope_id=home.scope_id,
            wanted_by=by if item.created_by else "",
        )
    )


async def leave(turn: Turn, store: Store, act: LeaveHere) -> Reply:
    """Let an item stay in Hone, if it is not in the tracker yet."""
    row = await _row(store, act)
    item = await changeable(turn, store, act.number)
    if not row.remote_id.startswith(UNBORN):
        raise Mistake(f"#{item.number} is {row.key} already: it would have to be deleted there.")
    if row.sent.get(CREATION) and CREATION not in row.refused:
        raise Mistake("It is being created just now. Look again in a minute.")
    await store.records.forget(row)
    return whisper(f"#{item.number} stays in Hone.")


# --- move it there ---------------------------------------------------------------------------


async def open_move(turn: Turn, store: Store, act: OpenMoveThere) -> Reply:
    """Ask where an item goes in its tracker, by the steps that exist there now."""
    row = await _row(store, act)
    item = await _may_write(turn, store, act.number)
    home = await _home(store, item, act.scope_id)
    return Ask(await _move_form(store, item, row, home))


async def save_move(turn: Turn, store: Store, act: SaveMoveThere) -> Reply:
    """Have an item moved in its tracker; here it moves once the tracker says so."""
    row = await _row(store, act)
    item = await _may_write(turn, store, act.number)
    home = await _home(store, item, act.scope_id)
    named = {_named(move): move for move in row.moves}
    wanted = named.get(turn.answers.one("state"))
    if wanted is None:
        form = await _move_form(store, item, row, home)
        ways = listed([shortened(move, 40) for move in row.moves])
        return Ask(form, {"state": f"{row.key} can go to {ways} from there."})
    await store.records.want_state(row, wanted, by=turn.person.id)
    store.note_edited([item.number])
    return whisper(f"{row.key} is on its way to {shortened(wanted, 60)}.")


# --- again -----------------------------------------------------------------------------------


async def again(turn: Turn, store: Store, act: WriteAgain) -> Reply:
    """Write once more what the tracker did not take."""
    row = await _row(store, act)
    item = await _may_write(turn, store, act.number)
    await store.records.try_again(row)
    store.note_edited([item.number])
    return whisper("I try again, and tell you on the item if it does not work.")


# --- how it is done --------------------------------------------------------------------------


async def _may_write(turn: Turn, store: Store, number: int) -> Item:
    require(turn, Permission.WRITE_THERE)
    return await changeable(turn, store, number)


async def _home(store: Store, item: Item, scope_id: int) -> Home:
    home = await store.records.home(scope_id)
    if home is None or home.team_id != item.team_id:
        raise NotFound("This team does not follow that any more.")
    return home


async def _row(
    store: Store, act: LeaveHere | OpenMoveThere | SaveMoveThere | WriteAgain
) -> Tracked:
    row = await store.records.of(act.number, act.scope_id, lock=True)
    if row is None:
        raise NotFound(f"#{act.number} is not followed there any more.")
    return row


async def _ways(store: Store, item: Item) -> list[Home]:
    ways = [home for home in await store.records.homes_of_team(item.team_id) if home.takes_items]
    if not ways:
        raise Mistake("This team follows nothing that I may put items into.")
    return ways


def _where_form(item: Item, ways: Sequence[Home]) -> Form:
    options = tuple(
        Option(f"{shortened(home.scope_name, 50)} ({tool_of(home.kind)})", str(home.scope_id))
        for home in ways[:100]
    )
    return Form(
        f"Put #{item.number} elsewhere",
        SavePut(item.number),
        (
            Note(text(shortened(item.title, 200))),
            Choice("scope", "Where?", options, (options[0].value,), at_once=True),
        ),
        submit_label="Put it there",
    )


def _named(move: str) -> str:
    """Return what stands for a tracker's state in a form: it may be longer than an answer."""
    return sha256(move.encode()).hexdigest()[:16]


async def _move_form(store: Store, item: Item, row: Tracked, home: Home) -> Form:
    """Ask for one of the moves; the one that means the state it has in Hone is chosen already."""
    if not row.moves:
        raise Mistake(f"{row.key} can go nowhere from {row.state} just now.")
    tool = tool_of(home.kind)
    answers = (await store.tracked.answers(home.team_id, home.kind)).get("states", {})
    fits = [m for m in row.moves if state_of(home.kind, m, answers).ours == item.state]
    options = tuple(Option(shortened(move, 70), _named(move)) for move in row.moves[:100])
    likely = (fits or row.moves)[0]
    now = f"{row.key} is {row.state} in {tool}; #{item.number} is {item.state} here."
    return Form(
        shortened(f"Move {row.key}", 24),
        SaveMoveThere(item.number, home.scope_id),
        (
            Note(text(now)),
            Choice("state", "Where to?", options, (_named(likely),), at_once=True),
        ),
        submit_label="Move it",
    )
