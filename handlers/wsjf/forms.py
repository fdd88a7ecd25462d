"""The forms around a vote, but for the ballot: choosing items, the deadline, what to do after."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Choice, Field, Form, FormButton, Input, Note, Option, Pick, text
from handlers.phrases import shortened
from handlers.reader.moments import EXAMPLES
from handlers.wsjf.actions import (
    Add,
    Agree,
    Anchor,
    HandOver,
    Search,
    SetDeadline,
    Start,
    VoteAgain,
    WhatIf,
)
from handlers.wsjf.ballot import SHORT
from handlers.wsjf.cards import ITEMS_MAX
from handlers.wsjf.outcome import Outcome
from handlers.wsjf.ranking import LENSES
from handlers.wsjf.scale import COLUMNS, SCALE, Column
from handlers.wsjf.scoring import ItemScore
from handlers.wsjf.words import titled
from storage.items import Item
from storage.polls import Poll

OPTIONS_MAX = 100
"""Slack's limit for a menu."""

SEARCH_FROM = 11
"""Fewer open items than that are read faster than searched."""

OPTION_TITLE_MAX_CHARS = 60
CELL_TITLE_MAX_CHARS = 40
CARD_OPTIONS = tuple(Option(str(card), str(card)) for card in SCALE)
COLUMN_OPTIONS = tuple(Option(SHORT[column], column) for column in COLUMNS)


def choose_items(
    poll: Poll | None, items: Sequence[Item], open_items: int, words: Sequence[str], there: int
) -> Form:
    """Choose the items of a new vote, or more for one that has `there` already.

    `items` are those to offer, the chosen ones first; `words` those they were searched by.
    """
    fields: list[Field] = []
    if poll is None:
        fields.append(Note(text("Votes are blind: nobody sees a card before the reveal.")))
    searchable = open_items >= SEARCH_FROM
    if searchable:
        fields.append(Input("words", "Search", optional=True, max_chars=200, hint=SEARCH_HINT))
    options = tuple(item_option(item) for item in items[:OPTIONS_MAX])
    if options:
        label = f"Which items? Up to {ITEMS_MAX - there}"
        hint = f"These have the words “{shortened(' '.join(words), 80)}”." if words else ""
        fields.append(Choice("items", label, options, many=True, hint=hint))
    else:
        fields.append(Note(text("No other open item is found. Search with fewer words.")))
    if poll is None:
        fields.append(_deadline(""))
    return Form(
        "Start a WSJF vote" if poll is None else "Add items",
        Start() if poll is None else Add(poll.id),
        tuple(fields),
        submit_label="Start the vote" if poll is None else "Add",
        also=(FormButton("Search", Search(poll.id if poll else 0)),) if searchable else (),
    )


SEARCH_HINT = "Words of the title; then press Search. What you have chosen stays chosen."


def _deadline(value: str) -> Input:
    return Input(
        "closes",
        "Closes by itself at",
        value,
        optional=True,
        max_chars=60,
        hint="Cards are revealed then if enough have voted. Empty: when you reveal them.",
        placeholder=EXAMPLES,
    )


def deadline(poll: Poll, value: str) -> Form:
    """Set, move or lift the deadline; `value` is the present one on the asker's clock."""
    return Form("Deadline", SetDeadline(poll.id), (_deadline(value),))


def hand_over(poll: Poll) -> Form:
    return Form(
        "Hand over",
        HandOver(poll.id),
        (Pick("person", "Who leads this vote from now on?", optional=False),),
        submit_label="Hand over",
    )


def item_option(item: Item) -> Option:
    return Option(titled(item, OPTION_TITLE_MAX_CHARS), str(item.number))


# --- after the reveal ------------------------------------------------------------------------


def vote_again(outcome: Outcome) -> Form:
    """Open another round, on what speaks for one unless somebody chooses otherwise."""
    cells, columns, why = _worth_another_round(outcome)
    left = still_open(outcome)
    return Form(
        "Vote again",
        VoteAgain(outcome.poll.id, outcome.poll.round),
        (
            Note(text("A new blind round. Who plays no new card keeps the one they have.", why)),
            Choice(
                "cells",
                "On which cards?",
                tuple(
                    Option(f"{titled(item, CELL_TITLE_MAX_CHARS)}: {SHORT[column]}", named(cell))
                    for item in left
                    for column in COLUMNS
                    for cell in [(item.number, column)]
                ),
                tuple(named(cell) for cell in cells),
                many=True,
                optional=True,
            ),
            Choice(
                "columns",
                "And on which whole columns?",
                COLUMN_OPTIONS,
                columns,
                many=True,
                optional=True,
            ),
            Choice(
                "items",
                "Those of which items?",
                tuple(item_option(item) for item in left),
                many=True,
                optional=True,
                hint="Of all, if you choose none.",
            ),
            _deadline(""),
        ),
        submit_label="Open the round",
    )


