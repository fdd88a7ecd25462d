"""An item before it is saved: read from a sentence or a form, compared, then added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.cards import Form
from bot.turn import Answers, Quote, Turn
from handlers.capture import cards
from handlers.capture.reading import Reading, title_problem
from handlers.likeness.similar import similar_items
from handlers.phrases import cut
from handlers.rules.limits import DETAILS_MAX_CHARS
from storage import Store
from storage.items import Item
from storage.states import KINDS, LEVELS

LINK_MAX_CHARS = 1_000
_THEME = re.compile(r"#?([\w-]{1,40})", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Draft:
    """An item that is not saved yet."""

    title: str
    details: str = ""
    themes: tuple[str, ...] = ()
    owner: str | None = None
    due: date | None = None
    kind: str = "improvement"
    level: str = "team"
    link: str = ""

    def fields(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "description": self.details,
            "themes": list(self.themes),
            "owner": self.owner,
            "due": self.due,
            "kind": self.kind,
            "level": self.level,
        }


def draft_of(reading: Reading, link: str = "", details: str = "") -> Draft:
    return Draft(
        title=reading.title,
        details=details,
        themes=reading.themes,
        owner=reading.owner.id if reading.owner else None,
        due=reading.due,
        kind=reading.kind or "improvement",
        level=reading.level,
        link=link,
    )


def draft_from(answers: Answers, link: str) -> tuple[Draft, dict[str, str]]:
    """Read the form; returns the draft and what is wrong, by field."""
    errors: dict[str, str] = {}
    if problem := title_problem(answers.one("title")):
        errors["title"] = problem
    details = answers.one("details")
    if len(details) > DETAILS_MAX_CHARS:
        errors["details"] = (
            f"The details have {len(details):,} characters; at most {DETAILS_MAX_CHARS:,} fit."
        )
    words = answers.one("themes").replace(",", " ").split()
    themes = [match[1].casefold() for word in words if (match := _THEME.fullmatch(word))]
    if len(themes) < len(words):
        errors["themes"] = "A theme is one word of letters, digits and dashes: #test-data"
    due, error = read_day(answers.one("due"))
    if error:
        errors["due"] = error
    kind, level = answers.one("kind") or "improvement", answers.one("level") or "team"
    if kind not in KINDS:
        errors["kind"] = f"Choose one of: {', '.join(KINDS)}."
    if level not in LEVELS:
        errors["level"] = "Choose this team's backlog or the whole train's."
    owner = answers.one("owner") or None
    title = answers.one("title")
    unique = tuple(dict.fromkeys(themes))
    return Draft(title, details, unique, owner, due, kind, level, link), errors


def read_day(answer: str) -> tuple[date | None, str | None]:
    if not answer:
        return None, None
    try:
        return date.fromisoformat(answer), None
    except ValueError:
        return None, f"“{answer[:40]}” is not a day of the calendar. Write it as 2026-12-01."


async def offer_alike(store: Store, draft: Draft, team_id: int) -> Form | None:
    found = await similar_items(store, draft.title, team_id)
    if not found:
        return None
    form = cards.new_form(
        title=draft.title,
        details=draft.details,
        themes=draft.themes,
        owner=draft.owner,
        due=draft.due,
        kind=draft.kind,
        level=draft.level,
        link=draft.link,
    )
    return cards.alike_form(form, draft.link, [(match.id, match.text) for match in found])


async def add(turn: Turn, store: Store, draft: Draft, team_id: int) -> Item:
    """Save the draft for a team."""
    return await store.items.add(team_id, by=turn.person.id, link=draft.link, **draft.fields())


def words_of(quoted: Quote) -> str:
    """Return a quoted message as an item's details."""
    said = f"{quoted.author}: {quoted.text}" if quoted.author else quoted.text
    return cut(said, DETAILS_MAX_CHARS)


def safe_link(url: str) -> str:
    """A link back that fits into a button, or none. The local room has no certificate."""
    opens = url.startswith(("https://", "http://"))
    return url if opens and len(url) <= LINK_MAX_CHARS else ""
