"""What a retro asks, each as one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import (
    Bold,
    Choice,
    Day,
    Field,
    Form,
    FormButton,
    Input,
    Note,
    Option,
    Toggle,
    subtle,
    text,
)
from handlers.phrases import shortened
from handlers.retro.actions import (
    ChooseSplit,
    GiveDots,
    Merge,
    SaveNotes,
    SaveOwn,
    SaveTemplate,
    SaveUnsigned,
    SortNotes,
    Split,
    Start,
    TurnBack,
)
from handlers.retro.reading import NOTE_MAX_CHARS, NOTES_PER_FORM_MAX
from handlers.retro.templates import (
    BUILT_IN,
    COLUMNS_MAX,
    DEFAULT,
    NAME_MAX_CHARS,
    Templates,
)
from handlers.rules.crowd import CROWD
from storage import notes as written
from storage.retros import COLLECTING, Retro, RetroGroup

FIELD_MAX_CHARS = 3_000
GROUP_TITLE_MAX_CHARS = 300
OPTIONS_MAX = 100
"""Slack's limit for a menu."""

DOTS_PAGE = 20
DOTS_MAX = 10

HONEST = (
    "Hone keeps no name, no time and no order with these notes. The chat itself (Slack, Teams) may "
    "log what you type, your way of writing may give you away, and in a small group so may the "
    "topic."
)


FEW = (
    f"I know fewer than {CROWD} people of this team, so who wrote a note without a name may be "
    "guessed. It is honest to sign it, or to wait until more have joined in."
)

LATE = (
    "The others are on the table already, so yours is shown at once, and people may see who is "
    "adding it now."
)

# --- start -----------------------------------------------------------------------------------


def start_form(own: Templates) -> Form:
    """Ask for the template, whether names are kept, and until when people may write."""
    options = tuple(
        Option(shortened(f"{name} ({' · '.join(columns)})", 75), name)
        for name, columns in {**BUILT_IN, **own}.items()
    )
    dots = tuple(Option(str(count), str(count)) for count in range(1, DOTS_MAX + 1))
    return Form(
        "Start a retro",
        Start(),
        (
            Choice("template", "Template", options, (DEFAULT,)),
            Toggle(
                "anonymous",
                "Anonymous",
                hint="No name is kept with any note. This cannot be undone, by anyone.",
            ),
            Day("day", "Open until (day)", hint="Leave it empty to reveal when you are ready."),
            Input(
                "time",
                "Open until (time), or for how long",
                optional=True,
                placeholder="16:00, or 10 minutes",
                max_chars=20,
            ),
            Choice("dots", "Dots each person may give", dots, ("3",)),
            Toggle(
                "facts",
                "Open with our facts",
                hint="What was sent back, what is under way longest, what came on top, what moved.",
            ),
        ),
        submit_label="Start the retro",
    )


def template_form(own: Templates) -> Form:
    """Ask for a template of the team's own."""
    known: list[Field] = []
    if own:
        lines = "\n".join(f"• {name}: {', '.join(columns)}" for name, columns in own.items())
        known = [
            Note(
                text(Bold("Your team's templates")),
            ),
            Note(text(lines)),
        ]
    return Form(
        "Retro templates",
        SaveTemplate(),
        (
            *known,
            Input("name", "Name", max_chars=NAME_MAX_CHARS, placeholder="Sailboat"),
            Input(
                "columns",
                "Columns",
                multiline=True,
                optional=True,
                max_chars=500,
                placeholder="Wind\nAnchor\nRocks\nIsland",
                hint=f"Two to {COLUMNS_MAX}, one per line. None removes the template.",
            ),
        ),
        submit_label="Save",
    )


# --- write -----------------------------------------------------------------------------------


def notes_form(retro: Retro, *, are_few: bool) -> Form:
    """Ask for notes: a field for each column, a line for each note.

    Where `are_few` people may write, they are told, and may sign in an anonymous retro, too. Once
    the others are on the table, everybody is told that new ones join them at once.
    """
    late = retro.stage != COLLECTING
    fields: list[Field] = [Note(text(Bold("Before you write: "), LATE))] if late else []
    fields += [Note(subtle(HONEST))] if retro.anonymous else []
    fields += [Note(text(Bold("Before you write: "), FEW))] if are_few else []
    fields += [
        Input(
            column_field(number),
            name,
            multiline=True,
            optional=True,
            max_chars=FIELD_MAX_CHARS,
            hint="One note per line." if number == 0 else "",
        )
        for number, name in enumerate(retro.columns)
    ]
    if not retro.anonymous:
        fields.append(Toggle("unsigned", "Without my name", hint=HONEST))
    elif are_few:
        fields.append(Toggle("signed", "With my name", hint="Only these notes of yours."))
    save = SaveNotes(retro.id, retro.anonymous, late)
    return Form("Add notes", save, tuple(fields), submit_label="Add")


def column_field(number: int) -> str:
    return f"c{number}"


