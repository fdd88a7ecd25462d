"""What is told of a backlog on its way in: how far it is, what is asked, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Button,
    Buttons,
    Card,
    Node,
    Typed,
    heading,
    says,
    subtle,
    text,
)
from handlers.backlog.exchange.actions import LeaveIntake, OpenIntake, ShowNotes
from handlers.phrases import counted, shortened
from handlers.sources.intake import percent_saved
from storage.intakes import Intake
from storage.teams import Team

NOTES_SHOWN = 5
NOTES_A_PAGE = 15
NOTE_MAX_CHARS = 300


def progress(intake: Intake, team: Team) -> Card:
    """Tell how far a file is, what is asked about it, or what came of it."""
    name = shortened(team.name, 60)
    match intake.step:
        case "read" | "look":
            return _reading(name)
        case "columns":
            summary = f"I know no column of your file for {name} that holds the titles."
            return _asking(intake, summary, "Say which column is what")
        case "asked":
            return _looked_at(intake, name)
        case "failed":
            return says(f"Nothing was imported into {name}. {intake.told['why']}")
        case "left":
            return says(f"Nothing was imported into {name}: the file was left out.")
        case "done":
            return imported(team, intake)
        case _:
            return _saving(intake, name)


def _reading(name: str) -> Card:
    return Card(
        f"Reading your file for {name}",
        (
            heading(f"Reading your file for {name}"),
            subtle("I'm looking at what would come of it. Nothing is written before you say so."),
        ),
    )


def _looked_at(intake: Intake, name: str) -> Card:
    """Tell what would come of a file, and lead to what is asked."""
    if asks := sum(map(len, intake.told["asks"].values())):
        summary = f"Your file for {name}: {intake.told['summary']}"
        return _asking(intake, summary, f"Explain {counted(asks, 'word')}")
    if not intake.told["changes"]:
        return nothing_new(intake)
    return _asking(intake, f"Your file for {name}: {intake.told['summary']}", "Check and import")


def _asking(intake: Intake, summary: str, label: str) -> Card:
    buttons = Buttons(
        (
            Button(label, OpenIntake(intake.id), "primary", opens_form=True),
            Button("Leave it", LeaveIntake(intake.id)),
        )
    )
    nothing = subtle("Nothing has been imported yet.")
    return Card(summary, (text(summary), nothing, buttons))


def _saving(intake: Intake, name: str) -> Card:
    rows = f"{intake.rows:,} items"
    done = percent_saved(intake)
    what = "Saving items" if intake.step == "items" else "Linking items to each other"
    return Card(
        f"Importing {rows} into {name}: {done} %",
        (
            heading(f"Importing into {name}"),
            text(f"{what}: {done} % of {rows}."),
            subtle("Everything goes on meanwhile. Should I be stopped, I go on where I was."),
        ),
    )


def nothing_new(intake: Intake) -> Card:
    """Tell that a file changes nothing, and what in it was left out."""
    summary = "Nothing to import: all of it is here already."
    return Card(summary, (text(summary), *_first_notes(intake)))


def imported(team: Team, intake: Intake) -> Card:
    """Tell what was written."""
    summary = f"Imported into {shortened(team.name, 60)}: {intake.told['summary']}"
    see = text("See it: ", Typed("backlog"), " or ", Typed("digest"))
    return Card(summary, (text(summary), *_first_notes(intake), see))


def _first_notes(intake: Intake) -> Sequence[Node]:
    """Return the first notes about a file, and a button to the others."""
    said: Sequence[str] = intake.told.get("notes", ())
    nodes: list[Node] = [subtle(shortened(note, NOTE_MAX_CHARS)) for note in said[:NOTES_SHOWN]]
    is_cut = any(len(note) > NOTE_MAX_CHARS for note in said)
    if len(said) > NOTES_SHOWN or is_cut:
        label = f"All {counted(len(said), 'note')}"
        nodes.append(Buttons((Button(label, ShowNotes(intake.id)),)))
    return nodes


def notes(intake: Intake, page: int) -> Card:
    """Show all that was said about a file, a page at a time; past the end, the last one."""
    said = [piece for note in intake.told.get("notes", ()) for piece in _cut(note)]
    if not said:
        return says("There is nothing to note about this file.")
    pages = -(-len(said) // NOTES_A_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = said[page * NOTES_A_PAGE : (page + 1) * NOTES_A_PAGE]
    summary = "What I noted about your file"
    if pages > 1:
        summary += f", part {page + 1} of {pages}"
    turns = [
        Button(label, ShowNotes(intake.id, to))
        for label, to in (("Earlier", page - 1), ("More", page + 1))
        if 0 <= to < pages
    ]
    row = (Buttons(tuple(turns)),) if turns else ()
    return Card(summary, (heading(summary), *(subtle(note) for note in shown), *row))


NOTE_PIECE_CHARS = 1_500


def _cut(note: str) -> Sequence[str]:
    """Return a note in pieces that a card takes; nothing of it is left out."""
    starts = range(0, max(1, len(note)), NOTE_PIECE_CHARS)
    return [note[start : start + NOTE_PIECE_CHARS] for start in starts]
