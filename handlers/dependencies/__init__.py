"""A dependency is seen from both ends: who is waited for is told once, and both hear of its end.

The other team hears it in its channel, once for each item that waits; what an import brings in
all at once stands in `backlog deps` and in the digest, and is not told line by line.
"""

from __future__ import annotations

from bot.cards import Card, filled
from bot.feature import Feature
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Turn, whisper
from bot.wire import encode
from handlers.dependencies import cards
from handlers.dependencies.actions import (
    Link,
    OverView,
    ReminderView,
    SavePromise,
    SaveTake,
    WaitsView,
)
from handlers.phrases import listed, shortened
from handlers.rules.few import is_only_one, small_teams, without_small_teams
from handlers.rules.guard import changeable, found_item, readable, unfinished
from handlers.rules.limits import TITLE_MAX_CHARS, too_long
from handlers.rules.numbers import number_in
from handlers.ui.actions import OpenPromise, OpenTake, RemindTeams
from handlers.ui.forms import day_in
from storage import Store
from storage.item_links import BEGUN, ENDED
from storage.items import Item
from storage.links import Blocker
from storage.teams import Team

# --- tell ------------------------------------------------------------------------------------


async def tell_begun(turn: Turn, store: Store, key: str) -> Reply:
    """Tell the teams that an item has begun to wait for, each once."""
    posts = []
    for link in await store.links.open_of(int(key)):
        if link.other is None or not await _may_hear(store, link, link.other):
            continue
        if channel := await _channel(store, link.other):
            view = WaitsView(link.number, link.target.item or 0, link.target.team or 0)
            if await store.posts.newest_showing(encode(view), channel) is None:
                posts.append(Post(view, channel=channel))
    return tuple(posts)


async def tell_ended(turn: Turn, store: Store, key: str) -> Reply:
    """Tell the other end of each dependency that an item of it is finished."""
    number = int(key)
    item = await store.items.find(number)
    if item is None or not item.is_finished:  # taken back meanwhile
        return None
    posts = []
    for link in await store.links.at_either_end(number):
        told = link.other if link.number == number else link.own
        if told is None or not await _may_hear(store, link, told):
            continue
        if channel := await _channel(store, told):
            view = OverView(link.number, link.target.item or 0, link.target.team or 0, told)
            if await store.posts.newest_showing(encode(view), channel) is None:
                posts.append(Post(view, channel=channel))
    return tuple(posts)


async def remind(turn: Turn, store: Store, act: RemindTeams) -> Reply:
    """Tell the teams again that an item waits, at most once a day."""
    item = await unfinished(turn, store, act.number, ": it waits for nothing.")
    links = [link for link in await store.links.open_of(item.number) if link.team]
    if not links:
        return whisper(f"#{item.number} waits for no other team now.")
    posts, told, silent = [], [], []
    for link in links:
        name = shortened(link.team, cards.TEAM_CHARS)
        hears = link.other is not None and await _may_hear(store, link, link.other)
        channel = await _channel(store, link.other) if hears and link.other else None
        if link.other is None or channel is None:
            silent.append(name)
            continue
        await store.links.remind(item.number, link.other)
        day = turn.now.date().isoformat()
        view = ReminderView(link.number, link.target.item or 0, link.target.team or 0, day)
        if await store.posts.newest_showing(encode(view), channel) is None:
            posts.append(Post(view, channel=channel))
        told.append(name)
    said = []
    if told:
        said.append(f"{listed(told)} {'was' if len(told) == 1 else 'were'} reminded.")
    if silent:
        said.append(f"I cannot reach {listed(silent)}: they have no channel with me.")
    return *posts, whisper(" ".join(said))


async def _may_hear(store: Store, link: Blocker, told: int) -> bool:
    """Whether a team may hear of a dependency: not if that says whose an unsigned item is.

    Without its team's name an item of the only small team there is would still be known by it.
    """
    team = await store.teams.find(told)
    assert team is not None, "a team at an end of a link exists"
    few = await small_teams(store, team)
    (seen,) = await without_small_teams(store, [link], few)
    return bool(seen.own_team) or not is_only_one(few)


async def _channel(store: Store, team_id: int) -> str | None:
    """Return where a team hears it: its first channel."""
    channels = await store.channels.of_team(team_id)
    return channels[0].id if channels else None


# --- answer ----------------------------------------------------------------------------------


async def open_promise(turn: Turn, store: Store, act: OpenPromise) -> Reply:
    """Ask by when the item will be done."""
    return Ask(cards.promise_form(await unfinished(turn, store, act.number)))


