"""The coaching conversation that one person is in the middle of, on their own page."""

from __future__ import annotations

from bot.cards import Bold, Button, Buttons, text
from bot.feature import Entry, OnPage, Reader
from handlers.coach import plan
from handlers.coach.actions import OpenForm
from handlers.coach.cards import TITLE_SHOWN_CHARS
from handlers.coach.questions import ASKS
from handlers.coach.talk import KIND, item_of
from handlers.phrases import shortened
from storage import Store


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find the question that the reader has not answered; what they said so far is not shown."""
    row = await store.waiting.conversation(KIND, reader.id)
    if row is None:
        return OnPage()
    store.holds_until(row.expires_at)
    item, drafted, answers = await item_of(store, row), plan.given(row), plan.answers_so_far(row)
    steps = plan.steps_of(item, drafted, answers)
    place = steps.index(row.step) + 1 if row.step in steps else 1
    about = shortened(plan.title_of(item, drafted, answers), TITLE_SHOWN_CHARS)
    words = text(
        Bold(f"Coaching: {about}" if about else "Coaching"),
        f", question {place} of {len(steps)}: {ASKS[row.step].asks} Answer in our chat, or here.",
    )
    open_form = OpenForm(row.id, row.version)
    button = Button("Go on", open_form, opens_form=True, hint="Go on with the coaching, in a form")
    return OnPage((Entry("asked", (words, Buttons((button,)))),))
