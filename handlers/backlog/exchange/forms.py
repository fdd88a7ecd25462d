"""The forms that take a backlog in, ask what its words mean, and hand one out."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.cards import (
    Bold,
    Choice,
    Code,
    Field,
    Form,
    FormButton,
    Input,
    Note,
    Option,
    Upload,
    subtle,
    text,
)
from bot.text import end_of_whole
from bot.turn import Answers
from handlers.backlog.exchange.actions import (
    BeginImport,
    ChooseColumns,
    CloseExport,
    ExplainWords,
    GuessRest,
    ImportRows,
    TurnExport,
)
from handlers.phrases import counted, shortened
from handlers.sources.asking import ASKED_MAX, NOBODY, Words, word_choices, words_explained
from handlers.sources.columns import TOOLS, layout_of
from handlers.sources.intake import COLUMNS
from handlers.sources.survey import Unknown
from storage.intakes import Intake
from storage.teams import Team

PIECE_MAX_CHARS: Final = 3_000
"""What one field of a form takes on Slack."""

PIECES_IN: Final = 4
PIECES_OUT: Final = 4
PIECE_IDS: Final = tuple(f"rows{place}" for place in range(PIECES_IN))
NOTE_MAX_CHARS: Final = 2_500
NOTES_MAX: Final = 80
"""A form has at most 100 blocks on Slack."""

COLUMNS_OFFERED_MAX: Final = 100
FILE_ID: Final = "file"
ENDINGS: Final = ("csv", "tsv", "json", "txt", "xlsx")

EXAMPLE = "key,title,state,points,created\nPAY-7,Pay on account,ready,5,2026-10-01"

ROLES: Final[Mapping[str, str]] = {
    "title": "Title",
    "key": "Key, such as PAY-7",
    "state": "State",
    "points": "Points",
    "owner": "Owner",
    "due": "Due date",
    "themes": "Labels",
    "description": "Details",
    "kind": "Type",
    "created": "Created on",
    "updated": "Changed on",
    "accepted": "Finished on",
    "part_of": "Parent",
}
"""What a column with a name of its own may hold."""


# --- in --------------------------------------------------------------------------------------


def import_form(team: Team) -> Form:
    """Ask for the rows. Nothing is written before the next form has shown what would be."""
    return Form(
        "Import a backlog",
        ImportRows(team.id),
        (
            Note(
                text(
                    "An export, or rows of a spreadsheet, for ",
                    Bold(shortened(team.name, 60)),
                    ": CSV, JSON or .xlsx as Jira, Azure Boards, GitHub, GitLab, Linear, Rally, "
                    "Agility, Trello or Redmine write it. Of a table of your own, only title is "
                    "needed.",
                )
            ),
            Upload(
                FILE_ID,
                "File",
                ENDINGS,
                hint="Or paste rows below.",
                elsewhere="To bring a file, send it to me in our own chat; rows fit here.",
            ),
            *_pieces(),
            Note(
                subtle(
                    "A very large file? Whoever runs me types ",
                    Code(_command("import", team)),
                )
            ),
        ),
        submit_label="Check",
    )


def columns_form(intake: Intake) -> Form:
    """Ask which column holds what, where none is called title."""
    names = intake.told["names"]
    options = tuple(
        Option(shortened(name, 70) or f"Column {place}", str(place))
        for place, name in enumerate(names[:COLUMNS_OFFERED_MAX])
    )
    chosen = {"title": ("0",)} if len(names) == 1 else {}
    asked = tuple(
        Choice(
            f"column.{role}",
            label,
            options,
            chosen.get(role, ()),
            optional=role != "title",
        )
        for role, label in list(ROLES.items())[:7]
    )
    hint = Note(text("No column is called title. Which column holds what?"))
    return Form("Which column is what?", ChooseColumns(intake.id), (hint, *asked), "Check")


def chosen_columns(answers: Answers, names: Sequence[str]) -> dict[str, str]:
    """Return column → field, as the columns' form was answered."""
    offered = {str(place): name for place, name in enumerate(names)}
    chosen = {role: offered.get(answers.one(f"column.{role}")) for role in ROLES}
    return {name: role for role, name in chosen.items() if name is not None}


def _command(verb: str, team: Team) -> str:
    """Return what an operator types, as it stands."""
    where = f"--workspace {shlex.quote(team.workspace)} --team {team.id}"
    return f".venv/bin/python app.py {verb} backlog.csv {where}"


