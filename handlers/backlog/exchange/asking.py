"""Import and export in the chat: hand a file over, say what is unclear, see what would happen."""

from __future__ import annotations

from bot.cards import filled
from bot.turn import (
    Ask,
    Direct,
    Document,
    Mistake,
    NotFound,
    Reply,
    Show,
    Turn,
    Whisper,
    whisper,
)
from handlers.backlog.exchange import cards, forms, looking
from handlers.backlog.exchange.actions import (
    BeginImport,
    ChooseColumns,
    CloseExport,
    ExplainWords,
    GuessRest,
    ImportRows,
    IntakeView,
    LeaveIntake,
    OpenIntake,
    ShowNotes,
    TurnExport,
)
from handlers.backlog.exchange.background import TIMER
from handlers.backlog.exchange.export import export_rows
from handlers.backlog.exchange.written import as_csv
from handlers.phrases import shortened
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.sources.columns import kind_of
from handlers.sources.decoding import NoText, text_of
from handlers.sources.intake import COLUMNS, go_on
from handlers.sources.sheet import Unreadable, joined
from storage import Store
from storage.intakes import Intake
from storage.teams import Team

AT_ONCE_PIECES = 1
"""What is saved in the turn that says so; more goes on in the background."""


async def bring_in(turn: Turn, store: Store, _: str) -> Reply:
    """Take the file that came with the command, or open the form for one."""
    require(turn, Permission.EXCHANGE)
    if turn.documents:
        return await take_document(turn, store)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Ask(forms.import_form(team))


async def take_document(turn: Turn, store: Store) -> Reply:
    """Look at a file that was sent to Hone; what comes of it stands in the person's own chat."""
    require(turn, Permission.EXCHANGE)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    document, *others = turn.documents
    if document.trouble:
        raise Mistake(document.trouble)
    intake = await _taken(turn, store, team, document)
    card = Direct(turn.person.id, IntakeView(intake.id))
    if others:
        return card, whisper(f"I take one file at a time: {shortened(document.name, 60)} first.")
    return card if turn.place.private else (card, whisper("I've got your file: see our chat."))


async def _taken(turn: Turn, store: Store, team: Team, document: Document) -> Intake:
    """Take a file in: a short one is looked at here and now. Raises Mistake."""
    if looking.is_long(document):
        intake = await looking.put_aside(store, team, turn.person.id, document)
        await store.timers.set(TIMER, str(intake.id), store.now)
        return intake
    try:
        return await looking.arrive(store, team, turn.person.id, text_of(document.content))
    except (NoText, Unreadable) as error:
        raise Mistake(f"Nothing was imported. {error}") from None


async def import_rows(turn: Turn, store: Store, act: ImportRows) -> Reply:
    """Look at a file or at what was pasted: ask what is unclear, or show what would happen."""
    require(turn, Permission.EXCHANGE)
    team = await _team(turn, store, act.team_id)
    pieces = [piece for name in forms.PIECE_IDS if (piece := turn.answers.one(name))]
    if not (pieces or turn.documents):
        return _kept_open(turn, team, forms.PIECE_IDS[0], "Choose a file, or paste rows here.")
    if not turn.documents:
        try:
            intake = await looking.arrive(store, team, turn.person.id, joined(pieces))
        except Unreadable as error:
            return _kept_open(turn, team, forms.PIECE_IDS[0], f"Nothing was imported. {error}")
        return await _asked_next(store, intake)
    if pieces:
        return _kept_open(turn, team, forms.FILE_ID, "A file, or rows: please send one of them.")
    document = turn.documents[0]
    if document.trouble:
        return _kept_open(turn, team, forms.FILE_ID, document.trouble)
    try:
        intake = await _taken(turn, store, team, document)
    except Mistake as error:
        return _kept_open(turn, team, forms.FILE_ID, str(error))
    if not looking.is_long(document):
        return await _asked_next(store, intake)
    told = whisper("I'm reading your file, and go on with you in our chat.")
    return told, Direct(turn.person.id, IntakeView(intake.id))


def _kept_open(turn: Turn, team: Team, field: str, error: str) -> Reply:
    """Show the form with what was typed in it already, and what is wrong."""
    return Ask(filled(forms.import_form(team), turn.answers), {field: error})


async def open_intake(turn: Turn, store: Store, act: OpenIntake) -> Reply:
    """Open what is asked next about a file."""
    intake, _ = await _intake(turn, store, act.intake_id)
    return await _asked_next(store, intake)


async def _asked_next(store: Store, intake: Intake) -> Reply:
    """Ask what is unclear in a file; where nothing is, show what would come of it."""
    if intake.step == "columns":
        return Ask(forms.columns_form(intake))
    if intake.step != "asked":
        return Show(IntakeView(intake.id))
    if intake.told["asks"]:
        people = {person.id: person.name for person in await store.people.all()}
        return Ask(forms.words_form(intake, people))
    if not intake.told["changes"]:
        return Show(IntakeView(intake.id))
    return Ask(forms.preview_form(intake))


async def choose_columns(turn: Turn, store: Store, act: ChooseColumns) -> Reply:
    """Keep which column holds what, and look again."""
    intake, team = await _intake(turn, store, act.intake_id)
    if intake.step != "columns":
        return await _asked_next(store, intake)
    names = intake.told["names"]
    chosen = forms.chosen_columns(turn.answers, names)
    if "title" not in chosen.values():
        return Ask(filled(forms.columns_form(intake), turn.answers), {"column.title": NO_TITLE})
    await store.tracked.remember(team.id, kind_of(names), {COLUMNS: chosen})
    return await _looked_again(store, team, intake)


