"""Write notes before the reveal: signed or without a name, and change one's own.

What a turn must not keep of its author is declared by `is_anonymous`; the router obeys it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards import (
    Typed,
    filled,
)
from bot.turn import (
    Answers,
    Ask,
    Click,
    Intent,
    Mistake,
    NotFound,
    Reply,
    Show,
    Submission,
    Turn,
    Whisper,
    whisper,
)
from handlers.likeness.similar import read_ahead
from handlers.phrases import counted
from handlers.reader.anonymity import asks
from handlers.reader.lost import is_lost
from handlers.retro import alone, forms
from handlers.retro.access import (
    STAGE_NOTES,
    are_few,
    elsewhere,
    existing,
    held,
    in_a_channel,
    may_take_part,
    moved_on,
)
from handlers.retro.actions import (
    FinishWriting,
    OpenNotes,
    OpenOwn,
    OpenUnsigned,
    SaveNotes,
    SaveOwn,
    SaveUnsigned,
)
from handlers.retro.known import told_of
from handlers.retro.reading import (
    NOTE_MAX_CHARS,
    NOTES_MAX,
    NOTES_PER_FORM_MAX,
    NOTES_PER_PERSON_MAX,
    note_problem,
    read_notes,
    split_column,
)
from handlers.retro.revealing import join
from handlers.rules.edit_token import EditToken, new_token
from handlers.ui.views import RetroView
from storage import Store
from storage.notes import Note
from storage.retros import COLLECTING, GROUPING, Retro

WRITABLE = (COLLECTING, GROUPING)
"""Until the vote, notes may come: those that come after the reveal are shown at once."""

_REVEALED_MEANWHILE = (
    "The notes were revealed meanwhile. Yours would be shown at once, and who adds it now may be "
    "guessed. To add it all the same, send it once more."
)

NOTHING_COMES_TO_MIND = (
    "Nothing comes to mind? What made you wait lately, or made you glad? One sentence will do."
)


def is_anonymous(intent: Intent) -> bool:
    """Whether nothing may be kept of who did this.

    Opening a form counts, too: a name noted just before an anonymous note would point at it.
    """
    match intent:
        case Click(OpenNotes() | OpenOwn() | OpenUnsigned() | FinishWriting()):
            return True
        case Submission(SaveUnsigned()):
            return True
        case Submission(SaveNotes(anonymous=anonymous), answers):
            return _unsigned(anonymous, answers)
        case _:
            return False


def _unsigned(anonymous: bool, answers: Answers) -> bool:
    """Whether notes carry no name: the retro's rule, or else what their author chose."""
    return not answers.on("signed") if anonymous else answers.on("unsigned")


# --- add -------------------------------------------------------------------------------------


async def open_notes(turn: Turn, store: Store, act: OpenNotes) -> Reply:
    """Open the form to write into."""
    retro = await existing(store, act.retro_id)
    await may_take_part(turn, store, retro)
    if retro.stage not in WRITABLE:
        return moved_on(retro)
    return Ask(forms.notes_form(retro, are_few=await are_few(store, retro)))


async def save_notes(turn: Turn, store: Store, act: SaveNotes) -> Reply:
    """Keep the notes of the form; without a name if the retro or the person wants it so."""
    retro = await held(store, act.retro_id)
    if act.anonymous != retro.anonymous:
        raise NotFound("This form is out of date. Please open it again.")
    await may_take_part(turn, store, retro)
    form = forms.notes_form(retro, are_few=await are_few(store, retro))
    new, errors = _read(retro, turn.answers)
    unsigned = _unsigned(retro.anonymous, turn.answers)
    author = None if unsigned else turn.person.id
    errors = errors or ({} if unsigned else _unsigned_after_all(retro, new))
    errors = errors or await _too_many(store, retro, len(new), author)
    if retro.stage not in WRITABLE:
        errors = {"": _kept_here(retro)}
    elif retro.stage != COLLECTING and unsigned and not act.late:
        errors = errors or {"": _REVEALED_MEANWHILE}
    if errors:
        return Ask(filled(form, turn.answers), errors)
    texts = [note.text for note in new]
    there = await told_of(turn, store, texts, retro.team_id)
    if retro.stage != COLLECTING:
        await join(store, retro, [replace(note, author=author) for note in new])
        line = f"Added {counted(len(new), 'note')} to those on the table."
        return Whisper(alone.added(line, there))
    read_ahead(store, texts)
    if not unsigned:
        await store.notes.add(retro.id, [replace(note, author=author) for note in new])
        return Whisper(alone.kept(retro, len(new), there))
    token = new_token(turn.now)
    hour = store.to_the_hour().now
    hashed = [
        replace(note, token=token.hash(retro.id, position), token_hour=hour)
        for position, note in enumerate(new)
    ]
    await store.notes.add(retro.id, hashed)
    return Whisper(alone.kept_unsigned(retro.id, len(new), token, there))


