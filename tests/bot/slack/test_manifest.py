"""The manifest asks for what Hone needs, and for nothing that lets it read along."""

from __future__ import annotations

import pytest

from bot.slack.manifest import manifest
from handlers import FEATURES

COMMANDS = {
    "wsjf": ("Vote", "[#1 #2]"),
    "improve": ("Log", "[a sentence]"),
    "help": ("Everything Hone can do", "[help]"),
}


def test_every_command_comes_to_the_one_address() -> None:
    made = manifest("https://hone.example/", COMMANDS)
    commands = made["features"]["slash_commands"]
    assert [each["command"] for each in commands] == ["/improve", "/wsjf"]  # /help is Slack's
    assert {each["url"] for each in commands} == {"https://hone.example/slack/events"}
    assert all(each["should_escape"] for each in commands)
    assert [each["usage_hint"] for each in commands] == ["[a sentence]", "[#1 #2]"]
    assert made["settings"]["interactivity"]["request_url"] == "https://hone.example/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False


def test_hone_never_asks_to_read_channels() -> None:
    scopes = manifest("https://hone.example", COMMANDS)["oauth_config"]["scopes"]
    asked = {*scopes["bot"], *scopes["bot_optional"]}
    assert asked.isdisjoint({"channels:history", "groups:history", "mpim:history"})


def test_reactions_are_heard_only_where_an_emoji_was_chosen() -> None:
    silent, heard = manifest(None, COMMANDS), manifest(None, COMMANDS, reactions=True)
    assert "reactions:read" not in str(silent)
    assert "reaction_added" not in str(silent)
    assert "reactions:read" in heard["oauth_config"]["scopes"]["bot"]
    assert "reaction_added" in heard["settings"]["event_subscriptions"]["bot_events"]


def test_without_an_address_it_is_socket_mode() -> None:
    made = manifest(None, COMMANDS)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "https" not in str(made)


def test_an_open_address_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        manifest("http://hone.example", COMMANDS)


def test_every_shortcut_is_answered_by_a_feature() -> None:
    """One that nobody answers tells people that their app is out of date."""
    listed = manifest(None, {})["features"]["shortcuts"]
    answered = {name for feature in FEATURES for name in feature.shortcuts}
    assert {each["callback_id"] for each in listed} <= answered
    assert {each["type"] for each in listed} == {"global", "message"}
