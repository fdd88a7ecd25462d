"""Move an item through its states, split it, or lift it to the train."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.cards import (
    Typed,
    filled,
)
from bot.text import alike
from bot.turn import Ask, Mistake, Post, Reply, Turn, whisper
from handlers.backlog import forms
from handlers.backlog.actions import OpenLift, OpenSplit, SaveLift, SaveMove, SaveSplit
from handlers.backlog.moves import NEXT, SAID
from handlers.phrases import cut, listed
from handlers.rules.access import Permission
from handlers.rules.guard import changeable, require, unfinished
from handlers.rules.limits import TITLE_MAX_CHARS, too_long
from handlers.rules.numbers import number_in
from handlers.ui.actions import OpenMove
from handlers.ui.train_news import tell_train
from handlers.ui.views import ItemView
from storage import Store
from storage.backlog import Wanted
from storage.items import Item
from storage.states import REWORK_REASONS, is_rework

CHAIN_MAX = 50

LIFTED_MAX = 20
"""Items that are lifted with another one at a time."""


# --- move ------------------------------------------------------------------------------------


async def open_move(turn: Turn, store: Store, act: OpenMove) -> Reply:
    """Ask where the item goes."""
    return Ask(forms.move_form(await changeable(turn, store, act.number)))


async def move(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Move an item to the state that is named, or ask where to; a question opens the form."""
    item = await changeable(turn, store, numbers[0])
    state = _named_state(item, words)
    if state == item.state:
        return whisper(f"#{item.number} is {state} already.")
    if state is None or is_rework(item.state, state) or (item.criteria and state == "accepted"):
        chosen = {"state": (state,)} if state else {}
        return Ask(filled(forms.move_form(item), chosen))
    if state not in NEXT[item.state]:
        steps = ", ".join(NEXT[item.state])
        raise Mistake(f"#{item.number} is {item.state}: from there it goes to {steps}.")
    changes = {"state": state, "dropped_because": ""}
    await store.items.change(item, changes, by=turn.person.id)
    return whisper(f"#{item.number} is {state} now.")


def _named_state(item: Item, words: str) -> str | None:
    """Return the state that some words name; `open` brings back what was finished or dropped."""
    said = alike(words).removeprefix("to ").removeprefix("in ")
    if said in ("open", "opened", "reopen", "reopened"):
        return NEXT[item.state][0] if item.is_finished else item.state
    return SAID.get(said)


async def save_move(turn: Turn, store: Store, act: SaveMove) -> Reply:
    """Move the item; sending it back needs a reason, which its story keeps."""
    item = await changeable(turn, store, act.number)
    form = forms.move_form(item)
    if item.state != act.state:
        return Ask(form, {"state": f"Meanwhile it went to {item.state}. Where to from there?"})
    state, reason, errors = _read_move(turn, item)
    if errors:
        return Ask(filled(form, turn.answers), errors)
    changes: dict[str, Any] = {"state": state, "dropped_because": ""}
    if item.criteria:
        changes["criteria"] = _ticked(item, turn.answers.many("met"))
    await store.items.change(item, changes, by=turn.person.id, reason=reason)
    unmet = sum(not criterion["done"] for criterion in item.criteria)
    if state == "accepted" and unmet:
        still = "criterion does" if unmet == 1 else "criteria do"
        return whisper(f"#{item.number} is accepted; {unmet} {still} not hold yet.")
    return None


def _read_move(turn: Turn, item: Item) -> tuple[str, str, dict[str, str]]:
    """Return the state, the reason if it is sent back, and what is wrong, by field."""
    answers = turn.answers
    state, reason, words = answers.one("state"), answers.one("reason"), answers.one("words")
    errors: dict[str, str] = {}
    if state not in NEXT[item.state]:
        errors["state"] = f"Choose one of: {', '.join(NEXT[item.state])}."
    if wrong := too_long(words, forms.WORDS_MAX_CHARS):
        errors["words"] = wrong
    if not is_rework(item.state, state):
        return state, "", errors
    if reason not in REWORK_REASONS:
        errors["reason"] = f"Why is it sent back? Choose one of: {', '.join(REWORK_REASONS)}."
    return state, f"{reason}: {' '.join(words.split())}" if words else reason, errors


def _ticked(item: Item, met: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"text": criterion["text"], "done": str(place) in met}
        for place, criterion in enumerate(item.criteria)
    ]


# --- split -----------------------------------------------------------------------------------


async def open_split(turn: Turn, store: Store, act: OpenSplit) -> Reply:
    """Ask for the parts' titles."""
    return Ask(forms.split_form(await _open_item(turn, store, act.number)))


async def save_split(turn: Turn, store: Store, act: SaveSplit) -> Reply:
    """Make an item of each title, linked to the one they come from."""
    item = await _open_item(turn, store, act.number)
    titles, wrong = _titles(turn.answers.one("titles"))
    if wrong:
        return Ask(filled(forms.split_form(item), turn.answers), {"titles": wrong})
    parts = [
        await store.items.add(
            item.team_id,
            title,
            by=turn.person.id,
            kind=item.kind,
            level=item.level,
            themes=list(item.themes),
            owner=item.owner,
            part_of=item.part_of,
            split_from=item.number,
        )
        for title in titles
    ]
    if turn.answers.on("replace"):
        gone = {"state": "dropped", "dropped_because": "split"}
        await store.items.change(item, gone, by=turn.person.id)
    numbers = ", ".join(f"#{part.number}" for part in parts)
    return whisper(
        f"Split #{item.number} into {numbers}. See one: ", Typed(f"backlog #{parts[0].number}")
    )


