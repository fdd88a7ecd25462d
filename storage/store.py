"""One workspace's data inside one transaction."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from storage.asked import Questions
from storage.audit import Audit
from storage.backlog import Backlog
from storage.ballots import Ballots
from storage.confidence import Confidence
from storage.conversations import Conversations
from storage.counters import next_number
from storage.digests import Digests
from storage.excerpts import Excerpts
from storage.imports import Imports
from storage.inbox import Inbox
from storage.items import Items
from storage.iterations import Iterations
from storage.lines import Lines
from storage.links import Links
from storage.notes import Notes
from storage.objectives import Objectives
from storage.pages import Pages
from storage.people import People
from storage.polls import Polls
from storage.posts import Posts
from storage.retros import Retros
from storage.risks import Risks
from storage.rounds import Rounds
from storage.scope import flush
from storage.scores import Scores
from storage.shipped import ShippedItems
from storage.strategy import Strategy
from storage.tallies import Tallies, settle
from storage.teams import Channels, Teams
from storage.themes import Themes
from storage.timers import Timers
from storage.vectors import Meaning, Vectors
from storage.waiting import Waiting
from storage.workspaces import Workspaces


class Store:
    """Queries bound to a workspace: nothing read or written through it belongs to another.

    `now` is the time of the transaction (aware UTC). `meaning` tells what texts mean, where
    likeness by meaning is on.
    """

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

    def to_the_hour(self) -> Store:
        """Return the same transaction at the hour's beginning: no exact time is left behind."""
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        return Store(self.session, self.workspace, hour, self.meaning)

    @property
    def woke(self) -> bool:
        """Whether a new post is due, so that other replicas should look."""
        return bool(self.session.info.get("posted"))

    @property
    def touched_posts(self) -> bool:
        """Whether any post became due."""
        return bool(self.session.info.get("touched"))

    async def finish(self) -> None:
        """Write what gathered in the transaction: the last thing to do before its commit."""
        await flush(self.session)
        if "tallied" in self.session.info:
            await settle(self.session)

    async def next_number(self, name: str) -> int:
        """Return the next of this workspace's numbers for `name`: 1, 2, 3 …"""
        return await next_number(self.session, self.workspace, name)

    @cached_property
    def workspaces(self) -> Workspaces:
        return Workspaces(self.session, self.workspace, self.now)

    @cached_property
    def people(self) -> People:
        return People(self.session, self.workspace, self.now)

    @cached_property
    def channels(self) -> Channels:
        return Channels(self.session, self.workspace, self.now)

    @cached_property
    def teams(self) -> Teams:
        return Teams(self.session, self.workspace, self.now)

    @cached_property
    def items(self) -> Items:
        return Items(self.session, self.workspace, self.now)

    @cached_property
    def backlog(self) -> Backlog:
        return Backlog(self.session, self.workspace, self.now)

    @cached_property
    def asked(self) -> Questions:
        return Questions(self.session, self.workspace, self.now)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies(self.session, self.workspace, self.now)

    @cached_property
    def excerpts(self) -> Excerpts:
        return Excerpts(self.session, self.workspace, self.now)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self.session, self.workspace, self.now)

    @cached_property
    def links(self) -> Links:
        return Links(self.session, self.workspace, self.now)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.session, self.workspace, self.now)

    @cached_property
    def polls(self) -> Polls:
        return Polls(self.session, self.workspace, self.now)

    @cached_property
    def ballots(self) -> Ballots:
        return Ballots(self.session, self.workspace, self.now)

    @cached_property
    def retros(self) -> Retros:
        return Retros(self.session, self.workspace, self.now)

    @cached_property
    def notes(self) -> Notes:
        return Notes(self.session, self.workspace, self.now)

    @cached_property
    def themes(self) -> Themes:
        return Themes(self.session, self.workspace, self.now)

    @cached_property
    def rounds(self) -> Rounds:
        return Rounds(self.session, self.workspace, self.now)

    @cached_property
    def scores(self) -> Scores:
        return Scores(self.session, self.workspace, self.now)

    @cached_property
    def shipped(self) -> ShippedItems:
        return ShippedItems(self.session, self.workspace, self.now)

    @cached_property
    def iterations(self) -> Iterations:
        return Iterations(self.session, self.workspace, self.now)

    @cached_property
    def strategy(self) -> Strategy:
        return Strategy(self.session, self.workspace, self.now)

    @cached_property
    def objectives(self) -> Objectives:
        return Objectives(self.session, self.workspace, self.now)

    @cached_property
    def confidence(self) -> Confidence:
        return Confidence(self.session, self.workspace, self.now)

    @cached_property
    def risks(self) -> Risks:
        return Risks(self.session, self.workspace, self.now)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.session, self.workspace, self.now)

    @cached_property
    def vectors(self) -> Vectors:
        return Vectors(self.session, self.workspace, self.now)

    @cached_property
    def posts(self) -> Posts:
        return Posts(self.session, self.workspace, self.now)

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.session, self.workspace, self.now)

    @cached_property
    def waiting(self) -> Waiting:
        return Waiting(self.session, self.workspace, self.now)

    @cached_property
    def timers(self) -> Timers:
        return Timers(self.session, self.workspace, self.now)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.session, self.workspace, self.now)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.session, self.workspace, self.now)

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.session, self.workspace, self.now)
