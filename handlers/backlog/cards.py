"""Lists of the backlog. Only the person who asked sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.cards import (
    Button,
    Buttons,
    Card,
    Node,
    Span,
    Table,
    Typed,
    heading,
    says,
    subtle,
    text,
)
from handlers.backlog.actions import TurnPage
from handlers.phrases import counted, shortened
from handlers.ui.elsewhere import beside
from storage.backlog import Ranked
from storage.items import Item
from storage.teams import Team
from storage.tracked import KnownAs

PAGE_ITEMS = 10
FOUND_MAX = 20
"""Items a search shows. It has no pages: what people typed never travels inside a button."""

DONE_DAYS = 30


# --- lists -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Teams:
    """A train's teams by id; `hidden` are numbers of items whose team must not be named.

    `leaves_out`: what would be known even so is not in the list at all.
    """

    names: Mapping[int, str]
    hidden: frozenset[int] = frozenset()
    leaves_out: bool = False

    def name_of(self, item: Item) -> str:
        hidden = item.number in self.hidden
        return "" if hidden else shortened(self.names.get(item.team_id, ""), 40)


NO_TEAMS = Teams({})


@dataclass(frozen=True, slots=True)
class Rows:
    """Items with the names of their owners, and of their teams where those differ.

    `known` is what they are called in other tools.
    """

    ranked: Sequence[Ranked]
    people: Mapping[str, str]
    teams: Teams = NO_TEAMS
    known: Mapping[int, KnownAs] = field(default_factory=dict)


def listing(
    team: Team,
    name: str,
    rows: Rows,
    total: int,
    unscored: int,
    page: int,
) -> Card:
    """Draw a page, from 0, of one of the lists."""
    title = f"Backlog of {shortened(team.name, 60)}"
    if name == "train":
        title = f"Backlog of the train of {shortened(team.name, 60)}"
    count = _count_words(name, total, unscored)
    nodes: list[Node] = [heading(title), text(count), _table(rows)]
    last = (total - 1) // PAGE_ITEMS
    if last:
        nodes.append(_turning(team.id, name, page, last))
    if rows.teams.leaves_out:
        nodes.append(subtle(UNSIGNED_LEFT_OUT))
    return Card(f"{title}: {count}", tuple(nodes))


UNSIGNED_LEFT_OUT = (
    "Not listed is what nobody signed in the one team that is so small that it would name them."
)


def _count_words(name: str, total: int, unscored: int) -> str:
    match name:
        case "mine":
            return f"{total} open and yours."
        case "unowned":
            return f"{total} open without an owner."
        case "ready":
            return f"{total} ready to be planned."
        case "stale":
            return f"{total} untouched for two iterations."
        case "done":
            return f"{total} done in the last {DONE_DAYS} days."
        case _:
            return f"{total} open{f', {unscored} not voted yet' if unscored else ''}."


def _table(rows: Rows) -> Table:
    head: tuple[str, ...] = ("Rank", "Item", "WSJF", "Owner", "State")
    if rows.teams.names:
        head = (*head, "Team")
    cells = tuple(_row(ranked, rows) for ranked in rows.ranked)
    return Table(head, cells, right=frozenset({0, 2}), browsed=True)


def _row(ranked: Ranked, rows: Rows) -> tuple[str, ...]:
    item = ranked.item
    team = (rows.teams.name_of(item),) if rows.teams.names else ()
    return (
        str(ranked.rank) if ranked.rank else "–",
        f"#{item.number} {shortened(item.title)}",
        score(item),
        name_of(item.owner, rows.people),
        beside(state(item), rows.known.get(item.number)),
        *team,
    )


def _turning(team_id: int, name: str, page: int, last: int) -> Buttons:
    buttons = []
    if page > 0:
        hint = f"Page {page} of {last + 1}"
        buttons.append(Button("Previous", TurnPage(team_id, name, page - 1), hint=hint))
    if page < last:
        hint = f"Page {page + 2} of {last + 1}"
        buttons.append(Button("Next", TurnPage(team_id, name, page + 1), hint=hint))
    return Buttons(tuple(buttons))


def nothing(team: Team, name: str) -> Card:
    """Say that a list is empty, and what to do next."""
    match name:
        case "mine":
            return says(
                "You own no open item. See which ones nobody owns: ", Typed("backlog unowned")
            )
        case "unowned":
            return says("Every open item has an owner.")
        case "ready":
            return says("Nothing is ready. Take the next item: ", Typed("refine next"))
        case "stale":
            return says("Somebody looked at every open item in the last two iterations.")
        case "train":
            return says(
                "No team of the train has an open item. Log the first: ",
                Typed("improve Estimation runs long"),
            )
        case "done":
            return says(
                f"Nothing was done in the last {DONE_DAYS} days. "
                "Press Done on an item's card when it is."
            )
        case _:
            return says(
                f"The backlog of {shortened(team.name, 60)} is empty. Log the first improvement: ",
                Typed("improve Estimation runs long"),
            )


def search_results(words: str, rows: Rows, total: int, *, fits: bool = False) -> Card:
    """Draw what a search found; it `fits` what a list was narrowed to, or has the words."""
    verbs = ("open item fits", "open items fit") if fits else ("item has", "items have")
    count = f"{counted(total, *verbs)} “{shortened(words, 60)}”."
    nodes: list[Node] = [text(count), _table(rows)]
    if total > len(rows.ranked):
        nodes.append(
            subtle(f"These are the first {len(rows.ranked)}. One more word narrows it down.")
        )
    return Card(count, tuple(nodes))


def nothing_fits(words: str) -> tuple[Span, ...]:
    """Say so of a list that was narrowed to nothing."""
    return f"No open item fits “{shortened(words, 60)}”. All of them: ", Typed("backlog")


def nothing_found(words: str, meant: str) -> tuple[Span, ...]:
    """Say so; `meant` is the list or verb that the words may have been, misspelt."""
    sentence = f"No item has “{shortened(words, 60)}”."
    if meant:
        return f"{sentence} Did you mean ", Typed(f"backlog {meant}"), "?"
    return f"{sentence} Try fewer words, or see everything: ", Typed("backlog")


# --- words -----------------------------------------------------------------------------------


def name_of(person: str | None, people: Mapping[str, str]) -> str:
    return people.get(person, "someone") if person else ""


def score(item: Item) -> str:
    return "not voted" if item.wsjf is None else f"{item.wsjf:.1f}"


def state(item: Item) -> str:
    if item.state == "dropped" and item.dropped_because:
        return f"dropped: {item.dropped_because}"
    return item.state
