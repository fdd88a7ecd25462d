"""What was not understood, as something to press: Make Grace owner, Due Fri 4 Dec.

An offer is never carried out by itself. Its value is an id, an ISO day or a known word: nothing
that could not stand in a button.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from handlers.reader.names import in_short

OFFERS_MAX = 5
"""Buttons in one private answer."""

LABEL_MAX_CHARS = 40

Kind = Literal["owner", "due", "theme", "kind", "level"]


@dataclass(frozen=True, slots=True)
class Offer:
    kind: Kind
    value: str
    label: str


def offer_day(day: date, today: date) -> Offer:
    return Offer("due", day.isoformat(), f"Due {in_short(day, today)}")


def offer_owner(id: str, name: str) -> Offer:
    shown = name if len(name) <= LABEL_MAX_CHARS else f"{name[: LABEL_MAX_CHARS - 1]}…"
    return Offer("owner", id, f"Make {shown} owner")


def offer_theme(name: str) -> Offer:
    return Offer("theme", name, f"Add #{name}")


def offer_kind(name: str) -> Offer:
    article = "an" if name[0] in "aeiou" else "a"
    return Offer("kind", name, f"Make it {article} {name}")


def offer_level(name: str) -> Offer:
    return Offer("level", name, "For the whole train" if name == "train" else "For this team")


def offer_days(days: Iterable[date], today: date) -> tuple[Offer, ...]:
    """Offer the days that are not over."""
    return tuple(offer_day(day, today) for day in days if day >= today)


def several(offers: Iterable[Offer]) -> Sequence[Offer]:
    """Return each offer once, as many as fit into an answer."""
    return tuple(dict.fromkeys(offers))[:OFFERS_MAX]
