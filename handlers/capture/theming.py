"""The theme of an item: suggested when it is captured, and corrected by whoever knows better.

A correction is a phrasing of the workspace from then on: the next sentence like it is understood.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Form,
    Input,
    Node,
    Note,
    Option,
    Span,
    filled,
    text,
)
from bot.turn import Ask, Mistake, Reply, Turn, Whisper
from handlers.capture.actions import OpenThemes, SaveTheme, SetTheme
from handlers.capture.reading import THEMES_MAX
from handlers.likeness.suggesting import (
    Suggested,
    Theme,
    heard_by,
    listed,
    spelled,
    suggested,
    title_of,
)
from handlers.phrases import shortened
from handlers.reader.tags import read_themes
from handlers.rules.guard import changeable
from storage import Store
from storage.items import Item

LABEL_CHARS, TITLE_CHARS = 40, 140
NONE = "-"


async def suggestion(turn: Turn, store: Store, item: Item) -> tuple[Node, ...]:
    """Return what to ask about the theme of a new item; nothing where it has one, or none fits."""
    if item.themes or item.created_by is None:
        return ()
    heard = await heard_by(turn, store, item.team_id)
    return _asked(item.number, await suggested(store, item.title, heard))


def _asked(number: int, found: Suggested) -> tuple[Node, ...]:
    another = Button("Another …", OpenThemes(number), opens_form=True, hint="Choose another theme")
    if not found.themes:
        return ()
    if found.is_sure:
        best = found.themes[0]
        right = Button("Right", SetTheme(number, best.topic, best.tag), hint="Keep this theme")
        none = Button("None", SetTheme(number), hint="It has no theme")
        words = shortened(best.words, TITLE_CHARS)
        return text("Theme: ", Bold(words), " (suggested)"), Buttons((right, another, none))
    choices = [
        Button(shortened(theme.words, LABEL_CHARS), SetTheme(number, theme.topic, theme.tag))
        for theme in found.themes
    ]
    none = Button("None of these", SetTheme(number))
    return text("Which theme is it?"), Buttons((*choices, another, none))


async def theme_fact(store: Store, item: Item) -> list[tuple[str, tuple[Span, ...]]]:
    """Return the topic that a person gave the item, as its card tells it; nothing without one."""
    about = (await store.phrasings.of([item.number])).get(item.number)
    title = await title_of(store, about) if about else ""
    return [("Theme", (shortened(title, TITLE_CHARS),))] if title else []


async def choose(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Open the form of an item's theme."""
    if len(numbers) != 1:
        raise Mistake("One item at a time, please: name it by its number.")
    return await open_themes(turn, store, OpenThemes(numbers[0]))


async def set_theme(turn: Turn, store: Store, act: SetTheme) -> Reply:
    """Say what the item is about, in the place of the suggestion."""
    item = await changeable(turn, store, act.number)
    heard = await heard_by(turn, store, item.team_id)
    title = await title_of(store, act.topic, heard) if act.topic else ""
    is_tag = not act.tag or read_themes(act.tag) == ([act.tag], True)
    if (act.topic and not title) or not is_tag:
        raise Mistake("This theme is gone. Choose another one.")
    return await _set(turn, store, item, Theme(act.topic, act.tag, title))


async def open_themes(turn: Turn, store: Store, act: OpenThemes) -> Reply:
    """Offer the themes there are, the train's own first."""
    item = await changeable(turn, store, act.number)
    heard = await heard_by(turn, store, item.team_id)
    return Ask(_form(item, await listed(store, item.title, heard)))


async def save_theme(turn: Turn, store: Store, act: SaveTheme) -> Reply:
    """Keep the theme that was chosen, or the tag that was written."""
    item = await changeable(turn, store, act.number)
    heard = await heard_by(turn, store, item.team_id)
    themes = await listed(store, item.title, heard)
    typed, chosen = turn.answers.one("tag"), turn.answers.one("theme")
    tags, are_tags = read_themes(typed)
    if typed and (not are_tags or len(tags) != 1):
        wrong = {"tag": "A tag is one word of letters, digits and dashes: #test-data"}
        return Ask(filled(_form(item, themes), turn.answers), wrong)
    if tags:
        (tag,), _ = await spelled(store, tags, heard)
        return await _set(turn, store, item, Theme(tag=tag))
    if chosen == NONE:
        return await _set(turn, store, item, Theme())
    theme = next((each for each in themes if _value(each) == chosen), None)
    if theme is None:
        wrong = {"theme": "Choose one of the themes listed, or write a tag."}
        return Ask(filled(_form(item, themes), turn.answers), wrong)
    return await _set(turn, store, item, theme)


async def _set(turn: Turn, store: Store, item: Item, theme: Theme) -> Reply:
    gone = await store.phrasings.say(item.number, theme.topic, theme.tag)
    tags = [tag for tag in item.themes if tag != gone]
    if theme.tag and theme.tag not in tags:
        if len(tags) >= THEMES_MAX:
            raise Mistake(f"An item has at most {THEMES_MAX} themes.")
        tags.append(theme.tag)
    await store.items.change(item, {"themes": tags}, by=turn.person.id)
    return Whisper(_told(item, theme), replaces=True)


def _told(item: Item, theme: Theme) -> Card:
    change = Buttons((Button("Change", OpenThemes(item.number), opens_form=True),))
    if not theme.words:
        said = f"#{item.number} has no theme."
        return Card(said, (text(said), change))
    words = shortened(theme.words, TITLE_CHARS)
    named = text(f"Theme of #{item.number}: ", Bold(words))
    return Card(f"Theme of #{item.number}: {words}", (named, change))


def _form(item: Item, themes: Sequence[Theme]) -> Form:
    options = [Option(shortened(theme.words, TITLE_CHARS), _value(theme)) for theme in themes]
    options.append(Option("None of these", NONE))
    hint = "Only if none of these fits: #test-data"
    return Form(
        f"The theme of #{item.number}",
        SaveTheme(item.number),
        (
            Note(text(shortened(item.title, TITLE_CHARS))),
            Choice("theme", "What is it about?", tuple(options), optional=True),
            Input("tag", "Or a tag of your own", max_chars=60, optional=True, hint=hint),
        ),
    )


def _value(theme: Theme) -> str:
    return theme.topic or f"#{theme.tag}"
