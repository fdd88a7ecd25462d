"""Weekdays and months are called as the Unicode consortium has them called."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.text import alike
from handlers.reader.names import (
    CLDR_MONTHS,
    CLDR_WEEKDAYS,
    MONTH_CODES,
    MONTHS_ELSEWHERE,
    WEEKDAY_CODES,
    WEEKDAYS_ELSEWHERE,
    in_short,
    in_words,
    month_words,
    weekday_words,
)

LOCALES = ("en", "de", "es", "fr", "pt", "it", "nl", "pl", "ru", "ja")


def known_as(locale: str) -> Any:
    """Return what CLDR knows of a locale."""
    from babel import Locale  # here, so that without it only these tests fail

    return Locale.parse(locale)


def without_dots(name: str) -> str:
    return name.removesuffix(".")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_table_is_cldrs(locale: str) -> None:
    """Names from memory are how Mär and Sept get lost."""
    known = known_as(locale)
    for width, weekdays, months in zip(
        ("wide", "abbreviated"), CLDR_WEEKDAYS[locale], CLDR_MONTHS[locale], strict=True
    ):
        days = known.days["stand-alone"][width]
        assert weekdays.split() == [without_dots(days[number]) for number in range(7)]
        named = known.months["stand-alone"][width]
        assert months.split() == [without_dots(named[number]) for number in range(1, 13)]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("context", ["format", "stand-alone"])
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_every_name_cldr_has_is_read(locale: str, context: str, width: str) -> None:
    """In either of its forms, which differ: März is the short form of some, Mär of others."""
    known = known_as(locale)
    weekdays, months = dict(weekday_words()), dict(month_words())
    for number, code in enumerate(WEEKDAY_CODES):
        name = alike(without_dots(known.days[context][width][number]))
        assert name in WEEKDAYS_ELSEWHERE or weekdays[name] == code
    for number, code in enumerate(MONTH_CODES, 1):
        name = alike(without_dots(known.months[context][width][number]))
        assert locale == "ja" or name in MONTHS_ELSEWHERE or months[name] == code


def test_a_day_is_written_so_that_nobody_mistakes_it() -> None:
    """1/12 and 12/1 are two days; 1 December is one."""
    assert in_words(date(2026, 12, 1)) == "Tuesday 1 December 2026"
    assert in_short(date(2026, 12, 1), date(2026, 11, 30)) == "Tue 1 Dec"
    assert in_short(date(2027, 1, 1), date(2026, 11, 30)) == "Fri 1 Jan 2027"
