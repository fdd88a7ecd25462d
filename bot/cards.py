"""What Hone says, in words that every platform has: cards to read and forms to fill.

A card is a value. Each platform's renderer turns it into Block Kit, an Adaptive Card or HTML with
one `match`; features never learn which. A plain string is always literal: nothing can be injected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from bot.text import shown_zone
from bot.wire import Action

# --- spans: pieces of a line -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bold:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to copy as it is; a command is `Typed`."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A line to type to Hone, such as `wsjf #1`; each platform shows how it is typed there."""

    line: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, notified where the platform does so. A plain name leaves them in peace."""

    person: str
    name: str


@dataclass(frozen=True, slots=True)
class When:
    """An instant (aware), shown in the reader's own zone where the platform can, else in `zone`."""

    at: datetime
    zone: str = "UTC"
    style: Literal["date", "time", "datetime"] = "datetime"


Span = str | Bold | Code | Typed | Link | Mention | When

# --- nodes: what a card is made of -----------------------------------------------------------

TextStyle = Literal["body", "heading", "subtle", "quote"]


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph. `heading` opens a card, `subtle` is small print, `quote` repeats a person."""

    spans: tuple[Span, ...]
    style: TextStyle = "body"


@dataclass(frozen=True, slots=True)
class Facts:
    """Short name and value pairs, at most ten."""

    pairs: tuple[tuple[str, tuple[Span, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header, each as long as it. `right` are numeric columns; some are `browsed`."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    caption: str = ""
    browsed: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart; `summary` says it in a sentence. A series has one value per category."""

    kind: Literal["line", "bar"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question asked before a button acts, on platforms that can ask one."""

    title: str
    text: str
    yes: str
    no: str = "Not yet"


@dataclass(frozen=True, slots=True)
class Only:
    """Who may press a button: these people by id, and the workspace's admins."""

    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Button:
    """A press sends `action`. `opens_form` must be true when the answer is an `Ask`.

    Teams needs to know that before the press. `hint` says more to those who hear the button. Whom
    `only` leaves out is not shown it, where a card is drawn for one person.
    """

    label: str
    action: Action
    style: Literal["default", "primary", "danger"] = "default"
    opens_form: bool = False
    confirm: Confirm | None = None
    hint: str = ""
    only: Only | None = None

    @property
    def spoken(self) -> str:
        """What is read aloud; first the label, which people say to press it (WCAG 2.5.3)."""
        if self.hint.casefold().startswith(self.label.casefold()):
            return self.hint
        return f"{self.label}: {self.hint}" if self.hint else self.label


@dataclass(frozen=True, slots=True)
class LinkButton:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of at most six buttons (Teams' limit). `more` are one press away, behind *More*."""

    buttons: tuple[Button | LinkButton, ...]
    more: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Divider:
    pass


Node = Text | Facts | Table | Chart | Buttons | Divider


@dataclass(frozen=True, slots=True)
class Card:
    """A message; its notification line, `summary`, is what to know without opening it.

    `own` is told to single people, by id; `pinned` keeps it in sight, where that can be, or not.
    """

    summary: str
    nodes: tuple[Node, ...]
    own: tuple[tuple[str, Text], ...] = ()
    pinned: bool | None = None


# --- forms -----------------------------------------------------------------------------------


SECRET = "secret_"
"""What the ids of fields begin with whose answers are sealed before any handler reads them."""


@dataclass(frozen=True, slots=True)
class Input:
    """Free text. A secret one is never shown again, and covered up where the platform can."""

    id: str
    label: str
    value: str = ""
    multiline: bool = False
    max_chars: int = 3_000
    optional: bool = False
    hint: str = ""
    placeholder: str = ""

    @property
    def is_secret(self) -> bool:
        return self.id.startswith(SECRET)


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options, or several when `many`. At most 100 options (Slack's limit).

    `at_once` has up to ten of them in sight where the platform can, so that one tap picks one.
    """

    id: str
    label: str
    options: tuple[Option, ...]
    chosen: tuple[str, ...] = ()
    many: bool = False
    optional: bool = False
    hint: str = ""
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Toggle:
    """Yes or no; answered `on` or nothing."""

    id: str
    label: str
    on: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, answered as ISO text."""

    id: str
    label: str
    value: date | None = None
    optional: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """People of the workspace, answered as their ids."""

    id: str
    label: str
    chosen: tuple[str, ...] = ()
    many: bool = False
    optional: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, for the turn's `documents`, with one of `endings`; `elsewhere` stands in its place
    where a platform's forms take none."""

    id: str
    label: str
    endings: tuple[str, ...] = ()
    hint: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph between fields."""

    text: Text


Field = Input | Choice | Toggle | Day | Pick | Upload | Note


@dataclass(frozen=True, slots=True)
class FormButton:
    """A second way to send the form: the same answers go to another action."""

    label: str
    action: Action


@dataclass(frozen=True, slots=True)
class Form:
    """Questions to one person. Sending it yields `Submission(submit, answers)`.

    `title` and `submit_label` have at most 24 characters (Slack's limit).
    """

    title: str
    submit: Action
    fields: tuple[Field, ...]
    submit_label: str = "Save"
    also: tuple[FormButton, ...] = ()


# --- small builders and readings -------------------------------------------------------------


def text(*spans: Span) -> Text:
    return Text(spans)


def heading(*spans: Span) -> Text:
    return Text(spans, "heading")


def subtle(*spans: Span) -> Text:
    return Text(spans, "subtle")


def quote(*spans: Span) -> Text:
    return Text(spans, "quote")


def says(*spans: Span) -> Card:
    """Return the card for one plain sentence."""
    return Card(plain(spans), (Text(spans),))


def filled(form: Form, answers: Mapping[str, tuple[str, ...]]) -> Form:
    """Return the form with what a person already typed, so that an error never costs them text."""
    return replace(form, fields=tuple(_filled(field, answers) for field in form.fields))


def _filled(field: Field, answers: Mapping[str, tuple[str, ...]]) -> Field:
    if isinstance(field, Note | Upload) or field.id not in answers:
        return field  # a browser or a client holds on to a chosen file by itself, or asks again
    given = answers[field.id]
    match field:
        case Input():
            return field if field.is_secret else replace(field, value=given[0] if given else "")
        case Choice() | Pick():
            return replace(field, chosen=given)
        case Toggle():
            return replace(field, on=bool(given))
        case Day():
            return replace(field, value=_day(given[0]) if given else None)
        case _:
            assert_never(field)


def _day(answer: str) -> date | None:
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None  # the error message beside the field quotes what was wrong


def plain(spans: tuple[Span, ...]) -> str:
    """Return a line as plain text, as a screen reader or a notification would say it."""
    return "".join(_plain_span(span) for span in spans)


def _plain_span(span: Span) -> str:
    match span:
        case str():
            return span
        case Bold(text) | Code(text) | Typed(text):
            return text
        case Link(text, url):
            return f"{text} ({url})"
        case Mention(_, name):
            return f"@{name}"
        case When():
            return shown_time(span)
        case _:
            assert_never(span)


def shown_time(when: When) -> str:
    """Return an instant in its own zone, e.g. `Mon 23 Nov, 09:00 (Europe/Berlin)`."""
    local = when.at.astimezone(ZoneInfo(when.zone))
    day = f"{local:%a} {local.day} {local:%b}"
    match when.style:
        case "date":
            return day
        case "time":
            return f"{local:%H:%M} ({shown_zone(when.zone)})"
        case "datetime":
            return f"{day}, {local:%H:%M} ({shown_zone(when.zone)})"
        case _:
            assert_never(when.style)
