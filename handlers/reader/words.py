"""Turn what people type into the grammar's words: `Freitag, den 4. Dez. um 16h30` is
`fri 4th dec at 16:30`. Work grows linearly with the length.
"""

from __future__ import annotations

import re

from bot.text import alike
from handlers.reader import zones
from handlers.reader.japanese import apart
from handlers.reader.names import MONTH_CODES, WEEKDAY_CODES
from handlers.reader.vocabulary import DROPPED, LONGEST, WORDS

_MONTH = "|".join(MONTH_CODES)
_WEEKDAY = "|".join(WEEKDAY_CODES)


def in_grammar(said: str) -> str:
    """Return the grammar's words for what was typed, with single spaces between them."""
    tokens = _pieces(apart(alike(said)))
    translated = " ".join(_translated(tokens))
    return _tidied(translated)


# --- pieces: words, numbers and the signs that hold numbers together -------------------------

_ELISION = re.compile(r"\b(?:[dl]|un)'(?!ici\b)")
_MIDDLE = re.compile(r"\b(?:mid|mi)-(?=[a-z])")
_DOTTED = re.compile(r"(?<![a-z])([ap])\. ?m\b\.?")
_COMPOUND = re.compile(
    r"\b((?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|heute|morgen)"
    r"(abend|nachmittag|vormittag|mittag|fruh|nacht)\b"
)
_TWO = "[0-9]{2}"
_OFFSET = f"[+-]{_TWO}:?{_TWO}"
_PIECE = re.compile(
    # 2026-12-04T17:00:00Z, 16:30:00+01:00, 4:30pm, 16h30
    rf"(?P<iso>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}})t(?P<time>[0-9]{{1,2}}:{_TWO})"
    rf"(?::{_TWO}(?:\.[0-9]+)?)?(?P<offset>z|{_OFFSET})?"
    rf"|(?P<clock>[0-9]{{1,2}}:{_TWO})(?::{_TWO}(?:\.[0-9]+)?)?"
    rf"(?P<clockoffset>z\b|{_OFFSET}\b)?(?P<half>[ap]m\b)?"
    rf"|(?P<hm>[0-9]{{1,2}})h(?P<m>{_TWO})(?:min)?\b"
    # 25/12, 31.12., 2026-12-04; 1,5; 1st, 1er, 1º; 4. at the end of a word; 16
    r"|(?P<date>[0-9]{1,4}(?:[./-][0-9]{1,4}){1,2}\.?)(?![0-9:])"
    r"|(?P<decimal>[0-9]+[.,][0-9]+)(?![0-9.,/])"
    r"|(?P<nth>[0-9]{1,2})(?:st|nd|rd|th|er|re|o\b)(?![a-z])"
    r"|(?P<ordinal>[0-9]{1,2})\.(?=\s|$)"
    r"|(?P<compact>20[0-9]{6})(?![0-9])"
    r"|(?P<number>[0-9]+)"
    # utc+2, europe/berlin; words, also with a dash or an apostrophe in them
    r"|(?P<zone>(?:utc|gmt)\s?[+-]\s?[0-9]{1,2}(?::?[0-9]{2})?|[a-z_]+/[a-z_+/0-9-]+)"
    r"|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*'?)"
    r"|(?P<at>@)"
    r"|(?P<other>\d+)"
)


_POLISH = (
    r"poniedzialku|wtorku|srody|czwartku|piatku|soboty|niedzieli|konca|jutra|dzis|dzisiaj|pojutrza"
    r"|poludnia|godz|\d{1,2}:\d\d|\d{1,2}\.? (?:stycznia|lutego|marca|kwietnia|maja|czerwca|lipca"
    r"|sierpnia|wrzesnia|pazdziernika|listopada|grudnia)"
)
_FEW_IN_POLISH = "pol|dwa|dwie|trzy|cztery|piec|dzien|tydzien|miesiac|rok|godzine"
_UNTIL_IN_POLISH = re.compile(rf"\bdo (?={_POLISH})")
"""Elsewhere `do` is Thursday."""

_SHORTENED = (
    (_UNTIL_IN_POLISH, "by "),
    (re.compile(r"\bwe? (?=(?:poniedzialek|wtorek|srode|czwartek|piatek|sobote|niedziele)\b)"), ""),
    (re.compile(rf"\bza (?=(?:\d{{1,3}}|{_FEW_IN_POLISH})\b)"), "in "),
    (re.compile(r"\b2(?=mor+o|mrw|mrow)"), "to"),
    (re.compile(r"\b(\d{1,2}(?::\d\d| ?[ap]m)+)ish\b"), r"\1"),  # 4pmish
    (re.compile(r"\b(\d{1,2})ish\b"), r"at \1"),
    (re.compile(r"\b(\d{1,2})(\d\d) ?([ap]m)\b"), r"\1:\2\3"),  # 430pm
    (re.compile(r"\b(\d{1,2}(?::\d\d)?)a\b(?!\.)"), r"\1am"),
    (re.compile(r"\b(\d{1,2})u(?=\d\d\b|\b)"), r"\1h"),  # 16u30
)


