"""One small improvement at a time: the one a team makes now, until its iteration is over.

Choosing it tells the team's channel, by a card that stays pinned there as long as it holds.
"""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Bold, Button, Buttons, Card, Node, Span, When, heading, says, subtle, text
from bot.turn import SOMEONE, Mistake, NotFound, Post, Reply, Turn, whisper
from handlers.capture.actions import Finish, FocusNowView, FocusView, KeepFocus, SetFocusAside
from handlers.phrases import shortened
from handlers.reader.names import in_words
from handlers.rules.access import Permission
from handlers.rules.focus import how_it_stands, streak, streak_words
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
    team = await store.teams.locked(item.team_id)
    assert team is not None, "items belong to teams that exist"
    if team.focus == item.number and await _is_under_way(store, team):
        return whisper(f"#{item.number} is your focus already.")
    await store.teams.set_focus(team.id, item.number)
    where = await _ask_at_the_end(turn, store, team)
    if where is None:
        return None
    return Post(FocusNowView(team.id, item.number, len(team.past_focus)), channel=where)


async def keep_focus(turn: Turn, store: Store, act: KeepFocus) -> Reply:
    """Go on with the same for one more iteration."""
    return await make_focus(turn, store, MakeFocus(act.number))


async def set_aside(turn: Turn, store: Store, act: SetFocusAside) -> Reply:
    """Improve nothing in particular any more: it was chosen by mistake, or something came up."""
    item = await found_item(store, act.number)
    require(turn, Permission.CHOOSE_FOCUS)
    team = await store.teams.locked(item.team_id)
    if team is None or team.focus != item.number:
        return whisper(f"#{item.number} is not your focus any more.")
    await store.teams.set_focus(team.id, None)
    await store.timers.cancel(ENDED, str(team.id))
    return None


async def _ask_at_the_end(turn: Turn, store: Store, team: Team) -> str | None:
    """Ask once the iteration is over, where the team talks; without iterations in two weeks.

    Return that channel; None where the team has none.
    """
    channels = [channel.id for channel in await store.channels.of_team(team.id)]
    if not channels:
        return None
    rhythm = rhythm_of(team)
    at = store.now + timedelta(weeks=ITERATION_WEEKS_USUAL)
    here = turn.place.channel
    where = here if here in channels else channels[0]
    await store.timers.set(
        ENDED, str(team.id), rhythm.next_start(store.now) if rhythm else at, where
    )
    return where


async def _is_under_way(store: Store, team: Team) -> bool:
    """Whether a team's focus is one for now; an older Hone also kept what it had asked about."""
    return await store.timers.find(ENDED, str(team.id)) is not None


async def ended(turn: Turn, store: Store, key: str) -> Reply:
    """Ask what came of the focus, and offer the next; nothing if there is none any more."""
    team = await store.teams.locked(int(key))
    if team is None or team.focus is None:
        return None
    item = await found_item(store, team.focus)
    if item.state == "dropped":
        await store.teams.set_focus(team.id, None)
        return None
    await store.teams.look_back_on_focus(team, item.number)
    return Post(FocusView(team.id, item.number, len(team.past_focus)))


# --- while it holds --------------------------------------------------------------------------


async def draw_now(store: Store, view: FocusNowView) -> Card:
    """Draw what the team improves now, pinned; later what it was, and no more pinned."""
    team = await _team(store, view.team_id)
    item = await found_item(store, view.number)
    holds = team.focus == item.number and len(team.past_focus) == view.count
    if not holds or item.state == "dropped":
        was = says(f"This was our focus: {how_it_stands(item.number, item.title, item.state)}.")
        return Card(was.summary, was.nodes, pinned=False)
    line = f"Our focus: {_name(item)}"
    nodes: list[Node] = [heading("Our focus for this iteration"), text(Bold(_name(item)))]
    nodes.append(text(*await _how_it_goes(store, item)))
    end = await store.timers.find(ENDED, str(team.id))
    if end is not None:
        nodes.append(subtle("On ", When(end.at, team.zone, "date"), " I ask what came of it."))
    done = await _done(store, team.past_focus)
    if (count := streak(team.past_focus, done)) > 1:
        nodes.append(subtle(streak_words(count)))
    n = item.number
    row = [Button("Set it aside", SetFocusAside(n), hint=f"#{n} is our focus no more")]
    if not item.is_finished:
        row.insert(0, Button("Done", Finish(n), "primary", hint=f"Mark #{n} done"))
    return Card(line, (*nodes, Buttons(tuple(row))), pinned=True)


async def _how_it_goes(store: Store, item: Item) -> list[Span]:
    """Return its state, who does it and by when."""
    if item.state == "accepted":
        return ["Done, and its number moved." if item.effect == "moved" else "Done."]
    names = await store.people.named([item.owner]) if item.owner else {}
    who = f"with {names.get(item.owner or '', SOMEONE)}" if item.owner else "nobody owns it yet"
    due = f", by {in_words(item.due)}" if item.due else ""
    return [f"{item.state.capitalize()}, {who}{due}."]


# --- when it is over -------------------------------------------------------------------------


async def draw(store: Store, view: FocusView) -> Card:
    """Draw the question as it is now: what came of it, and what the team chose next."""
    team = await _team(store, view.team_id)
    item = await found_item(store, view.number)
    past = team.past_focus[: view.count]
    title = "The iteration is over: what came of our focus?"
    nodes: list[Node] = [heading(title), text(Bold(_name(item)), f": {_became(item)}")]
    if words := streak_words(streak(past, await _done(store, past))):
        nodes.append(subtle(words))
    if len(team.past_focus) > view.count:
        return Card(title, tuple(nodes))  # another iteration has ended since: that one asks now
    is_same = team.focus == item.number
    if team.focus is None or (is_same and not await _is_under_way(store, team)):
        nodes += await _choices(store, team, item)
        return Card(title, tuple(nodes))
    chosen = await found_item(store, team.focus)
    again = ", for one more iteration" if is_same else ""
    nodes.append(text("Now: ", Bold(_name(chosen)), f"{again}."))
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


async def _team(store: Store, id: int) -> Team:
    team = await store.teams.find(id)
    if team is None:
        raise NotFound("There is no such team here.")
    return team


async def _done(store: Store, numbers: tuple[int, ...]) -> set[int]:
    """Return those of these items that got done, whenever that was."""
    items = await store.items.several(list(dict.fromkeys(numbers)))
    return {number for number, item in items.items() if item.state == "accepted"}


def _name(item: Item) -> str:
    return f"#{item.number} {shortened(item.title, 100)}"
