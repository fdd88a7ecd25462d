"""Charts as inline SVG, coloured by the page's style sheet.

Series differ in shape as well as in colour: lines by dash and marker, bars by filling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count
from typing import assert_never

from bot.cards import Chart, Series
from bot.local.html import Html, join, tag

WIDTH = 360
LINE_HEIGHT = 170
LEFT, RIGHT, TOP, BOTTOM = 36, 14, 14, 24
LABELS_MAX = 8
"""Names along the horizontal axis; more would run into each other on a phone."""

BAR_HEIGHT, BAR_GAP, GROUP_GAP = 14, 4, 12
BESIDE_MAX_CHARS = 14
"""Longer names of categories stand above their bars."""

CHAR_WIDTH = 7
SERIES_STYLES = 4
"""Looks the style sheet knows; a fifth series starts over."""


def chart(node: Chart, id: str) -> Html:
    """Return the chart as a figure: the picture, its legend, and in words what it shows.

    `id` must be unique in the page.
    """
    drawing: Html
    match node.kind:
        case "line":
            height, drawing = LINE_HEIGHT, _lines(node)
        case "bar":
            height, drawing = _bars(node)
        case _:
            assert_never(node.kind)
    picture = tag(
        "svg",
        tag("title", node.title, id=f"{id}-title"),
        tag("desc", node.summary, id=f"{id}-desc"),
        drawing,
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_labelledby=f"{id}-title",
        aria_describedby=f"{id}-desc",
    )
    return tag(
        "figure",
        tag("p", node.title, class_="chart-title", aria_hidden="true"),
        _legend(node) if len(node.series) > 1 else "",
        picture,
        tag("figcaption", node.summary),
        class_=f"chart {node.kind}",
    )


def _legend(node: Chart) -> Html:
    entries = (
        tag("li", _key(node.kind, index), series.name) for index, series in enumerate(node.series)
    )
    return tag("ul", *entries, class_="legend", aria_hidden="true")


def _key(kind: str, index: int) -> Html:
    if kind == "bar":
        mark = tag("rect", x=1, y=2, width=22, height=8, rx=2, class_="bar-mark")
    else:
        mark = join(tag("path", d="M0 6H24", class_="line-mark"), _marker(index, 12, 6))
    return tag("svg", mark, viewBox="0 0 24 12", class_=_look(index))


def _look(index: int) -> str:
    return f"series s{index % SERIES_STYLES}"


# --- lines -----------------------------------------------------------------------------------


def _lines(node: Chart) -> Html:
    ticks = _ticks(
        [value for series in node.series for value in series.values if math.isfinite(value)]
    )
    lowest, highest = ticks[0], ticks[-1]

    def x(index: int) -> float:
        steps = max(1, len(node.categories) - 1)
        return round(LEFT + 10 + index * (WIDTH - LEFT - RIGHT - 20) / steps, 1)

    def y(value: float) -> float:
        share = (value - lowest) / (highest - lowest)
        return round(LINE_HEIGHT - BOTTOM - share * (LINE_HEIGHT - TOP - BOTTOM), 1)

    grid = (
        join(
            tag("path", d=f"M{LEFT} {y(tick)}H{WIDTH - RIGHT}", class_="grid"),
            tag("text", _number(tick), x=LEFT - 6, y=y(tick) + 4, text_anchor="end"),
        )
        for tick in ticks
    )
    every = math.ceil(len(node.categories) / LABELS_MAX) or 1
    last = len(node.categories) - 1
    names = (
        tag("text", name, x=x(index), y=LINE_HEIGHT - 6, text_anchor="middle")
        for index, name in enumerate(node.categories)
        if (last - index) % every == 0  # the latest is always named
    )
    ends = [_latest(series) for series in node.series]
    labels = [
        "" if len(ends) > 2 or end in ends[:i] else _number(end) for i, end in enumerate(ends)
    ]
    drawn = (
        _line(
            index,
            [(x(i), y(v)) for i, v in enumerate(series.values) if math.isfinite(v)],
            labels[index],
            above=ends[index] >= max(ends),
        )
        for index, series in enumerate(node.series)
    )
    return join(*grid, *names, *drawn)


def _latest(series: Series) -> float:
    return next((value for value in reversed(series.values) if math.isfinite(value)), 0.0)


def _line(index: int, points: Sequence[tuple[float, float]], latest: str, above: bool) -> Html:
    """Return the line, its markers and, clear of the other line, its latest value."""
    if not points:
        return Html()
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    last_x, last_y = points[-1]
    above = above or last_y > LINE_HEIGHT - BOTTOM - 20  # below it stand the categories
    label_y = round(last_y + (-9 if above else 18), 1)
    return tag(
        "g",
        tag("path", d=path, class_="line-mark"),
        *(_marker(index, x, y) for x, y in points),
        tag("text", latest, x=last_x, y=label_y, text_anchor="middle", class_="latest"),
        class_=_look(index),
    )


def _marker(index: int, x: float, y: float) -> Html:
    """A dot, a square, a diamond or a triangle, by the series' place."""
    shapes = (
        f"M{x - 3} {y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z",
        f"M{x - 3} {y - 3}h6v6h-6Z",
        f"M{x} {y - 4}l4 4l-4 4l-4-4Z",
        f"M{x} {y - 4}l4 7h-8Z",
    )
    return tag("path", d=shapes[index % SERIES_STYLES], class_="marker")


def _ticks(values: Sequence[float]) -> list[float]:
    """Return three to six round numbers around all values and 0."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice * 4 >= span)
    first = math.floor(low / step)
    ticks = []
    for number in count(first):
        ticks.append(round(number * step, 10))
        if number * step >= high and len(ticks) > 1:
            return ticks
    raise AssertionError("unreachable")


def _number(value: float) -> str:
    """Return the number as people write it: no trailing zeros, at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


# --- bars ------------------------------------------------------------------------------------


def _bars(node: Chart) -> tuple[int, Html]:
    """Return the height and the drawing: one group of bars per category, from left to right."""
    longest = max((len(name) for name in node.categories), default=0)
    beside = longest <= BESIDE_MAX_CHARS
    left = longest * CHAR_WIDTH + 10 if beside else 0
    heading = 0 if beside else 18
    values = [v for series in node.series for v in series.values if math.isfinite(v)]
    scale = (WIDTH - left - 50) / (max(map(abs, values), default=0) or 1)

    groups: list[Html] = []
    top = 6
    for category, name in enumerate(node.categories):
        label_y = top + 11
        groups.append(tag("text", name, x=0, y=label_y))
        top += heading
        for index, series in enumerate(node.series):
            value = series.values[category]
            groups.append(_bar(value, index, left, top, scale))
            top += BAR_HEIGHT + BAR_GAP
        top += GROUP_GAP - BAR_GAP
    return top, join(*groups)


def _bar(value: float, index: int, left: int, top: int, scale: float) -> Html:
    length = round(abs(value) * scale, 1) if math.isfinite(value) else 0
    shown = _number(value) if math.isfinite(value) else "n/a"
    return tag(
        "g",
        tag("rect", x=left, y=top, width=length, height=BAR_HEIGHT, rx=3, class_="bar-mark"),
        tag("text", shown, x=left + length + 7, y=top + 11, class_="latest"),
        class_=_look(index),
    )
