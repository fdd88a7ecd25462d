"""What planning shows: the line from the vision to the items, objectives, changes, the close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Facts,
    Node,
    Series,
    Table,
    Typed,
    heading,
    subtle,
    text,
)
from handlers.objectives.access import shown
from handlers.objectives.actions import (
    OpenChange,
    OpenLink,
    OpenSetup,
    OpenVision,
)
from handlers.rules.predictability import Predictability
from handlers.rules.timeboxes import progress
from handlers.ui.actions import OpenObjective
from handlers.ui.elsewhere import NOWHERE_ELSE, known_ending
from storage.items import Item
from storage.objectives import Objective, PlanningInterval
from storage.tracked import KnownAs

ITEMS_SHOWN = 10
CHART_TEAMS_MAX = 12
CHART_LABEL_CHARS = 20


def days(pi: PlanningInterval, today: date) -> str:
    """Return `23 Nov 2026 to 31 Jan 2027, week 1 of 10`."""
    return f"{span(pi.starts, pi.weeks)}, {progress(pi.starts, pi.weeks, today)}"


def span(starts: date, weeks: int) -> str:
    """Return the first and the last day of some weeks."""
    return f"{_day(starts)} to {_day(starts + timedelta(weeks=weeks, days=-1))}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def nothing_planned(vision: str, last: tuple[PlanningInterval, Predictability] | None) -> Card:
    """Say how to begin; without a PI there is nothing else to show."""
    words = "No planning interval is set up."
    nodes: list[Node] = [text(words)]
    if vision:
        nodes.insert(0, text(Bold("Vision: "), vision))
    if last:
        nodes.append(text(f"{shown(last[0].name)} is closed. Its predictability: {last[1]}."))
    setup = Button("Set up a PI", OpenSetup(), style="primary", opens_form=True)
    label = "Change the vision" if vision else "Write the vision"
    nodes.append(Buttons((setup, Button(label, OpenVision(), opens_form=True))))
    return Card(words, tuple(nodes))


def planned(pi: PlanningInterval, today: date) -> Card:
    """Tell that a PI is set up, and what comes next."""
    words = f"{shown(pi.name)}: {days(pi, today)}."
    return Card(
        words,
        (
            text(Bold(shown(pi.name)), f": {days(pi, today)}."),
            subtle("Next, each team writes its objectives: ", Typed("pi objective add"), "."),
            Buttons((Button("Add an objective", OpenObjective(), opens_form=True),)),
        ),
    )


# --- objectives ------------------------------------------------------------------------------


def value_words(objective: Objective) -> str:
    """Return `8`, `8 → 7` once it is rated, `5 (stretch)` if it is uncommitted."""
    actual = "" if objective.actual is None else f" → {objective.actual}"
    return f"{objective.planned}{actual}{'' if objective.committed else ' (stretch)'}"


def objective_card(
    objective: Objective,
    items: Sequence[Item],
    *,
    team: str,
    theme: str,
    pi: PlanningInterval,
    owners: Mapping[str, str],
    known: Mapping[int, KnownAs] = NOWHERE_ELSE,
    beside: str = "",
) -> Card:
    """Draw an objective with its items; `beside` is what a tracker says of it."""
    facts = [("Team", shown(team)), ("PI", shown(pi.name))]
    if theme:
        facts.append(("Theme", shown(theme, 120)))
    facts.append(("Business value", _value(objective)))
    facts.append(("Commitment", "committed" if objective.committed else "uncommitted, a stretch"))
    nodes: list[Node] = [
        heading(f"Objective: {shown(objective.title, 120)}"),
        Facts(tuple((name, (value,)) for name, value in facts)),
    ]
    if objective.dropped_at is not None:
        nodes.append(text("This objective was dropped."))
        return Card(f"Objective dropped: {shown(objective.title)}", tuple(nodes))
    nodes += [
        text(_item_line(item, owners), *known_ending(known.get(item.number)))
        for item in items[:ITEMS_SHOWN]
    ]
    if len(items) > ITEMS_SHOWN:
        nodes.append(subtle(f"And {len(items) - ITEMS_SHOWN} more."))
    if not items:
        nodes.append(subtle("No item hangs on it yet."))
    if beside:
        nodes.append(subtle(beside))
    if pi.state == "open":
        nodes.append(
            Buttons(
                (
                    Button("Change", OpenChange(objective.id), opens_form=True),
                    Button("Link items", OpenLink(objective.id), opens_form=True),
                )
            )
        )
    return Card(f"Objective of {shown(team)}: {shown(objective.title)}", tuple(nodes))


def _value(objective: Objective) -> str:
    if objective.actual is None:
        return f"{objective.planned} planned"
    return f"{objective.planned} planned, {objective.actual} reached"


def _item_line(item: Item, owners: Mapping[str, str]) -> str:
    name = owners.get(item.owner or "", "")
    owner = f", {name}" if name else ""
    return f"#{item.number} {shown(item.title, 90)} ({item.state}{owner})"


@dataclass(frozen=True, slots=True)
class News:
    """A day's changes of an objective: field → [before, after], and who made them."""

    objective: Objective
    changes: Mapping[str, tuple[object, object]]
    by: tuple[str, ...]


