"""The forms of planning: vision, PI, objectives, links, actual values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.cards import (
    Bold,
    Choice,
    Day,
    Field,
    Form,
    Input,
    Note,
    Option,
    Toggle,
    subtle,
    text,
)
from handlers.objectives.access import shown
from handlers.objectives.actions import (
    Choose,
    Close,
    SaveChange,
    SaveLink,
    SaveNew,
    SaveScore,
    SaveSetup,
    SaveVision,
)
from handlers.rules.predictability import Predictability
from handlers.rules.timeboxes import PI_WEEKS_USUAL
from storage.items import Item
from storage.objectives import VALUE_MAX, Objective, PlanningInterval
from storage.strategy import StrategicTheme

VISION_MAX_CHARS = 1_000
THEME_MAX_CHARS = 300
THEMES_MAX = 7
THEMES_OFFERED = 4
"""Fields for themes in a form that has none yet."""

NAME_MAX_CHARS = 60
TITLE_MAX_CHARS = 200
OPTIONS_MAX = 99
"""Slack's 100 options of a menu, less the one for "none"."""

LABEL_CHARS = 75
NONE = "none"

VALUES = tuple(Option(str(value), str(value)) for value in range(VALUE_MAX + 1))


def vision_form(train_id: int, vision: str, themes: Sequence[StrategicTheme]) -> Form:
    """Ask for the vision and a field for each theme; an emptied field retires its theme."""
    blank = min(max(THEMES_OFFERED - len(themes), 1), max(THEMES_MAX - len(themes), 0))
    fields: list[Field] = [
        Input(
            "vision",
            "Vision",
            vision,
            multiline=True,
            max_chars=VISION_MAX_CHARS,
            optional=True,
            hint="In a few sentences: where is this train going, and for whom?",
        )
    ]
    fields += [
        _theme(f"theme.{theme.id}", f"Strategic theme {place}", theme.text)
        for place, theme in enumerate(themes, start=1)
    ]
    fields += [
        _theme(f"new.{place}", f"Strategic theme {len(themes) + place}", "")
        for place in range(1, blank + 1)
    ]
    return Form("Vision and themes", SaveVision(train_id), tuple(fields))


def _theme(field: str, label: str, value: str) -> Input:
    return Input(field, label, value, multiline=True, max_chars=THEME_MAX_CHARS, optional=True)


def setup_form(train_id: int, pi: PlanningInterval | None, today: date) -> Form:
    """Ask for the PI's name, first day and length."""
    weeks = pi.weeks if pi else PI_WEEKS_USUAL
    return Form(
        "Planning interval",
        SaveSetup(train_id, pi.id if pi else 0),
        (
            Input(
                "name",
                "Name",
                pi.name if pi else "",
                max_chars=NAME_MAX_CHARS,
                placeholder="PI 27.1",
            ),
            Day("starts", "First day", pi.starts if pi else today, optional=False),
            Input(
                "length",
                "Length",
                f"{weeks} weeks",
                max_chars=20,
                hint="Such as 10 weeks, or 5 iterations of this team's length",
            ),
        ),
    )


def close_form(pi: PlanningInterval, train: Predictability, unrated: int) -> Form:
    """Ask whether the PI is over, and say what its predictability would be."""
    notes = [Note(text("Predictability of the train: ", Bold(str(train)), "."))]
    if unrated:
        has = "objective has" if unrated == 1 else "objectives have"
        notes.append(Note(text(f"{unrated} {has} no actual value: rate them first with pi score.")))
    notes.append(Note(subtle("After this, nothing in this PI can be changed any more.")))
    return Form("Close the PI", Close(pi.id), tuple(notes), submit_label="Close it")


# --- objectives ------------------------------------------------------------------------------


def new_form(team_id: int, themes: Sequence[StrategicTheme], title: str = "") -> Form:
    fields = _objective_fields(themes, title, None, planned=None, committed=True)
    return Form("New objective", SaveNew(team_id), fields)


