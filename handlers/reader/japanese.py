"""Japanese is read by characters: 12月4日(金)16時30分まで is `4th dec fri 16:30 by`."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.text import plain
from handlers.reader.names import MONTH_CODES, WEEKDAY_CODES
from handlers.reader.vocabulary import WORDS

_KANJI_DIGITS = {kanji: digit for digit, kanji in enumerate("〇一二三四五六七八九")}
_KANJI = re.compile(r"[〇一二三四五六七八九十]+(?=[年月日時分週か箇ヶ営])")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_EDGES = {"末": "end", "中旬": "mid", "上旬": "early", "下旬": "late"}
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


_JAPANESE_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), r" \1-\2-\3 "),
    (re.compile(r"(\d{1,2})月(\d{1,2})日"), lambda f: f" {f[2]}th {_month_code(f[1])} "),
    (re.compile("半年後"), " in 6 month "),
    (re.compile("(今日|本日|明日)中"), r" \1 "),
    (re.compile("今週中"), " end week "),
    (re.compile("今週末"), " weekend "),
    (re.compile("今月中"), " end month "),
    (re.compile("年内"), " end year "),
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
_JAPANESE_WORD = re.compile(
    "|".join(sorted((key[0] for key in WORDS if _JAPANESE.match(key[0])), key=len, reverse=True))
)


def _month_code(number: str) -> str:
    return MONTH_CODES[int(number) - 1] if 1 <= int(number) <= 12 else f"{number}月"


def apart(folded: str) -> str:
    """Set the words of a text without spaces apart, and its numbers in the grammar's order."""
    if not _JAPANESE.search(folded):
        return folded
    folded = _KANJI.sub(_kanji_number, folded)
    for pattern, replacement in _JAPANESE_RULES:
        folded = pattern.sub(replacement, folded)
    folded = _JAPANESE_WORD.sub(lambda found: f" {found[0]} ", folded)
    return re.sub("[にのは]", " ", folded)


_BEGINS = r"\d{1,4}[年月日時分/:]|[月火水木金土日]曜|再?来[週月年]|今[日週月]|明後?日"
_UNTIL = rf"((?:{_BEGINS})[^。、\s]{{0,24}}?まで(?:に)?)"
_WHICH = "(?<!再)(?<![週月年次度]の)(?<!週)"
"""Behind 来週の a weekday is a part of the phrase: without it another day would be meant."""

_DEADLINE = re.compile(rf"(.*[^\d年月日時分/:(]){_WHICH}{_UNTIL}")
_DEADLINE_INSIDE = re.compile(_UNTIL)


def deadlines_inside(text: str) -> list[str]:
    """Return what a text says up to まで, until, wherever it stands."""
    return _DEADLINE_INSIDE.findall(plain(text)) if "まで" in text else []


def apart_from_a_deadline(words: list[str]) -> list[str]:
    """Set a deadline that ends the last word apart from it: ビルド遅い4日まで is two."""
    found = _DEADLINE.fullmatch(words[-1].rstrip("。")) if words else None
    return [*words[:-1], found[1], found[2]] if found else words
