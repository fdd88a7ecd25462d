"""People at their Slack clients: what they do is sent to Hone as Slack sends it, signed."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.slack import BOT_USER, Message, View, direct
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_server import Json
from tests.fakes.slack_text import sent

Answer = str | bool | Sequence[str] | Sequence[Json]


class SlackPerson:
    """A person, by what they do and see. `channel` is where they are unless said otherwise."""

    def __init__(self, line: SlackLine, person: str, channel: str) -> None:
        self.id = person
        self.channel = channel
        self.errors: dict[str, str] = {}
        """What stands at the fields of the open form, by field id."""
        self._line = line
        self._slack = line.slack

    # --- doing ---

    async def types(self, line: str, channel: str | None = None) -> None:
        """Type a slash command, such as `/improve the build`."""
        command, _, text = line.partition(" ")
        channel = channel or self.channel
        url = self._slack.response_url(self.id, channel)
        fields = {
            "command": command,
            "text": sent(text),
            "team_id": self._slack.team,
            "team_domain": "hone-test",
            "channel_id": channel,
            "channel_name": self._slack.shown_name(channel),
            "user_id": self.id,
            "user_name": self._slack.people.get(self.id, {}).get("name", "somebody"),
            "api_app_id": "A0HONE",
            "response_url": url,
            "trigger_id": self._slack.trigger(self.id),
        }
        answer = await self._line.form(fields)
        if answer.startswith(b"{"):
            self._slack.tell(channel, self.id, json.loads(answer), None)

    async def mentions(self, text: str, thread: str | None = None) -> None:
        """Write to Hone in the channel or a thread: `@Hone` in front, or wherever it stands."""
        raw = sent(text if "@Hone" in text else f"@Hone {text}")
        message = self._slack.add_message(self.id, self.channel, raw, thread)
        event = {"type": "app_mention", "user": self.id, "text": raw, "channel": self.channel}
        threaded = {"thread_ts": thread} if thread else {}
        await self._line.event(event | threaded | {"ts": message.ts, "team": self._slack.team})

    async def reacts(self, emoji: str, to: Message) -> None:
        """Give a message an emoji."""
        item = {"type": "message", "channel": to.channel, "ts": to.ts}
        event = {"type": "reaction_added", "user": self.id, "reaction": emoji, "item": item}
        await self._line.event(event | {"item_user": to.author, "event_ts": self._now()})

    async def writes(self, text: str) -> None:
        """Write to Hone alone."""
        chat = direct(self.id)
        message = self._slack.add_message(self.id, chat, sent(text))
        event = {"type": "message", "channel_type": "im", "user": self.id, "channel": chat}
        await self._line.event(event | {"text": message.text, "ts": message.ts})

    async def shares(self, *files: Json, words: str = "") -> None:
        """Send files to Hone alone, as `FakeSlack.upload` returned them."""
        chat = direct(self.id)
        message = self._slack.add_message(self.id, chat, sent(words))
        event = {"type": "message", "subtype": "file_share", "channel_type": "im", "user": self.id}
        more = {"channel": chat, "text": message.text, "ts": message.ts, "files": list(files)}
        await self._line.event(event | more)

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app and one of its tabs; Slack tells what stands in the Home tab already."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": direct(self.id)}
        if tab == "home" and self.home:
            event["view"] = self._at_home(self.home)
        await self._line.event(event | {"tab": tab})

    async def clicks_at_home(self, label: str) -> None:
        """Press the first button with this label in the Home tab."""
        assert self.home, f"nothing stands in the Home tab of {self.id}"
        for block in self.home.drawn["blocks"]:
            for button in block["elements"] if block["type"] == "actions" else ():
                if button["text"]["text"] == label:
                    payload = {
                        "type": "block_actions",
                        "container": {"type": "view", "view_id": self.home.id},
                        "actions": [self._action(button)],
                        "trigger_id": self._slack.trigger(self.id),
                        "view": self._at_home(self.home),
                    }
                    await self._line.payload(payload | self._who())
                    return
        raise AssertionError(f"the Home tab of {self.id} has no button {label!r}")

    async def invites_hone(self) -> None:
        self._slack.channels[self.channel].add(BOT_USER)
        event = {"type": "member_joined_channel", "user": BOT_USER, "inviter": self.id}
        await self._line.event(event | {"channel": self.channel, "channel_type": "C"})

    async def leaves(self) -> None:
        """Leave the channel."""
        self._slack.channels[self.channel].discard(self.id)
        event = {"type": "member_left_channel", "user": self.id, "channel": self.channel}
        await self._line.event(event | {"channel_type": "C", "team": self._slack.team})

    async def comes_back(self) -> None:
        """Join the channel again."""
        self._slack.channels[self.channel].add(self.id)
        event = {"type": "member_joined_channel", "user": self.id, "channel": self.channel}
        await self._line.event(event | {"channel_type": "C", "team": self._slack.team})

    async def changes(self, **more: Any) -> None:
        """Let somebody change the person's profile or account, as `users.info` then tells."""
        self._slack.people[self.id] |= more
        user = {k: v for k, v in self._slack.people[self.id].items() if k != "locale"}
        await self._line.event({"type": "user_change", "user": user})

    async def renames_channel(self, name: str) -> None:
        self._slack.names[self.channel] = name
        private = self.channel in self._slack.private
        kind = "group_rename" if private else "channel_rename"
        channel = {"id": self.channel, "name": name, "created": 1_700_000_000}
        await self._line.event({"type": kind, "channel": channel})

    async def clicks(self, label: str, on: Message | None = None) -> None:
        """Press the newest button with this label in the channel, or the one on a message."""
        seen = [on] if on else reversed(self._slack.in_channel(self.channel, self.id))
        for message in seen:
            for button in message.buttons():
                if button["text"]["text"] == label:
                    return await self._press(message, button)
        if self.form and await self._press_in_form(label):
            return None
        raise AssertionError(f"{self.id} sees no button {label!r}")

    async def uses(self, shortcut: str, on: Message | None = None) -> None:
        """Use a shortcut, from a message's menu or on its own."""
        payload = {
            "type": "message_action" if on else "shortcut",
            "callback_id": shortcut,
            "trigger_id": self._slack.trigger(self.id),
            "action_ts": self._now(),
            **self._who(),
        }
        if on:
            payload |= {
                "channel": {"id": on.channel, "name": self._slack.shown_name(on.channel)},
                "message": _as_seen(on) | {"user": on.author},
                "message_ts": on.ts,
                "response_url": self._slack.response_url(self.id, on.channel),
            }
        await self._line.payload(payload)

    async def fills(self, answers: Mapping[str, Answer]) -> None:
        """Type into the open form without sending it; fields are named by label or id."""
        view = self._open_form()
        for name, answer in answers.items():
            block = _field(view, name)
            view.typed[block["block_id"]] = _state(block["element"], answer)

    async def submits(self, answers: Mapping[str, Answer] | None = None) -> None:
        """Fill in and send the open form; missing answers stop it, as in Slack's client."""
        await self.fills(answers or {})
        view = self._open_form()
        values = self._values(view)
        for block in _inputs(view):
            given = values[block["block_id"]]["answer"]
            if not block.get("optional") and not _given(given):
                raise AssertionError(f"{block['label']['text']!r} must be answered")
        payload = {"type": "view_submission", "trigger_id": self._slack.trigger(self.id)}
        answer = await self._line.payload(payload | self._who() | {"view": self._sent(view)})
        self._after(view, json.loads(answer) if answer.startswith(b"{") else {})

    # --- seeing ---

    @property
    def form(self) -> View | None:
        return self._slack.views.get(self.id)

    @property
    def home(self) -> View | None:
        """What stands in their Home tab."""
        return self._slack.homes.get(self.id)

    def sees(self, channel: str | None = None) -> list[str]:
        """Return what stands in the channel for this person, the oldest first."""
        return [each.said for each in self._slack.in_channel(channel or self.channel, self.id)]

    def reads(self) -> str:
        """Return the newest thing said in private to this person, anywhere."""
        chats = (None, direct(self.id))
        told = [m for m in self._slack.messages if m.only_for == self.id or m.channel == chats[1]]
        return told[-1].said if told else ""

    def form_says(self) -> str:
        """Return every word of the open form."""
        return html.unescape(" ".join(_words(self._open_form().drawn)))

    def prefilled(self, name: str) -> Json:
        """Return what stands in a field of the open form, typed or drawn so, as Slack tells it."""
        view = self._open_form()
        block = _field(view, name)
        state: Json = self._values(view)[block["block_id"]][block["element"]["action_id"]]
        return state

    # --- payloads ---

    async def _press(self, message: Message, button: Json) -> None:
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.only_for is not None,
        }
        threaded = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        await self._line.payload(
            {
                "type": "block_actions",
                "container": container | threaded,
                "channel": {"id": message.channel, "name": self._slack.shown_name(message.channel)},
                "message": _as_seen(message),
                "response_url": self._slack.response_url(self.id, message.channel, message),
                "actions": [self._action(button)],
                "trigger_id": self._slack.trigger(self.id),
                **self._who(),
            }
        )

    async def _press_in_form(self, label: str) -> bool:
        view = self._open_form()
        for block in view.drawn["blocks"]:
            for button in block["elements"] if block["type"] == "actions" else ():
                if button["text"]["text"] == label:
                    payload = {
                        "type": "block_actions",
                        "container": {"type": "view", "view_id": view.id},
                        "actions": [self._action(button)],
                        "trigger_id": self._slack.trigger(self.id),
                        "view": self._sent(view),
                    }
                    await self._line.payload(payload | self._who())
                    return True
        return False

    def _action(self, button: Json) -> Json:
        keys = ("type", "action_id", "text", "value", "selected_option")
        told = {key: button[key] for key in keys if key in button}
        if button["type"] == "overflow":  # Slack sends the option, not its words beside it
            del told["text"], told["value"]
        return told | {"block_id": "b1", "action_ts": self._now()}

    def _who(self) -> Json:
        known = self._slack.people.get(self.id, {})
        user = {"id": self.id, "name": known.get("name", "somebody")}
        user["team_id"] = known.get("team_id", self._slack.team)
        return {
            "team": {"id": self._slack.team, "domain": "hone-test"},
            "user": user,
            "api_app_id": "A0HONE",
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _sent(self, view: View) -> Json:
        state = {"values": self._values(view)}
        return view.drawn | {"id": view.id, "hash": view.hash, "state": state}

    def _at_home(self, view: View) -> Json:
        more = {"id": view.id, "hash": view.hash, "team_id": self._slack.team}
        return view.drawn | more | {"state": {"values": {}}, "app_id": "A0HONE"}

    def _values(self, view: View) -> Json:
        return {
            block["block_id"]: {
                block["element"]["action_id"]: view.typed.get(block["block_id"])
                or _initial(block["element"])
            }
            for block in _inputs(view)
        }

    def _after(self, view: View, answer: Json) -> None:
        self.errors = answer.get("errors", {})
        match answer.get("response_action"):
            case "update":
                self._slack.redraw(view, answer["view"])
            case "errors":
                known = {block["block_id"] for block in _inputs(view)}
                assert self.errors.keys() <= known, "errors stand at fields only"
            case None if self._line.status != 200:
                self.errors = {"": "We had some trouble connecting. Try again?"}
            case _:
                self._slack.views.pop(self.id, None)

    def _open_form(self) -> View:
        assert self.form, f"{self.id} has no form open"
        return self.form

    def _now(self) -> str:
        return f"{self._slack.clock().timestamp():.6f}"


def _as_seen(message: Message) -> Json:
    seen = {"type": "message", "ts": message.ts, "text": message.text, "blocks": message.blocks}
    seen |= message.more
    return seen | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def _inputs(view: View) -> list[Json]:
    return [block for block in view.drawn["blocks"] if block["type"] == "input"]


def _field(view: View, name: str) -> Json:
    for block in _inputs(view):
        if name in (block["label"]["text"], block["block_id"]):
            return block
    raise AssertionError(f"the form has no field {name!r}")


def _state(element: Json, answer: Answer) -> Json:
    kind = element["type"]
    many = _many(answer)
    match kind:
        case "plain_text_input":
            assert len(str(answer)) <= element["max_length"], "Slack's client stops typing here"
            return {"type": kind, "value": answer or None}
        case "static_select" | "radio_buttons":
            return {"type": kind, "selected_option": _option(element, many[0]) if answer else None}
        case "checkboxes" | "multi_static_select":
            return {"type": kind, "selected_options": [_option(element, each) for each in many]}
        case "datepicker":
            return {"type": kind, "selected_date": answer or None}
        case "users_select":
            return {"type": kind, "selected_user": answer or None}
        case "multi_users_select":
            return {"type": kind, "selected_users": many}
        case "file_input":
            return {"type": kind, "files": [] if isinstance(answer, str | bool) else list(answer)}
    raise AssertionError(f"no such field: {kind}")


def _many(answer: Answer) -> list[str]:
    if isinstance(answer, bool):
        return ["on"] if answer else []
    return [answer] if isinstance(answer, str) else [str(each) for each in answer]


def _option(element: Json, name: str) -> Json:
    for option in element["options"]:
        if name in (option["text"]["text"], option["value"]):
            found: Json = option
            return found
    raise AssertionError(f"no option {name!r}")


def _initial(element: Json) -> Json:
    kind = element["type"]
    return {
        "type": kind,
        "value": element.get("initial_value"),
        "selected_option": element.get("initial_option"),
        "selected_options": element.get("initial_options", []),
        "selected_date": element.get("initial_date"),
        "selected_user": element.get("initial_user"),
        "selected_users": element.get("initial_users", []),
        "files": [],
    }


def _given(state: Json) -> bool:
    return any(value for key, value in state.items() if key != "type")


def _words(node: object) -> list[str]:
    if isinstance(node, list):
        return [word for each in node for word in _words(each)]
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [word for each in node.values() for word in _words(each)]
    return []
