"""Files come from Slack as Slack really hands them over: with a token, slowly, or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.handlers.sources.exports import text_of
from tests.stages.slack import SlackPlayer, SlackStage, slack_stage

JIRA = text_of("jira.csv").encode()


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[SlackStage]:
    async with slack_stage(database) as stage:
        yield stage


@pytest.fixture
async def ada(stage: SlackStage) -> SlackPlayer:
    ada = stage.person("Ada")
    await ada.says("backlog")
    return ada


async def test_a_file_is_chosen_in_the_form(stage: SlackStage, ada: SlackPlayer) -> None:
    await ada.says("backlog import")
    await ada.hands(stage.slack.upload("jira.csv", JIRA))
    assert "What does it mean?" in ada.form
    await ada.fills({})
    assert "6 new, 0 changed, 0 as they are." in ada.form
    await ada.fills({})
    assert "Imported into dev: 6 new" in ada.told


async def test_a_wrong_file_is_told_at_its_field_and_the_form_stays(
    stage: SlackStage, ada: SlackPlayer
) -> None:
    await ada.says("backlog import")
    await ada.hands(stage.slack.upload("jira.xlsx", b"PK\x03\x04"))
    assert "Save it there as “CSV UTF-8”" in ada.form


async def test_a_file_that_takes_longer_than_slack_waits_goes_on_in_the_chat(
    stage: SlackStage, ada: SlackPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack gives a form three seconds; a large export over a slow line takes more."""
    monkeypatch.setattr("bot.slack.inbound.FORM_WAIT_S", 0.01)
    stage.slack.files_wait = asyncio.Event()
    await ada.says("backlog import")
    asyncio.get_running_loop().call_later(0.1, stage.slack.files_wait.set)
    await ada.hands(stage.slack.upload("jira.csv", JIRA))
    assert "Your file is still on its way to me." in ada.form
    assert "Your file for dev: 6 new" in ada.told
    await ada.alone().clicks("Explain 6 words")
    assert "What does it mean?" in ada.form


async def test_the_same_message_told_again_counts_once(stage: SlackStage, ada: SlackPlayer) -> None:
    """Slack repeats an event whose answer took long, as it does with a file."""
    await ada.sends("jira.csv", JIRA)
    await stage.line.again()
    await stage.settle()
    assert ada.told.count("Your file for dev") == 1


async def test_other_files_say_nothing_about_a_backlog(stage: SlackStage, ada: SlackPlayer) -> None:
    await ada.shares(stage.slack.upload("holiday.png", b"\x89PNG"))
    assert "file" not in ada.told


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"is_external": True}, "lies outside Slack. Download it there"),
        ({"mode": "hidden_by_limit"}, "is no longer in Slack"),
        ({"size": 50_000_000}, "has more than 32 MB"),
        ({"url_private_download": "https://evil.example/x.csv"}, "I was not let at “jira.csv”"),
        ({"url_private_download": "https://files.slack.com@evil.example/x"}, "I was not let at"),
        ({"url_private_download": "", "url_private": ""}, "I was not let at"),
    ],
)
async def test_what_cannot_be_had_says_so(
    stage: SlackStage, ada: SlackPlayer, more: dict[str, object], sentence: str
) -> None:
    """The token goes along with a request: it goes to Slack's own file hosts and nowhere else."""
    await ada.shares(stage.slack.upload("jira.csv", JIRA, **more))
    assert sentence in ada.told


async def test_a_file_of_another_company_is_asked_for_by_its_id(
    stage: SlackStage, ada: SlackPlayer
) -> None:
    """In Slack Connect the event tells no more than the id."""
    file = stage.slack.upload("jira.csv", JIRA)
    unseen = {"id": file["id"], "file_access": "check_file_info", "mode": "file_access"}
    await ada.shares(unseen)
    assert "Slack doesn't let me see that file." in ada.told
    stage.slack.foreign_files.append(file)
    await ada.shares(unseen)
    assert "6 new" in ada.told


async def test_an_installation_of_before_still_imports_pasted_rows(
    stage: SlackStage, ada: SlackPlayer
) -> None:
    """`files:read` came later: an old grant lacks it until an admin installs Hone again."""
    stage.slack.may_read_files = False
    await ada.says("backlog import")
    assert "I need to be installed in this workspace once more, by an admin." in ada.form
    await ada.fills({"rows0": 'title,points\nPay,"5'})
    assert "A text in quotes begins and never ends" in ada.form
    await ada.fills({"rows0": "title\nPay"})
    assert "1 new" in ada.form
    await ada.sends("jira.csv", JIRA)
    assert "I was not let at “jira.csv”" in ada.told


async def test_the_bytes_of_a_file_go_nowhere_else(stage: SlackStage, ada: SlackPlayer) -> None:
    """A security level's title stays out of every message."""
    await ada.sends("jira.csv", JIRA)
    assert "Salary" not in json.dumps(stage.shown())