def named(cell: tuple[int, Column]) -> str:
    """Return a cell as a form's option knows it."""
    number, column = cell
    return f"{number}.{column}"


def _worth_another_round(
    outcome: Outcome,
) -> tuple[Sequence[tuple[int, Column]], tuple[Column, ...], str]:
    """Return cells to start with, else whole columns, and why these: what lacks votes, else what
    could change the order, else the job size of all, which moves an order most. An item alone has
    no order: there it is what is in dispute."""
    if lacking := [(int(i.key), c.column) for i in _left(outcome) for c in i.lacking]:
        return lacking, (), " Chosen is what lacks votes."
    talks = outcome.worth if len(outcome.items) > 1 else outcome.talks
    if talks:
        cells = [(talk.number, talk.column.column) for talk in talks]
        return cells, (), " Chosen is what could change the order."
    return (), ("size",), " No single card would change the order, so job size is chosen."


def still_open(outcome: Outcome) -> list[Item]:
    """Return the items that can be voted on again, in the order in which they are shown."""
    return [outcome.items[int(item.key)] for item in _left(outcome)]


def _left(outcome: Outcome) -> list[ItemScore]:
    """Return the items that are still open, in the order in which they are shown."""
    by_number = {int(item.key): item for item in outcome.batch.items}
    return [by_number[n] for n in outcome.items if not by_number[n].candidate.gone]


def anchor(outcome: Outcome) -> Form:
    """Say which item is the smallest in each column that has no 1 yet."""
    fields: list[Field] = [
        Note(text("The smallest item of a column is its 1. It is shown as agreed, not as voted."))
    ]
    for column in outcome.batch.unanchored:
        items = [item for item in _left(outcome) if item.columns[column].value is not None]
        smallest = min(items, key=lambda item: item.columns[column].value or 0, default=None)
        fields.append(
            Choice(
                column,
                f"The 1 in {SHORT[column]}",
                tuple(item_option(outcome.items[int(item.key)]) for item in items),
                (str(smallest.key),) if smallest else (),
                optional=True,
            )
        )
    return Form(
        "Re-anchor",
        Anchor(outcome.poll.id, outcome.poll.round),
        tuple(fields),
        submit_label="Record it",
    )


def agree(outcome: Outcome) -> Form:
    """Record a card that the room settled on by talking."""
    number, column = _first_open_question(outcome)
    return Form(
        "Agree on a card",
        Agree(outcome.poll.id, outcome.poll.round),
        (
            Note(text("For a card you settled by talking. It is shown as agreed, not as voted.")),
            Choice(
                "item",
                "Item",
                tuple(item_option(item) for item in outcome.items.values()),
                (number,),
            ),
            Choice("column", "Column", COLUMN_OPTIONS, (column,)),
            Choice("card", "The card you agreed on", CARD_OPTIONS),
        ),
        submit_label="Record it",
    )


def _first_open_question(outcome: Outcome) -> tuple[str, str]:
    for talk in outcome.talks:
        return str(talk.number), talk.column.column
    for item in outcome.batch.items:
        for column in item.lacking:
            return str(item.key), column.column
    return str(next(iter(outcome.items))), "size"


# --- what if ---------------------------------------------------------------------------------


def what_if(team_id: int, train: bool, items: Sequence[Item]) -> Form:
    """Look at the same ballots another way; nothing is saved and nobody else sees it."""
    return Form(
        "What if",
        WhatIf(team_id, train),
        (
            Note(text("The same ballots, seen another way. Nothing changes; only you see it.")),
            Choice(
                "lens",
                "Formula",
                tuple(Option(name, lens) for lens, name in LENSES.items()),
                ("wsjf",),
            ),
            Choice("veto", "Leave out a column", COLUMN_OPTIONS, optional=True),
            Choice(
                "item",
                "Move the job size of",
                tuple(item_option(item) for item in items[:OPTIONS_MAX]),
                optional=True,
            ),
            Choice("size", "Its new job size", CARD_OPTIONS, optional=True),
            Input(
                "money",
                "Cost of delay, for CD3",
                multiline=True,
                optional=True,
                max_chars=2_000,
                hint="One item a line: its number, what a week of delay costs, and its weeks if "
                "you know them.",
                placeholder="#3 4000 6",
            ),
        ),
        submit_label="Show",
    )
