"""Payloads as acts: who did what where, and how to answer. Pure.

A payload that is signed and still does not hold what it must makes these functions raise one of
UNREADABLE, which the adapter answers with 400.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.slack.contents import everything_in, message_words
from bot.slack.files import chosen, tables
from bot.slack.forms import ALSO_ACTION, Carried, Origin, carried
from bot.slack.read import (
    Actor,
    Names,
    Words,
    actor,
    answers,
    around_mentions,
    ids_in,
    instant,
    link_to,
    origin_place,
    place,
    pressed_place,
    pressed_post,
    quote,
    text_id,
    words,
)
from bot.slack.render import LINK_ACTION
from bot.slack.spans import Json
from bot.text import clean
from bot.turn import (
    Click,
    Command,
    Intent,
    Joined,
    Named,
    Opened,
    Place,
    Quote,
    Said,
    Shortcut,
    Submission,
    Thing,
)
from bot.wire import Action, Wire, meant
from bot.words import heard

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)

HOME_VIEW = "home"
"""The type of the view in the Home tab, and the tab's own name; forms are modals."""

CHAT_TAB = "messages"
"""The tab of a person's own chat with Hone."""

AGAIN_ACTION = "hone.again"
"""A button that repeats a command for its form: a mention brings nothing to open one with."""

OFFER_TO_LOG = "offer_to_log"
"""What a reaction means: the feature's own name for it."""

_PLAIN_MESSAGES = (None, "file_share", "thread_broadcast")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one payload says. `place` is None where Hone cannot write: nowhere, or in another chat.

    `trigger` opens a form for three seconds, `reply` (a `response_url`) answers in private, `view`
    is the modal it was done in, `whispered` tells that the pressed card was a private one, `home`
    that it was the Home tab, or a modal opened there. `files` came along, as Slack describes them.
    """

    actor: Actor
    place: Place | None
    intent: Intent
    key: str
    acted_at: datetime
    post: str | None = None
    trigger: str = ""
    reply: str = ""
    view: Json | None = None
    whispered: bool = False
    home: bool = False
    files: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Myself:
    """The installed app: its bot user, and its workspace's address."""

    user: str
    archive: str


def command(body: Json, names: Names, now: datetime) -> Delivery:
    """Read a slash command. Slack turns people and channels in it into ids (`should_escape`)."""
    typed = words(str(body.get("text") or ""), names)
    name = _command_name(body["command"])
    where = {"id": body["channel_id"], "name": body.get("channel_name")}
    return Delivery(
        actor=Actor(text_id(body["user_id"]), clean(str(body.get("user_name") or ""))),
        place=place(where),
        intent=Command(name, typed.text, typed.mentions, things=typed.things),
        key=f"command:{text_id(body['trigger_id'])}",
        acted_at=now,
        trigger=text_id(body["trigger_id"]),
        reply=str(body.get("response_url") or ""),
    )


def _command_name(typed: object) -> str:
    return clean(str(typed)).removeprefix("/").lower()


def press(body: Json, wire: Wire, now: datetime) -> Delivery | None:
    """Read a pressed button; None for one that only opened an address."""
    pressed = body["actions"][0]
    if text_id(pressed["action_id"]).startswith(LINK_ACTION):
        return None
    shown = (body.get("view") or {}).get("type")
    if shown is not None and shown != HOME_VIEW:
        return _press_in_form(body, wire, now)
    return Delivery(
        actor=actor(body),
        # The Home tab stands in no channel: what is said about it goes to the person's own chat.
        place=None if shown else pressed_place(body),
        intent=_pressed(pressed, wire),
        key=f"press:{text_id(body['trigger_id'])}",
        acted_at=instant(pressed.get("action_ts"), now),
        post=pressed_post(body),
        trigger=text_id(body["trigger_id"]),
        reply=str(body.get("response_url") or ""),
        whispered=bool((body.get("container") or {}).get("is_ephemeral")),
        home=shown is not None,
    )


