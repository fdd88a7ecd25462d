"""Some items of a source beside what Hone has: what would become of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.remote import RemoteItem, Step
from handlers.sources.conflicts import CARDS, Outdone, is_scored_here, keep_score
from handlers.sources.matching import GONE, OF_ANOTHER_TEAM, Found, Live, match
from handlers.sources.merge import Merged, as_exported, as_imported, is_empty, merged, plain
from handlers.sources.states import Translated
from handlers.sources.words import Words, scored
from storage import Store
from storage.imports import NewItem, PastStep
from storage.items import Item, ItemEvent
from storage.states import FINISHED_STATES
from storage.teams import Team

STEPS = "steps"
"""Beside the fields of a tracker's item: how many of its steps are known already."""


@dataclass(slots=True)
class Comparison:
    """What becomes of an item of a source; `item` is None for a new one, described by `new`.

    `result` tells the fields, `steps` what happened to it. `undated`: it is finished and nobody
    says when. `behind`: it moved on here, and the source tells another state. `events` is what
    happened to a known one, `outdone` whose values gave way once it is saved. `links_later`: it
    names others that are not here yet, or whose links have changed.
    """

    found: Found
    item: Item | None = None
    new: NewItem | None = None
    result: Merged = field(default_factory=Merged)
    steps: tuple[PastStep, ...] = ()
    undated: bool = False
    behind: bool = False
    events: Sequence[ItemEvent] = ()
    outdone: list[Outdone] = field(default_factory=list)
    links_later: bool = False

    @property
    def remote(self) -> RemoteItem:
        return self.found.remote

    @property
    def changes(self) -> bool:
        """Whether anything of a known item becomes another."""
        return bool(self.result.take or self.steps)


async def compare(
    store: Store,
    team: Team,
    items: Sequence[RemoteItem],
    words: Words,
    live: Live | None = None,
    *,
    lock: bool = False,
) -> list[Comparison]:
    """Return what would become of each; with `lock`, known items are kept from changing."""
    found = await match(store, team, items, live)
    numbers = sorted({each.number for each in found if each.number is not None})
    known = await (store.imports.held if lock else store.items.several)(numbers)
    if lock and live and numbers:  # whoever writes to the tracker holds the item first, too
        found = await match(store, team, items, live, lock=True)
    events = await store.imports.histories_of(sorted(known))
    compared = []
    for each in found:
        item = known.get(each.number or 0)
        is_ours = item is not None and (item.team_id == team.id or each.moves)
        if each.number is not None and not is_ours:
            each.left_out = each.left_out or (OF_ANOTHER_TEAM if item else GONE)
        if each.left_out:
            compared.append(Comparison(each))
        elif item is None:
            compared.append(_new(each, words, store.now))
        else:
            past = events.get(item.number, ())
            compared.append(_known(each, item, past, words, store.now, live=live))
    if live is not None:
        for comparison in compared:
            comparison.result.base[STEPS] = len(comparison.remote.steps)
    return compared


# --- new ones --------------------------------------------------------------------------------


def _new(found: Found, words: Words, now: datetime) -> Comparison:
    remote = found.remote
    steps = tuple(_linked("captured", _past(remote.steps, words, now)))
    last, state = _after(steps, "captured"), words.state(remote)
    undated = False
    if state is not None and state.ours != last:
        at = _reached(remote, state, steps, now)
        undated = at is None
        steps += (PastStep(at, last, state.ours),)
    if state is not None and steps and steps[-1].after == "dropped":
        steps = (*steps[:-1], _with_reason(steps[-1], remote, state))
    moments = [step.at for step in steps if step.at]
    created = min([at for at in (remote.created, *moments[:1]) if at and at <= now] or [now])
    told = words.fields(remote)
    fields = {name: value for name, value in told.items() if name == "title" or not is_empty(value)}
    if (value := scored(fields)) is not None:
        fields |= {"wsjf": value, "scored_at": now}
    if remote.rank:
        fields["source_rank"] = remote.rank
    touched = min(now, max(created, remote.updated or (moments[-1] if remote.steps else now)))
    base = {name: plain(value) for name, value in told.items()}  # it is told so, and taken so
    if state is not None:
        base["state"] = state.ours
    return Comparison(
        found,
        new=NewItem(created, touched, steps, fields),
        result=Merged(base=base),
        undated=undated,
    )


def _reached(
    remote: RemoteItem, state: Translated, steps: Sequence[PastStep], now: datetime
) -> datetime | None:
    """Return when an item got where it is: open ones since Hone knows; None if nobody says."""
    if state.ours not in FINISHED_STATES:
        return now
    if remote.finished is None or remote.finished > now:
        return None
    return max([remote.finished, *(step.at for step in steps if step.at)])


def _with_reason(step: PastStep, remote: RemoteItem, state: Translated) -> PastStep:
    why = step.dropped_because or remote.fields.get("dropped_because") or state.why
    return replace(step, dropped_because=why)


