"""A Slack workspace: its people, its channels, and what stands in them."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from tests.fakes.slack_server import Json

TEAM = "T0HONE"
BOT_USER = "U0HONE"


@dataclass(slots=True)
class Message:
    """A message in a channel; `only_for` makes it an ephemeral one."""

    ts: str
    channel: str
    text: str
    blocks: list[Json]
    author: str = BOT_USER
    thread_ts: str | None = None
    only_for: str | None = None
    edits: int = 0
    more: Json = field(default_factory=dict)
    """What else Slack sends of it: attachments, files, the app that posted it."""

    @property
    def said(self) -> str:
        """The text as a screen reader says it, without Slack's escaping."""
        return html.unescape(self.text)

    def buttons(self) -> Iterator[Json]:
        for block in self.blocks:
            if block["type"] == "actions":
                for element in block["elements"]:
                    yield from in_menu(element) if element["type"] == "overflow" else (element,)


def in_menu(menu: Json) -> Iterator[Json]:
    """Yield what can be chosen in an overflow menu, as buttons of their own."""
    for option in menu["options"]:
        yield {**menu, "text": option["text"], "value": "", "selected_option": option}


class SlackWorkspace:
    """What people see and do; nothing here answers a call."""

    def __init__(self, clock: Callable[[], datetime], team: str) -> None:
        self.clock = clock
        self.team = team
        self.people: dict[str, Json] = {}
        self.channels: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}
        """What the channels are called."""
        self.private: set[str] = set()
        """Channels whose names slash commands leave out."""
        self.archived: set[str] = set()
        self.messages: list[Message] = []
        self._numbers = count(1)
        self.add_person(BOT_USER, "Hone", is_bot=True)

    def add_person(self, person: str, name: str, zone: str = "UTC", **more: Any) -> None:
        """Add a person; `more` are fields of `users.info`, such as `is_admin=True`."""
        profile = {"display_name": name, "real_name": name}
        known = {"id": person, "team_id": self.team, "name": name.lower(), "tz": zone}
        self.people[person] = known | {"locale": "en-US", "profile": profile} | more
        self.channels[direct(person)] = {person, BOT_USER}

    def add_channel(
        self,
        channel: str,
        *members: str,
        with_bot: bool = True,
        name: str = "",
        private: bool = False,
    ) -> None:
        if private:
            self.private.add(channel)
        self.channels[channel] = {*members, *([BOT_USER] if with_bot else [])}
        self.names[channel] = name or channel[1:].lower()

    def shown_name(self, channel: str) -> str:
        """Return what a payload calls the channel."""
        if channel.startswith("D"):
            return "directmessage"
        return "privategroup" if channel in self.private else self.names[channel]

    def change_id(self, channel: str, to: str) -> None:
        """Give a channel another id, as when it is shared with another organisation."""
        self.channels[to] = self.channels.pop(channel)
        self.names[to] = self.names.pop(channel)
        for message in self.messages:
            if message.channel == channel:
                message.channel = to

    def add_message(
        self, author: str, channel: str, text: str, thread: str | None = None
    ) -> Message:
        """Let a person write a message, which Hone is not told of."""
        message = Message(self._ts(), channel, text, [], author, thread)
        self.messages.append(message)
        return message

    def add_card(self, channel: str, blocks: list[Json], text: str = "", **more: Any) -> Message:
        """Let another app post a message, which Hone is not told of."""
        app = {"bot_id": "B0OTHER", "bot_profile": {"id": "B0OTHER", "name": "Pager"}}
        message = Message(self._ts(), channel, text, blocks, "U0PAGER", more=app | more)
        self.messages.append(message)
        return message

    def in_channel(self, channel: str, person: str | None = None) -> list[Message]:
        """Return the channel's messages as the person sees them, the oldest first."""
        return [
            each
            for each in self.messages
            if each.channel == channel and each.only_for in (None, person)
        ]

    def is_a_reply(self, channel: str, ts: str | None) -> bool:
        """Whether this is no thread's parent: nobody sees what is said under a reply."""
        found = (each for each in self.messages if (each.channel, each.ts) == (channel, ts))
        return any(each.thread_ts not in (None, ts) for each in found)

    def _ts(self) -> str:
        return f"{int(self.clock().timestamp())}.{next(self._numbers):06}"


def direct(person: str) -> str:
    """Return the id of the chat between Hone and a person."""
    return f"D{person.removeprefix('U')}"
