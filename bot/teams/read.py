"""Read what Teams delivers. Every shape is checked: a delivery is data, whoever signed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal
from zoneinfo import available_timezones

from bot.teams import forms
from bot.teams.contents import message_words, plain_text
from bot.teams.conversations import ref_of
from bot.teams.shapes import as_dict, as_list, as_text
from bot.text import clean
from bot.turn import Answers, Named, Place, Quote, Thing

KEY_MAX_CHARS = 120
"""Longer ids are hashed: the inbox has room for 200 characters."""

CONVERSATION_MAX_CHARS = 250
PERSON_MAX_CHARS = 200
TENANT_MAX_CHARS = 64

_ZONES = available_timezones()


class Malformed(ValueError):
    """Not an activity: answered 400."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who acted, as Teams signed it; `zone` and `role` are empty where it does not say."""

    id: str
    name: str = ""
    zone: str = ""
    locale: str = ""
    role: Literal["", "guest", "bot"] = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An activity: what kind, from whom, in which conversation.

    `pressed` is the id of the message whose button was pressed, `value` what the button carried.
    """

    type: str
    name: str
    id: str
    tenant: str
    service_url: str
    channel_id: str
    conversation: str
    place: Place
    sender: Sender
    acted_at: datetime | None
    pressed: str
    body: Mapping[str, Any]

    @property
    def bot(self) -> str:
        """Hone's own id here."""
        return as_text(as_dict(self.body.get("recipient")).get("id"))

    @property
    def team(self) -> str:
        """The team whose channel this is, or an empty text."""
        return as_text(as_dict(as_dict(self.body.get("channelData")).get("team")).get("id"))

    @property
    def event(self) -> str:
        """What happened to the conversation, such as `add`, `remove` or `channelDeleted`."""
        data = as_dict(self.body.get("channelData"))
        return as_text(self.body.get("action")) or as_text(data.get("eventType"))

    @property
    def added(self) -> frozenset[str]:
        """The ids of those who were just added to the conversation."""
        return _ids(self.body.get("membersAdded"))

    @property
    def removed(self) -> frozenset[str]:
        """The ids of those who were just taken out of it, or left."""
        return _ids(self.body.get("membersRemoved"))

    @property
    def value(self) -> dict[str, Any]:
        return as_dict(self.body.get("value"))

    @property
    def post(self) -> str | None:
        """The message whose button was pressed, named as `TeamsAdapter.post` names it."""
        return ref_of(self.conversation, self.pressed) if self.pressed else None


def delivery(body: Any) -> Delivery:
    """Read an activity; raises Malformed when it has no type, conversation or sender."""
    if not isinstance(body, dict):
        raise Malformed("not an object")
    conversation = as_dict(body.get("conversation"))
    data = as_dict(body.get("channelData"))
    pressed = as_text(body.get("replyToId")) if body.get("type") == "invoke" else ""
    received = Delivery(
        type=as_text(body.get("type")),
        name=as_text(body.get("name")),
        id=as_text(body.get("id")),
        tenant=as_text(as_dict(data.get("tenant")).get("id"))
        or as_text(conversation.get("tenantId")),
        service_url=as_text(body.get("serviceUrl")),
        channel_id=as_text(body.get("channelId")),
        conversation=as_text(conversation.get("id")),
        place=_place(conversation, data, pressed),
        sender=_sender(body),
        acted_at=_instant(body.get("timestamp")),
        pressed=pressed,
        body=body,
    )
    if not received.type:
        raise Malformed("no type")
    _check_id(received.conversation, CONVERSATION_MAX_CHARS)
    _check_id(received.sender.id, PERSON_MAX_CHARS)
    if received.tenant and not (
        received.tenant.isprintable() and len(received.tenant) <= TENANT_MAX_CHARS
    ):
        raise Malformed("no such tenant")
    return received


def _check_id(id: str, most: int) -> None:
    if not id or len(id) > most or not id.isprintable():
        raise Malformed("no conversation or sender")


def short_key(kind: str, id: str) -> str:
    """Return an inbox key of bounded length."""
    if len(id) > KEY_MAX_CHARS or not id.isprintable():
        id = sha256(id.encode("utf-8", "replace")).hexdigest()
    return f"{kind}:{id}"


# --- words ---


