"""Behind a firewall the same turns come through a connection that Hone opens itself."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platform import BadToken
from tests.bot.slack.world import DEV, World, world


async def test_a_command_comes_through_the_socket_and_is_answered_in_it(sqlite_url: str) -> None:
    async with world(sqlite_url, socket_mode=True) as slack:
        slack.person("U0ANN", "Ann")
        socket = await slack.slack.sockets.get()
        await socket.send_json(envelope(slack, "/improve", "x"))
        answer = await slack.slack.acknowledged.get()
        assert answer["envelope_id"] == "E1"
        assert answer["payload"]["text"] == "Saved: x (Ann, Europe/Berlin)"


async def test_a_wrong_token_for_the_socket_ends_the_start(sqlite_url: str) -> None:
    """The SDK would ask for ever, while the greeting says that Hone is connected."""
    with pytest.raises(BadToken, match="invalid_auth") as refused:
        async with world(sqlite_url, socket_mode=True, app_token="xapp-of-another"):
            raise AssertionError("it must not start")
    assert refused.value.setting == "SLACK_APP_TOKEN"


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
