"""Gather what a train's teams reported: the only part of themes that reads the database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handlers.likeness.similar import maybe_topics, topics_of
from handlers.rules.crowd import is_crowd, may_name_team
from handlers.rules.payoff import lines, payoff
from handlers.themes.packet import (
    Evidence,
    Packet,
    TrainItem,
    Window,
    followed_through,
)
from handlers.themes.patterns import PI, Heard, Pattern, Report, Teams, compared, find
from storage import Store
from storage.items import Item
from storage.teams import Team, Train
from storage.themes import Reported, SharedTheme

TREND_WINDOWS = 4
"""PIs that follow-through is compared over."""

SAID_MAX = 12
"""Reports that are quoted for one pattern."""


@dataclass(frozen=True, slots=True)
class Findings:
    """A train's patterns, and which of them are the train's item already, by key."""

    train: Train
    teams: Mapping[int, Team]
    patterns: tuple[Pattern, ...]
    became: Mapping[str, int]
    items: tuple[TrainItem, ...]
    """What the train works on: agreed within the PI, or open still, however old."""

    @property
    def carried(self) -> tuple[TrainItem, ...]:
        """What is open still though no pattern of these weeks leads to it."""
        led_to = set(self.became.values())
        return tuple(item for item in self.items if item.is_open and item.number not in led_to)


async def findings(store: Store, train_id: int) -> Findings:
    """Return what the train's teams reported within the PI."""
    train = await store.teams.train(train_id)
    assert train is not None, "every team has a train"
    teams = {team.id: team for team in await store.teams.in_train(train_id)}
    people = await store.themes.people_by_team()
    all_reports = await reports(store, train_id, people)
    few = frozenset(id for id in teams if not is_crowd(people.get(id, 0)))
    those = compared(all_reports)
    titles = [(report.item, report.text) for report in those if report.item is not None]
    topics = await topics_of(store, [report.text for report in those], titles)
    own = {each.name: each.title for each in await store.phrasings.own()}
    heard = await maybe_topics(store, [report.text for report in those], titles)
    known = Heard(topics, heard, own)
    patterns = await asyncio.to_thread(find, all_reports, Teams(len(teams), few), known)
    confirmed = await store.themes.worked_on(train_id, store.now - PI)
    became = await _became(store, patterns, confirmed)
    return Findings(train, teams, patterns, became, await _train_items(store, confirmed))


async def reports(store: Store, train_id: int, people: Mapping[int, int]) -> list[Report]:
    """Return what was reported; `people` is how many each team has."""
    rows = await store.themes.reported(train_id, store.now - PI)
    joined = await store.themes.joined(train_id)
    return [_report(each, people.get(each.team_id, 0), joined) for each in rows]


def _report(each: Reported, people: int, joined: Mapping[str, str]) -> Report:
    ref = f"i{each.item}" if each.item is not None else f"r{each.retro}.{each.group}"
    notes = None if each.item is not None else each.notes
    named = may_name_team(each.unsigned, people, notes)
    themes = tuple(dict.fromkeys(joined.get(theme, theme) for theme in each.themes))
    return Report(ref, each.team_id, each.text, themes, named)


async def _became(
    store: Store, patterns: Sequence[Pattern], confirmed: Sequence[SharedTheme]
) -> dict[str, int]:
    """Return pattern key → the train's item: by its theme, or by a report that is part of it."""
    by_theme = {each.theme: each.item for each in reversed(confirmed)}
    links = await store.themes.parts([each.item for each in confirmed])
    became: dict[str, int] = {}
    for pattern in patterns:
        linked = [links[number] for number in pattern.items if number in links]
        if pattern.name in by_theme:
            became[pattern.key] = by_theme[pattern.name]
        elif linked and not pattern.key.startswith("#"):
            became[pattern.key] = linked[0]
    return became


