"""Turn a grumble into an experiment: a few questions, one at a time or all in one form.

What happens now, how it is noticed, what small thing to try, who does it, by when, and which
number should move. It ends in an item with a hypothesis; later Hone asks what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards import Card, filled
from bot.feature import CommandSpec, Feature
from bot.turn import (
    Ask,
    Direct,
    Mistake,
    NotFound,
    Post,
    Refresh,
    Reply,
    Said,
    Show,
    Turn,
    Whisper,
    whisper,
)
from handlers.coach import cards, plan
from handlers.coach.actions import (
    Answer,
    AskMe,
    Back,
    Cancel,
    Instead,
    OpenForm,
    QuestionView,
    SaveForm,
    Skip,
)
from handlers.coach.questions import (
    ASKS,
    DAYS,
    Unreadable,
    following,
    preceding,
    read_answer,
)
from handlers.doors import COACHED, CoachDraft, CoachItem
from handlers.due import in_words
from handlers.hypothesis import sentence
from handlers.likeness import alike
from handlers.views import DraftView, ItemView, redrawn
from storage import Store
from storage.conversations import Conversation
from storage.items import Item

KIND = "coach"
EXPIRED = "coach.expired"

WAITS = timedelta(days=7)
"""How long a question waits for its answer."""

TITLE_MAX_CHARS = ASKS["title"].max_chars

_NUMBER = re.compile(r"#?([0-9]{1,9})")


# --- begin -----------------------------------------------------------------------------------


async def coach(turn: Turn, store: Store, line: str) -> Reply:
    """Begin with an item, with some words, or with nothing: alone one by one, else in a form."""
    numbered = _NUMBER.fullmatch(line)
    item = await _changeable(turn, store, int(numbered[1])) if numbered else None
    title = "" if numbered else line
    if len(title) > TITLE_MAX_CHARS:
        raise Mistake(
            f"That is {len(title):,} characters; at most {TITLE_MAX_CHARS:,} fit. "
            "Please say it in a sentence."
        )
    drafted = {"title": title} if title else {}
    if not turn.place.private:
        return await _one_form(store, item, drafted, {}, 0)
    return await _begin(turn, store, item, drafted, {})


async def coach_item(turn: Turn, store: Store, act: CoachItem) -> Reply:
    """Show an item's questions in one form."""
    return await _one_form(store, await _changeable(turn, store, act.number), {}, {}, 0)


async def coach_draft(turn: Turn, store: Store, act: CoachDraft) -> Reply:
    """Go on from words that were not saved yet."""
    draft = await store.conversations.locked(act.conversation)
    mine = draft is not None and draft.kind == "draft" and draft.person == turn.person.id
    if draft is None or not mine or draft.step in ("", COACHED):
        raise NotFound("This draft is gone: it was saved, dropped or a day old.")
    drafted = plan.given(draft)
    draft.step, draft.answers = COACHED, {}
    begun = await _begin(turn, store, None, drafted, {})
    return (Refresh(DraftView(draft.id)), *begun)


async def ask_me(turn: Turn, store: Store, act: AskMe) -> Reply:
    """Leave the form for the chat with Hone; what was typed so far is kept."""
    item = await _changeable(turn, store, act.number) if act.number else None
    drafted: dict[str, Any] = {}
    if act.conversation:
        row = await _mine(turn, store, act.conversation)
        item, drafted = await _item_of(store, row), plan.given(row)
    answers, _ = await _read_form(turn, store, item, drafted)
    return await _begin(turn, store, item, drafted, {k: v for k, v in answers.items() if v})


async def _begin(
    turn: Turn,
    store: Store,
    item: Item | None,
    drafted: Mapping[str, Any],
    answers: Mapping[str, str],
) -> tuple[Any, ...]:
    """Ask the first open question in the person's own chat; an earlier conversation ends."""
    replies: list[Any] = []
    if (earlier := await store.conversations.open(KIND, turn.person.id)) is not None:
        replies.append(Refresh(_question(earlier)))
        await store.conversations.end(earlier)
    steps = plan.steps_of(item, drafted, answers)
    team = await store.teams.here(turn.place.channel, turn.person.id)
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
        return (*replies, Post(_question(row)))
    told = whisper("I've written to you alone: we go on in our chat.")
    return (*replies, Direct(turn.person.id, _question(row)), told)


