"""What every tracker's writing has in common: which field goes where, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.records import Record
from bot.remote import FieldHome
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
