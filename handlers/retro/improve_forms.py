"""What a retro asks at its end: which groups become improvements, and what makes them happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.cards import Bold, Choice, Day, Field, Form, Input, Note, Option, Pick, subtle, text
from handlers.phrases import shortened
from handlers.retro.actions import Choose, Improve
from handlers.retro.forms import group_options
from handlers.retro.known import Known
from handlers.retro.templates import is_for_ideas
from handlers.rules.hypothesis import HYPOTHESIS_MAX_CHARS
from handlers.rules.limits import TITLE_MAX_CHARS
from storage.retros import Retro, RetroGroup

IMPROVEMENTS_MAX = 3

NEW = "new"
"""The answer that none of the items offered is meant."""

MISSING = (
    "Who does it, and by when? What nobody owns seldom happens. Fill it in, or send this once more "
    "as it is."
)


def choose_form(retro: Retro, groups: Sequence[RetroGroup], chosen: Sequence[int]) -> Form:
    """Ask which groups become improvements; those with most dots are chosen already."""
    question = f"What do you improve? Up to {IMPROVEMENTS_MAX}"
    options = group_options(retro, groups)
    field = Choice("groups", question, options, tuple(map(str, chosen)), many=True)
    return Form("Choose improvements", Choose(retro.id), (field,), submit_label="Next")


def improve_form(
    retro: Retro,
    groups: Sequence[RetroGroup],
    check_on: date,
    known: Mapping[int, Known],
    *,
    asked: bool = False,
    lacking: bool = False,
) -> Form:
    """Ask for what makes an improvement happen: who, by when, and what it should move.

    `known` is what there is already of each group, by its number. `asked`: whatever is missing
    was asked about, `lacking`: and is missing now.
    """
    fields: list[Field] = [Note(text(Bold(MISSING)))] if lacking else []
    for group in groups:
        fields += _fields(retro, group, check_on, known[group.no])
    improve = Improve(retro.id, ",".join(str(group.no) for group in groups), asked)
    label = "Save them" if len(groups) > 1 else "Save it"
    return Form("Make them happen", improve, tuple(fields), submit_label=label)


def _fields(retro: Retro, group: RetroGroup, check_on: date, known: Known) -> list[Field]:
    """Ask about one group.

    A note of a column for ideas is what to try; a complaint is not, and is repeated above.
    """
    n = group.no
    idea = group.title if is_for_ideas(retro.columns[group.column_no]) else ""
    return [
        Note(text(Bold(f"{retro.columns[group.column_no]}: {group.title}"))),
        *([Note(subtle(known.elsewhere))] if known.elsewhere else []),
        *([_join(n, known)] if known.here else []),
        Input(
            f"title{n}",
            "What small thing will you try?",
            idea,
            max_chars=TITLE_MAX_CHARS,
            optional=bool(known.here),
            placeholder="For two weeks: every review within four hours",
            hint="Small enough to finish within one iteration.",
        ),
        Pick(f"owner{n}", "Owner"),
        Day(f"due{n}", "Due"),
        Input(
            f"metric{n}",
            "We believe this will change",
            optional=True,
            max_chars=HYPOTHESIS_MAX_CHARS,
            placeholder="review time from 2 days to 4 hours",
        ),
        Day(f"check{n}", "We will know by", check_on),
    ]


def _join(n: int, known: Known) -> Choice:
    """Offer what the backlog has already, so that nothing stands there twice."""
    there = tuple(
        Option(shortened(f"#{each.id} {each.text}", 75), str(each.id)) for each in known.here
    )
    return Choice(
        f"join{n}",
        "We have something like it. Add your voice there?",
        (*there, Option("No, it is new", NEW)),
        (NEW,),
        hint="Your words are added to it, and of the rest what it does not have yet.",
    )
