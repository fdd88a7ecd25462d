"""Lines to type to Hone, as the platform that shows them takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import Card, Code, Facts, Node, Span, Text, Typed, plain

Spell = Callable[[str], str]
"""Returns how a line such as `wsjf #1` is typed."""


def spelled(card: Card, spell: Spell) -> Card:
    """Return the card with every line to type spelled so, also in a summary that repeats it."""
    summary = card.summary
    for node in card.nodes:
        if isinstance(node, Text) and summary.endswith(said := plain(node.spans)):
            summary = summary.removesuffix(said) + plain(_spans(node.spans, spell))
    return replace(card, summary=summary, nodes=tuple(_node(node, spell) for node in card.nodes))


def spelled_text(text: Text, spell: Spell) -> Text:
    """Return the same of one paragraph."""
    return replace(text, spans=_spans(text.spans, spell))


def _node(node: Node, spell: Spell) -> Node:
    match node:
        case Text():
            return spelled_text(node, spell)
        case Facts(pairs):
            return Facts(tuple((name, _spans(value, spell)) for name, value in pairs))
        case _:
            return node


def _spans(spans: tuple[Span, ...], spell: Spell) -> tuple[Span, ...]:
    return tuple(Code(spell(span.line)) if isinstance(span, Typed) else span for span in spans)
