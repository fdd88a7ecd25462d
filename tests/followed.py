"""What a tracker told, as it stands in the storage once it was read: for stories about cards."""

from __future__ import annotations

from collections.abc import Callable

from bot.remote import Abilities, FieldHome, News, Scope
from bot.turn import Person, Place, Pulled, Turn
from handlers.sources.survey import Unknown
from handlers.tracker.told import Told, read_told, with_scopes, written
from storage import Store
from tests.hone import Hone

HOMES = {
    "title": FieldHome("Summary"),
    "points": FieldHome("Story points"),
    "state": FieldHome("Status"),
    "ubv": FieldHome("Business Value"),
    "tc": FieldHome("Time Criticality"),
    "rroe": FieldHome("Risk Reduction"),
    "size": FieldHome("Job Size"),
    "wsjf": FieldHome("WSJF"),
}


async def hears(hone: Hone, news: News, *, scope: int | None = None) -> None:
    """The tracker tells something, and reading brings it in."""
    nobody = Person("", "")
    pulled = Pulled(1, scope, news)
    turn = Turn(hone.workspace, Place(""), nobody, pulled, hone.now, key="", acted_at=hone.now)
    await _written(hone, lambda store: hone.router.take_in(turn, store))


async def lets_in(hone: Hone, *names: str, tracker: int = 1) -> None:
    """The tracker lets Hone in, and names what can be followed there."""

    async def work(store: Store) -> None:
        site = await store.trackers.find(tracker)
        assert site is not None
        site.state, site.account, site.account_name = "open", "hone", "Hone Bot"
        site.hook = "h" * 43
        site.told = with_scopes(site.told, [Scope(name[:3].upper(), name) for name in names])

    await _written(hone, work)


async def refuses(hone: Hone, why: str, tracker: int = 1) -> None:
    """The tracker does not let Hone in."""

    async def work(store: Store) -> None:
        site = await store.trackers.find(tracker)
        assert site is not None
        site.state, site.why = "refused", why

    await _written(hone, work)


async def tells(
    hone: Hone, step: str = "", *, scope: int = 1, change: Callable[[Told], None] | None = None
) -> None:
    """Reading has come to a step, and told something."""

    async def work(store: Store) -> None:
        row = await store.trackers.scope(scope)
        assert row is not None
        told = read_told(row.told)
        if change is not None:
            change(told)
        row.told, row.step = written(told), step or row.step

    await _written(hone, work)


def something_of_all(told: Told) -> None:
    """A preview in which everything occurs that may."""
    found = told.found
    found.new, found.changed, found.same = 640, 12, 160
    found.states["waiting"] = Unknown("Waiting", "in progress", 14)
    found.known_of("states")["done"] = Unknown("Done", "accepted", 300)
    found.known_of("people")["ada"] = Unknown("Ada", "ada", 30)
    found.owners["bo lee"] = Unknown("Bo Lee", "", 10)
    found.twins.append((1, "10001", "PAY-1"))
    found.kept["points"] = 3
    told.restricted = 3
    told.abilities = Abilities(HOMES)


async def _written(hone: Hone, work: Callable[[Store], object]) -> None:
    await hone.database.write(hone.workspace, hone.now, work)  # type: ignore[arg-type]
    await hone.settle()
