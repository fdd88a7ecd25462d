"""What a tracker tells is taken in: counted for the preview, saved, linked, and kept up with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.remote import (
    Batch,
    Checked,
    Failed,
    Looked,
    Planned,
    RemoteItem,
    Seen,
    SignedIn,
    Swept,
    Unlinked,
)
from bot.trackers.kinds import KINDS
from bot.turn import Direct, Pulled, Reply, Turn
from handlers.rules.rhythm import tell_iterations_anew
from handlers.sources.accounts import note_accounts, words_at
from handlers.sources.compare import Comparison
from handlers.sources.conflicts import Outdone, private_lines
from handlers.sources.live import fitted, not_ahead
from handlers.sources.losing import let_go
from handlers.sources.matching import ELSEWHERE, Live
from handlers.sources.saving import link_again, relate, save
from handlers.sources.survey import look_at, meet_words
from handlers.sources.words import Words
from handlers.tracker import signing_in
from handlers.tracker.ending import plan_reminder, refused
from handlers.tracker.plans import outlook
from handlers.tracker.told import (
    Told,
    read_told,
    way_before,
    with_scopes,
    with_slip,
    without_attempt,
    written,
)
from storage import Store
from storage.records import UNBORN
from storage.teams import Team
from storage.trackers import TrackerScope, TrackerSite

SAVES: Final = ("first", "following")
"""Steps in which what is read is written down."""

HOLDS: Final = ("first", "links", "following")
"""Steps in which a scope has items here."""

LINKED_AT_ONCE: Final = 25
NIGHT: Final = time(2, 0)


async def take_in(turn: Turn, store: Store) -> Reply:
    """Take in what a tracker told of itself, or of a scope that a team follows."""
    assert isinstance(turn.intent, Pulled)
    if isinstance(turn.intent.news, SignedIn):
        return await signing_in.arrived(turn, store, turn.intent.news)
    site = await store.trackers.find(turn.intent.tracker)
    if site is None:
        return None
    was_open = site.state == "open"
    if turn.intent.scope is None:
        await _of_site(store, site, turn.intent)
        await plan_reminder(store, site)
        return _end_of(site, was_open=was_open)
    scope = await store.trackers.scope(turn.intent.scope, lock=True)
    team = await store.teams.find(scope.team_id) if scope else None
    if scope is None or team is None:
        return None
    place = _Place(site, scope, team)
    await _of_scope(store, place, turn.intent)
    return *private_lines(place.outdone), *_end_of(site, was_open=was_open)


def _end_of(site: TrackerSite, *, was_open: bool) -> tuple[Direct, ...]:
    """Tell whoever made a connection that it lets nobody in any more, once."""
    return (refused(site),) if was_open and site.state == "refused" else ()


# --- a site ----------------------------------------------------------------------------------


async def _of_site(store: Store, site: TrackerSite, pulled: Pulled) -> None:
    match pulled.news:
        case Checked(account, scopes):
            site.account, site.account_name = account.id, account.name
            site.until = account.until or await signing_in.ends_of(store, site)
            site.told = without_attempt(with_scopes(site.told, scopes))
            site.state, site.why = "open", ""
            await signing_in.forget_others(store, site)
            await _rename(store, site, {scope.id: scope.name for scope in scopes})
        case Failed(trouble, words):
            site.why = words
            if trouble in ("later", "silent"):
                return
            if before := way_before(site.told):
                site.sealed, site.told = before, with_slip(site.told, words)
                site.state, site.why = "open", ""
            else:
                site.state = "refused"


async def _rename(store: Store, site: TrackerSite, names: Mapping[str, str]) -> None:
    """Call what is followed as it is called there now, and read all of it for its new keys."""
    for scope in await store.trackers.scopes_at(site.id):
        name = names.get(scope.remote_id, scope.name)
        if name != scope.name:
            scope.name = name
            if scope.step == "following":
                scope.cursor, scope.due_at = "", store.now


# --- a scope ---------------------------------------------------------------------------------


class _Place:
    """Where news come from, and whom they are for."""

    def __init__(self, site: TrackerSite, scope: TrackerScope, team: Team) -> None:
        self.site, self.scope, self.team = site, scope, team
        self.source = f"{site.kind}:{site.site}"
        self.outdone: list[Outdone] = []
        self.there = f"{scope.name} ({KINDS[site.kind].name})"


async def _of_scope(store: Store, place: _Place, pulled: Pulled) -> None:
    match pulled.news:
        case Looked(abilities):
            told = read_told(place.scope.told)
            told.abilities, told.looks_again = abilities, False
            place.scope.told = written(told)
        case Planned():
            _planned(place.scope, pulled.news)
        case Batch():
            await _batch(store, place, pulled.news)
        case Unlinked():
            await _link(store, place)
        case Seen(items, gone, restricted):
            if place.scope.step in HOLDS:
                await _save(store, place, _fit(items, store.now), named=True)
                await _let_go(store, place, gone, restricted)
        case Swept(ids, since):
            await _sweep(store, place, ids, since)
        case Failed():
            _failed(place, pulled.news)


def _planned(scope: TrackerScope, news: Planned) -> None:
    """Keep what is told of a PI, if it is another than before; objectives come in elsewhere."""
    told = read_told(scope.told)
    if scope.plan == news.plan and told.outlook != (found := outlook(news)):
        told.outlook = found
        scope.told = written(told)


def _failed(place: _Place, failed: Failed) -> None:
    place.scope.why = failed.words
    if failed.trouble == "signed out":
        place.site.state, place.site.why, place.site.due_at = "refused", failed.words, None
    elif failed.trouble not in ("later", "silent"):
        place.scope.attempts += 1


def _fit(items: Sequence[RemoteItem], now: datetime) -> list[RemoteItem]:
    return [not_ahead(fitted(item), now) for item in items]


# --- pages -----------------------------------------------------------------------------------


async def _batch(store: Store, place: _Place, batch: Batch) -> None:
    """Count or save a batch, unless somebody has read on meanwhile."""
    scope = place.scope
    if scope.cursor != batch.cursor_before or scope.step not in ("looking", *SAVES):
        return
    quiet = not (batch.items or batch.gone or batch.restricted or batch.unsaved or batch.more)
    if scope.step == "following" and quiet and not (scope.why or scope.attempts):
        await store.readings.moved_on(scope.id, batch.cursor)
        return
    told = read_told(scope.told)
    items = _fit(batch.items, store.now)
    if scope.step == "looking":
        await _count(store, place, told, items, batch.restricted)
    else:
        meet_words(told.found, items, await _save(store, place, items))
        await _let_go(store, place, batch.gone, batch.restricted, told)
    if scope.step == "first":
        told.saved += len(items)
        told.has_steps = told.has_steps or any(item.steps for item in items)
    told.unsaved |= batch.unsaved
    scope.told, scope.cursor = written(told), batch.cursor
    scope.why, scope.attempts = "", 0
    if not batch.more:
        scope.read_at = store.now
        told.rehomed = False
        scope.told = written(told)
        _next_step(scope)


def _next_step(scope: TrackerScope) -> None:
    """Go on once all of a scope has been read: the preview is shown, items are linked."""
    if scope.step == "looking":
        scope.step, scope.due_at = "shown", None
    elif scope.step == "first":
        scope.step = "links"


async def _count(
    store: Store,
    place: _Place,
    told: Told,
    items: Sequence[RemoteItem],
    restricted: Collection[str],
) -> None:
    words = await words_at(store, place.team, place.site)
    live = await _live(store, place)
    await look_at(told.found, store, place.team, items, words, frozenset(), live)
    told.found.missing.clear()  # they may be on a page that comes
    told.restricted += len(restricted)


async def _save(
    store: Store, place: _Place, items: Sequence[RemoteItem], *, named: bool = False
) -> Words:
    """Write some items down; returns how their words were read."""
    words = await words_at(store, place.team, place.site)
    live = await _live(store, place, named=named)
    compared = await save(store, place.team, items, words, live)
    if live.rehomed:  # scores go where they are at home now
        scored = [c.item.number for c in compared if c.item and c.item.wsjf is not None]
        store.note_edited(scored)
    place.outdone += [outdone for each in compared for outdone in each.outdone]
    await relate(store, place.team, [c.remote for c in compared if _has_neighbours(c)], live)
    await note_accounts(store, place.site, items, words)
    elsewhere = [c.remote.id for c in compared if c.found.left_out == ELSEWHERE]
    await store.trackers.hint(place.site.id, elsewhere)  # asks first who has them now
    return words


def _has_neighbours(compared: Comparison) -> bool:
    """Tell whether an item is told to have neighbours, or had some until now."""
    remote, tracked = compared.remote, compared.found.tracked
    told = remote.part_of or remote.blocked_by or remote.blocks
    agreed = tracked.base if tracked else {}
    return bool(told or any(agreed.get(name) for name in ("part_of", "waits_for", "blocks")))


async def _live(store: Store, place: _Place, *, named: bool = False) -> Live:
    followed = await store.readings.followed(place.site.id)
    rehomed = place.scope.step == "first" and read_told(place.scope.told).rehomed
    return Live(place.scope.id, frozenset(id for id, _ in followed), named, rehomed)


async def _let_go(
    store: Store,
    place: _Place,
    gone: Collection[str],
    restricted: Collection[str],
    told: Told | None = None,
) -> None:
    """Hide what may not be shown any more, and drop what is not there any more."""
    if not gone and not restricted:
        return
    known = await store.tracked.by_id([(place.source, id) for id in (*gone, *restricted)])
    held = {id: row for (_, id), row in known.items() if row.scope_id == place.scope.id}
    for (_, id), row in known.items():
        if id in gone and row.twin and row.scope_id is None:
            await store.tracked.forget(row)  # only a name: the item is at home in Jira
    await let_go(
        store,
        [held[id] for id in gone if id in held],
        [held[id] for id in restricted if id in held],
        KINDS[place.site.kind].name,
        place.scope.name,
    )
    kept = told or read_told(place.scope.told)
    kept.found.first.clear()  # it quotes titles
    if told is None:
        place.scope.told = written(kept)


# --- neighbours ------------------------------------------------------------------------------


async def _link(store: Store, place: _Place) -> None:
    """Link some more items to neighbours that came after them; behind the last, follow."""
    if place.scope.step != "links":
        return
    told = read_told(place.scope.told)
    rows = await store.tracked.in_scope(
        place.scope.id, told.linked_to, LINKED_AT_ONCE, unlinked=True
    )
    await link_again(store, place.team, rows, await _live(store, place, named=True))
    told.linked_to = rows[-1].number if rows else 0
    if len(rows) < LINKED_AT_ONCE:
        told.linked_to = 0
        place.scope.step, place.scope.swept_at = "following", last_night(store.now, place.team)
        await tell_iterations_anew(store, place.team)
        if told.saved and not told.has_steps and place.team.states_known_since is None:
            await store.teams.know_states_since_now(place.team.id)
    place.scope.told = written(told)


def last_night(now: datetime, team: Team) -> datetime:
    """Return when it was two at night for a team: that is when all ids are compared."""
    here = now.astimezone(ZoneInfo(team.zone))
    night = datetime.combine(here.date(), NIGHT, here.tzinfo)
    return night if night <= here else night - timedelta(days=1)


# --- sweeps ----------------------------------------------------------------------------------


async def _sweep(store: Store, place: _Place, ids: Collection[str], since: datetime) -> None:
    """Have read singly what is here and not there, or there and not here."""
    scope = place.scope
    if scope.step != "following":
        return
    rows = await store.tracked.in_scope(scope.id)
    missing = {
        row.remote_id
        for row in rows
        if row.remote_id not in ids
        and row.seen_at < since
        and row.gone_at is None
        and row.restricted_at is None
        and not row.remote_id.startswith(UNBORN)
    }
    known = await store.tracked.by_id([(place.source, id) for id in sorted(ids)])
    shown_again = {
        row.remote_id for row in rows if row.remote_id in ids and (row.gone_at or row.restricted_at)
    }
    strange = set(ids) - {id for _, id in known}
    await store.trackers.hint(place.site.id, missing | strange | shown_again)
    unlinked = await store.tracked.in_scope(scope.id, limit=4 * LINKED_AT_ONCE, unlinked=True)
    await link_again(store, place.team, unlinked, await _live(store, place, named=True))
    scope.swept_at = max(last_night(store.now, place.team), scope.swept_at or since)
