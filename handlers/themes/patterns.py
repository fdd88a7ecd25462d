"""Find what several teams of a train report: by a tag they share, or by what they talk about.

A theme that at least `max(3, min(4, ⌈teams ÷ 2⌉))` different teams reported within one PI is
systemic; with one team fewer it is worth watching. Only a person makes it the train's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from handlers.likeness import grouped, themed
from handlers.likeness.taxonomy import trouble_titles
from handlers.rules.crowd import may_count_unnamed

PI = timedelta(weeks=10)
"""How far back reports count: the middle of the 8 to 12 weeks of a PI."""

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
    """A theme of several teams. `key` finds it again: `#tag`, or `~` and one of its reports.

    `reports` are those whose team may be told: it signed something, or is a crowd. `unnamed` teams
    are counted besides. `perhaps` are reports of further teams, one each, that a person may count.
    """

    key: str
    name: str
    level: Level
    all_teams: int
    reports: tuple[Report, ...]
    unnamed: int = 0
    perhaps: tuple[Report, ...] = ()

    @property
    def teams(self) -> tuple[int, ...]:
        """The teams that may be told."""
        return tuple(sorted({report.team for report in self.reports}))

    @property
    def reporting(self) -> int:
        """How many teams are counted, named or not."""
        return len(self.teams) + self.unnamed

    @property
    def items(self) -> tuple[int, ...]:
        """The items that say it."""
        return tuple(report.item for report in self.reports if report.item is not None)


@dataclass(frozen=True, slots=True)
class Teams:
    """The teams of a train: how many, and the ids of those with too few people to hide among."""

    count: int
    few: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """What reports are about: text → topic, text → topics that may be, own topic → its title."""

    topics: Mapping[str, str] = field(default_factory=dict)
    maybe: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


def systemic_from(teams: int) -> int:
    """Return how many different teams make a theme systemic in a train of this many."""
    return max(3, min(4, -(-teams // 2)))


def level_of(reporting: int, teams: int) -> Level | None:
    """Say what a theme is that `reporting` of `teams` teams reported, or None."""
    needed = systemic_from(teams)
    if reporting >= needed:
        return "systemic"
    return "watch" if reporting == needed - 1 else None


def find(
    reports: Sequence[Report],
    teams: Teams,
    heard: Heard,
) -> tuple[Pattern, ...]:
    """Return the patterns of a train, those of most teams first."""
    titles = trouble_titles(heard.own)
    troubles = {text: titles[name] for text, name in heard.topics.items() if name in titles}
    maybe = {
        text: {titles[name] for name in names if name in titles}
        for text, names in heard.maybe.items()
    }
    for text, title in troubles.items():
        maybe.setdefault(text, set()).add(title)
    tagged = [
        _with_perhaps(pattern, _topics(pattern, troubles), reports, maybe)
        for pattern in _by_tag(reports, teams)
    ]
    alike = [
        _with_perhaps(pattern, {pattern.name}, reports, maybe)
        for pattern in _by_theme(reports, teams, troubles)
        if not any(_says(tag, _topics(tag, troubles), pattern) for tag in tagged)
    ]
    tagged = [tag for tag in tagged if not any(_holds(pattern, tag) for pattern in alike)]
    return tuple(sorted([*tagged, *alike], key=lambda p: (-p.reporting, p.name.casefold())))


def _topics(pattern: Pattern, troubles: Mapping[str, str]) -> set[str]:
    """Return what at least half of a pattern's reports are about."""
    about = Counter(troubles[r.text] for r in pattern.reports if r.text in troubles)
    return {title for title, count in about.items() if 2 * count >= len(pattern.reports)}


def _says(tag: Pattern, topics: set[str], alike: Pattern) -> bool:
    """Whether a tag's pattern tells all that one of like words does, if in part as perhaps."""
    if _holds(tag, alike):
        return True
    told = {*tag.teams, *(report.team for report in tag.perhaps)}
    same_weight = alike.level == tag.level or tag.level == "systemic"
    return alike.name in topics and told >= {*alike.teams} and not alike.unnamed and same_weight


def _holds(whole: Pattern, part: Pattern) -> bool:
    """Whether all that one pattern reports stands in another one, of at least as many teams."""
    refs = {report.ref for report in whole.reports}
    return refs >= {report.ref for report in part.reports} and whole.reporting >= part.reporting


def _with_perhaps(
    pattern: Pattern,
    topics: set[str],
    reports: Sequence[Report],
    maybe: Mapping[str, set[str]],
) -> Pattern:
    """Return the pattern with what further teams said that may be about its topics, one each."""
    found: dict[int, Report] = {}
    for report in reports:
        may_be = report.names_team and not topics.isdisjoint(maybe.get(report.text, ()))
        if may_be and report.team not in pattern.teams:
            found.setdefault(report.team, report)
    return replace(pattern, perhaps=tuple(found.values()))


def _by_tag(reports: Sequence[Report], teams: Teams) -> list[Pattern]:
    tagged: dict[str, list[Report]] = {}
    for report in reports:
        for theme in report.themes:
            tagged.setdefault(theme, []).append(report)
    patterns = (_pattern(f"#{theme}", f"#{theme}", those, teams) for theme, those in tagged.items())
    return [pattern for pattern in patterns if pattern]


def compared(reports: Sequence[Report]) -> Sequence[Report]:
    """Return the reports whose words are compared."""
    return reports[-COMPARED_MAX:]


def _by_theme(
    reports: Sequence[Report], teams: Teams, troubles: Mapping[str, str]
) -> list[Pattern]:
    latest = compared(reports)
    patterns = []
    for positions in grouped([report.text for report in latest], scorer=themed(troubles)):
        those = [latest[position] for position in positions]
        told = [report for report in those if report.names_team]
        if not told:
            continue  # its name would be the words of somebody who must stay unnamed
        name = _name(told, troubles)
        patterns.append(_pattern(f"~{min(report.ref for report in told)}", name, those, teams))
    return [pattern for pattern in patterns if pattern]


def _name(told: Sequence[Report], troubles: Mapping[str, str]) -> str:
    """Return the title of what most are about, else the shortest of what was said."""
    about = Counter(troubles[report.text] for report in told if report.text in troubles)
    if about:
        return about.most_common(1)[0][0]
    return min((report.text for report in told), key=lambda text: (len(text), text))


def _pattern(key: str, name: str, reports: Sequence[Report], teams: Teams) -> Pattern | None:
    told = tuple(report for report in reports if report.names_team)
    named = {report.team for report in told}
    unnamed = len({report.team for report in reports} - named)
    if not may_count_unnamed(unnamed, len(teams.few - named)):
        unnamed = 0  # as if they had said nothing: neither the count nor the level may tell
    level = level_of(len(named) + unnamed, teams.count)
    return Pattern(key, name, level, teams.count, told, unnamed) if level else None
