"""Read the ranking in private, try what would change it, and take it away as CSV or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.cards import (
    Card,
    Form,
    Input,
    Note,
    Typed,
    filled,
    subtle,
)
from bot.turn import Answers, Ask, Mistake, Reply, Turn, Whisper
from handlers.phrases import shortened
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.wsjf import access, forms, ranking_cards
from handlers.wsjf.actions import Export, OpenWhatIf, ShowRank, WhatIf
from handlers.wsjf.backlog_scores import Scale, scales
from handlers.wsjf.export import as_csv, as_json, parts
from handlers.wsjf.ranking import AS_VOTED, LENSES, Scenario, top_change
from handlers.wsjf.scale import COLUMNS, SCALE
from handlers.wsjf.scales import is_old
from storage import Store
from storage.teams import Team

KINDS = {"csv": as_csv, "json": as_json}
UNCHANGED = "Choose another formula, a column to leave out, or an item and its new job size."
MONEY_LINE = re.compile(r"#?(\d{1,9})\s*[:=]?\s+(\d{1,12})(?:\s+(\d{1,3})(?:\s*weeks?)?)?")


async def rank_here(turn: Turn, store: Store, rest: str) -> Reply:
    """Show the ranking of this channel's team, or with `train` of its train."""
    if rest.casefold() not in ("", "team", "train"):
        raise Mistake(
            "I rank a team or its train: ", Typed("wsjf rank"), ", or ", Typed("wsjf rank train")
        )
    current_team = await store.teams.resolve(turn.place.channel, turn.person.id)
    train = rest.casefold() == "train"
    team = await access.may_see(turn, store, current_team.id, train=train)
    return Whisper(await _page(store, team, train, 0, turn.now))


async def show_rank(turn: Turn, store: Store, act: ShowRank) -> Reply:
    """Show another page of the ranking in place of this one."""
    team = await access.may_see(turn, store, act.team_id, train=act.train)
    return Whisper(await _page(store, team, act.train, act.page, turn.now), replaces=True)


async def _page(store: Store, team: Team, train: bool, page: int, now: datetime) -> Card:
    name = await _name(store, team, train)
    return ranking_cards.ranking(name, team.id, train, await _scales(store, team, train), page, now)


async def _name(store: Store, team: Team, train: bool) -> str:
    train_row = await store.teams.train(team.train_id) if train else None
    return train_row.name if train_row else team.name


async def _scales(store: Store, team: Team, train: bool) -> list[Scale]:
    return await scales(store, team.id, team.train_id if train else None)


# --- what if ---------------------------------------------------------------------------------


async def open_what_if(turn: Turn, store: Store, act: OpenWhatIf) -> Reply:
    """Ask how to look at the ballots."""
    team = await access.may_see(turn, store, act.team_id, train=act.train)
    return Ask(_form(act.team_id, act.train, await _scored(store, team, act.train)))


async def what_if(turn: Turn, store: Store, act: WhatIf) -> Reply:
    """Show the same ballots another way, and whether the top 5 changes."""
    team = await access.may_see(turn, store, act.team_id, train=act.train)
    scored = await _scored(store, team, act.train)
    money, money_error = _money(turn.answers.one("money"))
    known = {number for scale in scored for number in scale.items}
    if stray := next((number for number in money if number not in known), None):
        money_error = f"#{stray} has no score here."
    scale = _scale_asked(scored, turn.answers.one("item"), money)
    errors = _errors(turn.answers, scale) | ({"money": money_error} if money_error else {})
    if errors:
        return Ask(filled(_form(act.team_id, act.train, scored), turn.answers), errors)
    scenario = _scenario(turn.answers)
    if scenario == AS_VOTED:
        return Ask(filled(_form(act.team_id, act.train, scored), turn.answers), {"": UNCHANGED})
    before, after = scale.ranking(), scale.priced(money).ranking(scenario)
    change = top_change(before, after)
    which = f"Scale {scored.index(scale) + 1} of {len(scored)}" if len(scored) > 1 else ""
    return Whisper(ranking_cards.what_if(scale, before, after, change, which))


def _scale_asked(scored: Sequence[Scale], moved: str, money: Iterable[int]) -> Scale:
    """Return the scale of the item that is moved, else of what has a price, else the largest."""
    asked = [moved] if moved else [str(number) for number in money]
    return next((s for s in scored for n in s.items if str(n) in asked), scored[0])


async def _scored(store: Store, team: Team, train: bool) -> list[Scale]:
    scored = await _scales(store, team, train)
    if not scored:
        raise Mistake("Nothing has a score yet. Start with a vote: ", Typed("wsjf #1 #2"))
    return scored


