"""The card of a problem-solving workshop, and its forms."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Day,
    Form,
    Input,
    Node,
    Note,
    Option,
    Pick,
    heading,
    subtle,
    text,
)
from handlers.phrases import counted, shortened
from handlers.rules.limits import TITLE_MAX_CHARS
from handlers.themes.actions import (
    GiveDots,
    OpenCause,
    OpenDots,
    OpenRemedy,
    SaveCause,
    SaveRemedy,
    ShowBiggest,
    StartWorkshop,
)
from handlers.ui.elsewhere import known_ending
from storage.items import Item
from storage.tracked import KnownAs
from storage.workshops import CHOSEN, LOOKING, Cause, Workshop

WHYS = 5

WHY_MAX_CHARS = 200
PROBLEMS_MAX = 20
SHOWN_CHARS = 120


def board(
    workshop: Workshop,
    causes: Sequence[Cause],
    voters: int,
    item: Item | None,
    known: KnownAs | None,
) -> Card:
    """Draw the problem, its causes and what comes next."""
    title = f"Problem-solving workshop: {shortened(workshop.problem, SHOWN_CHARS)}"
    nodes: list[Node] = [heading(title)]
    if workshop.stage == LOOKING:
        nodes.append(subtle("Why does it happen? Ask up to five times, then give three dots."))
    for cause in causes:
        given = counted(cause.dots, "dot")
        counted_dots = "" if workshop.stage == LOOKING else f" ({given})"
        biggest = "Biggest cause: " if cause.no == workshop.root else f"{cause.no}. "
        nodes.append(text(Bold(biggest), f"{chain(cause)}{counted_dots}"))
    if not causes:
        nodes.append(text("No cause yet."))
    if workshop.stage == LOOKING:
        nodes.append(subtle(f"{counted(voters, 'person has', 'people have')} given dots."))
    if item is not None:
        name = Bold(f"#{item.number} {_short(item.title)}")
        nodes.append(text("What we do about it: ", name, *known_ending(known)))
    nodes += _buttons(workshop, causes)
    return Card(title, tuple(nodes))


def _buttons(workshop: Workshop, causes: Sequence[Cause]) -> list[Node]:
    n = workshop.id
    if workshop.stage == CHOSEN:
        save = Button("Improvement item", OpenRemedy(n), "primary", opens_form=True)
        return [Buttons((save,))]
    if workshop.stage != LOOKING:
        return []
    changes = tuple(
        Button(f"Change {cause.no}", OpenCause(n, cause.no), opens_form=True) for cause in causes
    )
    add = Button("Add a cause", OpenCause(n), "primary", opens_form=True)
    give = Button("Give dots", OpenDots(n), opens_form=True)
    return [Buttons((add, give, Button("Show the biggest", ShowBiggest(n))), changes)]


def chain(cause: Cause) -> str:
    """Return the answers, the root cause first: Nobody owns it ← Tickets queue ← It is late."""
    return " ← ".join(shortened(why, SHOWN_CHARS) for why in reversed(cause.whys))


def story(workshop: Workshop, root: Cause) -> str:
    """Return what an item keeps of the workshop it came of."""
    whys = "\n".join(f"Why? {why}" for why in root.whys)
    return f"From the problem-solving workshop: {workshop.problem}\n{whys}"


def _short(words: str) -> str:
    return shortened(words, SHOWN_CHARS)


# --- forms -----------------------------------------------------------------------------------


def start_form(problems: Sequence[str]) -> Form:
    options = tuple(Option(_short(name)[:70], str(place)) for place, name in enumerate(problems))
    known = (Choice("problem", "Which problem?", options, optional=True),) if options else ()
    hint = "With its size, such as: Half of our stories wait a week for a port"
    words = Input("words", "In your own words", max_chars=TITLE_MAX_CHARS, optional=True, hint=hint)
    return Form("Problem-solving workshop", StartWorkshop(), (*known, words), submit_label="Begin")


def cause_form(workshop: Workshop, no: int, whys: Sequence[str]) -> Form:
    questions = ["Why does it happen?"] + ["And why is that?"] * (WHYS - 1)
    fields = tuple(
        Input(
            f"why{place}",
            question,
            whys[place] if place < len(whys) else "",
            max_chars=WHY_MAX_CHARS,
            optional=place > 0 or bool(no),
        )
        for place, question in enumerate(questions)
    )
    about = Note(text(_short(workshop.problem)))
    return Form("Five whys", SaveCause(workshop.id, no), (about, *fields))


def dots_form(workshop: Workshop, causes: Sequence[Cause], dots: int) -> Form:
    options = tuple(Option(shortened(cause.whys[-1], 70), str(cause.no)) for cause in causes)
    label = f"Which matter most? One to {dots}"
    return Form("Give dots", GiveDots(workshop.id), (Choice("causes", label, options, many=True),))


def remedy_form(workshop: Workshop, root: Cause) -> Form:
    return Form(
        "Improvement item",
        SaveRemedy(workshop.id),
        (
            Note(text(Bold("Biggest cause: "), chain(root))),
            Input("title", "What will you do about it?", max_chars=TITLE_MAX_CHARS),
            Pick("owner", "Who", optional=False),
            Day("due", "By when?", optional=False),
        ),
    )