NO_TITLE = "An item needs a title. Please choose its column."


async def explain_words(turn: Turn, store: Store, act: ExplainWords) -> Reply:
    """Keep what the team says about a tool's words, and look again."""
    intake, team = await _intake(turn, store, act.intake_id)
    if intake.step != "asked" or act.round != intake.told["round"]:
        return await _asked_next(store, intake)
    await _remember(turn, store, team, intake)
    return await _looked_again(store, team, intake)


async def guess_rest(turn: Turn, store: Store, act: GuessRest) -> Reply:
    """Keep what was said, and show what would happen with guesses for the rest."""
    intake, team = await _intake(turn, store, act.intake_id)
    if intake.step != "asked" or act.round != intake.told["round"]:
        return await _asked_next(store, intake)
    await _remember(turn, store, team, intake)
    intake.told = {**intake.told, "guessed": True}
    return await _looked_again(store, team, intake)


async def _remember(turn: Turn, store: Store, team: Team, intake: Intake) -> None:
    told = forms.explained(turn.answers, intake.told)
    await store.tracked.remember(team.id, intake.told["tool"], told)


async def _looked_again(store: Store, team: Team, intake: Intake) -> Reply:
    """Look at a file again: a long one behind everything else."""
    if intake.told.get("behind"):
        await store.intakes.move_on(intake, "look", 0)
        await store.timers.set(TIMER, str(intake.id), store.now)
        return whisper("I look at it again with what you said; see our chat.")
    await looking.look_again(store, team, intake)
    return await _asked_next(store, intake)


async def begin_import(turn: Turn, store: Store, act: BeginImport) -> Reply:
    """Bring in what was looked at: a little at once, much in the background."""
    intake, team = await _intake(turn, store, act.intake_id)
    if intake.step != "asked":
        return Show(IntakeView(intake.id))
    await store.intakes.move_on(intake, "items", 0)
    what = f"team {team.id}: import of {intake.rows} items of {intake.told['tool']}"
    await store.audit.add(turn.person.id, what)
    if intake.pieces > AT_ONCE_PIECES:
        await store.timers.set(TIMER, str(intake.id), store.now)
        where = whisper(f"Bringing in {intake.rows:,} items. I show you how far I am in our chat.")
        if intake.told.get("behind"):
            return where  # its card stands there
        return where, Direct(turn.person.id, IntakeView(intake.id))
    told: list[Direct] = []
    while intake.step != "done":
        told += await go_on(store, team, intake)
    return *told, Show(IntakeView(intake.id))


async def leave_intake(turn: Turn, store: Store, act: LeaveIntake) -> Reply:
    """Leave a file out that nobody has agreed to."""
    intake, _ = await _intake(turn, store, act.intake_id)
    if intake.is_open:
        await store.timers.cancel(TIMER, str(intake.id))
        await store.intakes.move_on(intake, "left", 0)
        return whisper("Left out: nothing was imported.")
    return Show(IntakeView(intake.id))


async def show_notes(turn: Turn, store: Store, act: ShowNotes) -> Reply:
    """Show all that was said about a file, a page at a time."""
    intake, _ = await _intake(turn, store, act.intake_id)
    return Whisper(cards.notes(intake, act.page), replaces=act.page > 0)


async def _intake(turn: Turn, store: Store, intake_id: int) -> tuple[Intake, Team]:
    """Return a file that this person hands over, and the team it is for."""
    require(turn, Permission.EXCHANGE)
    intake = await store.intakes.locked(intake_id)
    if intake is None or intake.person != turn.person.id:
        raise NotFound("I have that file no more. Please start again: backlog import")
    team = await store.teams.find(intake.team_id)
    if team is None:
        raise NotFound("That team is no more. Please start again: backlog import")
    return intake, team


# --- out -------------------------------------------------------------------------------------


async def hand_out(turn: Turn, store: Store, _: str) -> Reply:
    """Open a form with the team's backlog to copy."""
    require(turn, Permission.EXCHANGE)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    await store.audit.add(turn.person.id, f"team {team.id}: export")
    return await turn_export(turn, store, TurnExport(team.id, 0))


async def turn_export(turn: Turn, store: Store, act: TurnExport) -> Reply:
    """Show a part of the export; past the end, the last one."""
    require(turn, Permission.EXCHANGE)
    team = await _team(turn, store, act.team_id)
    rows = await export_rows(store, team)
    if not rows:
        return whisper(f"The backlog of {shortened(team.name, 60)} is empty.")
    pieces = forms.in_pieces(as_csv(rows))
    pages = -(-len(pieces) // forms.PIECES_OUT)
    page = min(max(act.page, 0), pages - 1)
    shown = pieces[page * forms.PIECES_OUT : (page + 1) * forms.PIECES_OUT]
    return Ask(forms.export_form(team, shown, page, pages))


async def close_export(turn: Turn, store: Store, _: CloseExport) -> Reply:
    """Close the form."""
    return None


async def _team(turn: Turn, store: Store, team_id: int) -> Team:
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    if team.id != team_id:
        raise NotFound("This channel speaks for another team now. Please start again.")
    return team
