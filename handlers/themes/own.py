"""Topics of the workspace's own: a title and five sentences, and Hone hears them from then on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Confirm,
    Form,
    Input,
    Node,
    Typed,
    filled,
    heading,
    says,
    subtle,
    text,
)
from bot.turn import Ask, NotFound, Reply, Turn, Whisper
from handlers.phrases import counted, shortened
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.themes.actions import OpenTopic, RemoveTopic, SaveTopic
from storage import Store
from storage.phrasings import OwnTopic

SAID_MIN, SAID_MAX = 5, 30
SENTENCE_MAX_CHARS, TITLE_MAX_CHARS, SAID_MAX_CHARS = 200, 60, 3_000
TOPICS_MAX = 20
"""More than these are no topics but tags."""


async def topics(turn: Turn, store: Store, _: str) -> Reply:
    """List the workspace's own topics, to this person alone."""
    require(turn, Permission.READ_TRAIN)
    return Whisper(_listed(await store.phrasings.own()))


async def add(turn: Turn, store: Store, words: str) -> Reply:
    """Open the form of a new topic."""
    require(turn, Permission.KEEP_TOPICS)
    return Ask(_form(0, shortened(words, TITLE_MAX_CHARS), ()))


async def open_topic(turn: Turn, store: Store, act: OpenTopic) -> Reply:
    """Open the form of a topic, a new one for 0."""
    require(turn, Permission.KEEP_TOPICS)
    own = await _own(store, act.topic_id) if act.topic_id else None
    return Ask(_form(act.topic_id, own.title if own else "", own.said if own else ()))


async def save(turn: Turn, store: Store, act: SaveTopic) -> Reply:
    """Keep the topic, and what its sentences mean."""
    require(turn, Permission.KEEP_TOPICS)
    own = await _own(store, act.topic_id) if act.topic_id else None
    title = " ".join(turn.answers.one("title").split())
    lines = (" ".join(line.split()) for line in turn.answers.one("said").splitlines())
    said = list(dict.fromkeys(line for line in lines if line))
    errors = _wrong(title, said)
    known = await store.phrasings.own()
    if any(each.title.casefold() == title.casefold() and each is not own for each in known):
        errors["title"] = "There is a topic of that name already. To change it: themes topics"
    elif own is None and len(known) >= TOPICS_MAX:
        errors["title"] = f"There are {TOPICS_MAX} topics already. Remove one first: themes topics"
    if errors:
        return Ask(filled(_form(act.topic_id, title, said), turn.answers), errors)
    if own is None:
        own = await store.phrasings.add_own(title, said)
    own.title, own.said, own.model, own.vectors = title, said, "", b""
    if store.meaning is not None:
        read = await store.meaning.read(said)
        own.model, own.vectors = store.meaning.model, b"".join(read[line] for line in said)
    await store.audit.add(turn.person.id, f"topic {own.id}: saved")
    return Whisper(_saved(own))


async def remove(turn: Turn, store: Store, act: RemoveTopic) -> Reply:
    """Forget a topic; the items keep their tags and their words."""
    require(turn, Permission.KEEP_TOPICS)
    await store.phrasings.remove_own(await _own(store, act.topic_id))
    await store.audit.add(turn.person.id, f"topic {act.topic_id}: removed")
    return Whisper(_listed(await store.phrasings.own()), replaces=True)


async def _own(store: Store, id: int) -> OwnTopic:
    own = await store.phrasings.find_own(id)
    if own is None:
        raise NotFound("There is no such topic here any more.")
    return own


def _wrong(title: str, said: Sequence[str]) -> dict[str, str]:
    errors = {}
    if not title:
        errors["title"] = "Name the topic, such as: Licences run out"
    elif len(title) > TITLE_MAX_CHARS:
        errors["title"] = f"A topic's name has at most {TITLE_MAX_CHARS} characters."
    long = next((line for line in said if len(line) > SENTENCE_MAX_CHARS), None)
    if len(said) < SAID_MIN:
        found = counted(len(said), "different sentence")
        errors["said"] = f"I found {found}. Write {SAID_MIN} or more, each on a line of its own."
    elif len(said) > SAID_MAX:
        errors["said"] = f"These are {len(said)} sentences; {SAID_MAX} are the most."
    elif long:
        errors["said"] = (
            f"“{shortened(long, 40)}” is longer than {SENTENCE_MAX_CHARS} characters: "
            "one short sentence a line."
        )
    return errors


# --- what is shown ---------------------------------------------------------------------------


def _form(id: int, title: str, said: Sequence[str]) -> Form:
    return Form(
        "A topic of your own",
        SaveTopic(id),
        (
            Input(
                "title",
                "What is it called?",
                title,
                max_chars=TITLE_MAX_CHARS,
                placeholder="Licences run out",
            ),
            Input(
                "said",
                "How people here say it",
                "\n".join(said),
                multiline=True,
                max_chars=SAID_MAX_CHARS,
                hint=f"At least {SAID_MIN} sentences, one a line: short, long, blunt, polite",
            ),
        ),
    )


def _saved(own: OwnTopic) -> Card:
    words = f"“{own.title}” is a topic now: "
    heard = "what sounds like its sentences belongs to it, in themes and retros."
    if not own.model:
        heard = "it can be chosen for items. Its sentences are heard once Hone compares by meaning."
    change = Button("Change", OpenTopic(own.id), opens_form=True)
    return Card(f"{words}{heard}", (text(f"{words}{heard}"), Buttons((change,))))


def _listed(own: Sequence[OwnTopic]) -> Card:
    if not own:
        return says(
            "Hone knows some 170 troubles that teams have, and none of your own yet. To add one: ",
            Typed("themes add Licences run out"),
        )
    title = counted(len(own), "topic of your own", "topics of your own")
    nodes: list[Node] = [heading(title)]
    for each in own:
        sure = Confirm(
            f"Remove “{shortened(each.title, 40)}”?",
            "What was said to be about it has no theme then.",
            "Remove",
        )
        nodes += [
            text(Bold(each.title), f": {counted(len(each.said), 'sentence')}"),
            Buttons(
                (
                    Button(
                        "Change", OpenTopic(each.id), opens_form=True, hint=f"Change {each.title}"
                    ),
                    Button(
                        "Remove", RemoveTopic(each.id), confirm=sure, hint=f"Remove {each.title}"
                    ),
                )
            ),
        ]
    nodes.append(subtle("To add one: ", Typed("themes add Licences run out")))
    return Card(title, tuple(nodes))