# --- answer ----------------------------------------------------------------------------------


async def said(turn: Turn, store: Store) -> Reply:
    """Take plain words as the answer to the open question; None if no question is open."""
    assert isinstance(turn.intent, Said)
    row = await store.conversations.open(KIND, turn.person.id)
    if row is None:
        return None
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
            return await _take(turn, store, row, await _read(turn, store, row, turn.intent.text))


async def answer(turn: Turn, store: Store, act: Answer) -> Reply:
    """Take one of the question's own answers."""
    row = await _mine(turn, store, act.conversation)
    if row.version != act.version:
        return _crossed(row)
    quick = ASKS[row.step].quick
    if not 0 <= act.choice < len(quick):
        raise NotFound("There is no such answer.")
    return await _take(turn, store, row, await _read(turn, store, row, quick[act.choice][1]))


async def back(turn: Turn, store: Store, act: Back) -> Reply:
    """Ask the question before again."""
    row = await _mine(turn, store, act.conversation)
    return await _go_back(turn, store, row) if row.version == act.version else _crossed(row)


async def skip(turn: Turn, store: Store, act: Skip) -> Reply:
    """Leave a question unanswered; what the item has stays."""
    row = await _mine(turn, store, act.conversation)
    return await _take(turn, store, row, "") if row.version == act.version else _crossed(row)


async def cancel(turn: Turn, store: Store, act: Cancel) -> Reply:
    """End the conversation and forget the answers."""
    return await _stop(store, await _mine(turn, store, act.conversation))


async def instead(turn: Turn, store: Store, act: Instead) -> Reply:
    """Go on with the item that says the same; the person's words are kept as one more voice."""
    row = await _mine(turn, store, act.conversation)
    if row.version != act.version:
        return _crossed(row)
    item = await _changeable(turn, store, act.number)
    title = plan.title_of(None, plan.given(row), plan.said(row))
    await store.items.add_voice(item.number, turn.person.id, title)
    before = _question(row)
    row.item, row.team_id = item.number, item.team_id
    steps = plan.steps_of(item, plan.given(row), plan.said(row))
    step = row.step if row.step in steps else steps[0]
    return (*await _asked(turn, store, row, before, step), Refresh(ItemView(item.number)))


async def _read(turn: Turn, store: Store, row: Conversation, text: str) -> str:
    """Return the answer as it is kept; raises Mistake with what to write instead."""
    try:
        return await _readable(turn, store, row.step, text)
    except Unreadable as why:
        raise Mistake(str(why)) from None


async def _readable(turn: Turn, store: Store, step: str, text: str) -> str:
    people: list[Any] = []
    if step == "owner":
        named = turn.intent.mentions if isinstance(turn.intent, Said) else ()
        people = [*named, *await store.people.all()]
    return read_answer(step, text, _today(turn), me=turn.person.id, people=people)


async def _take(turn: Turn, store: Store, row: Conversation, answered: str) -> Reply:
    """Keep an answer and ask the next question, or save."""
    if row.step == "title" and not answered:
        raise Mistake("I need a sentence to begin with, or press Cancel.")
    before, item = _question(row), await _item_of(store, row)
    answers = {**plan.said(row), row.step: answered}
    row.answers = {**row.answers, "said": answers}
    step = following(row.step, plan.steps_of(item, plan.given(row), answers))
    if step is not None:
        return await _asked(turn, store, row, before, step)
    kept = {step: value for step, value in answers.items() if value}
    values = {**plan.known(item, plan.given(row)), **kept}
    await store.timers.cancel(EXPIRED, str(row.id))
    reply = await _save(turn, store, item, row.team_id, plan.given(row), values)
    await store.conversations.end(row)
    return (Refresh(before), *reply)