async def _train_items(store: Store, confirmed: Sequence[SharedTheme]) -> tuple[TrainItem, ...]:
    agreed_at = {each.item: each.confirmed_at for each in confirmed}
    items = await store.items.several(list(agreed_at))
    owners = await store.people.named([item.owner for item in items.values() if item.owner])
    known = await store.tracked.known_as(sorted(items))
    return tuple(
        [
            TrainItem(
                number,
                item.title,
                "done" if item.state == "accepted" else item.state,
                f"with {owners[item.owner]}" if item.owner in owners else "nobody owns it yet",
                item.due,
                await store.themes.parts_of(number),
                (store.now - agreed_at[number]).days // 7,
                item.finished_at is None,
                known.get(number),
                _came(item),
            )
            for number, item in sorted(items.items())
        ]
    )


_EFFECTS = {"moved": "It moved", "not moved": "It did not move", "cannot tell": "Nobody can tell"}


def _came(item: Item) -> str:
    """Say what an item's metric did after it shipped; "" while nobody has said."""
    if not item.effect:
        return ""
    value = f": {item.metric} {item.effect_value}".rstrip() if item.metric else ""
    return f"{_EFFECTS[item.effect]}{value}"


async def _trend(store: Store, known: Findings) -> tuple[Window, ...]:
    """Return follow-through of the last windows in which any improvement was due."""
    windows = []
    for ago in range(TREND_WINDOWS - 1, -1, -1):
        until = (store.now - ago * PI).date()
        since = (store.now - (ago + 1) * PI).date()
        due = await store.themes.due_improvements(known.train.id, since, until)
        done = sum(_on_time(item, known.teams[item.team_id]) for item in due)
        windows.append(Window(until, len(due), done))
    while windows and not windows[0].due:
        windows.pop(0)
    return tuple(windows) if len(windows) > 1 else ()


def evidence(pattern: Pattern, teams: Mapping[int, Team]) -> Evidence:
    """Return a pattern in words, one sentence of each team first: none is cut away.

    A report that must not name its team is not quoted either.
    """
    first = {report.team: report for report in reversed(pattern.reports)}
    ahead = [report for report in pattern.reports if first[report.team] is report]
    others = [report for report in pattern.reports if first[report.team] is not report]
    quoted = [*ahead, *others][: max(SAID_MAX, len(ahead))]
    quotes = [quote(report, teams) for report in quoted]
    if len(pattern.reports) > len(quoted):
        quotes.append(f"and {len(pattern.reports) - len(quoted)} more")
    return Evidence(
        pattern.name,
        pattern.level,
        pattern.reporting,
        pattern.all_teams,
        tuple(sorted(teams[team].name for team in pattern.teams)),
        pattern.unnamed,
        tuple(quotes),
        len(ahead),
        tuple(quote(report, teams) for report in pattern.perhaps),
    )


def quote(report: Report, teams: Mapping[int, Team]) -> str:
    """Return what a team said, with where it said so."""
    said = f"#{report.item} {report.text}" if report.item else f"in a retro, “{report.text}”"
    return f"{teams[report.team].name}: {said}"


async def packet(store: Store, known: Findings) -> Packet:
    """Return what the train takes to Inspect & Adapt."""
    since = store.now - PI
    shipped = payoff(await store.shipped.of_teams(list(known.teams), since))
    due = await store.themes.due_improvements(known.train.id, since.date(), store.now.date())
    return Packet(
        train=known.train.name,
        since=since.date(),
        until=store.now.date(),
        patterns=tuple(evidence(pattern, known.teams) for pattern in known.patterns),
        items=known.items,
        followed=followed_through(
            sorted(((team.id, team.name) for team in known.teams.values()), key=lambda t: t[1]),
            [(item.team_id, _on_time(item, known.teams[item.team_id])) for item in due],
        ),
        trend=await _trend(store, known),
        paid_off=tuple(lines(shipped)) if shipped.shipped else (),
    )


def _on_time(item: Item, team: Team) -> bool:
    if item.state != "accepted" or item.finished_at is None or item.due is None:
        return False
    return item.finished_at.astimezone(ZoneInfo(team.zone)).date() <= item.due
