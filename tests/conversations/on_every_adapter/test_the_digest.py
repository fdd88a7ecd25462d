"""The weekly digest comes once, says what to do, and stops when told to, wherever it is read."""

from __future__ import annotations

import pytest

from handlers.backlog import sample
from storage import Store
from tests.stages.stage import ZONE, Answer, Player, Stage


@pytest.fixture
async def team(stage: Stage, ada: Player, grace: Player, tomas: Player) -> Stage:
    """A team with two months of history."""
    people = {person.id: person.name for person in (ada, grace, tomas)}

    async def furnish(store: Store) -> None:
        await sample.furnish(store, stage.channel, people, ZONE)

    await stage.database.write(stage.workspace, stage.clock(), furnish)
    await ada.says("help")  # by now the platform knows where to write
    return stage


async def test_it_comes_once_a_week_until_it_is_turned_off(team: Stage, ada: Player) -> None:
    await ada.says("digest on Monday 9:00")
    assert "The digest comes Mondays at 9:00 (Europe/Berlin)" in ada.told
    assert "Backlog health" not in await ada.sees()

    await team.wait(days=6, hours=20)
    assert "Backlog health" not in await ada.sees(), "it came before its time"
    await team.wait(hours=4)
    seen = await ada.sees()
    assert seen.count("Backlog health, week 49") == 1
    assert "Ready" in seen
    assert "Health" in seen, "the small print is missing"
    await team.wait(hours=1)
    await team.wait(days=1)
    assert (await ada.sees()).count("Backlog health") == 1, "one digest a week"

    await ada.says("digest off")
    assert "No more weekly digests" in ada.told
    await team.wait(days=15)
    assert (await ada.sees()).count("Backlog health") == 1, "off means off"


async def test_it_shows_a_chart_and_keeps_the_details_in_its_thread(
    team: Stage, ada: Player
) -> None:
    await ada.says("digest on Monday 9:00")
    await team.wait(days=7)
    drawn = "\n".join(team.shown())
    charts = ("data_visualization", "Chart.Line", "<svg", "Backlog health")
    assert any(chart in drawn for chart in charts)
    seen = await ada.sees()
    assert "W" in seen
    assert seen.index("Backlog health, week 49") < seen.index("Next in line")


async def test_an_ask_is_answered_from_the_digest(team: Stage, ada: Player, tomas: Player) -> None:
    await ada.says("digest on Monday 9:00")
    await team.wait(days=7)
    asked = [ask for ask in ("Assign", "Refine", "Drop") if f"[{ask}]" in digest(await ada.sees())]
    assert asked, "the digest asks for nothing"
    answers: dict[str, dict[str, Answer]] = {
        "Assign": {"owner": tomas.id},
        "Refine": {"details": "Anybody can find its owner.", "ready": True},
        "Drop": {"reason": "no longer true"},
    }
    before = digest(await ada.sees())
    await tomas.clicks(asked[-1])
    assert tomas.form
    await tomas.fills(answers[asked[-1]])
    assert tomas.form == ""
    after = digest(await ada.sees())
    assert "✓" in after, "the digest does not say that it was done"
    assert after.count("[") < before.count("[")


async def test_a_preview_is_for_one_person_alone(team: Stage, ada: Player, grace: Player) -> None:
    await grace.says("digest preview")
    assert "Backlog health, week 48" in grace.told
    assert "Backlog health" not in await ada.sees()
    await grace.clicks("Turn on the weekly digest")
    await grace.fills({"at": "half past nothing"})
    assert "half past nothing" in grace.form + grace.prefilled("at"), "what was typed is lost"
    await grace.fills({"at": "16:30", "weekday": "Friday"})
    assert "Fridays at 16:30" in grace.told


def digest(seen: str) -> str:
    return seen[seen.index("Backlog health, week") :]
