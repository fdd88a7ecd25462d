"""A table on a phone: as it is where it fits, else two lines a row that leave nothing out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Table
from bot.tables import GAP_CHARS, NARROW_CHARS, NOTHING, TwoLines, title_column, two_lines, widths

RANKING = Table(("Rank", "Item", "WSJF"), (("1", "#4 Builds take forty minutes", "18.0"),))
BACKLOG = Table(
    ("Rank", "Item", "WSJF", "Owner", "State"),
    (
        ("1", "#4 Builds take forty minutes", "18.0", "Grace", "ready"),
        ("–", "#7 Nobody owns the staging database", "not voted", "", "captured"),
    ),
)


def test_few_columns_stay_side_by_side() -> None:
    assert widths(RANKING) == (4, 0, 4), "the item takes what rank and WSJF leave"


def test_a_wide_table_has_two_lines_a_row() -> None:
    assert widths(BACKLOG) is None
    assert list(two_lines(BACKLOG)) == [
        TwoLines("Rank 1 · #4 Builds take forty minutes", "WSJF 18.0 · Owner Grace · State ready"),
        TwoLines("#7 Nobody owns the staging database", "WSJF not voted · State captured"),
    ]


def test_a_word_that_breaks_nowhere_needs_its_room() -> None:
    assert widths(Table(("Theme", "Teams"), (("#" + "a" * 40, "4 of 5"),))) is None


def test_signs_of_east_asia_take_the_room_of_two() -> None:
    assert (
        widths(Table(("Item", "Owner"), (("設計レビュー設計レビュー設計", "設計設計設計"),)))
        is None
    )


def test_a_table_without_rows_is_only_its_header() -> None:
    assert widths(Table(("Item", "WSJF"), ())) == (0, 4)
    assert list(two_lines(Table(("Item", "WSJF"), ()))) == []


words = st.text("ab –設", max_size=30)


@given(
    st.integers(1, 6).flatmap(
        lambda n: st.tuples(
            st.tuples(*[words] * n), st.lists(st.tuples(*[words] * n), max_size=5).map(tuple)
        )
    )
)
def test_nothing_is_left_out_and_what_stays_side_by_side_fits(
    drawn: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]],
) -> None:
    table = Table(*drawn)
    titled = title_column(table)
    for row, lines in zip(table.rows, two_lines(table), strict=True):
        assert row[titled] in lines.title
        for cell in row:
            assert cell in NOTHING or cell.strip() in lines.title + lines.details
    fitting = widths(table)
    if fitting is not None:
        assert sum(fitting) + GAP_CHARS * (len(fitting) - 1) <= NARROW_CHARS
