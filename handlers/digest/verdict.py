"""The digest's first sentence: how the backlog is, and what changed most.

The first condition that holds names the week:

1. empty – nothing is open
2. new – fewer than three digests so far, fewer than five items open or finished, and none
   untouched for long
3. quiet – at least three items, and at least half of what is open, untouched for too long
4. starving – ready work lasts less than one iteration; without a velocity: less than a third of
   at least three items in the horizon is ready
5. overloaded – at least four items under way, more than were finished in the last four weeks
   (by Little's law each then takes over a month); never in a team's first four weeks
6. blocked – at least two items have waited for other teams for longer than an iteration, and
   they are a fifth of as many as the horizon holds
7. slipping – at least three improvements were due in 90 days, and under half were done on time
8. ownerless – at least three improvements have no owner
9. healthy if two thirds of the horizon are ready, else steady

What changed most is the count that moved furthest since the last digest; of equals the first of
`TRACKED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, assert_never

from handlers.digest.week import Week
from handlers.phrases import counted

Condition = Literal[
    "empty",
    "new",
    "quiet",
    "starving",
    "overloaded",
    "blocked",
    "slipping",
    "ownerless",
    "steady",
    "healthy",
]

TRACKED: Final = {
    "ready": "ready items",
    "stale": "untouched items",
    "working": "items under way",
    "done": "finished items",
    "late": "late improvements",
    "waiting": "items held up by others",
    "unowned": "ownerless improvements",
    "open": "open items",
}
"""Counts whose change may be told, with the words for it."""

NEW_DIGESTS: Final = 3
NEW_ITEMS: Final = 5
QUIET_ITEMS_MIN: Final = 3
QUIET_SHARE: Final = Fraction(1, 2)
STARVING_HORIZON_MIN: Final = 3
STARVING_SHARE: Final = Fraction(1, 3)
STARVING_ITERATIONS: Final = 1
OVERLOADED_ITEMS_MIN: Final = 4
OVERLOADED_DAYS_KNOWN_MIN: Final = 28
BLOCKED_ITEMS_MIN: Final = 2
BLOCKED_SHARE: Final = Fraction(1, 5)
SLIPPING_DUE_MIN: Final = 3
SLIPPING_SHARE: Final = Fraction(1, 2)
OWNERLESS_MIN: Final = 3
HEALTHY_SHARE: Final = Fraction(2, 3)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`about` are the counts that the sentence speaks of: readers look for them below it."""

    condition: Condition
    sentence: str
    about: tuple[str, ...] = ()


def judge(this: Week, last: Week | None, digests: int, untouched_for: str) -> Verdict:
    """Return the week's verdict.

    `digests` is how many there were before this one, `untouched_for` ("4 weeks") after what time
    an item counts as untouched.
    """
    condition = condition_of(this, digests)
    statement, evidence = _statement(condition, this, untouched_for)
    moved = ""
    if last is not None and condition not in ("empty", "new"):
        moved = _moved_furthest(this, last)
    if last is not None and moved:
        statement += _change(this, last, moved, evidence)
    return Verdict(condition, f"{statement}.", tuple(filter(None, (evidence, moved))))


def condition_of(this: Week, digests: int) -> Condition:
    """Return the first condition of the list above that holds."""
    if not this.open:
        return "empty"
    is_small = this.open + this.done_lately < NEW_ITEMS
    if digests < NEW_DIGESTS and is_small and not this.stale:  # what lies there for long came along
        return "new"
    if this.stale >= QUIET_ITEMS_MIN and this.stale >= QUIET_SHARE * this.open:
        return "quiet"
    if _is_starving(this):
        return "starving"
    if (
        this.working >= OVERLOADED_ITEMS_MIN
        and this.working > this.done_lately
        and this.days_known >= OVERLOADED_DAYS_KNOWN_MIN
    ):
        return "overloaded"
    held_up = this.waiting or 0
    if held_up >= BLOCKED_ITEMS_MIN and held_up >= BLOCKED_SHARE * this.horizon:
        return "blocked"
    if this.due >= SLIPPING_DUE_MIN and this.kept < SLIPPING_SHARE * this.due:
        return "slipping"
    if this.unowned >= OWNERLESS_MIN:
        return "ownerless"
    return "healthy" if this.ready >= HEALTHY_SHARE * this.horizon else "steady"


