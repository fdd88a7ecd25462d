"""What of an item is to be written in its tracker, and why the rest is not: plain values.

A field goes out where Hone's value is another than both sides last agreed on, and a member of the
team chose it since the tracker is followed. Scores go as a whole set or not at all. A value that
the tracker refused is not sent twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.remote import CARDS, WRITTEN_FIELDS, Abilities
from handlers.phrases import listed
from handlers.sources.merge import is_empty, plain
from handlers.ui.elsewhere import SCORE, WRITTEN_WORDS
from handlers.ui.views import UNDO_FOR
from storage.items import Item, ItemEvent
from storage.records import COLUMN_OF, CREATION, UNBORN
from storage.tracked import Tracked

SCORED_AT: Final = "scored_at"
"""Noted beside the cards of a score: the same cards of a new vote are news."""

WSJF_DECIMALS: Final = 2

FROM_GUESTS: Final = "what guests change stays in Hone"


def goes_at(item: Item) -> datetime:
    """Return when a new improvement goes into the tracker by itself.

    Until then a capture can be undone; the moment of one that nobody signed is an hour long.
    """
    if item.created_by is not None:
        return item.created_at + UNDO_FOR
    return item.created_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Around:
    """What decides beside the item what is written: `tool` is what people call the tracker.

    `waits` says why nothing is written at all just now, "" where nothing hinders. `accounts` are
    people's accounts there, `outside` are people who may not write there, `names` how people are
    called. `since` is when the team began to follow it.
    """

    tool: str
    abilities: Abilities
    since: datetime
    waits: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    outside: Collection[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Fields to write, as the tracker takes them and as Hone has them; others with the reason."""

    change: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    by: str | None = None

    def __bool__(self) -> bool:
        """Whether anything is to be written, now or later."""
        return bool(self.change or self.held)


def outgoing(item: Item, tracked: Tracked, events: Sequence[ItemEvent], around: Around) -> Outgoing:
    """Return what is to be written of an item now."""
    unborn = tracked.remote_id.startswith(UNBORN)
    edits = _last_edits(events)
    values = {
        name: value
        for name, value in _values(item)
        if _differs(name, value, item, tracked, unborn=unborn)
        and (unborn or _chosen(name, tracked, edits, around))
    }
    if tracked.state_wanted and tracked.state_wanted != tracked.state and not unborn:
        values["state"] = tracked.state_wanted
    by = _author(item, tracked, values, edits, unborn=unborn)
    if around.waits:
        return Outgoing(held=dict.fromkeys(values, around.waits), by=by)
    if unborn and CREATION in tracked.refused:
        return Outgoing(by=by)
    held = dict(_hindrances(values, edits, around, unborn=unborn))
    values = {name: value for name, value in values.items() if name not in held}
    if not values.keys().isdisjoint(CARDS):  # a note tells all four, whichever is another now
        values |= {name: value for name, value in _values(item) if name in CARDS}
    if not values.keys().isdisjoint(SCORE):
        told = values | {SCORED_AT: plain(item.scored_at)}
    else:
        told = values
    change = {name: _told(name, value, tracked, around) for name, value in values.items()}
    return Outgoing(change, told, held, by)


def _values(item: Item) -> Iterator[tuple[str, Any]]:
    """Yield each field that may be written, as `base` would keep it."""
    for name in WRITTEN_FIELDS:
        if name == "wsjf":
            yield name, None if item.wsjf is None else round(item.wsjf, WSJF_DECIMALS)
        elif name != "state":
            yield name, plain(getattr(item, COLUMN_OF.get(name, name)))


def _differs(name: str, value: Any, item: Item, tracked: Tracked, *, unborn: bool) -> bool:
    column = COLUMN_OF.get(name, name)
    agreed = tracked.base.get(column)
    if value == agreed or (is_empty(value) and is_empty(agreed)):
        return False
    if unborn or name not in tracked.refused or tracked.sent.get(column) != value:
        return True
    return name in SCORE and tracked.sent.get(SCORED_AT) != plain(item.scored_at)  # voted anew


Edits = Mapping[str, tuple[str, datetime]]
"""A field → who changed it last, and when."""


def _last_edits(events: Sequence[ItemEvent]) -> Edits:
    return {
        name: (event.person, event.at)
        for event in events
        if event.person is not None
        for name in event.changes
    }


def _chosen(name: str, tracked: Tracked, edits: Edits, around: Around) -> bool:
    """Tell whether people chose the value since the tracker is followed, and not long before."""
    column = COLUMN_OF.get(name, name)
    return column in tracked.base or (column in edits and edits[column][1] >= around.since)


def _author(
    item: Item, tracked: Tracked, values: Mapping[str, Any], edits: Edits, *, unborn: bool
) -> str | None:
    """Return on whose behalf the change is made; nobody's for what nobody signed."""
    if unborn:
        return tracked.wanted_by or None if item.created_by else None
    if "state" in values and tracked.wanted_by:
        return tracked.wanted_by
    known = [edits[name] for f in values if (name := COLUMN_OF.get(f, f)) in edits]
    return max(known, key=lambda edit: edit[1])[0] if known else None


def _hindrances(
    values: Mapping[str, Any], edits: Edits, around: Around, *, unborn: bool
) -> Iterator[tuple[str, str]]:
    """Yield the fields that cannot be written, each with why: the end of a sentence."""
    score = [name for name in values if name in SCORE]
    missing = _score_hindrance(around) if score else ""
    for name in values:
        column = COLUMN_OF.get(name, name)
        if not unborn and column in edits and edits[column][0] in around.outside:
            yield name, FROM_GUESTS
        elif name in SCORE:
            if missing:
                yield name, missing
            elif not around.abilities.writes(name):
                yield name, ""  # the rest of the set says it
        elif unborn and name == "title":
            continue
        elif name == "owner" and values[name] and values[name] not in around.accounts:
            who = around.names.get(values[name], "the owner")
            yield name, f"I don't know {who}'s account in {around.tool}"
        elif name != "state" and not around.abilities.writes(name):
            yield name, _hindrance(name, around)


def _hindrance(name: str, around: Around) -> str:
    home = around.abilities.homes.get(name)
    if home is None:
        return f"{around.tool} has no field for {WRITTEN_WORDS[name]} here"
    return home.hindrance.rstrip(".")


def _score_hindrance(around: Around) -> str:
    """Return why a score cannot be written: all of its cards have a home, or none of them."""
    homes = around.abilities.homes
    lacking = [card for card in CARDS if not around.abilities.writes(card)]
    if not lacking:
        return ""
    if all(card not in homes for card in CARDS):
        if around.abilities.writes("wsjf"):
            return ""
        return _hindrance("wsjf", around)
    told = [homes[card].hindrance.rstrip(".") for card in lacking if card in homes]
    if told:
        return told[0]
    return (
        f"{around.tool} has no field for {listed([WRITTEN_WORDS[card] for card in lacking])} here"
    )


def _told(name: str, value: Any, tracked: Tracked, around: Around) -> Any:
    """Return a value as its tracker takes it."""
    match name:
        case "owner":
            return around.accounts[value] if value else ""
        case "due":
            return date.fromisoformat(value) if value else None
        case "labels":
            before = tracked.base.get("themes") or []
            return (
                *(f"+{theme}" for theme in value if theme not in before),
                *(f"-{theme}" for theme in before if theme not in value),
            )
        case _:
            return value
