"""A team's Definition of Ready: rules that can be looked up, and lines of its own that people tick.

Like the hints it never gates: what is missing is named, and a reason opens the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from handlers.phrases import cut

LINES_MAX: Final = 10
LINE_MAX_CHARS: Final = 75
"""A line stands beside a box to tick; Slack takes this much there."""

POINTS_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look up. `waits_for` counts open links."""

    described: bool = False
    criteria: int = 0
    points: float | None = None
    owned: bool = False
    hypothesis: bool = False
    waits_for: int = 0
    scored: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    words: str
    holds: Callable[[Facts], bool]


RULES: Final[Mapping[str, Rule]] = {
    "described": Rule("The details say what and why", lambda f: f.described),
    "criteria": Rule("Acceptance criteria are written", lambda f: f.criteria > 0),
    "points": Rule("It has points", lambda f: f.points is not None),
    "small": Rule(
        f"It has at most {POINTS_MAX} points", lambda f: f.points is None or f.points <= POINTS_MAX
    ),
    "unblocked": Rule("It waits for nothing", lambda f: f.waits_for == 0),
    "owned": Rule("Somebody owns it", lambda f: f.owned),
    "hypothesis": Rule("The metric it moves is named", lambda f: f.hypothesis),
    "scored": Rule("Its WSJF is voted", lambda f: f.scored),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """`rules` are keys of RULES in their order; `lines` are the team's own words."""

    rules: tuple[str, ...] = ("criteria", "points", "small", "unblocked")
    lines: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        return len(self.rules) + len(self.lines)


DEFAULT: Final = Definition()


def read(settings: Mapping[str, Any]) -> Definition:
    """Return the definition kept in a team's settings, or the default one."""
    kept = settings.get("ready_definition")
    if not isinstance(kept, dict):
        return DEFAULT
    rules = tuple(rule for rule in RULES if rule in kept.get("rules", ()))
    return Definition(rules, tuple(str(line) for line in kept.get("lines", ())))


def kept(definition: Definition) -> dict[str, Any]:
    """Return the definition as the settings keep it."""
    return {"rules": list(definition.rules), "lines": list(definition.lines)}


def missing(definition: Definition, facts: Facts, ticked: tuple[str, ...]) -> tuple[str, ...]:
    """Return what an item lacks to be ready, in the definition's order."""
    return tuple(_missing(definition, facts, ticked))


def _missing(definition: Definition, facts: Facts, ticked: tuple[str, ...]) -> Iterator[str]:
    yield from (RULES[rule].words for rule in definition.rules if not RULES[rule].holds(facts))
    yield from (line for line in definition.lines if line not in ticked)


def read_lines(typed: str) -> tuple[tuple[str, ...], str]:
    """Return a team's own lines, one per line that was typed, and what is wrong with them."""
    lines = tuple(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines()))
    lines = tuple(line for line in lines if line)
    if len(lines) > LINES_MAX:
        return lines, f"That is {len(lines)} lines; at most {LINES_MAX} fit."
    if long := next((line for line in lines if len(line) > LINE_MAX_CHARS), None):
        return lines, (
            f"“{cut(long, 41)}” has {len(long)} characters; a line may have {LINE_MAX_CHARS}."
        )
    return lines, ""
