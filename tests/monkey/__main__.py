"""Let the monkey play for long, with a seed that nobody chose, and say what it never reached."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import structlog

from storage import Database, patience, postgresql
from storage.migrate import upgrade
from tests.hone import Hone
from tests.monkey.looking import unreached
from tests.monkey.playing import Monkey
from tests.postgres import postgres

TOLD_EVERY = 500
"""Steps after which a long run says that it is alive."""

PATIENT_S = 1_200.0
"""However busy the machine is, a slow disk is no fault of a feature."""


def main() -> int:
    patience.PATIENCE_S = patience.PATIENT_S = PATIENT_S
    postgresql.IDLE_IN_TRANSACTION_S = postgresql.TRANSACTION_S = PATIENT_S
    asked = argparse.ArgumentParser(prog="make monkey", description=__doc__)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    asked.add_argument("--steps", type=int, default=5_000)
    asked.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="monkey-") as folder:
        if wanted.database == "sqlite":
            url = f"sqlite:///{Path(folder) / 'hone.db'}"
            upgrade(url)
            return asyncio.run(play(url, wanted))
        with postgres() as server:
            url = asyncio.run(server.create("monkey"))
            upgrade(url)
            return asyncio.run(play(url, wanted))


async def play(url: str, wanted: argparse.Namespace) -> int:
    database = Database(url)
    hone = Hone(database)
    monkey = Monkey(hone, wanted.seed)

    def into_the_monkey(_: Any, level: str, event: Any) -> Any:
        monkey.logs.append({**event, "log_level": level})
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, into_the_monkey])
    began = time.monotonic()
    print(f"monkey: seed {wanted.seed} on {wanted.database}", flush=True)
    try:
        await monkey.begin()
        while monkey.steps < wanted.steps:
            await monkey.step()
            if monkey.steps % TOLD_EVERY == 0:
                left = len(unreached(hone, monkey.done))
                print(f"{monkey.steps:,} steps, {left} actions never completed yet", flush=True)
        await monkey.look()
    except Exception:
        print(f"broken at step {monkey.steps}, seed {wanted.seed}: {monkey.doing}", flush=True)
        raise
    finally:
        await hone.stop()
        await database.close()
    print("never completed:", ", ".join(unreached(hone, monkey.done)) or "nothing")
    print(
        f"monkey: {monkey.steps:,} steps until {hone.now:%Y-%m-%d} on {wanted.database}, seed "
        f"{wanted.seed}, {monkey.met['hidden']:,} hidden values changed, "
        f"{time.monotonic() - began:.0f} s, nothing broken"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
