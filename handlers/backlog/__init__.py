"""Read the backlog in private, by rank or by what is wrong; move, split and lift its items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.cards import Card, Typed
from bot.feature import CommandSpec, Feature, Verb
from bot.text import alike
from bot.turn import Mistake, NotFound, Reply, Turn, Whisper
from handlers.backlog import cards, changing, deps_cards, outdone, story
from handlers.backlog.actions import (
    Decide,
    OpenLift,
    OpenSplit,
    SaveLift,
    SaveMove,
    SaveSplit,
    TurnPage,
    UseMine,
)
from handlers.backlog.exchange import asking, background
from handlers.backlog.exchange.actions import (
    BeginImport,
    ChooseColumns,
    CloseExport,
    ExplainWords,
    GuessRest,
    ImportRows,
    IntakeView,
    LeaveIntake,
    OpenIntake,
    ShowNotes,
    TurnExport,
)
from handlers.backlog.listed import keys_of, names_of, search_items
from handlers.backlog.search import find
from handlers.reader.tails import without_courtesy
from handlers.rules.access import Permission
from handlers.rules.few import (
    is_only_one,
    keyed,
    left_unsigned,
    must_not_name_team,
    small_teams,
    without_small_teams,
)
from handlers.rules.guard import readable, readable_item, require
from handlers.rules.naming import items_named
from handlers.rules.numbers import number_in, numbers_in
from handlers.rules.pace import stale_since
from handlers.ui.actions import OpenMove
from handlers.ui.lately import IT, changed_lately
from handlers.ui.there import elsewhere
from handlers.ui.verbs import NumberVerb
from handlers.ui.views import ConflictsView, OutdoneView
from storage import Store
from storage.backlog import EVERYTHING_OPEN, Ranked, Wanted
from storage.teams import Team

DONE_WITHIN = timedelta(days=cards.DONE_DAYS)


async def backlog(turn: Turn, store: Store, line: str) -> Reply:
    """Show the ranked backlog, the item whose number was typed, or what has these words."""
    if (number := number_in(await store.records.with_numbers(line))) is not None:
        return await _item(turn, store, number)
    if line:
        return await search_items(turn, store, line)
    return await _listing(turn, store, "open")


async def mine(turn: Turn, store: Store, rest: str) -> Reply:
    """Show the caller's open items."""
    return await _listing_or_search(turn, store, "mine", rest)


async def unowned(turn: Turn, store: Store, rest: str) -> Reply:
    """Show open items without an owner."""
    return await _listing_or_search(turn, store, "unowned", rest)


async def ready(turn: Turn, store: Store, rest: str) -> Reply:
    """Show what is ready to be planned."""
    return await _listing_or_search(turn, store, "ready", rest)


async def stale(turn: Turn, store: Store, rest: str) -> Reply:
    """Show what nobody touched for a long time."""
    return await _listing_or_search(turn, store, "stale", rest)


async def train(turn: Turn, store: Store, rest: str) -> Reply:
    """Show the items of the whole train, whichever of its teams captured them."""
    return await _listing_or_search(turn, store, "train", rest)


async def deps(turn: Turn, store: Store, rest: str) -> Reply:
    """Show what the team waits for and who waits for it; `deps train`: all of the train's."""
    wanted = without_courtesy(rest).lower()
    if wanted not in ("", "train"):
        return await search_items(turn, store, f"deps {rest}")
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Whisper(await _dependencies(turn, store, team, TRAIN_DEPS if wanted else DEPS, 0))


