"""The questions to one person on one morning, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Code,
    Divider,
    Node,
    Span,
    Text,
    Typed,
    heading,
    plain,
    says,
    subtle,
    text,
)
from handlers.followthrough.actions import (
    Done,
    OpenDrop,
    OpenEffect,
    OpenLater,
    OpenNext,
    OpenRecheck,
    SaveEffect,
)
from handlers.phrases import counted, shortened
from handlers.reader.names import in_words
from handlers.rules.hypothesis import sentence
from handlers.ui.elsewhere import known_span
from storage.items import Item
from storage.tracked import KnownAs

TITLE_SHOWN_CHARS = 130

REASON_SHOWN_CHARS = 100

OPEN_SHOWN = 8
"""Questions asked at a time: more are no card but a questionnaire, and Slack takes no more."""

ANSWERED_SHOWN = 10

EFFECT_WORDS = {"moved": "it moved", "not moved": "it did not move", "cannot tell": "cannot tell"}


@dataclass(frozen=True, slots=True)
class Question:
    """What a person was asked: whether an item got done by its `day`, or whether it worked.

    `theirs`: it is still for them to answer; `because` says why, unless they own it. `put_off` has
    why its day was moved, for each time.
    """

    item: Item
    day: date
    about_due: bool
    theirs: bool = True
    because: str = ""
    put_off: tuple[str, ...] = ()
    known: KnownAs | None = None

    @property
    def is_open(self) -> bool:
        item = self.item
        if not self.theirs:
            return False
        if self.about_due:
            return item.due == self.day and not item.is_finished
        return item.check_on == self.day and not item.effect and bool(item.metric)


def morning(questions: Sequence[Question]) -> Card:
    """Draw a morning's questions: those still open with their buttons, the others as answered."""
    waiting = [each for each in questions if each.is_open]
    answered = [_answered(each) for each in questions if not each.is_open]
    if not waiting:
        return _all_answered(answered)
    if len(questions) == 1:
        [only] = questions
        return _due_question(only) if only.about_due else _effect_question(only)
    title = f"{counted(len(waiting), 'question')} about what you own"
    nodes: list[Node] = [heading(title)]
    for each in waiting[:OPEN_SHOWN]:
        nodes += [Divider(), text(Bold(name(each.item))), *_asks(each)]
    nodes.append(Divider())
    if len(waiting) > OPEN_SHOWN:
        nodes.append(subtle(f"{len(waiting) - OPEN_SHOWN} more follow as you answer these."))
    nodes += _so_far(answered)
    nodes.append(subtle("I ask once for each day."))
    numbers = ", ".join(f"#{each.item.number}" for each in waiting[:OPEN_SHOWN])
    return Card(f"{title}: {numbers}", tuple(nodes))


def _all_answered(answered: Sequence[Text]) -> Card:
    if not answered:
        return says("There is nothing to ask any more.")
    if len(answered) == 1:
        [only] = answered
        return Card(plain(only.spans), (only,))
    title = f"All {len(answered)} questions are answered"
    return Card(f"{title}.", (heading(title), *_so_far(answered)))


def _so_far(answered: Sequence[Text]) -> list[Node]:
    nodes: list[Node] = list(answered[-ANSWERED_SHOWN:])
    if len(answered) > ANSWERED_SHOWN:
        nodes.insert(0, subtle(f"{len(answered) - ANSWERED_SHOWN} were answered before these."))
    return nodes


def which_one(numbers: Sequence[int]) -> Card:
    """Ask back where a yes or no may answer several questions."""
    named = ", ".join(f"#{number}" for number in numbers[:OPEN_SHOWN])
    return says(f"Which one: {named}? Press its button above, or write ", Code("#14 is done"), ".")


def not_done(number: int) -> Card:
    """Answer a no: it is still open, and may need another day."""
    return says(
        f"#{number} stays open. For another day: ", Typed(f"backlog due #{number} Friday"), "."
    )


# --- one question ----------------------------------------------------------------------------


def _due_question(asked: Question) -> Card:
    """Ask whether it got done, alone in its message."""
    n, day = asked.item.number, in_words(asked.day)
    return Card(
        f"#{n} was due on {day}. Did it get done?",
        (heading(name(asked.item)), *_asks(asked), subtle("I ask once for each due date.")),
    )


def _effect_question(asked: Question) -> Card:
    """Ask whether it worked, alone in its message."""
    n, metric = asked.item.number, asked.item.metric
    return Card(
        f"Did #{n} work? You wanted {metric} to change.",
        (heading(name(asked.item)), *_asks(asked)),
    )


