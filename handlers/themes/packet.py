"""What a train takes to Inspect & Adapt, as values and as Markdown to paste anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.text import end_of_whole
from handlers.ui.elsewhere import known_words
from storage.tracked import KnownAs

PAGE_MAX_CHARS = 2_500
"""One page of Markdown: it fits into one message of every platform."""

_ACTS_IN_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pattern in words: who reported it, how many more teams are not named, what they said."""

    name: str
    level: str
    teams: int
    all_teams: int
    named: tuple[str, ...]
    unnamed: int
    quotes: tuple[str, ...]
    said: int = 0
    """How many of the quotes, the first ones, are needed for each team to be heard once."""

    perhaps: tuple[str, ...] = ()
    """What further teams said that may be the same."""


@dataclass(frozen=True, slots=True)
class TrainItem:
    """A train's item that came of a pattern, and the teams' items that are part of it."""

    number: int
    title: str
    state: str
    owner: str
    due: date | None
    parts: tuple[int, ...]
    weeks: int
    """How many whole weeks ago a person made it the train's."""

    is_open: bool = True
    known: KnownAs | None = None
    """What it is called in the tool where its work lives."""

    came: str = ""
    """What came of its hypothesis, in words; "" while nobody was asked."""

    @property
    def age(self) -> str:
        match self.weeks:
            case 0:
                return "agreed this week"
            case 1:
                return "agreed a week ago"
            case _:
                return f"agreed {self.weeks} weeks ago"


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """A team's improvements that were due: how many, and how many were done by their day."""

    team: str
    due: int
    done: int

    @property
    def words(self) -> str:
        if not self.due:
            return "n/a (no improvement was due)"
        return f"{round(100 * self.done / self.due)} % ({self.done} of {self.due})"


@dataclass(frozen=True, slots=True)
class Window:
    """Improvements of all teams that were due until a day, and how many were done by theirs."""

    until: date
    due: int
    done: int


def trend_words(trend: Sequence[Window]) -> str:
    """Say how follow-through went from PI to PI: 40 %, then 60 % (3 of 5)."""
    told = [
        f"{round(100 * each.done / each.due)} % ({each.done} of {each.due})" if each.due else "n/a"
        for each in trend
    ]
    return f"From PI to PI: {', then '.join(told)}." if told else ""


@dataclass(frozen=True, slots=True)
class Packet:
    train: str
    since: date
    until: date
    patterns: tuple[Evidence, ...]
    items: tuple[TrainItem, ...]
    followed: tuple[FollowThrough, ...]
    trend: tuple[Window, ...] = ()
    """Follow-through of the last windows of a PI's length, the oldest first."""

    paid_off: tuple[str, ...] = ()
    """Whether the votes were right, in up to three lines; none where nothing was shipped."""


def markdown(packet: Packet) -> str:
    """Return the packet as Markdown; what people typed stays as literal as they typed it."""
    lines = [
        f"# Inspect & Adapt: {_literal(packet.train)}",
        "",
        f"Reports from {packet.since} to {packet.until}.",
        "",
        "## Patterns",
        "",
    ]
    lines += [line for pattern in packet.patterns for line in _pattern(pattern)]
    if not packet.patterns:
        lines += ["No theme was reported by enough teams.", ""]
    lines += ["## Train items", ""]
    lines += [_item(item) for item in packet.items] or ["None yet."]
    lines += ["", "## Follow-through", "", "| Team | Done by their day |", "|---|---|"]
    lines += [f"| {_literal(each.team)} | {each.words} |" for each in packet.followed]
    if words := trend_words(packet.trend):
        lines += ["", _literal(words)]
    if packet.paid_off:
        lines += ["", "## Did the votes pay off?", ""]
        lines += [f"- {_literal(line)}" for line in packet.paid_off]
    return "\n".join(lines) + "\n"


def _pattern(pattern: Evidence) -> list[str]:
    head = f"### {_literal(pattern.name)} ({pattern.level})"
    return [head, "", who_words(pattern, literal=True), "", *_said(pattern), ""]


def _said(pattern: Evidence) -> list[str]:
    return [f"- {_literal(quote)}" for quote in pattern.quotes]


def who_words(pattern: Evidence, *, literal: bool = False, most: int | None = None) -> str:
    """Say which teams reported a pattern, at most so many by name, and that some are not named."""
    named = [_literal(team) if literal else team for team in pattern.named]
    if most is not None and len(named) > most:
        named[most:] = [f"{len(named) - most} more"]
    count = f"{pattern.teams} of {pattern.all_teams} teams"
    if not named:
        return f"{count}, not named so that nobody is recognised."
    rest = ""
    if pattern.unnamed:
        plural = "team" if pattern.unnamed == 1 else "teams"
        rest = f", and {pattern.unnamed} more {plural} not named so that nobody is recognised"
    return f"{count}: {', '.join(named)}{rest}."


def _item(item: TrainItem) -> str:
    due = f", due {item.due}" if item.due else ""
    parts = f", gathers {_literal(', '.join(f'#{n}' for n in item.parts))}" if item.parts else ""
    owner, title = _literal(item.owner), _literal(item.title)
    came = f". {_literal(item.came)}" if item.came else ""
    known = f", {_known(item.known)}" if item.known else ""
    return f"- \\#{item.number} {title}: {item.state}, {owner}{due}{parts}, {item.age}{known}{came}"


def _known(known: KnownAs) -> str:
    words = _literal(known_words(known))
    return f"[{words}](<{known.link}>)" if known.link else words


def _literal(words: str) -> str:
    return _ACTS_IN_MARKDOWN.sub(r"\\\1", " ".join(words.split()))


def divided(text: str, limit: int = PAGE_MAX_CHARS) -> tuple[str, ...]:
    """Divide a text into pages at its line ends; a longer line is cut where the page ends."""
    pages: list[str] = []
    page = ""
    for line in text.splitlines(keepends=True):
        while len(line) > limit:
            end = end_of_whole(line, limit) or limit
            pages += [page, line[:end]] if page else [line[:end]]
            page, line = "", line[end:]
        if len(page) + len(line) > limit:
            pages.append(page)
            page = ""
        page += line
    return tuple([*pages, page] if page or not pages else pages)


def followed_through(
    teams: Sequence[tuple[int, str]], due: Sequence[tuple[int, bool]]
) -> tuple[FollowThrough, ...]:
    """Count each team's improvements that were due, given as (team, done by its day)."""
    return tuple(
        FollowThrough(
            name,
            due=sum(owner == team for owner, _ in due),
            done=sum(done for owner, done in due if owner == team),
        )
        for team, name in teams
    )
