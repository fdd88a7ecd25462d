"""How much one person may do in a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.turn import Turn

ACTIONS_PER_MINUTE = 30


class Pace:
    """Thirty actions a minute a person, counted in this process: a guard, not a promise."""

    def __init__(self) -> None:
        self._minute = datetime.min.replace(tzinfo=UTC)
        self._counts: dict[tuple[str, str], int] = {}

    def allows(self, turn: Turn) -> bool:
        if turn.now - self._minute >= timedelta(minutes=1):
            self._minute, self._counts = turn.now, {}
        who = (turn.workspace, turn.person.id)
        self._counts[who] = self._counts.get(who, 0) + 1
        return self._counts[who] <= ACTIONS_PER_MINUTE