def _form(team_id: int, train: bool, scored: list[Scale]) -> Form:
    items = [item for scale in scored for item in scale.items.values()]
    return forms.what_if(team_id, train, items)


def _errors(answers: Answers, scale: Scale) -> dict[str, str]:
    errors = {}
    if answers.one("lens") not in LENSES:
        errors["lens"] = "Choose one of the formulas."
    if (veto := answers.one("veto")) and veto not in COLUMNS:
        errors["veto"] = "Choose one of the columns, or none."
    item, size = answers.one("item"), answers.one("size")
    if item and item not in {str(number) for number in scale.items}:
        errors["item"] = "Choose one of the items, or none."
    if bool(item) != bool(size) or (size and size not in {str(card) for card in SCALE}):
        errors["size"] = "To move a job size, choose both the item and its new size."
    return errors


def _scenario(answers: Answers) -> Scenario:
    veto = next((column for column in COLUMNS if column == answers.one("veto")), None)
    lens = next(lens for lens in LENSES if lens == answers.one("lens"))
    item, size = answers.one("item"), answers.one("size")
    return Scenario(lens, veto, {int(item): int(size)} if item else {})


def _money(written: str) -> tuple[dict[int, tuple[int, int | None]], str]:
    money: dict[int, tuple[int, int | None]] = {}
    for line in written.splitlines():
        match = MONEY_LINE.fullmatch(line.strip()) if line.strip().isascii() else None
        if line.strip() and (match is None or int(match[2]) < 1 or match[3] in ("0", "00")):
            shown = shortened(line, 40)
            return {}, f"I cannot read “{shown}”. Write for example #3 4000 6: 6 weeks, 4000 each."
        if match:
            weeks = int(match[3]) if match[3] else None
            money[int(match[1])] = int(match[2]), weeks
    return money, ""


# --- export ----------------------------------------------------------------------------------


async def export_here(turn: Turn, store: Store, rest: str) -> Reply:
    """Give the team's accepted scores to copy, as CSV unless JSON is asked for."""
    words = rest.casefold().split()
    if set(words) - {*KINDS, "train", "team"} or len(words) > 2:
        raise Mistake(
            "I export as csv or json: ",
            Typed("wsjf export csv"),
            ", or ",
            Typed("wsjf export json"),
        )
    kind = next((word for word in words if word in KINDS), "csv")
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return await _part(turn, store, Export(team.id, "train" in words, kind))


async def export(turn: Turn, store: Store, act: Export) -> Reply:
    """Show a part of the export; behind the last one there is nothing more."""
    return await _part(turn, store, act)


async def _part(turn: Turn, store: Store, act: Export) -> Reply:
    require(turn, Permission.EXCHANGE)
    team = await access.may_see(turn, store, act.team_id, train=act.train)
    write = KINDS.get(act.kind, as_csv)
    rows = [
        row
        for n, scale in enumerate(await _scored(store, team, act.train), start=1)
        for row in _rows(n, scale, turn.now)
    ]
    texts = parts(write(rows))
    if not 0 <= act.part < len(texts):
        return None
    return Ask(_copying(act, texts))


def _rows(number: int, scale: Scale, now: datetime) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for place in scale.ranking().ranked:
        item, score = scale.items[int(place.key)], scale.scores[int(place.key)]
        known = scale.known.get(item.number)
        rows.append(
            {
                "number": item.number,
                "title": item.title,
                "scale": number,
                "rank": place.rank,
                "low": place.low,
                "high": place.high,
                "basis": place.basis,
                "wsjf": round(place.value, 3),
                **{column: getattr(score, column) for column in COLUMNS},
                "agreed": " ".join(score.agreed),
                "scored_at": score.at.isoformat(timespec="seconds"),
                "old": is_old(score.at, now),
                "vote": score.poll_id,
                "round": score.round,
                "by": "cards" if score.steps is None else "steps",
                "key": known.key if known else "",
                "state": known.state if known else "",
                "link": known.link if known else "",
            }
        )
    return rows


def _copying(act: Export, texts: list[str]) -> Form:
    """Offer the text in a field, to select and copy: that works on every platform, in private."""
    last = act.part == len(texts) - 1
    which = f" Part {act.part + 1} of {len(texts)}." if len(texts) > 1 else ""
    return Form(
        f"Scores as {act.kind.upper()}",
        Export(act.team_id, act.train, act.kind, act.part + 1),
        (
            Note(subtle(f"Select all of it and copy.{which} Only you see this.")),
            Input("text", "Text to copy", texts[act.part], multiline=True, optional=True),
        ),
        submit_label="Done" if last else "Next part",
    )
