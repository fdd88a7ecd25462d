"""Read the backlog's health once a week, in twenty seconds, and do the three things it asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.cards import (
    Card,
    Typed,
)
from bot.feature import CommandSpec, Feature, Verb
from bot.turn import Mistake, NotFound, Reply, Turn, Whisper, whisper
from handlers.digest import cards, on_page
from handlers.digest.actions import (
    AnswerAsk,
    DetailsView,
    DigestView,
    OpenAsk,
    OpenSchedule,
    ReadNow,
    SaveSchedule,
    Snooze,
    StopMine,
)
from handlers.digest.answering import answer_ask, open_ask, snooze
from handlers.digest.asks import Ask as Asked
from handlers.digest.cadence import iso_week
from handlers.digest.calendar import (
    TIMER,
    open_schedule,
    post,
    precompute,
    save_schedule,
    stop_mine,
    turn_off,
    turn_off_train,
    turn_on,
    turn_on_train,
)
from handlers.digest.edition import Edition
from handlers.digest.story import NUMBERS, Story
from handlers.digest.telling import (
    has_a_newer_one,
    kept_story,
    still_since,
    tell_week,
    told_since,
)
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.rules.numbers import number_in
from storage import Store
from storage.digests import TRAIN
from storage.items import Item
from storage.states import UNREADY_STATES, WORKING_STATES

NUMBERS_MAX = 3


# --- read it now -----------------------------------------------------------------------------


async def preview(turn: Turn, store: Store, _: str) -> Reply:
    """Show the team's digest as it would be now, to this person alone."""
    return await _preview(turn, store, Edition(turn.place.channel))


async def train(turn: Turn, store: Store, words: str) -> Reply:
    """Show the whole train's digest, or turn it on or off."""
    verb, _, rest = words.partition(" ")
    match verb.lower():
        case "on":
            return await turn_on_train(turn, store, rest.strip())
        case "off":
            return await turn_off_train(turn, store, rest)
        case "" | "preview":
            return await _preview(turn, store, Edition(turn.place.channel, TRAIN))
        case _:
            raise Mistake(
                "For the train's digest: ",
                Typed("digest train"),
                ", ",
                Typed("digest train on Monday 9:00"),
            )


async def read_now(turn: Turn, store: Store, _: ReadNow) -> Reply:
    """Show this week's digest to whoever reads their own page."""
    known = await store.people.find(turn.person.id)
    chat = known.direct_channel if known else None
    return await _preview(turn, store, Edition(chat or turn.place.channel))


async def _preview(turn: Turn, store: Store, edition: Edition) -> Reply:
    if edition.level == TRAIN:
        require(turn, Permission.READ_TRAIN)
    team = await store.teams.resolve(edition.channel, turn.person.id)
    week = iso_week(team.zone, turn.now)
    story = await tell_week(store, team, edition, week, lead=turn.person.id, quiet=False)
    assert isinstance(story, Story), "a preview is told in full"
    card = await _draw(store, story, edition)
    if await store.digests.schedule(edition.channel, edition.level) is None:
        card = replace(card, nodes=(*card.nodes, cards.offer_schedule(edition)))
    return Whisper(card)


# --- what it leaves out ----------------------------------------------------------------------


async def mute(turn: Turn, store: Store, words: str) -> Reply:
    """Have the digest ask about an item no more."""
    return await _mute(turn, store, words, muted=True)


async def unmute(turn: Turn, store: Store, words: str) -> Reply:
    """Let the digest ask about an item again."""
    return await _mute(turn, store, words, muted=False)


async def _mute(turn: Turn, store: Store, words: str, *, muted: bool) -> Reply:
    require(turn, Permission.CHANGE_DIGEST)
    number = number_in((await store.records.with_numbers(words)).strip())
    if number is None:
        raise Mistake("Name the item by its number, such as: ", Typed("digest mute #42"))
    item = await store.items.find(number)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    if item is None or item.team_id != team.id:
        raise NotFound(f"There is no item #{number} here.")
    await store.teams.mute_in_digest(team.id, item.number, muted=muted)
    if muted:
        undo = f"digest unmute #{item.number}"
        return whisper(f"The digest asks about #{item.number} no more. To undo that: ", Typed(undo))
    return whisper(f"The digest may ask about #{item.number} again.")


