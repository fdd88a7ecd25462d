"""The search beside the message that somebody writes: what they type, and the cards to choose from.

https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/search-commands
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot.searching import Hit
from bot.teams.botbuilder import CARD_TYPE
from bot.teams.render import render
from bot.teams.shapes import as_dict, as_list, as_text
from bot.teams.spans import Json
from bot.text import clean

COMMAND = "find_item"
WORDS = "words"
"""The manifest's names of the search and of what is typed into it."""

PREVIEW_TYPE = "application/vnd.microsoft.card.thumbnail"


def searched_words(value: Mapping[str, Any]) -> str:
    """Return what is looked for; nothing when the search was only opened."""
    for parameter in map(as_dict, as_list(value.get("parameters"))):
        if parameter.get("name") == WORDS:
            return clean(as_text(parameter.get("value")))
    return ""


def offered(hits: Sequence[Hit]) -> Json:
    """Return the list to choose from; the chosen card goes into the person's own message."""
    listed = [
        {
            "contentType": CARD_TYPE,
            "content": render(hit.card),
            "preview": {
                "contentType": PREVIEW_TYPE,
                "content": {"title": escape(hit.found.title), "text": escape(hit.found.line)},
            },
        }
        for hit in hits
    ]
    return {
        "composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": listed}
    }