async def save_promise(turn: Turn, store: Store, act: SavePromise) -> Reply:
    """Give the item its day; whoever waits for it sees it."""
    item = await unfinished(turn, store, act.number)
    due, wrong = day_in(turn, turn.answers.one("due"))
    if due is None:
        wrong = wrong or "Choose the day by which it will be done."
    elif due < turn.now.date():
        wrong = "That day is over. Choose one that is still to come."
    if wrong:
        return Ask(filled(cards.promise_form(item), turn.answers), {"due": wrong})
    await store.items.change(item, {"due": due}, by=turn.person.id)
    return whisper(f"#{item.number} is to be done by {due:%d %b}; who waits for it sees that.")


async def open_take(turn: Turn, store: Store, act: OpenTake) -> Reply:
    """Ask which of the team's items another team waits for."""
    waiting, link = await _untaken(turn, store, act.number, act.team_id)
    return Ask(cards.take_form(waiting, link.own_team, link.other or 0))


async def save_take(turn: Turn, store: Store, act: SaveTake) -> Reply:
    """Let the other team wait for an item, known or new, and no more for a whole team."""
    waiting, link = await _untaken(turn, store, act.number, act.team_id)
    team_id = link.other or 0
    which = " ".join(turn.answers.one("which").split())
    item, wrong = await _chosen(turn, store, which, team_id, waiting)
    if item is None:
        form = cards.take_form(waiting, link.own_team, team_id)
        return Ask(filled(form, turn.answers), {"which": wrong})
    await store.links.taken_on(waiting.number, team_id, item.number)
    return whisper(f"#{waiting.number} waits for #{item.number} of your team now.")


async def _untaken(turn: Turn, store: Store, number: int, team_id: int) -> tuple[Item, Blocker]:
    """Return the item and its link to the team as a whole; raises for one that has an item."""
    here = await store.teams.resolve(turn.place.channel, turn.person.id)
    team = await readable(turn, store, team_id or here.id)
    links = await store.links.open_of(number) if team else ()
    for link in links:
        if team is not None and link.target.team == team.id:
            return await found_item(store, number), await _seen_by(store, link, team)
    raise Mistake(f"#{number} does not wait for a whole team any more.")


async def _chosen(
    turn: Turn, store: Store, which: str, team_id: int, waiting: Item
) -> tuple[Item | None, str]:
    """Return the team's item that was named, or a new one, or None and what is wrong."""
    number = number_in(which)
    if number is None:
        if not which:
            return None, "Name one of your items, such as #42, or write a new one's title."
        if wrong := too_long(which, TITLE_MAX_CHARS):
            return None, wrong
        return await store.items.add(team_id, which, by=turn.person.id, kind=waiting.kind), ""
    known = await store.items.find(number)
    if known is None or known.team_id != team_id:
        return None, f"#{number} is no item of your team."
    item = await changeable(turn, store, number)
    if item.is_finished:
        return None, f"#{number} is {item.state} already. Name one that is open."
    if await store.links.waits(number, waiting.number):
        return None, f"#{number} waits for #{waiting.number} already: neither could ever start."
    return item, ""


# --- draw ------------------------------------------------------------------------------------


async def draw_waits(store: Store, view: WaitsView) -> Card:
    """Draw that another team waits, as it is now."""
    return await _draw_waits(store, view, again=False)


async def draw_reminder(store: Store, view: ReminderView) -> Card:
    """Draw that it still waits."""
    return await _draw_waits(store, view, again=True)


async def _draw_waits(store: Store, view: Link, *, again: bool) -> Card:
    link, waiting, awaited = await _ends(store, view, told=None)
    return cards.waits(link, waiting, awaited, again=again)


async def draw_over(store: Store, view: OverView) -> Card:
    """Draw that a dependency is over, and what is left."""
    link, waiting, awaited = await _ends(store, view, told=view.team_id)
    left = len(await store.links.open_of(view.number))
    return cards.over(link, waiting, awaited, view.team_id, left)


async def _seen_by(store: Store, link: Blocker, reader: Team) -> Blocker:
    """Return a dependency without what would tell a team whose an unsigned item is."""
    (seen,) = await without_small_teams(store, [link], await small_teams(store, reader))
    return seen


async def _ends(store: Store, view: Link, *, told: int | None) -> tuple[Blocker, Item, Item | None]:
    """Return a dependency as team `told` may see it, by default the one that is waited for."""
    link = await store.links.find(view.number, view.target)
    waiting = await store.items.find(view.number)
    if link is None or waiting is None:
        raise NotFound("There is no such dependency here any more.")
    awaited = await store.items.find(link.target.item) if link.target.item else None
    reader = await store.teams.find(told or link.other or 0)
    if reader is not None:
        link = await _seen_by(store, link, reader)
    return link, waiting, awaited


FEATURE = Feature(
    name="dependencies",
    actions={
        RemindTeams: remind,
        OpenPromise: open_promise,
        SavePromise: save_promise,
        OpenTake: open_take,
        SaveTake: save_take,
    },
    views={WaitsView: draw_waits, ReminderView: draw_reminder, OverView: draw_over},
    due={BEGUN: tell_begun, ENDED: tell_ended},
)