async def add_by_command(turn: Turn, store: Store, words: str) -> Reply:
    """Add one signed note; anonymous retros take notes by their form only."""
    await in_a_channel(turn, store)
    retro = await store.retros.open_in(turn.place.channel)
    if retro is None:
        there = await elsewhere(turn, store)
        raise Mistake(f"{there}No retro is open here. To start one: ", Typed("retro start"))
    await may_take_part(turn, store, retro)
    if retro.stage not in WRITABLE:
        late = f"Not added: this retro {STAGE_NOTES[retro.stage]}. This is where it stands:"
        return whisper(late), Show(RetroView(retro.id))
    if retro.anonymous:
        raise Mistake(
            "This retro is anonymous, and what is typed as a command may be logged with your "
            "name. Nothing was saved: please press Add a note instead."
        )
    if asks(words):
        raise Mistake(
            "A note typed as a command carries your name. Nothing was saved: press Add a note "
            "instead, and choose Without my name."
        )
    column, note = split_column(words, retro.columns)
    if not note or is_lost(note):
        hint = f"{NOTHING_COMES_TO_MIND} Write it as: " if note else "Write a note after it: "
        raise Mistake(hint, Typed(f"retro add {retro.columns[0]}: pair more"))
    if problem := note_problem([note]):
        raise Mistake(f"{problem} Nothing was saved.")
    retro = await held(store, retro.id)
    if retro.stage not in WRITABLE:
        raise Mistake(f"This retro {STAGE_NOTES[retro.stage]}, so the note was not added.")
    if errors := await _too_many(store, retro, 1, turn.person.id):
        raise Mistake(errors[""])
    signed = Note(column, " ".join(note.split()), turn.person.id)
    known = await told_of(turn, store, [signed.text], retro.team_id)
    where = f"Added to “{retro.columns[column]}”, with your name"
    if retro.stage != COLLECTING:
        await join(store, retro, [signed])
        return Whisper(alone.added(f"{where}, on the table at once.", known))
    await store.notes.add(retro.id, [signed])
    read_ahead(store, [note])
    return Whisper(alone.added(f"{where}. My notes on the card changes it.", known))


async def finish_writing(turn: Turn, store: Store, act: FinishWriting) -> Reply:
    """Count somebody among those who have written all they want to; never who has not."""
    retro = await held(store, act.retro_id)
    await may_take_part(turn, store, retro)
    if retro.stage != COLLECTING:
        return moved_on(retro)
    if retro.anonymous:
        raise Mistake("In an anonymous retro nobody says who has written.")
    if not await store.retros.has_written(retro.id, turn.person.id):
        return whisper("You said so already. You can still add notes.")
    return whisper("Noted: only how many are done is shown. You can still add notes.")


def _read(retro: Retro, answers: Answers) -> tuple[list[Note], dict[str, str]]:
    """Return the notes of the form, and what is wrong with them by field."""
    new: list[Note] = []
    errors: dict[str, str] = {}
    lost = False
    for number in range(len(retro.columns)):
        field = forms.column_field(number)
        notes = read_notes(answers.one(field))
        if problem := note_problem(notes):
            errors[field] = problem
        new += [Note(number, note) for note in notes if not is_lost(note)]
        lost = lost or bool(notes)
    if not new and lost:
        errors[forms.column_field(0)] = NOTHING_COMES_TO_MIND
    elif not new:
        errors[forms.column_field(0)] = "Write at least one note, in any column."
    elif len(new) > NOTES_PER_FORM_MAX and not errors:
        errors[""] = f"That is {len(new)} notes; send at most {NOTES_PER_FORM_MAX} at a time."
    return new, errors


def _unsigned_after_all(retro: Retro, new: Sequence[Note]) -> dict[str, str]:
    """Return an error for each column with a note that asks to stay unnamed; signed, it waits."""
    asked = {note.column for note in new if asks(note.text)}
    how = "Turn off With my name" if retro.anonymous else "Choose Without my name"
    sentence = f"Not added yet: this looks like the wish to stay unnamed. {how} below."
    return {forms.column_field(column): sentence for column in sorted(asked)}


