"""What waits for one person, across all their teams: the look-ups behind a person's own page.

Each stays within an index for the person or for their teams' channels. None reads what somebody
voted, gave or wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlmodel import col

from storage.asked import Asked
from storage.ballots import PlayedCard
from storage.confidence import OPEN as VOTING_ON_PLAN
from storage.confidence import OPEN_VOTES, ConfidenceBallot, ConfidenceVote
from storage.conversations import Conversation, newest_open
from storage.digests import TEAM, Digest
from storage.items import RANKING, Item
from storage.objectives import PlanningInterval
from storage.polls import OPEN, Poll, PollItem, asked_in, asked_of
from storage.reminders import CHECK, DUE
from storage.repository import Repository
from storage.retros import OPEN_STAGES, Retro, RetroDots
from storage.states import OPEN_STATES
from storage.teams import Channel, Team

DIGESTS_KEPT_FOR = timedelta(weeks=8)
"""An older digest says nothing about the backlog as it is."""


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """A vote that takes cards, where, and the items it asks for."""

    poll: Poll
    channel: str
    numbers: tuple[int, ...]


class Waiting(Repository):
    async def polls(self, teams: Sequence[int], person: str, limit: int = 20) -> Sequence[OpenPoll]:
        """Return the teams' open votes that the person has not finished, the first to close first.

        Only counts of the person's own cards are read, never a card.
        """
        self._shows(f"hand:{person}", *(f"polls:{team}" for team in teams))
        rows = await self._session.execute(
            select(Poll, col(Channel.name))
            .join(Channel, _same(Channel, Poll) & (col(Channel.id) == col(Poll.channel)))
            .where(
                col(Channel.workspace) == self._workspace,
                col(Channel.team_id).in_(teams),
                col(Poll.state) == OPEN,
            )
            .order_by(col(Poll.closes_at).is_(None), col(Poll.closes_at), col(Poll.id))
            .limit(limit)
        )
        polls = [(poll, name) for poll, name in rows if poll.takes_votes(self._now)]
        self._shows(*(f"channel:{poll.channel}" for poll, _ in polls))
        if not polls:
            return ()
        ids = [poll.id for poll, _ in polls]
        numbers = await self._numbers(ids)
        played = await self._played(ids, person)
        open_polls = []
        for poll, name in polls:
            asked = asked_of(numbers[poll.id], poll.asked)
            done = sum(
                count >= asked_in(column, len(asked), poll.left_out)
                for column, count in played.get(poll.id, ())
            )
            if done < len(poll.columns):
                open_polls.append(OpenPoll(poll, name, asked))
        return open_polls

    async def _numbers(self, polls: Sequence[int]) -> dict[int, tuple[int, ...]]:
        rows = await self._session.execute(
            select(col(PollItem.poll_id), col(PollItem.number))
            .where(col(PollItem.workspace) == self._workspace, col(PollItem.poll_id).in_(polls))
            .order_by(col(PollItem.position))
        )
        numbers: dict[int, tuple[int, ...]] = dict.fromkeys(polls, ())
        for poll, number in rows:
            numbers[poll] += (number,)
        return numbers

    async def _played(self, polls: Sequence[int], person: str) -> dict[int, list[tuple[str, int]]]:
        """Return poll → each column the person began, and on how many items they have a card."""
        rows = await self._session.execute(
            select(col(PlayedCard.poll_id), col(PlayedCard.column), func.count())
            .join(
                Poll,
                _same(Poll, PlayedCard)
                & (col(Poll.id) == col(PlayedCard.poll_id))
                & (col(Poll.round) == col(PlayedCard.round)),
            )
            .where(
                col(PlayedCard.workspace) == self._workspace,
                col(PlayedCard.poll_id).in_(polls),
                col(PlayedCard.voter) == person,
            )
            .group_by(col(PlayedCard.poll_id), col(PlayedCard.column))
        )
        played: dict[int, list[tuple[str, int]]] = {}
        for poll, column, count in rows:
            played.setdefault(poll, []).append((column, count))
        return played

    async def confidence_votes(
        self, teams: Sequence[int], person: str
    ) -> Sequence[tuple[ConfidenceVote, str]]:
        """Return the open votes on the teams' plans that lack the person, with the PI's name."""
        self._shows(OPEN_VOTES, f"hand:{person}")
        given = exists().where(
            _same(ConfidenceBallot, ConfidenceVote),
            col(ConfidenceBallot.vote_id) == col(ConfidenceVote.id),
            col(ConfidenceBallot.voter) == person,
        )
        trains = select(col(Team.train_id)).where(
            col(Team.workspace) == self._workspace, col(Team.id).in_(teams)
        )
        rows = await self._session.execute(
            select(ConfidenceVote, col(PlanningInterval.name))
            .join(
                PlanningInterval,
                _same(PlanningInterval, ConfidenceVote)
                & (col(PlanningInterval.id) == col(ConfidenceVote.pi_id)),
            )
            .where(
                col(ConfidenceVote.workspace) == self._workspace,
                col(ConfidenceVote.state) == VOTING_ON_PLAN,
                col(PlanningInterval.train_id).in_(trains),
                ~given,
            )
            .order_by(col(ConfidenceVote.id))
        )
        found = [(vote, name) for vote, name in rows]
        self._shows(*(f"pi:{vote.pi_id}" for vote, _ in found))
        return found

    async def retros(self, teams: Sequence[int]) -> Sequence[tuple[Retro, str]]:
        """Return the teams' retros that are under way, with the channel's name, oldest first."""
        self._shows(*(f"retros:{team}" for team in teams))
        rows = await self._session.execute(
            select(Retro, col(Channel.name))
            .join(Channel, _same(Channel, Retro) & (col(Channel.id) == col(Retro.channel)))
            .where(
                col(Retro.workspace) == self._workspace,
                col(Retro.team_id).in_(teams),
                col(Retro.stage).in_(OPEN_STAGES),
            )
            .order_by(col(Retro.id))
        )
        found = [(retro, name) for retro, name in rows]
        self._shows(*(f"channel:{retro.channel}" for retro, _ in found))
        return found

    async def gave_dots(self, retro_id: int, person: str) -> bool:
        """Whether the person has given any dots; never to what."""
        self._shows(f"hand:{person}")
        first = await self._session.scalar(
            select(col(RetroDots.voter))
            .where(
                col(RetroDots.workspace) == self._workspace,
                col(RetroDots.retro_id) == retro_id,
                col(RetroDots.voter) == person,
            )
            .limit(1)
        )
        return first is not None

    async def questions(self, person: str, limit: int = 20) -> Sequence[tuple[Item, str]]:
        """Return the items that were asked about without an answer yet, each with the kind.

        They are the person's own, or nobody else was there to ask: whether it is still theirs to
        answer is for others to say. The oldest question comes first.
        """
        self._shows(f"asked:{person}", f"owner:{person}")
        owned = select(Item, _KIND).where(*self._owned(person), or_(_due_asked(), _effect_asked()))
        others = (
            select(Item, col(Asked.kind))
            .join(Asked, _same(Asked, Item) & (col(Asked.number) == col(Item.number)))
            .where(
                col(Item.workspace) == self._workspace,
                col(Asked.person) == person,
                or_(col(Item.owner).is_(None), col(Item.owner) != person),
                or_(
                    and_(col(Asked.kind) == DUE, col(Asked.day) == col(Item.due), _due_asked()),
                    and_(
                        col(Asked.kind) == CHECK,
                        col(Asked.day) == col(Item.check_on),
                        _effect_asked(),
                    ),
                ),
            )
        )
        found = []
        for asked in (owned, others):
            in_order = asked.order_by(_ASKED_DAY, col(Item.number)).limit(limit)
            found += [(item, kind) for item, kind in await self._session.execute(in_order)]
        self._shows(*(f"item:{item.number}" for item, _ in found))
        return found

    async def items(self, person: str, limit: int) -> Sequence[Item]:
        """Return the person's open items by due date, then by rank; asked ones stand elsewhere."""
        self._shows(f"owner:{person}")
        rows = await self._session.scalars(
            select(Item)
            .where(*self._open(person))
            .order_by(col(Item.due).is_(None), col(Item.due), *RANKING)
            .limit(limit)
        )
        return rows.all()

    async def count_items(self, person: str) -> int:
        self._shows(f"owner:{person}")
        count = await self._session.scalar(
            select(func.count()).select_from(Item).where(*self._open(person))
        )
        return int(count or 0)

    async def conversation(self, kind: str, person: str) -> Conversation | None:
        """Return the person's newest conversation that is not over."""
        self._shows(f"conversations:{person}")
        return await self._session.scalar(newest_open(self._workspace, kind, person, self._now))

    async def digests(self, teams: Sequence[int]) -> Sequence[tuple[Digest, str]]:
        """Return the teams' digests of the last weeks with the team's name, the newest first."""
        self._shows("teams", *(f"digests:{team}" for team in teams))
        since = (self._now - DIGESTS_KEPT_FOR).isocalendar()
        channels = select(col(Channel.id)).where(
            col(Channel.workspace) == self._workspace, col(Channel.team_id).in_(teams)
        )
        rows = await self._session.execute(
            select(Digest, col(Team.name))
            .join(Team, _same(Team, Digest) & (col(Team.id) == col(Digest.team_id)))
            .where(
                col(Digest.workspace) == self._workspace,
                col(Digest.channel).in_(channels),
                col(Digest.level) == TEAM,
                col(Digest.iso_week) >= f"{since.year}-W{since.week:02}",
            )
            .order_by(col(Digest.iso_week).desc(), col(Digest.at).desc(), col(Digest.channel))
        )
        return [(digest, name) for digest, name in rows]

    def _owned(self, person: str) -> tuple[ColumnElement[bool], ...]:
        return col(Item.workspace) == self._workspace, col(Item.owner) == person

    def _open(self, person: str) -> tuple[ColumnElement[bool], ...]:
        return *self._owned(person), col(Item.state).in_(OPEN_STATES), _not_asked()


_KIND = case((col(Item.state) == "accepted", CHECK), else_=DUE)
_ASKED_DAY = func.coalesce(col(Item.due_asked), col(Item.check_asked))


def _due_asked() -> ColumnElement[bool]:
    return and_(col(Item.state).in_(OPEN_STATES), col(Item.due_asked) == col(Item.due))


def _not_asked() -> ColumnElement[bool]:
    asked, due = col(Item.due_asked), col(Item.due)
    return or_(due.is_(None), asked.is_(None), asked != due)


def _effect_asked() -> ColumnElement[bool]:
    return and_(
        col(Item.state) == "accepted",
        col(Item.check_asked) == col(Item.check_on),
        col(Item.effect) == "",
        col(Item.metric) != "",
    )


def _same(one: type, other: type) -> ColumnElement[bool]:
    """Two rows of one workspace."""
    return col(one.workspace) == col(other.workspace)  # type: ignore[attr-defined]
