"""Orders and questions in plain words are the commands they mean; thoughts are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.turn import Said
from bot.words import heard
from handlers import FEATURES
from handlers.orders import reading
from handlers.orders.reading import command_line
from handlers.orders.synonyms import HINTS, WORDS
from tests.handlers.reader.test_sentences import sentences

COMMANDS = {name: spec for feature in FEATURES for name, spec in feature.commands.items()}
TAKEN_MAX = 0.006
"""The share of real troubles that may be taken for an order.

All begin with a command's name, *PI planning is theatre*: most commands give such a line back.
"""


def orders() -> Iterator[tuple[str, str]]:
    for line in Path(__file__).with_name("orders.txt").read_text().splitlines():
        if line and not line.startswith("# "):
            said, _, meant = line.rpartition(" | ")
            yield said, meant.replace(" ⏎ ", "\n")


def test_an_order_is_the_command_it_means(subtests: pytest.Subtests) -> None:
    """Nobody learns a command's name to ask who owns what."""
    for said, meant in orders():
        with subtests.test(said=said):
            assert command_line(said) == meant


def test_what_is_meant_is_always_a_command_of_ours() -> None:
    lines = [*WORDS.values(), *(line for _, meant in orders() for line in meant.split("\n"))]
    lines += [line for each in HINTS for line in each.lines]
    assert {line.split()[0] for line in lines} <= COMMANDS.keys()
    assert {meant for meant in lines if command_line(meant) not in (None, meant)} == set()


def test_a_command_stays_what_it_is() -> None:
    examples = [spec.example for spec in COMMANDS.values()]
    examples += [verb.example for spec in COMMANDS.values() for verb in spec.verbs.values()]
    changed = {line: command_line(line) for line in examples}
    assert {k: v for k, v in changed.items() if v not in (None, k.removeprefix("hone "))} == {}


THOUGHTS = (
    "Nobody marks stories done",
    "who owns deployment is unclear",
    "we should vote more often",
    "team morale is low",
    "Team lunch",
    "Shall we vote less often",
    "Close the feedback loop",
    "Assign an owner to every incident",
    "Move stand-up to ten",
    "Rename the repository",
    "Give people time to learn",
    "Give 3 people access to production",
    "Drop the legacy API",
    "Drop 2 meetings a week",
    "Call 5 customers a week",
    "Take 10 minutes to plan the day",
    "take 5",
    "give me 5",
    "i have 3",
    "merged 12",
    "Shipped 2 features",
    "12 done is better than 20 begun",
    "Two of 12 are done",
    "Start a guild for testing",
    "Start 5 minutes earlier",
    "Show errors to users",
    "Estimate 3 stories a week",
    "Vote 3 times a year",
    "Delete dead code",
    "Cancel the Friday meeting",
    "Undo the reorganisation",
    "What is ready is never clear",
    "What is done is never shown",
    "Status meetings take too long",
    "Import of customers takes hours",
    "Export is slow",
    "Task switching kills us",
    "Feedback comes too late",
    "Todo comments rot in the code",
    "Find test data without asking ops",
    "Search for the guilty instead of the cause",
    "Who decides is unclear",
    "When is a story done? Nobody knows",
    "The digest every Monday is too long",
    "Our retro on Friday has no time for causes",
    "Yes is said too often",
    "Help desk answers too late",
    "Stop the line when a build fails",
    "Stop starting, start finishing",
    "Remind people of reviews",
    "How do we vote is asked every time",
    "Next steps are forgotten",
    "Ready means something else to everybody",
    "Nobody knows what WSJF means",
    "Wir wissen nie, wer #deployment macht",
    "No 1 problem is the build",
    "Mark flaky tests as such",
    "Update the wiki",
    "By tomorrow we need test data",
    "Assign to each incident an owner who stays",
    "It is slow on Mondays",
    "This needs tests",
    "How do we close the gap between teams",
    "How to grow a product mindset",
)


def test_a_thought_is_no_order() -> None:
    """To be answered with help when one complains is worse than to press Not now."""
    assert [thought for thought in THOUGHTS if command_line(thought)] == []


def test_the_troubles_of_two_hundred_teams_are_no_orders() -> None:
    told = sentences()
    taken = [
        sentence
        for sentence in told
        if command_line(sentence) or not isinstance(heard((sentence,), (), COMMANDS), Said)
    ]
    assert len(taken) <= TAKEN_MAX * len(told), taken


@pytest.mark.parametrize("piece", ["close #1 and #2 done, ", "#1 #2 done and close #3, "])
def test_a_message_that_is_nearly_all_orders_holds_up_nobody(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way to divide it was tried: one such message stood in everybody's way for a minute."""
    read = 0
    order = reading._order

    def counted(folded: str, words: Sequence[str]) -> str | None:
        nonlocal read
        read += 1
        return order(folded, words)

    monkeypatch.setattr(reading, "_order", counted)
    assert command_line(f"Nearly: {piece * 60}"[: reading.ORDER_MAX_CHARS]) is None
    assert read < reading.ORDERS_MAX**2
