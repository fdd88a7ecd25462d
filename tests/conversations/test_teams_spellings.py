"""What Teams sends for tags, channels and other apps' cards is read as people see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.fakes.teams import Failure
from tests.fakes.teams_person import TeamsPerson
from tests.stages.teams import TeamsPlayer, TeamsStage, teams_stage


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[TeamsStage]:
    async with teams_stage(database) as running:
        yield running


@pytest.fixture
def ada(stage: TeamsStage) -> TeamsPlayer:
    return stage.person("Ada")


def client(player: TeamsPlayer) -> TeamsPerson:
    return player._client


async def test_a_tag_is_no_person(stage: TeamsStage, ada: TeamsPlayer) -> None:
    """Its id looks like a person's; only the member list says that there is nobody."""
    await client(ada).says("@Hone improve Reviews are slow @Devs", tags=("Devs",))
    await stage.settle()
    assert "“Devs” is no person, so nobody is the owner yet." in ada.told
    seen = await ada.sees()
    assert "#1 Reviews are slow @Devs" in seen
    assert "nobody yet" in seen


async def test_a_tag_of_two_words_is_no_person_either(stage: TeamsStage, ada: TeamsPlayer) -> None:
    await client(ada).says("@Hone improve Reviews are slow @Dev Team", tags=("Dev Team",))
    await stage.settle()
    assert "“Dev Team” is no person" in ada.told


async def test_a_person_beside_a_tag_owns_the_item(stage: TeamsStage, ada: TeamsPlayer) -> None:
    grace = client(stage.person("Grace"))
    line = "@Hone improve Reviews are slow @Devs @Grace"
    await client(ada).says(line, mentions=(grace,), tags=("Devs",))
    await stage.settle()
    assert "owner Grace" in ada.told


async def test_a_member_list_out_of_reach_makes_nobody_a_tag(
    stage: TeamsStage, ada: TeamsPlayer
) -> None:
    grace = client(stage.person("Grace"))
    del stage.cloud.members[grace.id]
    stage.cloud.member_failure = Failure(500)
    await client(ada).says("@Hone improve Reviews are slow @Grace", mentions=(grace,))
    await stage.settle()
    assert "owner Grace" in ada.told


async def test_a_list_that_is_not_there_makes_nobody_a_tag(
    stage: TeamsStage, ada: TeamsPlayer
) -> None:
    grace = client(stage.person("Grace"))
    stage.cloud.members.clear()
    await client(ada).says("@Hone improve Reviews are slow @Grace", mentions=(grace,))
    await stage.settle()
    assert "owner Grace" in ada.told


async def test_another_apps_card_becomes_an_item(stage: TeamsStage, ada: TeamsPlayer) -> None:
    """The body only points at the card, which comes as JSON in a text."""
    card = {
        "type": "AdaptiveCard",
        "body": [
            {"type": "TextBlock", "text": "**Checkout** is down 🔥"},
            {"type": "FactSet", "facts": [{"title": "Since", "value": "9:30"}]},
        ],
        "actions": [{"type": "Action.Submit", "title": "Acknowledge"}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    await client(ada).calls(
        "log_improvement",
        '<attachment id="1"></attachment>',
        app="Pager",
        attachments=({"id": "1", "contentType": kind, "content": json.dumps(card)},),
    )
    assert ada.prefilled("title") == "Checkout is down 🔥 Since: 9:30"
    assert ada.prefilled("details") == "Pager: Checkout is down 🔥\nSince: 9:30"


async def test_a_picture_alone_is_none_of_hones_business(
    stage: TeamsStage, ada: TeamsPlayer
) -> None:
    alone = client(ada).alone()
    picture = {"contentType": "text/html", "content": "<p><img alt='image' src='x'></p>"}
    file = {"contentType": "image/png", "contentUrl": "https://a.example/x", "name": "x.png"}
    await alone.delivers({"type": "message", "attachments": [picture, file]})
    await stage.settle()
    assert alone.sees() == ""
