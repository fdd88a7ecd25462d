"""An epic, story or defect as Agility tells it, as a remote item. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from bot.remote import CARDS, RemoteItem, Step
from bot.trackers.rich import words_of_html
from bot.trackers.values import (
    cards,
    details,
    dig,
    facts,
    homes_by_name,
    in_order,
    line,
    moment,
    number,
    person,
    several,
    spoken,
    stamp,
    text,
    without_markers,
)

CLOSED, DELETED = 128, 255
"""Of `AssetState`: 0 is to come, 64 is active."""

WANTED: Final = (
    *("Name", "Number", "Description", "Status.Name", "AssetState", "Estimate", "Swag", "Owners"),
    *("Owners.Name", "Super", "Dependencies", "TaggedWith", "CreateDateUTC", "ChangeDateUTC"),
    *("ClosedDateUTC", "ChangedBy", "Order", "Scope", "Timebox.Name", "Reference", "Moment"),
)
"""What Hone asks of an asset, as far as its type has it."""

CLOSED_WORD: Final = "Closed"
NO_STATUS: Final = "None"


@dataclass(frozen=True, slots=True)
class Shape:
    """A type of the instance: its attributes, and which of them hold a score, by Hone's names.

    `numbers` are those that could, as people call them.
    """

    kind: str
    attributes: frozenset[str]
    homes: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()

    @property
    def select(self) -> list[str]:
        known = [name for name in WANTED if name.partition(".")[0] in self.attributes]
        return [*known, *sorted(set(self.homes.values()))]

    @property
    def points(self) -> str:
        return "Swag" if self.kind == "Epic" else "Estimate"


def shape_of(kind: str, told: Any, called: Mapping[str, str]) -> Shape:
    """Read the definition of a type."""
    attributes = dig(told, "Attributes")
    listed = list(attributes.values()) if isinstance(attributes, dict) else []
    numbers = [
        (text(each, "name"), spoken(text(each, "name")))
        for each in listed
        if text(each, "attributetype") == "Numeric" and dig(each, "isreadonly") is not True
    ]
    found = homes_by_name(numbers, called)
    homes = {ours: id for ours, (id, _) in found.items() if ours in (*CARDS, "wsjf")}
    names = tuple(name for _, name in numbers)
    return Shape(kind, frozenset(text(each, "name") for each in listed), homes, names)


def oid_of(related: Any) -> str:
    """Return the oid of a single relation, whichever way it is told."""
    return text(related, "_oid") or text(related, 0, "_oid")


def item_of(
    asset: Any,
    shape: Shape,
    *,
    source: str,
    site: str,
    steps: Sequence[Step],
    moves: Sequence[str],
    own: str,
) -> RemoteItem:
    oid = text(asset, "_oid")
    closed = number(asset, "AssetState") == CLOSED
    status = line(asset, "Status.Name") or NO_STATUS
    state = CLOSED_WORD if closed else status
    title = line(asset, "Name") or text(asset, "Number")
    owners = several(asset, "Owners")
    names = dig(asset, "Owners.Name")
    owner = line(names, 0) if isinstance(names, list) else line(names)
    updated = moment(asset, "ChangeDateUTC")
    return RemoteItem(
        source=source,
        id=oid,
        key=key_of(asset),
        title=title,
        fields={
            "title": title,
            "description": details(words_of_html(str(dig(asset, "Description") or ""))),
            "points": number(asset, shape.points),
            **(
                {"themes": without_markers(tags_of(asset))}
                if "TaggedWith" in shape.attributes
                else {}
            ),
            **cards({ours: dig(asset, home) for ours, home in shape.homes.items()}),
        },
        kind=oid.partition(":")[0],
        state=state,
        category="done" if closed else "",
        owner=person(owner, oid_of(owners)),
        part_of=oid_of(dig(asset, "Super")),
        blocked_by=tuple(filter(None, (text(e, "_oid") for e in several(asset, "Dependencies")))),
        created=moment(asset, "CreateDateUTC"),
        updated=updated,
        finished=moment(asset, "ClosedDateUTC") if closed else None,
        steps=tuple(steps),
        rank=f"{order:020}" if isinstance(order := number(asset, "Order"), int) else None,
        link=link_of(site, oid),
        facts=facts(sprint=line(asset, "Timebox.Name"), status=status if closed else ""),
        version=f"{int(at):012}" if (at := number(asset, "Moment")) else stamp(updated),
        moves=tuple(each for each in moves if each != state),
        by_hone=oid_of(dig(asset, "ChangedBy")) == own,
        marker=text(asset, "Reference") if text(asset, "Reference").startswith("hone-") else "",
    )


def kind_of(oid: str) -> str:
    """Return which of the two kinds that are asked for an item is."""
    return "Epic" if oid.startswith("Epic:") else "PrimaryWorkitem"


def key_of(asset: Any) -> str:
    return text(asset, "Number") or text(asset, "_oid")


def link_of(site: str, oid: str) -> str:
    return f"{site}/assetdetail.v1?oid={oid}"


def tags_of(asset: Any) -> list[str]:
    """Return the tags of an item, whichever way they are told."""
    tags = dig(asset, "TaggedWith")
    listed = tags if isinstance(tags, list) else [tags]
    return [words for each in listed if (words := line(each))]


def steps_of(versions: Iterable[Any]) -> dict[str, tuple[Step, ...]]:
    """Return oid → the states it went through, out of all versions of some assets."""
    told: dict[str, list[tuple[datetime | None, str]]] = {}
    for each in versions:
        status = line(each, "Attributes", "Status.Name", "value") or NO_STATUS
        closed = number(each, "Attributes", "AssetState", "value") == CLOSED
        at = moment(each, "Attributes", "ChangeDateUTC", "value")
        oid = ":".join(text(each, "id").split(":")[:2])
        told.setdefault(oid, []).append((at, CLOSED_WORD if closed else status))
    return {oid: _moves(in_order(states)) for oid, states in told.items()}


def _moves(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that led to another state: most versions changed something else."""
    return tuple(step for before, step in pairwise(steps) if before.state != step.state)
