"""What following a project would do, in sentences, before anything is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from bot.remote import Abilities
from handlers.phrases import counted, listed, shortened
from handlers.rules.limits import OBJECTIVES_MAX
from handlers.sources.survey import Survey
from handlers.sources.telling import losses, unclear
from handlers.tracker.told import Told

CARDS: Final[Mapping[str, str]] = {
    "ubv": "user-business value",
    "tc": "time criticality",
    "rroe": "risk reduction",
    "size": "job size",
}
_EDITED: Final[Mapping[str, str]] = {
    "title": "titles",
    "owner": "owners",
    "due": "due dates",
    "labels": "labels",
    "points": "points",
}


def summary(found: Survey) -> str:
    known = found.changed + found.same
    return (
        f"{counted(found.total + sum(found.left_out.values()), 'item')}: {found.new:,} new, "
        f"{known:,} known already."
    )


def what_comes(told: Told, there: str) -> Iterator[str]:
    """Say what would come in, what is unclear about it, and what would be lost."""
    found = told.found
    if found.twins:
        pairs = [f"#{number} is {key}" for number, _, key in found.twins]
        same = sum(id in told.linked for _, id, _ in found.twins)
        known = f" You said that of {same}." if same else ""
        yield (
            f"{counted(len(pairs), 'new one')} may be here already, by the title: "
            f"{listed(pairs, 5)}.{known}"
        )
    if told.restricted:
        yield f"{counted(told.restricted, 'restricted item')} stay{_s(told.restricted)} out."
    if sure := len(found.known.get("states", {})):
        guessed = f", {len(found.states)} guessed" if found.states else ""
        yield f"{counted(sure, 'state')} understood{guessed}."
    if people := len(found.known.get("people", {})) + len(found.owners):
        met = people - len(found.owners)
        yield f"I know {met} of {counted(people, 'person', 'people')}."
    yield from unclear(found)
    yield from losses(found, there)


def what_is_written(abilities: Abilities, there: str) -> Iterator[str]:
    """Say where Hone would write, and what keeps it from the rest."""
    edited = [words for name, words in _EDITED.items() if abilities.writes(name)]
    if edited:
        yield f"What you change here is written there, too: {listed(edited)}."
    if abilities.writes("state"):
        yield "A button moves an item to another state there."
    yield _scores(abilities)
    if abilities.creates:
        yield f"Nothing new is put into {there} unless somebody presses the button for it."
    homes = abilities.homes.items()
    yield from (home.hindrance for _, home in homes if home.hindrance)


def what_is_planned(told: Told, plan: str, there: str, held_off: str = "") -> Iterator[str]:
    """Say what comes into the team's planning interval, as far as the tracker keeps any.

    `held_off` is why it does not come in, as the rest of a sentence.
    """
    found = told.outlook
    if not told.abilities.plans:
        return
    if not plan:
        yield f"The PI and its objectives stay in {there}; Change mapping lets them come into pi."
    elif found is None:
        yield f"The PI and its objectives in {there} are not read yet."
    elif found.why:
        yield f"The PI and its objectives cannot be read: {found.why}"
    elif not found.name:
        yield f"{there} has no PI that runs or comes."
    elif held_off:
        yield f"{found.name} {held_off}."
    else:
        stretch = f", {found.stretches} of them uncommitted" if found.stretches else ""
        what = f"{counted(found.objectives, 'objective')}{stretch}"
        starts = date.fromisoformat(found.starts)
        yield f"{found.name}, from {starts.day} {starts:%b %Y} on, comes into pi with {what}."
        if found.objectives > OBJECTIVES_MAX:
            yield f"A team keeps {OBJECTIVES_MAX} objectives in a PI: the rest stays in {there}."


def _scores(abilities: Abilities) -> str:
    """Say where accepted scores go: all four cards or none of them, and the value."""
    writable = [abilities.homes[name].name for name in CARDS if abilities.writes(name)]
    value = _named(abilities.homes["wsjf"].name) if abilities.writes("wsjf") else ""
    if len(writable) == len(CARDS):
        where = f"I write accepted scores into {listed([_named(name) for name in writable])}"
        return f"{where}, and the value into {value}." if value else f"{where}."
    if not any(name in abilities.homes for name in CARDS):
        return f"I write accepted scores into {value}." if value else "Accepted scores stay here."
    lacking = [words for name, words in CARDS.items() if not abilities.writes(name)]
    return (
        f"Accepted scores stay here, since they go whole or not at all: {listed(lacking)} cannot "
        "be written."
    )


def _named(field: str) -> str:
    return f"“{shortened(field, 40)}”"


def _s(count: int) -> str:
    return "s" if count == 1 else ""
