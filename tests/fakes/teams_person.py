"""Somebody at their Teams client: what they do reaches Hone's own door, signed by the fake."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any, Self

import aiohttp

from tests.fakes.teams import (
    BOT,
    CHANNEL,
    TEAM,
    TENANT,
    FakeTeams,
    Json,
    Message,
    direct_with,
    is_channel,
)

AT_HONE = "<at>Hone</at>"


@dataclass(slots=True)
class TeamsPerson:
    """A person in one conversation.

    `root` puts them in the thread of that message. `dialog` is the dialog they have open, `toast`
    what a press last told them alone, `own` their own version of a card others see differently.
    """

    teams: FakeTeams
    hone_url: str
    name: str
    conversation: str = CHANNEL
    root: str | None = None
    zone: str = "Europe/Berlin"
    locale: str = "en-GB"
    tenant: str = TENANT
    role: str = "user"
    dialog: Json | None = None
    toast: str = ""
    own: dict[str, Json] = field(default_factory=dict)
    status: int = 0
    """The HTTP status of Hone's last answer."""

    def __post_init__(self) -> None:
        member = {
            "id": self.id,
            "aadObjectId": self.directory_id,
            "name": self.name,
            "tenantId": self.tenant,
            "userRole": self.role,
        }
        self.teams.members[self.id] = self.teams.members[self.directory_id] = member
        self.teams.admit(self.id, self.conversation)

    @property
    def id(self) -> str:
        return f"29:{self.name.lower()}"

    @property
    def directory_id(self) -> str:
        return f"aad-{self.name.lower()}"

    def alone(self) -> TeamsPerson:
        """Return the same person in their chat with Hone."""
        return TeamsPerson(
            self.teams,
            self.hone_url,
            self.name,
            direct_with(self.id),
            zone=self.zone,
            locale=self.locale,
            tenant=self.tenant,
            role=self.role,
        )

    @property
    def has_dialog(self) -> bool:
        return self.dialog is not None

    # --- what they do ---

    async def says(
        self,
        text: str,
        *,
        mentions: tuple[TeamsPerson, ...] = (),
        tags: tuple[str, ...] = (),
        id: str = "",
        quoting: Json | None = None,
    ) -> Self:
        """Write a message. `@Hone`, `@Name` of `mentions` and `@tags` are sent as Teams sends them.

        `quoting` is what Teams adds to a reply that quotes a message.
        """
        html = _formatted(escape(text, quote=False))
        text = _FORMAT.sub(r"\2", text)
        entities = [_client(self)]
        for at in re.finditer("@Hone", text):
            entities.append(_mention(BOT, at[0][1:]))
        text = text.replace("@Hone", AT_HONE)
        for person in mentions:
            text = text.replace(f"@{person.name}", f"<at>{person.name}</at>")
            entities.append(_mention(person.id, person.name))
        for tag in tags:  # nothing tells a tag from a person
            text = text.replace(f"@{tag}", f"<at>{tag}</at>")
            entities.append(_mention(f"29:1tag{tag}", tag))
        spoken = {"type": "message", "text": text, "textFormat": "plain", "entities": entities}
        spoken |= {"attachments": [{"contentType": "text/html", "content": f"<p>{html}</p>"}]}
        if quoting:
            entities += quoting.get("entities", [])
            spoken |= {"attachments": quoting.get("attachments", [])}
        await self.delivers(spoken | ({"id": id} if id else {}))
        return self

    async def clicks(self, label: str) -> Self:
        """Press the newest button of that label: in the open dialog, in the chat, or alone."""
        if self.dialog is not None and (action := _action(self.dialog, label)):
            return await self._send_dialog(action["data"])
        message, action = self._button(label)
        if action["type"] == "Action.ShowCard":
            (action,) = action["card"]["actions"]
        if action["type"] == "Action.Submit":
            assert action["data"]["msteams"]["type"] == "task/fetch"
            value = {"data": action["data"], "context": {"theme": "default"}}
            answer = await self.invokes("task/fetch", value, message)
            self._read_task(answer, {"under": message.id})
        else:
            pressed = {"type": "Action.Execute", "verb": action["verb"], "data": action["data"]}
            value = {"action": pressed, "trigger": "manual"}
            answer = await self.invokes("adaptiveCard/action", value, message)
            self._read_press(answer, message)
        return self

    async def calls(
        self,
        command: str,
        html: str,
        author: str = "Bo",
        link: str = "",
        app: str = "",
        attachments: tuple[Json, ...] = (),
    ) -> Self:
        """Choose a message action on somebody's message, or on one of an app."""
        user = {"user": {"id": "aad-bo", "displayName": author}}
        value = {
            "commandId": command,
            "commandContext": "message",
            "messagePayload": {
                "id": "1600000000000",
                "body": {"contentType": "html", "content": html},
                "from": {"application": {"displayName": app}} if app else user,
                "linkToMessage": link,
                "attachments": list(attachments),
            },
        }
        answer = await self.invokes("composeExtension/fetchTask", value)
        self._read_task(answer, {"command": command})
        return self

    async def submits(self, answers: dict[str, str] | None = None, button: str = "") -> Self:
        """Fill the open dialog, where fields are named as in the form, and send it."""
        assert self.dialog is not None, f"{self.name} has no dialog open"
        inputs = {_field(id): id for id in _input_ids(self.dialog)}
        given = {id: _standing_value(self.dialog, id) for id in inputs.values()}
        for name, value in (answers or {}).items():
            assert name in inputs, f"no field {name}, only {sorted(inputs)}"
            given[inputs[name]] = value
        action = _action(self.dialog, button) if button else _first_submit(self.dialog)
        assert action is not None, f"no button {button}"
        return await self._send_dialog(given | action["data"])

    # --- what Teams tells of them and of where they are ---

    async def adds_hone(self) -> None:
        """Add Hone to the conversation."""
        await self._updates(membersAdded=[{"id": BOT}])

    async def leaves(self) -> None:
        self.teams.chats[self.conversation].remove(self.id)
        await self._updates("teamMemberRemoved", membersRemoved=[{"id": self.id}])

    async def comes_back(self) -> None:
        self.teams.admit(self.id, self.conversation)
        await self._updates("teamMemberAdded", membersAdded=[{"id": self.id}])

    async def renames_channel(self, name: str) -> None:
        """Rename the channel, the team it is the first of, or the chat."""
        if not is_channel(self.conversation):
            await self._updates(topicName=name)
        elif self.conversation == TEAM:
            self.teams.team_name = name
            await self._updates("teamRenamed", team={"id": TEAM, "name": name})
        else:
            self.teams.channel_names[self.conversation] = name
            renamed = {"id": self.conversation, "name": name}
            await self._updates("channelRenamed", channel=renamed)

    async def _updates(self, event: str = "", **more: Any) -> None:
        data = self._channel_data() | ({"eventType": event} if event else {})
        data |= {key: more.pop(key) for key in ("team", "channel") if key in more}
        activity = {"type": "conversationUpdate", "channelData": data}
        if event.startswith("team") and is_channel(self.conversation):  # it is told in the first
            activity["conversation"] = self._conversation(TEAM)
        await self.delivers(activity | more)

    # --- how it gets there ---

    async def invokes(self, name: str, value: Any, message: Message | None = None) -> Json:
        activity = {"type": "invoke", "name": name, "value": value}
        if message is not None:
            activity["replyToId"] = message.id
            activity["conversation"] = self._conversation(message.conversation)
        return await self.delivers(activity)

    async def delivers(self, activity: Json, *, bearer: str | None = None) -> Json:
        """Send an activity, its envelope filled in; return the answer's body."""
        headers = {"Authorization": bearer or self.teams.bearer()}
        async with (
            aiohttp.ClientSession() as http,
            http.post(
                f"{self.hone_url}/api/messages", json=self.enveloped(activity), headers=headers
            ) as a,
        ):
            self.status = a.status
            body = await a.text()
        answer: Json = json.loads(body) if body.startswith("{") else {}
        return answer

    def enveloped(self, activity: Json) -> Json:
        """Return the activity with everything that Teams adds to it."""
        envelope = {
            "id": self.teams.next_id(),
            "timestamp": "2026-11-23T09:00:00.123Z",
            "channelId": "msteams",
            "serviceUrl": self.teams.service_url,
            "from": {"id": self.id, "name": self.name, "aadObjectId": self.directory_id},
            "recipient": {"id": BOT, "name": "Hone"},
            "conversation": self._conversation(self.conversation),
            "channelData": self._channel_data(),
            "locale": self.locale,
        }
        return envelope | activity

    # --- what they see ---

    def sees(self) -> str:
        """Return what the conversation's messages show them, oldest first, as text."""
        return "\n".join(
            shown(self.own.get(message.id, message.card))
            for message in self.teams.in_conversation(self.conversation)
        )

    def sees_alone(self) -> str:
        """Return what Hone wrote to them alone."""
        return self.alone().sees()

    def sees_dialog(self) -> str:
        assert self.dialog is not None, f"{self.name} has no dialog open"
        return shown(self.dialog)

    def prefilled(self, field: str) -> str:
        """Return what stands in a field of the open dialog."""
        assert self.dialog is not None, f"{self.name} has no dialog open"
        inputs = {_field(id): id for id in _input_ids(self.dialog)}
        return _standing_value(self.dialog, inputs[field])

    # --- how the client does it ---

    def _button(self, label: str) -> tuple[Message, Json]:
        places = (self.conversation, direct_with(self.id))
        messages = [message for at in places for message in self.teams.in_conversation(at)]
        for message in reversed(messages):
            if action := _action(self.own.get(message.id, message.card), label):
                return message, action
        raise AssertionError(f"{self.name} sees no button {label!r}")

    async def _send_dialog(self, data: Json) -> Self:
        assert self.dialog is not None
        opened = self.dialog.get("opened_by", {})
        value: Json = {"data": data, "context": {"theme": "default"}}
        if command := opened.get("command"):
            value |= {"commandId": command, "commandContext": "message"}
            answer = await self.invokes("composeExtension/submitAction", value)
        else:
            answer = await self.invokes("task/submit", value, self.teams.messages[opened["under"]])
        self._read_task(answer, opened)
        return self

    def _read_task(self, answer: Json, opened_by: Json) -> None:
        task = answer.get("task") or {}
        self.dialog, self.toast = None, ""
        if task.get("type") == "continue":
            self.dialog = task["value"]["card"]["content"] | {
                "title": task["value"]["title"],
                "opened_by": opened_by,
            }
        elif task.get("type") == "message":
            self.toast = task["value"]

    def _read_press(self, answer: Json, message: Message) -> None:
        self.toast = ""
        if answer.get("type") == "application/vnd.microsoft.card.adaptive":
            self.own[message.id] = answer["value"]
        else:
            self.toast = str(answer.get("value", ""))

    def _channel_data(self) -> Json:
        data: Json = {"tenant": {"id": self.tenant}}
        if is_channel(self.conversation):
            data |= {"team": {"id": TEAM}, "channel": {"id": self.conversation}}
        return data

    def _conversation(self, id: str) -> Json:
        personal = id.startswith("a:")
        if self.root and is_channel(id) and ";messageid=" not in id:
            id = f"{id};messageid={self.root}"
        kind = "personal" if personal else "channel" if is_channel(id) else "groupChat"
        return {"id": id, "conversationType": kind, "tenantId": self.tenant}


