"""A retro begins where the last one ended; on_every_adapter/test_a_retro.py holds a whole one."""

from __future__ import annotations

from tests.conversations.retros import gives, writes
from tests.hone import Hone


async def test_a_retro_opens_with_what_became_of_the_last_one(hone: Hone) -> None:
    """An improvement nobody looks at again was only a wish."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c0="Write the runbook")
    for press in ("Reveal", "Start the vote"):
        await ada.clicks(press)
    await gives(ada, "Write the runbook", 1)
    await ada.clicks("Close the vote")
    await ada.clicks("Choose improvements")
    await ada.fills({})
    await ada.fills({"owner1": "ada", "due1": "2026-12-04"})

    await hone.wait(days=14)
    await ada.says("retro start 4Ls")
    assert "Since the last retro, 0 of 1 done:" in hone.last()
    assert "#1 Write the runbook: captured, with Ada, due Friday 4 December 2026" in hone.last()