def _pieces(folded: str) -> list[str]:
    for written, meant in _SHORTENED:
        folded = written.sub(meant, folded)
    folded = _ELISION.sub("", _MIDDLE.sub("mid ", _DOTTED.sub(r"\1m", folded)))
    folded = _COMPOUND.sub(r"\1 \2", folded)
    pieces: list[str] = []
    for found in _PIECE.finditer(folded):
        match found.lastgroup:
            case "time" | "offset":
                pieces += [found["iso"], found["time"], *_offset(found["offset"])]
            case "clock" | "clockoffset" | "half":
                pieces += [found["clock"], *_offset(found["clockoffset"])]
                pieces += [found["half"]] if found["half"] else []
            case "hm" | "m":
                pieces.append(f"{found['hm']}h{found['m']}")
            case "compact":
                day = found["compact"]
                pieces.append(f"{day[:4]}-{day[4:6]}-{day[6:]}")
            case "nth":
                pieces.append(f"{found['nth']}th")
            case "ordinal":
                pieces.append(f"{found['ordinal']}.")
            case "other":  # digits of another script: whole words, and read by nobody
                pieces.append(f"{found['other']}?")
            case "zone":
                pieces.append(found["zone"].replace(" ", ""))
            case _:
                pieces.append(found[0])
    return pieces


def _offset(written: str | None) -> list[str]:
    if not written:
        return []
    return ["utc"] if written == "z" else [f"utc{written}"]


# --- translating -----------------------------------------------------------------------------


def _translated(tokens: list[str]) -> list[str]:
    words: list[str] = []
    at = 0
    while at < len(tokens):
        word, length = _longest(tokens, at)
        at += length
        if word:
            words.append(word)
    return words


def _longest(tokens: list[str], at: int) -> tuple[str, int]:
    """Return the grammar's words for the longest run of tokens from here, and its length."""
    for length in range(min(LONGEST, len(tokens) - at), 1, -1):
        run = tuple(tokens[at : at + length])
        if run in WORDS:
            return WORDS[run], length
        if length <= zones.CITY_MAX_WORDS and zones.is_city(" ".join(run)):
            return f"@{'_'.join(run)}", length
    token = tokens[at]
    if (token,) in WORDS:
        return WORDS[token,], 1
    if token[:-1].isdigit() and token[-1] == "." and at and tokens[at - 1] in _BEFORE_A_DAY:
        return f"{token[:-1]}th", 1
    if token.isdigit() and at and tokens[at - 1] in _ARTICLES and len(token) < 3:
        return f"{token}th", 1
    if token in DROPPED:
        return "", 1
    if token[0].isalpha() and zones.looks_like_a_zone(token):
        return f"@{token}", 1
    return token, 1


_BEFORE_A_DAY = frozenset({"am", "zum", "den", "dem", "vom"})
"""After these a German number with a dot is a day: bis zum 5."""

_ARTICLES = frozenset({"the", "el", "le", "dia"})
"""After these a number alone is a day: le 15, el día 15."""

_AM_AS_ON = re.compile(rf"(?<!\d )\bam (?=(?:{_WEEKDAY}|\d{{1,2}}(?:th|\.)?(?: |$)|\d+[./-]))")
_UNIT = "sec|min|hour|hora|day|workday|week|fortnight|month|quarter|year"
_DICI_SO_LONG = re.compile(rf"\bdici (?=(?:\d{{1,3}}|half|few) (?:{_UNIT})(?: |$))")
_BEFORE_THE_END = re.compile(r"^before (?=end|eod|noon)")
_END_OF_A_DAY = re.compile(rf"\bend (?=(?:{_WEEKDAY}|today|tomorrow|morgen|overmorrow)\b)")
_FIRST_OF = re.compile(r"\bnth(\d+) (?=(?:(?:next|this) )?month\b)")
_IN_ONE = re.compile(r"\b(in) (?=(?:day|week|month|hour|hora|year)$)")
_HOURS_AND_MINUTES = re.compile(r"\bin (\d{1,2}):(\d\d) (?:h|hour|hora)\b")
_DAY_NUMBER = re.compile(r"\bday (?=\d{1,2}th)")
_AND_A_HALF = re.compile(r"\b(\d+) and half (?=hour|hora|day|week)")
_ORDINAL = re.compile(rf"\b(?:nth(\d+)|(\d{{1,2}})\.) (?={_MONTH})")
_ORDINAL_ALONE = re.compile(r"(?<![./])\b(\d{1,2})\.(?= |$)")


def _tidied(words: str) -> str:
    words = _DICI_SO_LONG.sub("by in ", words).replace("dici ", "by ")
    words = _BEFORE_THE_END.sub("by ", words)
    words = _FIRST_OF.sub(r"\1th ", words)
    words = words.replace("end week next week", "end next week")
    words = _IN_ONE.sub(r"\1 1 ", words)
    words = _END_OF_A_DAY.sub("eod ", words)
    words = _HOURS_AND_MINUTES.sub(r"in \1h\2", words)
    words = _DAY_NUMBER.sub("", words)
    words = _AND_A_HALF.sub(r"\1.5 ", words)
    words = _AM_AS_ON.sub("", words)
    words = _ORDINAL.sub(lambda found: f"{found[1] or found[2]}th ", words)
    return _ORDINAL_ALONE.sub(r"\1", words)
