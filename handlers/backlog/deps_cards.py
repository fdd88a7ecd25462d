"""What waits for what between teams, by age: as one team sees it, and the whole train's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from bot.cards import Button, Buttons, Card, Node, Table, Typed, heading, says, subtle
from handlers.backlog.actions import TurnPage
from handlers.phrases import counted, shortened
from handlers.ui.elsewhere import beside
from storage.links import Blocker
from storage.teams import Team
from storage.tracked import KnownAs

PAGE_LINKS = 15
TEAM_CHARS, TITLE_CHARS = 40, 60

Each = TypeVar("Each")

Known = Mapping[int, KnownAs]
"""What items are called in other tools; without those whose team must not be named."""


def of_team(
    team: Team,
    waits: Sequence[Blocker],
    awaited: Sequence[Blocker],
    known: Known,
    now: datetime,
    page: int,
) -> Card:
    """Draw what a team's items wait for, and those of other teams that wait for it."""
    name = shortened(team.name, TEAM_CHARS)
    if not waits and not awaited:
        return says(
            f"No open item of {name} waits for anything, and no other team waits for {name}. "
            "All of the train: ",
            Typed("backlog deps train"),
        )
    both = [(link, True) for link in waits] + [(link, False) for link in awaited]
    shown, page, last = _page(both, page)
    theirs_wait = (
        f"{counted(len(awaited), 'item')} of others {'waits' if len(awaited) == 1 else 'wait'}"
    )
    title = f"{counted(len(waits), 'open dependency', 'open dependencies')} of {name}"
    if not waits:
        title = f"{theirs_wait} for {name}"
    elif awaited:
        title += f"; {theirs_wait} for it"
    nodes: list[Node] = [heading(title)]
    if mine := [link for link, is_mine in shown if is_mine]:
        rows = _rows(mine, known, now, lambda link: link.team if link.target.item else "")
        columns = ("Item", "Waits for", "Of team", "By", "Days")
        nodes.append(Table(columns, rows, right=frozenset({4})))
    if theirs := [link for link, is_mine in shown if not is_mine]:
        if mine:
            nodes.append(heading(f"Others wait for {name}"))
        rows = _rows(theirs, known, now, lambda link: link.own_team)
        columns = ("Item", "Waits for", "Asked by", "By", "Days")
        nodes.append(Table(columns, rows, right=frozenset({4})))
    nodes += _turning(team.id, "deps", page, last)
    nodes.append(subtle("All of the train: ", Typed("backlog deps train")))
    return Card(title, tuple(nodes))


def of_train(
    train: str, team_id: int, links: Sequence[Blocker], known: Known, now: datetime, page: int
) -> Card:
    """Draw what waits between the teams of a train, the longest awaited first."""
    name = shortened(train, TEAM_CHARS)
    if not links:
        return says(f"No team of {name} waits for another one.")
    title = f"{counted(len(links), 'open dependency', 'open dependencies')} between teams of {name}"
    shown, page, last = _page(links, page)
    rows = tuple(
        (
            _item(link, known),
            shortened(link.own_team, TEAM_CHARS),
            _awaited(link, known),
            shortened(link.team, TEAM_CHARS),
            _day(link),
            _days(link, now),
        )
        for link in shown
    )
    columns = ("Item", "Team", "Waits for", "Of team", "By", "Days")
    table = Table(columns, rows, right=frozenset({5}))
    return Card(title, (heading(title), table, *_turning(team_id, "deps train", page, last)))


def _rows(
    links: Iterable[Blocker], known: Known, now: datetime, team_of: Callable[[Blocker], str]
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            _item(link, known),
            _awaited(link, known),
            shortened(team_of(link), TEAM_CHARS),
            _day(link),
            _days(link, now),
        )
        for link in links
    )


def _item(link: Blocker, known: Known) -> str:
    here = f"#{link.number} {shortened(link.title, TITLE_CHARS)}"
    return beside(here, known.get(link.number))


def _awaited(link: Blocker, known: Known) -> str:
    return beside(shortened(link.words, TITLE_CHARS), known.get(link.target.item or 0))


def _day(link: Blocker) -> str:
    return f"{link.due:%d %b}" if link.due else ""


def _days(link: Blocker, now: datetime) -> str:
    return str((now - link.opened_at).days)


def _page(rows: Sequence[Each], page: int) -> tuple[Sequence[Each], int, int]:
    """Return a page of rows, its number and the last page's; past the end, the last one."""
    last = (len(rows) - 1) // PAGE_LINKS
    page = min(max(page, 0), last)
    return rows[page * PAGE_LINKS : (page + 1) * PAGE_LINKS], page, last


def _turning(team_id: int, listing: str, page: int, last: int) -> list[Node]:
    turns = []
    if page:
        turns.append(Button("Previous", TurnPage(team_id, listing, page - 1)))
    if page < last:
        turns.append(Button("Next", TurnPage(team_id, listing, page + 1)))
    where = [subtle(f"Page {page + 1} of {last + 1}")] if last else []
    return [*where, Buttons(tuple(turns))] if turns else []
