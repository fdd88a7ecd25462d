"""The gallery's rooms for retros."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta

from bot.cards import Choice, Form
from handlers.retro.reading import NOTE_MAX_CHARS
from handlers.retro.templates import COLUMN_MAX_CHARS, COLUMNS_MAX, NAME_MAX_CHARS
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    ZOE,
    Room,
    Specimen,
    alone,
    form,
    posted,
    told,
)
from tests.hone import Hone, buttons_of


async def retro(hone: Hone) -> AsyncIterator[Specimen]:
    """From the form that starts one to its record, and how the next one opens."""
    ada, grace = hone.person("Ada", zone="Europe/Berlin"), hone.person("Grace")
    await ada.says("retro templates")
    await ada.fills({"name": "4Ls", "columns": "One"})
    yield form("form-template-with-errors", ada)
    await ada.fills({"name": "Sailboat", "columns": "Wind\nAnchor"})
    yield told("template-saved", ada)
    await ada.says("retro")
    await ada.fills({"time": "late", "day": "2026-02-30"})
    yield form("form-start-with-errors", ada)
    await ada.says("retro start by Friday 16:00")
    await grace.clicks("Add a note")
    yield form("form-notes", grace)
    await grace.fills({"c1": "Merging without reviews\n- Meetings without an agenda"})
    yield told("kept", grace)
    await ada.clicks("Add a note")
    await ada.fills({"c1": "Merging without a review", "unsigned": ("on",)})
    yield told("kept-unsigned", ada)
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Pair on reviews #reviews", "c2": "Demo every Friday"})
    yield posted("collecting", hone)
    await ada.clicks("My notes")
    yield form("form-own", ada)
    await grace.clicks("I'm done")
    yield told("done-writing", grace)
    await hone.wait(days=3, hours=12)
    yield posted("soon", hone)
    await ada.clicks("Reveal")
    yield told("before-revealing", ada)
    await ada.clicks("Reveal all the same", on=ada.whispered)
    yield posted("revealed", hone, 0)
    yield posted("step-revealed", hone)
    await grace.clicks("Add a note")
    yield form("form-notes-late", grace)
    await ada.clicks("Move notes")
    await ada.fills({})
    yield form("form-sort-with-errors", ada)
    await ada.clicks("Merge groups")
    await ada.fills({"groups": ("1",)})
    yield form("form-merge-with-errors", ada)
    await ada.clicks("Split a group")
    await ada.fills({"group": "2"})
    yield form("form-split", ada)
    await ada.clicks("Start the vote")
    for person, dots in ((ada, {"g2": "2", "g4": "1"}), (grace, {"g2": "3"})):
        await person.clicks("Give my dots")
        await person.fills(dots)
    yield posted("voting", hone, 0)
    await grace.clicks("Give my dots")
    await grace.fills({"g1": "1"})
    yield form("form-dots-with-error", grace)
    await ada.clicks("Close the vote")
    yield posted("counted", hone, 0)
    await ada.clicks("Read all notes")
    yield told("all-notes", ada)
    await ada.clicks("Choose improvements")
    yield form("form-choose", ada)
    await ada.fills({"groups": ("2", "4")})
    await ada.fills({"title2": "", "due2": "2026-02-30"})
    yield form("form-improve-with-errors", ada)
    metric = "escaped defects from 5 a month to 2"
    plan = {"title2": "Every merge has a reviewer", "owner2": "grace", "due2": "2026-12-04"}
    await ada.fills({**plan, "metric2": metric, "title4": "Two demos a month"})
    yield posted("record", hone, 0)
    yield posted("improvement", hone, -2)
    await ada.says("retro start sailboat anonymous")
    yield posted("next-one", hone)
    await ada.clicks("Add a note")
    yield form("form-notes-anonymous", ada)
    await ada.clicks("Cancel")
    yield posted("cancelled", hone)
    await ada.says("retro start with facts")
    yield posted("with-facts", hone)
    await hone.wait(days=4)
    yield posted("waits", hone, -2)
    yield posted("step-away", hone)
    yield alone("away-alone", grace)
    await ada.clicks("Cancel")
    await ada.says("retro start for 40 minutes")
    await hone.wait(minutes=30)
    yield posted("time-left", hone)
    yield alone("soon-alone", grace)


async def retro_most(hone: Hone) -> AsyncIterator[Specimen]:
    """Sixty of the longest notes in as many columns as there are, by people with such names."""
    ada = hone.person("Ada")
    columns = [f"{number} {HOSTILE}"[:COLUMN_MAX_CHARS] for number in range(COLUMNS_MAX)]
    name = f"{HOSTILE[:NAME_MAX_CHARS]}"
    await ada.says("retro templates")
    await ada.fills({"name": name, "columns": "\n".join(columns)})
    await ada.says(f"retro start {name} by Friday 16:00")
    yield posted("collecting", hone)
    for number, writer in enumerate((ZOE, "O'Brien <b>&amp;</b>", "Grace Hopper " * 5)):
        person = hone.person(writer)
        await person.clicks("Add a note")
        await person.fills(dict(_notes(number)))
    await ada.clicks("Reveal")
    yield posted("revealed", hone, 0)
    await ada.clicks("Read all notes")
    yield told("all-notes", ada)
    while any(button.label == "Next" for button in buttons_of(ada.whispered)):
        await ada.clicks("Next", on=ada.whispered)
        yield told("all-notes-last", ada)
    hone.now += timedelta(minutes=1)  # nobody presses that fast
    await ada.clicks("Merge groups")
    yield form("form-merge", ada)
    await ada.clicks("Start the vote")
    await ada.clicks("Give my dots")
    while ada.form is not None:
        yield form("form-dots-last", ada)
        first = next(each for each in ada.form.fields if isinstance(each, Choice))
        await ada.fills({first.id: "1"})
    await ada.clicks("Close the vote")
    yield posted("counted", hone, 0)
    await ada.clicks("Choose improvements")
    yield form("form-choose", ada)
    await ada.fills({})
    yield form("form-improve", ada)
    await ada.fills(dict(_plans(ada.form)))
    yield posted("record", hone, 0)
    await ada.says("retro start")
    yield posted("next-one", hone)


def _notes(writer: int) -> Iterator[tuple[str, str]]:
    """Return twenty notes by column, no two alike, as long as they may be."""
    words = [chr(ord("a") + number) * 5 for number in range(20)]
    for column in range(COLUMNS_MAX):
        here = words[column::COLUMNS_MAX]
        notes = (f"{word}{writer} {HOSTILE if writer else FAR_AND_WIDE} " for word in here)
        yield f"c{column}", "\n".join(f"{n}{(n[:7] + ' ') * 60}"[:NOTE_MAX_CHARS] for n in notes)


def _plans(asked: Form | None) -> Iterator[tuple[str, str]]:
    assert asked is not None
    for field in asked.fields:
        field_id = getattr(field, "id", "")
        if field_id.startswith("metric"):
            yield field_id, f"{HOSTILE * 3}"[:200] + f" from 1 {LONGEST[:70]} to 2 {LONGEST[:70]}"
        elif field_id.startswith("title"):
            yield field_id, f"{field_id} {HOSTILE} {FAR_AND_WIDE} {LONGEST}"[:300]
        elif field_id.startswith(("due", "check")):
            yield field_id, "2026-12-04"


ROOMS: Mapping[str, Room] = {"retro": retro, "retro-most": retro_most}
