"""Who somebody is, as Slack says when it is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.slack.world import World
from tests.fakes.slack_person import SlackPerson


@pytest.mark.parametrize(
    ("more", "role"),
    [
        ({}, "member"),
        ({"is_admin": True}, "admin"),
        ({"is_owner": True}, "admin"),
        ({"is_restricted": True}, "guest"),
        ({"is_ultra_restricted": True, "is_restricted": True}, "guest"),
        ({"is_stranger": True, "is_admin": True}, "external"),
        ({"team_id": "T0ELSE"}, "external"),
        ({"team_id": "T0ELSE", "enterprise_user": {"teams": ["T0HONE"]}}, "member"),
    ],
)
async def test_the_role_is_what_slack_says(slack: World, more: dict[str, Any], role: str) -> None:
    who = slack.person("U0WHO", "Who", **more)
    await who.types("/improve x")
    assert slack.demo.turns[-1].person.role == role


async def test_a_person_nobody_can_look_up_still_acts(slack: World, ann: SlackPerson) -> None:
    slack.slack.refuse_next("users.info", "fatal_error", status=500)
    await ann.types("/improve x")
    assert slack.demo.turns[-1].person.zone == "UTC"
    slack.clock.advance(61)
    await ann.types("/improve x")
    await ann.types("/improve x")
    assert slack.demo.turns[-1].person.zone == "Europe/Berlin"


async def test_people_are_looked_up_once(slack: World, ann: SlackPerson) -> None:
    """A click must not wait for Slack when the person is known."""
    for _ in range(5):
        await ann.types("/improve x")
    assert sum(method == "users.info" for method, _ in slack.slack.calls) == 1
