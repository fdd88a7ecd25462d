"""What people join by hand: tags that mean one thing, and their voice to the train's item."""

from __future__ import annotations

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Form,
    Input,
    Node,
    Note,
    Span,
    Typed,
    filled,
    plain,
    subtle,
    text,
)
from bot.turn import Ask, Mistake, Reply, Turn, whisper
from handlers.phrases import listed, shortened
from handlers.reader.tags import read_themes
from handlers.rules.access import Permission
from handlers.rules.guard import found_item, joinable, require
from handlers.rules.limits import TITLE_MAX_CHARS, too_long
from handlers.themes.actions import OpenVoice, SaveVoice
from handlers.ui.views import TrainNewsView
from storage import Store
from storage.items import Item

JOINED_MAX = 10
EXAMPLE = Typed("themes join #dependencies #deps")


# --- tags ------------------------------------------------------------------------------------


async def join(turn: Turn, store: Store, words: str) -> Reply:
    """Let several tags of the train count as the first one; without tags, list those that do."""
    require(turn, Permission.KEEP_TOPICS)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    if not words:
        return whisper(*_listed(await store.themes.joined(team.train_id)))
    tags, are_tags = read_themes(words)
    if not are_tags or not 2 <= len(tags) <= JOINED_MAX:
        raise Mistake(f"Name two to {JOINED_MAX} tags, first the one that stays: ", EXAMPLE)
    into, *others = tags
    await store.themes.join(team.train_id, into, others)
    await store.audit.add(turn.person.id, f"train {team.train_id}: tags joined")
    named = listed([f"#{tag}" for tag in others], JOINED_MAX)
    verb = "counts" if len(others) == 1 else "count"
    undo = Typed(f"themes part #{others[0]}")
    return whisper(f"{named} {verb} as #{into} in this train now. To undo that: ", undo)


async def part(turn: Turn, store: Store, words: str) -> Reply:
    """Let a tag count for itself again."""
    require(turn, Permission.KEEP_TOPICS)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    tags, are_tags = read_themes(words)
    if not are_tags or len(tags) != 1:
        raise Mistake("Name one tag: ", Typed("themes part #deps"))
    into = await store.themes.part(team.train_id, tags[0])
    await store.audit.add(turn.person.id, f"train {team.train_id}: a tag parted")
    if into is None:
        raise Mistake(f"#{tags[0]} counts for itself already.")
    return whisper(f"#{tags[0]} counts for itself again, no more as #{into}.")


def _listed(joined: dict[str, str]) -> tuple[Span, ...]:
    if not joined:
        return ("No tags of this train count as one. To let two do so: ", EXAMPLE)
    pairs = [f"#{tag} as #{into}" for tag, into in sorted(joined.items())]
    return (f"These count as another one: {listed(pairs, 20)}.",)


# --- the train's item ------------------------------------------------------------------------


async def draw_news(store: Store, view: TrainNewsView) -> Card:
    """Draw for one team what became the train's, and what of it is its own."""
    item = await found_item(store, view.number)
    parts = await store.items.several(list(await store.themes.parts_of(item.number)))
    own = sorted(number for number, each in parts.items() if each.team_id == view.team_id)
    said: tuple[Span, ...] = ("All teams of the train work on ", Bold(_name(item)), " now.")
    nodes: list[Node] = [text(*said)]
    if own:
        numbers = listed([f"#{number}" for number in own])
        nodes.append(subtle(f"{numbers} of yours {'is' if len(own) == 1 else 'are'} part of it."))
    if item.is_finished:
        became = "done" if item.state == "accepted" else "dropped"
        nodes[0] = text(Bold(_name(item)), f", which all teams worked on, is {became}.")
    else:
        nodes.append(subtle("You meet it, too? Say how it shows with you."))
        add = Button("Add our voice", OpenVoice(item.number), opens_form=True)
        nodes.append(Buttons((add,)))
    return Card(plain(said), tuple(nodes))


async def open_voice(turn: Turn, store: Store, act: OpenVoice) -> Reply:
    """Ask how it shows with the team."""
    return Ask(_voice_form(await joinable(turn, store, act.number)))


async def save_voice(turn: Turn, store: Store, act: SaveVoice) -> Reply:
    """Keep the words as one more voice for the train's item."""
    item = await joinable(turn, store, act.number)
    words = " ".join(turn.answers.one("words").split())
    wrong = too_long(words, TITLE_MAX_CHARS) if words else "Say it in one sentence."
    if wrong:
        return Ask(filled(_voice_form(item), turn.answers), {"words": wrong})
    await store.voices.add(item.number, turn.person.id, words)
    return whisper(f"Added your words to {_name(item)}.")


def _voice_form(item: Item) -> Form:
    return Form(
        f"Your voice for #{item.number}",
        SaveVoice(item.number),
        (
            Note(text(_name(item))),
            Input("words", "How does it show with you?", max_chars=TITLE_MAX_CHARS),
        ),
    )


def _name(item: Item) -> str:
    return f"#{item.number} {shortened(item.title, 120)}"
