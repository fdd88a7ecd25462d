"""The forms that take a pasted backlog in and hand one out, and what is told about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards import (
    Bold,
    Card,
    Code,
    Field,
    Form,
    FormButton,
    Input,
    Node,
    Note,
    Typed,
    subtle,
    text,
)
from bot.text import end_of_whole
from handlers.backlog.exchange.actions import CloseExport, ImportRows, TurnExport
from handlers.backlog.exchange.plan import Plan
from handlers.backlog.exchange.row import Problem
from handlers.phrases import shortened
from storage.teams import Team

PIECE_MAX_CHARS = 3_000
"""What one field of a form takes on Slack."""

PIECES_IN = 4
PIECES_OUT = 4
PIECE_IDS = tuple(f"rows{place}" for place in range(PIECES_IN))
PROBLEMS_SHOWN = 5
NOTES_SHOWN = 5
ITEMS_SHOWN = 5

EXAMPLE = "key,title,state,points,created\nPAY-7,Pay on account,ready,5,2026-10-01"


def import_form(team: Team) -> Form:
    """Ask for the rows. Nothing is written before the next form has shown what would be."""
    return Form(
        "Import a backlog",
        ImportRows(team.id),
        (
            Note(
                text(
                    "Paste rows of a spreadsheet, CSV or JSON for ",
                    Bold(shortened(team.name, 60)),
                    ". The first line names the columns; only title is needed.",
                )
            ),
            *_pieces(("",) * PIECES_IN),
            Note(subtle("More than fits here? ", Code("python app.py import backlog.csv"))),
        ),
        submit_label="Check",
    )


def confirm_form(team: Team, pieces: Sequence[str], checked: str, plan: Plan) -> Form:
    """Show what would be written, and ask for the word."""
    fields: list[Field] = [Note(text(Bold(planned(plan))))]
    fields += [Note(subtle(line)) for line in preview(plan)]
    filled = [*pieces, *("",) * (PIECES_IN - len(pieces))]
    return Form(
        "Import: is this right?",
        ImportRows(team.id, checked),
        (*fields, *_pieces(filled)),
        submit_label="Import",
    )


def _pieces(values: Sequence[str]) -> tuple[Input, ...]:
    return tuple(
        Input(
            PIECE_IDS[place],
            "Rows" if place == 0 else "More rows",
            value,
            multiline=True,
            max_chars=PIECE_MAX_CHARS,
            optional=place > 0,
            placeholder=EXAMPLE if place == 0 else "",
            hint="Cut between two lines." if place == 1 else "",
        )
        for place, value in enumerate(values)
    )


def planned(plan: Plan) -> str:
    return f"{plan.new} new, {plan.changed} changed, {plan.same} as they are."


def preview(plan: Plan) -> Iterator[str]:
    """Tell the first items and what is left out, a line each."""
    busy = [entry for entry in plan.entries if not entry.is_same]
    for entry in busy[:ITEMS_SHOWN]:
        state = entry.move or (entry.steps[-1].after if entry.steps else "")
        where = f" ({state})" if state else ""
        known = f"#{entry.item.number} " if entry.item else "new: "
        yield f"{known}{shortened(entry.row.title, 80)}{where}"
    if len(busy) > ITEMS_SHOWN:
        yield f"… and {len(busy) - ITEMS_SHOWN} more."
    yield from plan.notes[:NOTES_SHOWN]


def told_problems(problems: Sequence[Problem]) -> str:
    """Say what is wrong, line by line, in one paragraph."""
    sentences = " ".join(told_problem(problem) for problem in problems[:PROBLEMS_SHOWN])
    more = len(problems) - PROBLEMS_SHOWN
    return f"Nothing was imported. {sentences}" + (f" And {more} more." if more > 0 else "")


def told_problem(problem: Problem) -> str:
    return f"Line {problem.line}: {problem.words}" if problem.line else problem.words


def imported(plan: Plan, team: Team) -> Card:
    """Tell what was written."""
    summary = f"Imported into {shortened(team.name, 60)}: {planned(plan)}"
    nodes: list[Node] = [text(summary)]
    nodes += [subtle(note) for note in plan.notes[:NOTES_SHOWN]]
    nodes.append(text("See it: ", Typed("backlog"), " or ", Typed("digest")))
    return Card(summary, tuple(nodes))


def export_form(team: Team, pieces: Sequence[str], page: int, pages: int) -> Form:
    """Hand the file out in pieces to copy; together they are the file."""
    title = f"The backlog of {shortened(team.name, 60)} as CSV"
    if pages > 1:
        title += f", part {page + 1} of {pages}"
    also = (FormButton("Next part", TurnExport(team.id, page + 1)),) if page + 1 < pages else ()
    return Form(
        "Export",
        CloseExport(),
        (
            Note(text(f"{title}. Copy each field into one file, in this order.")),
            *(
                Input(
                    f"piece{place}",
                    f"Piece {page * PIECES_OUT + place + 1}",
                    piece,
                    multiline=True,
                    max_chars=PIECE_MAX_CHARS,
                    optional=True,
                )
                for place, piece in enumerate(pieces)
            ),
            Note(subtle("As a file, CSV or JSON: ", Code("python app.py export backlog.csv"))),
        ),
        submit_label="Close",
        also=also,
    )


def in_pieces(file: str) -> list[str]:
    """Cut a file into pieces that fit a field, between lines wherever that is possible."""
    pieces: list[str] = []
    piece = ""
    for line in file.replace("\r\n", "\n").splitlines(keepends=True):
        while len(line) > PIECE_MAX_CHARS:
            room = end_of_whole(line, PIECE_MAX_CHARS - len(piece))
            pieces.append(piece + line[:room])
            piece, line = "", line[room:]
        if len(piece) + len(line) > PIECE_MAX_CHARS:
            pieces.append(piece)
            piece = ""
        piece += line
    return [*pieces, piece] if piece else pieces
