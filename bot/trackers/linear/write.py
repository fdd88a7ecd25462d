"""What Hone writes to Linear: fields of an issue, and its score as an attachment.

Linear has no fields of one's own, so a score stands as an attachment, one to an issue: its address
is its key there, so that the next score takes its place. It says whose decision it is, and leads
back to Hone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from bot.records import Record
from bot.trackers.values import number
from bot.trackers.writing import LeftOut, Part, Plan, Value, score_in, whole

SCORE: Final = ("wsjf", "ubv", "tc", "rroe", "size")
_PLAIN: Final = {"title": "title", "owner": "assigneeId", "due": "dueDate"}


def id_for(marker: str) -> str:
    """Return the id that an issue with this marker has: created twice it is still one."""
    return str(uuid5(NAMESPACE_URL, f"hone:{marker}"))


def part_for(states: Mapping[str, str], labels: Sequence[str], name: str, value: Value) -> Part:
    """Return what a field of Hone's changes of an issue; raises LeftOut.

    `states` are name → id. Labels have their own, `labels`, which may have to be made first.
    """
    match name:
        case "title" | "owner" | "due":
            plain = value.isoformat() if isinstance(value, date) else value or None
            return {_PLAIN[name]: plain}
        case "points":
            return {"estimate": whole(value, "Linear", "estimates")}
        case "labels":
            return {"labelIds": list(labels)}
        case "state" if str(value) in states:
            return {"stateId": states[str(value)]}
        case "state":
            raise LeftOut(f"Linear has no state called {value} in this team any more.")
        case _:
            return {}  # a part of the score


def attachment_for(record: Record, plan: Plan, issue: str, link: str) -> Part:
    """Return the attachment that tells a score, {} where the record has none.

    `link` is the issue's own address, which stands in where Hone has no page to lead to.
    """
    score, _, cards = score_in(record, plan).partition(" · ")
    if not score:
        return {}
    told = {name: number(record.change.fields.get(name)) for name in SCORE}
    return {
        "issueId": issue,
        "url": record.backlink or f"{link}#hone",
        "title": score,
        "subtitle": " · ".join(filter(None, (cards, record.by))),
        "metadata": {name: value for name, value in told.items() if value is not None},
    }
