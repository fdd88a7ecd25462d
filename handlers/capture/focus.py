"""One small improvement at a time: the one a team makes now, until its iteration is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.cards import Bold, Button, Buttons, Card, Node, heading, subtle, text
from bot.turn import Mistake, NotFound, Post, Reply, Turn
from handlers.capture.actions import Finish, FocusView, KeepFocus
from handlers.phrases import shortened
from handlers.rules.access import Permission
from handlers.rules.guard import found_item, require
from handlers.rules.rhythm import rhythm_of
from handlers.rules.timeboxes import ITERATION_WEEKS_USUAL
from handlers.ui.actions import MakeFocus
from storage import Store
from storage.items import Item
from storage.teams import Team

ENDED = "focus.ended"
"""The timer's kind; the key is the team's id, the channel where it is asked."""

OFFERED = 3
LOOKED_AT = 30


async def make_focus(turn: Turn, store: Store, act: MakeFocus) -> Reply:
    """Make the item its team's focus in place of the one before, for this iteration."""
    item = await found_item(store, act.number)
    require(turn, Permission.CHOOSE_FOCUS)
    if item.is_finished:
        raise Mistake(f"#{item.number} is {item.state} already. Choose one that is still open.")
    await store.teams.set_focus(item.team_id, item.number)
    await _ask_at_the_end(turn, store, item.team_id)
    return None


async def keep_focus(turn: Turn, store: Store, act: KeepFocus) -> Reply:
    """Go on with the same for one more iteration."""
    return await make_focus(turn, store, MakeFocus(act.number))


async def _ask_at_the_end(turn: Turn, store: Store, team_id: int) -> None:
    """Ask once the iteration is over, where the team talks; without iterations in two weeks."""
    team = await store.teams.find(team_id)
    channels = [channel.id for channel in await store.channels.of_team(team_id)]
    if team is None or not channels:
        return
    rhythm = rhythm_of(team)
    at = store.now + timedelta(weeks=ITERATION_WEEKS_USUAL)
    here = turn.place.channel
    where = here if here in channels else channels[0]
    await store.timers.set(
        ENDED, str(team_id), rhythm.next_start(store.now) if rhythm else at, where
    )


async def ended(turn: Turn, store: Store, key: str) -> Reply:
    """Ask what came of the focus, and offer the next; nothing if there is none any more."""
    team = await store.teams.locked(int(key))
    if team is None or team.focus is None:
        return None
    item = await found_item(store, team.focus)
    if item.state == "dropped":
        return None
    await store.teams.look_back_on_focus(team, item.number)
    return Post(FocusView(team.id, item.number, len(team.past_focus)))


async def draw(store: Store, view: FocusView) -> Card:
    """Draw the question as it is now: what came of it, and what the team chose next."""
    team = await store.teams.find(view.team_id)
    item = await found_item(store, view.number)
    if team is None:
        raise NotFound("There is no such team here.")
    past = team.past_focus[: view.count]
    items = await store.items.several([*past, *([team.focus] if team.focus else [])])
    title = "The iteration is over: what came of our focus?"
    nodes: list[Node] = [heading(title), text(Bold(_name(item)), f": {_became(item)}")]
    if words := _streak(past, items):
        nodes.append(subtle(words))
    if len(team.past_focus) > view.count:
        return Card(title, tuple(nodes))  # another iteration has ended since: that one asks now
    chosen = items.get(team.focus) if team.focus else None
    if chosen is not None and chosen.number != item.number:
        nodes.append(text("Now: ", Bold(_name(chosen)), "."))
        return Card(title, tuple(nodes))
    nodes += await _choices(store, team, item)
    return Card(title, tuple(nodes))


async def _choices(store: Store, team: Team, item: Item) -> list[Node]:
    row = []
    if not item.is_finished:
        row.append(Button("Done", Finish(item.number), "primary", hint=f"Mark #{item.number} done"))
        keep = f"Go on with #{item.number} for one more iteration"
        row.append(Button("Go on with it", KeepFocus(item.number), hint=keep))
    ranked = await store.items.ranked(team.id, limit=LOOKED_AT)
    others = [i for i in ranked if i.kind == "improvement" and i.number != item.number][:OFFERED]
    nodes: list[Node] = [Buttons(tuple(row))] if row else []
    if others:
        nodes.append(text("What small thing do we improve next?"))
        nodes += [text(_name(other)) for other in others]
        nexts = (
            Button(f"Take #{o.number}", MakeFocus(o.number), hint=f"Take #{o.number} as our focus")
            for o in others
        )
        nodes.append(Buttons(tuple(nexts)))
    return nodes


def _became(item: Item) -> str:
    if item.state != "accepted":
        return f"{item.state}. No harm done: is it still the right thing?"
    if item.effect == "moved":
        return "done, and its number moved."
    return "done."


def _streak(past: Sequence[int], items: Mapping[int, Item]) -> str:
    """Return for how many iterations in a row something small got done; nothing is said of none."""
    done = 0
    for number in reversed(past):
        if number not in items or items[number].state != "accepted":
            break
        done += 1
    if done == 0:
        return ""
    return f"{done} iterations in a row with an improvement." if done > 1 else "One more done."


def _name(item: Item) -> str:
    return f"#{item.number} {shortened(item.title, 100)}"
