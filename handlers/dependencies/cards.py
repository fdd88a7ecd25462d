"""What the team at the other end of a dependency is told, and the forms in which it answers."""

from __future__ import annotations

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Day,
    Form,
    Input,
    Node,
    Note,
    Span,
    plain,
    subtle,
    text,
)
from handlers.dependencies.actions import SavePromise, SaveTake
from handlers.phrases import shortened
from handlers.rules.limits import TITLE_MAX_CHARS
from handlers.ui.actions import OpenPromise, OpenRefine, OpenTake
from storage.items import Item
from storage.links import Blocker

TEAM_CHARS = 60
TITLE_CHARS = 80

UNNAMED = "Another team"
"""Whose item it is that nobody signed: of few people each would be as good as its author."""


def waits(link: Blocker, waiting: Item, awaited: Item | None, *, again: bool = False) -> Card:
    """Draw that another team's item waits, or that it does no more."""
    if over := why_over(link, waiting, awaited):
        return _line("✓ ", *over)
    team = shortened(link.own_team, TEAM_CHARS) or UNNAMED
    what = name(awaited) if awaited else "your team"
    verb = " still waits for " if again else " waits for "
    said = (Bold(team), f"{verb}{what}, to go on with {name(waiting)}.")
    since = f"Since {link.opened_at:%d %b}"
    if link.due is not None:
        since += f", to be done by {link.due:%d %b}"
    if awaited is not None:
        press = Button("Say when", OpenPromise(awaited.number), opens_form=True)
    else:
        take = OpenTake(link.number, link.other or 0)
        press = Button("Take it", take, opens_form=True)
    return Card(plain(said), (text(*said), subtle(f"{since}."), Buttons((press,))))


def over(link: Blocker, waiting: Item, awaited: Item | None, told: int, left: int) -> Card:
    """Draw for team `told` that the other end is finished; `left` other waits are still open."""
    said = why_over(link, waiting, awaited)
    if not said:
        what = name(awaited) if awaited else shortened(link.team, TEAM_CHARS)
        return _line(f"{name(waiting)} waits for {what} again.")
    card = _line(*said)
    if told != link.own or waiting.is_finished:
        return card
    nodes: list[Node] = list(card.nodes)
    if left:
        others = "one other thing" if left == 1 else f"{left} other things"
        nodes.append(subtle(f"#{waiting.number} still waits for {others}."))
    refine = Button(f"Refine #{waiting.number}", OpenRefine(waiting.number), opens_form=True)
    return Card(card.summary, (*nodes, Buttons((refine,))))


def why_over(link: Blocker, waiting: Item, awaited: Item | None) -> tuple[Span, ...]:
    """Return the sentence that says why nothing is waited for any more; () while it is."""
    team, mine = shortened(link.own_team, TEAM_CHARS) or UNNAMED.lower(), name(waiting)
    theirs = name(awaited) if awaited else shortened(link.team, TEAM_CHARS)
    if awaited is not None and awaited.state == "accepted":
        return (f"{theirs} is done: {mine} of ", Bold(team), " waits for it no more.")
    if awaited is not None and awaited.state == "dropped":
        because = f" ({awaited.dropped_because})" if awaited.dropped_because else ""
        return (f"{theirs} was dropped{because}: {mine} of ", Bold(team), " waited for it.")
    if waiting.is_finished:
        became = "done" if waiting.state == "accepted" else "dropped"
        return (f"{mine} of ", Bold(team), f" is {became} and needs {theirs} no more.")
    if link.resolved_at is not None:
        return (f"{mine} of ", Bold(team), f" does not wait for {theirs} any more.")
    return ()


def name(item: Item) -> str:
    """Return `#42 Title`, shortened."""
    return f"#{item.number} {shortened(item.title, TITLE_CHARS)}"


def _line(*said: Span) -> Card:
    return Card(plain(said), (text(*said),))


# --- forms -----------------------------------------------------------------------------------


def promise_form(item: Item) -> Form:
    """Ask by when an item will be done."""
    return Form(
        f"When will #{item.number} be done?",
        SavePromise(item.number),
        (Note(text(name(item))), Day("due", "By when?", item.due, optional=False)),
    )


def take_form(waiting: Item, own_team: str, team_id: int) -> Form:
    """Ask which item another team's item waits for."""
    about = Note(text(Bold(shortened(own_team, TEAM_CHARS) or UNNAMED), f" waits: {name(waiting)}"))
    which = Input(
        "which",
        "Which of your items is it?",
        max_chars=TITLE_MAX_CHARS,
        hint="Its number, such as #42, or the title of a new one",
    )
    return Form(
        f"What #{waiting.number} waits for", SaveTake(waiting.number, team_id), (about, which)
    )