def change_card(
    news: News,
    team: str,
    items: Sequence[Item],
    known: Mapping[int, KnownAs] = NOWHERE_ELSE,
) -> Card:
    """Tell a team what changed about an objective that its items serve."""
    now = shown(news.objective.title, 120)
    words = f"An objective that items of {shown(team)} serve changed: {now}"
    nodes: list[Node] = [text(Bold("An objective changed: "), now)]
    nodes += [text(line) for line in _news_lines(news.changes)]
    if not news.changes:
        nodes.append(text("It is as it was before: the change was taken back."))
    if items:
        nodes.append(text(f"What {shown(team)} has on it:"))
    nodes += [
        text(f"#{item.number} {shown(item.title, 50)}", *known_ending(known.get(item.number)))
        for item in items[:5]
    ]
    if len(items) > 5:
        nodes.append(subtle(f"And {len(items) - 5} more."))
    nodes.append(subtle(f"Changed by {', '.join(news.by) or 'someone'}."))
    return Card(words, tuple(nodes))


def _news_lines(changes: Mapping[str, tuple[object, object]]) -> list[str]:
    lines = []
    for name, (before, after) in changes.items():
        match name:
            case "title":
                lines.append(f"It read: {shown(str(before), 120)}")
            case "planned":
                lines.append(f"Business value: {before} → {after}")
            case "committed":
                lines.append("Now committed." if after else "Now uncommitted: a stretch.")
            case "dropped_at":
                lines.append("It was dropped.")
    return lines


# --- the close -------------------------------------------------------------------------------


def closed_card(
    pi: PlanningInterval,
    teams: Sequence[tuple[str, Predictability]],
    train: Predictability,
    left: int,
    by: str,
    paid_off: Sequence[str],
) -> Card:
    """Draw how a PI ended; `left` items on its objectives are still open, `paid_off` says whether
    its votes were right."""
    title = f"{shown(pi.name)} is closed"
    nodes: list[Node] = [heading(title), text("Predictability of the train: ", Bold(str(train)))]
    if teams:
        nodes.append(
            Table(
                ("Team", "Planned", "Reached", "Predictability"),
                tuple(
                    (shown(name, 40), str(reached.planned), str(reached.actual), _percent(reached))
                    for name, reached in teams
                ),
                right=frozenset({1, 2, 3}),
                caption="Business value of each team's objectives. Planned: committed ones only.",
            )
        )
    labels = {shown(name, CHART_LABEL_CHARS) for name, _ in teams}
    if 1 < len(labels) == len(teams) <= CHART_TEAMS_MAX:  # else nobody could tell the bars apart
        nodes.append(_chart(teams))
    if left:
        still = "item is still open and serves" if left == 1 else "items are still open and serve"
        nodes.append(text(f"{left} {still} no running objective now."))
    if paid_off:
        nodes += [text(Bold("Did the votes pay off?")), *(text(line) for line in paid_off)]
    nodes.append(subtle(f"Closed by {by}. The next PI begins with pi setup."))
    return Card(f"{title}. Predictability: {train}.", tuple(nodes))


def _percent(reached: Predictability) -> str:
    return "n/a" if reached.value is None else f"{round(100 * reached.value)} %"


def _chart(teams: Sequence[tuple[str, Predictability]]) -> Chart:
    best = ", ".join(f"{shown(name, 40)} {_percent(reached)}" for name, reached in teams)
    return Chart(
        "bar",
        "Business value by team",
        tuple(shown(name, CHART_LABEL_CHARS) for name, _ in teams),
        (
            Series("Planned", tuple(float(reached.planned) for _, reached in teams)),
            Series("Reached", tuple(float(reached.actual) for _, reached in teams)),
        ),
        best,
    )
