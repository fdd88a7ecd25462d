"""What Slack's payloads say, in our own values. Pure; every text is cleaned on its way in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.links import link_words
from bot.slack.emoji import with_emoji
from bot.slack.forms import Origin
from bot.slack.spans import Json
from bot.text import clean
from bot.turn import SOMEONE, Answers, Named, Place, Quote, Thing

Names = Mapping[str, str]
"""What people and channels are called, by id."""

_MARKUP = re.compile(r"<([^<>]*)>")
_PERSON = re.compile(r"@([UW][A-Z0-9]+)")
_CHANNEL = re.compile(r"#([A-Z0-9]+)")
_NAMELESS = re.compile(r"<(?:@(?=[UW])|#)([A-Z0-9]+)\|?>")
_GROUP_CHAT = re.compile(r"mpdm-(.+)-[0-9]+")
_ID = re.compile(r"[!-~]{1,200}")


# --- text ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """A text as people read it, whom it mentions, and what else it names."""

    text: str
    mentions: tuple[Named, ...] = ()
    things: tuple[Thing, ...] = ()


def words(raw: str, names: Names | None = None) -> Words:
    """Return Slack's text with its markup as literal text, unescaped and cleaned.

    `<@U1|ann>` reads `@ann`, `<#C1|dev>` reads `#dev`, `<https://x|label>` reads `label (https://x)`
    and `:cry:` reads 😢. Slack escapes what people type, so `<…>` is always Slack's own. `names`
    knows the people and channels that the text names by id alone.
    """
    pieces: list[str] = []
    mentioned: list[Named | Thing] = []
    end = 0
    for markup in _MARKUP.finditer(raw):
        shown, who = _read_markup(markup[1], names or {})
        pieces += with_emoji(_unescaped(raw[end : markup.start()])), shown
        mentioned += [who] if who else []
        end = markup.end()
    pieces.append(with_emoji(_unescaped(raw[end:])))
    return Words(
        clean("".join(pieces)),
        tuple(each for each in mentioned if isinstance(each, Named)),
        tuple(each for each in mentioned if isinstance(each, Thing)),
    )


def _read_markup(markup: str, names: Names) -> tuple[str, Named | Thing | None]:
    """Return what `<markup>` looks like, and the person or thing it mentions."""
    target, _, label = markup.partition("|")
    label = with_emoji(_unescaped(label))
    if person := _PERSON.fullmatch(target):
        name = clean(label or names.get(person[1]) or SOMEONE)
        return f"@{name}", Named(person[1], name)
    if channel := _CHANNEL.fullmatch(target):
        name = clean(label or names.get(channel[1]) or "").removeprefix("#")
        return (f"#{name}", Thing(channel[1], name, "channel")) if name else ("a channel", None)
    if target.startswith("!"):
        return _read_special(target, label)
    return link_words(_unescaped(target), label), None


def _read_special(target: str, label: str) -> tuple[str, Thing | None]:
    """Read a group, a date, or one of Slack's own words such as `<!here>`."""
    what, *more = target[1:].split("^")
    if what == "date":
        return label or date_words(more[0] if more else ""), None
    if what == "subteam":
        name = clean(label.removeprefix("@"))
        group = Thing("".join(more[:1]), name, "group")
        return (f"@{name}", group) if name else ("a group", None)
    return label or f"@{what}", Thing(what, label.removeprefix("@") or what, "group")