def _past(steps: Iterable[Step], words: Words, now: datetime) -> Iterator[tuple[Step, str]]:
    """Yield the steps that have happened, each with our word for its state."""
    return ((step, words.step(step.state).ours) for step in steps if step.at <= now)


def _linked(state: str, steps: Iterable[tuple[Step, str]]) -> Iterator[PastStep]:
    """Yield steps that change the state, each with the state before it."""
    for step, after in steps:
        if after != state:
            why = step.reason if after == "dropped" else ""
            reason = "" if after == "dropped" else step.reason
            yield PastStep(step.at, state, after, reason, why)
            state = after


def _after(steps: Sequence[PastStep], otherwise: str) -> str:
    return steps[-1].after if steps else otherwise


# --- known ones ------------------------------------------------------------------------------


def _known(
    found: Found,
    item: Item,
    events: Sequence[ItemEvent],
    words: Words,
    now: datetime,
    *,
    live: Live | None,
) -> Comparison:
    remote = found.remote
    base = _agreed(found, item, events)
    told = words.fields(remote)
    base = {**base, **_came_back(found, told)}
    newer_here = remote.updated is not None and item.touched_at > remote.updated
    ours = {name: getattr(item, name) for name in told}
    result = merged(ours, told, base, ours_is_newer=newer_here)
    if live and is_scored_here(item, events):
        if live.rehomed:  # what the new fields hold is nobody's edit: the team's goes there
            base = {**base, **dict.fromkeys(CARDS)}
            result.base |= {name: plain(told.get(name)) for name in (*CARDS, "wsjf")}
        found.left = keep_score(result, item, base)
    if not result.take.keys().isdisjoint(CARDS):
        value = scored({**ours, **result.take})
        result.take |= {"wsjf": value, "scored_at": now if value is not None else None}
    comparison = Comparison(found, item, result=result, events=events)
    if (state := words.state(remote)) is not None:
        past = _past(remote.steps, words, now)
        later = _later(past, item, events)
        if live and isinstance(known := base.get(STEPS), int) and known <= len(remote.steps):
            later = _past(remote.steps[known:], words, now)
        _move(comparison, item, state, events, base.get("state"), later, now, live=bool(live))
    return comparison


def _agreed(found: Found, item: Item, events: Sequence[ItemEvent]) -> Mapping[str, Any]:
    """Return each field's value that both sides last agreed on, as far as there is one."""
    remote = found.remote
    if remote.source == "hone" and remote.updated and found.tracked is None:
        return as_exported(item.model_dump(), events, remote.updated)
    if found.tracked is None:
        return {}
    return found.tracked.base or as_imported(item.model_dump(), events)


def _came_back(found: Found, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Hone wrote there and now reads: agreed on, even if the answer was lost."""
    sent = found.tracked.sent if found.tracked else {}
    return {name: sent[name] for name in sent if name in told and plain(told[name]) == sent[name]}


def _move(
    comparison: Comparison,
    item: Item,
    state: Translated,
    events: Sequence[ItemEvent],
    agreed: str | None,
    later: Iterable[tuple[Step, str]],
    now: datetime,
    *,
    live: bool,
) -> None:
    """Note what happened to a known item since: where it is there, if it moved there.

    In a file it may have stood before it was moved here; a tracker that tells another state than
    before has moved it, whatever the clocks say.
    """
    remote = comparison.remote
    comparison.result.base["state"] = state.ours
    if state.ours == item.state and not remote.steps:
        return
    if state.ours == agreed and state.ours != item.state:
        comparison.behind = True
        return
    moved_here = agreed is not None and agreed != item.state and not live
    unknown = agreed is None and item.is_finished and state.ours not in FINISHED_STATES
    is_newer = remote.updated is not None and remote.updated > item.touched_at
    if (moved_here or unknown) and state.ours != item.state and not is_newer:
        comparison.behind = True
        return
    steps = list(_linked(item.state, later))
    if _after(steps, item.state) != state.ours:
        last = max((event.at for event in events), default=item.created_at)
        ended = remote.finished if state.ours in FINISHED_STATES else None
        at = max(ended, last) if ended and ended <= now else now
        steps.append(PastStep(at, _after(steps, item.state), state.ours))
    if steps and steps[-1].after == "dropped":
        steps[-1] = _with_reason(steps[-1], remote, state)
    comparison.steps = tuple(steps)


def _later(
    past: Iterable[tuple[Step, str]], item: Item, events: Sequence[ItemEvent]
) -> Iterator[tuple[Step, str]]:
    """Yield what the source tells of an item after all that is known of it."""
    moves = [event for event in events if "state" in event.changes]
    known = {(event.at.replace(microsecond=0), event.changes["state"][1]) for event in moves}
    last = max((event.at for event in moves), default=item.created_at).replace(microsecond=0)
    for step, after in past:
        if step.at >= last and (step.at, after) not in known:
            yield step, after
