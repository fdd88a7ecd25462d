"""A team follows a tracker: what is counted, saved and kept up with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.tracker.told import read_told
from tests.handlers.tracker.sampled import Sampled
from tests.hone import Hone


@pytest.fixture
async def sample(hone: Hone) -> Sampled:
    """A team with a channel, and Hone let into the sample tracker."""
    sampled = Sampled(hone)
    await hone.person("Ada Park").says("improve Something of our own")
    await sampled.connect()
    return sampled


async def test_a_connection_is_tried_at_once_and_tells_what_can_be_followed(
    sample: Sampled,
) -> None:
    site = await sample.site()
    assert (site.state, site.account_name) == ("open", "Hone")
    assert site.told["scopes"] == [["PAY", "Payments"], ["OPS", "Operations"]]


async def test_a_preview_counts_everything_and_changes_nothing(sample: Sampled) -> None:
    """A team must know what comes before its backlog is three times as long."""
    scope = await sample.scope(await sample.follow(until="shown"))
    told = read_told(scope.told)
    assert (scope.step, scope.due_at) == ("shown", None)
    assert (told.found.new, told.restricted) == (11, 1)
    assert told.abilities.writes("ubv")
    assert list(await sample.numbers()) == ["Something of our own"]


async def test_start_brings_everything_in_with_its_past(sample: Sampled) -> None:
    """Flow and acceptance must be true from the first Monday."""
    scope = await sample.scope(await sample.follow())
    assert scope.step == "following"
    numbers = await sample.numbers()
    assert len(numbers) == 1 + 9
    done = await sample.item(2)
    assert done.state == "accepted"
    assert done.finished_at == sample.hone.now - timedelta(weeks=3.1)
    assert done.points == 5
    assert done.part_of == (await sample.item(1)).number
    assert "Salaries" not in str(numbers)


async def test_an_edit_there_arrives_here_by_a_hook_or_by_the_next_look(sample: Sampled) -> None:
    await sample.follow()
    await sample.edit(6, title="Retry a payment twice", hooked=True)
    await sample.hone.pulls()
    assert (await sample.item(6)).title == "Retry a payment twice"
    await sample.edit(6, title="Retry a payment three times")
    await sample.hone.wait(minutes=20)
    await sample.hone.pulls()
    assert (await sample.item(6)).title == "Retry a payment three times"


async def test_an_items_story_says_where_its_past_is_from(hone: Hone, sample: Sampled) -> None:
    """Nobody here imported anything: the team moved it where it works."""
    await sample.follow()
    ada = hone.person("Ada Park")
    await ada.says("backlog PAY-4")
    assert "Somebody in Sample tracker moved it from captured to in progress" in ada.told