def _is_starving(this: Week) -> bool:
    if this.runway is not None:
        return this.runway < STARVING_ITERATIONS
    few = this.ready < STARVING_SHARE * this.horizon
    return few and this.horizon >= STARVING_HORIZON_MIN


def _statement(condition: Condition, this: Week, untouched_for: str) -> tuple[str, str]:
    """Return the sentence without its end, and the count that it ends with, if any."""
    match condition:
        case "empty":
            return _empty(this), "done" if this.done else "open"
        case "new":
            return _new(this), "open"
        case "quiet":
            quiet = f"{this.stale} of {this.open} items untouched for {untouched_for}"
            return f"The backlog went quiet: {quiet}", "stale"
        case "starving":
            return _starving(this)
        case "overloaded":
            finished = f"{_count(this.done_lately, 'item')} finished in four weeks"
            return f"Too much at once: {finished}, {this.working} under way", "working"
        case "blocked":
            wait = f"{this.waiting} items wait for other teams longer than an iteration"
            return f"Others hold us up: {wait}", "waiting"
        case "slipping":
            kept = f"{this.kept or 'none'} of {this.due} {_was(this.kept)} done on time"
            return f"Improvements are slipping: {kept}", "kept"
        case "ownerless":
            return f"Improvements need people: {this.unowned} have no owner", "unowned"
        case "steady":
            return f"The backlog is steady{':' if this.ready else ', but'} {_next(this)}", "ready"
        case "healthy" if not this.horizon:
            return "The backlog is in good shape: everything open is under way", ""
        case "healthy":
            return f"The backlog is in good shape: {_next(this)}", "ready"
        case _:
            assert_never(condition)


def _empty(this: Week) -> str:
    if this.done:
        return f"All done: {_count(this.done, 'item')} finished, none left open"
    return "The backlog is empty: a good week to ask what slows you down"


def _new(this: Week) -> str:
    start = f"A good start: {_count(this.open, 'open item')}"
    if this.ready:
        return f"{start}, {this.ready} ready to begin"
    if this.working:
        return f"{start}, {this.working} under way"
    return f"{start}; make one ready and you can begin"


def _starving(this: Week) -> tuple[str, str]:
    if not this.horizon:
        return "Ready work ran out: nothing is waiting", ""
    if not this.ready:
        return f"Ready work ran out: {_next(this)}", "ready"
    if this.runway is not None:
        return f"Ready work is running out: it lasts {this.runway:g} iterations", "runway"
    return f"Ready work is running out: {_next(this)}", "ready"


def _next(this: Week) -> str:
    """Return how much of a horizon of at least one item is ready."""
    if this.horizon == 1:
        return f"the next item is {'' if this.ready else 'not '}ready"
    if this.ready == this.horizon:
        return f"{'both' if this.ready == 2 else f'all {this.ready}'} next items are ready"
    verb = "are" if this.ready > 1 else "is"
    return f"{this.ready or 'none'} of the next {this.horizon} items {verb} ready"


def _moved_furthest(this: Week, last: Week) -> str:
    """Return the count that moved furthest, "" if none did."""
    known = (name for name in TRACKED if getattr(last, name) is not None)
    moved = {name: abs(getattr(this, name) - getattr(last, name)) for name in known}
    furthest = max(moved, key=lambda name: moved[name])
    return furthest if moved[furthest] else ""


def _change(this: Week, last: Week, furthest: str, evidence: str) -> str:
    was, now = getattr(last, furthest), getattr(this, furthest)
    if furthest == evidence:
        return f", {'up' if now > was else 'down'} from {was}"
    return f"; {TRACKED[furthest]} {'rose' if now > was else 'fell'} from {was} to {now}"


def _count(number: int, noun: str) -> str:
    return counted(number, noun) if number else f"no {noun}s"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
