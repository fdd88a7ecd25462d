"""At most three questions, each to one person about one item, with a button that answers it.

Kinds of asks, and the order of items within each:

* late – an improvement past its day, with an owner: the longest overdue first → snooze
* awaited – another team has waited for an item of ours for longer than an iteration, and it has
  no day that is still to come: the longest awaited first → say when
* waiting – an item of ours has waited that long for a team here, which was not reminded of it for
  as long: the longest first → remind
* untaken – another team has waited that long for us, and no item of ours is named → take it
* unowned – an improvement past `captured`, or work under way, without an owner: backlog order
  → assign
* unready – an item next in line that is not ready: backlog order → refine. Only the top three of
  the horizon, unless the verdict is "starving" or "new"; of what stands between teams the other
  team is the first question
* untouched – nobody touched it for too long: the last in backlog order first → drop; what is under
  way is never dropped, but paused → snooze
* stuck – under way for more than an iteration: the longest first → snooze. Only if the verdict is
  "overloaded"
* unframed – a feature next in line that came in from another tool without a metric: backlog order
  → outcome. One a digest, each once ever; of those written here it was asked then

First come up to two of the kind that would change the verdict, then one of each kind in the order
above, then second ones. Nobody is asked about a snoozed item, twice about one item, or about an
item they were asked about last week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Final, Literal, assert_never, get_args

from handlers.digest.facts import Backlog, Dependency, ItemFacts, ranked
from handlers.digest.health import untouched
from handlers.digest.horizon import horizon
from handlers.digest.verdict import Condition
from handlers.digest.week import late
from handlers.phrases import counted, cut
from storage.states import UNREADY_STATES, WORKING_STATES

Action = Literal["assign", "refine", "drop", "snooze", "date", "remind", "take", "outcome"]
Kind = Literal[
    "late", "awaited", "waiting", "untaken", "unowned", "unready", "untouched", "stuck", "unframed"
]

ASKS_MAX: Final = 3
VERDICT_ASKS_MAX: Final = 2
NEXT_IN_LINE: Final = 3
TITLE_WORDS_MAX: Final = 5
TITLE_CHARS_MAX: Final = 36

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

BETWEEN_TEAMS: Final[tuple[Kind, ...]] = ("awaited", "waiting", "untaken")

LABELS: Final[dict[Action, str]] = {
    "assign": "Assign",
    "refine": "Refine",
    "drop": "Drop",
    "snooze": "Snooze",
    "date": "Say when",
    "remind": "Remind",
    "take": "Take it",
    "outcome": "Say which",
}
"""What stands on the button."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to `person` about item `number`; pressing `action` answers it.

    `question` reads after the person's name; `title` is shortened.
    """

    number: int
    title: str
    person: str
    action: Action
    question: str


def choose(
    backlog: Backlog,
    condition: Condition,
    lead: str,
    asked: Set[int] = frozenset(),
    away: Set[str] = frozenset(),
    framed: Set[int] = frozenset(),
) -> tuple[Ask, ...]:
    """Return this week's asks, by the rules above.

    An item's owner is asked, else who captured it, else `lead`, who looks after the digest; nobody
    who is `away`. `asked` are the items that last week's digest asked about, `framed` those that
    any digest asked which number they should change.
    """
    lines = {kind: _candidates(kind, backlog, condition) for kind in KINDS}
    lines["unframed"] = [i for i in lines["unframed"] if i.number not in framed][:1]
    between = {item.number for kind in BETWEEN_TEAMS for item in lines[kind]}
    lines["unready"] = [item for item in lines["unready"] if item.number not in between]
    decisive = _decisive(condition)
    order: list[tuple[Kind, ItemFacts]] = []
    if decisive is not None:
        order += [(decisive, item) for item in _free(lines[decisive], backlog, asked)][
            :VERDICT_ASKS_MAX
        ]
    rows = zip_longest(*([(kind, i) for i in _free(lines[kind], backlog, asked)] for kind in KINDS))
    order += [entry for row in rows for entry in row if entry is not None]
    asks: dict[int, Ask] = {}
    for kind, item in order:
        if len(asks) < ASKS_MAX and item.number not in asks:
            people = () if kind == "untaken" else (item.owner, item.created_by)  # theirs, not ours
            there = (who for who in people if who and who not in away)
            asks[item.number] = _ask(kind, item, backlog, next(there, lead))
    return tuple(asks.values())


def _decisive(condition: Condition) -> Kind | None:
    """Return the kind of ask that would change this verdict."""
    match condition:
        case "new" | "starving" | "steady":
            return "unready"
        case "quiet":
            return "untouched"
        case "overloaded":
            return "stuck"
        case "blocked":
            return "waiting"
        case "slipping":
            return "late"
        case "ownerless":
            return "unowned"
        case "empty" | "healthy":
            return None
        case _:
            assert_never(condition)


def _candidates(kind: Kind, backlog: Backlog, condition: Condition) -> list[ItemFacts]:
    match kind:
        case "late":
            return [item for item in late(backlog) if item.owner is not None]
        case "awaited":
            awaited = _at_ends(backlog, (link.item for link in backlog.long_awaited))
            return [item for item in awaited if item.due is None or item.due < backlog.today]
        case "waiting":
            return _at_ends(backlog, (link.item for link in _to_remind(backlog)))
        case "untaken":
            untaken = (link.waiting for link in backlog.long_awaited if not link.item)
            return _at_ends(backlog, untaken)
        case "unowned":
            return ranked(i for i in backlog.items if i.owner is None and _needs_owner(i))
        case "unready":
            chosen = horizon(backlog).items
            if condition not in ("new", "starving"):
                chosen = chosen[:NEXT_IN_LINE]
            return [item for item in chosen if item.state in UNREADY_STATES]
        case "untouched":
            return ranked(untouched(backlog))[::-1]
        case "stuck":
            return _stuck(backlog) if condition == "overloaded" else []
        case "unframed":
            return [item for item in horizon(backlog).items if _is_unframed(item)]
        case _:
            assert_never(kind)


def _needs_owner(item: ItemFacts) -> bool:
    improvement = item.kind == "improvement" and item.is_open and item.state != "captured"
    return improvement or item.state in WORKING_STATES


def _is_unframed(item: ItemFacts) -> bool:
    return item.kind == "feature" and not item.hypothesis and item.created_by is None


def _stuck(backlog: Backlog) -> list[ItemFacts]:
    stuck = [
        (item.started_at, item.number, item)
        for item in backlog.items
        if item.state in WORKING_STATES
        and item.started_at is not None
        and backlog.now - item.started_at > backlog.iteration_length
    ]
    return [item for _, _, item in sorted(stuck, key=lambda entry: entry[:2])]


def _to_remind(backlog: Backlog) -> list[Dependency]:
    return [
        link
        for link in backlog.held_up
        if link.reachable
        and (link.reminded_at is None or backlog.now - link.reminded_at > backlog.iteration_length)
    ]


def _at_ends(backlog: Backlog, numbers: Iterable[int]) -> list[ItemFacts]:
    """Return the items of these numbers, each once, in this order."""
    return [backlog.linked[n] for n in dict.fromkeys(numbers) if n in backlog.linked]


def _free(items: list[ItemFacts], backlog: Backlog, asked: Set[int]) -> Iterator[ItemFacts]:
    for item in items:
        snoozed = item.snoozed_until is not None and item.snoozed_until > backlog.today
        if not snoozed and item.number not in asked:
            yield item


def _ask(kind: Kind, item: ItemFacts, backlog: Backlog, person: str) -> Ask:
    title = short(item.title)
    name = f"#{item.number} {title}".rstrip()
    match kind:
        case "late":
            days = (backlog.today - item.due).days if item.due else 0
            question = f"{span(days)} late: new date for {name}?"
            action: Action = "snooze"
        case "awaited":
            link = next(each for each in backlog.long_awaited if each.item == item.number)
            waits = f"{short(link.team)} waits {_days(backlog, link.since)} for {name}"
            question, action = f"{waits}: by when?", "date"
        case "waiting":
            held = next(each for each in _to_remind(backlog) if each.item == item.number)
            waits = f"{name} waits {_days(backlog, held.since)} for {short(held.team)}"
            question, action = f"{waits}: remind them?", "remind"
        case "untaken":
            link = next(each for each in backlog.long_awaited if each.waiting == item.number)
            waits = f"{short(link.team)} waits {_days(backlog, link.since)} for us"
            question, action = f"{waits}, with {name}: who takes it?", "take"
        case "unowned":
            question, action = f"who takes {name}?", "assign"
        case "unready":
            question, action = f"what's missing for {name}?", "refine"
        case "untouched" if item.state in WORKING_STATES:
            days = (backlog.now - item.touched_at).days
            question, action = f"untouched for {span(days)}: pause {name}?", "snooze"
        case "untouched":
            question, action = f"do we still want {name}?", "drop"
        case "stuck":
            days = (backlog.now - (item.started_at or backlog.now)).days
            question, action = f"{span(days)} in: pause {name}?", "snooze"
        case "unframed":
            question, action = f"which number should {name} change?", "outcome"
        case _:
            assert_never(kind)
    return Ask(item.number, title, person, action, question)


def _days(backlog: Backlog, since: datetime) -> str:
    """Return how long something has waited, in days: "27 days"."""
    return counted((backlog.now - since).days, "day")


def span(days: int) -> str:
    """Return "1 day", "13 days", "2 weeks": whole weeks from two on."""
    number, noun = (days, "day") if days < 14 else (days // 7, "week")
    return counted(number, noun)


def short(title: str) -> str:
    """Return the first words of a title, enough to recognise it by."""
    words = title.split()
    kept = " ".join(words[:TITLE_WORDS_MAX])
    if len(kept) > TITLE_CHARS_MAX or len(words) <= TITLE_WORDS_MAX:
        return cut(kept, TITLE_CHARS_MAX)
    return kept + "…"
