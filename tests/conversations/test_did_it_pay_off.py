"""Items are voted on, shipped and checked; then somebody asks whether the votes were right."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from storage import Store
from storage.posts import PostRow
from storage.subjects import PostSubject
from tests.hone import WORKSPACE, Hone, Someone

COLUMNS = ("ubv", "tc", "rroe", "size")
TITLES = (
    *("Builds take forty minutes", "Nobody owns staging", "Reviews wait two days"),
    *("Estimation runs long", "Contracts change unannounced", "Deploys need one person"),
)
HANDS = {1: "13 8 3 3", 2: "8 5 3 3", 3: "8 8 2 3", 4: "2 2 1 8", 5: "1 2 1 8", 6: "1 1 1 8"}


async def voted(hone: Hone) -> list[Someone]:
    people = [hone.person(name) for name in ("Ada", "Grace", "Tomas")]
    ada = people[0]
    for title in TITLES:
        await ada.says(f"improve {title}")
    await ada.says("wsjf " + " ".join(f"#{number}" for number in HANDS))
    for person in people:
        hone.now += timedelta(minutes=1)
        await person.clicks("Vote")
        for place, column in enumerate(COLUMNS):
            await person.fills({f"{column}.{n}": row.split()[place] for n, row in HANDS.items()})
    await ada.clicks("Reveal")
    await ada.clicks("Accept scores")
    return people


async def ships(hone: Hone, moved: dict[int, bool], days: dict[int, int]) -> None:
    """Start all of them today, accept each after so many days, and check what it moved."""
    begun = hone.now

    async def change(at: datetime, number: int, **changes: str) -> None:
        async def write(store: Store) -> None:
            item = await store.items.locked(number)
            assert item is not None
            await store.items.change(item, changes, by="ada")

        await hone.database.write(WORKSPACE, at, write)

    for number, day in days.items():
        await change(begun, number, state="in progress")
        effect = "moved" if moved[number] else "not moved"
        await change(begun + timedelta(days=day), number, state="accepted", effect=effect)
    hone.now = begun + timedelta(days=30)


async def test_what_ranked_high_is_compared_with_what_it_moved(hone: Hone) -> None:
    ada, *_ = await voted(hone)
    moved = {1: True, 2: True, 3: True, 4: False, 5: False, 6: False}
    await ships(hone, moved, {1: 8, 2: 9, 3: 10, 4: 8, 5: 10, 6: 9})
    await ada.says("wsjf payoff")
    assert "Of the upper half by WSJF 3 of 3 moved their metric, of the lower 0 of 3" in ada.told
    assert "high moved more often" in ada.told
    assert "By Value · High: moved 3 of 3 · Low: moved 0 of 3" in ada.told
    assert "Your 8s in Job size took as long as your 3s (9 and 9 days)" in ada.told
    assert "6 items accepted in the last year, 6 with a checked effect." in ada.told
    assert not any(name in ada.told for name in ("Grace", "Tomas"))
    await ada.says("wsjf payoff train")
    assert "Of the upper half by WSJF 3 of 3" in ada.told
    await ada.says("retro ia")
    assert "Did the votes pay off?" in ada.told


async def test_few_checked_effects_conclude_nothing(hone: Hone) -> None:
    ada, *_ = await voted(hone)
    await ada.says("wsjf payoff")
    assert "Nothing that was voted on has been accepted in the last year." in ada.told
    await ships(hone, {1: True, 4: False}, {1: 8, 4: 9})
    await ada.says("wsjf payoff")
    assert "2 of 2 shipped items had their effect checked: too few to say" in ada.told
    assert "For the next vote" not in ada.told


async def test_guests_read_only_their_own_team(hone: Hone) -> None:
    await voted(hone)
    guest = hone.person("Gus", role="guest")
    await guest.says("wsjf payoff train")
    assert "Guests see only the team they are with" in guest.told


async def test_a_closed_pi_keeps_what_it_shipped_and_hears_what_it_moved(hone: Hone) -> None:
    """Its card stands for years: what is shipped after it belongs to the next one."""
    ada, *_ = await voted(hone)
    await ada.says("pi setup")
    await ada.fills({"name": "PI 27.1", "starts": "2026-11-23", "length": "10 weeks"})
    await ships(hone, {1: True}, {1: 8})
    await ada.says("pi close")
    await ada.fills({})
    assert "1 of 1 shipped items had their effect checked" in hone.last()
    await ships(hone, {4: False}, {4: 9})
    await hone.wait(minutes=10)
    assert "1 of 1 shipped items had their effect checked" in hone.last()

    async def takes_back(store: Store) -> None:
        item = await store.items.locked(1)
        assert item is not None
        await store.items.change(item, {"effect": ""}, by="ada")

    await hone.database.write(WORKSPACE, hone.now, takes_back)
    await hone.wait(minutes=10)
    assert "0 of 1 shipped items had their effect checked" in hone.last()


async def test_a_closed_pi_is_not_drawn_again_for_what_is_none_of_its_business(hone: Hone) -> None:
    """Its card stands for years, and its train's items change a hundred times a day."""
    ada, *_ = await voted(hone)
    await ada.says("pi setup")
    await ada.fills({"name": "PI 27.1", "starts": "2026-11-23", "length": "10 weeks"})
    await ships(hone, {1: True}, {1: 8})
    hone.now += timedelta(minutes=1)
    await ada.says("pi close")
    await ada.fills({})
    await hone.wait(minutes=1)
    async with hone.database.read(WORKSPACE, hone.now) as store:
        shown = await store.session.scalars(
            select(col(PostSubject.subject))
            .join(PostRow, col(PostRow.id) == col(PostSubject.post))
            .where(col(PostRow.view).startswith('["pi.closed"'))
        )
        subjects = set(shown)
    assert "item:1" in subjects
    assert not [subject for subject in subjects if subject.startswith("backlog:")]
