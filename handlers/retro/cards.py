"""The retro's live card at every stage, and what its thread says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Confirm,
    Divider,
    Node,
    Span,
    Text,
    When,
    heading,
    says,
    subtle,
    text,
)
from handlers.phrases import counted, shortened
from handlers.reader.names import in_words
from handlers.retro import opening
from handlers.retro.actions import (
    CloseVote,
    Finish,
    OpenChoice,
    OpenDots,
    OpenMerge,
    OpenNotes,
    OpenSort,
    OpenSplit,
    ReadNotes,
    StartVote,
    TakeOver,
)
from handlers.retro.board import STATE_WORDS, Board
from handlers.rules.crowd import CROWD, is_crowd
from storage.items import Item
from storage.notes import Note
from storage.retros import (
    CANCELLED,
    COLLECTING,
    COUNTED,
    DONE,
    GROUPING,
    OPEN_STAGES,
    Retro,
    RetroGroup,
)

IN_SIGHT = 4
"""Buttons in sight; what else there is stands behind More."""

GROUPS_SHOWN = 15
NOTES_SHOWN = 3
NOTE_SHOWN_CHARS = 160
"""What one card holds of a retro; the rest stands on pages for whoever wants to read them all."""


def draw_board(retro: Retro, board: Board, zone: str) -> Card:
    """Draw the retro as it stands."""
    match retro.stage:
        case "collecting":
            return opening.card(retro, board, zone)
        case "grouping" | "voting" | "counted":
            return _revealed(retro, board)
        case "done":
            return _record(retro, board, zone)
        case _:
            line = f"The retro “{retro.template}” was cancelled. {_CANCELLED_NOTE}"
            return Card(line, (text(line),))


_CANCELLED_NOTE = "Its notes were deleted unread."


_FINISH = Confirm("Finish without an improvement?", "The retro stays here as a record.", "Finish")


# --- after the reveal ------------------------------------------------------------------------


def _revealed(retro: Retro, board: Board) -> Card:
    notes, groups = len(board.notes), len(board.groups)
    title = f"Retro: {retro.template}"
    sentence = f"{counted(notes, 'note')} in {counted(groups, 'group')}. {_next_step(retro, board)}"
    nodes = [heading(title), text(sentence), *_groups(retro, board)]
    if retro.stage == COUNTED and (why := why_no_dots(retro)):
        nodes.append(subtle(why))
    row = _buttons(retro, board)
    return Card(f"{title}: {sentence}", (*nodes, Buttons(row[:IN_SIGHT], row[IN_SIGHT:])))


def _next_step(retro: Retro, board: Board) -> str:
    if retro.stage == GROUPING:
        return (
            "Talk them over, and add what comes to mind until the vote. Whoever leads may move "
            "notes, then starts it."
        )
    if retro.stage == COUNTED:
        return "The dots are counted: choose up to three to improve."
    dots = counted(retro.dots, "dot")
    if board.voters == 0:
        return f"Everybody has {dots}. Nobody has voted yet."
    if retro.anonymous and not is_crowd(board.voters):
        return (
            f"Everybody has {dots}. Some people have voted; how many is told from {CROWD} on, "
            "since fewer could be told apart."
        )
    voted = counted(board.voters, "person has", "people have")
    return f"Everybody has {dots}. {voted} voted; nobody sees dots before the vote is closed."


def _buttons(retro: Retro, board: Board) -> tuple[Button, ...]:
    read = Button("Read all notes", ReadNotes(retro.id, 0))
    over = (take_over(retro),) if board.is_free else ()
    if retro.stage == GROUPING:
        hint = "Add notes that are shown at once"
        return (
            Button("Start the vote", StartVote(retro.id), "primary"),
            Button("Add a note", OpenNotes(retro.id), opens_form=True, hint=hint),
            Button("Move notes", OpenSort(retro.id), opens_form=True),
            *over,
            read,
            Button("Merge groups", OpenMerge(retro.id), opens_form=True),
            Button("Split a group", OpenSplit(retro.id), opens_form=True),
        )
    if retro.stage == COUNTED:
        return (
            Button("Choose improvements", OpenChoice(retro.id), "primary", opens_form=True),
            Button("Finish without", Finish(retro.id), confirm=_FINISH),
            read,
            *over,
        )
    return (
        Button("Give my dots", OpenDots(retro.id), "primary", opens_form=True),
        Button("Close the vote", CloseVote(retro.id)),
        read,
        *over,
    )


def take_over(retro: Retro) -> Button:
    return Button("Take over", TakeOver(retro.id), hint="Take over: lead this retro from now on")


def ranked(groups: Sequence[RetroGroup], notes: Sequence[Note]) -> list[RetroGroup]:
    """Return the groups with the most dots first, then those that most notes stand in."""
    sizes: dict[int, int] = {}
    for note in notes:
        sizes[note.group] = sizes.get(note.group, 0) + 1
    return sorted(groups, key=lambda group: (-group.votes, -sizes.get(group.no, 0), group.no))


def _groups(retro: Retro, board: Board) -> list[Node]:
    """Return the first groups: by dots once they are counted, else column by column."""
    shown = ranked(board.groups, board.notes)[:GROUPS_SHOWN]
    nodes: list[Node] = []
    if retro.stage in (COUNTED, DONE):
        nodes += [_group(retro, board, group, in_column=True) for group in shown]
    else:
        for number, column in enumerate(retro.columns):
            of_column = [group for group in shown if group.column_no == number]
            if of_column:
                nodes.append(text(Bold(column)))
                nodes += [_group(retro, board, group) for group in of_column]
    left = len(board.groups) - len(shown)
    if left:
        nodes.append(subtle(f"And {counted(left, 'more group')}: press Read all notes."))
    return nodes


def _group(retro: Retro, board: Board, group: RetroGroup, *, in_column: bool = False) -> Text:
    notes = board.said_in(group)
    spans: list[Span] = []
    if in_column:
        spans.append(f"{retro.columns[group.column_no]}: ")
    if len(notes) == 1 and len(notes[0].text) <= NOTE_SHOWN_CHARS:
        spans += [
            Bold(notes[0].text) if in_column else f"• {notes[0].text}",
            signed(notes[0], board),
        ]
        return Text((*spans, *outcome(retro, group)))
    spans += [Bold(f"{'' if in_column else '• '}{group.title}"), *outcome(retro, group)]
    for note in notes[:NOTES_SHOWN]:
        spans.append(f"\n   – {shortened(note.text, NOTE_SHOWN_CHARS)}{signed(note, board)}")
    if len(notes) > NOTES_SHOWN:
        spans.append(f"\n   – and {len(notes) - NOTES_SHOWN} more")
    return Text(tuple(spans))


def signed(note: Note, board: Board) -> str:
    return f" ({board.name(note.author)})" if note.author else ""


def outcome(retro: Retro, group: RetroGroup) -> list[Span]:
    """Return a group's dots once they are counted, and the item that came of it."""
    spans: list[Span] = []
    if retro.stage in (COUNTED, DONE) and group.votes and shows_dots(retro):
        spans.append(f" · {counted(group.votes, 'dot')}")
    if group.item is not None:
        spans.append(f" → #{group.item}")
    return spans


