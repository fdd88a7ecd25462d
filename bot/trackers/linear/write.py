"""What Hone writes to Linear: fields of an issue, and its score as an attachment.

Linear has no fields of one's own, so a score stands as an attachment, one to an issue: its address
is its key there, so that the next score takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from bot.records import Record

SCORE: Final = ("wsjf", "ubv", "tc", "rroe", "size")
_PLAIN: Final = {"title": "title", "owner": "assigneeId", "due": "dueDate"}


def id_for(marker: str) -> str:
    """Return the id that an issue with this marker has: created twice it is still one."""
    return str(uuid5(NAMESPACE_URL, f"hone:{marker}"))


def issue_input(
    record: Record, states: Mapping[str, str], labels: Sequence[str] | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return an issue's input, and what is left out: field → why, in a sentence.

    `states` are name → id. Labels have their own, `labels`, which may have to be made first.
    """
    given: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for name, value in record.change.fields.items():
        match name:
            case "title" | "owner" | "due":
                given[_PLAIN[name]] = _plain(value)
            case "points":
                if isinstance(value, float) and not value.is_integer():
                    left_out[name] = f"Linear takes whole estimates only, not {value:g}."
                else:
                    given["estimate"] = value if value is None else int(value)  # type: ignore[arg-type]
            case "state":
                if str(value) in states:
                    given["stateId"] = states[str(value)]
                else:
                    left_out[name] = f"Linear has no state called {value} in this team any more."
            case _:
                pass  # a part of the score
    if labels is not None:
        given["labelIds"] = list(labels)
    return given, left_out


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value or None


def attachment_input(record: Record, issue: str, link: str) -> dict[str, Any] | None:
    """Return the attachment that tells a score, None where the record has none.

    `link` is the issue's own address, which stands in where Hone has no page to lead to.
    """
    told = {name: record.change.fields.get(name) for name in SCORE}
    if not any(value is not None for value in told.values()):
        return None
    cards = (
        ("Value", told["ubv"]),
        ("Time", told["tc"]),
        ("Risk", told["rroe"]),
        ("Size", told["size"]),
    )
    score = f"WSJF {told['wsjf']:g}" if isinstance(told["wsjf"], int | float) else "WSJF"
    return {
        "issueId": issue,
        "url": record.backlink or f"{link}#hone",
        "title": score,
        "subtitle": " · ".join(f"{name} {card}" for name, card in cards if card is not None),
        "metadata": {name: value for name, value in told.items() if value is not None},
    }
