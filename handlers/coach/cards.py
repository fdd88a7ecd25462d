"""A coach's question as a card, and all of them as one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Day,
    Field,
    Form,
    FormButton,
    Input,
    Node,
    Note,
    Pick,
    heading,
    quote,
    says,
    subtle,
    text,
)
from handlers.coach.actions import (
    Answer,
    AskMe,
    Back,
    Cancel,
    Instead,
    OpenForm,
    QuestionView,
    SaveForm,
    Skip,
)
from handlers.coach.questions import ASKS, DAYS
from handlers.phrases import shortened
from handlers.reader.names import in_words
from handlers.ui.actions import MakeFocus
from storage.items import Item

TITLE_SHOWN_CHARS = 130
ANSWER_SHOWN_CHARS = 300

MULTILINE = ("now", "notice", "experiment")


@dataclass(frozen=True, slots=True)
class QuestionState:
    """Where a conversation stands: about what, which question of how many, and what holds now.

    `has` is what a skipped question keeps, in words. `alike` are items that say the same. `example`
    helps whoever did not know at first.
    """

    title: str
    place: int
    of: int
    has: str = ""
    alike: Sequence[tuple[int, str]] = ()
    example: str = ""


def question(view: QuestionView, now: QuestionState) -> Card:
    """Draw the open question, with every way on."""
    asked = ASKS[view.step]
    n, version = view.conversation, view.version
    about = f"Coaching: {now.title}" if now.title else "Coaching"
    nodes: list[Node] = [
        heading(shortened(about, TITLE_SHOWN_CHARS)),
        text(Bold(asked.asks)),
    ]
    if asked.hint:
        nodes.append(subtle(asked.hint))
    if now.example:
        nodes.append(text(f"No matter, most people pause here. For example: {now.example}."))
        nodes.append(subtle("A guess is fine; it can be changed later. Or skip it."))
    if now.has:
        nodes.append(subtle(f"So far: {now.has}. Skip keeps it."))
    if now.alike:
        nodes.append(text("This looks like something we have:"))
        nodes += [text(f"#{k} {shortened(title, TITLE_SHOWN_CHARS)}") for k, title in now.alike]
        nodes.append(
            Buttons(tuple(Button(f"It is #{k}", Instead(n, version, k)) for k, _ in now.alike))
        )
    buttons = [
        Button(label, Answer(n, version, choice)) for choice, (label, _) in enumerate(asked.quick)
    ]
    if now.place > 1:
        buttons.append(Button("Back", Back(n, version), hint="Back to the question before"))
    if view.step != "title":
        buttons.append(Button("Skip", Skip(n, version), hint="Skip this question"))
    buttons.append(Button("Cancel", Cancel(n, version), hint="Stop; nothing is saved"))
    if view.step != "title":
        buttons.append(Button("All in one form", OpenForm(n, version), opens_form=True))
    nodes.append(Buttons(tuple(buttons)))
    nodes.append(
        subtle(f"Question {now.place} of {now.of}. Type your answer here, or: back, skip, cancel.")
    )
    return Card(f"{asked.asks}", tuple(nodes))


def answered(step: str, answer: str | None) -> Card:
    """Draw a question that is behind: what was asked and what was said."""
    asked = ASKS[step].asks
    nodes: list[Node] = [text(asked)]
    if answer:
        nodes.append(quote(shortened(answer, ANSWER_SHOWN_CHARS)))
    elif answer == "":
        nodes.append(subtle("Skipped."))
    return Card(asked, tuple(nodes))


def over(step: str) -> Card:
    """Draw a question whose conversation has ended; what was typed is gone from here."""
    asked = ASKS[step].asks
    return Card(asked, (text(asked), subtle("This conversation is over.")))


def cancelled() -> Card:
    return says("Stopped. Nothing was saved, and I have forgotten your answers.")


def saved(item: Item, hypothesis: str, *, can_be_focus: bool) -> Card:
    """Tell what came of the conversation and when Hone comes back to it, and offer to begin."""
    n = item.number
    nodes: list[Node] = [text("Saved in ", Bold(f"#{n}"), ".")]
    if hypothesis:
        nodes.append(text(hypothesis))
    if item.metric and item.check_on:
        nodes.append(
            subtle(f"Once it is done, I ask on {in_words(item.check_on)} whether it worked.")
        )
    if can_be_focus and item.experiment and not item.is_finished:
        hint = f"Make #{n} the one improvement the team makes now"
        nodes.append(text("One small thing at a time gets done: is this the one for now?"))
        nodes.append(Buttons((Button("Make it our focus", MakeFocus(n), hint=hint),)))
    return Card(f"Saved in #{n}.", tuple(nodes))


def form(
    answers: Mapping[str, str], steps: Sequence[str], title: str, number: int, conversation: int
) -> Form:
    """Ask everything at once, with whatever is known already filled in."""
    about: tuple[Field, ...] = (Note(text(shortened(title, 200))),) if title else ()
    return Form(
        f"Coaching #{number}" if number else "Coaching",
        SaveForm(number, conversation),
        (*about, *(_field(step, answers.get(step, "")) for step in steps)),
        also=(FormButton("Ask me one by one", AskMe(number, conversation)),),
    )


def _field(step: str, answer: str) -> Field:
    asked = ASKS[step]
    if step == "owner":
        return Pick(step, asked.asks, (answer,) if answer else ())
    if step in DAYS:
        return Day(step, asked.asks, date.fromisoformat(answer) if answer else None)
    return Input(
        step,
        asked.asks,
        answer,
        multiline=step in MULTILINE,
        max_chars=asked.max_chars,
        optional=step != "title",
        hint=asked.hint,
    )
