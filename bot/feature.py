"""What a feature offers: one table at the foot of its `__init__.py`. Nothing registers itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.cards import Card, Node, Text
from bot.turn import Intent, Person, Reply, Turn
from bot.wire import Action, View
from storage import Store

CommandHandler = Callable[[Turn, Store, str], Awaitable[Reply]]
"""Takes the words after the command (or after the verb)."""

ActionHandler = Callable[[Turn, Store, Any], Awaitable[Reply]]
"""Takes the typed action; a submission's answers stand in `turn.answers`."""

TurnHandler = Callable[[Turn, Store], Awaitable[Reply]]
"""Takes a shortcut (its quote stands in `turn.intent`), plain words, or a join."""

DueHandler = Callable[[Turn, Store, str], Awaitable[Reply]]
"""Takes the timer's key; the turn's place is the timer's channel."""

EditedHandler = Callable[[Turn, Store, frozenset[int]], Awaitable[Reply]]
"""Takes the numbers of items that people changed in the turn, whatever it was."""

Reads = Callable[[], AbstractAsyncContextManager[Store]]
"""Opens a read that nobody waits for; what takes long opens one for each of its steps."""

Precompute = Callable[[Turn, Reads, str], Awaitable[object]]
"""Works out by reading what a timer's handler will need, and finds in `turn.intent.precomputed`.

Whatever takes long belongs here: on SQLite everybody waits while the handler is at work.
"""

Rewords = Callable[[str], str | None]
"""Returns the command lines that some words mean; None for a command, and for anything else."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person was asked where they are, at a moment, and what their yes or no does.

    An action is carried out as if its button was pressed, a card is the answer. None: whatever
    they say is the answer itself.
    """

    at: datetime
    yes: Action | Card | None = None
    no: Action | Card | None = None


FindQuestion = Callable[[Turn, Store], Awaitable[Question | None]]
"""Finds what a feature has asked the person of a turn there, and waits for; the newest."""

Draw = Callable[[Store, Any], Awaitable[Card]]
"""Draws a view from the state at `store.now`."""


# --- what a feature has for one person -------------------------------------------------------

Section = Literal["focus", "votes", "asked", "items", "digest"]
"""The parts of a person's own page, in order."""


@dataclass(frozen=True, slots=True)
class Reader(Person):
    """Whose own page is drawn. `teams` are those whose things they may see, by id.

    `direct_channel` is their chat with Hone, as far as it is known.
    """

    teams: tuple[int, ...] = ()
    direct_channel: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a person's own page, and what they can do about it. The smallest `by` first."""

    section: Section
    nodes: tuple[Node, ...]
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnPage:
    """What a feature has for a person; `more` counts the entries that it left out of a section."""

    entries: tuple[Entry, ...] = ()
    more: Mapping[Section, int] = field(default_factory=dict)


FindOnPage = Callable[[Store, Reader], Awaitable[OnPage]]
"""Finds what a feature has for a person, as it is at `store.now`."""


# --- what a feature offers -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verb:
    """A word after a command. `example` is a whole line to type; `what` says what it does.

    One that `takes_files` reads those that come with it; others leave them alone, and say so.
    """

    run: CommandHandler
    example: str
    what: str
    takes_files: bool = False


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command: its summary, what it does without a known verb, and its verbs.

    `example` and `what` describe the bare use. The router answers `help` and names the nearest verb
    when `free_text` is false and the first word is unknown. Without `run` it is a door: the words
    after it are a command of their own, so `hone wsjf #1` is `wsjf #1`. `notes` close its own help.
    `may_answer`: the word alone answers a question that is open, such as "Who owns it?" – "me".
    A `seldom` one is not among those that a client suggests where it suggests only a few.
    """

    summary: str
    run: CommandHandler | None
    example: str
    what: str
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    free_text: bool = False
    notes: tuple[Text, ...] = ()
    may_answer: bool = False
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a search found: how a list names it, and what shows it."""

    title: str
    line: str
    view: View


Find = Callable[[Turn, Store, str], Awaitable[Sequence[Found]]]
"""Finds by words what the turn's person may see; changes nothing."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Everything the router, the outbox and the worker need to know of a feature.

    `on_message` may answer None to plain words that are not its own: the first answer stands.
    Before that `on_answer` takes words that answer an open question, and `reads` knows commands
    in other words; `on_document` takes files that were sent to Hone without a command.
    `asks` tells of the question that a yes would answer.
    `is_anonymous` tells of an intent that nothing may be kept of who did it: the router then notes
    no person, and of the delivery only a hash. `opened` answers a person who opened their own page,
    `on_page` is what the feature has to show there. `pulled` takes what a tracker told, `edited`
    that items were changed by whichever feature, `captured` that people wrote new ones down.
    `precompute` belongs to timers of `due`.
    """

    name: str
    commands: Mapping[str, CommandSpec] = field(default_factory=dict)
    actions: Mapping[type[Action], ActionHandler] = field(default_factory=dict)
    views: Mapping[type[View], Draw] = field(default_factory=dict)
    shortcuts: Mapping[str, TurnHandler] = field(default_factory=dict)
    due: Mapping[str, DueHandler] = field(default_factory=dict)
    precompute: Mapping[str, Precompute] = field(default_factory=dict)
    find: Find | None = None
    on_message: TurnHandler | None = None
    on_answer: TurnHandler | None = None
    on_document: TurnHandler | None = None
    asks: FindQuestion | None = None
    reads: Rewords | None = None
    joined: TurnHandler | None = None
    is_anonymous: Callable[[Intent], bool] | None = None
    opened: TurnHandler | None = None
    pulled: TurnHandler | None = None
    edited: EditedHandler | None = None
    captured: EditedHandler | None = None
    on_page: FindOnPage | None = None
