"""What stands on a person's screen: a card's buttons, a form's answers if nobody touched it."""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, Choice, Form, Note, Upload


def buttons_of(card: Card) -> list[Button]:
    return [
        button
        for node in card.nodes
        if isinstance(node, Buttons)
        for button in (*node.buttons, *node.more)
        if isinstance(button, Button)
    ]


def shown_answers(form: Form) -> dict[str, tuple[str, ...]]:
    """Return what a form would send if nobody touched it."""
    given: dict[str, tuple[str, ...]] = {}
    for asked in form.fields:
        if isinstance(asked, Note | Upload):
            continue
        answer: tuple[str, ...]
        if isinstance(asked, Choice) or hasattr(asked, "chosen"):
            answer = asked.chosen
        elif hasattr(asked, "on"):
            answer = ("on",) if asked.on else ()
        else:
            value = asked.value
            answer = (str(value),) if value else ()
        given[asked.id] = answer
    return given
