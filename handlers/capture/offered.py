"""Carry out what was offered for words nobody was sure of: Make Grace owner, Due Fri 4 Dec."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.cards import Card, plain, text
from bot.turn import Mistake, Reply, Turn, Whisper
from handlers.capture.actions import TakeOffer
from handlers.capture.outcome import outcome_question
from handlers.capture.reading import THEMES_MAX
from handlers.reader.names import day_words
from handlers.reader.tags import read_theme
from handlers.rules.guard import changeable
from handlers.ui.forms import unlisted
from storage import Store
from storage.items import Item
from storage.states import KINDS, LEVELS


async def take_offer(turn: Turn, store: Store, act: TakeOffer) -> Reply:
    """Change the item as the button says, and say so: the button stays for the next one."""
    item = await changeable(turn, store, act.number)
    changes, told = await _meant(store, item, act)
    await store.items.change(item, changes, by=turn.person.id)
    line = text(f"#{item.number} {told}.")
    asked = outcome_question(item) if act.kind == "kind" else []
    return Whisper(Card(plain(line.spans), (line, *asked)))


async def _meant(store: Store, item: Item, act: TakeOffer) -> tuple[dict[str, Any], str]:
    """Return the change and its words; nothing that comes back from a button is trusted."""
    value = act.value
    match act.kind:
        case "owner":
            if wrong := await unlisted(store, "owner", value):
                raise Mistake(wrong["owner"])
            names = await store.people.named([value])
            return {"owner": value}, f"belongs to {names.get(value, 'them')} now"
        case "due":
            day = _day(value)
            return {"due": day}, f"is due {day_words(day)}"
        case "theme" if (theme := read_theme(f"#{value}")) is not None:
            if theme not in item.themes and len(item.themes) >= THEMES_MAX:
                raise Mistake(f"An item has at most {THEMES_MAX} themes.")
            return {"themes": list(dict.fromkeys((*item.themes, theme)))}, f"has #{theme} now"
        case "kind" if value in KINDS:
            return {"kind": value}, f"is of the kind {value} now"
        case "level" if value in LEVELS:
            whose = "the whole train" if value == "train" else "this team"
            return {"level": value}, f"is for {whose} now"
        case _:
            raise Mistake("This button is out of date. Use Edit instead.")


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Mistake("This button is out of date. Use Assign instead.") from None
