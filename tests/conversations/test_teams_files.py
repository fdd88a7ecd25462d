"""A file in Teams' own chat lies in SharePoint; Hone goes there and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.teams.files import holds_files
from storage import Database
from tests.handlers.sources.exports import text_of
from tests.stages.teams import TeamsPlayer, TeamsStage, teams_stage

JIRA = text_of("jira.csv").encode()


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[TeamsStage]:
    async with teams_stage(database) as stage:
        yield stage


@pytest.fixture
async def ada(stage: TeamsStage) -> TeamsPlayer:
    ada = stage.person("Ada")
    await ada.says("backlog")
    return ada.alone()


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/jira.csv",
        "http://contoso.sharepoint.com/jira.csv",
        "https://contoso.sharepoint.com.evil.example/jira.csv",
        "https://contoso.sharepoint.com@evil.example/jira.csv",
        "https://contoso.sharepoint.com:8443/jira.csv",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://[::1",
    ],
)
async def test_a_file_elsewhere_is_not_fetched(
    stage: TeamsStage, ada: TeamsPlayer, url: str
) -> None:
    """This machine may reach what whoever wrote the address cannot."""
    await ada.shares(stage.cloud.upload("jira.csv", JIRA, url))
    assert "I was not let at “jira.csv”" in ada.told


def test_sharepoint_is_where_files_lie() -> None:
    for cloud in ("sharepoint.com", "sharepoint.us", "sharepoint-mil.us"):
        assert holds_files(f"https://contoso-my.{cloud}/personal/ada/download.aspx?tempauth=x")
    assert not holds_files("https://sharepoint.com/x"), "no company's"


async def test_a_redirect_leads_nowhere_else_either(stage: TeamsStage, ada: TeamsPlayer) -> None:
    await ada.shares(stage.cloud.upload("moved-evil.example", JIRA) | {"name": "jira.csv"})
    assert "I was not let at “jira.csv”" in ada.told


async def test_the_form_says_where_a_file_goes(stage: TeamsStage, ada: TeamsPlayer) -> None:
    """An Adaptive Card has no input for files."""
    await ada.says("backlog import")
    assert "To bring a file, send it to me in our own chat; rows fit here." in ada.form


async def test_a_picture_is_no_backlog(stage: TeamsStage, ada: TeamsPlayer) -> None:
    await ada.shares(stage.cloud.upload("holiday.png", b"\x89PNG"))
    assert ada.told == ""
