"""Charts and tables as Block Kit blocks, and as text where a message takes no more of them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bot.cards import Bold, Chart, Series, Span, Table
from bot.slack.limits import (
    CHART_LABEL_MAX_CHARS,
    CHART_MAX_POINTS,
    CHART_MAX_SERIES,
    CHART_TITLE_MAX_CHARS,
    TABLE_MAX_CHARS,
    TABLE_MAX_COLUMNS,
    TABLE_MAX_ROWS,
    fits,
    short,
)
from bot.slack.spans import Json, rich_elements, rich_text, section
from bot.tables import title_column, two_lines, widths

_EMPTY_CELL = "\u00a0"  # Slack refuses a cell without a character


def chart_block(chart: Chart) -> Json:
    """Return Slack's own chart; raises TooBig, and ValueError for a chart that makes no sense."""
    _check_chart(chart)
    return {
        "type": "data_visualization",
        "title": chart.title,
        "chart": {
            "type": chart.kind,
            "series": [
                {
                    "name": series.name,
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(chart.categories, series.values, strict=True)
                    ],
                }
                for series in chart.series
            ],
            "axis_config": {"categories": list(chart.categories)},
        },
    }


def _check_chart(chart: Chart) -> None:
    short("chart title", chart.title, CHART_TITLE_MAX_CHARS)
    fits("series of a chart", len(chart.series), CHART_MAX_SERIES)
    fits("points of a chart", len(chart.categories), CHART_MAX_POINTS)
    names = [series.name for series in chart.series]
    for label in (*chart.categories, *names):
        short("chart label", label, CHART_LABEL_MAX_CHARS)
        if not label:
            raise ValueError("a chart label is empty")
    if not names or not chart.categories or not chart.title:
        raise ValueError("a chart needs a title, a series and a category")
    if len(set(names)) < len(names) or len(set(chart.categories)) < len(chart.categories):
        raise ValueError("two series or two categories of a chart share a name")
    if not all(_drawable(series, len(chart.categories)) for series in chart.series):
        raise ValueError("a series needs one finite value per category")


def _drawable(series: Series, points: int) -> bool:
    return len(series.values) == points and all(math.isfinite(value) for value in series.values)


def chart_table(chart: Chart) -> Table:
    """Return the chart's numbers as a table: one row per category, one column per series."""
    return Table(
        header=("", *(series.name for series in chart.series)),
        rows=tuple(
            (label, *(f"{series.values[index]:g}" for series in chart.series))
            for index, label in enumerate(chart.categories)
        ),
        right=frozenset(range(1, len(chart.series) + 1)),
        caption=chart.title,
    )


def table_block(table: Table) -> Json:
    """Return Slack's own table, the header as its first row; raises TooBig."""
    rows = (table.header, *table.rows)
    _check_table(table)
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if column in table.right else "left", "is_wrapped": True}
            for column in range(len(table.header))
        ],
        "rows": [list(map(_cell, row)) for row in rows],
    }


def data_table_block(table: Table, otherwise: str) -> Json:
    """Return a table that people sort, filter and search; raises TooBig.

    It needs a caption: `otherwise` where the table has none. Cells of numeric columns sort as
    numbers. https://docs.slack.dev/reference/block-kit/blocks/data-table-block
    """
    _check_table(table)
    rows = [
        [_sorted_cell(cell) if column in table.right else _cell(cell) for column, cell in row]
        for row in map(enumerate, table.rows)
    ]
    return {
        "type": "data_table",
        "caption": table.caption or otherwise,
        "rows": [[_cell(name) for name in table.header], *rows],
        "page_size": len(table.rows),
        "row_header_column_index": title_column(table),
    }


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": text or _EMPTY_CELL}


def _sorted_cell(text: str) -> Json:
    try:
        value = float(text)
    except ValueError:
        return _cell(text)
    return (
        {"type": "raw_number", "value": value, "text": text}
        if math.isfinite(value)
        else _cell(text)
    )


def _check_table(table: Table) -> None:
    rows = (table.header, *table.rows)
    if not table.header or any(len(row) != len(table.header) for row in table.rows):
        raise ValueError("every row of a table is as long as its header")
    fits("rows of a table", len(rows), TABLE_MAX_ROWS)
    fits("columns of a table", len(table.header), TABLE_MAX_COLUMNS)
    fits("characters of a table", sum(len(cell) for row in rows for cell in row), TABLE_MAX_CHARS)


def table_text(table: Table) -> Json:
    """Return the table as text, for the second one of a message; raises TooBig.

    Wide ones have two lines a row: a phone breaks a preformatted line where its screen ends.
    """
    _check_table(table)
    if widths(table) is None:
        return rich_text(section(rich_elements(tuple(_spans(table)))))
    rows = (table.header, *table.rows)
    longest = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    lines = [
        "  ".join(
            cell.rjust(width) if column in table.right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, longest, strict=True))
        ).rstrip()
        for row in rows
    ]
    text = {"type": "text", "text": "\n".join(lines) or _EMPTY_CELL}
    return rich_text({"type": "rich_text_preformatted", "elements": [text]})


def _spans(table: Table) -> Iterator[Span]:
    for number, row in enumerate(two_lines(table)):
        yield "\n" if number else ""
        yield Bold(row.title)
        yield f"\n{row.details}" if row.details else ""
