"""Learn what Hone understands: all of it on one card, or one command in detail."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from bot.cards import Card
from bot.feature import CommandSpec, Feature
from bot.text import alike
from bot.turn import NotMeant, Post, Reply, Said, Turn, Whisper
from handlers.help import cards
from handlers.help.actions import WelcomeView
from handlers.orders.glossary import Term, term
from handlers.orders.reading import command_line
from handlers.orders.synonyms import hint
from handlers.rules.numbers import named_in
from handlers.smalltalk import small_talk
from storage import Store

_LEADS_ON = re.compile(r"^(?:me )?(?:with|on|about|for|using) (?=\S)", re.IGNORECASE)

NEAR_ENOUGH = 0.6
"""How alike a word and a command must be, from 0 to 1, to guess that one means the other."""


def feature(others: Sequence[Feature]) -> Feature:
    """Return the help on these features, and on itself."""
    specs: dict[str, CommandSpec] = {}

    async def about(turn: Turn, store: Store, words: str) -> Reply:
        """Show every command, or the one that was named."""
        return Whisper(_page(specs, words))

    async def on_message(turn: Turn, store: Store) -> Reply:
        """Answer small talk, or say kindly that these words were no command."""
        assert isinstance(turn.intent, Said)
        if kind := small_talk(turn.intent.text):
            return Whisper(cards.friendly(kind))
        first = turn.intent.text.split(maxsplit=1)[:1]
        return Whisper(cards.no_command(turn.intent.text, _nearest("".join(first), specs)))

    spec = CommandSpec(
        summary="Learn what to type",
        run=about,
        example="help wsjf",
        what="explains one command; alone, lists them all",
        free_text=True,
    )
    specs.update({name: spec for other in others for name, spec in other.commands.items()})
    specs["help"] = spec
    return Feature(
        name="help",
        commands={"help": spec},
        views={WelcomeView: welcome},
        on_message=on_message,
        reads=command_line,
        joined=joined,
    )


async def joined(turn: Turn, store: Store) -> Reply:
    """Say hello, once in each channel and once to each person in their own chat."""
    person, alone = turn.person.id, turn.place.private
    if alone:
        is_first = await store.people.greet(person)
    else:
        is_first = await store.channels.greet(turn.place.channel)
    return Post(WelcomeView(person, alone)) if is_first else None


async def welcome(store: Store, view: WelcomeView) -> Card:
    """Draw the hello."""
    known = await store.people.find(view.person)
    name = known.name if known else ""
    return cards.hello_to(name) if view.alone else cards.hello_here(name)


def _page(specs: Mapping[str, CommandSpec], words: str) -> Card:
    words = _LEADS_ON.sub("", words)
    name = words.partition(" ")[0].removeprefix("/").lower()
    if not name:
        return cards.every_command(specs)
    if found := _asked_term(words):
        return cards.one_term(found)
    if name in specs:
        return cards.one_command(name, specs[name])
    if known := hint(alike(name)) or hint(alike(name).removesuffix("s")):
        return cards.one_hint(known, next(iter(named_in(words)), 14))
    if found := term(words):
        return cards.one_term(found)
    if line := command_line(words):
        return cards.one_line(words, line.partition("\n")[0])
    raise NotMeant(*cards.unknown(name, _nearest(name, specs)))


def _asked_term(words: str) -> Term | None:
    """Return the term of `what is WSJF`: a command may have the same name."""
    lead, _, rest = alike(words).partition(" is ")
    return term(rest) if lead == "what" else None


def _nearest(word: str, specs: Mapping[str, CommandSpec]) -> str:
    """Return the command that the word resembles, or an empty text."""
    near = difflib.get_close_matches(word.lower()[:40], specs, n=1, cutoff=NEAR_ENOUGH)
    return "".join(near)
