"""Read the backlog's health once a week, in twenty seconds, and do the three things it asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.cards import Card, Form, When, filled
from bot.feature import CommandSpec, Feature, Verb
from bot.turn import (
    Ask,
    Mistake,
    NotFound,
    Post,
    Refresh,
    Reply,
    Turn,
    Whisper,
    whisper,
)
from handlers.digest import cards
from handlers.digest.actions import (
    AnswerAsk,
    DetailsView,
    DigestView,
    OpenAsk,
    OpenSchedule,
    SaveSchedule,
    Snooze,
)
from handlers.digest.asks import Ask as Asked
from handlers.digest.cadence import Cadence, iso_week, jitter, next_after, week_due
from handlers.digest.facts import Backlog, as_of
from handlers.digest.gather import gather
from handlers.digest.schedule import UnreadableSchedule, parse_schedule
from handlers.digest.story import Story, Unchanged, tell
from handlers.digest.trend import WEEKS_MAX
from handlers.digest.week import Week, count_week
from handlers.views import ItemView
from storage import Store
from storage.digests import Digest, DigestSchedule
from storage.items import Item
from storage.teams import Team

TIMER = "digest.post"
_WEEK = timedelta(weeks=1)
_STORY: TypeAdapter[Story] = TypeAdapter(Story)
_COUNTED: TypeAdapter[Week] = TypeAdapter(Week)


# --- read it now -----------------------------------------------------------------------------


async def preview(turn: Turn, store: Store, _: str) -> Reply:
    """Show the digest as it would be now, to this person alone."""
    team = await store.teams.here(turn.place.channel, turn.person.id)
    week = iso_week(team.zone, turn.now)
    told = await _tell(store, team, turn.place.channel, week, lead=turn.person.id, quiet=False)
    assert isinstance(told, Story)
    card = await _draw_story(store, told, turn.place.channel)
    if not turn.place.private and await store.digests.schedule(turn.place.channel) is None:
        card = replace(card, nodes=(*card.nodes, cards.offer_schedule(turn.place.channel)))
    return Whisper(card)


# --- when it comes ---------------------------------------------------------------------------


async def turn_on(turn: Turn, store: Store, words: str) -> Reply:
    """Have the digest posted here every week at a local weekday and time."""
    _in_a_channel(turn)
    channel = turn.place.channel
    team = await store.teams.here(channel, turn.person.id)
    if not words:
        return Ask(cards.schedule_form(channel, team.zone))
    try:
        cadence = parse_schedule(words, team.zone)
    except UnreadableSchedule as error:
        raise Mistake(str(error)) from None
    return await _schedule(turn, store, channel, cadence)


async def open_schedule(turn: Turn, store: Store, act: OpenSchedule) -> Reply:
    """Open the form that turns the digest on."""
    _may_schedule(turn)
    return Ask(cards.schedule_form(act.channel, (await _team_of(store, act.channel)).zone))


async def save_schedule(turn: Turn, store: Store, act: SaveSchedule) -> Reply:
    """Turn the digest on as the form says."""
    _may_schedule(turn)
    team = await _team_of(store, act.channel)
    try:
        cadence = parse_schedule(" ".join(turn.answers.one(f) for f in ("weekday", "at", "zone")))
    except UnreadableSchedule as error:
        form = filled(cards.schedule_form(act.channel, team.zone), turn.answers)
        return Ask(form, {"zone" if "zone" in str(error) else "at": str(error)})
    return await _schedule(turn, store, act.channel, cadence)


async def _team_of(store: Store, channel: str) -> Team:
    team = await store.teams.of_channel(channel)
    if team is None:
        raise NotFound("There is no such channel here.")
    return team


async def _schedule(turn: Turn, store: Store, channel: str, cadence: Cadence) -> Reply:
    await store.digests.set_schedule(
        channel, cadence.weekday, f"{cadence.at:%H:%M}", cadence.zone, turn.person.id
    )
    first = await _set_timer(store, channel, cadence)
    return whisper(
        f"The digest comes {cadence}, for the first time on ",
        When(first, cadence.zone),
        ". If nothing changed in a week, it stays quiet. To stop it: digest off",
    )


async def turn_off(turn: Turn, store: Store, _: str) -> Reply:
    """Stop the weekly digest of this channel."""
    _in_a_channel(turn)
    await store.timers.cancel(TIMER, turn.place.channel)
    if not await store.digests.drop_schedule(turn.place.channel):
        return whisper("There was no weekly digest here. To start one: digest on Monday 9:00")
    return whisper("No more weekly digests here. To start again: digest on Monday 9:00")


# --- post it on time -------------------------------------------------------------------------


async def post(turn: Turn, store: Store, channel: str) -> Reply:
    """Post the digest that is due, once per ISO week, also after a missed hour."""
    schedule = await store.digests.schedule(channel)
    team = await store.teams.of_channel(channel)
    if schedule is None or team is None:
        return None
    cadence = _cadence(schedule)
    last = await _last_week(store, channel)
    week = week_due(cadence, turn.acted_at, turn.now, last)
    told = None
    if week is not None:
        told = await _tell(store, team, channel, week, lead=schedule.set_by, quiet=True)
        await store.digests.keep(channel, week, team.id, _kept(told))
    await _set_timer(store, channel, cadence)
    if week is None or told is None:
        return None
    if isinstance(told, Unchanged):
        shown = await _last_shown(store, channel)
        return Refresh(DigestView(channel, shown.iso_week)) if shown else None
    view = DigestView(channel, week)
    return Post(view, channel=channel), Post(DetailsView(channel, week), view, channel)


async def _set_timer(store: Store, channel: str, cadence: Cadence) -> datetime:
    """Set the timer to the next digest and return when that is, without the channel's jitter."""
    due = next_after(cadence, store.now, await _last_week(store, channel))
    await store.timers.set(TIMER, channel, due + jitter(channel), channel)
    return due