_FORMAT = re.compile(r"(?<!\w)([*_~`])(\S[^*_~`]*)\1(?!\w)")
"""What Teams' client formats while one types; the text of the message then lacks the signs."""
_TAGS = {"*": "strong", "_": "em", "~": "s", "`": "code"}


def _formatted(html: str) -> str:
    return _FORMAT.sub(lambda sign: f"<{_TAGS[sign[1]]}>{sign[2]}</{_TAGS[sign[1]]}>", html)


def shown(card: Json) -> str:
    """Return a card's words and buttons, line by line."""
    lines = [card["title"]] if "title" in card else []
    for element in _walk(card):
        match element:
            case {"type": "RichTextBlock", "inlines": inlines}:
                lines.append("".join(run["text"] for run in inlines))
            case {"type": "TextBlock", "text": str(text)}:
                lines.append(text)
            case {"label": str(label), "id": str()}:
                lines.append(f"{label}: {element.get('value', '')}")
            case {"type": str(kind), "title": str(title)} if kind.startswith("Action."):
                lines.append(f"[{title}]")
            case _:
                pass
    return "\n".join(lines)


def _walk(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from _walk(part)


def _action(card: Json, label: str) -> Json | None:
    actions = (e for e in _walk(card) if str(e.get("type", "")).startswith("Action."))
    return next((action for action in actions if action.get("title") == label), None)


def _first_submit(card: Json) -> Json:
    return next(each for each in _walk(card) if each.get("type") == "Action.Submit")


def _input_ids(card: Json) -> list[str]:
    return [e["id"] for e in _walk(card) if str(e.get("type", "")).startswith("Input.")]


def _field(id: str) -> str:
    return id.partition(".")[2]


def _standing_value(card: Json, id: str) -> str:
    return next(str(e.get("value", "")) for e in _walk(card) if e.get("id") == id)


def _client(person: TeamsPerson) -> Json:
    return {"type": "clientInfo", "locale": person.locale, "timezone": person.zone}


def _mention(id: str, name: str) -> Json:
    at = f"<at>{name}</at>"
    return {"type": "mention", "mentioned": {"id": id, "name": name}, "text": at}
