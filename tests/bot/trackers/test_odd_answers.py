"""Answers that are not what their vendor promises: null for an object, words for a number.

Proxies, old versions and half-broken plugins send them. Each is read for what it is worth, or is
one plain sentence; none is a fault of ours, which would hold up a team's reading for good.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson
import pytest
from yarl import URL

from bot.trackers.batches import batches
from bot.trackers.http import Answer, Door
from bot.trackers.tracker import Page, Tracker, TrackerError
from tests.bot.trackers.reading import record
from tests.bot.trackers.worlds import WORLDS
from tests.fakes.trackers.board import ADA, Board

Path = tuple[str | int, ...]
Call = tuple[str, str, bytes | None]

ODD: Final[tuple[Any, ...]] = (
    *(None, "x", "", [], {}, [None], {"x": None}, ["x"]),
    *(True, -1, 1e308, 2**63, "²", "1e400", "2026-13-45", "9999-12-31T23:59:59-14:00"),
)
ODD_EACH: Final = 2
"""Tried at each place of an answer, in turns; all of them would take a minute a tracker."""


class OddDoor(Door):
    """Asks each thing once, and tells something odd at one place of one answer."""

    answers: dict[Call, Answer]
    odd: tuple[Call, Path, Any] | None = None
    asked: list[Call]

    async def call(
        self, name: str, method: str, url: URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        call = (method, str(url), body)
        self.asked.append(call)
        assert len(self.asked) < 500, "it never ends"
        if call not in self.answers:
            self.answers[call] = await super().call(name, method, url, headers, body)
        answer = self.answers[call]
        if self.odd is None or self.odd[0] != call:
            return answer
        return replace(answer, data=_with(answer.data, self.odd[1], self.odd[2]))


def _with(data: Any, path: Path, odd: Any) -> Any:
    if not path:
        return odd
    copied = data.copy()
    copied[path[0]] = _with(data[path[0]], path[1:], odd)
    return copied


def _places(data: Any) -> Iterator[Path]:
    """Return all places of an answer; of a list the first alone."""
    yield ()
    entries = data.items() if isinstance(data, dict) else enumerate(data[:1])
    for step, inner in entries:
        found = _places(inner) if isinstance(inner, dict | list) else iter([()])
        yield from ((step, *path) for path in found)


def _ways(board: Board, id: str) -> list[Callable[[Tracker], Awaitable[Any]]]:
    change: dict[str, Any] = {"title": "Payouts", "owner": board.account(ADA), "points": 5}
    change |= {"ubv": 8, "tc": 5, "rroe": 3, "size": 2, "wsjf": 8.0, "labels": ("+x",)}
    return [
        lambda tracker: tracker.account(),
        lambda tracker: tracker.scopes(),
        lambda tracker: tracker.abilities(board.scope),
        lambda tracker: tracker.page(board.scope, "", board.now),
        lambda tracker: tracker.write(
            board.scope, record(id, {**change, "state": board.states[0]})
        ),
        lambda tracker: tracker.create(board.scope, record(None, {"title": "Payouts"})),
    ]


@pytest.mark.parametrize("world", list(WORLDS))
async def test_whatever_a_tracker_answers_is_read_or_told_in_a_sentence(world: str) -> None:
    async with WORLDS[world]() as board:
        waited_for = board.add("Ledger")
        id = board.add("Refunds", description="People call us.", owner=ADA, points=3)
        board.things[id].blocked_by = [waited_for]
        board.things[id].numbers = {"ubv": 8, "tc": 5, "rroe": 3, "size": 2}
        board.edit(id, state=board.states[-1])
        door = OddDoor(lambda: board.now, [board.host])
        door.answers = {}
        for way in _ways(board, board.remote_id(id)):
            door.asked, door.odd = [], None
            await way(board.tracker(door))
            places = [
                (call, path)
                for call in dict.fromkeys(door.asked)
                if isinstance(data := door.answers[call].data, dict | list)
                for path in _places(data)
            ]
            for number, (call, path) in enumerate(places):
                for each in range(ODD_EACH):
                    odd = ODD[(number * ODD_EACH + each) % len(ODD)]
                    door.asked, door.odd = [], (call, path, odd)
                    try:
                        told = await way(board.tracker(door))
                    except TrackerError as error:
                        told = str(error)
                    except Exception as error:
                        raise AssertionError(f"{call[:2]} {path} {odd!r}") from error
                    if isinstance(told, str):
                        assert told.endswith((".", "…")), (call, path, odd)
                    if isinstance(told, Page):
                        orjson.dumps(told.cursor)
                        for batch in batches(told, "", "following"):
                            assert all(item.id for item in batch.items), (call, path, odd)
        await door.close()