async def _too_many(store: Store, retro: Retro, more: int, author: str | None) -> dict[str, str]:
    notes = await store.notes.of(retro.id)
    if len(notes) + more > NOTES_MAX:
        return {"": f"A retro holds {NOTES_MAX} notes, and this would be more. Nothing was added."}
    own = sum(note.author == author for note in notes) if author else 0
    if own + more > NOTES_PER_PERSON_MAX:
        return {"": f"At most {NOTES_PER_PERSON_MAX} notes a person. Nothing was added."}
    return {}


# --- change ----------------------------------------------------------------------------------


async def open_own(turn: Turn, store: Store, act: OpenOwn) -> Reply:
    """Open the person's own signed notes."""
    retro = await existing(store, act.retro_id)
    if retro.stage != COLLECTING:
        return moved_on(retro)
    own = await _own(turn, store, retro)
    if not own:
        raise Mistake("You have no notes with your name here. To write one: Add a note")
    return Ask(forms.own_form(retro, own))


async def save_own(turn: Turn, store: Store, act: SaveOwn) -> Reply:
    """Keep the person's own notes as changed; an emptied one is removed."""
    retro = await held(store, act.retro_id)
    own = await _own(turn, store, retro)
    return await _save_changes(turn, store, retro, own, Ask(forms.own_form(retro, own)))


async def _own(turn: Turn, store: Store, retro: Retro) -> list[Note]:
    """Return the person's signed notes, column by column."""
    own = [note for note in await store.notes.of(retro.id) if note.author == turn.person.id]
    return sorted(own, key=lambda note: note.column)


async def open_unsigned(turn: Turn, store: Store, act: OpenUnsigned) -> Reply:
    """Open the notes that belong to the secret."""
    retro = await existing(store, act.retro_id)
    if retro.stage != COLLECTING:
        return moved_on(retro)
    notes = await _unlocked(turn, store, retro, act)
    return Ask(forms.unsigned_form(retro, act.secret, act.until, notes))


async def save_unsigned(turn: Turn, store: Store, act: SaveUnsigned) -> Reply:
    """Keep notes as changed by whoever holds their secret."""
    retro = await held(store, act.retro_id)
    notes = await _unlocked(turn, store, retro, act)
    form = forms.unsigned_form(retro, act.secret, act.until, notes)
    return await _save_changes(turn, store, retro, notes, Ask(form))


async def _unlocked(
    turn: Turn, store: Store, retro: Retro, act: OpenUnsigned | SaveUnsigned
) -> list[Note]:
    """Return the notes a secret belongs to, in the order they were written."""
    token = EditToken(act.secret, act.until)
    hashes = token.hashes(retro.id, NOTES_PER_FORM_MAX)
    notes = [n for n in await store.notes.of(retro.id) if n.token in hashes]
    if token.is_over(turn.now) or not notes:
        raise Mistake("The ten minutes are over: nobody can tell any more whose notes these are.")
    return sorted(notes, key=lambda note: hashes[note.token or ""])


async def _save_changes(
    turn: Turn, store: Store, retro: Retro, notes: Sequence[Note], ask: Ask
) -> Reply:
    form = filled(ask.form, turn.answers)
    if retro.stage != COLLECTING:
        return Ask(form, {"": _kept_here(retro)})
    wanted: dict[str, str] = {}
    errors: dict[str, str] = {}
    for note in notes:
        field = forms.note_field(note.id)
        if field not in turn.answers:
            continue
        wanted[note.id] = " ".join(turn.answers.one(field).split())
        if len(wanted[note.id]) > NOTE_MAX_CHARS:
            errors[field] = note_problem([wanted[note.id]]) or ""
    if errors:
        return Ask(form, errors)
    await store.notes.change(retro.id, lambda note: _changed(note, wanted))
    read_ahead(store, [text for text in wanted.values() if text])
    removed = sum(not text for text in wanted.values())
    sentence = f"Saved; {removed} removed." if removed else "Saved."
    return whisper(sentence)


def _changed(note: Note, wanted: Mapping[str, str]) -> Note | None:
    if note.id not in wanted:
        return note
    return replace(note, text=wanted[note.id]) if wanted[note.id] else None


def _kept_here(retro: Retro) -> str:
    return (
        f"This retro {STAGE_NOTES[retro.stage]}, so these words were not added. "
        "They are kept here for you to copy."
    )
