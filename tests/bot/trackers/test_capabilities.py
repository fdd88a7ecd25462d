"""The table of docs/trackers.md comes from the adapters: what it promises, the contract proves."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from bot.remote import Abilities
from bot.trackers.catalog import HOOKS
from bot.trackers.http import Door
from bot.trackers.kinds import KINDS
from tests.bot.trackers.worlds import WORLDS
from tests.fakes.trackers.board import MONDAY, Board

PAGE = Path(__file__).parents[3] / "docs" / "trackers.md"
BEGINS, ENDS = "<!-- made by test_capabilities.py -->\n", "<!-- until here -->\n"
HEAD = (
    "tracker|the first of the four cards|points|due date|labels|past|restricted items|webhook"
    "|says whose decision|way back to Hone"
)


async def test_the_table_says_what_each_tracker_can() -> None:
    """Whoever chooses what to connect reads it; a promise that no test keeps would be found out."""
    rows = [HEAD.split("|"), ["---"] * len(HEAD.split("|"))]
    for name, world in WORLDS.items():
        async with world() as board:
            door = Door(lambda: MONDAY + timedelta(days=1), [board.host])
            board.add("Refunds")
            tracker = board.tracker(door)
            row = row_of(name, board, await tracker.abilities(board.scope))
            rows.append([*row, tracker.signs or "has no place", tracker.leads_back])
            await door.close()
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    before, _, rest = PAGE.read_text().partition(BEGINS)
    stands, _, after = rest.partition(ENDS)
    if os.environ.get("GOLDENS") == "write":
        PAGE.write_text(f"{before}{BEGINS}{table}{ENDS}{after}")
    else:
        assert stands == table, "write it anew: GOLDENS=write pytest tests/bot/trackers"


def row_of(name: str, board: Board, abilities: Abilities) -> list[str]:
    """Return what a tracker can, as its adapter says and the contract was told to leave out."""
    called = "Jira Data Center" if name == "jira data center" else KINDS[board.kind].name
    called = "Jira Cloud" if name == "jira" else called
    home = abilities.homes.get("ubv")

    def writes(field: str) -> str:
        return "read and written" if abilities.writes(field) else "no"

    past = "its states" if "history" not in board.lacks else "opened and closed"
    return [
        called,
        home.name if home else "no",
        writes("points"),
        writes("due"),
        writes("labels"),
        past,
        "stay out" if "restriction" not in board.lacks else "has none",
        "checked" if board.kind in HOOKS else "polled",
    ]
