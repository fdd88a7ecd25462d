"""Import and export in the chat: hand a file over, say what is unclear, see what would happen."""

from __future__ import annotations

from bot.cards import Form, filled
from bot.turn import Ask, Direct, NotFound, Reply, Show, Turn, Whisper, whisper
from handlers.backlog.exchange import cards, forms, preview
from handlers.backlog.exchange.actions import (
    BeginImport,
    CloseExport,
    ExplainWords,
    ImportRows,
    IntakeView,
    TurnExport,
)
from handlers.backlog.exchange.background import TIMER
from handlers.backlog.exchange.export import export_rows
from handlers.backlog.exchange.written import as_csv
from handlers.phrases import shortened
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.sources.columns import TOOLS, kind_of
from handlers.sources.files import File, NoTitles, file_of
from handlers.sources.intake import COLUMNS, go_on, keep_file, reread, words_for
from handlers.sources.sheet import Unreadable, joined, read_sheet
from handlers.sources.survey import Survey, survey
from handlers.sources.telling import losses, unclear
from storage import Store
from storage.intakes import Intake
from storage.teams import Team

AT_ONCE_PIECES = 1
"""What is saved in the turn that says so; more goes on in the background."""


async def bring_in(turn: Turn, store: Store, _: str) -> Reply:
    """Open the form to paste rows into."""
    require(turn, Permission.EXCHANGE)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Ask(forms.import_form(team))


async def import_rows(turn: Turn, store: Store, act: ImportRows) -> Reply:
    """Look at what was pasted: ask what is unclear, or show what would happen."""
    require(turn, Permission.EXCHANGE)
    team = await _team(turn, store, act.team_id)
    pieces = [piece for name in forms.PIECE_IDS if (piece := turn.answers.one(name))]
    try:
        sheet = read_sheet(joined(pieces))
    except Unreadable as error:
        return _kept_open(turn, forms.import_form(team), f"Nothing was imported. {error}")
    tool = kind_of(sheet.names)
    known = dict((await store.tracked.answers(team.id, tool)).get(COLUMNS, {}))
    chosen = known | forms.chosen_columns(turn.answers, sheet.names)
    try:
        file = file_of(sheet, team.zone, chosen)
    except NoTitles as error:
        return _kept_open(turn, forms.columns_form(team, error.names), "")
    if chosen != known:
        await store.tracked.remember(team.id, tool, {COLUMNS: chosen})
    intake = await keep_file(store, team, turn.person.id, file, chosen)
    return await _shown(store, team, intake, file)


def _kept_open(turn: Turn, form: Form, error: str) -> Reply:
    """Show a form with what was typed in it already, and what is wrong."""
    return Ask(filled(form, turn.answers), {forms.PIECE_IDS[0]: error} if error else {})


async def explain_words(turn: Turn, store: Store, act: ExplainWords) -> Reply:
    """Keep what the team says about a tool's words, and show what would happen with it."""
    intake, team = await _intake(turn, store, act.intake_id)
    if intake.step != "asked":
        return Show(IntakeView(intake.id))
    file = await reread(store, intake, intake.told["chosen"])
    found = await _survey(store, team, file)
    told = forms.explained(turn.answers, found, file)
    await store.tracked.remember(team.id, file.tool, told)
    file = await reread(store, intake, intake.told["chosen"] | told.get(COLUMNS, {}))
    return await _preview(store, team, intake, file)


async def _shown(store: Store, team: Team, intake: Intake, file: File) -> Reply:
    """Ask about what is unclear in a file; where nothing is, show what would come of it."""
    found = await _survey(store, team, file)
    if found.asks or forms.own_columns(file):
        people = {person.id: person.name for person in await store.people.all()}
        return Ask(forms.words_form(intake, file, found, people))
    return await _preview(store, team, intake, file)


async def _survey(store: Store, team: Team, file: File) -> Survey:
    return await survey(store, team, file, await words_for(store, team, file.tool))


async def _preview(store: Store, team: Team, intake: Intake, file: File) -> Reply:
    found = await _survey(store, team, file)
    lost = (*losses(found, TOOLS[file.tool]), *unclear(found))
    gaps = tuple(preview.gaps(found, file))
    intake.told = {**intake.told, **preview.remembered(found, (*lost, *gaps))}
    if found.total == found.same:
        return Whisper(cards.nothing_new(lost, gaps))
    return Ask(forms.preview_form(intake, found, (*lost, *gaps)))


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
        return where, Direct(turn.person.id, IntakeView(intake.id))
    while intake.step != "done":
        await go_on(store, team, intake)
    return Show(IntakeView(intake.id))


async def _intake(turn: Turn, store: Store, intake_id: int) -> tuple[Intake, Team]:
    """Return a file that this person hands over for the team they are with."""
    require(turn, Permission.EXCHANGE)
    intake = await store.intakes.locked(intake_id)
    if intake is None or intake.person != turn.person.id:
        raise NotFound("I have that file no more. Please start again: backlog import")
    return intake, await _team(turn, store, intake.team_id)


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