def _pressed(pressed: Json, wire: Wire) -> Intent:
    if pressed["action_id"].startswith(AGAIN_ACTION):
        return said_again(pressed["value"])
    chosen = pressed.get("selected_option") or pressed  # of a menu of buttons, else the button
    return Click(meant(str(chosen.get("value")), wire))


def _press_in_form(body: Json, wire: Wire, now: datetime) -> Delivery | None:
    pressed = body["actions"][0]
    if not pressed["action_id"].startswith(ALSO_ACTION):
        return None
    shown = carried(body["view"].get("private_metadata", ""))
    action, button = meant(str(pressed.get("value")), wire), f":{pressed['action_id']}"
    return _sent(body, shown, action, button, now)


def submission(body: Json, wire: Wire, now: datetime) -> Delivery:
    """Read a sent form."""
    shown = carried(body["view"].get("private_metadata", ""))
    return _sent(body, shown, meant(shown.submit if shown else "", wire), "", now)


def _sent(
    body: Json, shown: Carried | None, action: Action, button: str, now: datetime
) -> Delivery:
    view = body["view"]
    origin = shown.origin if shown else Origin()
    return Delivery(
        actor=actor(body),
        place=origin_place(origin) if origin.channel else None,
        intent=Submission(action, answers(view)),
        key=_form_key(view, origin, button),
        acted_at=now,
        post=text_id(origin.post) if origin.post else None,
        trigger=str(body.get("trigger_id") or ""),
        reply=origin.reply,
        view=view,
        whispered=origin.whispered,
        home=origin.home,
        files=chosen(view),
    )


def _form_key(view: Json, origin: Origin, button: str) -> str:
    """Name this one form, not what stands in it: pressing Save twice sends it once."""
    return f"form:{text_id(view['id'])}:{origin.nonce}{button}"


def shortcut(body: Json, myself: Myself, names: Names, now: datetime) -> Delivery:
    """Read a shortcut, on a message or on its own."""
    message = body.get("message")
    spot = body.get("channel")
    thread = message.get("thread_ts") if message else None
    return Delivery(
        actor=actor(body),
        place=place(spot, thread) if spot else None,
        intent=Shortcut(
            text_id(body["callback_id"]),
            quote(body, message_words(message, names), myself.archive, names) if message else None,
        ),
        key=f"shortcut:{text_id(body['trigger_id'])}",
        acted_at=instant(body.get("action_ts"), now),
        trigger=text_id(body["trigger_id"]),
        reply=str(body.get("response_url") or ""),
    )


def event(
    body: Json,
    myself: Myself,
    commands: frozenset[str],
    names: Names,
    now: datetime,
    reaction: str = "",
) -> Delivery | None:
    """Read an event; None for one that asks nothing of Hone.

    `reaction` is the emoji that offers to log a message; without one, reactions mean nothing.
    """
    happened = body["event"]
    if happened["type"] == "reaction_added":
        return _reaction(happened, myself, reaction, now)
    intent = _event_intent(happened, myself, commands, names)
    if intent is None:
        return None
    invited = happened["type"] == "member_joined_channel"
    who = happened["inviter"] if invited else happened["user"]
    team = happened.get("user_team") or (None if invited else happened.get("team"))
    return Delivery(
        actor=Actor(text_id(who), team=str(team or "")),
        place=place({"id": happened["channel"]}, happened.get("thread_ts")),
        intent=intent,
        key=f"event:{text_id(body['event_id'])}",
        acted_at=instant(happened.get("event_ts") or happened.get("ts"), now),
        files=tables(happened),
    )


def _reaction(happened: Json, myself: Myself, wanted: str, now: datetime) -> Delivery | None:
    """Read a reaction to a message. Slack sends where the message stands, never its words."""
    emoji, reacted = str(happened.get("reaction")).partition("::")[0], happened.get("item") or {}
    if not wanted or emoji != wanted or happened["user"] == myself.user:
        return None
    if reacted.get("type") != "message":
        return None
    channel, stamp = text_id(reacted["channel"]), text_id(reacted["ts"])
    return Delivery(
        actor=Actor(text_id(happened["user"])),
        place=place({"id": channel}),
        intent=Shortcut(OFFER_TO_LOG, Quote("", link=link_to(myself.archive, channel, stamp))),
        # Taking a reaction back and giving it again asks nobody twice.
        key=f"reaction:{happened['user']}:{channel}:{stamp}",
        acted_at=instant(happened.get("event_ts"), now),
    )


