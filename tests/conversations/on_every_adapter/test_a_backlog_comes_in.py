"""A team brings its Jira backlog, refines it here, and brings the same file again a week later."""

from __future__ import annotations

import re

from tests.handlers.sources.exports import text_of
from tests.stages.stage import Player, Stage

JIRA = text_of("jira.csv")


async def test_the_same_export_again_destroys_nothing(stage: Stage, ada: Player) -> None:
    await ada.says("backlog import")
    await ada.fills({"rows0": JIRA})
    for unknown in ("Code Review", "Blocked", "Won't Fix"):
        assert unknown in ada.form, "all that is unclear stands in one form"
    assert ada.prefilled("states.0") == "in review"
    await ada.fills({})
    assert "6 new, 0 changed, 0 as they are." in ada.form
    assert "1 item with a security level, private or confidential: left out." in ada.form
    assert "Not read: Project key (6), Reporter (6), Creator (6), Fix versions (2)" in ada.form
    await ada.fills({})
    assert "6 new, 0 changed, 0 as they are." in ada.told

    await ada.says("backlog #2")
    assert "Part of #1" in ada.told
    assert "2.5" in ada.told
    await ada.says("backlog #1")
    assert "Waits for #3 Ledger export" in ada.told

    await ada.says("refine #1")
    await ada.fills({"details": "So that regulars need no card", "points": "8"})
    await ada.says("backlog move #1")
    await ada.fills({"state": "ready"})
    await ada.says("backlog move #6")
    await ada.fills({"state": "accepted"})
    await stage.wait(days=7)

    await ada.says("backlog import")
    await ada.fills({"rows0": JIRA})
    assert "Nothing to import: all of it is here already." in ada.told
    assert "2 items moved on here: left where they are." in ada.told
    await ada.says("backlog #1")
    assert "So that regulars need no card" in ada.told
    assert "moved it from in progress to ready" in ada.told
    await ada.says("backlog #6")
    assert "accepted" in ada.told
    assert "sent it back" not in ada.told
    assert "Salary" not in "\n".join(stage.shown())


async def test_a_file_is_sent_where_people_talk(stage: Stage, ada: Player) -> None:
    """Nobody pastes an export of a thousand rows; everybody knows how to send a file."""
    await ada.says("backlog")
    await ada.alone().sends("jira.csv", JIRA.encode())
    chat = ada.alone()
    card = await chat.sees()
    assert "6 new, 0 changed, 0 as they are." in card
    (label,) = re.findall(r"Explain \d words", card)
    await chat.clicks(label)
    assert "What does it mean?" in chat.form
    await chat.fills({})
    assert "Import: is this right?" in chat.form
    await chat.fills({})
    assert "6 new, 0 changed, 0 as they are." in chat.told
    await ada.says("backlog #2")
    assert "Part of #1" in ada.told
    assert "Salary" not in "\n".join(stage.shown())