def own_form(retro: Retro, notes: Sequence[written.Note]) -> Form:
    """Show a person's own notes to change."""
    return Form("My notes", SaveOwn(retro.id), (_REMOVING, *_each(retro, notes)))


def unsigned_form(retro: Retro, secret: str, until: int, notes: Sequence[written.Note]) -> Form:
    """Show the notes of whoever holds the secret."""
    save = SaveUnsigned(retro.id, secret, until)
    return Form("Your notes", save, (_REMOVING, *_each(retro, notes)))


_REMOVING = Note(subtle("To remove a note, empty its field."))


def _each(retro: Retro, notes: Sequence[written.Note]) -> tuple[Input, ...]:
    return tuple(
        Input(
            note_field(note.id),
            retro.columns[note.column],
            note.text,
            multiline=True,
            optional=True,
            max_chars=NOTE_MAX_CHARS,
        )
        for note in notes[: 2 * NOTES_PER_FORM_MAX]
    )


def note_field(note_id: str) -> str:
    return f"n.{note_id}"


# --- merge and split -------------------------------------------------------------------------


def merge_form(retro: Retro, groups: Sequence[RetroGroup]) -> Form:
    return Form(
        "Merge groups",
        Merge(retro.id),
        (
            Choice("groups", "Which belong together?", group_options(retro, groups), many=True),
            Input(
                "title",
                "What they say",
                optional=True,
                max_chars=GROUP_TITLE_MAX_CHARS,
                hint="Leave it empty to keep the first one's words.",
            ),
        ),
        submit_label="Merge",
    )


NOTE_MENUS = ("notes", "more_notes")
"""The fields that list notes: as many menus as the most notes need."""

NEW_GROUP = "new"


def sort_form(retro: Retro, groups: Sequence[RetroGroup], notes: Sequence[written.Note]) -> Form:
    """Ask which notes go to which group, by one menu each."""
    places = {group.no: place for place, group in enumerate(groups)}
    in_order = sorted(notes, key=lambda note: places.get(note.group, 0))
    options = [Option(shortened(note.text, 75), note.id) for note in in_order]
    parts = [options[at : at + OPTIONS_MAX] for at in range(0, len(options), OPTIONS_MAX)]
    labels = ("Which notes stand in the wrong place?", "And of the others?")
    menus = tuple(
        Choice(field, label, tuple(part), many=True, optional=len(parts) > 1)
        for field, label, part in zip(NOTE_MENUS, labels, parts, strict=False)
    )
    where = (
        Option("A group of their own", NEW_GROUP),
        *group_options(retro, groups[: OPTIONS_MAX - 1]),
    )
    to = Choice("to", "Where do they belong?", where)
    return Form("Move notes", SortNotes(retro.id), (*menus, to), submit_label="Move")


def split_form(retro: Retro, groups: Sequence[RetroGroup]) -> Form:
    choice = Choice("group", "Which group?", group_options(retro, groups))
    return Form("Split a group", ChooseSplit(retro.id), (choice,), submit_label="Next")


def move_form(retro: Retro, group: RetroGroup, notes: Sequence[written.Note]) -> Form:
    options = tuple(Option(shortened(n.text, 75), n.id) for n in notes[:OPTIONS_MAX])
    return Form(
        "Split a group",
        Split(retro.id, group.no),
        (
            Note(text(Bold(group.title))),
            Choice("notes", "Which notes become a group of their own?", options, many=True),
        ),
        submit_label="Split",
    )


def group_options(retro: Retro, groups: Sequence[RetroGroup]) -> tuple[Option, ...]:
    return tuple(
        Option(shortened(f"{retro.columns[g.column_no]}: {g.title}", 75), str(g.no))
        for g in groups[:OPTIONS_MAX]
    )


# --- dots ------------------------------------------------------------------------------------


def dots_form(
    retro: Retro, groups: Sequence[RetroGroup], page: int, given: Mapping[int, int]
) -> Form:
    """Ask how many dots each group of this page gets; `given` are the voter's own so far."""
    count = page_count(groups)
    on_this_page = groups[page * DOTS_PAGE : (page + 1) * DOTS_PAGE]
    options = tuple(Option(str(n), str(n)) for n in range(retro.dots + 1))
    left = retro.dots - sum(given.values())
    dots_left = f"You have {retro.dots} dots to give, in all. Not given yet: {max(left, 0)}."
    fields = tuple(
        Choice(
            group_field(group.no),
            f"{retro.columns[group.column_no]}: {group.title}",
            options,
            (str(given.get(group.no, 0)),),
        )
        for group in on_this_page
    )
    return Form(
        f"Your dots ({page + 1} of {count})" if count > 1 else "Your dots",
        GiveDots(retro.id, page),
        (Note(text(dots_left)), *fields),
        submit_label="Save" if page + 1 >= count else "Next",
        also=(FormButton("Back", TurnBack(retro.id, page)),) if page else (),
    )


def page_count(groups: Sequence[RetroGroup]) -> int:
    return max(1, -(-len(groups) // DOTS_PAGE))


def group_field(number: int) -> str:
    return f"g{number}"
