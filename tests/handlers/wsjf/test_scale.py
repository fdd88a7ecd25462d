"""Which cards there are, and what is not one."""

import math
from typing import Any

import pytest

from handlers.wsjf.scale import (
    COLUMNS,
    SCALE,
    NotACard,
    parse_card,
    require_column,
    require_number,
)
from handlers.wsjf.scoring import Hand


def test_the_columns_stand_in_the_words_and_order_of_safe() -> None:
    """People compare our card with the one they know from their training."""
    assert list(COLUMNS.items()) == [
        ("ubv", "User-business value"),
        ("tc", "Time criticality"),
        ("rroe", "Risk reduction / opportunity enablement"),
        ("size", "Job size"),
    ]


@pytest.mark.parametrize("number", SCALE)
def test_every_number_of_the_scale_is_a_card(number: int) -> None:
    """A form sends text, a typed payload may send the number itself."""
    assert parse_card(str(number)) == number
    assert parse_card(number) == number
    require_number(number)


@pytest.mark.parametrize(
    ("written", "card"),
    [("?", "?"), (" ? ", "?"), ("pass", "pass"), ("Pass", "pass"), (" 13\n", 13), ("\t5", 5)],
)
def test_space_around_a_card_and_capitals_do_not_matter(written: str, card: object) -> None:
    """Phones add spaces and capitals on their own."""
    assert parse_card(written) == card


@pytest.mark.parametrize(
    "written",
    [
        *("0", "-1", "4", "21", "1e9", "2.5", "5.0", "+5", "05", "1_0", "1 3", "0x5", "True"),
        *("NaN", "-nan", "inf", "", " ", "??", "passed", "five", "1,2", "5\x00", "5\u200b"),
        *("\N{ARABIC-INDIC DIGIT FIVE}", "\N{FULLWIDTH DIGIT FIVE}", "\N{DEVANAGARI DIGIT FIVE}"),
        *("\N{SUPERSCRIPT FIVE}", "\N{ROMAN NUMERAL FIVE}"),
        *(0, -1, 4, 10**9, True, False, 2.5, 5.0, float("nan"), None, [], b"5", (5,)),
    ],
    ids=ascii,
)
def test_anything_else_is_refused_with_a_sentence_naming_the_scale(written: object) -> None:
    """The sentence goes to the person as it is, at the field they filled in."""
    with pytest.raises(NotACard) as refusal:
        parse_card(written)
    assert str(refusal.value) == 'Choose 1, 2, 3, 5, 8, 13 or 20, or answer "?" or "pass".'


@pytest.mark.parametrize("card", [True, 1.0, "1", "?", None, 4])
def test_only_whole_numbers_of_the_scale_can_be_reckoned_with(card: object) -> None:
    """True equals 1 in Python, and must not become somebody's vote."""
    with pytest.raises(NotACard):
        require_number(card)


def test_a_key_that_names_no_column_is_refused() -> None:
    """A renamed column in an old row must not vanish in silence."""
    with pytest.raises(ValueError, match="'value' is not a column"):
        require_column("value")


@pytest.mark.parametrize("card", [0, -1, 4, True, 2.5, math.nan, "5", "x"])
def test_no_ballot_can_hold_what_is_not_a_card(card: Any) -> None:
    """A bad row is stopped before it becomes somebody's score."""
    with pytest.raises(NotACard):
        Hand(1, "ana", {"tc": card})
