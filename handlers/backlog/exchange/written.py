"""Hone's own file: CSV that no spreadsheet runs, or JSON, with all that an import reads back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from handlers.rules.refinement import written_criteria
from handlers.sources.cells import write_csv

COLUMNS: Final = (
    *("key", "number", "title", "kind", "level", "state", "points", "owner", "due", "themes"),
    *(
        "description",
        "criteria",
        "metric",
        "metric_from",
        "metric_to",
        "user_business_value",
        "time_criticality",
        "risk_reduction",
    ),
    *("job_size", "part_of", "dropped_because", "created", "updated", "history"),
    *("state_there", "url"),
)
"""What an export has, in this order."""


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as a CSV file with all columns; a row is a value per column, as JSON has it."""
    return write_csv(COLUMNS, ([_written(row.get(name), name) for name in COLUMNS] for row in rows))


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as a JSON file."""
    return json.dumps({"items": list(rows)}, ensure_ascii=False, indent=2) + "\n"


def _written(value: Any, name: str) -> str:
    match value:
        case None:
            return ""
        case list() if name == "criteria":
            return written_criteria(value)
        case list() if name == "history":
            return "\n".join(map(_step, value))
        case list():
            return " ".join(value)
        case _:
            return str(value)


def _step(step: Mapping[str, str]) -> str:
    reason = step.get("reason")
    return f"{step['at']} {step['state']}" + (f" ({reason})" if reason else "")