def change_form(objective: Objective, themes: Sequence[StrategicTheme]) -> Form:
    fields = _objective_fields(
        themes,
        objective.title,
        objective.theme_id,
        planned=objective.planned,
        committed=objective.committed,
    )
    drop = Toggle("drop", "Drop this objective", hint="Its items stay, and hang loose.")
    return Form("Change an objective", SaveChange(objective.id), (*fields, drop))


def _objective_fields(
    themes: Sequence[StrategicTheme],
    title: str,
    theme_id: int | None,
    *,
    planned: int | None,
    committed: bool,
) -> tuple[Field, ...]:
    fields: list[Field] = [
        Input(
            "title",
            "What will be different?",
            title,
            max_chars=TITLE_MAX_CHARS,
            placeholder="Two thirds of customers check out within a minute",
            hint="An outcome that others would notice, rather than what you will build",
        )
    ]
    if themes:
        options = (
            Option("None of them", NONE),
            *(Option(shown(theme.text, LABEL_CHARS), str(theme.id)) for theme in themes),
        )
        known = theme_id in {theme.id for theme in themes}
        chosen = str(theme_id) if known else NONE
        fields.append(Choice("theme", "Strategic theme it serves", options, (chosen,)))
    fields += [
        Choice(
            "planned",
            "Planned business value",
            VALUES,
            () if planned is None else (str(planned),),
            hint="0 to 10, as the business owners see it",
        ),
        Toggle(
            "committed",
            "The team commits to it",
            on=committed,
            hint="An uncommitted one is a stretch: it counts only if it is reached.",
        ),
    ]
    return tuple(fields)


def choose_form(objectives: Sequence[Objective]) -> Form:
    options = tuple(
        Option(shown(objective.title, LABEL_CHARS), str(objective.id)) for objective in objectives
    )
    return Form(
        "Change an objective",
        Choose(),
        (Choice("objective", "Which one?", options),),
        submit_label="Next",
    )


def link_form(
    team_id: int,
    items: Sequence[Item],
    objectives: Sequence[Objective],
    names: Mapping[int, str],
    *,
    numbers: Sequence[int] = (),
    objective_id: int = 0,
) -> Form:
    """Choose items and the objective they serve; `names` are the teams' names."""
    listed = tuple(
        Option(shown(f"#{item.number} {item.title}", LABEL_CHARS), str(item.number))
        for item in items[:OPTIONS_MAX]
    )
    goals = tuple(
        Option(
            shown(f"{goal.title} ({shown(names.get(goal.team_id, ''), 20)})", LABEL_CHARS),
            str(goal.id),
        )
        for goal in objectives[:OPTIONS_MAX]
    )
    offered = {option.value for option in listed}
    chosen = tuple(str(number) for number in numbers if str(number) in offered)
    known = str(objective_id) in {option.value for option in goals}
    return Form(
        "Link items",
        SaveLink(team_id),
        (
            Choice("items", "Which items?", listed, chosen, many=True),
            Choice(
                "objective",
                "Which objective do they serve?",
                (Option("None: take them off", NONE), *goals),
                (str(objective_id),) if known else (),
            ),
        ),
        submit_label="Link them",
    )


def score_form(pi: PlanningInterval, team_id: int, objectives: Sequence[Objective]) -> Form:
    """Ask for the actual value of every objective of a team."""
    options = (Option("Not rated yet", NONE), *VALUES)
    rated = tuple(
        Choice(
            f"actual.{objective.id}",
            shown(objective.title, 150),
            options,
            (NONE if objective.actual is None else str(objective.actual),),
            hint=f"Planned: {objective.planned}" + ("" if objective.committed else ", uncommitted"),
        )
        for objective in objectives
    )
    why = Note(text("What was each worth in the end? The business owners have the say."))
    return Form("Actual business value", SaveScore(pi.id, team_id), (why, *rated))
