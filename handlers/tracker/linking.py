"""Say that an item here and one of the tracker are one and the same."""

from __future__ import annotations

from bot.turn import Mistake, Reply, Turn, whisper
from handlers.phrases import shortened
from handlers.rules.guard import changeable
from handlers.rules.numbers import numbers_in
from handlers.tracker.access import followed_by
from handlers.tracker.cards import Followed
from storage import Store
from storage.items import Item
from storage.tracked import Tracked, changed_row

HOW = "Name one item of yours and its key there, such as: tracker link #12 PAY-31"


async def link(turn: Turn, store: Store, words: str) -> Reply:
    """Let an item here be the tracker's; the copy that came in by itself is dropped."""
    numbers, key = numbers_in(words)
    if len(numbers) != 1 or not key or " " in key:
        raise Mistake(HOW)
    item = await changeable(turn, store, numbers[0])
    each, row = await _tracked(turn, store, item, key)
    if row.number == item.number:
        raise Mistake(f"#{item.number} is {row.key} already.")
    mine = (await store.tracked.of_items([item.number])).get(item.number, [])
    if other := next((one for one in mine if one.source == row.source), None):
        raise Mistake(f"#{item.number} is {other.key or 'another one'} there already.")
    copy = await store.items.locked(row.number)
    await store.tracked.keep([changed_row(row, number=item.number, base={}, version="", sent={})])
    if copy is not None and not copy.is_finished:
        why = f"the same as #{item.number}"
        change = {"state": "dropped", "dropped_because": why}
        await store.items.change(copy, change, by=turn.person.id)
    await store.trackers.hint(each.site.id, [row.remote_id])
    gone = f" #{row.number}, its copy, is dropped." if copy is not None else ""
    return whisper(f"#{item.number} is {row.key} from now on.{gone}")


async def _tracked(turn: Turn, store: Store, item: Item, key: str) -> tuple[Followed, Tracked]:
    """Return what the team follows and knows by this key."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    if team.id != item.team_id:
        raise Mistake(f"#{item.number} belongs to another team.")
    followed = {each.scope.id: each for each in await followed_by(store, team)}
    rows = await store.tracked.by_key([key, key.upper()])
    here = [row for found in rows.values() for row in found if row.scope_id in followed]
    if len(here) != 1:
        names = ", ".join(each.name for each in followed.values()) or "nothing"
        raise Mistake(
            f"I know no {shortened(key, 40)} there. {shortened(team.name, 60)} follows {names}; "
            "what is quite new is read within minutes."
        )
    assert here[0].scope_id is not None, "it is followed"
    return followed[here[0].scope_id], here[0]
