"""Find what several teams of a train report: by a tag they share, or by what they talk about.

A theme that at least `max(3, min(4, ⌈teams ÷ 2⌉))` different teams reported within one PI is
systemic; with one team fewer it is worth watching. Only a person makes it the train's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from handlers.likeness import grouped, themed
from handlers.likeness.taxonomy import topic

PI = timedelta(weeks=10)
"""How far back reports count: the middle of the 8 to 12 weeks of a PI."""

CROWD = 5
"""A team is not named for what nobody signed while fewer people may have written it."""

COMPARED_MAX = 200
"""Reports whose words are compared, the latest first: work grows with the square."""

Level = Literal["systemic", "watch"]


@dataclass(frozen=True, slots=True)
class Report:
    """Something a team said. `ref` names it: `i12` an item, `r3.4` a group of a retro's notes.

    `names_team` is false when saying which team it was might tell who wrote it.
    """

    ref: str
    team: int
    text: str
    themes: tuple[str, ...] = ()
    names_team: bool = True

    @property
    def item(self) -> int | None:
        return int(self.ref[1:]) if self.ref.startswith("i") else None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A theme of several teams. `key` finds it again: `#tag`, or `~` and one of its reports."""

    key: str
    name: str
    level: Level
    all_teams: int
    reports: tuple[Report, ...]

    @property
    def teams(self) -> tuple[int, ...]:
        return tuple(sorted({report.team for report in self.reports}))

    @property
    def named_teams(self) -> tuple[int, ...]:
        """The teams that may be told: each said something that somebody signed, or is a crowd."""
        return tuple(sorted({report.team for report in self.reports if report.names_team}))

    @property
    def unnamed(self) -> int:
        """How many teams are counted without being named."""
        return len(self.teams) - len(self.named_teams)

    @property
    def items(self) -> tuple[int, ...]:
        """The items that say it, except those whose team must stay unnamed."""
        named = (report for report in self.reports if report.names_team)
        return tuple(report.item for report in named if report.item is not None)


def systemic_from(teams: int) -> int:
    """Return how many different teams make a theme systemic in a train of this many."""
    return max(3, min(4, -(-teams // 2)))


def level_of(reporting: int, teams: int) -> Level | None:
    """Say what a theme is that `reporting` of `teams` teams reported, or None."""
    needed = systemic_from(teams)
    if reporting >= needed:
        return "systemic"
    return "watch" if reporting == needed - 1 else None


def may_name_team(unsigned: bool, people: int, notes: int | None = None) -> bool:
    """Whether a team may be named for a report.

    Nobody knows how many people wrote without a name; there were at most as many as the team has
    people, and as there are notes.
    """
    return not unsigned or min(people, people if notes is None else notes) >= CROWD


def find(reports: Sequence[Report], teams: int, topics: Mapping[str, str]) -> tuple[Pattern, ...]:
    """Return the patterns of a train with so many teams, those of most teams first.

    `topics` names what a report's text is about, where that is known.
    """
    troubles = {text: name for text, name in topics.items() if topic(name).kind == "trouble"}
    tagged = _by_tag(reports, teams)
    covered = [{report.ref for report in pattern.reports} for pattern in tagged]
    alike = [
        pattern
        for pattern in _by_theme(reports, teams, troubles)
        if not any({report.ref for report in pattern.reports} <= refs for refs in covered)
    ]
    return tuple(sorted([*tagged, *alike], key=lambda p: (-len(p.teams), p.name.casefold())))


def _by_tag(reports: Sequence[Report], teams: int) -> list[Pattern]:
    tagged: dict[str, list[Report]] = {}
    for report in reports:
        for theme in report.themes:
            tagged.setdefault(theme, []).append(report)
    patterns = (_pattern(f"#{theme}", f"#{theme}", those, teams) for theme, those in tagged.items())
    return [pattern for pattern in patterns if pattern]


def compared(reports: Sequence[Report]) -> Sequence[Report]:
    """Return the reports whose words are compared."""
    return reports[-COMPARED_MAX:]


def _by_theme(reports: Sequence[Report], teams: int, troubles: Mapping[str, str]) -> list[Pattern]:
    latest = compared(reports)
    patterns = []
    for positions in grouped([report.text for report in latest], scorer=themed(troubles)):
        those = [latest[position] for position in positions]
        name = _name(those, troubles)
        patterns.append(_pattern(f"~{min(report.ref for report in those)}", name, those, teams))
    return [pattern for pattern in patterns if pattern]


def _name(those: Sequence[Report], troubles: Mapping[str, str]) -> str:
    """Return the title of what most are about, else the shortest of what was said."""
    about = Counter(troubles[report.text] for report in those if report.text in troubles)
    if about:
        return topic(about.most_common(1)[0][0]).title
    # Not the words of a team that must stay unnamed, if there are others.
    return min(those, key=lambda each: (not each.names_team, len(each.text), each.text)).text


def _pattern(key: str, name: str, reports: Sequence[Report], teams: int) -> Pattern | None:
    level = level_of(len({report.team for report in reports}), teams)
    return Pattern(key, name, level, teams, tuple(reports)) if level else None