def _cadence(schedule: DigestSchedule) -> Cadence:
    return Cadence(schedule.weekday, time.fromisoformat(schedule.at), schedule.zone)


async def _last_week(store: Store, channel: str) -> str | None:
    kept = await store.digests.latest(channel, 1)
    return kept[-1].iso_week if kept else None


async def _last_shown(store: Store, channel: str) -> Digest | None:
    """Return the newest digest that was posted; quiet weeks only added a line to it."""
    kept = await store.digests.latest(channel, 60)
    return next((row for row in reversed(kept) if "still" not in row.story), None)


# --- what it says ----------------------------------------------------------------------------


async def _tell(
    store: Store, team: Team, channel: str, week: str, *, lead: str, quiet: bool
) -> Story | Unchanged:
    """Tell the week's story. Without `quiet`, a week without change is told in full, too."""
    backlog = await gather(store, team)
    kept = [row for row in await store.digests.latest(channel, WEEKS_MAX) if row.iso_week < week]
    before = _weeks_before(backlog, week, {row.iso_week: row for row in kept})
    asked = {ask.number for ask in _asks(kept[-1])} if kept else set()
    posted = any("week" in row.story for row in kept)
    return tell(backlog, week, lead, before=before, asked=asked, in_full=not (quiet and posted))


def _weeks_before(backlog: Backlog, week: str, kept: dict[str, Digest]) -> list[Week]:
    """Return up to seven weeks before this one: as kept, or recomputed from the events."""
    weeks = []
    for ago in range(WEEKS_MAX - 1, 0, -1):
        then = _weeks_ago(backlog, ago)
        name = iso_week(backlog.zone, then)
        if name in kept:
            weeks.append(_COUNTED.validate_python(kept[name].story["counted"]))
        elif any(item.created_at <= then for item in backlog.items) and name < week:
            weeks.append(count_week(as_of(backlog, then), name))
    return weeks


def _weeks_ago(backlog: Backlog, weeks: int) -> datetime:
    """Return the same local weekday and time some weeks earlier, whatever the clocks did since."""
    local = backlog.now.astimezone(ZoneInfo(backlog.zone))
    return (local - weeks * _WEEK).astimezone(UTC)


def _kept(told: Story | Unchanged) -> dict[str, Any]:
    if isinstance(told, Unchanged):
        return {
            "still": told.sentence,
            "counted": _COUNTED.dump_python(told.counted, mode="json"),
        }
    kept: dict[str, Any] = _STORY.dump_python(told, mode="json")
    return kept


def _asks(row: Digest) -> tuple[Asked, ...]:
    return () if "still" in row.story else _STORY.validate_python(row.story).asks


# --- draw ------------------------------------------------------------------------------------


async def draw(store: Store, view: DigestView) -> Card:
    """Draw a week's digest as it was told, with what became of its asks."""
    story = await _story(store, view.channel, view.week)
    later = [row for row in await store.digests.latest(view.channel) if row.iso_week > view.week]
    still = later[-1].story["still"] if later and all("still" in r.story for r in later) else ""
    return await _draw_story(store, story, view.channel, still=still)


async def draw_details(store: Store, view: DetailsView) -> Card:
    """Draw the small print of a week's digest."""
    return cards.small_print(view.week, (await _story(store, view.channel, view.week)).details)


async def _story(store: Store, channel: str, week: str) -> Story:
    row = await store.digests.find(channel, week)
    if row is None or "still" in row.story:
        raise NotFound("There is no such digest here.")
    return _STORY.validate_python(row.story)