def _asks(asked: Question) -> tuple[Node, ...]:
    if asked.about_due:
        day = Bold(in_words(asked.day))
        question = text("It was due on ", day, ". Did it get done?", *_there(asked))
        return question, *_beside(asked), due_buttons(asked.item.number)
    return (
        text(hypothesis(asked.item), *_there(asked)),
        *_beside(asked),
        text(Bold("Did it move?")),
        effect_buttons(asked.item.number),
    )


def _there(asked: Question) -> tuple[Span, ...]:
    """Return where the work is, in another tool."""
    return (" ", known_span(asked.known)) if asked.known else ()


def _beside(asked: Question) -> tuple[Node, ...]:
    words = " ".join(filter(None, (put_off_words(asked.put_off), asked.because)))
    return (subtle(words),) if words else ()


def put_off_words(reasons: Sequence[str]) -> str:
    """Return "Moved twice. The last time: nobody measured it."; "" if it never was."""
    if not reasons:
        return ""
    times = {1: "once", 2: "twice"}.get(len(reasons), f"{len(reasons)} times")
    last = next((reason for reason in reversed(reasons) if reason), "")
    why = f" The last reason: {shortened(last, REASON_SHOWN_CHARS).rstrip('.')}." if last else ""
    return f"Moved {times}.{why}"


def due_buttons(n: int) -> Buttons:
    return Buttons(
        (
            Button("Done", Done(n), "primary", hint=f"Mark #{n} as done"),
            Button("Later", OpenLater(n), opens_form=True, hint=f"Choose a new day for #{n}"),
            Button("Drop", OpenDrop(n), opens_form=True, hint=f"Drop #{n} with a reason"),
        )
    )


def effect_buttons(n: int) -> Buttons:
    opening = tuple(
        Button(label, OpenEffect(n, effect), opens_form=True, hint=f"#{n}: {label}, opens a form")
        for label, effect in (("It moved", "moved"), ("It did not", "not moved"))
    )
    later = Button("Ask me later", OpenRecheck(n), opens_form=True, hint=f"Ask later about #{n}")
    cannot_tell = Button("Cannot tell", SaveEffect(n, "cannot tell"), hint=f"#{n}: nobody can tell")
    return Buttons((*opening, cannot_tell, later))


def what_next(item: Item) -> Card:
    """Tell whoever answered that it did not move that this is a result, and offer the next try."""
    line = (
        f"Noted: {_inside(item.metric)} did not move. So we know that #{item.number} is not what "
        "helps. What do you try next?"
    )
    button = Button(
        "Next experiment",
        OpenNext(item.number),
        "primary",
        opens_form=True,
        hint=f"Next experiment after #{item.number}, opens a form",
    )
    return Card(line, (text(line), Buttons((button,))))


def _inside(metric: str) -> str:
    return shortened(metric.rstrip(".!?"), TITLE_SHOWN_CHARS)


# --- one answer ------------------------------------------------------------------------------


def _answered(asked: Question) -> Text:
    return _due_answered(asked) if asked.about_due else _effect_answered(asked)


def _due_answered(asked: Question) -> Text:
    """Tell what became of a due date."""
    item = asked.item
    sentence = f"{name(item)}: due on {in_words(asked.day)}"
    match item.state:
        case "accepted":
            return text(sentence, ". It is ", Bold("done"), ".")
        case "dropped":
            why = f" ({item.dropped_because})" if item.dropped_because else ""
            return text(sentence, ". It was ", Bold("dropped"), f"{why}.")
        case _ if item.due is None:
            return text(sentence, ". It has ", Bold("no due date"), " now.")
        case _ if item.due != asked.day:
            return text(sentence, ". The new day is ", Bold(in_words(item.due)), ".")
        case _:
            return text(sentence, ". It has ", Bold("another owner"), " now.")


def _effect_answered(asked: Question) -> Text:
    """Tell what came of a hypothesis."""
    item = asked.item
    if item.effect:
        value = f": {item.effect_value}" if item.effect_value else ""
        return text(f"{name(item)}: ", Bold(EFFECT_WORDS[item.effect]), f"{value}.")
    if not item.metric:
        return text(f"{name(item)}: it has ", Bold("no metric"), " any more.")
    if not asked.theirs:
        return text(f"{name(item)}: ", Bold("somebody else"), " answers for it now.")
    when = f" I ask again on {in_words(item.check_on)}." if item.check_on else ""
    return text(f"{name(item)}: not checked yet.{when}")


def hypothesis(item: Item) -> str:
    return sentence(item.experiment, item.metric, item.metric_from, item.metric_to, item.check_on)


def name(item: Item) -> str:
    return f"#{item.number} {shortened(item.title, TITLE_SHOWN_CHARS)}"
