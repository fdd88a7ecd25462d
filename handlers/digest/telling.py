"""Tell a week's story from the storage, keep it, and read it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from bot.turn import NotFound
from handlers.digest.asks import Ask
from handlers.digest.cadence import iso_week
from handlers.digest.edition import Edition
from handlers.digest.facts import Backlog
from handlers.digest.gather import gather, gather_train, shared_theme
from handlers.digest.records import Records, TrainRecords
from handlers.digest.story import HintName, Story, Unchanged, tell
from handlers.digest.trend import WEEKS_MAX
from handlers.digest.week import Week, count_week, looks_back_to, weeks_ago
from handlers.rules.behind import behind
from handlers.rules.velocity import LOOKS_BACK
from storage import Store
from storage.digests import TRAIN, Digest
from storage.teams import Team

HINTS: frozenset[HintName] = frozenset({"iterations", "objectives"})
"""What a digest may hint at: each has a form behind its button."""

SETTLED_AFTER = timedelta(minutes=1)
"""A change bears the time its turn began, and is there once it is committed: by then, or never."""

HINTS_REMEMBERED_WEEKS = 26
"""A hint that was given in one of these weeks is not given again, nor an outcome asked for."""

_STORY: TypeAdapter[Story] = TypeAdapter(Story)
_COUNTED: TypeAdapter[Week] = TypeAdapter(Week)


async def tell_week(
    store: Store, team: Team, edition: Edition, week: str, *, lead: str, quiet: bool
) -> Story | Unchanged:
    """Tell the week's story. Without `quiet`, a week without change is told in full, too.

    `lead` is asked about items that have nobody.
    """
    latest = await store.digests.latest(edition.channel, edition.level, HINTS_REMEMBERED_WEEKS)
    kept = [
        row
        for row in latest[-WEEKS_MAX:]
        if row.iso_week < week and row.at > store.now - LOOKS_BACK  # else it begins anew
    ]
    asked = {ask.number for ask in _asks(kept[-1])} if kept else set()
    asked |= team.digest_muted
    earlier = (ask for row in latest if row.iso_week < week for ask in _asks(row))
    framed = {ask.number for ask in earlier if ask.action == "outcome"}
    posted = any("week" in row.story for row in kept)
    told = [_as_counted(row) for row in kept]
    untold = _untold_weeks(team, store.now, min([week, *(each.week for each in told)]))
    records = await (gather_train if edition.level == TRAIN else gather)(
        store, team, back_to=min(untold, default=None), asked=len(asked)
    )
    before = [*_recounted(records, untold, team.zone), *told]
    # Who is asking sees all; what is posted is what the next one goes on from, to the instant.
    backlog = records.backlog(store.now - SETTLED_AFTER if quiet else None)
    lead, away = await _who_is_there(store, team, edition, lead, backlog)
    teams = await store.teams.in_train(team.train_id) if edition.level == TRAIN else [team]
    return tell(
        backlog,
        week,
        lead,
        before=before,
        asked=asked,
        framed=framed,
        away=away,
        hints=HINTS - {_hint(row) for row in latest if row.iso_week < week},
        only=team.digest_numbers,
        behind=await behind(store, *teams),
        shared=await shared_theme(store, team, looks_back_to(before, store.now, team.zone)),
        in_full=not (quiet and posted),
    )


async def _who_is_there(
    store: Store, team: Team, edition: Edition, lead: str, backlog: Backlog
) -> tuple[str, frozenset[str]]:
    """Return who looks after the digest, and those of the items' people whom it cannot reach."""
    leads = [lead]
    for role in ("facilitator", "admin"):
        leads += await store.teams.people_with(team.id, role)
    leads += [member.id for member in await store.people.of_team(team.id)]
    people = {who for item in backlog.items for who in (item.owner, item.created_by) if who}
    away = await store.people.nobodies([*leads, *people])
    away |= await store.channels.who_left(edition.channel)
    return next((who for who in leads if who not in away), lead), away


async def keep(
    store: Store, team: Team, edition: Edition, week: str, week_story: Story | Unchanged
) -> None:
    """Keep what was told for the week, unless another replica just did."""
    story: dict[str, Any]
    if isinstance(week_story, Unchanged):
        counted = _COUNTED.dump_python(week_story.counted, mode="json")
        story = {"still": week_story.sentence, "counted": counted}
    else:
        story = _STORY.dump_python(week_story, mode="json")
    await store.digests.keep(edition.channel, edition.level, week, team.id, story)


async def kept_story(store: Store, edition: Edition, week: str) -> Story:
    """Return a week's story as it was told; raises NotFound if there was none."""
    row = await store.digests.find(edition.channel, edition.level, week)
    story = as_told(row) if row else None
    if story is None:
        raise NotFound("There is no such digest here.")
    return story


def as_told(row: Digest) -> Story | None:
    """Return a kept digest's story; None for a quiet week, which told none."""
    return None if "still" in row.story else _STORY.validate_python(row.story)


async def told_since(store: Store, edition: Edition, week: str) -> list[Digest]:
    """Return the digests of later weeks, quiet ones too, oldest first."""
    rows = await store.digests.latest(edition.channel, edition.level)
    return [row for row in rows if row.iso_week > week]


def still_since(later: Sequence[Digest]) -> str:
    """Return the line of the quiet weeks since then, or an empty text."""
    quiet = later and all("still" in row.story for row in later)
    return str(later[-1].story["still"]) if quiet else ""


def has_a_newer_one(later: Sequence[Digest]) -> bool:
    """Whether a later digest was posted below this one; a quiet week posts none."""
    return any("still" not in row.story for row in later)


async def last_week(store: Store, edition: Edition) -> str | None:
    """Return the last week that had a digest, quiet or not."""
    kept = await store.digests.latest(edition.channel, edition.level, 1)
    return kept[-1].iso_week if kept else None


def _hint(row: Digest) -> str:
    return str((row.story.get("hint") or {}).get("name", ""))


def _asks(row: Digest) -> tuple[Ask, ...]:
    return () if "still" in row.story else _STORY.validate_python(row.story).asks


def _as_counted(row: Digest) -> Week:
    """Return a kept digest's numbers; those of older versions do not say of which instant."""
    week = _COUNTED.validate_python(row.story["counted"])
    return week if week.until else replace(week, until=row.at)


def _untold_weeks(team: Team, now: datetime, before: str) -> dict[datetime, str]:
    """Return instant → name of the last seven weeks, as far as they lie before any digest.

    Weeks are left out of which nobody knows how things stood, since a backlog came in later.
    """
    zone, known = team.zone, team.states_known_since
    instants = (weeks_ago(ago, now, zone) for ago in range(WEEKS_MAX - 1, 0, -1))
    return {
        then: name
        for then in instants
        if (name := iso_week(zone, then)) < before and (known is None or known <= then)
    }


def _recounted(
    records: Records | TrainRecords, weeks: dict[datetime, str], zone: str
) -> list[Week]:
    """Return the numbers of weeks without a digest, as far as the events tell them."""
    since = records.since
    return [
        replace(count_week(records.backlog(then), name, weeks_ago(1, then, zone)), waiting=None)
        for then, name in weeks.items()
        if since is not None and since <= then
    ]
