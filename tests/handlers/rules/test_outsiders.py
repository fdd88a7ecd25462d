"""Guests and people of other companies read their own team, whichever words they find."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import FEATURES
from tests.hone import Hone

LINES = [
    f"{name} {verb} #1"
    for feature in FEATURES
    for name, command in feature.commands.items()
    for verb in ("", *command.verbs)
]
ASKED = (
    *("who owns #1?", "when is #1 due?", "what is #1 about?", "show me #1", "status of #1"),
    *("mark #1 done", "assign #1 to me", "is #1 ready?", "add #1 to the vote", "#1"),
)


async def test_no_line_shows_an_item_of_another_team(hone: Hone, subtests: pytest.Subtests) -> None:
    """Each command and verb there is, those of tomorrow too, and plain words."""
    ada = hone.person("Ada", channel="checkout")
    await ada.says("improve Quokkas pay as they like #marsupials @Ada by Friday")
    eve = hone.person("Eve", channel="payments", role="external")
    await eve.says("improve Refunds are slow")
    for say, lines in ((eve.says, LINES), (eve.chats, ASKED)):
        for line in lines:
            hone.now += timedelta(minutes=1)  # nobody is asked to slow down
            await say(line)
            shown = f"{eve.told}{eve.form}{hone.last('payments')}".casefold()
            with subtests.test(line):
                assert "quokka" not in shown
                assert "marsupial" not in shown
                assert "my mistake" not in shown
