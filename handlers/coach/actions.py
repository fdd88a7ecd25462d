"""What people do in a coaching conversation, as typed values, and the view of a question.

`version` counts the questions of a conversation: an answer to an older one changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@view("coach.question")
@dataclass(frozen=True, slots=True)
class QuestionView(View):
    """One question: open while it is the conversation's last, else with what was answered."""

    conversation: int
    step: str
    version: int


@action("coach.quick")
@dataclass(frozen=True, slots=True)
class Answer(Action):
    """Give one of the question's own answers; `choice` counts from 0."""

    conversation: int
    version: int
    choice: int


@action("coach.back")
@dataclass(frozen=True, slots=True)
class Back(Action):
    conversation: int
    version: int


@action("coach.skip")
@dataclass(frozen=True, slots=True)
class Skip(Action):
    conversation: int
    version: int


@action("coach.cancel")
@dataclass(frozen=True, slots=True)
class Cancel(Action):
    conversation: int
    version: int


@action("coach.instead")
@dataclass(frozen=True, slots=True)
class Instead(Action):
    """Go on with an item that says the same already."""

    conversation: int
    version: int
    number: int


@action("coach.form")
@dataclass(frozen=True, slots=True)
class OpenForm(Action):
    """Show the questions of a conversation in one form."""

    conversation: int
    version: int


@action("coach.formed")
@dataclass(frozen=True, slots=True)
class SaveForm(Action):
    """Save the form for an item (0: a new one), and end the conversation it came from (0: none)."""

    number: int = 0
    conversation: int = 0


@action("coach.one_by_one")
@dataclass(frozen=True, slots=True)
class AskMe(Action):
    """Leave the form and be asked one by one, in the chat with Hone."""

    number: int = 0
    conversation: int = 0
