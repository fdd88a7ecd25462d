"""A tracker is whole when people can name it, Hone can open it and the contract knows it."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.trackers.catalog import HOOKS, OPEN_FOR, TRACKERS, opened_through
from bot.trackers.http import Door
from bot.trackers.kinds import KINDS
from bot.trackers.tracker import Access
from tests.bot.trackers.worlds import WORLDS
from tests.fakes.trackers.jira import FakeJira

FOLDERS = Path(__file__).parents[3] / "bot" / "trackers"
IN_PROCESS = {"sample"}

STATEMENTS_MAX = 350
LARGER = {"jira": 475, "azure": 380}
"""Two sorts of it, a gateway, screens and zones; areas and revisions. Neither may grow."""


def test_what_people_can_connect_is_what_hone_can_open() -> None:
    assert set(TRACKERS) == set(KINDS) - IN_PROCESS
    assert set(HOOKS) <= set(TRACKERS)
    assert {world.kind for world in WORLDS.values()} >= set(TRACKERS)


async def test_each_is_opened_by_what_its_form_asks_for() -> None:
    """A form that forgets to ask for something would be found by the first person who fills it."""
    door = Door(lambda: datetime(2026, 11, 30, tzinfo=UTC), ["127.0.0.1:1"])
    for kind, opens in opened_through(door).items():
        given = {asked.id: "x" for asked in KINDS[kind].asks}
        tracker = opens(kind, Access("127.0.0.1:1", given))
        assert tracker.kind == kind
        assert tracker.source.startswith(f"{kind}:")


def test_every_hook_asks_for_its_secret() -> None:
    """Without it nothing that is sent can be checked, and everything would be refused."""
    for kind in HOOKS:
        assert "hook_secret" in [asked.id for asked in KINDS[kind].asks]


async def test_a_quiet_site_costs_a_call_a_look() -> None:
    """Two hundred teams on one site share its limits: what does not change is not asked again."""
    async with FakeJira() as board:
        board.add("Refunds")
        door = Door(lambda: board.now, [board.host])
        opens = opened_through(door)["jira"]
        cursor = (await opens("jira", board.access()).page(board.scope, "", board.now)).cursor
        for _ in range(5):
            board.tick(120)
            before = len(board.calls)
            page = await opens("jira", board.access()).page(board.scope, cursor, board.now)
            cursor = page.cursor
            assert len(board.calls) - before == 1
        await door.close()


async def test_a_site_is_opened_anew_for_another_token_and_after_a_while() -> None:
    """What an admin changed must be seen, and nobody may go in with somebody else's token."""
    now = datetime(2026, 11, 30, tzinfo=UTC)
    times = [now]
    door = Door(lambda: times[-1], ["127.0.0.1:1"])
    opens = opened_through(door)["redmine"]
    access = Access("127.0.0.1:1", {"token": "a"}, "slack:T1")
    first = opens("redmine", access)
    assert opens("redmine", access) is first
    assert opens("redmine", replace(access, given={"token": "b"})) is not first
    assert opens("redmine", replace(access, workspace="slack:T2")) is not first
    times.append(now + OPEN_FOR)
    assert opens("redmine", access) is not first


def statements(folder: Path) -> int:
    """Count what a folder's code does: lines would count how wide the formatter writes."""
    nodes = (node for file in folder.glob("*.py") for node in ast.walk(ast.parse(file.read_text())))
    return sum(isinstance(each, ast.stmt) and not _is_docstring(each) for each in nodes)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_a_trackers_folder_holds_what_only_its_vendor_does() -> None:
    """What ten of them need stands beside them once, or an eleventh would copy it."""
    sizes = {kind: statements(FOLDERS / kind) for kind in KINDS}
    assert all(size > 100 for size in sizes.values()), "it counts nothing"
    too_large = {k: n for k, n in sizes.items() if n > LARGER.get(k, STATEMENTS_MAX)}
    assert not too_large, "what is not only this vendor's belongs beside the folders"
