"""What must hold whatever people do: looked at after each step, or every so many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from sqlalchemy import select, text, update
from sqlmodel import SQLModel, col

from bot.cards import Card, Form, Input
from bot.platform import Address
from bot.turn import Command, Mistake, Person, Place, Turn
from bot.twins import twin
from bot.wire import encode, name_of
from bot.words import read_command
from storage import Store
from storage.ballots import CARDS, PlayedCard
from storage.confidence import ConfidenceBallot, ConfidenceVote
from storage.item_links import ItemLink
from storage.items import Item
from storage.notes import RetroNote
from storage.polls import Poll, PollItem
from storage.posts import PostRow
from storage.retros import Retro, RetroDots
from storage.tallies import COUNTED, Tally
from storage.teams import NoTeam
from tests.fakes.slack_blocks import home_problems, message_problems, view_problems
from tests.gallery.drawn import as_home, as_local, as_slack, as_teams
from tests.gallery.specimen import Specimen
from tests.hone import FakePlatform, Hone, Someone, buttons_of
from tests.monkey.typing import MARK

GHOST = "ghostwriter"
"""Somebody who only ever acts without a name: nothing may name them, anywhere."""

READS = (
    *("wsjf", "wsjf rank", "wsjf rank train", "wsjf export csv", "me", "backlog", "backlog #1"),
    *("backlog train", "digest", "digest train", "retro", "retro ia", "themes", "pi", "help"),
)
"""What somebody types to read whatever can be read."""


class Broken(AssertionError):
    """Something that must always hold does not."""


class Looking(FakePlatform):
    """A platform that looks at every card it is given, and remembers little."""

    def __init__(self, hone: Hone) -> None:
        super().__init__()
        self._hone = hone

    async def post(self, to: Address, card: Card) -> str:
        self._look(to, card)
        return await super().post(to, card)

    async def update(self, to: Address, ref: str, card: Card) -> None:
        self._look(to, card)
        await super().update(to, ref, card)
        del self.messages[ref].cards[:-1]

    def _look(self, to: Address, card: Card) -> None:
        is_drawn_everywhere(card, home=to.home is not None)
        can_be_read_back(self._hone, card)
        says_nothing_foreign(to.workspace, twin(card))


def is_drawn_everywhere(card: Card, *, home: bool = False) -> None:
    """Every renderer takes the card, and Slack would take what it is sent."""
    shown = Specimen("met by a monkey", card)
    as_teams(shown)
    as_local(shown)
    if home:
        problems = home_problems(as_home(shown))
    else:
        problems = message_problems(as_slack(shown)["blocks"])
    if problems or not twin(card).strip() or not card.summary.strip():
        raise Broken(f"{problems or 'an empty card'}: {twin(card)[:600]}")


def form_is_drawn_everywhere(form: Form, errors: Mapping[str, str]) -> None:
    # What is longer than a field no screen would have let through.
    fitting = tuple(
        replace(each, value=each.value[: each.max_chars]) if isinstance(each, Input) else each
        for each in form.fields
    )
    shown = Specimen("met by a monkey", replace(form, fields=fitting), errors)
    as_teams(shown)
    as_local(shown)
    if problems := view_problems(as_slack(shown)):
        raise Broken(f"{problems}: {form}"[:900])
    if not all(sentence.strip() for sentence in errors.values()):
        raise Broken(f"an error without a word: {errors}")


def can_be_read_back(hone: Hone, card: Card) -> None:
    for button in buttons_of(card):
        assert hone.router.wire.decode_action(encode(button.action)) == button.action


def says_nothing_foreign(workspace: str, said: str) -> None:
    """No words of another workspace, and nobody who wants to stay unnamed."""
    for mark in MARK.finditer(said):
        if mark[1] != workspace.removeprefix("test:"):
            raise Broken(f"words of {mark[1]} in {workspace}: {said[:600]}")
    if GHOST in said.lower():
        raise Broken(f"the ghost is named: {said[:600]}")


async def is_for_outsider(hone: Hone, person: Someone, said: str, channels: Sequence[str]) -> None:
    """Who is let into some channels reads no words of the items of other teams."""
    marks = {mark[0] for mark in MARK.finditer(said)}
    if not marks:
        return
    async with hone.database.read(person.workspace, hone.now) as store:
        # A channel may have changed its team since they last spoke there.
        teams = [team.id for each in channels if (team := await store.teams.of_channel(each))]
        teams += await store.people.teams_of(person.who.id)
        rows = await store.session.scalars(
            select(Item).where(col(Item.workspace) == person.workspace)
        )
        items = rows.all()
        links = await store.session.execute(
            select(col(ItemLink.number), col(ItemLink.on_item)).where(
                col(ItemLink.workspace) == person.workspace, col(ItemLink.on_item).is_not(None)
            )
        )
        votes = select(col(Poll.id)).where(
            col(Poll.workspace) == person.workspace, col(Poll.team_id).in_(teams)
        )
        asked = await store.session.scalars(
            select(col(PollItem.number)).where(
                col(PollItem.workspace) == person.workspace, col(PollItem.poll_id).in_(votes)
            )
        )
        voted_on = set(asked.all())  # members bring items of other teams into their team's votes
    theirs = {i.number for i in items if i.team_id in teams or i.created_by == person.who.id}
    theirs |= {i.number for i in items if i.owner == person.who.id}
    # Both teams of a dependency read of its two ends, in their channel.
    ends = {(number, end) for number, end in links if end is not None}
    told = (
        voted_on
        | theirs
        | {b for a, b in ends if a in theirs}
        | {a for a, b in ends if b in theirs}
    )
    own, others = set[str](), set[str]()
    for item in items:
        is_own = item.number in told
        written = " ".join((item.title, item.description, *item.themes))
        found = {mark[0] for mark in MARK.finditer(written)}
        (own if is_own else others).update(found)
    if foreign := marks & (others - own):
        raise Broken(f"{person.who.id} reads {foreign} of another team: {said[:600]}")


# --- what the database says ------------------------------------------------------------------


class Undone(Exception):
    """Ends a transaction that only looked."""

    def __init__(self, seen: Any) -> None:
        self.seen = seen


async def in_vain(hone: Hone, workspace: str, look: Any) -> Any:
    """Return what is seen in a transaction of which nothing stays."""

    async def looked(store: Store) -> None:
        raise Undone(await look(store))

    try:
        await hone.database.write(workspace, hone.now, looked)
    except Undone as undone:
        return undone.seen
    raise AssertionError("nothing was undone")


async def sums_are_those_of_a_recount(hone: Hone, workspace: str) -> None:
    async def both(store: Store) -> tuple[Any, Any]:
        before = await _sums(store)
        await store.excerpts.recount()
        return before, await _sums(store)

    before, after = await in_vain(hone, workspace, both)
    if before != after:
        raise Broken(f"sums differ from a recount: {set(before) ^ set(after)}")


async def _sums(store: Store) -> list[Any]:
    wanted = select(col(Tally.team_id), col(Tally.due), *(col(getattr(Tally, n)) for n in COUNTED))
    rows = await store.session.execute(wanted.where(col(Tally.workspace) == store.workspace))
    return sorted(tuple(row) for row in rows if any(row[2:]))


async def nothing_names_the_ghost(hone: Hone) -> None:
    async with hone.database.read("", hone.now) as store:
        for table in SQLModel.metadata.sorted_tables:
            for row in await store.session.execute(select(table)):
                if GHOST in repr(tuple(row)).lower():
                    raise Broken(f"the ghost stands in {table.name}: {tuple(row)}")


async def keys_lead_somewhere(hone: Hone) -> None:
    """SQLite checks its foreign keys; no post is a dead letter that no platform refused."""
    async with hone.database.read("", hone.now) as store:
        if hone.database.is_sqlite:
            dangling = (await store.session.execute(text("PRAGMA foreign_key_check"))).all()
            if dangling:
                raise Broken(f"foreign keys: {dangling[:3]}")
        dead = await store.session.execute(
            select(col(PostRow.view), col(PostRow.last_error)).where(col(PostRow.state) == "dead")
        )
        if stuck := dead.all():
            raise Broken(f"dead letters: {stuck[:3]}")


# --- what is hidden --------------------------------------------------------------------------


async def nothing_hidden_shows(
    hone: Hone, workspace: str, dice: Random, met: MutableMapping[str, int]
) -> None:
    """Change every card, dot and note that is not revealed: nobody may see a difference."""
    plain = await in_vain(hone, workspace, lambda store: _all_that_shows(hone, store))

    async def other_hands(store: Store) -> Any:
        met["hidden"] = met.get("hidden", 0) + await _shuffle_hidden(store, dice)
        return await _all_that_shows(hone, store)

    changed = await in_vain(hone, workspace, other_hands)
    for where, shown in plain.items():
        if shown != changed[where]:
            raise Broken(f"a hidden value shows in {where}:\n{shown}\n{changed[where]}")


async def _all_that_shows(hone: Hone, store: Store) -> dict[str, str]:
    """Draw the newest posts and ask for everything that can be read, each in vain."""
    newest = (
        select(col(PostRow.view))
        .where(col(PostRow.workspace) == store.workspace, col(PostRow.state) == "live")
        .order_by(col(PostRow.created_at).desc(), col(PostRow.id))
        .limit(40)
    )
    shown: dict[str, str] = {}
    for view in dict.fromkeys((await store.session.scalars(newest)).all()):
        try:
            shown[view] = repr((await hone.router.draw(store, view)).card)
        except Mistake as mistake:
            shown[view] = repr(mistake.card)
    reader = Person("reader", "Reader", "UTC", "en", "admin")
    for line in READS:
        name, rest = read_command(line)
        turn = Turn(
            *(store.workspace, Place("alpha", "alpha"), reader, Command(name, rest), hone.now),
            *("a reader's", hone.now),
        )
        nested = await store.session.begin_nested()
        try:
            shown[line] = repr(await hone.router._once(turn, store))
        except Mistake as mistake:
            shown[line] = repr(mistake.card)
        except NoTeam:
            pass
        await nested.rollback()
        store.session.expunge_all()
    return shown


async def _shuffle_hidden(store: Store, dice: Random) -> int:
    """Put other values in place of all that nobody has revealed; return how many."""
    mine = store.workspace
    changed = 0

    async def put(table: Any, *where: Any, **values: Any) -> int:
        done = await store.session.execute(
            update(table).where(col(table.workspace) == mine, *where).values(**values)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]

    open_polls = select(col(Poll.id), col(Poll.round)).where(
        col(Poll.workspace) == mine, col(Poll.state) == "open"
    )
    for poll, round_ in (await store.session.execute(open_polls)).all():
        of_round = (col(PlayedCard.poll_id) == poll, col(PlayedCard.round) == round_)
        for column in ("ubv", "tc", "rroe", "size"):
            of_column = col(PlayedCard.column) == column
            changed += await put(PlayedCard, *of_round, of_column, card=dice.choice(CARDS))
    open_fists = select(col(ConfidenceVote.id)).where(
        col(ConfidenceVote.workspace) == mine, col(ConfidenceVote.state) == "open"
    )
    for vote in (await store.session.scalars(open_fists)).all():
        of_vote = col(ConfidenceBallot.vote_id) == vote
        changed += await put(ConfidenceBallot, of_vote, fist=dice.randint(1, 5))
    retros = select(col(Retro.id), col(Retro.stage)).where(col(Retro.workspace) == mine)
    for retro, stage in (await store.session.execute(retros)).all():
        if stage == "collecting":
            changed += await put(RetroNote, col(RetroNote.retro_id) == retro, text="other words")
        if stage == "voting":
            changed += await _move_dots(store, retro)
    return changed


async def _move_dots(store: Store, retro: int) -> int:
    """Give the first group's dots to the second, of those who gave it none."""
    mine = (col(RetroDots.workspace) == store.workspace, col(RetroDots.retro_id) == retro)
    groups = [group.no for group in await store.retros.groups(retro)]
    if len(groups) < 2:
        return 0
    gave = select(col(RetroDots.voter)).where(*mine, col(RetroDots.group_no) == groups[1])
    voters = (await store.session.scalars(gave)).all()
    done = await store.session.execute(
        update(RetroDots)
        .where(*mine, col(RetroDots.group_no) == groups[0], col(RetroDots.voter).not_in(voters))
        .values(group_no=groups[1])
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def unreached(hone: Hone, done: Counter[str]) -> list[str]:
    """Return the wire names of the actions that nobody has completed yet."""
    return sorted({name_of(kind) for kind in hone.router._actions} - set(done))
