"""Close votes at the moment people vote, and count the cards that came in after the close.

    python -m bench.races            1,000 races on each database
    python -m bench.races --quick    100 on each

Exit status 1 if a card stands that the close did not see, or if a voter was told that a card was
counted which was not.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from bench.racing import START, VOTERS, WORKSPACE, act, on_both
from bot.router import Router
from bot.turn import Answers, Command, Submission
from handlers import FEATURES
from handlers.wsjf.actions import CastVote
from storage import Database, Store
from storage.ballots import PlayedCard
from storage.polls import COLUMNS, REVEALED

AT_ONCE = 8
"""Races that run beside each other."""


@dataclass(frozen=True, slots=True)
class Result:
    """How many races were run, how many cards they counted, and how many came too late."""

    races: int
    counted: int
    late: int
    wrongly_told: int

    def __add__(self, other: Result) -> Result:
        return Result(
            self.races + other.races,
            self.counted + other.counted,
            self.late + other.late,
            self.wrongly_told + other.wrongly_told,
        )


async def race_on(database: Database, races: int) -> Result:
    """Run the races, some at a time, each on a vote of its own."""
    router = Router(FEATURES, database)
    await act(router, 0, "lead", Command("improve", "Builds take forty minutes"))
    total = Result(0, 0, 0, 0)
    for first in range(1, races + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, races + 1))
        for result in await asyncio.gather(*(_race(router, number) for number in numbers)):
            total += result
    return total


async def _race(router: Router, number: int) -> Result:
    """Have everybody vote while somebody closes, in an order that chance makes.

    The close comes behind some of the votes, by number and not by the clock: on a slow machine it
    would always be first.
    """
    heard = asyncio.Semaphore(0)

    async def start(store: Store) -> int:
        team = await store.teams.resolve("races", "lead")
        return (await store.polls.start(f"c{number}", team.id, "lead", [1])).id

    async def close(store: Store) -> int:
        held = await store.polls.for_change(poll_id)
        assert held is not None
        await store.polls.close(held, REVEALED, "lead")
        return len(await cards_of(store, poll_id))

    poll_id = await router.database.write(WORKSPACE, START, start)

    async def vote(voter: int) -> bool:
        """Return whether the voter was told that the cards count."""
        await asyncio.sleep(random.uniform(0, 0.004))
        card = str(random.choice((1, 2, 3, 5, 8)))
        answers = Answers({f"{column}.1": (card,) for column in COLUMNS})
        cast = Submission(CastVote(poll_id, 1, 0), answers)
        outcome = await act(router, number, f"v{number}-{voter}", cast)
        heard.release()
        return outcome.ask is None and not outcome.refused

    async def closing() -> int:
        for _ in range(random.randrange(VOTERS)):
            await heard.acquire()
        return await router.database.write(WORKSPACE, START, close)

    seen, *told = await asyncio.gather(closing(), *(vote(voter) for voter in range(VOTERS)))
    async with router.database.read(WORKSPACE, START) as store:
        standing = len(await cards_of(store, poll_id))
    wrongly_told = abs(sum(told) * len(COLUMNS) - standing)
    return Result(1, standing, standing - seen, wrongly_told)


async def cards_of(store: Store, poll_id: int) -> Sequence[PlayedCard]:
    """Return every card that stands, past all rules about who may see it."""
    mine = (col(PlayedCard.workspace) == store.workspace, col(PlayedCard.poll_id) == poll_id)
    return (await store.session.scalars(select(PlayedCard).where(*mine))).all()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="100 races on each database")
    races = 100 if parser.parse_args(arguments).quick else 1_000
    total = on_both(race_on, races)
    print(
        f"{total.late} cards after the close, {total.wrongly_told} voters told wrongly, in "
        f"{total.races:,} races ({total.counted:,} cards counted)"
    )
    return 1 if total.late or total.wrongly_told else 0


if __name__ == "__main__":
    sys.exit(main())
