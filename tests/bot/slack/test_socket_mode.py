"""Behind a firewall the same turns come through a connection that Hone opens itself."""

from __future__ import annotations

from typing import Any

from tests.bot.slack.world import DEV, World, world


async def test_a_command_comes_through_the_socket_and_is_answered_in_it(sqlite_url: str) -> None:
    async with world(sqlite_url, socket_mode=True) as slack:
        slack.person("U0ANN", "Ann")
        socket = await slack.slack.sockets.get()
        await socket.send_json(envelope(slack, "/improve", "x"))
        answer = await slack.slack.acknowledged.get()
        assert answer["envelope_id"] == "E1"
        assert answer["payload"]["text"] == "Saved: x (Ann, Europe/Berlin)"


async def test_no_address_is_served(sqlite_url: str) -> None:
    """What is not there cannot be attacked."""
    async with world(sqlite_url, socket_mode=True) as slack:
        assert slack.adapter.routes() == []


def envelope(slack: World, command: str, words: str) -> dict[str, Any]:
    payload = {
        "command": command,
        "text": words,
        "team_id": slack.slack.team,
        "channel_id": DEV,
        "channel_name": "dev",
        "user_id": "U0ANN",
        "user_name": "ann",
        "trigger_id": slack.slack.trigger("U0ANN"),
        "response_url": slack.slack.response_url("U0ANN", DEV),
    }
    kind = {"type": "slash_commands", "accepts_response_payload": True}
    return kind | {"envelope_id": "E1", "payload": payload}
