"""A turn comes in, a reply goes out. Both are plain values; neither knows a platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.cards import Card, Form, Span, says
from bot.remote import News
from bot.wire import Action, View
from storage.roles import SOMEONE as SOMEONE
from storage.roles import Role as Role
from storage.roles import is_nobody, is_outside


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted, as the verified envelope says. `zone` is an IANA name.

    `described_at` is when the platform said so, if that was not just now.
    """

    id: str
    name: str
    zone: str = "UTC"
    locale: str = "en"
    role: Role = "member"
    described_at: datetime | None = field(default=None, compare=False)

    @property
    def is_outside(self) -> bool:
        """Whether they are a guest, or of another company."""
        return is_outside(self.role)

    @property
    def is_nobody(self) -> bool:
        """Whether they were deactivated, or are a bot."""
        return is_nobody(self.role)


HONE = Person(id="hone", name="Hone")
"""Who acts where nobody does: a timer rang, or a tracker told something."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened. `private` is the one-to-one chat with Hone; `thread` the post answered."""

    channel: str
    name: str = ""
    thread: str | None = None
    private: bool = False


_HOME = "home:"


def home_of(person: str) -> str:
    """Return the channel that is a person's own page, on platforms that have a place for one."""
    return f"{_HOME}{person}"


def whose_home(channel: str) -> str | None:
    """Return whose own page a channel is; None for a channel where messages stand."""
    return channel.removeprefix(_HOME) if channel.startswith(_HOME) else None


@dataclass(frozen=True, slots=True)
class Named:
    """A person mentioned in a text, where the text shows `@name`."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Thing:
    """What a text mentions that is no person: `#name` in it is a channel, `@name` a group."""

    id: str
    name: str
    kind: Literal["channel", "group"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A message of somebody, quoted by a shortcut or by a mention in its thread."""

    text: str
    author: str = ""
    link: str = ""


# --- intents: what a person did --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Command:
    """`/name text`, or `@Hone name text`. An empty name is a mention without a word.

    `things` say how to read the text; they are no part of what was said. `plain`: no slash stood
    before it, so it may be a sentence that only begins like a command; `spelled` is the name as it
    was typed then, such as `PI`.
    """

    name: str
    text: str = ""
    mentions: tuple[Named, ...] = ()
    quote: Quote | None = None
    things: tuple[Thing, ...] = field(default=(), compare=False)
    plain: bool = field(default=False, compare=False)
    spelled: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Click:
    action: Action


@dataclass(frozen=True, slots=True)
class Answers(Mapping[str, tuple[str, ...]]):
    """What a form came back with: each field's answers as texts, in order; nothing is trusted."""

    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, field_id: str) -> tuple[str, ...]:
        return self.given[field_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)

    def one(self, field_id: str) -> str:
        """Return the field's only answer, stripped, or an empty text."""
        given = self.given.get(field_id, ())
        return given[0].strip() if given else ""

    def many(self, field_id: str) -> tuple[str, ...]:
        return self.given.get(field_id, ())

    def on(self, field_id: str) -> bool:
        return bool(self.given.get(field_id))


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent. `people` are those its answers name by id, as far as known."""

    action: Action
    answers: Answers = field(default_factory=Answers)
    people: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A menu entry on a message (with what it quotes) or on its own."""

    name: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Plain words to Hone: alone with it, or in a channel behind its name."""

    text: str
    mentions: tuple[Named, ...] = ()
    quote: Quote | None = None
    things: tuple[Thing, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Joined:
    """Hone was added to a channel by the turn's person, or they opened their chat with it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A person opened their own page with Hone; `empty`: nothing has ever stood there."""

    empty: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A timer rang; `key` is what the feature called it, `precomputed` what it worked out."""

    kind: str
    key: str
    precomputed: object = None


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a tracker told: of itself, or of one of its scopes that a team follows."""

    tracker: int
    scope: int | None
    news: News


Intent = Command | Click | Submission | Shortcut | Said | Joined | Opened | Due | Pulled


@dataclass(frozen=True, slots=True)
class Document:
    """A file that came with what a person did, whole; or the sentence why it could not be had."""

    name: str
    content: bytes = b""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that happened.

    `key` names the delivery: a second turn with the same key changes nothing. `acted_at` is the
    platform's own time of the act, `now` ours (both aware UTC). `post` is the platform's id of the
    message that was clicked, if any. `documents` came along with a message or in a form.
    """

    workspace: str
    place: Place
    person: Person
    intent: Intent
    now: datetime
    key: str
    acted_at: datetime
    post: str | None = None
    documents: tuple[Document, ...] = ()

    @property
    def answers(self) -> Answers:
        return self.intent.answers if isinstance(self.intent, Submission) else Answers()


# --- replies: what Hone does about it --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """Show a view in a channel, by default the turn's, in the thread of the post of `under`.

    What `can_wait` goes behind whatever somebody is waiting for.
    """

    view: View
    under: View | None = None
    channel: str | None = None
    can_wait: bool = False


@dataclass(frozen=True, slots=True)
class Whisper:
    """Tell only the person here, at once. `replaces` the private card whose button was pressed."""

    card: Card
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Show:
    """Show a view, as it is now, to the person here alone."""

    view: View
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Direct:
    """Show a view to one person in their one-to-one chat with Hone."""

    person: str
    view: View


@dataclass(frozen=True, slots=True)
class Ask:
    """Open a form, or keep it open with errors: field id → one plain sentence ("" for the form).

    `by` is the command that asks, where plain words were read as one.
    """

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)
    by: Command | None = None


@dataclass(frozen=True, slots=True)
class Refresh:
    """Redraw every post that shows the view, which proved stale; changes do so by themselves."""

    view: View


Answer = Post | Whisper | Show | Direct | Ask | Refresh
Reply = Answer | tuple[Answer, ...] | None


def whisper(*spans: Span) -> Whisper:
    """Return one plain sentence for the person alone."""
    return Whisper(says(*spans))


class Mistake(Exception):
    """Something a person can put right; its text is the sentence they read. Nothing was saved."""

    def __init__(self, *spans: Span) -> None:
        super().__init__(*spans)
        self.card = says(*spans)

    def __str__(self) -> str:
        return self.card.summary


class NotMeant(Mistake):
    """What follows the command's name makes no sense to it: the line may be a sentence."""


class NotFound(Mistake):
    """The thing does not exist here. The same words for a missing and a foreign id."""
