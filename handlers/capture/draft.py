"""An item before it is saved: read from a sentence or a form, compared, then added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.cards import Form
from bot.turn import Command, Named, Quote, Said, Turn
from handlers.capture import cards
from handlers.capture.dividing import title_and_details, without_letter
from handlers.capture.reading import Reading, read, title_problem
from handlers.likeness.similar import similar_items
from handlers.likeness.suggesting import heard_by, spelled
from handlers.phrases import cut, listed
from handlers.reader.tags import read_themes
from handlers.reader.turns import asked_in
from handlers.rules.hypothesis import hypothesis_problem, read_hypothesis
from handlers.rules.limits import DETAILS_MAX_CHARS
from handlers.ui.forms import day_in
from storage import Store
from storage.items import Item
from storage.states import KINDS, LEVELS

LINK_MAX_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """An item that is not saved yet. `metric` is what should move, as one field of a form says."""

    title: str
    details: str = ""
    themes: tuple[str, ...] = ()
    owner: str | None = None
    due: date | None = None
    kind: str = "improvement"
    level: str = "team"
    link: str = ""
    metric: str = ""

    def fields(self) -> dict[str, Any]:
        metric, start, goal = read_hypothesis(self.metric)
        return {
            "title": self.title,
            "description": self.details,
            "themes": list(self.themes),
            "owner": self.owner,
            "due": self.due,
            "kind": self.kind,
            "level": self.level,
            "metric": metric,
            "metric_from": start,
            "metric_to": goal,
        }


def draft_of(reading: Reading, text: str, link: str = "", quoted: str = "") -> Draft:
    """Return what was read of a text; what a long one goes on to say are its details."""
    title, rest = title_and_details(text, reading.title)
    if reading.anonymous and rest:
        rest = without_letter(rest)  # "Thanks, Ada" would sign it
    return Draft(
        title=title,
        details=cut("\n\n".join(filter(None, (rest, quoted))), DETAILS_MAX_CHARS),
        themes=reading.themes,
        owner=reading.owner.id if reading.owner else None,
        due=reading.due,
        kind=reading.kind or "improvement",
        level=reading.level,
        link=link,
    )


async def read_here(turn: Turn, store: Store, line: str) -> Reading:
    """Read a sentence said here: by the speaker's clock and the iterations of their team.

    A name that nobody mentioned has is looked for among the people of the team, and offered.
    """
    assert isinstance(turn.intent, Command | Said)
    mentions, things = turn.intent.mentions, turn.intent.things
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    asked = await asked_in(turn, store, team, line)
    me = Named(turn.person.id, turn.person.name)
    reading = read(line, asked, mentions, me=me, things=things)
    if reading.anonymous:
        return read(line, asked, mentions, things=things)  # @me would be a name after all
    if not reading.asks_who:
        return reading
    others = await store.people.of_team(team.id)
    return read(line, asked, mentions, me=me, others=others, things=things)


def draft_from(turn: Turn, link: str) -> tuple[Draft, dict[str, str]]:
    """Read the form; returns the draft and what is wrong, by field."""
    answers = turn.answers
    errors: dict[str, str] = {}
    if problem := title_problem(answers.one("title")):
        errors["title"] = problem
    details = answers.one("details")
    if len(details) > DETAILS_MAX_CHARS:
        errors["details"] = (
            f"The details have {len(details):,} characters; at most {DETAILS_MAX_CHARS:,} fit."
        )
    themes, are_themes = read_themes(answers.one("themes"))
    if not are_themes:
        errors["themes"] = "A theme is one word of letters, digits and dashes: #test-data"
    due, error = day_in(turn, answers.one("due"))
    if error:
        errors["due"] = error
    kind, level = answers.one("kind") or "improvement", answers.one("level") or "team"
    if kind not in KINDS:
        errors["kind"] = f"Choose one of: {', '.join(KINDS)}."
    if level not in LEVELS:
        errors["level"] = "Choose this team's backlog or the whole train's."
    owner = answers.one("owner") or None
    title, metric = answers.one("title"), answers.one("metric")
    if wrong := hypothesis_problem(metric):
        errors["metric"] = wrong
    return Draft(title, details, tuple(themes), owner, due, kind, level, link, metric), errors


async def offer_alike(
    store: Store, draft: Draft, team_id: int, notes: Sequence[str] = ()
) -> Form | None:
    matches = await similar_items(store, draft.title, team_id)
    if not matches:
        return None
    form = cards.new_form(
        title=draft.title,
        details=draft.details,
        themes=draft.themes,
        owner=draft.owner,
        due=draft.due,
        kind=draft.kind,
        level=draft.level,
        metric=draft.metric,
        link=draft.link,
    )
    alike = [(match.id, match.text) for match in matches]
    return cards.alike_form(form, draft.link, alike, notes)


async def add(turn: Turn, store: Store, draft: Draft, team_id: int) -> Item:
    """Save the draft for a team, its tags spelled as the train spells them."""
    tags, _ = await spelled(store, draft.themes, await heard_by(turn, store, team_id))
    fields = {**draft.fields(), "themes": list(tags)}
    return await store.items.add(team_id, by=turn.person.id, link=draft.link, **fields)


def respelled(draft: Draft, item: Item) -> tuple[str, ...]:
    """Say which tags were spelled as the train spells them, so that they count together."""
    kept = [tag for tag in item.themes if tag not in draft.themes]
    if not kept:
        return ()
    return (f"I wrote {listed([f'#{tag}' for tag in kept])}, as this train does.",)


def words_of(quoted: Quote) -> str:
    """Return a quoted message as an item's details."""
    words = f"{quoted.author}: {quoted.text}" if quoted.author else quoted.text
    return cut(words, DETAILS_MAX_CHARS)


def safe_link(url: str) -> str:
    """A link back that fits into a button, or none. The local room has no certificate."""
    opens = url.startswith(("https://", "http://"))
    return url if opens and len(url) <= LINK_MAX_CHARS else ""
