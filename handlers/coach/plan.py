"""What a conversation knows so far, and the item it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.coach.questions import path
from handlers.rules.hypothesis import check_day, renewed
from handlers.rules.limits import EXPERIMENT_MAX_CHARS, METRIC_MAX_CHARS, VALUE_MAX_CHARS
from storage import Store
from storage.conversations import Conversation
from storage.items import Item

DESCRIBED_CHARS = 1_500
"""Details this long say what happens now, and two more answers would not fit beside them."""

NOW, NOTICE = "What happens now:", "How we notice:"


def answers_so_far(row: Conversation) -> dict[str, str]:
    """Return the answers so far by step; a skipped step has an empty one."""
    return dict(row.answers.get("said", {}))


def given(row: Conversation) -> dict[str, Any]:
    """Return what the draft said that the conversation came from, by field of the item."""
    return dict(row.answers.get("given", {}))


def known(item: Item | None, drafted: Mapping[str, Any]) -> dict[str, str]:
    """Return what holds already, by step."""
    if item is None:
        return {step: str(drafted[step]) for step in ("title", "owner", "due") if drafted.get(step)}
    values = {
        "owner": item.owner or "",
        "due": item.due.isoformat() if item.due else "",
        "experiment": item.experiment[:EXPERIMENT_MAX_CHARS],
        "metric": item.metric[:METRIC_MAX_CHARS],
        "start": item.metric_from[:VALUE_MAX_CHARS],
        "goal": item.metric_to[:VALUE_MAX_CHARS],
        "check": item.check_on.isoformat() if item.check_on else "",
    }
    return {step: value for step, value in values.items() if value}


def held(
    item: Item | None, drafted: Mapping[str, Any], answers: Mapping[str, str]
) -> dict[str, str]:
    """Return what holds with these answers: an empty one leaves what is known."""
    return known(item, drafted) | {step: value for step, value in answers.items() if value}


def steps_of(
    item: Item | None, drafted: Mapping[str, Any], answers: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the questions of this conversation, in order."""
    metric = answers.get("metric")
    if metric == "" and item is not None and item.metric:
        answers = {**answers, "metric": item.metric}  # skipping keeps the metric there is
    details = item.description if item else str(drafted.get("details", ""))
    return path(
        answers,
        titled=item is not None or bool(drafted.get("title")),
        described=len(details) > DESCRIBED_CHARS or NOW in details,
    )


def title_of(item: Item | None, drafted: Mapping[str, Any], answers: Mapping[str, str]) -> str:
    return item.title if item else str(drafted.get("title") or answers.get("title", ""))


async def save(
    store: Store,
    item: Item | None,
    team_id: int,
    drafted: Mapping[str, Any],
    answers: Mapping[str, str],
    *,
    by: str,
    today: date,
) -> Item:
    """Write the answers into the item, or into a new one."""
    fields = _fields(answers, today)
    before = item.description if item else str(drafted.get("details", ""))
    fields["description"] = described(before, answers.get("now", ""), answers.get("notice", ""))
    if item is None:
        more = {
            name: drafted[name] for name in ("themes", "kind", "level", "link") if name in drafted
        }
        title = title_of(None, drafted, answers)
        return await store.items.add(team_id, title, by=by, **fields, **more)
    await store.items.change(item, renewed(item, fields), by=by)
    return item


def _fields(answers: Mapping[str, str], today: date) -> dict[str, Any]:
    due, check = _day(answers.get("due")), _day(answers.get("check"))
    metric = answers.get("metric", "")
    return {
        "owner": answers.get("owner") or None,
        "due": due,
        "experiment": answers.get("experiment", ""),
        "metric": metric,
        "metric_from": answers.get("start", "") if metric else "",
        "metric_to": answers.get("goal", "") if metric else "",
        "check_on": (check or check_day(due, today)) if metric else None,
    }


def _day(answer: str | None) -> date | None:
    return date.fromisoformat(answer) if answer else None


def described(before: str, now: str, notice: str) -> str:
    """Return details with what happens now and how it is noticed added to them."""
    lines = [before, f"{NOW} {now}" if now else "", f"{NOTICE} {notice}" if notice else ""]
    return "\n".join(line for line in lines if line)
