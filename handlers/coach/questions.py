"""The coach's questions: which comes when, and what counts as an answer. Pure.

An answer is a text; days are ISO, the owner is a person's id. A skipped question has an empty
answer, and so has one that was never asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.text import alike
from handlers.reader.anonymity import MAYBE_ANONYMOUS, asks
from handlers.reader.answers import read_day, read_person
from handlers.reader.asked import Asked
from handlers.reader.lost import is_lost, without_hedges
from handlers.reader.moments import Unreadable
from handlers.reader.people import Mention
from handlers.rules.limits import (
    EXPERIMENT_MAX_CHARS,
    METRIC_MAX_CHARS,
    TITLE_MAX_CHARS,
    VALUE_MAX_CHARS,
)

TEXT_MAX_CHARS: Final = 700
"""What happens now and how it is noticed both fit into an item's details."""


class Lost(Unreadable):
    """Somebody does not know: they are helped and asked once more."""


@dataclass(frozen=True, slots=True)
class Question:
    """`quick` are answers that a button gives: its label, and what it stands for."""

    step: str
    asks: str
    hint: str = ""
    max_chars: int = TEXT_MAX_CHARS
    quick: tuple[tuple[str, str], ...] = ()


THIS_ITERATION: Final = "end of iteration"

_WHEN = (("In 1 week", "in 1 week"), ("This iteration", THIS_ITERATION))

QUESTIONS: Final = (
    Question(
        "title", "What should get better?", "One sentence: Estimation runs long", TITLE_MAX_CHARS
    ),
    Question("now", "What happens now?", "The last time it happened: who waited for what?"),
    Question("notice", "How do you notice it?", "What would a camera show, or a number say?"),
    Question(
        "experiment",
        "What small experiment would you try?",
        "Small enough to finish within one iteration.",
        EXPERIMENT_MAX_CHARS,
    ),
    Question("owner", "Who owns it?", "Write @name, or me.", 200, (("Me", "me"),)),
    Question("due", "By when?", "Friday, in 2 weeks, end of month, 1 Dec.", 100, _WHEN),
    Question(
        "metric",
        "Which metric do we hope will move?",
        "Something you can count or time, such as: days a review waits",
        METRIC_MAX_CHARS,
    ),
    Question(
        "start", "Where does it stand now?", "A number with its unit: 2 days", VALUE_MAX_CHARS
    ),
    Question(
        "goal", "And where should it get to?", "A number with its unit: 4 hours", VALUE_MAX_CHARS
    ),
    Question(
        "check",
        "When shall I ask whether it worked?",
        "A day. Skip, and I ask two weeks after the due day.",
        100,
    ),
)

ASKS: Final[Mapping[str, Question]] = {question.step: question for question in QUESTIONS}

_PLACES: Final[Mapping[str, int]] = {step: place for place, step in enumerate(ASKS)}

_OF_THE_METRIC = ("start", "goal", "check")
_OF_THE_DETAILS = ("now", "notice")
YES_OR_NO: Final = frozenset({"yes", "no", "ok", "okay", "sure", "y", "n", "yep", "nope", "yeah"})
"""What answers whether there is a metric, and not which."""

DAYS: Final = ("due", "check")


# --- which question comes when ---------------------------------------------------------------


def path(answers: Mapping[str, str], *, titled: bool, described: bool) -> tuple[str, ...]:
    """Return the steps of this conversation, in order.

    `titled`: there is an item or a title already. `described`: its details are long enough.
    Without a metric nobody is asked where it stands.
    """
    left_out: set[str] = set()
    if titled:
        left_out.add("title")
    if described:
        left_out.update(_OF_THE_DETAILS)
    if answers.get("metric") == "":
        left_out.update(_OF_THE_METRIC)
    return tuple(question.step for question in QUESTIONS if question.step not in left_out)


def following(step: str, steps: Sequence[str]) -> str | None:
    """Return the next step, or None after the last one.

    The question that was asked may be none of them any more: its item changed meanwhile.
    """
    return next((each for each in steps if _PLACES[each] > _PLACES[step]), None)


def preceding(step: str, steps: Sequence[str]) -> str | None:
    """Return the step before, or None before the first one."""
    return next((each for each in reversed(steps) if _PLACES[each] < _PLACES[step]), None)


# --- what counts as an answer ----------------------------------------------------------------


def read_answer(
    step: str, text: str, asked: Asked, *, me: Mention, people: Iterable[Mention] = ()
) -> str:
    """Return the answer as it is kept; raises Unreadable with what to write instead.

    `me` is who answers; `people` are those an owner's name may mean.
    """
    question = ASKS[step]
    text = text.strip()
    if not text:
        raise Unreadable("I need some words for that, or press Skip.")
    if is_lost(text):
        raise Lost("If nobody knows yet, leave it empty.")
    if len(text) > question.max_chars:
        raise Unreadable(
            f"That is {len(text):,} characters; at most {question.max_chars:,} fit here. "
            "Please say it shorter."
        )
    match step:
        case "title" if asks(text):
            raise Unreadable(MAYBE_ANONYMOUS)
        case "owner":
            return read_person(without_hedges(text), me, people).id
        case "due" | "check":
            return read_day(without_hedges(text), asked, to_come=True).isoformat()
        case "start" | "goal":
            return with_number(without_hedges(text))
        case "metric" if not any(map(str.isalpha, text)):
            raise Unreadable("That is a number. What does it count? Such as: days a review waits")
        case "metric" if alike(text).strip(" .!") in YES_OR_NO:
            raise Unreadable("Which one? Something you can count or time: days a review waits")
        case _:
            return text


def with_number(text: str) -> str:
    """Return a reading of a metric; raises Unreadable when there is no number in it."""
    if not any(map(str.isdecimal, text)):
        raise Unreadable("I need a number there, such as 2 days or 35 %, or leave it out.")
    return text
