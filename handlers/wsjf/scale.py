"""The cards of a WSJF vote: their numbers, the columns they are played in, and how to read one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from storage.scale import SCALE as SCALE

Column: TypeAlias = Literal["ubv", "tc", "rroe", "size"]
Card: TypeAlias = int | Literal["?", "pass"]
"""A number of the SCALE, or an answer that is no value: "?" (cannot tell) or "pass"."""

COLUMNS: Final[Mapping[Column, str]] = MappingProxyType(
    {
        "ubv": "User-business value",
        "tc": "Time criticality",
        "rroe": "Risk reduction / opportunity enablement",
        "size": "Job size",
    }
)
"""The columns in the words and the order of the Scaled Agile Framework."""

CARD_INDEX: Final[Mapping[object, int]] = {card: index for index, card in enumerate(SCALE)}
NO_VALUE: Final = len(SCALE)
"""Stands for a card index where no number counts; one past the last."""

_WRITTEN: Final[Mapping[str, Card]] = {
    **{str(card): card for card in SCALE},
    "?": "?",
    "pass": "pass",
}


class NotACard(ValueError):
    """What was played is not a card; the message is a plain sentence for the person."""

    def __init__(self) -> None:
        numbers = ", ".join(str(card) for card in SCALE[:-1])
        super().__init__(f'Choose {numbers} or {SCALE[-1]}, or answer "?" or "pass".')


def parse_card(written: object) -> Card:
    """Read a card as a person or a form wrote it; space around it and capitals do not matter.

    Strict beyond that, because `int()` would also accept True, "1_0" and digits of other scripts.
    Raises NotACard, whose text names the scale.
    """
    if type(written) is int and written in CARD_INDEX:
        return written
    if isinstance(written, str) and (card := _WRITTEN.get(written.strip().lower())):
        return card
    raise NotACard


def require_card(card: object) -> None:
    """Raise NotACard unless this is a number of the scale, "?" or "pass"."""
    if not (isinstance(card, str) and card in ("?", "pass")):
        require_number(card)


def require_number(card: object) -> None:
    """Raise NotACard unless this is a number of the scale; True is not 1."""
    if type(card) is not int or card not in CARD_INDEX:
        raise NotACard


def require_column(column: object) -> None:
    """Raise ValueError for a key that names no column."""
    if column not in COLUMNS:
        raise ValueError(f"{column!r} is not a column of WSJF.")
