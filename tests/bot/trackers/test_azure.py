"""What only Azure does: writes that test the revision, sign-in by Entra, areas flat and nested."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.trackers.azure.adapter import Azure
from bot.trackers.azure.read import type_of
from bot.trackers.http import Door
from bot.trackers.tracker import Access, Lost, SignedOut
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.azure import FakeAzure


@pytest.fixture
async def azure() -> AsyncIterator[FakeAzure]:
    async with FakeAzure() as started:
        yield started


@pytest.fixture
async def door(azure: FakeAzure) -> AsyncIterator[Door]:
    opened = Door(lambda: azure.now, [azure.host])
    yield opened
    await opened.close()


async def test_a_change_made_meanwhile_is_not_overwritten(azure: FakeAzure, door: Door) -> None:
    """Between our reading and our writing somebody there may have been quicker."""
    id = azure.add("Refunds", points=3)
    azure.meddle = id
    wanted = record(azure.remote_id(id), {"title": "Refunds abroad"})
    assert not (await azure.tracker(door).write(azure.scope, wanted)).left_out
    assert (azure.things[id].title, azure.things[id].points) == ("Refunds abroad", 1)


async def test_a_service_principal_signs_in_by_entra(azure: FakeAzure, door: Door) -> None:
    """Companies forbid personal tokens, and tokens for all organisations are ending."""
    azure.add("Refunds")
    azure.secret = "entra-secret"
    given = {"tenant": "acme.example", "client": "c", "secret": "entra-secret"}
    principal = Azure(Access(f"{azure.host}/acme", given), door)
    assert set(await whole(principal, azure)) == {"Refunds"}
    wrong = Azure(Access(f"{azure.host}/acme", {**given, "secret": "old"}), door)
    with pytest.raises(SignedOut):
        await wrong.scopes()


async def test_a_team_follows_its_area_and_what_is_below(azure: FakeAzure, door: Door) -> None:
    """One project holds many teams, and an area path says whose an item is."""
    names = {"Own": "Payments\\Cards", "Below": "Payments\\Cards\\Debit", "Else": "Payments\\Cash"}
    ids = {title: azure.add(title) for title in names}
    azure.areas |= {ids[title]: area for title, area in names.items()}
    tracker, scope = azure.tracker(door), "p-pay/t-cards"
    assert {scope} <= {each.id for each in await tracker.scopes()}
    page = await tracker.page(scope, "", azure.now)
    assert {item.title for item in page.items} == {"Own", "Below"}
    assert (await tracker.ids(scope, "")).ids == {str(ids["Own"]), str(ids["Below"])}
    assert await tracker.one(scope, str(ids["Else"])) == Lost()


async def test_what_leaves_the_area_is_told(azure: FakeAzure, door: Door) -> None:
    id = azure.add("Refunds")
    azure.areas[id] = "Payments\\Cards"
    tracker, scope = azure.tracker(door), "p-pay/t-cards"
    page = await tracker.page(scope, "", azure.now)
    azure.edit(id, title="Refunds abroad")
    azure.areas[id] = "Payments\\Cash"
    assert (await tracker.page(scope, page.cursor, azure.now)).gone == (str(id),)


async def test_what_is_put_there_stands_in_the_teams_area(azure: FakeAzure, door: Door) -> None:
    await azure.tracker(door).create("p-pay/t-cards", record(None, {"title": "Faster builds"}))
    assert list(azure.areas.values()) == ["Payments\\Cards"]


def test_effort_is_the_size_of_a_feature_and_the_points_of_an_item() -> None:
    """The processes of Azure use one field for both; a story's points are no job size."""
    effort = {"referenceName": "Microsoft.VSTS.Scheduling.Effort", "name": "Effort"}
    urgent = {"referenceName": "Microsoft.VSTS.Common.TimeCriticality", "name": "Time Criticality"}
    feature = type_of({"name": "Feature", "fields": [effort, urgent]}, {})
    item = type_of({"name": "Product Backlog Item", "fields": [effort]}, {})
    assert ("size" in feature.homes, "points" in feature.homes) == (True, False)
    assert ("size" in item.homes, "points" in item.homes) == (False, True)
