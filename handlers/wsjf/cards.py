"""A vote's live card: who has answered while it is open, what came out once it is revealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Confirm,
    Form,
    Node,
    Note,
    Option,
    Table,
    heading,
    subtle,
    text,
)
from handlers.wsjf.actions import Cancel, OpenBallot, Reveal, Start
from handlers.wsjf.ballot import SHORT
from handlers.wsjf.ranking import Ranked, Ranking
from handlers.wsjf.scale import COLUMNS
from handlers.wsjf.scoring import BatchScore, ColumnScore, ItemScore, why_unanchored
from storage.items import Item
from storage.polls import CANCELLED, Poll

TITLE_SHOWN_CHARS = 100
ITEMS_MAX = 20
NOTES_SHOWN = 8
"""Notes under a result: eighty columns could each have one, and Slack takes fifty blocks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Who has played every card of this round, and who some. Names only, never values."""

    finished: tuple[str, ...]
    underway: tuple[str, ...]


def open_poll(poll: Poll, items: Sequence[Item], progress: Progress, facilitator: str) -> Card:
    """Draw a vote that is open: nothing on it depends on any card."""
    title = f"WSJF vote: {subject(items)}"
    nodes: list[Node] = [heading(title)]
    if len(items) > 1:
        nodes += [text(f"#{item.number} {shortened(item.title)}") for item in items]
    nodes.append(_progress(progress))
    nodes.append(subtle(f"Cards stay hidden until the reveal. {facilitator} started this vote."))
    nodes.append(
        Buttons(
            (
                Button(
                    "Vote",
                    OpenBallot(poll.id),
                    style="primary",
                    opens_form=True,
                    hint=f"Vote on {subject(items)}, opens your private ballot",
                ),
                Button(
                    "Reveal",
                    Reveal(poll.id),
                    confirm=Confirm(
                        "Reveal all cards?", "Everyone here will see the result.", "Reveal"
                    ),
                ),
                Button(
                    "Cancel",
                    Cancel(poll.id),
                    confirm=Confirm(
                        "Cancel this vote?", "Nobody's cards will be shown.", "Cancel the vote"
                    ),
                ),
            )
        )
    )
    return Card(f"{title}. {count_words(progress)}.", tuple(nodes))


def _progress(progress: Progress) -> Node:
    if not (progress.finished or progress.underway):
        return text("Nobody has voted yet.")
    spans = [Bold(count_words(progress))]
    told = []
    if progress.finished:
        told.append(f"done: {', '.join(progress.finished)}")
    if progress.underway:
        told.append(f"underway: {', '.join(progress.underway)}")
    return text(*spans, f" ({'; '.join(told)})")


def count_words(progress: Progress) -> str:
    count = len(progress.finished)
    return f"{count} {'person has' if count == 1 else 'people have'} voted"


def cancelled_poll(poll: Poll, items: Sequence[Item], by: str) -> Card:
    title = f"WSJF vote: {subject(items)}"
    return Card(
        f"{title} was cancelled.",
        (heading(title), text(f"{by} cancelled this vote. No cards were shown.")),
    )


def revealed_poll(
    items: Mapping[int, Item], batch: BatchScore, ranking: Ranking, names: Mapping[str, str]
) -> Card:
    """Draw the result: the ranking first, then what is missing and what to talk about."""
    scores = {int(item.key): item for item in batch.items}
    title = f"WSJF result: {subject(list(items.values()))}"
    nodes: list[Node] = [heading(title)]
    if ranking.ranked:
        nodes.append(_ranking_table(items, scores, ranking))
    nodes += [
        text(Bold(f"#{lost.key} {shortened(items[int(lost.key)].title)}"), f": {lost.reason}")
        for lost in ranking.unranked
    ]
    nodes += _worth_a_word(notes(scores, batch, names))
    return Card(f"{title}. {first_words(items, ranking)}", tuple(nodes))


def _worth_a_word(told: Sequence[str]) -> list[Node]:
    """Show the first notes: a card of all that twenty items can give rise to is read by nobody."""
    nodes: list[Node] = [subtle(note) for note in told[:NOTES_SHOWN]]
    if len(told) > NOTES_SHOWN:
        nodes.append(subtle(f"And {len(told) - NOTES_SHOWN} more of this kind."))
    return nodes


def _ranking_table(
    items: Mapping[int, Item], scores: Mapping[int, ItemScore], ranking: Ranking
) -> Table:
    rows = tuple(
        (
            _place(place),
            f"#{place.key} {shortened(items[int(place.key)].title)}",
            f"{float(place.value):.1f}",
            *(_median(scores[int(place.key)].columns[column]) for column in COLUMNS),
        )
        for place in ranking.ranked
    )
    return Table(
        ("Rank", "Item", "WSJF", *(SHORT[column] for column in COLUMNS)),
        rows,
        right=frozenset({2, 3, 4, 5, 6}),
        caption="Median card of each column, with the lowest and highest in brackets.",
    )


def _place(place: Ranked) -> str:
    tie = " ≈" if place.tied_with_next else ""
    sure = "" if place.low == place.high else f" ({place.low}–{place.high})"
    return f"{place.rank}{tie}{sure}"


def _median(column: ColumnScore) -> str:
    if column.card is None:
        return "–"
    if column.lowest is None or column.highest is None or not column.spread:
        return str(column.card)
    return f"{column.card} ({column.lowest.card}–{column.highest.card})"


def notes(
    scores: Mapping[int, ItemScore], batch: BatchScore, names: Mapping[str, str]
) -> list[str]:
    """Return what is worth talking about: first what concerns all items, then in their order."""
    told = [why_unanchored(column) for column in batch.unanchored]
    if any(not score.comparable and score.score is not None for score in scores.values()):
        told.append(
            "Voted alone, so this score is not comparable with other items yet: vote on it "
            "together with others to rank them."
        )
    return told + [
        line
        for number, score in scores.items()
        for column in score.columns.values()
        for line in _column_notes(number, column, names)
    ]


def _column_notes(number: int, column: ColumnScore, names: Mapping[str, str]) -> list[str]:
    name = COLUMNS[column.column]
    told = []
    if column.worth_talking and column.lowest and column.highest:
        low, high = _voiced(column.lowest.voters, names), _voiced(column.highest.voters, names)
        told.append(
            f"#{number} {name}: {low} said {column.lowest.card}, {high} said "
            f"{column.highest.card}. Worth hearing both."
        )
    if column.needs_refinement:
        told.append(f"#{number} {name}: at least a third cannot tell, so it needs refinement.")
    if column.even_split and column.card is not None and not column.worth_talking:
        told.append(f"#{number} {name}: an even split, the higher card counts.")
    return told


def _voiced(voters: Sequence[str], names: Mapping[str, str]) -> str:
    return " and ".join(names.get(voter, "someone") for voter in voters) or "someone"


def first_words(items: Mapping[int, Item], ranking: Ranking) -> str:
    if not ranking.ranked:
        return "No item has enough votes for a score."
    first = ranking.ranked[0]
    tie = ", in a tie with the next" if first.tied_with_next else ""
    return f"First: #{first.key} {shortened(items[int(first.key)].title)}{tie}."


# --- the form that starts a vote ---------------------------------------------------------------


def start_form(items: Sequence[Item], chosen: Sequence[int] = ()) -> Form:
    """Choose the items of a vote among the open ones, at most Slack's 100."""
    options = tuple(
        Option(f"#{item.number} {shortened(item.title, 66)}", str(item.number))
        for item in items[:100]
    )
    return Form(
        "Start a WSJF vote",
        Start(),
        (
            Note(text("Votes are blind: nobody sees a card before the reveal.")),
            Choice(
                "items",
                f"Which items? Up to {ITEMS_MAX}",
                options,
                tuple(str(number) for number in chosen),
                many=True,
            ),
        ),
        submit_label="Start the vote",
    )


def subject(items: Sequence[Item]) -> str:
    """Return `#1 Its title`, or `3 items`."""
    if len(items) == 1:
        return f"#{items[0].number} {shortened(items[0].title)}"
    return f"{len(items)} items"


def shortened(words: str, limit: int = TITLE_SHOWN_CHARS) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def state_note(poll: Poll) -> str:
    """Say why a vote takes no more cards."""
    return "was cancelled" if poll.state == CANCELLED else "has been revealed"
