"""While a team follows something: how it stands, read now, pause, only read, end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.cards import Card, Code, Typed
from bot.records import CHANNEL
from bot.text import alike, nearest
from bot.turn import Ask, Mistake, NotMeant, Reply, Show, Turn, Whisper, whisper
from handlers.phrases import listed, shortened
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.sources.conflicts import conflicts_in
from handlers.sources.losing import delete_words
from handlers.tracker import cards, forms, plans
from handlers.tracker.access import changeable, followed_by, found, may_use
from handlers.tracker.actions import (
    End,
    OpenEnd,
    OpenPeople,
    Pause,
    Resume,
    SeeConflicts,
    SetWrites,
    Sync,
)
from handlers.tracker.cards import Followed
from handlers.tracker.people import open_people
from handlers.tracker.records import held_back
from handlers.tracker.told import written
from handlers.ui.elsewhere import tool_of
from handlers.ui.views import ConflictsView
from storage import Store
from storage.followed import Figures
from storage.teams import Team
from storage.trackers import forsaken

DELETION = "tracker.delete"
"""Rings while what was read of something is deleted; the key is its number and its tracker."""

DELETED_AT_ONCE = 25

# --- typed -----------------------------------------------------------------------------------


async def tracker(verbs: Collection[str], turn: Turn, store: Store, words: str) -> Reply:
    """Tell how what the team follows stands, to whoever asks; a verb that is misspelt is named."""
    team = await _seeing(turn, store)
    followed = await followed_by(store, team)
    if not followed and words:
        raise NotMeant(*cards.follows_nothing(team))
    if not followed:
        return Whisper(cards.nothing(team))
    if words:
        try:
            followed = [await _named(store, team, words)]
        except NotMeant:
            word, *_ = words.split()
            near = nearest(alike(word), verbs)
            if near is None:
                raise
            said, meant = Code(shortened(word, 40)), Typed(f"tracker {near}")
            raise NotMeant("I don't know ", said, "; nearest: ", meant, ".") from None
    return Whisper(await _status(store, team, followed))


async def _status(store: Store, team: Team, followed: Sequence[Followed]) -> Card:
    told = [(each, await _figures(store, each.scope.id)) for each in followed]
    names = await store.people.named([each.site.connected_by for each in followed])
    held_off = {each.scope.id: await plans.held_off(store, each) for each in followed}
    return cards.status(team, told, names, team.zone, held_off)


async def _figures(store: Store, scope_id: int) -> Figures:
    """Return how a scope stands. What waits for a token or an end of a pause is not under way."""
    figures = await store.followed.figures(scope_id, f"{CHANNEL}{scope_id}")
    return replace(
        figures,
        waiting=figures.waiting + await held_back(store, scope_id),
        conflicts=len(await conflicts_in(store, scope_id)),
    )


async def sync_named(turn: Turn, store: Store, words: str) -> Reply:
    """Read now what changed."""
    return await sync(turn, store, Sync(await _scope_id(turn, store, words)))


async def pause_named(turn: Turn, store: Store, words: str) -> Reply:
    """Leave what is named alone."""
    return await pause(turn, store, Pause(await _scope_id(turn, store, words)))


async def resume_named(turn: Turn, store: Store, words: str) -> Reply:
    """Go on with what is named."""
    return await resume(turn, store, Resume(await _scope_id(turn, store, words)))


async def end_named(turn: Turn, store: Store, words: str) -> Reply:
    """Ask whether what was read of what is named stays."""
    return await open_end(turn, store, OpenEnd(await _scope_id(turn, store, words)))


async def conflicts_named(turn: Turn, store: Store, words: str) -> Reply:
    """Show what both sides changed of what is named."""
    return await see_conflicts(turn, store, SeeConflicts(await _scope_id(turn, store, words)))


async def people_named(turn: Turn, store: Store, words: str) -> Reply:
    """Ask who the people of what is named are here."""
    return await open_people(turn, store, OpenPeople(await _scope_id(turn, store, words)))


async def hook_named(public_url: str, turn: Turn, store: Store, words: str) -> Reply:
    """Tell how the tracker can tell Hone at once; the address is not for everybody."""
    each = await changeable(turn, store, await _scope_id(turn, store, words))
    await may_use(turn, store, each.site, each.team)
    return Whisper(cards.hook(each.site, public_url))


async def _seeing(turn: Turn, store: Store) -> Team:
    require(turn, Permission.SEE_TRACKER)
    return await store.teams.resolve(turn.place.channel, turn.person.id)


async def _scope_id(turn: Turn, store: Store, words: str) -> int:
    team = await _seeing(turn, store)
    return (await _named(store, team, words)).scope.id


async def _named(store: Store, team: Team, words: str) -> Followed:
    """Return what the words name of what a team follows; the only one needs no name."""
    followed = await followed_by(store, team)
    if not followed:
        raise Mistake(*cards.follows_nothing(team))
    wanted = alike(words)
    same = [each for each in followed if wanted in (alike(each.scope.name), each.scope.remote_id)]
    same = same or [each for each in followed if wanted in alike(each.scope.name)]
    if len(same) == 1:
        return same[0]
    names = listed([each.name for each in followed])
    if not wanted:
        raise Mistake(f"Which one? {shortened(team.name, 60)} follows {names}.")
    raise NotMeant(f"{shortened(team.name, 60)} follows {names}, not “{shortened(words, 40)}”.")


# --- pressed ---------------------------------------------------------------------------------


async def sync(turn: Turn, store: Store, act: Sync) -> Reply:
    """Have it read as soon as possible."""
    require(turn, Permission.SEE_TRACKER)
    each = await found(store, await store.trackers.scope(act.scope_id, lock=True))
    if each.site.state == "refused":
        raise Mistake(each.site.why)
    if each.scope.step == "paused":
        raise Mistake(f"{each.name} is paused: resume it first.")
    each.scope.due_at = store.now
    return whisper(f"I read {each.name} now.")


async def see_conflicts(turn: Turn, store: Store, act: SeeConflicts) -> Reply:
    """Show what both sides changed and nobody has decided."""
    require(turn, Permission.SEE_TRACKER)
    each = await found(store, await store.trackers.scope(act.scope_id))
    return Show(ConflictsView(each.scope.id))


async def pause(turn: Turn, store: Store, act: Pause) -> Reply:
    """Leave it alone; its cursor stays where it is."""
    each = await changeable(turn, store, act.scope_id)
    if each.scope.step in ("first", "links", "following"):
        each.scope.told = written(replace(each.told, paused_in=each.scope.step))
        each.scope.step, each.scope.due_at = "paused", None
        await store.audit.add(turn.person.id, f"tracker scope {each.scope.id}: pause")
    return await _as_it_is(turn, store, each)


async def resume(turn: Turn, store: Store, act: Resume) -> Reply:
    """Go on where it was paused: what changed meanwhile is read."""
    each = await changeable(turn, store, act.scope_id)
    if each.scope.step == "paused":
        told = each.told
        each.scope.step, each.scope.due_at = told.paused_in or "following", store.now
        each.scope.told = written(replace(told, paused_in=""))
        await store.audit.add(turn.person.id, f"tracker scope {each.scope.id}: resume")
    return await _as_it_is(turn, store, each)


async def set_writes(turn: Turn, store: Store, act: SetWrites) -> Reply:
    """Say whether Hone may write there."""
    each = await changeable(turn, store, act.scope_id)
    if each.scope.writes != act.writes:
        each.scope.writes = act.writes
        how = "writes" if act.writes else "only reads"
        await store.audit.add(turn.person.id, f"tracker scope {each.scope.id}: {how}")
    return await _as_it_is(turn, store, each)


async def _as_it_is(turn: Turn, store: Store, each: Followed) -> Reply:
    """Show how it stands now, in place of a private card; one that stands here redraws itself."""
    if turn.post and await store.posts.of_message(turn.place.channel, turn.post):
        return None
    return Whisper(await _status(store, each.team, [each]), replaces=True)


async def open_end(turn: Turn, store: Store, act: OpenEnd) -> Reply:
    """Ask whether what was read stays."""
    each = await changeable(turn, store, act.scope_id)
    figures = await store.followed.figures(each.scope.id, f"{CHANNEL}{each.scope.id}")
    return Ask(forms.end(each, figures.items))


async def end(turn: Turn, store: Store, act: End) -> Reply:
    """Follow it no more; with the last thing at a site its token is forgotten, too."""
    each = await changeable(turn, store, act.scope_id)
    scope, site = each.scope, each.site
    deletes = turn.answers.one("read") == forms.DELETE
    what = "end, with what was read" if deletes else "end"
    await store.audit.add(turn.person.id, f"tracker scope {scope.id}: {what}")
    await store.posts.abandon(f"{CHANNEL}{scope.id}")
    await store.plans.leave(scope.id, deletes=deletes)
    await store.trackers.leave(scope, deletes=deletes)
    if deletes:
        await store.timers.set(DELETION, f"{scope.id} {site.kind}", store.now)
        await store.tracked.forget_twins(f"{site.kind}:{site.site}")
        if site.kind not in {other.site.kind for other in await followed_by(store, each.team)}:
            await store.tracked.forget_answers(each.team.id, site.kind)
    words = f"{each.name} is followed no more."
    words += " What was read of it is being deleted." if deletes else ""
    if not await store.trackers.scopes_at(site.id):
        await store.sign_ins.leave(site.id)
        await store.trackers.disconnect(site.id)
        words += f" Nothing else is followed at {each.kind.name}: I forgot how I got in there."
    return whisper(words)


async def delete_some(turn: Turn, store: Store, key: str) -> Reply:
    """Delete some of what was read of something that is followed no more."""
    scope_id, kind = key.split()
    rows = await store.tracked.in_scope(forsaken(int(scope_id)), limit=DELETED_AT_ONCE)
    await delete_words(store, rows, tool_of(kind))
    if len(rows) == DELETED_AT_ONCE:
        await store.timers.set(DELETION, key, store.now)
    return None
