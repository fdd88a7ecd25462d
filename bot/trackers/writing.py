"""What every tracker's writing has in common: what goes where, what is left out, on whose behalf.

A change goes in parts, each under Hone's name of its field, the four cards together under "score".
Whose decision it is stands where a tracker has a place for that which does not grow with each
change: in the history of the change itself, or in one note that a score brings along and the next
one replaces. Titles and dates bring no note: nobody wants to be notified of those twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from bot.records import Change, Record
from bot.remote import CARDS, FieldHome
from bot.text import alike, clean
from bot.trackers.rich import inert
from bot.trackers.tracker import NotAllowed, Rejected
from bot.trackers.values import CALLED, hidden, number, text

Value = str | float | date | tuple[str, ...] | None
Part = dict[str, Any]
"""A tracker's names of fields → the values that they get."""


class LeftOut(Exception):
    """A field cannot be written; its text is the plain sentence that says why."""


@dataclass(slots=True)
class Plan:
    """A record's fields on their way: Hone's name → value; `left_out` gather their reasons."""

    fields: dict[str, Value]
    left_out: dict[str, str] = field(default_factory=dict)

    def leave_out(self, name: str, why: str) -> None:
        """Leave a field out; of a card the whole score, for the rest would say something else."""
        for each in (*CARDS, "wsjf") if name in CARDS else (name,):
            if each in self.fields:
                del self.fields[each]
                self.left_out.setdefault(each, why)

    def parts(self, told: Callable[[str, Value], Part]) -> dict[str, Part]:
        """Return what is sent, part by part; `told` says it of one field and may raise LeftOut.

        A field of which it says {} is written some other way, or stands there already.
        """
        parts: dict[str, Part] = {}
        for name, value in list(self.fields.items()):
            try:
                part = told(name, value) if name in self.fields else {}
            except LeftOut as why:
                self.leave_out(name, str(why))
            else:
                if part:
                    parts.setdefault(part_of(name), {}).update(part)
        if not any(card in self.fields for card in CARDS):
            parts.pop("score", None)
        return parts


def planned(record: Record, homes: Mapping[str, FieldHome], tool: str) -> Plan:
    """Return what of a record can be written where `homes` are."""
    plan = Plan(dict(record.change.fields))
    for name in record.change.fields:
        home = homes.get(name)
        if home is None:
            plan.leave_out(name, f"{tool} has no place for {CALLED[name]} here.")
        elif home.hindrance:
            plan.leave_out(name, home.hindrance)
    return plan


def unmovable(key: str, wanted: Any, offered: Iterable[str]) -> str:
    """Return the sentence for a state that an item cannot get to."""
    ways = ", ".join(dict.fromkeys(offered)) or "nothing"
    return f"{key} can't go to {wanted} from where it is: its workflow offers {ways}."


async def send_parts(
    plan: Plan, parts: Mapping[str, Part], send: Callable[[Part], Awaitable[None]]
) -> None:
    """Send all at once; where that is refused, part by part, so that only the wrong is left out."""
    if not parts:
        return
    try:
        await send({name: value for part in parts.values() for name, value in part.items()})
        return
    except (Rejected, NotAllowed) as error:
        if len(parts) == 1:
            _refuse(plan, next(iter(parts)), error)
            return
    for name, part in parts.items():
        if name == "wsjf" and name not in plan.fields:
            continue  # its cards were refused
        try:
            await send(part)
        except (Rejected, NotAllowed) as error:
            _refuse(plan, name, error)


def _refuse(plan: Plan, name: str, error: Exception) -> None:
    first_card = next((card for card in CARDS if card in plan.fields), name)
    plan.leave_out(first_card if name == "score" else name, str(error))


def part_of(name: str) -> str:
    """Return which part a field goes with."""
    return "score" if name in CARDS else name


def whole(value: Value, tool: str, what: str) -> int | None:
    """Return points where only whole ones are kept; raises LeftOut for others, never rounds."""
    points = number(value)
    if isinstance(points, float):
        raise LeftOut(f"{tool} takes whole {what} only, not {points:g}.")
    return points


# --- new items -------------------------------------------------------------------------------

_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "feature": ("feature", "epic"),
    "improvement": ("improvement", "user story", "product backlog item", "requirement", "task"),
    "enabler": ("enabler", "technical task", "task", "support"),
}
_ITEM: Final = ("story", "user story", "product backlog item", "requirement", "task", "issue")


def likeliest(kind: str, there: Mapping[str, Any]) -> Any:
    """Return the type that a new item of Hone's kind gets, of those there are by name; else any.

    None where there are none.
    """
    by_name = {alike(name): told for name, told in there.items()}
    names = (*_TYPES.get(kind, ()), *_ITEM)
    return next(
        (by_name[name] for name in names if name in by_name), next(iter(there.values()), None)
    )


def born(record: Record, id: str) -> Record:
    """Return what is left to write of an item that was created with its title."""
    rest = {name: value for name, value in record.change.fields.items() if name != "title"}
    return replace(record, id=id, change=Change(rest))


def signed(record: Record) -> str:
    """Return the description of a new item, with on whose behalf it was put there."""
    return "\n\n".join(filter(None, (record.body, record.by)))


def marked(record: Record) -> str:
    """Return the same with the way back to Hone, and a last line that Hone finds it by."""
    return "\n\n".join(filter(None, (signed(record), record.backlink))) + f"\n{record.marker}"


def body_of(record: Record) -> str:
    """Return the same where Markdown is read, so that the last line is not seen."""
    words = (inert(signed(record)), record.backlink, hidden(record.marker))
    return "\n\n".join(filter(None, words))


# --- on whose behalf -------------------------------------------------------------------------


def score_in(record: Record, plan: Plan) -> str:
    """Return a score that is written as people read it, "" where there is none.

    "WSJF 8 · Value 8 · Time 5 · Risk 3 · Size 2".
    """
    told = {name: number(record.change.fields.get(name)) for name in CARDS}
    if any(card is None or name in plan.left_out for name, card in told.items()):
        return ""
    score = number(record.change.fields.get("wsjf"))
    names = dict(zip(CARDS, ("Value", "Time", "Risk", "Size"), strict=True))
    wsjf = "WSJF" if score is None else f"WSJF {score:g}"
    return " · ".join([wsjf, *(f"{names[name]} {card}" for name, card in told.items())])


def note_in(record: Record, plan: Plan) -> str:
    """Return the note that tells whose decision a score is, and leads back to Hone; else ""."""
    if not (score := score_in(record, plan)):
        return ""
    by = f" ({record.by})" if record.by else ""
    lines = (f"{score}{by}", record.backlink)
    return "\n\n".join(filter(None, lines))


async def keep_note(
    note: str,
    comments: Sequence[Any],
    add: Callable[[Part], Awaitable[Any]],
    change: Callable[[str, Part], Awaitable[Any]],
) -> None:
    """Keep one note among an item's comments in Markdown: our own is changed, or a first added."""
    body = f"{inert(note)}\n\n{hidden('score')}"
    ours = next((each for each in comments if hidden("score") in text(each, "body")), None)
    if ours is None:
        await add({"body": body})
    elif text(ours, "body") != clean(body):
        await change(text(ours, "id"), {"body": body})
