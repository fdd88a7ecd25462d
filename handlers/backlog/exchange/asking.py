"""Import and export in the chat: paste rows into a form, see what would happen, say yes."""

from __future__ import annotations

import hashlib

from bot.cards import filled
from bot.turn import Ask, NotFound, Reply, Turn, Whisper, whisper
from handlers.backlog.exchange import cards
from handlers.backlog.exchange.actions import CloseExport, ImportRows, TurnExport
from handlers.backlog.exchange.export import export_rows
from handlers.backlog.exchange.file import as_csv, read_file
from handlers.backlog.exchange.plan import carry_out, make_plan
from handlers.phrases import shortened
from handlers.rules.access import Permission
from handlers.rules.guard import require
from storage import Store
from storage.teams import Team


async def bring_in(turn: Turn, store: Store, _: str) -> Reply:
    """Open the form to paste rows into."""
    require(turn, Permission.EXCHANGE)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Ask(cards.import_form(team))


async def import_rows(turn: Turn, store: Store, act: ImportRows) -> Reply:
    """Show what the rows would do; once that was seen, do it: all of it, or nothing."""
    require(turn, Permission.EXCHANGE)
    team = await _team(turn, store, act.team_id)
    pieces = [piece for name in cards.PIECE_IDS if (piece := turn.answers.one(name))]
    plan = await make_plan(store, team, read_file("\n".join(pieces)))
    if plan.problems:
        form = filled(cards.import_form(team), turn.answers)
        return Ask(form, {cards.PIECE_IDS[0]: cards.told_problems(plan.problems)})
    seen = hashlib.sha256("\n".join(pieces).encode()).hexdigest()[:16]
    if plan.same == len(plan.entries):
        return whisper("Nothing to import: all of it is here already.")
    if act.checked != seen:
        return Ask(cards.confirm_form(team, pieces, seen, plan))
    await carry_out(store, team, plan)
    await store.audit.add(
        turn.person.id, f"team {team.id}: import of {plan.new} new, {plan.changed} changed"
    )
    return Whisper(cards.imported(plan, team))


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
    pieces = cards.in_pieces(as_csv(rows))
    pages = -(-len(pieces) // cards.PIECES_OUT)
    page = min(max(act.page, 0), pages - 1)
    shown = pieces[page * cards.PIECES_OUT : (page + 1) * cards.PIECES_OUT]
    return Ask(cards.export_form(team, shown, page, pages))


async def close_export(turn: Turn, store: Store, _: CloseExport) -> Reply:
    """Close the form."""
    return None


async def _team(turn: Turn, store: Store, team_id: int) -> Team:
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    if team.id != team_id:
        raise NotFound("This channel speaks for another team now. Please start again.")
    return team
