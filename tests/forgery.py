"""Presses and forms that no screen would send: forged ids, and the same nonsense everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import count
from typing import Any, get_type_hints

from bot.outcome import Outcome
from bot.turn import Answers, Click, Submission
from bot.twins import twin
from bot.wire import Action, encode
from tests.hone import Someone

MARK = "Quokka"
"""A word that no card, no field and no log line has by itself."""

OUR_FAULT = "that is my mistake"


class Anything(Answers):
    """Gives the same answer to every field, whatever the form asks for."""

    given: _Same

    def __init__(self, answer: str) -> None:
        super().__init__(_Same(answer))

    @property
    def were_read(self) -> bool:
        """Whether anybody asked for an answer; who did not would do the same with any other."""
        return self.given.was_asked


class _Same(dict[str, tuple[str, ...]]):
    def __init__(self, answer: str) -> None:
        super().__init__()
        self._answer = (answer,) if answer else ()
        self.was_asked = False

    def __getitem__(self, field: str) -> tuple[str, ...]:
        self.was_asked = True
        return self._answer

    def __contains__(self, field: object) -> bool:
        self.was_asked = True
        return True

    def __iter__(self) -> Iterator[str]:
        self.was_asked = True
        return super().__iter__()

    def get(self, field: str, default: Any = None) -> Any:
        self.was_asked = True
        return self._answer


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
