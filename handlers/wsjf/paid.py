"""`wsjf payoff`: whether what the votes put first was worth it, in counts and without names."""

from __future__ import annotations

from bot.cards import (
    Bold,
    Card,
    Node,
    Table,
    Typed,
    heading,
    subtle,
    text,
)
from bot.turn import Mistake, Reply, Turn, Whisper
from handlers.phrases import shortened
from handlers.rules.payoff import COLUMNS, LOOK_BACK, Payoff, advice, payoff, sign, verdict
from handlers.wsjf import access
from storage import Store

NAME_SHOWN_CHARS = 60
NONE_YET = (
    "Nothing that was voted on has been accepted in the last year. Accept scores, ship, and check "
    "whether the metric moved; then this tells whether the votes were right."
)


async def payoff_here(turn: Turn, store: Store, rest: str) -> Reply:
    """Show what came of the items this team, or its train, has voted on and shipped."""
    if rest.casefold() not in ("", "team", "train"):
        raise Mistake(
            "I look at a team or its train: ",
            Typed("wsjf payoff"),
            ", or ",
            Typed("wsjf payoff train"),
        )
    train = rest.casefold() == "train"
    here = await store.teams.resolve(turn.place.channel, turn.person.id)
    team = await access.may_see(turn, store, here.id, train=train)
    since = store.now - LOOK_BACK
    if train:
        named = await store.teams.train(team.train_id)
        teams = [each.id for each in await store.teams.in_train(team.train_id)]
        shipped = await store.shipped.of_teams(teams, since)
        return Whisper(card(named.name if named else team.name, payoff(shipped)))
    return Whisper(card(team.name, payoff(await store.shipped.of_teams([team.id], since))))


def card(name: str, result: Payoff) -> Card:
    """Draw the verdict first, then each column with its counts, then the days by job size."""
    title = f"Did it pay off? {shortened(name, NAME_SHOWN_CHARS)}"
    if not result.shipped:
        return Card(f"{title}: {NONE_YET}", (heading(title), text(NONE_YET)))
    words = verdict(result)
    nodes: list[Node] = [heading(title), text(Bold(words))]
    if result.checked:
        nodes.append(_halves(result))
    if result.days:
        rows = tuple(
            (str(size), str(count), f"{days:.1f}") for size, (count, days) in result.days.items()
        )
        header = ("Job size", "Items", "Days")
        caption = "From start to accepted, the middle item"
        nodes.append(Table(header, rows, right=frozenset({0, 1, 2}), caption=caption))
    nodes += [text(f"For the next vote: {line}") for line in advice(result)]
    nodes.append(
        subtle(
            f"{result.shipped} items accepted in the last year, {result.checked} with a checked "
            f"effect. High and low compare an item with the others of its vote. Only you see this."
        )
    )
    return Card(words, tuple(nodes))


def _halves(result: Payoff) -> Table:
    rows = tuple(
        (
            name,
            "{} of {}".format(*result.halves[column].upper),
            "{} of {}".format(*result.halves[column].lower),
            sign(result.halves[column]),
        )
        for column, name in COLUMNS.items()
    )
    return Table(("By", "High: moved", "Low: moved", "Says"), rows)
