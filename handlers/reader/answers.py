"""Read an answer that is nothing but a day or a name: a form's field, or what a question asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from handlers.reader.asked import Asked
from handlers.reader.markers import Owner, owner
from handlers.reader.moments import Unreadable, echo, read_alone
from handlers.reader.names import in_words
from handlers.reader.people import Mention, People

DAY_EXAMPLES = "Friday, in 2 weeks, 1 Dec or 2026-12-01"


def read_day(said: str, asked: Asked, *, to_come: bool = False) -> date:
    """Return the day an answer names; `to_come`: not one that is over.

    A calendar's own ISO day may be any. Raises Unreadable with what to write instead.
    """
    shown, when = echo(said), read_alone(said, asked)
    if when is None or not (when.has_day or when.has_clock):
        raise Unreadable(f"“{shown}” names no single day: write {DAY_EXAMPLES}.")
    if when.reason:
        raise Unreadable(f"“{shown}” {when.reason}")
    day = when.days[0] if when.has_day else asked.today
    if to_come and day < asked.today:
        raise Unreadable(f"{in_words(day)} is over already. Write a day to come.")
    return day


def read_person(said: str, me: Mention, people: Iterable[Mention]) -> Mention:
    """Return whom of the people an answer names, with an @ or without; `me` says it.

    Raises Unreadable with what to write instead.
    """
    if said.casefold().strip(".!") in ("i do", "that's me", "that’s me"):
        return me
    meant = People(people, me).whom(said)
    if meant is None or not (meant.people or meant.near or meant.words == 1):
        raise Unreadable(f"I don't know anybody called “{echo(said)}” here. Write @name, or me.")
    words = said.split()
    found = owner(meant, words, len(words))
    if isinstance(found, Owner):
        return found.person
    near = " or ".join(f"@{person.name}" for person in meant.near)
    raise Unreadable(f"{found.note} Did you mean {near}?" if near else found.note)
