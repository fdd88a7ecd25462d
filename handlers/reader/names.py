"""The names of weekdays and months in ten languages, and how Hone itself writes a day.

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
    "it": (
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "lun mar mer gio ven sab dom",
    ),
    "nl": (
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "ma di wo do vr za zo",
    ),
    "pl": (
        "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        "pon wt śr czw pt sob niedz",
    ),
    "ru": (
        "понедельник вторник среда четверг пятница суббота воскресенье",
        "пн вт ср чт пт сб вс",  # noqa: RUF001
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
    "it": (
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
        " dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
    ),
    "nl": (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
    ),
    "pl": (
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad"
        " grudzień",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    ),
    "ru": (
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "янв февр март апр май июнь июль авг сент окт нояб дек",
    ),
    "ja": (
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    ),
}

ALSO_WEEKDAYS = (
    "mo mondays montags lundis segunda segundas segundafeira poniedzialku понедельника"
    " понедельнику",
    "tu tues tuesdays dienstags mardis terca tercas tercafeira wtorku вторника вторнику",
    "we weds wednesdays mittwochs mercredis quarta quartas quartafeira srode srody среду среды"
    " среде",
    "th thur thurs thursdays donnerstags jeudis quinta quintas quintafeira czwartku четверга"
    " четвергу",
    "fr fridays freitags vendredis sexta sextas sextafeira piatku пятницу пятницы пятнице",
    "sa saturdays samstags sonnabend sonnabends samedis sabados sobote soboty субботу субботы"
    " субботе",
    "su sundays sonntags dimanches domingos niedziele niedzieli воскресенья воскресенью",
)
"""What people also write for each weekday; plurals for what comes every week."""

ALSO_MONTHS = (
    *("janner janeiro janv stycznia января", "febr fev feber lutego февраля фев"),
    *("mrz maerz marca марта мар", "kwietnia апреля", "maja мая", "czerwca июня июн"),
    *("lipca июля июл", "agost sierpnia августа", "sept setiembre wrzesnia сентября сен"),
    *("pazdziernika октября", "novembre listopada ноября ноя", "decembre grudnia декабря"),
)

_WORDS_TOO = (
    "ma wo vr za zo gio pon wt sr czw sob niedz "
    "do di mi mo so sa fr we su th tu ter qua qui sex dom mar mer dim sam ven jue lun"
)
NOT_ALONE = frozenset(_WORDS_TOO.split())
"""Abbreviations that are words of another language too: read beside a date or a time only."""


WEEKDAYS_ELSEWHERE = frozenset({"mar", "pt"})
"""As short forms of weekdays they are left to March, and to the Pacific's time."""

MONTHS_ELSEWHERE = frozenset({"sie"})
"""August in Polish, and a word of every other German sentence."""


def weekday_words() -> Iterator[tuple[str, str]]:
    """Return folded spellings of weekdays, each with its code."""
    words = _words(CLDR_WEEKDAYS, ALSO_WEEKDAYS, WEEKDAY_CODES)
    return ((word, code) for word, code in words if word not in WEEKDAYS_ELSEWHERE)


def month_words() -> Iterator[tuple[str, str]]:
    """Return folded spellings of months, each with its code; Japanese counts its months."""
    latin = {locale: names for locale, names in CLDR_MONTHS.items() if locale != "ja"}
    words = _words(latin, ALSO_MONTHS, MONTH_CODES)
    return ((word, code) for word, code in words if word not in MONTHS_ELSEWHERE)


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