def _titles(typed: str) -> tuple[list[str], str]:
    lines = (re.sub(r"^[-*•]\s+", "", " ".join(line.split())) for line in typed.splitlines())
    titles = list(dict.fromkeys(line for line in lines if line))
    if len(titles) < 2:
        return titles, "Write at least two titles, each on a line of its own."
    if len(titles) > forms.PARTS_MAX:
        return titles, f"That is {len(titles)} titles; split into at most {forms.PARTS_MAX}."
    if long := next((title for title in titles if len(title) > TITLE_MAX_CHARS), None):
        return titles, (
            f"“{cut(long, 41)}” has {len(long):,} characters; a title may have {TITLE_MAX_CHARS:,}."
        )
    return titles, ""


# --- lift ------------------------------------------------------------------------------------


async def open_lift(turn: Turn, store: Store, act: OpenLift) -> Reply:
    """Ask which item of the train this one is part of."""
    require(turn, Permission.LIFT_ITEM)
    item = await _open_item(turn, store, act.number)
    others = [await _open_item(turn, store, number) for number in _more(act)]
    return Ask(forms.lift_form(item, await _of_train(store, item), others))


def _more(act: OpenLift | SaveLift) -> list[int]:
    """Return the other items of an action, as far as they are numbers."""
    return [int(part) for part in act.more.split(",") if part.isdecimal()][:LIFTED_MAX]


async def save_lift(turn: Turn, store: Store, act: SaveLift) -> Reply:
    """Link the item to one of the whole train, new or known."""
    require(turn, Permission.LIFT_ITEM)
    item = await _open_item(turn, store, act.number)
    others = [await _open_item(turn, store, number) for number in _more(act)]
    whole, wrong = await _whole(turn, store, item)
    for each in others:
        if whole is not None and not wrong and await _is_inside(store, whole, each.number):
            wrong = {"whole": f"#{whole.number} is part of #{each.number} already."}
    if wrong:
        form = forms.lift_form(item, await _of_train(store, item), others)
        return Ask(filled(form, turn.answers), wrong)
    number = whole.number if whole else None
    lifted = [item, *others]
    for each in lifted:
        await store.items.change(each, {"part_of": number}, by=turn.person.id)
    named = listed([f"#{each.number}" for each in lifted], LIFTED_MAX + 1)
    verb, alone = ("is", "It stands") if len(lifted) == 1 else ("are", "They stand")
    sentence = f"{named} {verb} part of #{number} now." if number else f"{alone} alone now."
    if whole is None or turn.answers.one("whole") != forms.NEW:
        return whisper(sentence)
    told = await _confirm(store, whole, lifted)
    return Post(ItemView(whole.number)), *told, whisper(sentence)


async def _confirm(store: Store, whole: Item, lifted: Sequence[Item]) -> tuple[Post, ...]:
    """Make what was picked by hand out of several teams a theme of the train, and tell them."""
    teams = {each.team_id for each in lifted}
    team = await store.teams.find(whole.team_id)
    if team is None or len(teams) < 2:
        return ()
    count = len(await store.teams.in_train(team.train_id))
    await store.themes.confirm(team.train_id, whole.title, whole.number, len(teams), count)
    return await tell_train(store, team.train_id, whole.number, team.id)


async def _whole(turn: Turn, store: Store, item: Item) -> tuple[Item | None, dict[str, str]]:
    """Return the item that was chosen or made, and what is wrong, by field."""
    chosen = turn.answers.one("whole")
    if chosen == forms.NONE:
        return None, {}
    if chosen == forms.NEW:
        title = " ".join((turn.answers.one("title") or item.title).split())
        if wrong := too_long(title, TITLE_MAX_CHARS):
            return None, {"title": wrong}
        return await store.items.add(
            item.team_id,
            title,
            by=turn.person.id,
            kind="feature",
            level="train",
            themes=list(item.themes),
        ), {}
    number = number_in(chosen)
    whole = await store.items.find(number) if number else None
    if whole is None or whole.level != "train" or whole.state == "dropped":
        return None, {"whole": "Choose one of the items listed."}
    if await _is_inside(store, whole, item.number):
        return None, {"whole": f"#{whole.number} is part of #{item.number} already."}
    return whole, {}


async def _is_inside(store: Store, item: Item, number: int) -> bool:
    """Tell whether an item is this one, or part of it."""
    ancestor: Item | None = item
    for _ in range(CHAIN_MAX):
        if ancestor is None or ancestor.number == number:
            return ancestor is not None
        ancestor = await store.items.find(ancestor.part_of) if ancestor.part_of else None
    return True


async def _of_train(store: Store, item: Item) -> list[Item]:
    rows = await store.backlog.page(
        item.team_id, Wanted(train=True, level="train"), limit=forms.LISTED_MAX + 1
    )
    return [row.item for row in rows]


async def _open_item(turn: Turn, store: Store, number: int) -> Item:
    return await unfinished(turn, store, number, ". Bring it back first.")
