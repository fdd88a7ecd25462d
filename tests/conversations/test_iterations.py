"""A team says when its iterations begin; the digest knows what was planned and what got done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.turn import Named
from handlers.digest.facts import Backlog
from handlers.digest.gather import gather
from handlers.digest.health import acceptance_rate, stale
from handlers.digest.horizon import velocity
from storage import Store
from storage.iterations import IterationRow
from storage.teams import Team
from tests.gallery.specimen import furnish
from tests.hone import WORKSPACE, Hone, Someone


async def iterates(person: Someone, first: str, weeks: str = "2") -> None:
    await person.says("hone settings")
    assert person.form is not None, person.told
    await person.fills({"iteration_first": first, "iteration_weeks": weeks})


async def changes(hone: Hone, number: int, **values: object) -> None:
    async def change(store: Store) -> None:
        item = await store.items.find(number)
        assert item is not None
        await store.items.change(item, values, by="ada")

    await hone.database.write(WORKSPACE, hone.now, change)


async def moves(hone: Hone, number: int, state: str) -> None:
    await changes(hone, number, state=state)


async def noted(hone: Hone, team_id: int = 1) -> list[IterationRow]:
    async with hone.database.read(WORKSPACE, hone.now) as store:
        return list(await store.iterations.of_team(team_id, datetime(2020, 1, 1, tzinfo=UTC)))


async def known(hone: Hone) -> Backlog:
    async with hone.database.read(WORKSPACE, hone.now) as store:
        team = await store.teams.find(1)
        assert isinstance(team, Team)
        return (await gather(store, team)).backlog()


TITLES = (
    *("Logins expire", "Refunds take a week", "Search is slow"),
    *("Nobody reads mail", "Builds are red on Mondays", "Docs lag behind"),
)
ADA = Named("ada", "Ada")

# --- what was planned ------------------------------------------------------------------------


async def test_what_was_planned_at_the_start_is_kept_and_what_came_later_is_told_apart(
    hone: Hone,
) -> None:
    ada = hone.person("Ada")
    for title in TITLES[:4]:
        await ada.says(f"improve {title}")
    await iterates(ada, "2026-11-30")
    assert "Iterations: 2 weeks each, from Monday 30 November 2026 on" in ada.told
    assert await noted(hone) == []
    for number in (1, 2, 3):
        await moves(hone, number, "planned")
        await changes(hone, number, points=3)

    await hone.wait(days=7)
    (running,) = await noted(hone)
    assert running.planned == [1, 2, 3]
    await moves(hone, 4, "planned")
    await moves(hone, 3, "ready")
    await moves(hone, 1, "accepted")

    await hone.wait(weeks=2)
    assert [row.planned for row in await noted(hone)] == [[1, 2, 3], [2, 4]]
    backlog = await known(hone)
    rate = acceptance_rate(backlog.items, backlog.iterations, backlog.now)
    assert rate.counts == (1, 3)
    assert dict(rate.parts)["removed"] == 1
    assert dict(rate.parts)["added"] == 1
    assert velocity(backlog.items, backlog.iterations, backlog.now).value == 3


async def test_what_hone_slept_through_is_told_from_the_events(hone: Hone) -> None:
    """A server that was down over the start still knows what was planned then."""
    ada = hone.person("Ada")
    await ada.says("improve Logins need work and care")
    await iterates(ada, "2026-11-30", weeks="1")
    await moves(hone, 1, "planned")
    hone.now += timedelta(days=7, hours=3)
    await moves(hone, 1, "ready")  # after the start, while nobody rang the timer
    await hone.wait(weeks=2)
    rows = await noted(hone)
    assert [row.planned for row in rows] == [[1], [], []]
    assert [a.ends_at == b.starts_at for a, b in pairwise(rows)] == [True, True]
    await hone.wait(days=30)
    assert len(await noted(hone)) == 7, "the timer goes on"


async def test_past_iterations_are_known_at_once(hone: Hone) -> None:
    """Velocity should not have to wait for three iterations."""
    await furnish(hone)
    ada = hone.person("Ada")
    await iterates(ada, "2026-09-28")
    rows = await noted(hone)
    assert len(rows) >= 3
    assert rows[-1].starts_at <= hone.now < rows[-1].ends_at
    backlog = await known(hone)
    ended = [box for box in backlog.iterations if box.ends_at <= hone.now]
    assert len(ended) >= 3


async def test_a_new_rhythm_leaves_what_has_ended_as_it_was(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Logins need work and care")
    await iterates(ada, "2026-11-23")
    await hone.wait(weeks=3)
    before = await noted(hone)
    await iterates(ada, "2026-12-10", weeks="1")
    rows = await noted(hone)
    assert rows[0] == before[0]
    assert rows[1].ends_at == rows[2].starts_at, "the one that ran ends where the new one begins"
    assert rows[2].ends_at - rows[2].starts_at == timedelta(weeks=1)


async def test_a_team_may_stop_iterating(hone: Hone) -> None:
    ada = hone.person("Ada")
    await iterates(ada, "2026-11-23")
    await iterates(ada, "2026-11-23", weeks="0")
    assert "Iterations: none" in ada.told
    await hone.wait(weeks=5)
    assert len(await noted(hone)) <= 1


async def test_iterations_begin_at_midnight_of_the_teams_zone(hone: Hone) -> None:
    ada = hone.person("Ada", zone="Asia/Tokyo")
    await iterates(ada, "2026-11-30")
    await hone.wait(days=7)
    (running,) = await noted(hone)
    assert running.starts_at == datetime(2026, 11, 29, 15, tzinfo=UTC)


async def test_a_wrong_answer_is_told_at_its_field(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = hone.person("Ada")
    for field, answer, told in (
        ("iteration_weeks", "5", "An iteration takes 1 to 4 weeks."),
        ("iteration_weeks", "-1", "An iteration takes 1 to 4 weeks."),
        ("iteration_weeks", "٢", "An iteration takes 1 to 4 weeks."),
        ("iteration_first", "", "On which day does an iteration begin?"),
        ("iteration_first", "2026-02-30", "“2026-02-30” is not a day in the calendar"),
        ("iteration_first", "9999-12-31", "“9999-12-31” is more than 10 years away"),
        ("iteration_first", "soon", "“soon” names no single day"),
    ):
        with subtests.test(field=field, answer=answer):
            await ada.says("hone settings")
            given = {"iteration_first": "2026-11-23", "iteration_weeks": "2", field: answer or ()}
            await ada.fills(given)
            assert list(ada.errors) == [field]
            assert ada.errors[field].startswith(told)
            assert await noted(hone) == []


# --- the digest says what would help ---------------------------------------------------------


async def test_the_digest_offers_iterations_then_objectives_each_once(hone: Hone) -> None:
    """A hint that was not wanted is not repeated every Monday."""
    ada = hone.person("Ada")
    for title in TITLES:
        await ada.says(f"improve {title} @Ada", ADA)
    await hone.wait(days=22)
    for number in range(1, 7):
        await moves(hone, number, "ready")
    await hone.wait(days=1)
    await ada.says("digest")
    assert "Runway is n/a, because no iterations are set" in ada.told
    await ada.clicks("Set iterations", on=ada.whispered)
    assert ada.form is not None
    await ada.fills({"iteration_weeks": "1"})
    assert "The iteration that runs now ends on Sun 20 Dec." in ada.told
    assert len(await noted(hone)) >= 1

    await ada.says("digest on Monday 9:00")
    await hone.wait(days=7)
    posted = next(m for m in reversed(hone.channel()) if "Backlog health" in m.text)
    assert "Alignment is n/a, because no objectives are set" in posted.text
    await ada.clicks("Add objectives", on=posted.card)
    assert "pi setup" in ada.told
    await moves(hone, 1, "planned")
    await hone.wait(days=7)
    latest = next(m for m in reversed(hone.channel()) if "Backlog health" in m.text)
    assert latest is not posted
    assert "Alignment" not in latest.text


# --- one velocity ----------------------------------------------------------------------------


async def accepts(hone: Hone, *points: int) -> None:
    """Let the team finish new items of these sizes now."""

    async def accept(store: Store) -> None:
        for size in points:
            item = await store.items.add(1, f"An item of {size}", by="ada", points=size)
            await store.items.change(item, {"state": "accepted"}, by="ada")

    await hone.database.write(WORKSPACE, hone.now, accept)


async def test_refine_measures_an_item_by_the_velocity_that_the_digest_tells(hone: Hone) -> None:
    """With weekly iterations of 6 points, 4 points are more than half of one everywhere."""
    ada = hone.person("Ada")
    await ada.says("improve Logins need work and care")
    await changes(hone, 1, points=4)
    await iterates(ada, "2026-11-23", weeks="1")
    for _ in range(6):
        await hone.wait(days=1)
        await accepts(hone, 4, 2)
        await hone.wait(days=6)
    backlog = await known(hone)
    assert velocity(backlog.items, backlog.iterations, backlog.now).value == 6
    await ada.says("refine #1")
    await ada.fills({})
    assert "4 points: more than half of the 6 of an iteration." in ada.told


async def test_without_iterations_no_item_is_measured_by_a_velocity(hone: Hone) -> None:
    """What was finished in some four weeks says nothing about an iteration nobody has."""
    ada = hone.person("Ada")
    await ada.says("improve Logins need work and care")
    await changes(hone, 1, points=4)
    await accepts(hone, 4, 2)
    await hone.wait(days=7)
    await ada.says("refine #1")
    await ada.fills({})
    assert "4 points: at most 8. Velocity is n/a: no iterations are set." in ada.told


async def test_refine_next_looks_as_far_ahead_as_the_digest(hone: Hone) -> None:
    """What comes next is twice the velocity, so a big ready item may be all of it."""
    ada = hone.person("Ada")
    await ada.says("improve Logins need work and care")
    await ada.says("improve Refunds take a week")
    await moves(hone, 1, "ready")
    await changes(hone, 1, points=12)
    await changes(hone, 2, points=1)
    await iterates(ada, "2026-11-23", weeks="1")
    await accepts(hone, 4, 2)
    await hone.wait(days=8)
    await ada.says("refine next")
    assert ada.told == "The next item is ready. Nothing to refine."


async def test_what_went_stale_is_the_same_in_the_list_and_in_the_digest(hone: Hone) -> None:
    """Two weekly iterations are two weeks, whoever counts."""
    ada = hone.person("Ada")
    await ada.says("improve Logins need work and care")
    await iterates(ada, "2026-11-23", weeks="1")
    await hone.wait(days=13)
    await ada.says("backlog stale")
    assert "Somebody looked at every open item in the last two iterations." in ada.told
    await hone.wait(days=2)
    assert stale(await known(hone)).items == (1,)
    await ada.says("backlog stale")
    assert "1 untouched for two iterations." in ada.told


# --- one past --------------------------------------------------------------------------------

HISTORY = """key,title,state,points,created,history
A-1,Logins expire,accepted,5,2026-09-01,2026-10-20 accepted
A-2,Refunds take a week,accepted,3,2026-09-01,2026-11-03 accepted
A-3,Search is slow,in progress,8,2026-09-01,2026-11-10 in progress"""


async def imports(person: Someone, keys: str) -> None:
    await person.says("backlog import")
    await person.fills({"rows0": HISTORY.replace("A-", f"{keys}-")})
    await person.fills({})
    assert "3 new" in person.told


async def test_it_does_not_matter_whether_iterations_or_the_history_came_first(hone: Hone) -> None:
    """Who sets up Hone does it in some order, and no number should tell in which."""
    first, then = hone.person("Ada", channel="first"), hone.person("Bea", channel="then")
    await imports(first, "A")
    await iterates(first, "2026-09-28")
    await iterates(then, "2026-09-28")
    await imports(then, "B")
    told = []
    async with hone.database.read(WORKSPACE, hone.now) as store:
        for team_id in (1, 2):
            team = await store.teams.find(team_id)
            assert team is not None
            backlog = (await gather(store, team)).backlog()
            rate = acceptance_rate(backlog.items, backlog.iterations, backlog.now)
            pace = velocity(backlog.items, backlog.iterations, backlog.now)
            planned = [len(box.planned) for box in backlog.iterations]
            told.append((planned, pace.value, rate.counts, rate.reason_if_na))
    assert told[0] == told[1]
    assert told[0][1] is not None
    assert told[0][0][-1] == 1, "what runs now was taken on before it began"
