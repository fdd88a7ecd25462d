"""The whole line on one card: vision → theme → objective → item, and what hangs loose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    LinkButton,
    Node,
    Table,
    heading,
    subtle,
    text,
)
from handlers.objectives.access import shown
from handlers.objectives.actions import OpenLink, OpenRoam, OpenVision, StartConfidence, TurnPage
from handlers.objectives.cards import days, value_words
from handlers.phrases import counted
from handlers.ui.actions import CoachItem, OpenObjective
from storage.items import Item
from storage.objectives import Objective, PlanningInterval
from storage.risks import RAISED, Risk
from storage.strategy import StrategicTheme

PAGE_OBJECTIVES = 10
NAMED_MAX = 3
"""Loose ends that a line names; the rest is counted."""

DONE = "accepted"

_NAME_ENDS = re.compile(r"[:.] |[.:]?\n|\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Everything about a train's PI as one team sees it. `confidence` reads "3.8 of 5 …".

    `items` hang on the objectives; `loose` are the team's open items that hang on none, best
    first, out of `open_items`. `vague` are features that name no metric. `beside` is what a tracker
    says of the PI.
    """

    pi: PlanningInterval
    today: date
    team_id: int
    team: str
    vision: str
    themes: Sequence[StrategicTheme]
    objectives: Sequence[Objective]
    teams: Mapping[int, str]
    items: Sequence[Item]
    loose: Sequence[Item]
    open_items: int
    vague: Sequence[Item]
    risks: Sequence[Risk]
    confidence: str
    predictability: str
    beside: str = ""

    def on(self, objective: Objective) -> list[Item]:
        return [item for item in self.items if item.objective_id == objective.id]


def line_card(line: Line, page: int) -> Card:
    """Draw a page of the line; past the end, the last page there is."""
    pages = max(1, -(-len(line.objectives) // PAGE_OBJECTIVES))
    page = min(max(page, 0), pages - 1)
    title = shown(line.pi.name)
    nodes: list[Node] = [heading(title), subtle(f"{days(line.pi, line.today)}.")]
    if line.beside:
        nodes.append(subtle(line.beside))
    if line.vision:
        nodes.append(text(Bold("Vision: "), line.vision))
    else:
        nodes.append(subtle("No vision is written down yet: where is this train going?"))
    if line.objectives:
        nodes.append(_table(line, page, pages))
    else:
        nodes.append(text("No team has written an objective yet."))
    nodes += [text(Bold(f"{what}: "), words) for what, words in _loose_ends(line)]
    nodes.append(subtle(_standing(line)))
    nodes += [Buttons(row) for row in _buttons(line, page, pages) if row]
    return Card(f"{title}: {_count(len(line.objectives), 'objective')}", tuple(nodes))


def _table(line: Line, page: int, pages: int) -> Table:
    themes = {theme.id: theme_name(theme.text) for theme in line.themes}
    # By theme as the themes are written, those without one last: the line reads from the left.
    order = {theme.id: place for place, theme in enumerate(line.themes)}
    objectives = sorted(
        line.objectives, key=lambda o: (order.get(o.theme_id or 0, len(order)), o.team_id, o.id)
    )
    rows = []
    for objective in objectives[page * PAGE_OBJECTIVES :][:PAGE_OBJECTIVES]:
        rows.append(
            (
                shown(themes.get(objective.theme_id or 0, "–"), 40),
                shown(objective.title, 70),
                shown(line.teams.get(objective.team_id, ""), 25),
                value_words(objective),
                _items(line.on(objective)),
            )
        )
    of = f", page {page + 1} of {pages}" if pages > 1 else ""
    return Table(
        ("Theme", "Objective", "Team", "Value", "Items"),
        tuple(rows),
        caption=f"Vision → theme → objective → items{of}",
    )


def theme_name(words: str) -> str:
    """Return how a theme is called: its words up to the first colon, full stop or line."""
    return _NAME_ENDS.split(words.strip(), maxsplit=1)[0]


def _items(items: Sequence[Item]) -> str:
    if not items:
        return "none"
    numbers = " ".join(f"#{item.number}" for item in items[:NAMED_MAX])
    more = f" +{len(items) - NAMED_MAX}" if len(items) > NAMED_MAX else ""
    done = sum(item.state == DONE for item in items)
    return f"{numbers}{more}" + (f" ({done} done)" if done else "")


# --- what hangs loose ------------------------------------------------------------------------


def _loose_ends(line: Line) -> Iterable[tuple[str, str]]:
    served = {objective.theme_id for objective in line.objectives}
    known = {theme.id for theme in line.themes}
    idle = [theme_name(theme.text) for theme in line.themes if theme.id not in served]
    if idle and line.objectives:
        yield "Themes without an objective", _named(idle)
    astray = [o.title for o in line.objectives if o.theme_id not in known]
    if astray and line.themes:
        yield "Objectives without a theme", _named(astray)
    empty = [o.title for o in line.objectives if not line.on(o)]
    if empty:
        yield "Objectives without items", _named(empty)
    if line.loose:
        loose = _named([f"#{item.number} {item.title}" for item in line.loose])
        yield (
            f"Items of {shown(line.team)} without an objective",
            (f"{len(line.loose)} of {line.open_items}, first {loose}"),
        )
    if line.vague:
        vague = _named([f"#{item.number} {item.title}" for item in line.vague])
        yield (
            "Which metric changes when we ship this?",
            (f"One sentence would help readers of {vague}"),
        )


def _named(words: Sequence[str]) -> str:
    named = ", ".join(shown(each, 60).rstrip(".") for each in words[:NAMED_MAX])
    more = len(words) - NAMED_MAX
    return f"{named} and {more} more." if more > 0 else f"{named}."


def _standing(line: Line) -> str:
    undecided = sum(risk.state == RAISED for risk in line.risks)
    risks = f"{_count(len(line.risks), 'risk')}"
    if undecided:
        risks += f", {undecided} not decided yet"
    return f"Confidence: {line.confidence}. {risks}. Predictability: {line.predictability}."


def _buttons(line: Line, page: int, pages: int) -> Iterable[tuple[Button | LinkButton, ...]]:
    yield (
        Button("Add an objective", OpenObjective(), opens_form=True),
        Button("Link items", OpenLink(0), opens_form=True),
        Button("Vote on confidence", StartConfidence()),
    )
    second = [Button("Vision and themes", OpenVision(), opens_form=True)]
    if line.risks:
        second.append(Button("Decide about a risk", OpenRoam(0), opens_form=True))
    if line.vague:
        number = line.vague[0].number
        label = f"Say what #{number} changes"
        second.append(Button(label, CoachItem(number), opens_form=True))
    yield tuple(second)
    turns = []
    if page:
        turns.append(Button("Previous", TurnPage(line.team_id, page - 1)))
    if page < pages - 1:
        turns.append(Button("Next", TurnPage(line.team_id, page + 1)))
    yield tuple(turns)


def _count(number: int, what: str) -> str:
    return counted(number, what) if number else f"No {what}s"
