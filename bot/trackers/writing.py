"""What every tracker's writing has in common: which field goes where, and what is left out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from bot.records import Record
from bot.remote import FieldHome
from bot.trackers.tracker import Rejected
from bot.trackers.values import CALLED, CARDS

Value = str | float | date | tuple[str, ...] | None


@dataclass(slots=True)
class Plan:
    """A record's fields on their way: Hone's name → value; `left_out` gather their reasons."""

    fields: dict[str, Value]
    left_out: dict[str, str] = field(default_factory=dict)

    def leave_out(self, name: str, why: str) -> None:
        """Leave a field out; of a card all four, for three of them would say something else."""
        names = [each for each in CARDS if each in self.fields] if name in CARDS else [name]
        for each in names:
            if each in self.fields:
                del self.fields[each]
                self.left_out.setdefault(each, why)


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


def signed(record: Record) -> str:
    """Return the description of a new item, with on whose behalf it was put there."""
    return "\n\n".join(filter(None, (record.body, record.by)))


def unmovable(key: str, wanted: Any, offered: list[str]) -> str:
    """Return the sentence for a state that an item cannot get to."""
    ways = ", ".join(dict.fromkeys(offered)) or "nothing"
    return f"{key} can't go to {wanted} from where it is: its workflow offers {ways}."


Part = TypeVar("Part")


async def send_parts(
    plan: Plan, parts: Mapping[str, Part], send: Callable[[Sequence[Part]], Awaitable[None]]
) -> None:
    """Send all at once; where that is refused, part by part, so that only the wrong is left out.

    Parts stand under Hone's name of their field, the four cards together under "score".
    """
    if not parts:
        return
    try:
        await send(list(parts.values()))
        return
    except Rejected as error:
        if len(parts) == 1:
            _refuse(plan, next(iter(parts)), error)
            return
    for name, part in parts.items():
        try:
            await send([part])
        except Rejected as error:
            _refuse(plan, name, error)


def _refuse(plan: Plan, name: str, error: Rejected) -> None:
    first_card = next((card for card in CARDS if card in plan.fields), name)
    plan.leave_out(first_card if name == "score" else name, str(error))


def part_of(name: str) -> str:
    """Return which part a field goes with."""
    return "score" if name in CARDS else name
