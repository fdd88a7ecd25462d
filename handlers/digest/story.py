"""The weekly digest as plain values: worth reading in 20 seconds.

One verdict, three numbers with their change, one trend, at most three asks, one pattern or one
win; everything else goes into the details. If nothing happened since the last digest, one line
says so instead. How the verdict is chosen stands in `verdict`, the asks in `asks`, the pattern or
win in `highlight`; `docs/digest.md` tells it to Product Owners.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from handlers.digest.asks import ASKS_MAX, LABELS, Ask, choose, short, span
from handlers.digest.details import Detail, details
from handlers.digest.facts import Backlog
from handlers.digest.highlight import Highlight, Pattern, SharedTheme, Win, highlight
from handlers.digest.trend import Trend, trend
from handlers.digest.verdict import Verdict, judge
from handlers.digest.week import (
    Week,
    count_week,
    looks_back_to,
    previous,
    stood_still,
    weeks_still,
)
from handlers.rules.focus import FOCUS, how_it_stands

READING_WORDS_MAX: Final = 90
"""About 20 seconds at 270 words a minute; details are not counted, button labels are."""

NUMBERS_SHOWN: Final = 3

HintName = Literal["capture", "vote", "iterations", "objectives"]

HINT_ITEMS_MIN: Final = 5
HINT_DAYS_KNOWN_MIN: Final = 21


@dataclass(frozen=True, slots=True)
class Number:
    """One of the three numbers. `change` is "+2", "−1" or "same"; "" without an earlier digest.

    A number that is n/a has `reason_if_na`, to be read after "because".
    """

    label: str
    value: str
    change: str = ""
    reason_if_na: str = ""

    def __str__(self) -> str:
        if self.reason_if_na:
            return f"{self.label} n/a, because {self.reason_if_na}"
        return f"{self.label} {self.value}" + (f" ({self.change})" if self.change else "")


@dataclass(frozen=True, slots=True)
class Hint:
    """What is n/a, why, and the one click that fixes it: `label` is the button's."""

    name: HintName
    sentence: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A digest to post. `since` names what changes refer to: "last week", "W44" or "".

    `behind` says what its numbers may not know yet, since a tracker was not read lately. `focus` is
    the one small improvement the team makes now, "" for none.
    """

    week: str
    verdict: Verdict
    numbers: tuple[Number, ...]
    since: str
    trend: Trend | None
    asks: tuple[Ask, ...]
    highlight: Highlight | None
    hint: Hint | None
    details: tuple[Detail, ...]
    counted: Week
    behind: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """Nothing happened: edit the last digest's post, adding `sentence`, and post no new one."""

    sentence: str
    counted: Week


def tell(
    backlog: Backlog,
    week: str,
    lead: str,
    *,
    before: Sequence[Week] = (),
    asked: Set[int] = frozenset(),
    framed: Set[int] = frozenset(),
    away: Set[str] = frozenset(),
    hints: Set[HintName] = frozenset(),
    shared: SharedTheme | None = None,
    only: Sequence[str] = (),
    behind: str = "",
    in_full: bool = False,
) -> Story | Unchanged:
    """Return what the digest of `week` says.

    `lead` is the person asked where an item has nobody who is not `away`. `before` are the numbers
    of earlier digests, oldest first (`counted` of each; seven suffice for the trend). `asked` are
    the items of last week's asks, `framed` those that were ever asked which number they change.
    `hints` are those that may be given: their click exists, and they were not given to this channel
    before. `only` names the NUMBERS to show instead of the three that fit the verdict. `behind` is
    told with them. `in_full` tells a week without change like any other, for who asks to see the
    digest now, or where no earlier one stands there.
    """
    since = looks_back_to(before, backlog.now, backlog.zone)
    this = count_week(backlog, week, since)
    last = before[-1] if before else None
    is_still = last is not None and stood_still(this, last)
    if is_still and not in_full and not _anything_happened(backlog, since):
        return Unchanged(sentence=_still(this, before), counted=this)
    verdict = judge(this, last, len(before), span(2 * backlog.iteration_length.days))
    asks = choose(backlog, verdict.condition, lead, asked, away, framed)
    story = Story(
        week=week,
        verdict=verdict,
        numbers=_numbers(verdict, this, last, only),
        since=_since(this, last),
        trend=trend([*before, this]),
        asks=asks,
        highlight=highlight(backlog, since, shared),
        hint=_hint(backlog, this, hints) if len(asks) < ASKS_MAX else None,
        details=details(backlog),
        counted=this,
        behind=behind,
        focus=_focus(backlog),
    )
    return _readable(story)


def lines(story: Story) -> list[str]:
    """Return the digest as lines of text, with people's ids where their names go; no details."""
    focus = [f"{FOCUS}: {story.focus}"] if story.focus else []
    shown = [title(story.week), *focus, story.verdict.sentence, " · ".join(map(str, story.numbers))]
    if story.since not in ("", "last week"):
        shown.append(f"Changes are since {story.since}.")
    if story.behind:
        shown.append(story.behind)
    if story.trend is not None:
        shown.append(story.trend.sentence)
    shown += [f"{ask.person}, {ask.question} [{LABELS[ask.action]}]" for ask in story.asks]
    match story.highlight:
        case Pattern(sentence=sentence):
            shown.append(f"Pattern: {sentence}")
        case Win(sentence=sentence, person=person):
            shown.append(f"Win: {sentence}" + (f" Thank you, {person}." if person else ""))
        case None:
            pass
    if story.hint is not None:
        shown.append(f"{story.hint.sentence} [{story.hint.label}]")
    return shown


