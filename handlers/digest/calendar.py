"""When a digest comes: turned on and off, and posted on time by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from bot.cards import (
    Typed,
    When,
    filled,
)
from bot.feature import Reads
from bot.turn import Ask, Due, Mistake, Post, Reply, Turn, whisper
from handlers.digest import cards, telling
from handlers.digest.actions import (
    DetailsView,
    DigestView,
    OpenSchedule,
    SaveSchedule,
    StopMine,
)
from handlers.digest.cadence import Cadence, jitter, next_after, week_due
from handlers.digest.edition import Edition
from handlers.digest.schedule import Schedule, UnreadableSchedule, parse_schedule
from handlers.digest.story import Story, Unchanged
from handlers.rules.access import Permission
from handlers.rules.guard import require
from storage import Store
from storage.digests import TEAM, TRAIN, DigestSchedule
from storage.teams import Team

TIMER = "digest.post"


async def turn_on(turn: Turn, store: Store, words: str) -> Reply:
    """Have the team's digest here every week; alone with Hone, it is one's own."""
    return await _turn_on(turn, store, Edition(turn.place.channel), words)


async def turn_on_train(turn: Turn, store: Store, words: str) -> Reply:
    """Have the whole train's digest here every week."""
    return await _turn_on(turn, store, Edition(turn.place.channel, TRAIN), words)


async def _turn_on(turn: Turn, store: Store, edition: Edition, words: str) -> Reply:
    require(turn, Permission.SCHEDULE_DIGEST)
    team = await store.teams.resolve(edition.channel, turn.person.id)
    zone = turn.person.zone if turn.place.private else team.zone
    if not words:
        return Ask(cards.schedule_form(edition, zone))
    try:
        wanted = parse_schedule(words, zone)
    except UnreadableSchedule as error:
        raise Mistake(str(error)) from None
    return await _schedule(turn, store, edition, wanted)


async def open_schedule(turn: Turn, store: Store, act: OpenSchedule) -> Reply:
    """Open the form that turns the digest on."""
    require(turn, Permission.SCHEDULE_DIGEST)
    team = await store.teams.resolve(act.channel, turn.person.id)
    own = turn.place.private and act.channel == turn.place.channel
    zone = turn.person.zone if own else team.zone
    return Ask(cards.schedule_form(Edition(act.channel, act.level), zone))


async def save_schedule(turn: Turn, store: Store, act: SaveSchedule) -> Reply:
    """Turn the digest on as the form says."""
    require(turn, Permission.SCHEDULE_DIGEST)
    edition = Edition(act.channel, act.level if act.level == TRAIN else TEAM)
    try:
        wanted = parse_schedule(" ".join(turn.answers.one(f) for f in ("weekday", "at", "zone")))
    except UnreadableSchedule as error:
        team = await store.teams.resolve(act.channel, turn.person.id)
        form = filled(cards.schedule_form(edition, team.zone), turn.answers)
        return Ask(form, {"zone" if _is_about_the_zone(error) else "at": str(error)})
    return await _schedule(turn, store, edition, wanted)


def _is_about_the_zone(error: UnreadableSchedule) -> bool:
    return any(word in str(error) for word in ("zone", "city"))


async def _schedule(turn: Turn, store: Store, edition: Edition, wanted: Schedule) -> Reply:
    cadence = wanted.cadence
    team = await store.teams.resolve(edition.channel, turn.person.id)
    await store.digests.set_schedule(
        edition.channel,
        edition.level,
        team.id,
        weekday=cadence.weekday,
        at=f"{cadence.at:%H:%M}",
        zone=cadence.zone,
        by=turn.person.id,
    )
    first = await _set_timer(store, edition, cadence)
    return whisper(
        f"The digest comes {cadence}, for the first time on ",
        When(first, cadence.zone),
        ". If nothing changed in a week, it stays quiet. To stop it: ",
        Typed(f"{edition.command} off"),
        f". {wanted.remark}" if wanted.remark else "",
    )


async def turn_off(turn: Turn, store: Store, _: str) -> Reply:
    """Stop the team's weekly digest here."""
    return await _turn_off(turn, store, Edition(turn.place.channel))


async def turn_off_train(turn: Turn, store: Store, _: str) -> Reply:
    """Stop the train's weekly digest here."""
    return await _turn_off(turn, store, Edition(turn.place.channel, TRAIN))