async def _go_back(turn: Turn, store: Store, row: Conversation) -> Reply:
    item = await _item_of(store, row)
    step = preceding(row.step, plan.steps_of(item, plan.given(row), plan.said(row)))
    if step is None:
        raise Mistake("This is the first question: there is nothing before it.")
    return await _asked(turn, store, row, _question(row), step)


async def _stop(store: Store, row: Conversation) -> Reply:
    before = _question(row)
    await store.conversations.end(row)
    await store.timers.cancel(EXPIRED, str(row.id))
    return Refresh(before), Whisper(cards.cancelled())


async def _asked(
    turn: Turn, store: Store, row: Conversation, before: QuestionView, step: str
) -> tuple[Any, ...]:
    """Move on to a question, below what was just said."""
    row.step, row.version, row.asked_at = step, row.version + 1, turn.acted_at
    row.expires_at = turn.now + WAITS
    await store.timers.set(EXPIRED, str(row.id), row.expires_at)
    await store.session.flush()
    return Refresh(before), Post(_question(row))


def _crossed(row: Conversation) -> Reply:
    """Answer what was meant for an earlier question, perhaps from another device."""
    told = whisper("That question is answered already. This is where we are:")
    return told, Show(_question(row))


# --- all in one form -------------------------------------------------------------------------


async def open_form(turn: Turn, store: Store, act: OpenForm) -> Reply:
    """Show a conversation's questions in one form, with the answers so far."""
    row = await _mine(turn, store, act.conversation)
    return await _one_form(
        store, await _item_of(store, row), plan.given(row), plan.said(row), row.id
    )


async def save_form(turn: Turn, store: Store, act: SaveForm) -> Reply:
    """Save everything at once; what was emptied in the form is empty then."""
    item = await _changeable(turn, store, act.number) if act.number else None
    row = await _mine(turn, store, act.conversation) if act.conversation else None
    drafted = plan.given(row) if row else {}
    answers, errors = await _read_form(turn, store, item, drafted)
    if errors:
        asked = await _one_form(store, item, drafted, {}, act.conversation)
        return replace(asked, form=filled(asked.form, turn.answers), errors=errors)
    if row is not None:
        team_id, before = row.team_id, _question(row)
        await store.conversations.end(row)
        await store.timers.cancel(EXPIRED, str(row.id))
        saved = await _save(turn, store, item, team_id, drafted, answers)
        return (Refresh(before), *saved)
    team = await store.teams.here(turn.place.channel, turn.person.id)
    return await _save(turn, store, item, team.id, drafted, answers)


async def _one_form(
    store: Store,
    item: Item | None,
    drafted: Mapping[str, Any],
    answers: Mapping[str, str],
    conversation: int,
) -> Ask:
    kept = {step: value for step, value in answers.items() if value}
    values = {**plan.known(item, drafted), **kept}
    steps = plan.steps_of(item, {}, {})  # a form asks for the title, too, and always for the metric
    title = f"#{item.number} {item.title}" if item else ""
    number = item.number if item else 0
    return Ask(cards.form(values, steps, title, number, conversation))


