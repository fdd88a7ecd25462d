"""What Hone wants written, as fields of a ticket; and what the sample tracker will not take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.remote import Abilities
from bot.trackers.sample.projects import PEOPLE, WORKFLOW
from bot.trackers.values import labels_after
from storage.tickets import SampleTicket

CARDS = frozenset({"ubv", "tc", "rroe", "size", "wsjf"})


def fields_of(
    change: Mapping[str, Any], ticket: SampleTicket | None, abilities: Abilities
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields to set, and what is left out with a plain sentence for each."""
    fields: dict[str, Any] = {}
    left_out = {
        name: abilities.homes[name].hindrance or f"There is no field for {name}."
        if name in abilities.homes
        else f"There is no field for {name}."
        for name in change
        if not abilities.writes(name)
    }
    if not CARDS.isdisjoint(left_out):  # a score is written whole or not at all
        why = next(left_out[name] for name in change if name in CARDS and name in left_out)
        left_out |= {name: why for name in change if name in CARDS}
    for name, value in change.items():
        if name in left_out:
            continue
        match name:
            case "state" if ticket and value != ticket.state:
                if value in WORKFLOW.get(ticket.state, ()):
                    fields["state"] = value
                else:
                    left_out[name] = f"A ticket cannot go from {ticket.state} to {value}."
            case "owner" if value and value not in PEOPLE:
                left_out[name] = f"Nobody there is called {value}."
            case "labels":
                fields[name] = labels_after(ticket.labels if ticket else [], value)
            case "owner":
                fields[name] = value or ""
            case _:
                fields[name] = value
    return fields, left_out
