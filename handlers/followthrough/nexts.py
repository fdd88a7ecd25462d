"""What did not move asks for another try: the next experiment with the same metric."""

from __future__ import annotations

from datetime import date

from bot.cards import filled
from bot.turn import Ask, Mistake, Post, Reply, Turn, whisper
from handlers.followthrough import forms
from handlers.followthrough.actions import OpenNext, SaveNext
from handlers.phrases import cut
from handlers.rules.guard import changeable
from handlers.rules.hypothesis import hypothesis_problem, read_hypothesis
from handlers.rules.limits import EXPERIMENT_MAX_CHARS, TITLE_MAX_CHARS, too_long
from handlers.ui.forms import day_in, unlisted
from handlers.ui.views import ItemView
from storage import Store
from storage.items import Item


async def open_next(turn: Turn, store: Store, act: OpenNext) -> Reply:
    """Ask what to try next."""
    return Ask(forms.next_form(await _that_did_not_move(turn, store, act.number), turn.person.id))


async def save_next(turn: Turn, store: Store, act: SaveNext) -> Reply:
    """Save the next experiment as an item of its own."""
    item = await _that_did_not_move(turn, store, act.number)
    answers = turn.answers
    title, hoped = " ".join(answers.one("title").split()), answers.one("metric")
    errors = _errors(title, hoped)
    due, wrong = day_in(turn, answers.one("due"))
    if wrong:
        errors["due"] = wrong
    owner = answers.one("owner") or None
    errors |= await unlisted(store, "owner", owner)
    if errors:
        return Ask(filled(forms.next_form(item, turn.person.id), answers), errors)
    number = await _add(turn, store, item, title, hoped, owner, due)
    said = f"Saved as #{number}. Once it is done, I ask again whether {item.metric} moved."
    return Post(ItemView(number)), whisper(said)


def _errors(title: str, hoped: str) -> dict[str, str]:
    errors = {}
    if not title:
        errors["title"] = "Say in one sentence what you try."
    elif wrong := too_long(title, TITLE_MAX_CHARS):
        errors["title"] = wrong
    if wrong := hypothesis_problem(hoped):
        errors["metric"] = wrong
    return errors


async def _add(
    turn: Turn,
    store: Store,
    before: Item,
    title: str,
    hoped: str,
    owner: str | None,
    due: date | None,
) -> int:
    metric, start, goal = read_hypothesis(hoped)
    item = await store.items.add(
        before.team_id,
        title,
        by=turn.person.id,
        owner=owner,
        due=due,
        level=before.level,
        themes=list(before.themes),
        description=f"The next try after #{before.number}, which did not move it.",
        experiment=cut(title, EXPERIMENT_MAX_CHARS) if metric else "",
        metric=metric,
        metric_from=start,
        metric_to=goal,
    )
    return item.number


async def _that_did_not_move(turn: Turn, store: Store, number: int) -> Item:
    item = await changeable(turn, store, number)
    if item.effect != "not moved":
        raise Mistake(f"#{number} is not one whose metric did not move.")
    return item