async def _read_form(
    turn: Turn, store: Store, item: Item | None, drafted: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the form's answers by step, and what is wrong by field."""
    held = plan.known(item, drafted)
    answers: dict[str, str] = {}
    errors: dict[str, str] = {}
    for step in plan.steps_of(item, {}, {}):
        text = turn.answers.one(step)
        answers[step] = text
        if not text or (step in DAYS and text == held.get(step)):
            continue
        try:
            answers[step] = await _picked_or_typed(turn, store, step, text)
        except Unreadable as why:
            errors[step], answers[step] = str(why), ""
    if "title" in answers and not answers["title"] and "title" not in errors:
        errors["title"] = "Say in one sentence what should get better."
    return answers, errors


async def _picked_or_typed(turn: Turn, store: Store, step: str, text: str) -> str:
    if step != "owner":
        return await _readable(turn, store, step, text)
    if await store.people.find(text) is None:
        raise Unreadable("I don't know this person here. Choose somebody from the list.")
    return text


# --- the end ---------------------------------------------------------------------------------


async def _save(
    turn: Turn,
    store: Store,
    item: Item | None,
    team_id: int,
    drafted: Mapping[str, Any],
    answers: Mapping[str, str],
) -> tuple[Any, ...]:
    """Write the item and tell what it says now."""
    if item is not None:
        item = await _changeable(turn, store, item.number)
    if "title" in answers:
        drafted = {**drafted, "title": answers["title"]}
    saved = await plan.save(
        store, item, team_id, drafted, answers, by=turn.person.id, today=_today(turn)
    )
    told = sentence(
        saved.experiment, saved.metric, saved.metric_from, saved.metric_to, saved.check_on
    )
    card = cards.saved(saved.number, told, saved.check_on if saved.owner else None)
    redraws = await redrawn(store, saved, turn.place.channel)
    if item is None:
        return Post(ItemView(saved.number)), Whisper(card)
    return (*redraws, Whisper(card))


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
        return cards.answered(view.step, await _in_words(store, view.step, plan.said(row)))
    return cards.question(view, await _standing(store, row))


async def _standing(store: Store, row: Conversation) -> cards.Standing:
    item, drafted, answers = await _item_of(store, row), plan.given(row), plan.said(row)
    steps = plan.steps_of(item, drafted, answers)
    title = plan.title_of(item, drafted, answers)
    fresh = item is None and title and row.step == steps["title" in steps]
    found = alike(title, await store.items.open_titles(row.team_id)) if fresh else ()
    held = {**plan.known(item, drafted), **{k: v for k, v in answers.items() if v}}
    return cards.Standing(
        title=title,
        place=steps.index(row.step) + 1 if row.step in steps else 1,
        of=len(steps),
        has=await _in_words(store, row.step, held) or "",
        alike=[(match.id, match.text) for match in found],
    )


async def _in_words(store: Store, step: str, answers: Mapping[str, str]) -> str | None:
    """Return an answer as people say it; None if there is none yet."""
    kept = answers.get(step)
    if not kept:
        return kept
    if step == "owner":
        return (await store.people.named([kept])).get(kept, "someone")
    return in_words(date.fromisoformat(kept)) if step in DAYS else kept


# --- how it is done --------------------------------------------------------------------------


def _question(row: Conversation) -> QuestionView:
    return QuestionView(row.id, row.step, row.version)


async def _mine(turn: Turn, store: Store, id: int) -> Conversation:
    """Return the person's own conversation; somebody else's is not there for them."""
    row = await store.conversations.locked(id)
    if row is None or row.kind != KIND or row.person != turn.person.id or not row.step:
        raise NotFound("This conversation is over. To begin another: coach")
    return row


async def _item_of(store: Store, row: Conversation) -> Item | None:
    return await store.items.find(row.item) if row.item else None


async def _changeable(turn: Turn, store: Store, number: int) -> Item:
    item = await store.items.locked(number)
    if item is None:
        raise NotFound(f"There is no item #{number} here.")
    outside = turn.person.role in ("guest", "external")
    if outside and item.created_by != turn.person.id:
        raise Mistake("Guests can change only what they captured themselves.")
    return item


def _today(turn: Turn) -> date:
    return turn.now.astimezone(ZoneInfo(turn.person.zone)).date()


FEATURE = Feature(
    name="coach",
    commands={
        "coach": CommandSpec(
            summary="Think an improvement through",
            run=coach,
            example="coach #42",
            what="asks what happens now, what to try, who, by when, and which number should move",
            free_text=True,
        )
    },
    actions={
        CoachItem: coach_item,
        CoachDraft: coach_draft,
        AskMe: ask_me,
        Answer: answer,
        Back: back,
        Skip: skip,
        Cancel: cancel,
        Instead: instead,
        OpenForm: open_form,
        SaveForm: save_form,
    },
    views={QuestionView: draw},
    due={EXPIRED: expired},
    said=said,
)
