"""A card's text twin: what a screen reader says, and what shows where nothing else can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bot.cards import Buttons, Card, Chart, Divider, Facts, Node, Table, Text, plain


def twin(card: Card) -> str:
    """Return the card's text twin: everything it says and offers, line by line, without markup."""
    return "\n".join(line for node in card.nodes for line in _twin_lines(node))


def _twin_lines(node: Node) -> Iterator[str]:
    match node:
        case Text(spans):
            yield plain(spans)
        case Facts(pairs):
            yield from (f"{name}: {plain(value)}" for name, value in pairs)
        case Table(header, rows):
            if node.caption:
                yield node.caption
            for row in rows:
                yield " · ".join(
                    f"{name} {cell}".strip() for name, cell in zip(header, row, strict=True) if cell
                )
        case Chart():
            yield f"{node.title}: {node.summary}"
        case Buttons(buttons, more):
            yield " ".join(f"[{button.label}]" for button in buttons)
            if more:
                yield f"More: {' '.join(f'[{button.label}]' for button in more)}"
        case Divider():
            return
        case _:
            assert_never(node)