def spoken(
    body: Mapping[str, Any], bot: str, *, quoting: bool = False
) -> tuple[list[str], tuple[Named, ...], tuple[Thing, ...]]:
    """Return a message's pieces around our own mentions, the people it mentions, and what else.

    Mentions of others read `@name`. In a reply that is `quoting`, what stands before our mention
    may be the quoted words, and is left out. Words may stand in the HTML alone, or in a card.
    """
    text = _PLACEHOLDER.sub(" ", as_text(body.get("text")).replace("&nbsp;", " "))
    if not text.strip():
        return [message_words(body, files=False)], (), ()
    pieces = [""]
    mentioned: list[Named | Thing] = []
    for plain, mention in _split(text, list(_mentions(body))):
        pieces[-1] += plain
        if mention is None:
            continue
        if mention.id == bot:
            pieces.append("")
        else:
            pieces[-1] += f"@{mention.name}"
            mentioned.append(mention)
    if quoting and len(pieces) > 1:
        pieces[0] = ""
    unique = tuple(dict.fromkeys(mentioned))
    people = tuple(each for each in unique if isinstance(each, Named))
    things = tuple(each for each in unique if isinstance(each, Thing))
    return [clean(piece) for piece in pieces], people, things


def _split(
    text: str, mentions: list[tuple[str, Named | Thing]]
) -> Iterator[tuple[str, Named | Thing | None]]:
    """Yield the text up to each mention with the mention, and what follows the last with None.

    Two who are called alike are told apart by their order; one may be mentioned again.
    """
    waiting: dict[str, list[Named | Thing]] = {}
    for marked, mention in mentions:
        waiting.setdefault(marked, []).append(mention)
    end = 0
    if waiting:
        longest_first = sorted(waiting, key=len, reverse=True)
        for found in re.finditer("|".join(map(re.escape, longest_first)), text):
            who = waiting[found[0]]
            yield text[end : found.start()], who.pop(0) if len(who) > 1 else who[0]
            end = found.end()
    yield text[end:], None


def _mentions(body: Mapping[str, Any]) -> Iterator[tuple[str, Named | Thing]]:
    """Yield each mention as it is marked in the text. A tag looks like a person: see `Roster`."""
    for entity in as_list(body.get("entities")):
        match entity:
            case {"type": "mention", "mentioned": {"id": str(id), **rest}, "text": str(marked)}:
                name = clean(as_text(rest.get("name"))) or "someone"
                is_other = id.startswith(_NO_PERSON) or as_text(rest.get("type")) in _NO_PEOPLE
                if marked:
                    yield marked, Thing(id, name, "group") if is_other else Named(id, name)
            case _:
                pass


BOT_ID = "28:"
_NO_PERSON = ("19:", BOT_ID)
"""How the ids of teams and channels begin, and those of bots."""
_NO_PEOPLE = frozenset(("tag", "channel", "team", "chat", "conversation", "bot", "application"))


def replied_to(body: Mapping[str, Any]) -> Quote | None:
    """Return the message a reply quotes, as far as Teams sends it along: a preview of its words.

    New clients say it in an entity, older ones in the message's own HTML. A thread's first message
    is not sent, and Hone may not fetch it.
    """
    for entity in map(as_dict, as_list(body.get("entities"))):
        if entity.get("type") == "quotedReply":
            quoted = as_dict(entity.get("quotedReply"))
            text = clean(as_text(quoted.get("preview")))
            return Quote(text, clean(as_text(quoted.get("senderName")))) if text else None
    for attachment in map(as_dict, as_list(body.get("attachments"))):
        html = as_text(attachment.get("content"))
        if attachment.get("contentType") == "text/html" and (reply := _REPLY.search(html)):
            author = _AUTHOR.search(reply[1])
            text = clean(plain_text(_BEFORE_THE_PREVIEW.sub("", reply[1])))
            return Quote(text, clean(plain_text(author[1])) if author else "") if text else None
    return None


_REPLY = re.compile(
    r"<blockquote[^>]{0,300}schema\.skype\.com/Reply[^>]{0,300}>(.*?)</blockquote>", re.DOTALL
)
_AUTHOR = re.compile(r"<strong[^>]{0,300}>(.*?)</strong>", re.DOTALL)
_BEFORE_THE_PREVIEW = re.compile(r"<strong[^>]{0,300}>.*?</strong>", re.DOTALL)
_PLACEHOLDER = re.compile(r"<quoted [^<>]{0,200}/>")


