"""Tell a week's story from the storage, keep it, and read it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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
from handlers.digest.week import Week, count_week
from storage import Store
from storage.digests import TRAIN, Digest
from storage.teams import Team

HINTS: frozenset[HintName] = frozenset({"iterations", "objectives"})
"""What a digest may hint at: each has a form behind its button."""

HINTS_REMEMBERED_WEEKS = 26
"""A hint that was given in one of these weeks is not given again."""

_WEEK = timedelta(weeks=1)
_STORY: TypeAdapter[Story] = TypeAdapter(Story)
_COUNTED: TypeAdapter[Week] = TypeAdapter(Week)


async def tell_week(
    store: Store, team: Team, edition: Edition, week: str, *, lead: str, quiet: bool
) -> Story | Unchanged:
    """Tell the week's story. Without `quiet`, a week without change is told in full, too.

    `lead` is asked about items that have nobody.
    """
    latest = await store.digests.latest(edition.channel, edition.level, HINTS_REMEMBERED_WEEKS)
    kept = [row for row in latest[-WEEKS_MAX:] if row.iso_week < week]
    asked = {ask.number for ask in _asks(kept[-1])} if kept else set()
    asked |= team.digest_muted
    posted = any("week" in row.story for row in kept)
    past = _past_weeks(team.zone, store.now, week)
    unkept = set(past.values()) - {row.iso_week for row in kept}
    records = await (gather_train if edition.level == TRAIN else gather)(
        store,
        team,
        back_to=min((then for then, name in past.items() if name in unkept), default=None),
        asked=len(asked),
    )
    backlog = records.backlog()
    lead, away = await _who_is_there(store, team, edition, lead, backlog)
    return tell(
        backlog,
        week,
        lead,
        before=_weeks_before(records, past, {row.iso_week: row for row in kept}),
        asked=asked,
        away=away,
        hints=HINTS - {_hint(row) for row in latest if row.iso_week < week},
        only=team.digest_numbers,
        shared=await shared_theme(store, team),
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


def _past_weeks(zone: str, now: datetime, week: str) -> dict[datetime, str]:
    """Return instant → name of up to seven weeks before this one, oldest first.

    The instants share a local weekday and time, whatever the clocks did since.
    """
    local = now.astimezone(ZoneInfo(zone))
    instants = ((local - ago * _WEEK).astimezone(UTC) for ago in range(WEEKS_MAX - 1, 0, -1))
    return {then: name for then in instants if (name := iso_week(zone, then)) < week}


def _weeks_before(
    records: Records | TrainRecords, past: dict[datetime, str], kept: dict[str, Digest]
) -> list[Week]:
    """Return the weeks before this one: as kept, or recomputed from the events."""
    weeks = []
    for then, name in past.items():
        if name in kept:
            weeks.append(_COUNTED.validate_python(kept[name].story["counted"]))
        elif records.since is not None and records.since <= then:
            weeks.append(count_week(records.backlog(then), name))
    return weeks