async def only(turn: Turn, store: Store, words: str) -> Reply:
    """Choose up to three numbers for this team's digest; `all` lets the digest choose again."""
    require(turn, Permission.CHANGE_DIGEST)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    names = list(dict.fromkeys(words.lower().replace(",", " ").split()))
    known = ", ".join(NUMBERS)
    if names == ["all"]:
        await store.teams.set_digest_numbers(team.id, [])
        return whisper("The digest chooses its numbers again, by what the week was about.")
    unknown = [name for name in names if name not in NUMBERS]
    if unknown or not names or len(names) > NUMBERS_MAX:
        raise Mistake(f"Name up to {NUMBERS_MAX} of: {known}. Or: ", Typed("digest only all"))
    await store.teams.set_digest_numbers(team.id, names)
    return whisper(
        f"The digest shows {', '.join(names)}. To change back: ", Typed("digest only all")
    )


# --- draw ------------------------------------------------------------------------------------


async def draw(store: Store, view: DigestView) -> Card:
    """Draw a week's digest as it was told, with what became of its asks."""
    edition = Edition(view.channel, view.level)
    later = await told_since(store, edition, view.week)
    if has_a_newer_one(later):
        store.stays_as_it_is()
    story = await kept_story(store, edition, view.week)
    return await _draw(store, story, edition, still=still_since(later))


async def draw_details(store: Store, view: DetailsView) -> Card:
    """Draw the small print of a week's digest, as it was told."""
    store.stays_as_it_is()
    story = await kept_story(store, Edition(view.channel, view.level), view.week)
    return cards.small_print(view.week, story.details)


async def _draw(store: Store, story: Story, edition: Edition, *, still: str = "") -> Card:
    items = await store.items.several([ask.number for ask in story.asks])
    settled = {ask.number: await _settled(ask, items[ask.number], store) for ask in story.asks}
    people = [ask.person for ask in story.asks]
    if story.highlight is not None and (thanked := getattr(story.highlight, "person", None)):
        people.append(thanked)
    names = await store.people.named(people)
    known = await store.tracked.known_as(sorted(items))
    return cards.digest(story, names, edition=edition, settled=settled, still=still, known=known)


async def _settled(ask: Asked, item: Item, store: Store) -> str:
    """Return how an ask was settled, here or anywhere else, as a key of BECAME; "" if it stands."""
    if item.is_finished:
        return item.state
    if ask.action == "drop" and item.state in WORKING_STATES:
        return "started"
    if ask.action in ("remind", "take"):
        return await _settled_between_teams(ask, store)
    return ask.action if _is_answered(ask, item, store) else ""


async def _settled_between_teams(ask: Asked, store: Store) -> str:
    links = [link for link in await store.links.open_of(ask.number) if link.other]
    if ask.action == "take":
        return "" if any(link.target.team for link in links) else "take"
    if not links:
        return "freed"
    for_now = timedelta(days=cards.SNOOZE_DAYS)
    asleep = [link.reminded_at and link.reminded_at + for_now for link in links]
    until = min((moment for moment in asleep if moment and moment > store.now), default=None)
    store.holds_until(until)
    return "remind" if until else ""


def _is_answered(ask: Asked, item: Item, store: Store) -> bool:
    match ask.action:
        case "date":
            if item.due is not None:
                store.holds_until(datetime.combine(item.due + timedelta(days=1), time(), UTC))
            return item.due is not None and item.due >= store.now.date()
        case "assign":
            return item.owner is not None
        case "outcome":
            return bool(item.metric)
        case "refine":
            return item.state not in UNREADY_STATES
        case "drop" | "snooze":
            if item.snoozed_until is not None:
                store.holds_until(datetime.combine(item.snoozed_until, time(), UTC))
            return item.snoozed_until is not None and item.snoozed_until > store.now.date()
        case "remind" | "take":
            raise AssertionError("what stands between teams is settled above")


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
                "train": Verb(train, "digest train on Monday 9:00", "the whole train's digest"),
                "mute": Verb(mute, "digest mute #42", "asks about this item no more"),
                "unmute": Verb(unmute, "digest unmute #42", "may ask about it again"),
                "only": Verb(only, "digest only ready late", "chooses which numbers it shows"),
            },
        )
    },
    actions={
        OpenAsk: open_ask,
        AnswerAsk: answer_ask,
        Snooze: snooze,
        OpenSchedule: open_schedule,
        SaveSchedule: save_schedule,
        ReadNow: read_now,
        StopMine: stop_mine,
    },
    views={DigestView: draw, DetailsView: draw_details},
    due={TIMER: post},
    precompute={TIMER: precompute},
    on_page=on_page.entries,
)
