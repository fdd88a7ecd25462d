"""One workspace's data inside one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from storage.asked import Questions
from storage.audit import Audit
from storage.backlog import Backlog
from storage.ballots import Ballots
from storage.channels import Channels
from storage.confidence import Confidence
from storage.conversations import Conversations
from storage.digests import Digests
from storage.edits import note_edited, take_captured, take_edited
from storage.excerpts import Excerpts
from storage.followed import FollowedItems
from storage.imports import Imports
from storage.inbox import Inbox
from storage.intakes import Intakes
from storage.items import Items
from storage.iterations import Iterations
from storage.lines import Lines
from storage.links import Links
from storage.looking_back import LookingBack
from storage.notes import Notes
from storage.objectives import Objectives
from storage.pages import Pages
from storage.people import People
from storage.phrasings import Phrasings
from storage.plans import FollowedPlans
from storage.polls import Polls
from storage.posts import Posts
from storage.readings import Readings
from storage.records import Records
from storage.repository import Repository, flush
from storage.retros import Retros
from storage.risks import Risks
from storage.rounds import Rounds
from storage.scores import Scores
from storage.shipped import ShippedItems
from storage.sign_ins import SignIns
from storage.strategy import Strategy
from storage.subjects import (
    ANYTHING,
    Shown,
    begin_to_draw,
    can_wait,
    end_of_drawing,
    is_wide,
    shown_in,
)
from storage.tallies import Tallies, settle
from storage.teams import Teams
from storage.themes import Themes
from storage.tickets import SampleTickets
from storage.timers import Timers
from storage.titles import Titles
from storage.tracked import TrackedItems
from storage.trackers import Trackers
from storage.transfers import Transfers
from storage.types import hour_of
from storage.vectors import Meaning, Vectors
from storage.voices import Voices
from storage.waiting import Waiting
from storage.workshops import Workshops
from storage.workspaces import Workspaces

Queries = TypeVar("Queries", bound=Repository)


class Bound(cached_property[Queries]):
    """A group of queries of a store, made when it is first asked for."""

    def __init__(self, group: type[Queries]) -> None:
        super().__init__(lambda store: group(store.session, store.workspace, store.now))
        self.group = group


class Store:
    """Queries bound to a workspace: nothing read or written through it belongs to another.

    `now` is the time of the transaction (aware UTC). `meaning` tells what texts mean, where
    likeness by meaning is on.
    """

    workspaces = Bound(Workspaces)
    people = Bound(People)
    channels = Bound(Channels)
    teams = Bound(Teams)
    items = Bound(Items)
    titles = Bound(Titles)
    voices = Bound(Voices)
    phrasings = Bound(Phrasings)
    backlog = Bound(Backlog)
    asked = Bound(Questions)
    tallies = Bound(Tallies)
    excerpts = Bound(Excerpts)
    imports = Bound(Imports)
    tracked = Bound(TrackedItems)
    trackers = Bound(Trackers)
    followed = Bound(FollowedItems)
    records = Bound(Records)
    readings = Bound(Readings)
    sign_ins = Bound(SignIns)
    tickets = Bound(SampleTickets)
    transfers = Bound(Transfers)
    intakes = Bound(Intakes)
    links = Bound(Links)
    looking_back = Bound(LookingBack)
    conversations = Bound(Conversations)
    polls = Bound(Polls)
    ballots = Bound(Ballots)
    retros = Bound(Retros)
    notes = Bound(Notes)
    themes = Bound(Themes)
    workshops = Bound(Workshops)
    rounds = Bound(Rounds)
    scores = Bound(Scores)
    shipped = Bound(ShippedItems)
    iterations = Bound(Iterations)
    strategy = Bound(Strategy)
    objectives = Bound(Objectives)
    plans = Bound(FollowedPlans)
    confidence = Bound(Confidence)
    risks = Bound(Risks)
    digests = Bound(Digests)
    vectors = Bound(Vectors)
    posts = Bound(Posts)
    pages = Bound(Pages)
    waiting = Bound(Waiting)
    timers = Bound(Timers)
    inbox = Bound(Inbox)
    audit = Bound(Audit)
    lines = Bound(Lines)

    def __init__(
        self,
        session: AsyncSession,
        workspace: str,
        now: datetime,
        meaning: Meaning | None = None,
    ) -> None:
        self.session = session
        self.workspace = workspace
        self.now = now
        self.meaning = meaning

    def at(self, moment: datetime) -> Store:
        """Return the same transaction as if it happened at another time."""
        return Store(self.session, self.workspace, moment, self.meaning)

    def to_the_hour(self) -> Store:
        """Return the same transaction at the hour's beginning: no exact time is left behind."""
        return self.at(hour_of(self.now))

    @property
    def woke(self) -> bool:
        """Whether a new post is due, so that other replicas should look."""
        return bool(self.session.info.get("posted"))

    @property
    def touched_posts(self) -> bool:
        """Whether any post became due."""
        return bool(self.session.info.get("touched"))

    def note_edited(self, numbers: Collection[int]) -> None:
        """Note items that may not be any more as other tools know them."""
        note_edited(self.session, numbers)

    def take_captured(self) -> frozenset[int]:
        """Return the items that people wrote down in this transaction; once."""
        return take_captured(self.session)

    def take_edited(self) -> frozenset[int]:
        """Return the items that were edited in this transaction; once."""
        return take_edited(self.session)

    async def finish(self) -> None:
        """Write what gathered in the transaction: the last thing to do before its commit."""
        await flush(self.session)
        if "tallied" in self.session.info:
            await settle(self.session)
        marked: set[str] = self.session.info.pop("marked", set())
        if wide := {subject for subject in marked if is_wide(subject)}:
            await self.timers.redraw_soon(wide)
        if patient := {subject for subject in marked if can_wait(subject)}:
            await self.posts.show_changes(patient, can_wait=True)
        if marked:
            await self.posts.show_changes({ANYTHING, *(marked - wide - patient)})

    @contextmanager
    def drawing(self) -> Iterator[Shown]:
        """Note what is read from now on: what a card shows, and how long it holds."""
        shown = begin_to_draw(self.session.sync_session)
        try:
            yield shown
        finally:
            end_of_drawing(self.session.sync_session)

    def holds_until(self, moment: datetime | None) -> None:
        """Note that time alone makes what is drawn now say something else from a moment on."""
        shown = shown_in(self.session.sync_session)
        if shown is not None and moment is not None and moment > self.now:
            shown.holds_until(moment)

    def stays_as_it_is(self) -> None:
        """Note that what is drawn now is not drawn again, but where words of it must go."""
        shown = shown_in(self.session.sync_session)
        if shown is not None:
            shown.frozen = True
