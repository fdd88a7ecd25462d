"""The conversation itself: one open question at a time, in a person's own chat with Hone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.cards import (
    Card,
    Typed,
)
from bot.feature import Question
from bot.turn import (
    Direct,
    Mistake,
    NotFound,
    Post,
    Reply,
    Said,
    Show,
    Turn,
    Whisper,
    whisper,
)
from handlers.coach import cards, plan
from handlers.coach.actions import Answer, Back, Cancel, Instead, QuestionView, Skip
from handlers.coach.helping import example_for
from handlers.coach.questions import ASKS, DAYS, THIS_ITERATION, Lost, following, preceding
from handlers.coach.saving import read_said, save_item
from handlers.likeness.similar import similar_items
from handlers.reader.moments import Unreadable
from handlers.reader.names import in_words
from handlers.rules.guard import changeable
from handlers.rules.timeboxes import ITERATION_WEEKS_USUAL
from handlers.ui.views import UNDO_FOR
from storage import Store
from storage.conversations import Conversation
from storage.items import Item

KIND = "coach"
EXPIRED = "coach.expired"

WAITS = timedelta(days=7)
"""How long a question waits for its answer."""


# --- begin -----------------------------------------------------------------------------------


async def begin(
    turn: Turn,
    store: Store,
    item: Item | None,
    drafted: Mapping[str, Any],
    answers: Mapping[str, str],
) -> tuple[Any, ...]:
    """Ask the first open question in the person's own chat; an earlier conversation ends."""
    if (earlier := await store.conversations.open(KIND, turn.person.id)) is not None:
        await store.conversations.end(earlier)
    steps = plan.steps_of(item, drafted, answers)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    row = await store.conversations.start(
        KIND,
        turn.person.id,
        turn.place.channel if turn.place.private else "",
        item.team_id if item else team.id,
        next((step for step in steps if step not in answers), steps[-1]),
        asked_at=turn.acted_at,
        expires_at=turn.now + WAITS,
        answers={"given": dict(drafted), "said": dict(answers)},
        item=item.number if item else None,
    )
    await store.timers.set(EXPIRED, str(row.id), row.expires_at)
    if turn.place.private:
        return (Post(question_of(row)),)
    reply = whisper("I've written to you alone: we go on in our chat.")
    return Direct(turn.person.id, question_of(row)), reply


# --- answer ----------------------------------------------------------------------------------


async def asks(turn: Turn, store: Store) -> Question | None:
    """Find the open question, which takes any words as its answer."""
    row = await store.conversations.open(KIND, turn.person.id) if turn.place.private else None
    return Question(row.asked_at) if row else None


async def on_answer(turn: Turn, store: Store) -> Reply:
    """Take plain words as the answer to the open question; None if no question is open."""
    assert isinstance(turn.intent, Said)
    if not turn.place.private:
        return None
    row = await store.conversations.open(KIND, turn.person.id)
    if row is None:
        wants_back = turn.intent.text.strip().rstrip(".!").casefold() == "back"
        return await _reopen(turn, store) if wants_back else None
    if turn.acted_at < row.asked_at:
        return _crossed(row)
    match turn.intent.text.strip().rstrip(".!").casefold():
        case "back":
            return await _go_back(turn, store, row)
        case "skip":
            return await _take(turn, store, row, "")
        case "cancel":
            return await _stop(store, row)
        case _:
            return await _read_and_take(turn, store, row, turn.intent.text)


async def answer(turn: Turn, store: Store, act: Answer) -> Reply:
    """Take one of the question's own answers."""
    row = await mine(turn, store, act.conversation)
    if row.version != act.version:
        return _crossed(row)
    quick = ASKS[row.step].quick
    if not 0 <= act.choice < len(quick):
        raise NotFound("There is no such answer.")
    said = quick[act.choice][1]
    team = await store.teams.find(row.team_id)
    if said == THIS_ITERATION and (team is None or team.iteration_weeks is None):
        said = f"in {ITERATION_WEEKS_USUAL} weeks"
    return await _read_and_take(turn, store, row, said)


async def back(turn: Turn, store: Store, act: Back) -> Reply:
    """Ask the question before again."""
    row = await mine(turn, store, act.conversation)
    return await _go_back(turn, store, row) if row.version == act.version else _crossed(row)


async def skip(turn: Turn, store: Store, act: Skip) -> Reply:
    """Leave a question unanswered; what the item has stays."""
    row = await mine(turn, store, act.conversation)
    return await _take(turn, store, row, "") if row.version == act.version else _crossed(row)


async def cancel(turn: Turn, store: Store, act: Cancel) -> Reply:
    """End the conversation and forget the answers."""
    return await _stop(store, await mine(turn, store, act.conversation))


async def instead(turn: Turn, store: Store, act: Instead) -> Reply:
    """Go on with the item that says the same; the person's words are kept as one more voice."""
    row = await mine(turn, store, act.conversation)
    if row.version != act.version:
        return _crossed(row)
    item = await changeable(turn, store, act.number)
    title = plan.title_of(None, plan.given(row), plan.answers_so_far(row))
    await store.voices.add(item.number, turn.person.id, title)
    row.item, row.team_id = item.number, item.team_id
    steps = plan.steps_of(item, plan.given(row), plan.answers_so_far(row))
    step = row.step if row.step in steps else steps[0]
    return await _asked(turn, store, row, step)


