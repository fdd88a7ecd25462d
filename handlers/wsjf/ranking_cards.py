"""The ranking of a backlog as one person reads it, page by page, and what-ifs beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Node,
    Typed,
    heading,
    plain,
    subtle,
    text,
)
from handlers.phrases import counted, listed, shortened
from handlers.wsjf.actions import Export, OpenWhatIf, ShowRank
from handlers.wsjf.backlog_scores import Scale
from handlers.wsjf.ballot import SHORT
from handlers.wsjf.ranking import LENSES, TOP, Ranked, Ranking, TopChange
from handlers.wsjf.result import ABOUT, how_sure, places_table
from handlers.wsjf.scales import Refusal, is_old
from handlers.wsjf.scoring import Key
from storage.scores import Score

PAGE_ROWS = 15
NAME_SHOWN_CHARS = 60
ANCHORS_NAMED = 3


def ranking(
    name: str, team_id: int, train: bool, scales: Sequence[Scale], page: int, now: datetime
) -> Card:
    """Draw a page of the ranking; scores that cannot be compared stand in lists of their own."""
    title = f"WSJF ranking of {shortened(name, NAME_SHOWN_CHARS)}"
    if not scales:
        words = text("Nothing has a score yet. Vote, reveal and accept: ", Typed("wsjf #1 #2"))
        return Card(f"{title}: {plain(words.spans)}", (heading(title), words))
    rankings = [scale.ranking() for scale in scales]
    rows = [(index, place) for index, each in enumerate(rankings) for place in each.ranked]
    pages = (len(rows) - 1) // PAGE_ROWS + 1
    page = min(max(page, 0), pages - 1)
    shown = rows[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
    nodes: list[Node] = [heading(title)]
    if len(scales) > 1:
        nodes.append(text(_apart(len(scales))))
    for index in dict.fromkeys(index for index, _ in shown):
        places = [place for own, place in shown if own == index]
        caption = f"Scale {index + 1}" if len(scales) > 1 else ""
        nodes.append(_list(scales[index], rankings[index], places, caption, now))
    nodes.append(subtle(how_sure(rankings[0])))
    nodes += _notes(scales, [place.key for _, place in shown], now)
    nodes.append(_buttons(team_id, train, page, pages))
    return Card(title, tuple(nodes))


def _apart(count: int) -> str:
    return (
        f"{counted(count, 'scale', 'scales')}, each from votes of its own: ranks hold within a "
        "list only. To join two lists, vote on two items of each of them together."
    )


def _list(
    scale: Scale, ranking: Ranking, places: Sequence[Ranked], caption: str, now: datetime
) -> Node:
    def age(place: Ranked) -> str:
        return _age(scale.scores[int(place.key)], now)

    more = (("Scored", age),)
    return places_table(ranking, scale.items, places, more=more, caption=caption, known=scale.known)


def _age(score: Score, now: datetime) -> str:
    weeks = (now - score.at).days // 7
    words = f"{counted(weeks, 'week', 'weeks')} ago" if weeks else "this week"
    words += ", old" if is_old(score.at, now) else ""
    return words if score.steps is not None else f"{words}, by card"


def _notes(scales: Sequence[Scale], shown: Sequence[Key], now: datetime) -> Iterator[Node]:
    yield subtle(ABOUT)
    scores = [scale.scores[n] for scale in scales for n in scale.scores if n in shown]
    if any(is_old(score.at, now) for score in scores):
        yield subtle("Old: scored longer than one Planning Interval (10 weeks) ago; vote again.")
    if any(score.steps is None for score in scores):
        yield subtle(
            "By card: scored when the middle cards alone made the WSJF; it stays so until the item "
            "is voted on again."
        )
    for refused in (each for scale in scales for each in scale.refused):
        yield subtle(_refused(refused))


def _refused(refused: Refusal) -> str:
    anchors = listed([f"#{number}" for number in refused.anchors], ANCHORS_NAMED)
    return (
        f"{anchors} were voted on twice and moved apart by {refused.cards:.1f} cards in "
        f"{SHORT[refused.column]}, so those two votes do not join: vote on them together."
    )


def _buttons(team_id: int, train: bool, page: int, pages: int) -> Buttons:
    buttons = []
    if page:
        buttons.append(Button("Earlier", ShowRank(team_id, train, page - 1)))
    if page < pages - 1:
        buttons.append(Button("More", ShowRank(team_id, train, page + 1)))
    return Buttons(
        (
            *buttons,
            Button("What if …", OpenWhatIf(team_id, train), opens_form=True),
            Button("Copy as CSV", Export(team_id, train, "csv"), opens_form=True),
            Button("Copy as JSON", Export(team_id, train, "json"), opens_form=True),
        )
    )


# --- what if ---------------------------------------------------------------------------------


def what_if(
    scale: Scale, before: Ranking, after: Ranking, change: TopChange, which: str = ""
) -> Card:
    """Draw the other ranking beside today's, and say first whether the top changes.

    `which` names the scale where there are several: this looks at one.
    """
    verdict = _verdict(change, min(TOP, len(before.ranked)))
    was = {place.key: place.rank for place in before.ranked}
    nodes: list[Node] = [text(Bold(verdict)), text(f"What if: {_scenario(after)}.")]
    if after.ranked:
        places = after.ranked[:PAGE_ROWS]
        today = ("Today", lambda place: f"{was[place.key]}")
        nodes += [
            places_table(after, scale.items, places, today, known=scale.known),
            subtle(how_sure(after)),
        ]
    if len(after.ranked) > PAGE_ROWS:
        nodes.append(subtle(f"The first {PAGE_ROWS} of {len(after.ranked)}."))
    nodes += [
        subtle(f"#{lost.key} is left out. {lost.reason}") for lost in after.unranked[:PAGE_ROWS]
    ]
    nodes.append(subtle(f"{which}. Nothing was saved." if which else "Nothing was saved."))
    return Card(verdict, tuple(nodes))


def _verdict(change: TopChange, top: int) -> str:
    if not change.changes:
        return f"The top {top} stays as it is."
    if not (change.entered or change.left):
        return f"The top {top} keeps its items, in another order."
    lines = []
    if change.entered:
        lines.append(f"in comes {listed([f'#{key}' for key in change.entered])}")
    if change.left:
        lines.append(f"out goes {listed([f'#{key}' for key in change.left])}")
    return f"The top {top} changes: {', '.join(lines)}."


def _scenario(ranking: Ranking) -> str:
    scenario = ranking.scenario
    parts = [LENSES[scenario.lens]]
    if ranking.duration == "job size":
        parts.append("divided by job size, as not every priced item has its weeks")
    if scenario.vetoed:
        parts.append(f"without {SHORT[scenario.vetoed]}")
    parts += [f"#{key} at job size {size}" for key, size in scenario.sizes.items()]
    return ", ".join(parts)