def _event_intent(
    happened: Json, myself: Myself, commands: frozenset[str], names: Names
) -> Intent | None:
    match happened["type"]:
        case "app_mention" if not happened.get("bot_id") and not happened.get("edited"):
            return _heard(happened, myself, commands, names, _thread(happened, myself.archive))
        case "message" if _is_for_me(happened):
            return _heard(happened, myself, commands, names)
        case "app_home_opened" if happened.get("tab") == HOME_VIEW:
            return Opened(empty=not happened.get("view"))
        case "app_home_opened" if happened.get("tab") == CHAT_TAB:
            return Joined()
        case "member_joined_channel" if happened.get("user") == myself.user:
            # Without an inviter nobody asked for a welcome, and there is nobody to answer.
            return Joined() if happened.get("inviter") else None
        case _:
            return None


def _heard(
    happened: Json,
    myself: Myself,
    commands: frozenset[str],
    names: Names,
    quote: Quote | None = None,
) -> Command | Said:
    """Read a message to Hone; one that was only forwarded has its words behind its empty text."""
    raw = str(happened.get("text") or "")
    pieces = [words(piece, names) for piece in around_mentions(raw, myself.user)]
    if not raw.strip():
        pieces = [Words(message_words(happened | {"files": []}, names))]
    return heard(
        [piece.text for piece in pieces],
        tuple(who for piece in pieces for who in piece.mentions),
        commands,
        quote,
        tuple(thing for piece in pieces for thing in piece.things),
    )


def _thread(happened: Json, archive: str) -> Quote | None:
    """Return the message whose thread this is. Its words are not Hone's to read: only its link."""
    stamp = happened.get("thread_ts")
    if not stamp:
        return None
    return Quote("", link=link_to(archive, text_id(happened["channel"]), text_id(stamp)))


def _is_for_me(message: Json) -> bool:
    return (
        message.get("channel_type") == "im"
        and not message.get("bot_id")
        and message.get("subtype") in _PLAIN_MESSAGES
    )


def removes(body: Json, myself: Myself) -> bool:
    """Tell whether the event takes Hone out of the workspace. Both kinds come, in either order."""
    happened = body["event"]
    match happened["type"]:
        case "app_uninstalled":
            return True
        case "tokens_revoked":
            return myself.user in (happened["tokens"].get("bot") or ())
        case _:
            return False


def ids_to_name(body: Json) -> frozenset[str]:
    """Return the people and channels whose names the payload leaves out."""
    happened, message = body.get("event") or {}, body.get("message") or {}
    texts = (str(body.get("text") or ""), everything_in(happened), everything_in(message))
    author = message.get("user")
    return ids_in(" ".join(texts)) | ({str(author)} if author else frozenset())


# --- the button that repeats a command -------------------------------------------------------


def again(given: Command) -> str:
    """Return the value of the button that gives the command once more, to open its form."""
    people = [[each.id, each.name] for each in given.mentions]
    things = [[each.id, each.name, each.kind] for each in given.things]
    parts = [given.name, given.text, people, given.quote.link if given.quote else "", things]
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=False)


def said_again(value: object) -> Command:
    name, text, people, *more = json.loads(str(value))
    link, things = [*more, *("", ())[len(more) :]][:2]  # older buttons carry less
    return Command(
        str(name),
        clean(str(text)),
        tuple(Named(str(i), str(n)) for i, n in people),
        Quote("", link=str(link)) if link else None,
        tuple(Thing(str(i), str(n), _kind(kind)) for i, n, kind in things),
    )


def _kind(kind: object) -> Literal["channel", "group"]:
    return "channel" if kind == "channel" else "group"
