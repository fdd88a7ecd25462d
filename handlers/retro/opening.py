"""The retro's card while people write: what became of the last one, and how to take part."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Confirm,
    Divider,
    Facts,
    Node,
    Span,
    Text,
    When,
    heading,
    subtle,
    text,
)
from handlers.phrases import counted, shortened
from handlers.reader.names import in_words
from handlers.retro import forms
from handlers.retro.actions import Cancel, FinishWriting, OpenNotes, OpenOwn, Reveal, TakeOver
from handlers.retro.board import STATE_WORDS, Board
from handlers.rules.crowd import CROWD, is_crowd
from handlers.rules.focus import FOCUS, how_it_stands
from storage.items import Item
from storage.retros import Retro

OLDER_SHOWN = 8


def card(retro: Retro, board: Board, zone: str) -> Card:
    """Draw a retro while people write."""
    write = Button(
        "Add a note", OpenNotes(retro.id), "primary", opens_form=True, hint="Add notes privately"
    )
    own = Button("My notes", OpenOwn(retro.id), opens_form=True, hint="Change your own notes")
    lead = [
        Button("Reveal", Reveal(retro.id), confirm=_asks_to_reveal(retro, board)),
        Button("Cancel", Cancel(retro.id), "danger", confirm=_CANCEL),
    ]
    nodes: list[Node] = [
        heading(f"Retro: {retro.template}"),
        *_focus(board),
        *_told(retro),
        *_last(board),
        text(
            "Write down what comes to mind. Nobody reads a note before all are revealed together."
        ),
        Facts(tuple(_facts(retro, board, zone))),
    ]
    if retro.anonymous:
        nodes.append(subtle("Anonymous: Hone keeps no name with any note, now or later."))
        if board.are_few:
            nodes.append(subtle(forms.FEW))
    if board.is_free:
        hint = "Take over: lead this retro from now on"
        lead.append(Button("Take over", TakeOver(retro.id), hint=hint))
    finished = Button("I'm done", FinishWriting(retro.id), hint="I'm done with my notes")
    # A name beside the time of an anonymous note could point at it, so there nobody says so.
    buttons = [write, *lead] if retro.anonymous else [write, own, finished, *lead]
    summary = f"Retro “{retro.template}” is open: {count_words(retro, board.count)}"
    return Card(summary, (*nodes, Buttons(tuple(buttons))))


def _asks_to_reveal(retro: Retro, board: Board) -> Confirm:
    so_far = f"So far: {count_words(retro, board.count)}."
    return Confirm(
        "Reveal all notes?",
        f"{so_far} Everybody sees them then, and those that come later at once.",
        "Reveal",
    )


_CANCEL = Confirm(
    "Cancel this retro?", "All notes are deleted, and nobody will have read them.", "Cancel it"
)


def _facts(retro: Retro, board: Board, zone: str) -> list[tuple[str, tuple[Span, ...]]]:
    until: tuple[Span, ...] = ("the facilitator reveals",)
    if retro.deadline is not None:
        until = (When(retro.deadline, zone), f", {board.left}" if board.left else "")
    so_far = count_words(retro, board.count)
    if board.writers:
        so_far += f"; {counted(board.writers, 'person is', 'people are')} done"
    return [
        ("Columns", (" · ".join(retro.columns),)),
        ("Open until", until),
        ("So far", (Bold(so_far),)),
        ("Facilitator", (board.name(retro.facilitator),)),
    ]


def count_words(retro: Retro, count: int) -> str:
    """Return how many notes there are, as exactly as anonymity allows."""
    if retro.anonymous and count and not is_crowd(count):
        return f"fewer than {CROWD} notes"
    if count == 0:
        return "no notes yet"
    return counted(count, "note")


def _focus(board: Board) -> list[Node]:
    """Name the one small improvement the team makes now."""
    item = board.focus
    if item is None:
        return []
    stands = how_it_stands(item.number, item.title, item.state)
    return [text(Bold(f"{FOCUS}: "), stands, *board.key(item))]


def _told(retro: Retro) -> list[Node]:
    """Return what the team's own items tell it, where it wants that."""
    if not retro.facts:
        return []
    lines: list[Span] = [Bold("What our items say:")]
    return [Text((*lines, *(f"\n• {fact}" for fact in retro.facts))), Divider()]


def _last(board: Board) -> list[Node]:
    """Return what became of the last retro's improvements, and what is open from before it."""
    nodes: list[Node] = []
    if board.last:
        done = sum(item.state == "accepted" for item in board.last)
        nodes.append(
            _list(f"Since the last retro, {done} of {len(board.last)} done:", board.last, board)
        )
    if board.older:
        nodes.append(_list("Still open from earlier retros:", board.older[:OLDER_SHOWN], board))
        if more := len(board.older) - OLDER_SHOWN:
            nodes += [subtle(f"And {more} more.")] if more > 0 else []
    return [*nodes, Divider()] if nodes else []


def _list(head: str, items: Sequence[Item], board: Board) -> Text:
    lines: list[Span] = [Bold(head)]
    for item in items:
        lines += [f"\n• {_became(item, board)}", *board.key(item)]
    return Text(tuple(lines))


def _became(item: Item, board: Board) -> str:
    state = STATE_WORDS.get(item.state, item.state)
    parts = [f"#{item.number} {shortened(item.title, 100)}: {state}"]
    if item.state == "dropped" and item.dropped_because:
        parts.append(f"({item.dropped_because})")
    if not item.is_finished:
        parts.append(f"with {board.name(item.owner)}" if item.owner else "nobody owns it")
        if item.due:
            parts.append(f"due {in_words(item.due)}")
    if item.effect:
        parts.append(f"its number: {item.effect}")
    return ", ".join(parts).replace(", (", " (")