def date_words(stamp: object) -> str:
    """Return the day of a time stamp, as in `Mon 23 Nov 2026`."""
    try:
        day = datetime.fromtimestamp(float(str(stamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return "a date"
    return f"{day:%a} {day.day} {day:%b %Y}"


def ids_in(raw: str) -> frozenset[str]:
    """Return the ids of the people and channels that a text mentions without their names."""
    return frozenset(_NAMELESS.findall(raw))


def around_mentions(raw: str, person: str) -> list[str]:
    """Return the pieces of a text before, between and after its mentions of `person`."""
    return re.split(rf"<@{re.escape(person)}(?:\|[^<>]*)?>", raw)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- forms -----------------------------------------------------------------------------------


def answers(view: Json) -> Answers:
    """Return what the view's fields hold, as texts: field id → answers in order."""
    values = view["state"]["values"]
    return Answers(
        {
            block_id: tuple(
                clean(text) for element in elements.values() for text in _given(element)
            )
            for block_id, elements in values.items()
        }
    )


def picked(view: Json) -> tuple[str, ...]:
    """Return the people chosen in the view's fields, by id."""
    elements = (each for block in view["state"]["values"].values() for each in block.values())
    people = ("users_select", "multi_users_select")
    return tuple(id for each in elements if each["type"] in people for id in _given(each))


def _given(element: Json) -> tuple[str, ...]:
    match element["type"]:
        case "plain_text_input":
            return _one(with_emoji(str(element.get("value") or "")))
        case "static_select" | "radio_buttons":
            return _one((element.get("selected_option") or {}).get("value"))
        case "checkboxes" | "multi_static_select":
            return tuple(str(option["value"]) for option in element.get("selected_options") or ())
        case "datepicker":
            return _one(element.get("selected_date"))
        case "users_select":
            return _one(element.get("selected_user"))
        case "multi_users_select":
            return tuple(map(str, element.get("selected_users") or ()))
        case _:
            return ()


def _one(value: object) -> tuple[str, ...]:
    return (str(value),) if value else ()


# --- who, where, when ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, as far as the payload says; `team` is their own workspace, or empty."""

    id: str
    name: str = ""
    team: str = ""


def actor(body: Json) -> Actor:
    """Return who used a button, a form or a shortcut."""
    user = body["user"]
    name = user.get("name") or user.get("username") or ""
    return Actor(text_id(user["id"]), clean(str(name)), str(user.get("team_id") or ""))


def text_id(value: object) -> str:
    """Return an id, a time stamp or a name we gave; raises TypeError for what cannot be one."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise TypeError("an id is a short ASCII text")
    return value


def instant(stamp: object, otherwise: datetime) -> datetime:
    """Return Slack's `1700000000.000100` as aware UTC, or `otherwise` when it is none."""
    try:
        return datetime.fromtimestamp(float(str(stamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def place(channel: Json, thread: object = None) -> Place:
    """Return a place. Direct messages have ids in D."""
    channel_id = text_id(channel["id"])
    return Place(
        channel=channel_id,
        name=channel_name(channel.get("name")),
        thread=text_id(thread) if thread else None,
        private=channel_id.startswith("D"),
    )


def channel_name(name: object) -> str:
    """Return what people call a channel, "" where Slack's word for it says nothing.

    A chat of several has a name made of theirs: `mpdm-ada--grace--tomas-1`.
    """
    said = clean(str(name or ""))
    if said in ("directmessage", "privategroup"):
        return ""
    if people := _GROUP_CHAT.fullmatch(said):
        *others, last = people[1].split("--")
        return f"{', '.join(others)} and {last}" if others else last
    return said


def pressed_place(body: Json) -> Place:
    """Return where the pressed message stands; a message that opens a thread is not in it."""
    container = body.get("container") or {}
    message = body.get("message") or {}
    stamp = container.get("message_ts") or message.get("ts")
    thread = container.get("thread_ts") or message.get("thread_ts")
    return place(body["channel"], thread if thread != stamp else None)


def pressed_post(body: Json) -> str | None:
    """Return the id of the pressed message, or None for a private one, which nobody can refresh."""
    container = body.get("container") or {}
    stamp = container.get("message_ts")
    return text_id(stamp) if stamp and not container.get("is_ephemeral") else None


def origin_place(origin: Origin) -> Place:
    thread = text_id(origin.thread) if origin.thread else None
    return Place(text_id(origin.channel), thread=thread, private=origin.private)


def quote(body: Json, quoted: str, archive: str, names: Names) -> Quote:
    """Return the message a shortcut was used on and its link; `archive` is the workspace's URL."""
    message, channel = body["message"], text_id(body["channel"]["id"])
    stamp = str(message.get("ts") or "")
    return Quote(quoted, _author(message, names), link_to(archive, channel, stamp))


def link_to(archive: str, channel: str, stamp: str) -> str:
    """Return the address of a message; `archive` is the workspace's."""
    return f"{archive}archives/{channel}/p{digits(stamp)}"


def _author(message: Json, names: Names) -> str:
    profile = message.get("bot_profile") or {}
    known = names.get(str(message.get("user")))
    return known or clean(str(message.get("username") or profile.get("name") or ""))


def digits(stamp: str) -> str:
    return stamp.replace(".", "")
