"""Turn what people type into the grammar's words: `Freitag, den 4. Dez. um 16h30` is
`fri 4th dec at 16:30`. Work grows linearly with the length.
"""

from __future__ import annotations

import re

from bot.text import alike
from handlers.reader import zones
from handlers.reader.names import MONTH_CODES, WEEKDAY_CODES
from handlers.reader.vocabulary import DROPPED, LONGEST, WORDS

_MONTH = "|".join(MONTH_CODES)
_WEEKDAY = "|".join(WEEKDAY_CODES)


def in_grammar(said: str) -> str:
    """Return the grammar's words for what was typed, with single spaces between them."""
    tokens = _pieces(_japanese(alike(said)))
    translated = " ".join(_translated(tokens))
    return _tidied(translated)


# --- pieces: words, numbers and the signs that hold numbers together -------------------------

_ELISION = re.compile(r"\b[dl]'(?!ici\b)")
_MIDDLE = re.compile(r"\b(?:mid|mi)-(?=[a-z])")
_DOTTED = re.compile(r"\b([ap])\. ?m\b\.?")
_PIECE = re.compile(
    r"(?P<iso>\d{4}-\d\d?-\d\d?)t(?P<time>\d\d?:\d\d(?::\d\d)?(?:\.\d+)?)(?P<offset>z|[+-]\d\d:?\d\d)?"
    r"|(?P<clock>\d{1,2}:\d\d)(?::\d\d(?:\.\d+)?)?(?P<clockoffset>z\b|[+-]\d\d:?\d\d\b)?(?P<half>[ap]m\b)?"
    r"|(?P<hm>\d{1,2})h(?P<m>\d\d)(?:min)?\b"
    r"|(?P<date>\d{1,4}(?:[./-]\d{1,4}){1,2}\.?)(?![\d:])"
    r"|(?P<decimal>\d+[.,]\d+)(?![\d.,/])"
    r"|(?P<nth>\d{1,2})(?:st|nd|rd|th|er|re|º|ª|o\b|a\b)(?![a-z])"
    r"|(?P<ordinal>\d{1,2})\.(?=\s|$)"
    r"|(?P<number>\d+)"
    r"|(?P<zone>(?:utc|gmt)\s?[+-]\s?\d{1,2}(?::?\d\d)?|[a-z_]+/[a-z_+\-/0-9]+)"
    r"|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*'?)"
    r"|(?P<at>@)"
)


def _pieces(folded: str) -> list[str]:
    folded = _ELISION.sub("", _MIDDLE.sub("mid ", _DOTTED.sub(r"\1m", folded)))
    pieces: list[str] = []
    for found in _PIECE.finditer(folded):
        match found.lastgroup:
            case "time" | "offset":
                pieces += [found["iso"], _clock(found["time"]), *_offset(found["offset"])]
            case "clock" | "clockoffset" | "half":
                pieces += [found["clock"], *_offset(found["clockoffset"])]
                pieces += [found["half"]] if found["half"] else []
            case "hm" | "m":
                pieces.append(f"{found['hm']}h{found['m']}")
            case "nth":
                pieces.append(f"{found['nth']}th")
            case "ordinal":
                pieces.append(f"{found['ordinal']}.")
            case "zone":
                pieces.append(found["zone"].replace(" ", ""))
            case _:
                pieces.append(found[0])
    return pieces


def _clock(time: str) -> str:
    return time[: time.index(":") + 3]


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
    if token.endswith(".") and at and tokens[at - 1] in _BEFORE_A_DAY:
        return f"{token[:-1]}th", 1
    if token in DROPPED:
        return "", 1
    if token[0].isalpha() and zones.looks_like_a_zone(token):
        return f"@{token}", 1
    return token, 1


_BEFORE_A_DAY = frozenset({"am", "zum", "den", "dem", "vom"})
"""After these a German number with a dot is a day: bis zum 5."""

_AM_AS_ON = re.compile(rf"(?<!\d )\bam (?=(?:{_WEEKDAY}|\d{{1,2}}(?:th|\.)?(?: |$)|\d+[./-]))")
_ORDINAL = re.compile(rf"\b(?:nth(\d+)|(\d{{1,2}})\.) (?={_MONTH})")
_ORDINAL_ALONE = re.compile(r"(?<![./])\b(\d{1,2})\.(?= |$)")


