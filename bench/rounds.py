"""Race votes against reveal, cancel, vote again and accept, and look for what must never be.

    python -m bench.rounds            1,000 races on each database
    python -m bench.rounds --quick    100 on each

In every race five people vote while two leaders press everything at once, through the real router.
Exit status 1 if a card came into a round after its reveal, a round was revealed twice, or an item
got two scores from one outcome.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from bench.racing import START, VOTERS, WORKSPACE, act, on_both
from bot.router import Router
from bot.turn import Answers, Click, Command, Intent, Submission
from bot.wire import Action, encode
from handlers import FEATURES
from handlers.wsjf.actions import Accept, Cancel, CastVote, ResultView, Reveal, Uncancel, VoteAgain
from storage import Database, Store
from storage.polls import COLUMNS
from storage.posts import PostRow
from storage.scores import Score

AGAIN = Answers({"columns": COLUMNS, "items": ("1",)})


@dataclass(frozen=True, slots=True)
class Result:
    """Races run, reveals and scores seen in them, and each kind of wrong."""

    races: int = 0
    reveals: int = 0
    scores: int = 0
    late: int = 0
    revealed_twice: int = 0
    scored_twice: int = 0

    def __add__(self, other: Result) -> Result:
        return Result(
            self.races + other.races,
            self.reveals + other.reveals,
            self.scores + other.scores,
            self.late + other.late,
            self.revealed_twice + other.revealed_twice,
            self.scored_twice + other.scored_twice,
        )

    @property
    def wrongs(self) -> int:
        return self.late + self.revealed_twice + self.scored_twice


async def race_on(database: Database, races: int) -> Result:
    """Run the races one after the other, each on a vote of its own; everything in one at once."""
    router = Router(FEATURES, database)
    await act(router, 0, "lead", Command("improve", "Builds take forty minutes"))
    total = Result()
    for number in range(1, races + 1):
        total += await _race(router, number)
    return total


async def _race(router: Router, number: int) -> Result:
    async def start(store: Store) -> int:
        team = await store.teams.resolve("races", "lead")
        return (await store.polls.start("races", team.id, "lead", [1], min_ballots=1)).id

    poll = await router.database.write(WORKSPACE, START, start)
    acts: list[tuple[str, Intent]] = [
        (f"v{voter}", Submission(CastVote(poll, 1 + voter % 2, 0), _hand()))
        for voter in range(VOTERS * 2)
    ]
    pressed: tuple[Action, ...] = (
        *(Reveal(poll), Cancel(poll), Uncancel(poll), Reveal(poll)),
        *(Accept(poll, 1), Accept(poll, 1), Accept(poll, 2)),
    )
    acts += [("lead", Click(action)) for action in pressed]
    acts += [("lead", Submission(VoteAgain(poll, 1), AGAIN)) for _ in range(2)]
    seen: dict[int, int] = {}

    async def one(index: int, person: str, intent: Intent) -> None:
        await asyncio.sleep(random.uniform(0, 0.02))
        await act(router, number, person, intent, f"{index}")
        seen.update(await _new_rounds(router.database, poll, seen))

    await asyncio.gather(*(one(index, *act) for index, act in enumerate(acts)))
    return await _judged(router.database, poll, seen)


async def _new_rounds(database: Database, poll: int, seen: dict[int, int]) -> dict[int, int]:
    """Return how many cards each round had when it was first found revealed."""
    async with database.read(WORKSPACE, START) as store:
        found = await store.polls.find(poll)
        assert found is not None
        new = [each.round for each in await store.rounds.of(found) if each.round not in seen]
        cards = Counter(row[1] for row in await store.rounds.ballots([poll])) if new else Counter()
        return {round: cards[round] for round in new if round not in seen}


async def _judged(database: Database, poll: int, seen: dict[int, int]) -> Result:
    async with database.read(WORKSPACE, START) as store:
        found = await store.polls.find(poll)
        assert found is not None
        rounds = await store.rounds.of(found)
        cards = Counter(row[1] for row in await store.rounds.ballots([poll]))
        mine = (col(Score.workspace) == WORKSPACE, col(Score.poll_id) == poll)
        scores = (await store.session.scalars(select(Score).where(*mine))).all()
        notes = [await _notes(store, poll, each.round) for each in rounds]
        return Result(
            races=1,
            reveals=len(rounds),
            scores=len(scores),
            late=sum(abs(cards[round] - count) for round, count in seen.items()),
            revealed_twice=sum(count - 1 for count in notes),
            scored_twice=len(scores) - len({score.version for score in scores}),
        )


async def _notes(store: Store, poll: int, round: int) -> int:
    """Count the notes in the thread that tell of one reveal: there must be one."""
    found = await store.session.scalar(
        select(func.count())
        .select_from(PostRow)
        .where(
            col(PostRow.workspace) == WORKSPACE,
            col(PostRow.view) == encode(ResultView(poll, round)),
        )
    )
    return int(found or 0)


def _hand() -> Answers:
    card = str(random.choice((1, 2, 3, 5, 8)))
    return Answers({f"{column}.1": (card,) for column in COLUMNS})


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="100 races on each database")
    races = 100 if parser.parse_args(arguments).quick else 1_000
    total = on_both(race_on, races)
    print(
        f"{total.late} cards after a reveal, {total.revealed_twice} rounds revealed twice, "
        f"{total.scored_twice} scored twice, in {total.races:,} races "
        f"({total.reveals:,} reveals, {total.scores:,} scores)"
    )
    return 1 if total.wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
