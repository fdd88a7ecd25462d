"""The retro's live card at every stage, and what its thread says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from handlers.retro.actions import (
    Cancel,
    CloseVote,
    Finish,
    OpenChoice,
    OpenDots,
    OpenMerge,
    OpenNotes,
    OpenOwn,
    OpenSplit,
    ReadNotes,
    Reveal,
    StartVote,
)
from handlers.rules.crowd import CROWD, is_crowd
from storage.items import Item
from storage.notes import Note
from storage.retros import CANCELLED, COLLECTING, COUNTED, DONE, GROUPING, Retro, RetroGroup

GROUPS_SHOWN = 15
NOTES_SHOWN = 3
NOTE_SHOWN_CHARS = 160
"""What one card holds of a retro; the rest stands on pages for whoever wants to read them all."""

STATE_WORDS = {"accepted": "done"}


@dataclass(frozen=True, slots=True)
class Board:
    """What a retro's card is drawn from, besides the retro itself.

    `count` of notes while they are private, and whether few `people` may have written them;
    `groups` and `notes` after the reveal. `names` knows
    people by id; `last` are the improvements of the team's last retro.
    """

    count: int = 0
    are_few: bool = False
    voters: int = 0
    groups: Sequence[RetroGroup] = ()
    notes: Sequence[Note] = ()
    items: Mapping[int, Item] | None = None
    last: Sequence[Item] = ()
    names: Mapping[str, str] | None = None

    def name(self, person: str | None) -> str:
        return (self.names or {}).get(person or "", "someone")

    def said_in(self, group: RetroGroup) -> list[Note]:
        return [note for note in self.notes if note.group == group.no]


def draw_board(retro: Retro, board: Board, zone: str) -> Card:
    """Draw the retro as it stands."""
    match retro.stage:
        case "collecting":
            return _collecting(retro, board, zone)
        case "grouping" | "voting" | "counted":
            return _revealed(retro, board)
        case "done":
            return _record(retro, board, zone)
        case _:
            line = f"The retro “{retro.template}” was cancelled. {_CANCELLED_NOTE}"
            return Card(line, (text(line),))


_CANCELLED_NOTE = "Its notes were deleted unread."


# --- while people write ----------------------------------------------------------------------


def _collecting(retro: Retro, board: Board, zone: str) -> Card:
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
    buttons = [write, *lead] if retro.anonymous else [write, own, *lead]
    summary = f"Retro “{retro.template}” is open: {count_words(retro, board.count)}"
    return Card(summary, (*nodes, Buttons(tuple(buttons))))


def _asks_to_reveal(retro: Retro, board: Board) -> Confirm:
    so_far = f"So far: {count_words(retro, board.count)}."
    return Confirm(
        "Reveal all notes?",
        f"{so_far} Everybody sees them then, and no more can be added.",
        "Reveal",
    )


_CANCEL = Confirm(
    "Cancel this retro?", "All notes are deleted, and nobody will have read them.", "Cancel it"
)
_FINISH = Confirm("Finish without an improvement?", "The retro stays here as a record.", "Finish")


def _facts(retro: Retro, board: Board, zone: str) -> list[tuple[str, tuple[Span, ...]]]:
    until: tuple[Span, ...] = ("the facilitator reveals",)
    if retro.deadline is not None:
        until = (When(retro.deadline, zone),)
    return [
        ("Columns", (" · ".join(retro.columns),)),
        ("Open until", until),
        ("So far", (Bold(count_words(retro, board.count)),)),
        ("Facilitator", (board.name(retro.facilitator),)),
    ]


def count_words(retro: Retro, count: int) -> str:
    """Return how many notes there are, as exactly as anonymity allows."""
    if retro.anonymous and count and not is_crowd(count):
        return f"fewer than {CROWD} notes"
    if count == 0:
        return "no notes yet"
    return counted(count, "note")


def _last(board: Board) -> list[Node]:
    """Return what became of the last retro's improvements."""
    if not board.last:
        return []
    done = sum(item.state == "accepted" for item in board.last)
    lines: list[Span] = [Bold(f"Since the last retro, {done} of {len(board.last)} done:")]
    for item in board.last:
        lines.append(f"\n• {_became(item, board)}")
    return [Text(tuple(lines)), Divider()]


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


# --- after the reveal ------------------------------------------------------------------------


def _revealed(retro: Retro, board: Board) -> Card:
    notes, groups = len(board.notes), len(board.groups)
    title = f"Retro: {retro.template}"
    sentence = f"{counted(notes, 'note')} in {counted(groups, 'group')}. {_next_step(retro, board)}"
    nodes = [heading(title), text(sentence), *_groups(retro, board), Buttons(_buttons(retro))]
    return Card(f"{title}: {sentence}", tuple(nodes))


def _next_step(retro: Retro, board: Board) -> str:
    if retro.stage == GROUPING:
        return "Talk them over; the facilitator may merge and split groups, then start the vote."
    if retro.stage == COUNTED:
        return "The dots are counted: choose up to three to improve."
    dots = counted(retro.dots, "dot")
    if board.voters == 0:
        return f"Everybody has {dots}. Nobody has voted yet."
    if retro.anonymous and not is_crowd(board.voters):
        return f"Everybody has {dots}. Some people have voted."
    voted = counted(board.voters, "person has", "people have")
    return f"Everybody has {dots}. {voted} voted; nobody sees dots before the vote is closed."


def _buttons(retro: Retro) -> tuple[Button, ...]:
    read = Button("Read all notes", ReadNotes(retro.id, 0))
    if retro.stage == GROUPING:
        return (
            Button("Start the vote", StartVote(retro.id), "primary"),
            Button("Merge groups", OpenMerge(retro.id), opens_form=True),
            Button("Split a group", OpenSplit(retro.id), opens_form=True),
            read,
        )
    if retro.stage == COUNTED:
        return (
            Button("Choose improvements", OpenChoice(retro.id), "primary", opens_form=True),
            Button("Finish without", Finish(retro.id), confirm=_FINISH),
            read,
        )
    return (
        Button("Give my dots", OpenDots(retro.id), "primary", opens_form=True),
        Button("Close the vote", CloseVote(retro.id)),
        read,
    )


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
        nodes.append(
            Text((Bold(f"#{item.number} {shortened(item.title, 150)}"), _plan(item, board)))
        )
    nodes += [Divider(), *_groups(retro, board)]
    if retro.anonymous and not shows_dots(retro) and retro.voters:
        nodes.append(subtle(f"Fewer than {CROWD} people voted, so dots are not shown."))
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


def draw_step(retro: Retro, board: Board, step: str, zone: str) -> Card:
    """Draw what the thread is told at a step."""
    if step == "soon" and retro.stage == COLLECTING and retro.deadline is not None:
        line: tuple[Span, ...] = (
            "This retro is revealed ",
            When(retro.deadline, zone),
            ". There is still time to add a note.",
        )
        return Card("There is still time to add a note to the retro.", (Text(line),))
    if step == "counted" and retro.stage in (COUNTED, DONE):
        first = next(iter(ranked(board.groups, board.notes)), None)
        words = "The dots are counted."
        if first is not None and first.votes:
            words += f" First: {shortened(first.title, 150)}"
        return Card(words, (text(words),))
    if step == "revealed" and board.groups:
        notes, groups = counted(len(board.notes), "note"), counted(len(board.groups), "group")
        words = f"The notes are on the table: {notes} in {groups}."
        return Card(words, (text(words),))
    words = "This retro was cancelled." if retro.stage == CANCELLED else "The retro has moved on."
    return Card(words, (text(words),))
