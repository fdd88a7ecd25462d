"""Blind ballots: what a voter needs of a poll in one read, and the cards they play.

The statements are built once: everything here happens while somebody waits for their form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import Insert

from storage.items import Item
from storage.polls import OPEN, Ballot, Nudge, Poll, PollItem
from storage.prepared import Prepared
from storage.scope import Scope
from storage.tables import table_of
from storage.upsert import insert_on

Cards = Mapping[tuple[int, str], int]
"""Cards by item number and column."""


@dataclass(frozen=True, slots=True)
class Box:
    """A poll as its voters meet it: `numbers` are all its items, `asked` those of this round.

    `nudged`: somebody was reminded of this round.
    """

    id: int
    team_id: int
    state: str
    round: int
    columns: tuple[str, ...]
    asked: tuple[int, ...]
    numbers: tuple[int, ...]
    anonymous: bool
    closes_at: datetime | None
    nudged: bool

    def takes_votes(self, now: datetime) -> bool:
        """Whether a card played now counts; a deadline holds even if its timer rings late."""
        return self.state == OPEN and (self.closes_at is None or now < self.closes_at)


class Ballots(Scope):
    async def box(self, poll_id: int) -> Box | None:
        return await self._box(_BOX, poll_id)

    async def held_box(self, poll_id: int) -> Box | None:
        """Return the box, kept from closing until this transaction ends."""
        return await self._box(_HELD_BOX, poll_id)

    async def _box(self, box: Prepared, poll_id: int) -> Box | None:
        if not 0 < poll_id < 2**31:
            return None
        where = {"workspace_": self._workspace, "poll": poll_id}
        rows = await box.rows(self._session, where)
        if not rows:
            return None
        team_id, state, round, columns, asked, anonymous, closes_at, nudged, _ = rows[0]
        numbers = tuple(number for *_, number in rows)
        return Box(
            id=poll_id,
            team_id=team_id,
            state=state,
            round=round,
            columns=tuple(columns),
            asked=tuple(number for number in numbers if number in asked) or numbers,
            numbers=numbers,
            anonymous=anonymous,
            closes_at=closes_at,
            nudged=bool(nudged),
        )

    async def titles(self, poll: Box) -> dict[int, str]:
        """Return the titles of all the poll's items by number."""
        where = {"workspace_": self._workspace, "poll": poll.id}
        rows = await _TITLES.rows(self._session, where)
        return {number: title for number, title in rows}  # noqa: C416 - mypy cannot see pairs

    async def cast(self, poll: Box | Poll, voter: str, cards: Cards, acted_at: datetime) -> None:
        """Record cards, unless a newer card of the voter stands there."""
        rows = [
            {
                "workspace": self._workspace,
                "poll_id": poll.id,
                "round": poll.round,
                "number": number,
                "column": column,
                "voter": voter,
                "card": card,
                "acted_at": acted_at,
            }
            for (number, column), card in cards.items()
        ]
        await _NEWEST_CARD.change(self._session, rows)

    async def own(self, poll: Box | Poll, voter: str) -> dict[tuple[int, str], int]:
        """Return a voter's own cards of this round."""
        where = {
            "workspace_": self._workspace,
            "poll": poll.id,
            "round_": poll.round,
            "voter_": voter,
        }
        rows = await _OWN.rows(self._session, where)
        return {(number, column): card for number, column, card in rows}


_POLLS, _IN_POLL = table_of(Poll).c, table_of(PollItem).c
_NUDGES = table_of(Nudge).c
_CARDS, _ITEMS = table_of(Ballot).c, table_of(Item).c


def _box(_: str) -> Select[Any]:
    return (
        select(
            _POLLS.team_id,
            _POLLS.state,
            _POLLS.round,
            _POLLS.columns,
            _POLLS.asked,
            _POLLS.anonymous,
            _POLLS.closes_at,
            exists()
            .where(
                _NUDGES.workspace == _POLLS.workspace,
                _NUDGES.poll_id == _POLLS.id,
                _NUDGES.round == _POLLS.round,
            )
            .label("nudged"),
            _IN_POLL.number,
        )
        .join_from(
            table_of(Poll),
            table_of(PollItem),
            and_(_IN_POLL.workspace == _POLLS.workspace, _IN_POLL.poll_id == _POLLS.id),
        )
        .where(_POLLS.workspace == bindparam("workspace_"), _POLLS.id == bindparam("poll"))
        .order_by(_IN_POLL.position)
    )


_BOX = Prepared(_box)
_HELD_BOX = Prepared(lambda dialect: _box(dialect).with_for_update(read=True, of=table_of(Poll)))
_TITLES = Prepared(
    lambda _: (
        select(_ITEMS.number, _ITEMS.title)
        .join_from(
            table_of(PollItem),
            table_of(Item),
            and_(_ITEMS.workspace == _IN_POLL.workspace, _ITEMS.number == _IN_POLL.number),
        )
        .where(_IN_POLL.workspace == bindparam("workspace_"), _IN_POLL.poll_id == bindparam("poll"))
    )
)
_OWN = Prepared(
    lambda _: select(_CARDS.number, _CARDS.column, _CARDS.card).where(
        _CARDS.workspace == bindparam("workspace_"),
        _CARDS.poll_id == bindparam("poll"),
        _CARDS.round == bindparam("round_"),
        _CARDS.voter == bindparam("voter_"),
    )
)


def _newest_card(dialect: str) -> Insert:
    ballots = insert_on(dialect, Ballot)
    return ballots.on_conflict_do_update(
        index_elements=["workspace", "poll_id", "round", "number", "column", "voter"],
        set_={"card": ballots.excluded.card, "acted_at": ballots.excluded.acted_at},
        where=_CARDS.acted_at <= ballots.excluded.acted_at,
    )


_NEWEST_CARD = Prepared(_newest_card)
