"""What is told of a backlog on its way in: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Card,
    Node,
    Typed,
    heading,
    subtle,
    text,
)
from handlers.phrases import shortened
from storage.intakes import Intake
from storage.teams import Team

NOTES_SHOWN = 5


def progress(intake: Intake, team: Team) -> Card:
    """Tell how far a file is, or what came of it."""
    name = shortened(team.name, 60)
    if intake.step == "done":
        return imported(team, intake)
    rows = f"{intake.rows:,} items"
    done = 100 * passed(intake) // max(1, 2 * intake.pieces)
    what = "Saving items" if intake.step == "items" else "Linking items to each other"
    summary = f"Importing {rows} into {name}: {done} %"
    return Card(
        summary,
        (
            heading(f"Importing into {name}"),
            text(f"{what}: {done} % of {rows}."),
            subtle("Everything goes on meanwhile. Should I be stopped, I go on where I was."),
        ),
    )


def passed(intake: Intake) -> int:
    """Return how many pieces were handled, of twice as many as there are."""
    return intake.at + (intake.pieces if intake.step == "links" else 0)


def nothing_new(losses: Sequence[str], gaps: Sequence[str]) -> Card:
    """Tell that a file changes nothing, and what in it was left out."""
    summary = "Nothing to import: all of it is here already."
    return Card(summary, (text(summary), *(subtle(note) for note in (*losses, *gaps))))


def imported(team: Team, intake: Intake) -> Card:
    """Tell what was written."""
    summary = f"Imported into {shortened(team.name, 60)}: {intake.told['summary']}"
    notes = intake.told.get("notes", ())[:NOTES_SHOWN]
    nodes: list[Node] = [text(summary), *(subtle(shortened(note, 300)) for note in notes)]
    nodes.append(text("See it: ", Typed("backlog"), " or ", Typed("digest")))
    return Card(summary, tuple(nodes))