async def _draw_story(store: Store, story: Story, channel: str, *, still: str = "") -> Card:
    items = await store.items.several([ask.number for ask in story.asks])
    answered = {ask.number for ask in story.asks if _is_answered(ask, items[ask.number], store)}
    people = [ask.person for ask in story.asks]
    if story.highlight is not None and (thanked := getattr(story.highlight, "person", None)):
        people.append(thanked)
    names = await store.people.named(people)
    return cards.digest(story, names, channel=channel, answered=answered, still=still)


def _is_answered(ask: Asked, item: Item, store: Store) -> bool:
    """Whether somebody did what the ask asks for, here or anywhere else."""
    if item.state in ("accepted", "dropped"):
        return True
    snoozed = item.snoozed_until is not None and item.snoozed_until > store.now.date()
    match ask.action:
        case "assign":
            return item.owner is not None
        case "refine":
            return item.state not in ("captured", "refining")
        case "drop" | "snooze":
            return snoozed


# --- answer an ask ---------------------------------------------------------------------------


async def open_ask(turn: Turn, store: Store, act: OpenAsk) -> Reply:
    """Open the form that answers an ask."""
    return Ask(await _ask_form(turn, store, act))


async def answer_ask(turn: Turn, store: Store, act: AnswerAsk) -> Reply:
    """Assign, refine or drop the item as the form says."""
    item = await _open_item(turn, store, act.number)
    changes, errors = _changes(act.kind, turn)
    if errors:
        return Ask(filled(cards.ask_form(act, item), turn.answers), errors)
    await store.items.change(item, changes, by=turn.person.id)
    return _redrawn(act)


async def snooze(turn: Turn, store: Store, act: Snooze) -> Reply:
    """Leave an item in peace for two weeks."""
    item = await _open_item(turn, store, act.number)
    until = turn.now.astimezone(ZoneInfo(turn.person.zone)).date() + timedelta(
        days=cards.SNOOZE_DAYS
    )
    await store.items.change(item, {"snoozed_until": until}, by=turn.person.id)
    return (*_redrawn(act), whisper(f"I'll leave #{item.number} in peace until {until:%d %b}."))


def _changes(kind: str, turn: Turn) -> tuple[dict[str, Any], dict[str, str]]:
    answers = turn.answers
    if kind == "assign":
        owner = answers.one("owner")
        return {"owner": owner}, {} if owner else {"owner": "Choose who owns it."}
    if kind == "drop":
        reason = answers.one("reason")
        known = reason in cards.REASONS
        why = {} if known else {"reason": f"Choose one of: {', '.join(cards.REASONS)}."}
        return {"state": "dropped", "dropped_because": reason}, why
    details = answers.one("details")
    if len(details) > cards.DETAILS_MAX_CHARS:
        most = f"{cards.DETAILS_MAX_CHARS:,}"
        return {}, {"details": f"That is {len(details):,} characters; at most {most} fit."}
    state = "ready" if answers.on("ready") else "refining"
    return {"description": details, "state": state}, {}


def _redrawn(act: AnswerAsk | Snooze) -> tuple[Refresh, Refresh]:
    return Refresh(DigestView(act.channel, act.week)), Refresh(ItemView(act.number))


async def _ask_form(turn: Turn, store: Store, act: OpenAsk) -> Form:
    return cards.ask_form(act, await _open_item(turn, store, act.number))


async def _open_item(turn: Turn, store: Store, number: int) -> Item:
    item = await store.items.locked(number)
    if item is None:
        raise NotFound(f"There is no item #{number} here.")
    if turn.person.role in ("guest", "external"):
        raise Mistake("Guests cannot change this team's backlog.")
    if item.state in ("accepted", "dropped"):
        raise Mistake(f"#{number} is {item.state} already: nothing is left to do.")
    return item


def _in_a_channel(turn: Turn) -> None:
    if turn.place.private:
        raise Mistake("A digest belongs to a channel: type this in the team's channel.")
    _may_schedule(turn)


def _may_schedule(turn: Turn) -> None:
    if turn.person.role in ("guest", "external"):
        raise Mistake("Guests cannot change when the digest comes.")


FEATURE = Feature(
    name="digest",
    commands={
        "digest": CommandSpec(
            summary="The backlog's health in twenty seconds",
            run=preview,
            example="digest",
            what="shows this week's digest, only to you",
            verbs={
                "preview": Verb(preview, "digest preview", "the same"),
                "on": Verb(turn_on, "digest on Monday 9:00", "posts it here every week"),
                "off": Verb(turn_off, "digest off", "stops it"),
            },
        )
    },
    actions={
        OpenAsk: open_ask,
        AnswerAsk: answer_ask,
        Snooze: snooze,
        OpenSchedule: open_schedule,
        SaveSchedule: save_schedule,
    },
    views={DigestView: draw, DetailsView: draw_details},
    due={TIMER: post},
)
