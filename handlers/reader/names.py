"""The names of weekdays and months in six languages, and how Hone itself writes a day.

The tables are CLDR's; a test compares them with Babel's copy. ALSO has what people write besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.text import alike

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

WEEKDAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH_CODES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""One spelling for each, whatever the language; `mar` is March."""

CLDR_WEEKDAYS: Mapping[str, tuple[str, str]] = {
    "en": (
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Mon Tue Wed Thu Fri Sat Sun",
    ),
    "de": (
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Mo Di Mi Do Fr Sa So",
    ),
    "es": (
        "lunes martes miércoles jueves viernes sábado domingo",
        "lun mar mié jue vie sáb dom",
    ),
    "fr": (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lun mar mer jeu ven sam dim",
    ),
    "pt": (
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "seg ter qua qui sex sáb dom",
    ),
    "ja": ("月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日", "月 火 水 木 金 土 日"),
}
"""Wide and abbreviated names, Monday first, without the dots of abbreviations."""

CLDR_MONTHS: Mapping[str, tuple[str, str]] = {
    "en": (
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    ),
    "de": (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    ),
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
    ),
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil août sept oct nov déc",
    ),
    "pt": (
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
    ),
    "ja": (
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    ),
}

ALSO_WEEKDAYS = (
    "mo mondays montags lundis segunda segundas",
    "tu tues tuesdays dienstags mardis terca tercas",
    "we weds wednesdays mittwochs mercredis quarta quartas",
    "th thur thurs thursdays donnerstags jeudis quinta quintas",
    "fr fridays freitags vendredis sexta sextas",
    "sa saturdays samstags sonnabend sonnabends samedis sabados",
    "su sundays sonntags dimanches domingos",
)
"""What people also write for each weekday; plurals for what comes every week."""

ALSO_MONTHS = (
    *("janner janeiro janv", "febr fev feber", "mrz maerz", "", "", ""),
    *("", "agost", "sept setiembre", "", "novembre", "decembre"),
)

_WORDS_TOO = "do di mi mo so sa fr we su th tu ter qua qui sex dom mar mer dim sam ven jue lun"
NOT_ALONE = frozenset(_WORDS_TOO.split())
"""Abbreviations that are words of another language too: read beside a date or a time only."""


def weekday_words() -> Iterator[tuple[str, str]]:
    """Return folded spellings of weekdays, each with its code; `mar` is left to March."""
    words = _words(CLDR_WEEKDAYS, ALSO_WEEKDAYS, WEEKDAY_CODES)
    return ((word, code) for word, code in words if word != "mar")


def month_words() -> Iterator[tuple[str, str]]:
    """Return folded spellings of months, each with its code; Japanese counts its months."""
    latin = {locale: names for locale, names in CLDR_MONTHS.items() if locale != "ja"}
    return _words(latin, ALSO_MONTHS, MONTH_CODES)


def _words(
    tables: Mapping[str, tuple[str, str]], also: Sequence[str], codes: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for wide, short in tables.values():
        for names in (wide.split(), short.split()):
            yield from ((alike(name), code) for name, code in zip(names, codes, strict=True))
    for words, code in zip(also, codes, strict=True):
        yield from ((word, code) for word in words.split())
        yield code, code


def in_words(day: date) -> str:
    """Write a day so that nobody mistakes it: Friday 13 November 2026."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def day_words(day: date) -> str:
    """Write a day on a card: Fri 4 Dec 2026."""
    return f"{in_short(day, day)} {day.year}"


def in_short(day: date, today: date) -> str:
    """Write a day for a button: Fri 4 Dec, with the year where it is another one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}{year}"