def quoted(value: Mapping[str, Any]) -> Quote | None:
    """Return the message on which a message action was called, if there is one with words."""
    message = as_dict(value.get("messagePayload"))
    content = as_dict(message.get("body"))
    text = as_text(content.get("content"))
    if as_text(content.get("contentType")) != "text":
        text = plain_text(text)
    text = clean(text) or message_words(message) or clean(as_text(message.get("subject")))
    if not text:
        return None
    sender = as_dict(message.get("from"))
    author = as_dict(sender.get("user") or sender.get("application")).get("displayName")
    return Quote(text, clean(as_text(author)), as_text(message.get("linkToMessage")))


# --- presses and forms ---


def pressed_action(value: Mapping[str, Any]) -> str:
    """Return the action of an Action.Execute as it stands on the wire, or an empty text."""
    return as_text(as_dict(as_dict(value.get("action")).get("data")).get("hone"))


@dataclass(frozen=True, slots=True)
class Sent:
    """What a dialog's button sent: an action still on the wire, and the form's answers.

    `data` is the whole of it. `key` names the drawing of the form, so that sending it twice counts
    once. `picks` are the
    fields whose answers are directory ids of people. `pressed` is a button of a card shown in the
    dialog, `launched` a form opened by a card that has no other use.
    """

    coded: str
    key: str
    data: dict[str, Any]
    answers: Answers
    picks: frozenset[str]
    pressed: bool
    launched: bool

    @property
    def typed(self) -> tuple[str, ...]:
        """What was typed into text fields, and chosen singly."""
        return tuple(
            clean(value)
            for field, value in self.data.items()
            if field.startswith(forms.ONE) and isinstance(value, str) and value.strip()
        )


def sent(data: Any) -> Sent:
    """Read a dialog's data. What is not a text where one belongs is left out, never guessed."""
    given: dict[str, tuple[str, ...]] = {}
    picks: set[str] = set()
    data = as_dict(data)
    for key, value in data.items():
        kind, dot, field = key.partition(".")
        if not isinstance(value, str):
            continue
        kind, value = kind + dot, clean(value)
        match kind:
            case forms.ONE:
                given[field] = (value,) if value else ()
            case forms.TICK:
                given[field] = ("on",) if value == "on" else ()
            case forms.MANY | forms.PICK:
                given[field] = tuple(part.strip() for part in value.split(",") if part.strip())
                picks |= {field} if kind == forms.PICK else set()
            case _:
                pass
    return Sent(
        coded=as_text(data.get("hone")),
        key=short_key("form", nonce) if (nonce := as_text(data.get("nonce"))) else "",
        data=data,
        answers=Answers(given),
        picks=frozenset(picks),
        pressed=data.get("press") is True,
        launched=data.get("launched") is True,
    )


# --- parts ---


def _ids(members: Any) -> frozenset[str]:
    return frozenset(as_text(member.get("id")) for member in map(as_dict, as_list(members)))


def _instant(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(as_text(value))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _place(conversation: dict[str, Any], data: dict[str, Any], pressed: str) -> Place:
    channel, _, root = as_text(conversation.get("id")).partition(";messageid=")
    return Place(
        channel=channel,
        name=clean(as_text(as_dict(data.get("channel")).get("name")))
        or clean(as_text(conversation.get("name"))),
        # A press on a thread's first message happens in the channel, not under that message.
        thread=root if root != pressed and root else None,
        private=conversation.get("conversationType") == "personal",
    )


def _sender(body: dict[str, Any]) -> Sender:
    sender = as_dict(body.get("from"))
    client = next(
        (entity for entity in map(as_dict, as_list(body.get("entities"))) if _is_client(entity)), {}
    )
    zone = as_text(client.get("timezone")) or as_text(body.get("localTimezone"))
    locale = as_text(client.get("locale")) or as_text(body.get("locale"))
    return Sender(
        id=as_text(sender.get("id")) or as_text(sender.get("aadObjectId")),
        name=clean(as_text(sender.get("name"))),
        zone=zone if zone in _ZONES else "",
        locale=locale[:20],
        role=_sent_role(sender),
    )


def _sent_role(sender: dict[str, Any]) -> Literal["", "guest", "bot"]:
    if as_text(sender.get("id")).startswith(BOT_ID):
        return "bot"
    return "guest" if sender.get("userRole") == "guest" else ""


def _is_client(entity: dict[str, Any]) -> bool:
    return entity.get("type") == "clientInfo"
