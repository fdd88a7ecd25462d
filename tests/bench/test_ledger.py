"""The ledger finds what a database lost or doubled; a bench that cannot fail proves nothing."""

from __future__ import annotations

from bench.ledger import Ballot, Cell, Ledger, Verdict

CELL: Cell = ("U1", "1", "ubv.1")
OTHER: Cell = ("U1", "1", "tc.1")


def test_a_vote_that_is_there_is_neither_lost_nor_doubled() -> None:
    ledger = Ledger([Ballot({CELL: "8", OTHER: "3"}, acknowledged=True)])
    assert ledger.compare([(CELL, "8"), (OTHER, "3")], []) == Verdict(0, 0)


def test_an_acknowledged_vote_that_is_missing_is_lost() -> None:
    """Even if only one of its cards is."""
    ledger = Ledger([Ballot({CELL: "8", OTHER: "3"}, acknowledged=True)])
    assert ledger.compare([(CELL, "8")], []) == Verdict(lost=1, doubled=0)


def test_an_older_vote_in_place_of_an_acknowledged_newer_one_is_a_loss() -> None:
    older, newer = (Ballot({CELL: card}, acknowledged=True) for card in ("8", "5"))
    assert Ledger([older, newer]).compare([(CELL, "8")], []) == Verdict(lost=1, doubled=0)


def test_a_vote_nobody_was_told_about_may_count_or_not() -> None:
    """The answer was lost on its way: the voter does not know either."""
    ledger = Ledger([Ballot({CELL: "8"}, acknowledged=True), Ballot({CELL: "5"})])
    assert ledger.compare([(CELL, "8")], []) == Verdict(0, 0)
    assert ledger.compare([(CELL, "5")], []) == Verdict(0, 0)


def test_a_card_nobody_played_is_a_loss_of_the_one_played() -> None:
    ledger = Ledger([Ballot({CELL: "8"}, acknowledged=True)])
    assert ledger.compare([(CELL, "13")], []) == Verdict(lost=1, doubled=0)


def test_two_cards_in_one_cell_are_doubled() -> None:
    ledger = Ledger([Ballot({CELL: "8"}, acknowledged=True)])
    assert ledger.compare([(CELL, "8"), (CELL, "8")], []) == Verdict(lost=0, doubled=1)


def test_items_are_kept_once() -> None:
    """An item has no natural key, so a second delivery shows as a second item."""
    ledger = Ledger(items={"told": True, "lost": True, "unsure": False})
    assert ledger.compare([], ["told", "told"]) == Verdict(lost=1, doubled=1)
