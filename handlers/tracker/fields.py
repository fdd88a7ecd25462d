"""Which fields of a tracker take a score: found by their names, unless people choose others.

A site has its fields for all of its projects, so what is chosen holds for the whole site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.cards import Choice, Option
from bot.trackers.kinds import called_in, from_kept, with_called
from bot.turn import Answers
from handlers.phrases import shortened
from handlers.tracker.cards import Followed
from handlers.ui.elsewhere import SCORE, WRITTEN_WORDS
from storage import Store
from storage.trackers import TrackerSite

OFFERED_MAX: Final = 98
"""A choice has at most 100 options on Slack; two say by its name, and nowhere."""

BY_NAME, NOWHERE = "name", "none"
TWICE = "Each card needs a field of its own."


def choices(each: Followed) -> Iterator[Choice]:
    """Ask where each card goes; what was found or chosen before is proposed."""
    if not (offered := _offered(each)):
        return
    chosen = _chosen(each.site)
    for ours in SCORE:
        home = each.told.abilities.homes.get(ours)
        found = "" if ours in chosen or home is None else f": {home.name}"
        options = (
            Option(shortened(f"By its name{found}", 70), BY_NAME),
            *(Option(shortened(name, 70), place) for place, name in offered.items()),
            Option("Nowhere: it stays in Hone", NOWHERE),
        )
        words = WRITTEN_WORDS[ours].removeprefix("the ")
        proposed = _proposed(chosen, ours, offered)
        yield Choice(_field(ours), f"{words} goes into", options, (proposed,))


def read(each: Followed, answers: Answers) -> tuple[dict[str, str], dict[str, str]]:
    """Return what people said each home is called, and what is wrong, by field of the form."""
    offered, chosen = _offered(each), _chosen(each.site)
    called = dict(chosen)
    for ours in SCORE:
        answer = answers.one(_field(ours))
        if answer == BY_NAME:
            called.pop(ours, None)
        elif answer == NOWHERE:
            called[ours] = ""
        elif answer in offered:
            called[ours] = offered[answer]
    homes = each.told.abilities.homes
    found = {ours: homes[ours].name for ours in SCORE if ours in homes and ours not in chosen}
    goes = {ours: name for ours, name in {**found, **called}.items() if name}
    twice = [ours for ours, name in goes.items() if list(goes.values()).count(name) > 1]
    return called, {_field(ours): TWICE for ours in twice}


async def choose(store: Store, site: TrackerSite, called: Mapping[str, str]) -> bool:
    """Have cards go where people said, in all that is followed there; False if that is not new."""
    if called == _chosen(site):
        return False
    site.sealed = with_called(site.sealed, called)
    for scope in await store.trackers.scopes_at(site.id):
        scope.told = {**scope.told, "looks_again": True, "rehomed": True}
        if scope.step in ("links", "following"):
            scope.step, scope.cursor, scope.due_at = "first", "", store.now
    return True


def _offered(each: Followed) -> dict[str, str]:
    """Return the names of the fields to choose from, each by its place."""
    names = sorted(dict.fromkeys(each.told.abilities.numbers), key=str.casefold)
    return {str(place): name for place, name in enumerate(names[:OFFERED_MAX])}


def _chosen(site: TrackerSite) -> dict[str, str]:
    return called_in(from_kept(site.sealed))


def _proposed(chosen: Mapping[str, str], ours: str, offered: Mapping[str, str]) -> str:
    if ours not in chosen:
        return BY_NAME
    return next((place for place, name in offered.items() if name == chosen[ours]), NOWHERE)


def _field(ours: str) -> str:
    return f"home.{ours}"
