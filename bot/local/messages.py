"""What stands in a channel of the local room: posts of Hone, lines of people, private answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import Card
from bot.local.html import Html, join, tag
from bot.local.people import RESIDENTS, Resident, resident
from bot.local.render import card_html, time_html
from bot.readers import for_reader
from storage.lines import Line


@dataclass(frozen=True, slots=True)
class Spoken:
    """Plain words of a person."""

    resident: Resident
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something all in the channel see. `id` is unique in the page, `thread` is its parent's id."""

    id: str
    at: datetime
    body: Card | Spoken
    thread: str | None = None


def as_seen_by(message: Message, who: Resident) -> Message:
    """Return the message with its card as this one person sees it."""
    match message.body:
        case Card() as card:
            return replace(message, body=for_reader(card, who.person))
        case Spoken():
            return message


def post_id(ref: str) -> str:
    return f"post-{ref}"


def line_id(id: str) -> str:
    return f"line-{id}"


def message_of(line: Line) -> Message:
    """Return what a person said as it stands in the channel."""
    return Message(line_id(line.id), line.at, Spoken(author_of(line), line.text))


def author_of(line: Line) -> Resident:
    who = resident(line.person)
    assert who is not None, "only residents speak here"
    return who


def messages_html(messages: Iterable[Message], zone: str) -> Html:
    """Return the messages oldest first, replies indented under what they answer."""
    ordered = sorted(messages, key=lambda message: message.at)
    ids = {message.id for message in ordered}
    replies: dict[str, list[Message]] = {}
    for message in ordered:
        if message.thread in ids:
            replies.setdefault(message.thread or "", []).append(message)
    return join(
        *(
            message_html(message, zone, replies.get(message.id, ()))
            for message in ordered
            if message.thread not in ids
        )
    )


def message_html(message: Message, zone: str, replies: Sequence[Message] = ()) -> Html:
    """Return one message and its replies; the place for replies is there even when it has none."""
    by, face, body = _said_by(message, zone)
    under = (message_html(reply, zone) for reply in replies)
    return tag(
        "article",
        face,
        tag(
            "div",
            tag("header", by, time_html(message.at, zone, "time"), class_="by"),
            body,
            tag("div", *under, class_="replies"),
            class_="said",
        ),
        id=message.id,
        class_="message",
        data_thread=message.thread,
        data_says=announcement(message),
        data_pinned=_pinned(message),
    )


def _pinned(message: Message) -> str | None:
    """Return what the page keeps in sight of a pinned message; None for any other."""
    body = message.body
    return body.summary if isinstance(body, Card) and body.pinned else None


def _said_by(message: Message, zone: str) -> tuple[Html, Html, Html]:
    match message.body:
        case Card() as card:
            return HONE_NAME, HONE_FACE, card_html(card, zone, message.id)
        case Spoken(who, text):
            return tag("strong", who.person.name), face_html(who), _words(message.id, who, text)


def _words(id: str, who: Resident, text: str) -> Html:
    log = tag(
        "button",
        "Log improvement",
        type="button",
        class_="button small shortcut",
        data_shortcut="log_improvement",
        data_line=id.removeprefix("line-"),
        aria_haspopup="dialog",
        aria_label=f"Log improvement from {who.first_name}'s message",
    )
    return tag("div", tag("p", text), log, class_="words")


def announcement(message: Message) -> str:
    """Return what a screen reader says when the message arrives."""
    match message.body:
        case Card(summary):
            return f"Hone: {summary}"
        case Spoken(who, text):
            return f"{who.person.name}: {text}"


# --- for one person only, until the page is left ---------------------------------------------


def whisper_html(card: Card, zone: str, id: str) -> Html:
    """Return an answer that only its reader sees."""
    return tag(
        "article",
        HONE_FACE,
        tag(
            "div",
            tag(
                "header",
                HONE_NAME,
                tag("span", "Only you can see this", class_="private"),
                tag(
                    "button",
                    "×",
                    type="button",
                    class_="close",
                    data_dismiss=True,
                    aria_label="Dismiss",
                ),
                class_="by",
            ),
            card_html(card, zone, id),
            class_="said",
        ),
        id=id,
        class_="message whisper",
    )


def echo_html(text: str) -> Html:
    """Return the reminder of what somebody typed; nobody else sees it."""
    return tag("p", "You typed ", tag("code", text), class_="echo")


# --- faces -----------------------------------------------------------------------------------

HONE_FACE = tag(
    "span", tag("img", src="/local/icon.svg", alt=""), class_="face hone", aria_hidden="true"
)
HONE_NAME = join(tag("strong", "Hone"), tag("span", "app", class_="badge"))


def face_html(who: Resident) -> Html:
    """Return the person's initials on their colour."""
    look = f"face f{RESIDENTS.index(who)}"
    return tag("span", who.initials, class_=look, aria_hidden="true")