async def _read_and_take(turn: Turn, store: Store, row: Conversation, text: str) -> Reply:
    """Take an answer as it is kept; whoever does not know is helped once, and then let go on.

    Raises Mistake with what to write instead.
    """
    try:
        answer = await read_said(turn, store, row.step, text)
    except Lost:
        helped = list(row.answers.get("helped", ()))
        if row.step in helped and row.step != "title":
            told = whisper("Then we leave that open; it can be added later.")
            return told, *await _take(turn, store, row, "")
        row.answers = {**row.answers, "helped": [*helped, row.step]}
        return await _asked(turn, store, row, row.step)
    except Unreadable as why:
        raise Mistake(str(why)) from None
    return await _take(turn, store, row, answer)


async def _reopen(turn: Turn, store: Store) -> Reply:
    """Go back to the last question of what was saved just now; None if nothing was."""
    row = await store.conversations.newest(KIND, turn.person.id, turn.place.channel)
    if row is None or row.item is None or turn.acted_at - row.asked_at > UNDO_FOR:
        return None
    item = await changeable(turn, store, row.item)
    steps = plan.steps_of(item, {}, {})
    return await begin(turn, store, item, {}, dict.fromkeys(steps[:-1], ""))


async def _take(turn: Turn, store: Store, row: Conversation, answered: str) -> tuple[Any, ...]:
    """Keep an answer and ask the next question, or save. An empty one leaves what is there."""
    if row.step == "title" and not answered:
        raise Mistake("I need a sentence to begin with, or press Cancel.")
    item = await item_of(store, row)
    answers = plan.answers_so_far(row)
    answers[row.step] = answered or answers.get(row.step, "")
    row.answers = {**row.answers, "said": answers}
    step = following(row.step, plan.steps_of(item, plan.given(row), answers))
    if step is not None:
        return await _asked(turn, store, row, step)
    values = plan.held(item, plan.given(row), answers)
    await store.timers.cancel(EXPIRED, str(row.id))
    saved, reply = await save_item(turn, store, item, row.team_id, plan.given(row), values)
    await store.conversations.end(row, saved.number)
    row.asked_at = turn.acted_at
    return reply


async def _go_back(turn: Turn, store: Store, row: Conversation) -> Reply:
    item = await item_of(store, row)
    step = preceding(row.step, plan.steps_of(item, plan.given(row), plan.answers_so_far(row)))
    if step is None:
        raise Mistake("This is the first question: there is nothing before it.")
    return await _asked(turn, store, row, step)


async def _stop(store: Store, row: Conversation) -> Reply:
    await store.conversations.end(row)
    await store.timers.cancel(EXPIRED, str(row.id))
    return Whisper(cards.cancelled())


async def _asked(turn: Turn, store: Store, row: Conversation, step: str) -> tuple[Any, ...]:
    """Move on to a question, below what was just said."""
    row.step, row.version, row.asked_at = step, row.version + 1, turn.acted_at
    row.expires_at = turn.now + WAITS
    await store.timers.set(EXPIRED, str(row.id), row.expires_at)
    return (Post(question_of(row)),)


def _crossed(row: Conversation) -> Reply:
    """Answer what was meant for an earlier question, perhaps from another device."""
    reply = whisper("That question is answered already. This is where we are:")
    return reply, Show(question_of(row))


# --- draw -------------------------------------------------------------------------------------


async def expired(turn: Turn, store: Store, key: str) -> Reply:
    """Forget a conversation nobody went on with."""
    await store.conversations.forget(int(key))
    return None


async def draw(store: Store, view: QuestionView) -> Card:
    """Draw a question: open, answered, or of a conversation that is over."""
    row = await store.conversations.find(view.conversation)
    if row is None or not row.step:
        return cards.over(view.step)
    if (row.step, row.version) != (view.step, view.version):
        store.stays_as_it_is()  # the answers are forgotten at the end, but the talk stays readable
        return cards.answered(
            view.step, await _in_words(store, view.step, plan.answers_so_far(row))
        )
    store.holds_until(row.expires_at)
    return cards.question(view, await _question_state(store, row))


async def _question_state(store: Store, row: Conversation) -> cards.QuestionState:
    item, drafted, answers = await item_of(store, row), plan.given(row), plan.answers_so_far(row)
    steps = plan.steps_of(item, drafted, answers)
    title = plan.title_of(item, drafted, answers)
    fresh = item is None and title and row.step == steps["title" in steps]
    matches = await similar_items(store, title, row.team_id) if fresh else ()
    held = plan.held(item, drafted, answers)
    helped = row.step in row.answers.get("helped", ())
    others = await store.looking_back.thought_through(row.team_id) if helped else ()
    return cards.QuestionState(
        title=title,
        place=steps.index(row.step) + 1 if row.step in steps else 1,
        of=len(steps),
        has=await _in_words(store, row.step, held) or "",
        alike=[(match.id, match.text) for match in matches],
        example=example_for(row.step, [i for i in others if i.number != row.item])
        if helped
        else "",
    )


async def _in_words(store: Store, step: str, answers: Mapping[str, str]) -> str | None:
    """Return an answer as people say it; None if there is none yet."""
    kept = answers.get(step)
    if not kept:
        return kept
    if step == "owner":
        return (await store.people.named([kept])).get(kept, "someone")
    return in_words(date.fromisoformat(kept)) if step in DAYS else kept


# --- how it is done ---------------------------------------------------------------------------


def question_of(row: Conversation) -> QuestionView:
    return QuestionView(row.id, row.step, row.version)


async def mine(turn: Turn, store: Store, id: int) -> Conversation:
    """Return the person's own conversation; somebody else's is not there for them."""
    row = await store.conversations.locked(id)
    if row is None or row.kind != KIND or row.person != turn.person.id or not row.step:
        raise NotFound("This conversation is over. To begin another: ", Typed("coach"))
    return row


async def item_of(store: Store, row: Conversation) -> Item | None:
    return await store.items.find(row.item) if row.item else None