async def split(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Open the form that splits an item."""
    return await changing.open_split(turn, store, OpenSplit(numbers[0]))


async def lift(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Open the form that makes an item part of one of the whole train."""
    first, *others = dict.fromkeys(numbers)
    more = ",".join(str(number) for number in others[: changing.LIFTED_MAX])
    return await changing.open_lift(turn, store, OpenLift(first, more))


async def done(turn: Turn, store: Store, rest: str) -> Reply:
    """Show what was finished lately, the latest first."""
    is_lately = alike(without_courtesy(rest)) in _LATELY
    return await _listing_or_search(turn, store, "done", "" if is_lately else rest)


async def turn_page(turn: Turn, store: Store, act: TurnPage) -> Reply:
    """Show another page in place of this one; past the end, the last one there is now."""
    team = await readable(turn, store, act.team_id)
    if team is None or act.listing not in (*_LISTINGS, STALE, DEPS, TRAIN_DEPS):
        raise NotFound("There is no such list here.")
    if act.listing in (DEPS, TRAIN_DEPS):
        card = await _dependencies(turn, store, team, act.listing, act.page)
        return Whisper(card, replaces=True)
    return Whisper(await _page(turn, store, team, act.listing, act.page), replaces=True)


def _by_number(name: str, verb: NumberVerb) -> Verb:
    """Return a verb on numbered items; `backlog owner unclear` is a search."""

    async def run(turn: Turn, store: Store, rest: str) -> Reply:
        line = await store.records.with_numbers(rest, leading=True)
        if line.split()[:1] == [IT]:
            line = line.replace(IT, f"#{await _it(turn, store, verb)}", 1)
        numbers, words = numbers_in(line)
        if not numbers and (named := items_named(line)).numbers and not named.rest:
            numbers = list(named.numbers)  # a range, or a number with a word before it
        if numbers or (verb.bare and not rest):
            return await verb.run(turn, store, numbers, words)
        return await search_items(turn, store, f"{name} {rest}")

    return Verb(run, verb.example, verb.what)


async def _it(turn: Turn, store: Store, verb: NumberVerb) -> int:
    last = await changed_lately(turn, store)
    if last is None:
        raise Mistake("Which item? Name it by its number, such as: ", Typed(verb.example))
    return last.number


# --- lists -----------------------------------------------------------------------------------

_LATELY = frozenset(
    {"lately", "recently", "this week", "last week", "this month", "this sprint", "last sprint"}
)
STALE = "stale"
DEPS, TRAIN_DEPS = "deps", "deps train"
_LISTINGS: dict[str, Callable[[Turn], Wanted]] = {
    "open": lambda turn: EVERYTHING_OPEN,
    "mine": lambda turn: Wanted(owner=turn.person.id),
    "unowned": lambda turn: Wanted(unowned=True),
    "ready": lambda turn: Wanted(states=("ready",)),
    "train": lambda turn: Wanted(train=True),
    "done": lambda turn: Wanted(accepted_since=turn.now - DONE_WITHIN),
}


async def _listing_or_search(turn: Turn, store: Store, listing: str, rest: str) -> Reply:
    """`backlog done` is a list, `backlog done twice` is a search."""
    if without_courtesy(rest):
        return await search_items(turn, store, f"{listing} {rest}")
    return await _listing(turn, store, listing)


async def _listing(turn: Turn, store: Store, listing: str) -> Reply:
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Whisper(await _page(turn, store, team, listing, 0))


async def _page(turn: Turn, store: Store, team: Team, listing: str, page: int) -> Card:
    if listing == "train":
        require(turn, Permission.READ_TRAIN)
    wanted = await _wanted(turn, store, team, listing)
    total, unscored = await store.backlog.count(team.id, wanted)
    if not total:
        return cards.nothing(team, listing)
    page = min(max(page, 0), (total - 1) // cards.PAGE_ITEMS)
    rows = await store.backlog.page(
        team.id, wanted, limit=cards.PAGE_ITEMS, offset=page * cards.PAGE_ITEMS
    )
    people = await names_of(store, [row.item.owner for row in rows])
    teams = await _teams_of_train(store, team, rows) if listing == "train" else cards.NO_TEAMS
    shown = cards.Rows(rows, people, teams, await keys_of(store, rows, teams.hidden))
    return cards.listing(team, listing, shown, total, unscored, page)


async def _dependencies(turn: Turn, store: Store, team: Team, listing: str, page: int) -> Card:
    few = await small_teams(store, team)
    if listing == TRAIN_DEPS:
        require(turn, Permission.READ_TRAIN)
        train = await store.teams.train(team.train_id)
        assert train is not None, "a team belongs to a train that exists"
        links = await without_small_teams(
            store, await store.links.between_teams(team.train_id), few
        )
        known = await store.tracked.known_as(keyed(links))
        return deps_cards.of_train(train.name, team.id, links, known, turn.now, page)
    waits = await without_small_teams(store, await store.links.open_of_team(team.id), few)
    awaited = await without_small_teams(store, await store.links.awaited_of_team(team.id), few)
    known = await store.tracked.known_as(keyed([*waits, *awaited]))
    return deps_cards.of_team(team, waits, awaited, known, turn.now, page)


async def _teams_of_train(store: Store, team: Team, rows: Sequence[Ranked]) -> cards.Teams:
    names = {each.id: each.name for each in await store.teams.in_train(team.train_id)}
    few = await small_teams(store, team)
    hidden = [row.item.number for row in rows if must_not_name_team(row.item, few)]
    return cards.Teams(names, await left_unsigned(store, hidden), is_only_one(few))


async def _wanted(turn: Turn, store: Store, team: Team, listing: str) -> Wanted:
    if listing == "train":
        few = await small_teams(store, team)
        # Without its team's name it would still be the only small team's.
        return Wanted(train=True, unsigned_not_of=few if is_only_one(few) else frozenset())
    if listing == STALE:
        return Wanted(stale=await stale_since(store, team))
    return _LISTINGS[listing](turn)


# --- one item --------------------------------------------------------------------------------


async def _item(turn: Turn, store: Store, number: int) -> Reply:
    """Show an item with all that happened to it; guests see only the team they are with."""
    item = await readable_item(turn, store, number)
    events = await store.items.history(number)
    people = await names_of(store, [item.owner, item.created_by, *story.people_in(events)])
    around = story.Around(
        tuple(await store.backlog.related(number)),
        tuple(await store.links.open_of(number)),
        tuple(await store.links.waiting_for(number)),
        tuple((await store.tracked.of_items([number])).get(number, ())),
        await elsewhere(store, item),
    )
    objectives = await store.objectives.titles(story.objectives_in(item, events))
    names = story.Names(people, objectives)
    return Whisper(story.item_history(item, events, names, turn.person.zone, around))


BY_NUMBER = {
    "move": NumberVerb(
        changing.move, "backlog move #42 in progress", "moves it on; alone, asks where to"
    ),
    "split": NumberVerb(split, "backlog split #42", "makes two or more items of one"),
    "lift": NumberVerb(
        lift, "backlog lift #42", "makes it, or several, part of an item of the train"
    ),
}


def feature(others: Mapping[str, NumberVerb]) -> Feature:
    """Return the backlog with further verbs on items, which other features bring."""
    verbs = {**BY_NUMBER, **others}
    return Feature(
        name="backlog",
        find=find,
        commands={
            "backlog": CommandSpec(
                summary="Read the backlog, for your eyes only",
                run=backlog,
                example="backlog",
                what="shows the open items by rank; words after it search, overdue, due this week "
                "or >8 points narrow it down, #42 shows one item's story",
                verbs={
                    "mine": Verb(mine, "backlog mine", "shows the open items you own"),
                    "unowned": Verb(
                        unowned, "backlog unowned", "shows open items without an owner"
                    ),
                    "ready": Verb(ready, "backlog ready", "shows what is ready to be planned"),
                    "stale": Verb(stale, "backlog stale", "shows what nobody touched lately"),
                    "deps": Verb(
                        deps,
                        "backlog deps",
                        "shows what your items wait for and who waits for them; "
                        "“backlog deps train”: the whole train's",
                    ),
                    "train": Verb(train, "backlog train", "shows the items of the whole train"),
                    **{name: _by_number(name, verb) for name, verb in verbs.items()},
                    "import": Verb(
                        asking.bring_in,
                        "backlog import",
                        "takes in a file, CSV, JSON or .xlsx, or rows of a spreadsheet",
                        takes_files=True,
                    ),
                    "export": Verb(
                        asking.hand_out, "backlog export", "hands the backlog out as CSV"
                    ),
                    "done": Verb(
                        done,
                        "backlog done",
                        f"shows what was done in the last {cards.DONE_DAYS} days",
                    ),
                },
                free_text=True,
            )
        },
        actions={
            TurnPage: turn_page,
            OpenMove: changing.open_move,
            SaveMove: changing.save_move,
            OpenSplit: changing.open_split,
            SaveSplit: changing.save_split,
            OpenLift: changing.open_lift,
            SaveLift: changing.save_lift,
            UseMine: outdone.use_mine,
            Decide: outdone.decide,
            ImportRows: asking.import_rows,
            OpenIntake: asking.open_intake,
            LeaveIntake: asking.leave_intake,
            ShowNotes: asking.show_notes,
            ChooseColumns: asking.choose_columns,
            ExplainWords: asking.explain_words,
            GuessRest: asking.guess_rest,
            BeginImport: asking.begin_import,
            TurnExport: asking.turn_export,
            CloseExport: asking.close_export,
        },
        views={
            IntakeView: background.draw,
            OutdoneView: outdone.draw,
            ConflictsView: outdone.draw_conflicts,
        },
        due={background.TIMER: background.save_piece},
        precompute={background.TIMER: background.look},
        on_document=asking.take_document,
    )
