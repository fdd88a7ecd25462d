"""Plain words to Hone: a proposal to save them, shown as they were understood.

Alone with Hone it is a message; in a channel, only whoever wrote the words sees it.

The words wait in a draft for a day; no button carries them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Node,
    Typed,
    heading,
    says,
    subtle,
    text,
)
from bot.feature import Question
from bot.turn import (
    Mistake,
    NotFound,
    Post,
    Quote,
    Reply,
    Said,
    Show,
    Turn,
    Whisper,
    whisper,
)
from handlers.capture import cards, theming
from handlers.capture.actions import DropDraft, JoinDraft, SaveDraft, SavePieces
from handlers.capture.dividing import is_table, problems, without_lead
from handlers.capture.draft import Draft, add, draft_of, read_here, respelled, safe_link, words_of
from handlers.capture.known import elsewhere
from handlers.capture.outcome import outcome_question
from handlers.capture.reading import Reading
from handlers.likeness.similar import similar_items
from handlers.phrases import cut, listed
from handlers.reader.offers import Offer
from handlers.rules.guard import joinable
from handlers.smalltalk import small_talk
from handlers.ui.actions import COACHED, CoachDraft
from handlers.ui.views import DraftView, ItemView
from storage import Store
from storage.conversations import Conversation

KIND = "draft"
EXPIRED = "capture.draft_expired"
WAITS = timedelta(days=1)

OFFERED, WHISPERED = "offered", "whispered"
OPEN = (OFFERED, WHISPERED)
"""The steps of a proposal without an answer: a post of its own, or a private word in a channel."""

ALL = SavePieces(0).place
ONES_IN_A_ROW = 5

TABLE = ("That is a table. To take its rows in, an item each: ", Typed("backlog import"))
"""What is answered to rows that were pasted: nobody means them as one sentence."""

WORDS_MIN = 3
"""Fewer words are a slip, and help answers them."""


async def on_message(turn: Turn, store: Store) -> Reply:
    """Propose to save a sentence; None if it is none."""
    assert isinstance(turn.intent, Said)
    if len(turn.intent.text.split()) < WORDS_MIN or small_talk(turn.intent.text):
        return None
    quoted = turn.intent.quote
    said = without_lead(turn.intent.text)
    if is_table(said):
        raise Mistake(*TABLE)
    reading = await read_here(turn, store, said)
    if reading.problem:
        raise Mistake(reading.problem)
    if reading.anonymous:
        raise Mistake("To keep your name out of it, begin with ", Typed("improve"), ".")
    link = safe_link(quoted.link) if quoted else ""
    draft = draft_of(reading, said, link, words_of(quoted) if quoted else "")
    return await propose(turn, store, draft, reading, problems(said))


async def propose(
    turn: Turn, store: Store, draft: Draft, reading: Reading, problems: Sequence[str] = ()
) -> Reply:
    """Propose to save a draft, or each of the problems that its words tell."""
    understood = [*reading.understood, *reading.notes]
    pieces = await _pieces(turn, store, problems, draft.link)
    private = turn.place.private
    step = OFFERED if private else WHISPERED
    row = await _start(turn, store, step, draft, understood, reading.offers, pieces)
    return Post(DraftView(row.id)) if private else Show(DraftView(row.id))


async def _pieces(
    turn: Turn, store: Store, problems: Sequence[str], link: str
) -> list[dict[str, Any]]:
    """The problems as the row keeps them: each with its own owner, day and themes."""
    readings = [await read_here(turn, store, words) for words in problems]
    if any(reading.problem for reading in readings):
        return []
    return [
        {
            "given": _kept(draft_of(reading, words, link)),
            "understood": [*reading.understood, *reading.notes],
            "item": None,
        }
        for reading, words in zip(readings, problems, strict=True)
    ]


async def propose_quoted(turn: Turn, store: Store, quoted: Quote) -> Reply:
    """Propose to save a message that was quoted without further words, to this person alone."""
    title, link = cards.one_line(quoted.text), safe_link(quoted.link)
    draft = Draft(title, words_of(quoted), link=link)
    row = await _start(turn, store, WHISPERED, draft, [])
    return Show(DraftView(row.id))


async def _start(
    turn: Turn,
    store: Store,
    step: str,
    draft: Draft,
    understood: list[str],
    offers: Sequence[Offer] = (),
    pieces: Sequence[dict[str, Any]] = (),
) -> Conversation:
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    row = await store.conversations.start(
        KIND,
        turn.person.id,
        turn.place.channel,
        team.id,
        step,
        asked_at=turn.acted_at,
        expires_at=turn.now + WAITS,
        answers={
            "given": _kept(draft),
            "understood": understood,
            "offers": [asdict(offer) for offer in offers],
            "pieces": list(pieces),
        },
    )
    await store.timers.set(EXPIRED, str(row.id), row.expires_at)
    return row


async def asks(turn: Turn, store: Store) -> Question | None:
    """Find the last proposal to the person here, if it waits for an answer."""
    row = await store.conversations.newest(KIND, turn.person.id, turn.place.channel)
    if row is None or row.step not in OPEN:
        return None
    yes = SavePieces(row.id) if row.answers.get("pieces") else SaveDraft(row.id)
    return Question(row.asked_at, yes, DropDraft(row.id))


async def save_draft(turn: Turn, store: Store, act: SaveDraft) -> Reply:
    """Save the words as an item."""
    row = await _mine(turn, store, act.conversation)
    draft, closing = _draft(row), _closing(row)
    item = await add(turn, store, draft, row.team_id)
    offers = [Offer(**kept) for kept in row.answers.get("offers", ())]
    await store.conversations.end(row, item.number)
    theme = await theming.suggestion(turn, store, item)
    notes = [*respelled(draft, item), *await elsewhere(turn, store, item.title, item.team_id)]
    told = [Whisper(cards.saved(item, (), notes, offers, theme))]
    said = told if offers or theme or notes or outcome_question(item) else []
    return *closing, Post(ItemView(item.number), channel=row.channel), *said


async def save_pieces(turn: Turn, store: Store, act: SavePieces) -> Reply:
    """Save one of several problems, or all that are not saved yet."""
    row = await _mine(turn, store, act.conversation)
    pieces = [dict(piece) for piece in row.answers.get("pieces", ())]
    chosen = [
        piece
        for place, piece in enumerate(pieces)
        if piece["item"] is None and act.place in (place, ALL)
    ]
    if not chosen:
        raise NotFound("This one is saved already.")
    for piece in chosen:
        piece["item"] = (await add(turn, store, _draft_of(piece), row.team_id)).number
    row.answers = {**row.answers, "pieces": pieces}
    posts = [Post(ItemView(piece["item"]), channel=row.channel) for piece in chosen]
    closing = _closing(row)
    if all(piece["item"] for piece in pieces):
        await store.conversations.end(row, chosen[-1]["item"])
        row.answers = {"saved": [piece["item"] for piece in pieces]}
    else:
        await store.timers.set(EXPIRED, str(row.id), row.expires_at)
    return *closing, *posts


async def join_draft(turn: Turn, store: Store, act: JoinDraft) -> Reply:
    """Keep the words as one more voice for an item."""
    row = await _mine(turn, store, act.conversation)
    item = await joinable(turn, store, act.number)
    await store.voices.add(item.number, turn.person.id, _draft(row).title)
    closing = _closing(row)
    await store.conversations.end(row, item.number)
    reply = whisper(f"Added your words to #{item.number} {cards.one_line(item.title)}.")
    return *closing, reply


async def drop_draft(turn: Turn, store: Store, act: DropDraft) -> Reply:
    """Forget the words."""
    row = await _mine(turn, store, act.conversation)
    closing = _closing(row)
    await store.conversations.end(row)
    return closing


async def expired(turn: Turn, store: Store, key: str) -> Reply:
    """Forget words nobody came back to."""
    await store.conversations.forget(int(key))
    return None


async def draw(store: Store, view: DraftView) -> Card:
    """Draw the proposal, or what became of it."""
    row = await store.conversations.find(view.conversation)
    if row is None or (not row.step and row.item is None):
        return says("Not saved. I have forgotten these words.")
    if not row.step:
        saved = row.answers.get("saved", [row.item])
        return says(f"Saved with {listed([f'#{number}' for number in saved])}.")
    if row.step == COACHED:
        store.stays_as_it_is()  # the draft is forgotten in a day, what coach makes of it is not
        return says("We are thinking it through, question by question.")
    store.holds_until(row.expires_at)
    if row.answers.get("pieces"):
        return _several(row)
    draft, n = _draft(row), row.id
    nodes: list[Node] = [text("Shall I save this? ", Bold(cards.one_line(draft.title)))]
    nodes += _understood(row.answers.get("understood", ()))
    matches = await similar_items(store, draft.title, row.team_id)
    if matches:
        nodes.append(text("This looks like something we have:"))
        nodes += [text(f"#{match.id} {cut(match.text, 140)}") for match in matches]
        joins = [Button(f"Add mine to #{match.id}", JoinDraft(n, match.id)) for match in matches]
        nodes.append(Buttons(tuple(joins)))
    nodes.append(
        Buttons(
            (
                Button("Save as improvement", SaveDraft(n), "primary"),
                Button("Coach me", CoachDraft(n), hint="Think it through, question by question"),
                Button("Not now", DropDraft(n), hint="Forget these words"),
            )
        )
    )
    nodes.append(subtle("Meant as a command? ", Typed("help"), " shows what I know."))
    return Card(f"Shall I save this? {cards.one_line(draft.title)}", tuple(nodes))


def _understood(said: Sequence[str]) -> list[Node]:
    """Tell in one line what was read, and what was not in sentences of their own."""
    parts = [part for part in said if not part.endswith(".")]
    notes = [part for part in said if part.endswith(".")]
    read = [f"I understood: {', '.join(parts)}."] if parts else []
    return [subtle(line) for line in (*read, *notes)]


def _several(row: Conversation) -> Card:
    """Draw the problems of one message, each with what was understood, and how to save them."""
    pieces = row.answers["pieces"]
    question = f"Shall I save these {len(pieces)}?"
    nodes: list[Node] = [heading(question)]
    for place, piece in enumerate(pieces, start=1):
        title = cards.one_line(piece["given"]["title"])
        saved = f" (saved as #{piece['item']})" if piece["item"] else ""
        nodes.append(text(Bold(f"{place}. "), f"{title}{saved}"))
        nodes += _understood(piece["understood"])
    left = [place for place, piece in enumerate(pieces) if piece["item"] is None]
    begun = len(left) < len(pieces)
    save_all = Button("Save the others" if begun else "Save all", SavePieces(row.id), "primary")
    ends = [Button("Not now", DropDraft(row.id), hint="Forget what is not saved")]
    if not begun:
        ends.insert(0, Button("Save as one item", SaveDraft(row.id)))
    ones = [Button(f"Only {place + 1}", SavePieces(row.id, place)) for place in left]
    nodes.append(Buttons((save_all, *ends)))
    rows = [ones[at : at + ONES_IN_A_ROW] for at in range(0, len(ones), ONES_IN_A_ROW)]
    nodes += [Buttons(tuple(each)) for each in rows if len(left) > 1]
    return Card(question, tuple(nodes))


def _closing(row: Conversation) -> tuple[Show, ...]:
    """Return what shows the end of a whispered proposal in its place; a post shows it by itself."""
    return (Show(DraftView(row.id), replaces=True),) if row.step == WHISPERED else ()


async def _mine(turn: Turn, store: Store, id: int) -> Conversation:
    row = await store.conversations.locked(id)
    if row is None or row.kind != KIND or row.person != turn.person.id or row.step not in OPEN:
        raise NotFound("This draft is gone: it was saved, dropped or a day old.")
    await store.timers.cancel(EXPIRED, str(id))
    return row


def _kept(draft: Draft) -> dict[str, Any]:
    """A draft as JSON keeps it."""
    due = draft.due.isoformat() if draft.due else None
    return {**asdict(draft), "themes": list(draft.themes), "due": due}


def _draft(row: Conversation) -> Draft:
    return _draft_of(row.answers)


def _draft_of(answers: Mapping[str, Any]) -> Draft:
    kept = answers["given"]
    due = date.fromisoformat(kept["due"]) if kept["due"] else None
    return Draft(**{**kept, "themes": tuple(kept["themes"]), "due": due})
