"""What a feature is for: asked once, when it comes in without a metric, and never again."""

from __future__ import annotations

from bot.cards import Button, Buttons, Form, Input, Node, Note, filled, text
from bot.turn import Ask, Reply, Turn, whisper
from handlers.capture.actions import SaveOutcome
from handlers.phrases import shortened
from handlers.rules.guard import unfinished
from handlers.rules.hypothesis import (
    HYPOTHESIS_MAX_CHARS,
    hypothesis_problem,
    read_hypothesis,
    renewed,
    sentence,
)
from handlers.rules.limits import DETAILS_MAX_CHARS, too_long
from handlers.ui.actions import OpenOutcome
from storage import Store
from storage.items import Item

QUESTION = "What do we hope will happen when we ship this, and which metric changes?"

HOPE = "What we hope:"
HOPE_MAX_CHARS = 500


def metric_field(metric: str) -> Input:
    """Ask which metric an item should move, in any form that makes or edits one."""
    return Input(
        "metric",
        "Which metric should it change?",
        metric,
        max_chars=HYPOTHESIS_MAX_CHARS,
        optional=True,
        placeholder="review time from 2 days to 4 hours",
        hint="Once it is done, I ask whether it did.",
    )


def outcome_question(item: Item) -> list[Node]:
    """Ask what a feature should change, beside the news that it is saved; others have no need."""
    if item.kind != "feature" or item.metric:
        return []
    n = item.number
    hint = f"Say what #{n} should change, opens a form"
    button = Button("Say what should change", OpenOutcome(n), opens_form=True, hint=hint)
    return [text(QUESTION, " I ask only now; no answer is fine, too."), Buttons((button,))]


async def open_outcome(turn: Turn, store: Store, act: OpenOutcome) -> Reply:
    """Open the form for what a feature should change."""
    return Ask(_form(await unfinished(turn, store, act.number)))


async def save_outcome(turn: Turn, store: Store, act: SaveOutcome) -> Reply:
    """Keep what is hoped for among the details, and the metric where Hone asks for it later."""
    item = await unfinished(turn, store, act.number)
    hope, hoped = turn.answers.one("hope"), turn.answers.one("metric")
    details = "\n".join(filter(None, (item.description, f"{HOPE} {hope}" if hope else "")))
    errors: dict[str, str] = {}
    if wrong := hypothesis_problem(hoped):
        errors["metric"] = wrong
    elif not hope and not hoped:
        errors["metric"] = "Name something you can count or time, or close this form."
    if wrong := too_long(hope, HOPE_MAX_CHARS):
        errors["hope"] = wrong
    elif hope and (wrong := too_long(details, DETAILS_MAX_CHARS)):
        errors["hope"] = f"With the details of #{item.number}: {wrong}"
    if errors:
        return Ask(filled(_form(item), turn.answers), errors)
    metric, start, goal = read_hypothesis(hoped)
    changes: dict[str, object] = {"description": details}
    if metric:
        changes |= {"metric": metric, "metric_from": start, "metric_to": goal}
    await store.items.change(item, renewed(item, changes), by=turn.person.id)
    said = sentence("", metric, start, goal) or "Without a metric nobody can tell later."
    return whisper(f"Noted in #{item.number}. {said}")


def _form(item: Item) -> Form:
    return Form(
        f"What #{item.number} is for",
        SaveOutcome(item.number),
        (
            Note(text(shortened(item.title, 200))),
            Input(
                "hope",
                "What do we hope will happen when we ship this?",
                multiline=True,
                max_chars=HOPE_MAX_CHARS,
                optional=True,
            ),
            Input(
                "metric",
                "Which metric changes?",
                max_chars=HYPOTHESIS_MAX_CHARS,
                optional=True,
                placeholder="support calls from 40 a week to 10",
                hint="Something you can count or time. I ask after shipping whether it moved.",
            ),
        ),
    )