async def stop_mine(turn: Turn, store: Store, _: StopMine) -> Reply:
    """Stop the weekly digest in the person's own chat, wherever they pressed."""
    known = await store.people.find(turn.person.id)
    if known is None or known.direct_channel is None:
        return whisper("You have no weekly digest of your own.")
    return await _turn_off(turn, store, Edition(known.direct_channel))


async def _turn_off(turn: Turn, store: Store, edition: Edition) -> Reply:
    require(turn, Permission.SCHEDULE_DIGEST)
    await store.timers.cancel(TIMER, edition.timer)
    start = f"{edition.command} on Monday 9:00"
    if not await store.digests.drop_schedule(edition.channel, edition.level):
        return whisper("There was no weekly digest here. To start one: ", Typed(start))
    return whisper("No more weekly digests here. To start again: ", Typed(start))


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest that is due: the week it tells, whose, and who set it up."""

    week: str
    team: Team
    lead: str

    @property
    def key(self) -> tuple[str, int, str]:
        return self.week, self.team.id, self.lead


@dataclass(frozen=True, slots=True)
class Precomputed:
    """What the issue of this key says by the state of shortly before."""

    key: tuple[str, int, str]
    story: Story | Unchanged


async def precompute(turn: Turn, reads: Reads, key: str) -> Precomputed | None:
    """Tell the digest that is due, while others go on voting."""
    edition = Edition.of_timer(key)
    async with reads() as store:
        schedule = await store.digests.schedule(edition.channel, edition.level)
        issue = await _issue(turn, store, edition, schedule) if schedule else None
        return Precomputed(issue.key, await _tell(store, edition, issue)) if issue else None


async def post(turn: Turn, store: Store, key: str) -> Reply:
    """Post the digest that is due, once per ISO week, also after a missed hour."""
    edition = Edition.of_timer(key)
    schedule = await store.digests.schedule(edition.channel, edition.level)
    if schedule is None:
        return None
    issue = await _issue(turn, store, edition, schedule)
    if issue is None:
        await _set_timer(store, edition, _cadence(schedule))
        return None
    assert isinstance(turn.intent, Due)
    precomputed = turn.intent.precomputed
    if isinstance(precomputed, Precomputed) and precomputed.key == issue.key:
        story = precomputed.story
    else:  # the schedule was changed in between
        story = await _tell(store, edition, issue)
    await telling.keep(store, issue.team, edition, issue.week, story)
    await _set_timer(store, edition, _cadence(schedule))
    if isinstance(story, Unchanged):
        return None  # the last one says so itself
    view = DigestView(edition.channel, issue.week, edition.level)
    small_print = DetailsView(edition.channel, issue.week, edition.level)
    # Many channels have theirs at the same minute, and meanwhile somebody votes.
    return (
        Post(view, channel=edition.channel, can_wait=True),
        Post(small_print, view, edition.channel, can_wait=True),
    )


async def _issue(
    turn: Turn, store: Store, edition: Edition, schedule: DigestSchedule
) -> Issue | None:
    """Return what is due now, or None once its week is over or had its digest."""
    team = await store.teams.of_channel(edition.channel)
    if team is None:
        team = await store.teams.find(schedule.team_id)  # somebody's own digest
    if team is None:
        return None
    last = await telling.last_week(store, edition)
    week = week_due(_cadence(schedule), turn.acted_at, turn.now, last)
    return Issue(week, team, schedule.set_by) if week else None


async def _tell(store: Store, edition: Edition, issue: Issue) -> Story | Unchanged:
    return await telling.tell_week(
        store, issue.team, edition, issue.week, lead=issue.lead, quiet=True
    )


async def _set_timer(store: Store, edition: Edition, cadence: Cadence) -> datetime:
    """Set the timer to the next digest and return when that is, without the channel's jitter."""
    due = next_after(cadence, store.now, await telling.last_week(store, edition))
    at = due + jitter(edition.channel)
    await store.timers.set(TIMER, edition.timer, at, edition.channel)
    return due


def _cadence(schedule: DigestSchedule) -> Cadence:
    return Cadence(schedule.weekday, time.fromisoformat(schedule.at), schedule.zone)
