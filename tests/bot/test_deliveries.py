"""Votes come twice, late and in the wrong order; what counts is what each person did last."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bench.races import cards_of, race_on
from bench.racing import VOTERS
from bot.router import Router
from bot.turn import Answers, Person, Place, Submission, Turn
from handlers import FEATURES
from handlers.wsjf.actions import CastVote
from storage import Database, Store
from storage.polls import COLUMNS
from tests.examples import COSTLY_EXAMPLES, EXAMPLES, IN_CI
from tests.hone import START, WORKSPACE


@dataclass(frozen=True, slots=True)
class Delivery:
    """A ballot on its way."""

    key: str
    voter: str
    card: int
    acted_at: datetime


class Deliveries(RuleBasedStateMachine):
    """People vote again and again; each ballot arrives up to four times, in any order."""

    ballots: Bundle[Delivery] = Bundle("ballots")

    def __init__(self, runner: asyncio.Runner, database: Database) -> None:
        super().__init__()
        self._runner = runner
        self._database = database
        self._router = Router(FEATURES, database)
        self._now = START
        self._sent = 0
        self._newest: dict[str, Delivery] = {}

    @initialize()
    def start(self) -> None:
        self._poll_id = self._runner.run(self._start())

    async def _start(self) -> int:
        async def start(store: Store) -> int:
            team = await store.teams.resolve("refinement", "ada")
            item = await store.items.add(team.id, "Builds are slow", by="ada")
            self._item = item.number
            return (await store.polls.start("refinement", team.id, "ada", [item.number])).id

        return await self._database.write(WORKSPACE, self._now, start)

    @rule(
        target=ballots,
        voter=st.sampled_from(["ada", "grace", "tomas"]),
        card=st.sampled_from([1, 2, 3, 5, 8, 13, 20]),
        copies=st.integers(1, 4),
    )
    def fill_in(self, voter: str, card: int, copies: int) -> MultipleResults[Delivery]:
        """Fill in a ballot, later than all before; its copies are still on their way."""
        self._sent += 1
        acted_at = self._now + timedelta(seconds=self._sent)
        ballot = Delivery(f"{self._poll_id}-{self._sent}", voter, card, acted_at)
        return multiple(*[ballot] * copies)

    @rule(ballot=ballots)
    def deliver(self, ballot: Delivery) -> None:
        """Deliver any ballot, perhaps once more, perhaps after a newer one: the newest stands."""
        self._runner.run(self._deliver(ballot))
        newest = self._newest.get(ballot.voter)
        if newest is None or newest.acted_at < ballot.acted_at:
            self._newest[ballot.voter] = ballot
        self._runner.run(self._check())

    async def _deliver(self, ballot: Delivery) -> None:
        self._now += timedelta(minutes=1)
        answers = {f"{column}.{self._item}": (str(ballot.card),) for column in COLUMNS}
        outcome = await self._router.handle(
            Turn(
                workspace=WORKSPACE,
                place=Place("refinement", "refinement"),
                person=Person(ballot.voter, ballot.voter.title()),
                intent=Submission(CastVote(self._poll_id, 1, 0), Answers(answers)),
                now=self._now,
                key=ballot.key,
                acted_at=ballot.acted_at,
            )
        )
        assert outcome.saved
        assert not outcome.refused

    async def _check(self) -> None:
        async with self._database.read(WORKSPACE, self._now) as store:
            cards = await cards_of(store, self._poll_id)
        assert len(cards) == len(self._newest) * len(COLUMNS)
        stands = {(row.voter, row.column): row.card for row in cards}
        assert stands == {
            (voter, column): ballot.card
            for voter, ballot in self._newest.items()
            for column in COLUMNS
        }


def test_the_newest_card_wins_whatever_the_network_does(database_url: str) -> None:
    """Duplicated, reordered and late deliveries change nothing.

    A thousand examples in CI where an example is cheap; PostgreSQL answers each step over a socket.
    """
    examples = EXAMPLES if IN_CI and database_url.startswith("sqlite") else COSTLY_EXAMPLES
    with asyncio.Runner() as runner:
        database = runner.run(_opened(database_url))
        run_state_machine_as_test(
            lambda: Deliveries(runner, database),  # type: ignore[arg-type]
            settings=settings(max_examples=examples, stateful_step_count=15),
        )
        runner.run(database.close())


async def _opened(url: str) -> Database:
    return Database(url)


async def test_no_vote_counts_after_the_close(database: Database) -> None:
    """Bench races run 1,000 of these: whoever is told that a card counts is right."""
    races = 60 if IN_CI else 30
    result = await race_on(database, races)
    assert result.races == races
    assert (result.late, result.wrongly_told) == (0, 0)
    assert 0 < result.counted < races * VOTERS * len(COLUMNS), "no race was close"
