"""The small forms around an item: who owns it, and why it is dropped."""

from __future__ import annotations

from bot.cards import Choice, Day, Form, Note, Option, Pick, text
from handlers.capture.actions import SaveDrop, SaveOwner
from handlers.phrases import cut
from storage.items import Item
from storage.states import DROP_REASONS


def owner_form(item: Item) -> Form:
    return Form(
        f"Assign #{item.number}",
        SaveOwner(item.number),
        (
            Note(text(cut(item.title, 200))),
            Pick("owner", "Owner", (item.owner,) if item.owner else ()),
            Day("due", "Due", item.due),
        ),
    )


def drop_form(item: Item) -> Form:
    return Form(
        f"Drop #{item.number}",
        SaveDrop(item.number),
        (
            Note(text(cut(item.title, 200))),
            Choice(
                "reason",
                "Why?",
                tuple(Option(reason.capitalize(), reason) for reason in DROP_REASONS),
            ),
        ),
        submit_label="Drop it",
    )