def _pieces() -> tuple[Input, ...]:
    return tuple(
        Input(
            PIECE_IDS[place],
            "Rows" if place == 0 else "More rows",
            multiline=True,
            max_chars=PIECE_MAX_CHARS,
            optional=True,
            placeholder=EXAMPLE if place == 0 else "",
            hint="Cut between two lines." if place == 1 else "",
        )
        for place in range(PIECES_IN)
    )


def words_form(intake: Intake, people: Mapping[str, str]) -> Form:
    """Ask about what nobody has said yet; each answer may stay as it is guessed."""
    told, asked_about = intake.told, intake.told["asks"]
    count = sum(map(len, asked_about.values()))
    asked: list[Field] = [
        Note(
            text(
                f"{told['summary']} Of {TOOLS[told['tool']]}, {counted(count, 'word')} "
                f"{'is' if count == 1 else 'are'} new to me. What you say here is remembered."
            )
        )
    ]
    asked += word_choices(_words(told), people)
    asked += _column_choices(told)
    has_more = any(len(rows) > ASKED_MAX for rows in asked_about.values())
    also = (FormButton("Guess the rest", GuessRest(intake.id, told["round"])),) if has_more else ()
    submit = ExplainWords(intake.id, told["round"])
    return Form("What does it mean?", submit, tuple(asked), submit_label="Go on", also=also)


def _words(told: Mapping[str, Any]) -> Words:
    """Return the words that a look found unclear, as they are kept with the file."""
    return {
        sort: {name: Unknown(word, guess, items) for name, word, guess, items in rows}
        for sort, rows in told["asks"].items()
        if sort != COLUMNS
    }


def _column_choices(told: Mapping[str, Any]) -> Iterator[Choice]:
    """Ask about columns of a table of one's own that mean nothing by their names."""
    taken = layout_of(told["names"], told["chosen"]).places
    free = [Option(label, role) for role, label in ROLES.items() if role not in taken]
    options = (Option("Leave it out", NOBODY), *free)
    for place, (_, name, _, cells) in enumerate(told["asks"].get(COLUMNS, ())[:ASKED_MAX]):
        label = f"Column “{shortened(name, 40)}” ({counted(cells, 'cell')})"
        yield Choice(f"{COLUMNS}.{place}", label, options, (NOBODY,))


def explained(answers: Answers, told: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the answers of `words_form`: sort → word → what it means here."""
    meanings = words_explained(answers, _words(told))
    for place, (name, *_) in enumerate(told["asks"].get(COLUMNS, ())[:ASKED_MAX]):
        if answer := answers.one(f"{COLUMNS}.{place}"):
            meanings.setdefault(COLUMNS, {})[name] = answer if answer in ROLES else ""
    return meanings


def preview_form(intake: Intake) -> Form:
    """Show what would be written, then what is lost and left out, uncut; ask for the word."""
    told = intake.told
    lines = [*told["first"], *told["notes"]]
    notes = [Note(subtle(piece)) for line in lines for piece in in_pieces(line, NOTE_MAX_CHARS)]
    if len(notes) > NOTES_MAX:
        more = f"… and {counted(len(notes) - NOTES_MAX, 'more note')}: the import's card has them."
        notes = [*notes[:NOTES_MAX], Note(subtle(more))]
    return Form(
        "Import: is this right?",
        BeginImport(intake.id),
        (Note(text(Bold(told["summary"]))), *notes),
        submit_label="Import",
    )


# --- out -------------------------------------------------------------------------------------


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
            Note(
                subtle(
                    "As a file, CSV or JSON: ",
                    Code(_command("export", team)),
                )
            ),
        ),
        submit_label="Close",
        also=also,
    )


def in_pieces(file: str, size: int = PIECE_MAX_CHARS) -> list[str]:
    """Cut a file into pieces that fit a field, between lines wherever that is possible."""
    pieces: list[str] = []
    piece = ""
    for line in file.replace("\r\n", "\n").splitlines(keepends=True):
        while len(line) > size:
            room = end_of_whole(line, size - len(piece))
            pieces.append(piece + line[:room])
            piece, line = "", line[room:]
        if len(piece) + len(line) > size:
            pieces.append(piece)
            piece = ""
        piece += line
    return [*pieces, piece] if piece else pieces
