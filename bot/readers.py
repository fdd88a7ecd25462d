"""A card as one person sees it, wherever a platform shows one to one person alone."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Button, Buttons, Card, LinkButton, Node
from bot.turn import Person


def for_reader(card: Card, reader: Person) -> Card:
    """Return the card with what it tells this person, and without buttons they may not press."""
    own: tuple[Node, ...] = tuple(text for person, text in card.own if person == reader.id)
    nodes: list[Node] = []
    for node in card.nodes:
        if not isinstance(node, Buttons):
            nodes.append(node)
            continue
        nodes += own  # what one can do about it stands below
        own = ()
        pressable = tuple(each for each in node.buttons if _may_press(each, reader))
        more = tuple(each for each in node.more if _may_press(each, reader))
        if not pressable:
            pressable, more = more, ()
        if pressable:
            nodes.append(Buttons(pressable, more))
    return replace(card, nodes=(*nodes, *own), own=())


def _may_press(button: Button | LinkButton, reader: Person) -> bool:
    if isinstance(button, LinkButton) or button.only is None:
        return True
    return reader.role == "admin" or reader.id in button.only.people