def _tidied(words: str) -> str:
    words = _AM_AS_ON.sub("", words)
    words = _ORDINAL.sub(lambda found: f"{found[1] or found[2]}th ", words)
    return _ORDINAL_ALONE.sub(r"\1", words)


# --- Japanese: read by characters ------------------------------------------------------------

_KANJI_DIGITS = {kanji: digit for digit, kanji in enumerate("〇一二三四五六七八九")}
_KANJI = re.compile(r"[〇一二三四五六七八九十]+(?=[年月日時分週か箇ヶ営])")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_DAYS = dict(zip("月火水木金土日", WEEKDAY_CODES, strict=True))


def _kanji_number(found: re.Match[str]) -> str:
    tens, ten, ones = found[0].rpartition("十")
    value = int("".join(str(_KANJI_DIGITS[sign]) for sign in ones if sign in _KANJI_DIGITS) or 0)
    if ten:
        value += 10 * (_KANJI_DIGITS[tens[0]] if tens and tens[0] in _KANJI_DIGITS else 1)
    return str(value)


def _half(found: re.Match[str]) -> str:
    half = {"午前": "am", "午後": "pm"}.get(found[1] or "", "")
    if found[4]:
        return f" {found[2]}:30 {half} "
    if found[3]:
        return f" {found[2]}:{int(found[3]):02} {half} "
    return f" {found[2]} {half or 'oclock'} "


_JAPANESE_RULES: tuple[tuple[re.Pattern[str], object], ...] = (
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), r" \1-\2-\3 "),
    (re.compile(r"(\d{1,2})月(\d{1,2})日"), lambda f: f" {f[2]}th {_month_code(f[1])} "),
    (re.compile(r"(\d{4})年"), r" \1 "),
    (
        re.compile(r"(\d{1,2})月(末|中旬|上旬|下旬)"),
        lambda f: f" {_EDGES[f[2]]} {_month_code(f[1])} ",
    ),
    (re.compile(r"(\d{1,2})[か箇ヶカケ]月後"), r" in \1 month "),
    (re.compile(r"(\d{1,2})月"), lambda f: f" {_month_code(f[1])} "),
    (re.compile(r"(\d{1,3})営業日(?:後|以内)"), r" in \1 workday "),
    (re.compile(r"(\d{1,3})日(?:後|以内)"), r" in \1 day "),
    (re.compile(r"(\d{1,3})週間(?:後|以内)"), r" in \1 week "),
    (re.compile(r"(\d{1,3})時間半(?:後|以内)"), r" in \1 hour and half "),
    (re.compile(r"(\d{1,3})時間(?:後|以内)"), r" in \1 hour "),
    (re.compile(r"(\d{1,3})分(?:後|以内)"), r" in \1 min "),
    (re.compile(r"(\d{1,2})日"), r" \1th "),
    (re.compile(r"(午前|午後)?(\d{1,2})時(?:(\d{1,2})分|(半))?"), _half),
    (
        re.compile(r"(午前|午後) ?(\d{1,2}:\d\d)"),
        lambda f: f" {f[2]} {'am' if f[1] == '午前' else 'pm'} ",
    ),
    (re.compile(r"([月火水木金土日])曜日?"), lambda f: f" {_DAYS[f[1]]} "),
    (re.compile(r"\(([月火水木金土日])\)"), lambda f: f" {_DAYS[f[1]]} "),
)
_EDGES = {"末": "end", "中旬": "mid", "上旬": "early", "下旬": "late"}
_JAPANESE_WORD = re.compile(
    "|".join(sorted((key[0] for key in WORDS if _JAPANESE.match(key[0])), key=len, reverse=True))
)


def _month_code(number: str) -> str:
    return MONTH_CODES[int(number) - 1] if 1 <= int(number) <= 12 else f"{number}月"


def _japanese(folded: str) -> str:
    """Set the words of a text without spaces apart, and its numbers in the grammar's order."""
    if not _JAPANESE.search(folded):
        return folded
    folded = _KANJI.sub(_kanji_number, folded)
    for pattern, replacement in _JAPANESE_RULES:
        folded = pattern.sub(replacement, folded)  # type: ignore[arg-type]
    folded = _JAPANESE_WORD.sub(lambda found: f" {found[0]} ", folded)
    return re.sub("[にのは]", " ", folded)
