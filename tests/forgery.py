"""Presses and forms that no screen would send: forged ids, and the same nonsense everywhere."""

from __future__ import annotations

from dataclasses import fields
from itertools import count
from typing import Any, get_type_hints

from bot.cards import twin
from bot.router import Outcome
from bot.turn import Answers, Click, Submission
from bot.wire import Action, encode
from tests.hone import Someone

MARK = "Quokka"
"""A word that no card, no field and no log line has by itself."""

OUR_FAULT = "that is my mistake"


class Anything(Answers):
    """Gives the same answer to every field, whatever the form asks for."""

    def __init__(self, answer: str) -> None:
        super().__init__(_Same(answer))


class _Same(dict[str, tuple[str, ...]]):
    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer = (answer,) if answer else ()

    def __getitem__(self, field: str) -> tuple[str, ...]:
        return self.answer

    def __contains__(self, field: object) -> bool:
        return True

    def get(self, field: str, default: Any = None) -> Any:
        return self.answer


def forged(kind: type[Action], number: int) -> Action:
    """Return the action with this number for each of its ids, and plausible texts."""
    values: dict[type, Any] = {int: number, str: "1", bool: True}
    hints = get_type_hints(kind)
    return kind(**{field.name: values[hints[field.name]] for field in fields(kind)})  # type: ignore[arg-type]


_acts = count(1)


async def acts_slowly(person: Someone, intent: Click | Submission) -> Outcome:
    """Act at a pace that Hone accepts; what could not travel is not tried.

    What follows in the channel is drawn now and then, for many acts at once.
    """
    encode(intent.action)
    if next(_acts) % 20 == 0:
        await person.hone.wait(minutes=1)
    return await person.begins(intent)


def words(outcome: Outcome) -> str:
    said = " ".join(twin(whisper.card) for whisper in outcome.whispers)
    return f"{said} {outcome.ask.form.title if outcome.ask else ''}"
