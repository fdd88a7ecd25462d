"""A yes or a no in words answers the question just asked there, as its button would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards import Card, Typed, says
from bot.feature import ActionHandler, Feature
from bot.turn import Reply, Said, Turn, Whisper
from bot.wire import Action
from handlers.smalltalk import is_more_than_yes, small_talk
from storage import Store

YES_ALONE = says(
    "Nothing was done yet: answer ", Typed("yes"), " or ", Typed("no"), " alone, then say the rest."
)


def feature(others: Sequence[Feature]) -> Feature:
    """Return what listens for yes and no to the questions of these features."""
    asking = [other.asks for other in others if other.asks is not None]
    handlers: dict[type[Action], ActionHandler] = {}
    for other in others:
        handlers.update(other.actions)

    async def on_answer(turn: Turn, store: Store) -> Reply:
        """Do what a press of the newest question's button would do; None if none is open."""
        assert isinstance(turn.intent, Said)
        said = small_talk(turn.intent.text)
        is_more = is_more_than_yes(turn.intent.text)
        if said not in ("yes", "no") and not is_more:
            return None
        found = [question for ask in asking if (question := await ask(turn, store)) is not None]
        if not found:
            return None
        newest = max(found, key=lambda question: question.at)
        if is_more:
            return None if newest.yes is None else Whisper(YES_ALONE)
        return await _do(turn, store, newest.yes if said == "yes" else newest.no)

    async def _do(turn: Turn, store: Store, act: Action | Card | None) -> Reply:
        if act is None:
            return None
        if isinstance(act, Card):
            return Whisper(act)
        handler: Any = handlers[type(act)]
        reply: Reply = await handler(turn, store, act)
        return reply

    return Feature(name="consent", on_answer=on_answer)
