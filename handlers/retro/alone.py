"""What one person alone is shown of a retro: that notes are kept, and all of them to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Node,
    Span,
    Text,
    When,
    heading,
    says,
    subtle,
    text,
)
from handlers.phrases import counted, cut
from handlers.retro.actions import OpenOwn, OpenUnsigned, ReadNotes, Reveal
from handlers.retro.board import Board
from handlers.retro.cards import outcome, ranked, signed, take_over, waits
from handlers.rules.crowd import CROWD
from handlers.rules.edit_token import EditToken
from storage.retros import COLLECTING, OPEN_STAGES, Retro, RetroGroup

PAGE_CHARS = 5_000
PAGE_GROUPS = 15
"""What one page holds."""


def added(line: str, known: Sequence[str]) -> Card:
    """Say that notes were added, and which of them are there already."""
    return Card(line, (text(line), *map(subtle, known)))


def kept(retro: Retro, count: int, known: Sequence[str] = ()) -> Card:
    """Say that signed notes are kept; an anonymous retro's card has no button that opens them."""
    line = f"Added {counted(count, 'note')}. Until the reveal you can change them: press My notes."
    own = Button("My notes", OpenOwn(retro.id), opens_form=True, hint="Change your own notes")
    card = added(line, known)
    return replace(card, nodes=(*card.nodes, Buttons((own,)))) if retro.anonymous else card


def before_revealing(retro: Retro) -> Card:
    """Tell who leads that authors may be guessed, and let them wait or go on."""
    line = (
        f"Not revealed yet: fewer than {CROWD} people may have written, so who wrote what without "
        "a name may be guessed. Wait until more have, or ask whether everybody agrees."
    )
    go_on = Button("Reveal all the same", Reveal(retro.id, sure=True))
    return Card(line, (text(line), Buttons((go_on,))))


def kept_unsigned(retro_id: int, count: int, token: EditToken, known: Sequence[str] = ()) -> Card:
    """Say that notes without a name are kept, and hold the only way to change them."""
    line = f"Added {counted(count, 'note')} without your name."
    return Card(
        line,
        (
            text(line),
            *map(subtle, known),
            subtle(
                "For ten minutes you can change or remove what you wrote, with this button only. "
                "After that nobody can tell it is yours, so nobody can."
            ),
            Buttons(
                (
                    Button(
                        "Change or remove",
                        OpenUnsigned(retro_id, token.secret, token.until),
                        opens_form=True,
                    ),
                )
            ),
        ),
    )


def step(retro: Retro, board: Board, step: str, channel: str, zone: str) -> Card:
    """Draw what one person is told in their chat: it is revealed soon, or waits for somebody."""
    which = f"The retro in {named(channel)}"
    if step == "soon" and retro.stage == COLLECTING and retro.deadline is not None:
        still = ". There is still time to add a note there."
        reveal = text(Bold(which), " is revealed ", When(retro.deadline, zone), still)
        known = "Who wrote without a name hears this as well: nobody can tell."
        return Card(f"{which} is revealed soon.", (reveal, subtle(known)))
    if step == "away" and retro.stage in OPEN_STAGES:
        line = f"{waits(retro, board, which)} You can go on in their place, as can all of the team."
        return Card(line, (text(line), Buttons((take_over(retro),))))
    return says(f"{which} has moved on.")


def named(channel: str) -> str:
    """Return a channel as one calls it elsewhere."""
    return cut(channel, 60) or "your team's channel"


def pages(board: Board) -> list[list[RetroGroup]]:
    """Divide the groups into pages that every platform takes."""
    divided: list[list[RetroGroup]] = []
    size = PAGE_CHARS
    for group in ranked(board.groups, board.notes):
        chars = len(group.title) + sum(len(note.text) + 40 for note in board.said_in(group))
        if not divided or size + chars > PAGE_CHARS or len(divided[-1]) >= PAGE_GROUPS:
            divided.append([])
            size = 0
        divided[-1].append(group)
        size += chars
    return divided


def notes_page(retro: Retro, board: Board, page: int) -> Card:
    """Draw one page of everything that was written."""
    divided = pages(board)
    page = min(max(page, 0), max(len(divided) - 1, 0))
    title = f"All notes of “{retro.template}”, page {page + 1} of {max(len(divided), 1)}"
    nodes: list[Node] = [heading(title)]
    for group in divided[page] if divided else []:
        notes = board.said_in(group)
        head = f"{retro.columns[group.column_no]}: {group.title}"
        spans: list[Span] = [Bold(head), *outcome(retro, group)]
        if len(notes) > 1 or notes[0].text != group.title or notes[0].author:
            spans += [f"\n• {note.text}{signed(note, board)}" for note in notes]
        nodes.append(Text(tuple(spans)))
    turns = []
    if page:
        turns.append(Button("Back", ReadNotes(retro.id, page - 1, True)))
    if page + 1 < len(divided):
        turns.append(Button("Next", ReadNotes(retro.id, page + 1, True)))
    if turns:
        nodes.append(Buttons(tuple(turns)))
    return Card(title, tuple(nodes))