def shows_dots(retro: Retro) -> bool:
    """Whether numbers of dots may be shown: among few anonymous people they could tell whose."""
    return not retro.anonymous or is_crowd(retro.voters)


def why_no_dots(retro: Retro) -> str:
    """Return why no numbers of dots are shown; "" where they are."""
    if shows_dots(retro) or not retro.voters:
        return ""
    return (
        f"Fewer than {CROWD} people voted, so dots are not shown. In an anonymous retro numbers "
        "could tell who gave which; the order is theirs all the same."
    )


# --- the record ------------------------------------------------------------------------------


def _record(retro: Retro, board: Board, zone: str) -> Card:
    known = board.items or {}
    items = [known[g.item] for g in board.groups if g.item is not None and g.item in known]
    what = f"{counted(len(board.notes), 'note')}, {counted(len(board.groups), 'group')}"
    chose = f"{counted(len(items), 'improvement')}" if items else "no improvement"
    sentence = f"{what}, {chose}."
    nodes: list[Node] = [heading(f"Retro: {retro.template}")]
    opened: Span = When(retro.opened_at, zone, "date")
    nodes.append(text("Held on ", opened, f": {sentence}"))
    for item in items:
        name = Bold(f"#{item.number} {shortened(item.title, 150)}")
        nodes.append(Text((name, *board.key(item), _plan(item, board))))
    nodes += [Divider(), *_groups(retro, board)]
    if why := why_no_dots(retro):
        nodes.append(subtle(why))
    nodes.append(Buttons((Button("Read all notes", ReadNotes(retro.id, 0)),)))
    return Card(f"Retro “{retro.template}” is done: {sentence}", tuple(nodes))


def _plan(item: Item, board: Board) -> str:
    parts = [STATE_WORDS.get(item.state, item.state)]
    parts.append(f"with {board.name(item.owner)}" if item.owner else "nobody owns it yet")
    if item.due:
        parts.append(f"due {in_words(item.due)}")
    if item.metric:
        parts.append(f"should move: {shortened(item.metric, 100)}")
    return f"\n   {', '.join(parts)}"


# --- the thread ------------------------------------------------------------------------------


def waits(retro: Retro, board: Board, which: str = "This retro") -> str:
    """Say that a retro waits for whoever leads it."""
    leader = board.name(retro.facilitator)
    return f"{which} has waited for a day: {leader} leads it and may be away."


def draw_step(retro: Retro, board: Board, step: str, zone: str) -> Card:
    """Draw what the thread is told at a step."""
    if step == "soon" and retro.stage == COLLECTING and retro.deadline is not None:
        still = ". There is still time to add a note."
        reveal = text("This retro is revealed ", When(retro.deadline, zone), still)
        return Card("There is still time to add a note to the retro.", (reveal,))
    if step == "counted" and retro.stage in (COUNTED, DONE):
        first = next(iter(ranked(board.groups, board.notes)), None)
        words = "The dots are counted."
        if first is not None and first.votes:
            words += f" First: {shortened(first.title, 150)}"
        return Card(words, (text(words),))
    if step == "away" and retro.stage in OPEN_STAGES:
        line = f"{waits(retro, board)} Anybody of the team can go on: press Take over."
        return Card(line, (text(line), Buttons((take_over(retro),))))
    if step == "taken" and retro.stage in OPEN_STAGES:
        return says(f"{board.name(retro.facilitator)} leads this retro now.")
    if step == "revealed" and board.groups:
        notes, groups = counted(len(board.notes), "note"), counted(len(board.groups), "group")
        words = f"The notes are on the table: {notes} in {groups}."
        return Card(words, (text(words),))
    words = "This retro was cancelled." if retro.stage == CANCELLED else "The retro has moved on."
    return Card(words, (text(words),))
