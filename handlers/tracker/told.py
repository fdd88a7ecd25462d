"""What a tracker told of itself, as the columns `told` of its site and of its scopes keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bot.remote import Abilities, Scope
from handlers.sources.survey import Survey

# --- a site ----------------------------------------------------------------------------------


def with_scopes(told: Mapping[str, Any], scopes: Sequence[Scope]) -> dict[str, Any]:
    """Return what a site told, with what can be followed there."""
    return {**told, "scopes": [[scope.id, scope.name] for scope in scopes]}


def scopes_in(told: Mapping[str, Any]) -> list[Scope]:
    """Return what can be followed at a site, in the order people there see it."""
    return [Scope(id, name) for id, name in told.get("scopes", ())]


def with_attempt(told: Mapping[str, Any], sealed: str) -> dict[str, Any]:
    """Return what a site told, while another way in is tried; `sealed` is the one that works."""
    return {**without_attempt(told), "before": sealed}


def way_before(told: Mapping[str, Any]) -> str:
    """Return the way in that worked before the one that is tried, sealed; "" if there is none."""
    return str(told.get("before", ""))


def with_slip(told: Mapping[str, Any], words: str) -> dict[str, Any]:
    """Return what a site told once another way in proved wrong; `words` say why."""
    return {**without_attempt(told), "slip": words}


def slip_in(told: Mapping[str, Any]) -> str:
    """Return why the way in that was tried last was wrong, "" if it was not."""
    return str(told.get("slip", ""))


def without_attempt(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a site told, once the way in that was tried is the one that works."""
    return {name: value for name, value in told.items() if name not in ("before", "slip")}


# --- a scope ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Outlook:
    """The PI that was read last, "" for none: its id there, its first day (ISO); or why not.

    `stretches` counts those of its objectives that are not committed.
    """

    id: str = ""
    name: str = ""
    starts: str = ""
    objectives: int = 0
    stretches: int = 0
    why: str = ""


@dataclass(slots=True)
class Told:
    """What is known of a scope: where Hone may write, and what its items would become here.

    `items` counts all that were looked at, `restricted` those that stay out. `saved` counts those
    that were brought in since Start. `linked` are twins that people said are the same: the id
    there → the number here. `paused_in` is the step that pausing interrupted. `has_steps`: items
    tell how they got where they are. Neighbours are linked up to item `linked_to`. `unsaved` are
    items that could not be saved, each with an incident's number. `looks_again`: what can be
    written is to be asked anew. `rehomed`: scores have other fields since, and what those hold is
    no edit of anybody's, until all was read once more. `outlook` is what comes into the team's
    planning interval.
    """

    abilities: Abilities = field(default_factory=Abilities)
    found: Survey = field(default_factory=Survey)
    restricted: int = 0
    saved: int = 0
    linked: dict[str, int] = field(default_factory=dict)
    paused_in: str = ""
    has_steps: bool = False
    linked_to: int = 0
    unsaved: dict[str, str] = field(default_factory=dict)
    looks_again: bool = False
    rehomed: bool = False
    outlook: Outlook | None = None

    @property
    def items(self) -> int:
        return self.found.total + sum(self.found.left_out.values())


_TOLD: TypeAdapter[Told] = TypeAdapter(Told)


def read_told(told: Mapping[str, Any]) -> Told:
    """Return what is known of a scope, from its column `told`."""
    return _TOLD.validate_python(dict(told))


def written(told: Told) -> dict[str, Any]:
    """Return the same for the column."""
    kept: dict[str, Any] = _TOLD.dump_python(told, mode="json")
    return kept