def title(week: str) -> str:
    """Return what stands above a digest: "Backlog health, week 48"."""
    return f"Backlog health, week {int(week[-2:])}"


def word_count(story: Story) -> int:
    """Return how many words a reader sees before the details, button labels included."""
    return sum(word.strip() != "·" for line in lines(story) for word in line.split())


def _focus(backlog: Backlog) -> str:
    item = next((item for item in backlog.items if item.number == backlog.focus), None)
    if item is None or item.state == "dropped":
        return ""
    return how_it_stands(item.number, short(item.title), item.state)


def _readable(story: Story) -> Story:
    """Leave out what matters least until the digest can be read in 20 seconds."""
    if word_count(story) > READING_WORDS_MAX:
        story = replace(story, hint=None)
    if word_count(story) > READING_WORDS_MAX:
        story = replace(story, highlight=None)
    while word_count(story) > READING_WORDS_MAX and story.asks:
        story = replace(story, asks=story.asks[:-1])
    return story


# --- nothing new -----------------------------------------------------------------------------


def _anything_happened(backlog: Backlog, since: datetime) -> bool:
    return any(
        item.touched_at > since or any(change.at > since for change in item.history)
        for item in backlog.items
    )


def _still(this: Week, before: Sequence[Week]) -> str:
    weeks = weeks_still(this, before)
    since = _since(this, before[-1]) if weeks <= 2 else f"{weeks - 1} weeks"
    beginning = f"Nothing has changed {'for' if weeks > 2 else 'since'} {since}"
    if not this.open:
        return f"{beginning}: nothing is open."
    waiting = f"{this.ready} of {this.horizon} ready" if this.horizon else "nothing waiting"
    return f"{beginning}: {waiting}, {this.working} under way, {this.stale} untouched."


def _since(this: Week, last: Week | None) -> str:
    if last is None:
        return ""
    if last.week == previous(this.week):
        return "last week"
    return last.week.partition("-")[2]


# --- three numbers ---------------------------------------------------------------------------


NUMBERS: Final[dict[str, tuple[str, str]]] = {
    "ready": ("Ready", "ready"),
    "done": ("Done", "done"),
    "added": ("Added", "added"),
    "late": ("Late", "late"),
    "untouched": ("Untouched", "stale"),
    "unowned": ("No owner", "unowned"),
    "working": ("Under way", "working"),
    "waiting": ("Held up", "waiting"),
    "open": ("Open", "open"),
}
"""What people may ask for → the label and the count of its number."""

_LABELS: Final = {counted: label for label, counted in NUMBERS.values()} | {
    "kept": "On time",
    "runway": "Runway",
}
_USUAL: Final = ("ready", "done", "stale")
"""The counts that are shown unless the verdict speaks of others."""


def _numbers(
    verdict: Verdict, this: Week, last: Week | None, only: Sequence[str] = ()
) -> tuple[Number, ...]:
    """Return the numbers that were asked for, else what the verdict is about and the usual ones."""
    if only:
        return tuple(_number(NUMBERS[name][1], this, last) for name in only)
    shown = list(dict.fromkeys((*verdict.about, *_USUAL)))[:NUMBERS_SHOWN]
    return tuple(_number(name, this, last) for name in sorted(shown, key=_usual_place))


def _usual_place(name: str) -> int:
    return _USUAL.index(name) if name in _USUAL else len(_USUAL)


def _number(name: str, this: Week, last: Week | None) -> Number:
    """Return one number, by the name of its count, with its change since the last digest."""
    label, change = _LABELS[name], _delta(name, this, last)
    match name:
        case "ready" if not this.horizon:
            return Number(label, "n/a", reason_if_na="nothing is waiting")
        case "ready":
            return Number(label, f"{this.ready} of {this.horizon}", change)
        case "kept":
            return Number(label, f"{this.kept} of {this.due}", change)
        case "runway":
            return Number(label, f"{this.runway:g} iterations", change)
        case _:
            return Number(label, str(getattr(this, name)), change)


def _delta(name: str, this: Week, last: Week | None) -> str:
    was = getattr(last, name) if last else None
    if was is None:
        return ""
    moved = round(getattr(this, name) - was, 1)
    if not moved:
        return "same"
    return f"+{moved:g}" if moved > 0 else f"−{-moved:g}"


# --- hints -----------------------------------------------------------------------------------


def _hint(backlog: Backlog, this: Week, offered: Set[HintName]) -> Hint | None:
    """Return the first hint that helps this team now.

    An empty backlog needs a first item; an unscored one an order; a team of some weeks gains from
    iterations, and one that plans iterations from objectives.
    """
    settled = this.open >= HINT_ITEMS_MIN and this.days_known >= HINT_DAYS_KNOWN_MIN
    useful: Iterable[tuple[bool, Hint]] = (
        (not this.open, _HINTS["capture"]),
        (this.open >= 2 and not this.scored, _HINTS["vote"]),
        (settled and not backlog.iterations, _HINTS["iterations"]),
        (settled and bool(backlog.iterations) and not backlog.objectives, _HINTS["objectives"]),
    )
    return next((hint for helps, hint in useful if helps and hint.name in offered), None)


def _na(what: str, why: str) -> str:
    return f"{what} is n/a, because {why}; one click fixes it:"


_HINTS: Final[dict[HintName, Hint]] = {
    hint.name: hint
    for hint in (
        Hint("capture", "Something on your mind? One click notes it:", "New improvement"),
        Hint("vote", _na("The ranking", "nothing is scored"), "Start a vote"),
        Hint("iterations", _na("Runway", "no iterations are set"), "Set iterations"),
        Hint("objectives", _na("Alignment", "no objectives are set"), "Add objectives"),
    )
}
