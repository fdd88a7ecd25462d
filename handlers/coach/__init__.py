"""Turn a grumble into an experiment: a few questions, one at a time or all in one form.

What happens now, how it is noticed, what small thing to try, who does it, by when, and which
number should move. It ends in an item with a hypothesis; later Hone asks what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.cards import filled
from bot.feature import CommandSpec, Feature
from bot.turn import Ask, Mistake, NotFound, Reply, Turn
from handlers.coach import cards, on_page, plan, talk
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
from handlers.coach.helping import KNOWN_TO_WORK
from handlers.coach.questions import DAYS, Lost
from handlers.coach.saving import read_said, save_item
from handlers.coach.talk import begin, item_of, mine
from handlers.reader.anonymity import MAYBE_ANONYMOUS, asks
from handlers.reader.moments import Unreadable
from handlers.rules.guard import changeable
from handlers.rules.limits import TITLE_MAX_CHARS, too_long
from handlers.rules.numbers import number_in
from handlers.ui.actions import COACHED, CoachDraft, CoachItem
from storage import Store
from storage.items import Item

# --- begin -----------------------------------------------------------------------------------


async def coach(turn: Turn, store: Store, line: str) -> Reply:
    """Begin with an item, with some words, or with nothing: alone one by one, else in a form."""
    number = number_in(await store.records.with_numbers(line))
    item = None if number is None else await changeable(turn, store, number)
    title = line if number is None else ""
    if wrong := too_long(title, TITLE_MAX_CHARS):
        raise Mistake(f"{wrong} Please say it in a sentence.")
    if asks(title):
        raise Mistake(MAYBE_ANONYMOUS)
    drafted = {"title": title} if title else {}
    if not turn.place.private:
        return await _one_form(store, item, drafted, {}, 0)
    return await begin(turn, store, item, drafted, {})


async def coach_item(turn: Turn, store: Store, act: CoachItem) -> Reply:
    """Show an item's questions in one form."""
    return await _one_form(store, await changeable(turn, store, act.number), {}, {}, 0)


async def coach_draft(turn: Turn, store: Store, act: CoachDraft) -> Reply:
    """Go on from words that were not saved yet."""
    draft = await store.conversations.locked(act.conversation)
    mine = draft is not None and draft.kind == "draft" and draft.person == turn.person.id
    if draft is None or not mine or draft.step in ("", COACHED):
        raise NotFound("This draft is gone: it was saved, dropped or a day old.")
    drafted = plan.given(draft)
    draft.step, draft.answers = COACHED, {}
    return await begin(turn, store, None, drafted, {})


async def ask_me(turn: Turn, store: Store, act: AskMe) -> Reply:
    """Leave the form for the chat with Hone; what was typed so far is kept."""
    item = await changeable(turn, store, act.number) if act.number else None
    drafted: dict[str, Any] = {}
    if act.conversation:
        row = await mine(turn, store, act.conversation)
        item, drafted = await item_of(store, row), plan.given(row)
    answers, _ = await _read_form(turn, store, item, drafted)
    return await begin(turn, store, item, drafted, {k: v for k, v in answers.items() if v})


# --- all in one form -------------------------------------------------------------------------


async def open_form(turn: Turn, store: Store, act: OpenForm) -> Reply:
    """Show a conversation's questions in one form, with the answers so far."""
    row = await mine(turn, store, act.conversation)
    return await _one_form(
        store, await item_of(store, row), plan.given(row), plan.answers_so_far(row), row.id
    )


async def save_form(turn: Turn, store: Store, act: SaveForm) -> Reply:
    """Save everything at once; what was emptied in the form is empty then."""
    item = await changeable(turn, store, act.number) if act.number else None
    row = await mine(turn, store, act.conversation) if act.conversation else None
    drafted = plan.given(row) if row else {}
    answers, errors = await _read_form(turn, store, item, drafted)
    if errors:
        asked = await _one_form(store, item, drafted, {}, act.conversation)
        return replace(asked, form=filled(asked.form, turn.answers), errors=errors)
    if row is not None:
        await store.conversations.end(row)
        await store.timers.cancel(talk.EXPIRED, str(row.id))
        team_id = row.team_id
    else:
        team_id = (await store.teams.resolve(turn.place.channel, turn.person.id)).id
    _, reply = await save_item(turn, store, item, team_id, drafted, answers)
    return reply


async def _one_form(
    store: Store,
    item: Item | None,
    drafted: Mapping[str, Any],
    answers: Mapping[str, str],
    conversation: int,
) -> Ask:
    values = plan.held(item, drafted, answers)
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
        except Lost as why:
            errors[step], answers[step] = f"{why} For example: {KNOWN_TO_WORK[step]}.", ""
        except Unreadable as why:
            errors[step], answers[step] = str(why), ""
    if "title" in answers and not answers["title"] and "title" not in errors:
        errors["title"] = "Say in one sentence what should get better."
    return answers, errors


async def _picked_or_typed(turn: Turn, store: Store, step: str, text: str) -> str:
    if step != "owner":
        return await read_said(turn, store, step, text)
    if await store.people.find(text) is None:
        raise Unreadable("I don't know this person here. Choose somebody from the list.")
    return text


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
        Answer: talk.answer,
        Back: talk.back,
        Skip: talk.skip,
        Cancel: talk.cancel,
        Instead: talk.instead,
        OpenForm: open_form,
        SaveForm: save_form,
    },
    views={QuestionView: talk.draw},
    due={talk.EXPIRED: talk.expired},
    on_answer=talk.on_answer,
    asks=talk.asks,
    on_page=on_page.entries,
)
