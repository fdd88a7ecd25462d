"""Whatever is typed, what Hone keeps can be seen, stored and shown without surprises."""

# ruff: noqa: RUF001 (full-width signs and other quotes are what is read here)

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import COMBINING_MARKS_MAX, alike, clean, end_of_whole, plain

NASTY = (
    "\x00\x07\x1b\x7f\x85\r\n\t \u200b\u200d\u200f\u202e\u2066\ufeff\ufe0f\u0301\u0344\u3164\xad"
)
UNPAIRED = "\ud83d\ude00\ud800\udc00"
LETTERS = "aé\u0628\u0915\u1100\u1161\u2329\ufb1d😀👩🏴"

anything = st.text(st.characters() | st.sampled_from(NASTY + UNPAIRED + LETTERS))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Builds are slow", "Builds are slow"),
        ("  Builds are slow \n", "Builds are slow"),
        ("one\ttwo\nthree", "one\ttwo\nthree"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("gpj\u202eexe\u202c", "gpjexe"),
        ("pass\u200bword\ufeff", "password"),
        ("im\xadprove", "improve"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("a pair \ud83d\ude00 joined", "a pair 😀 joined"),
        ("*bold* <!channel> {{7*7}} '); drop table", "*bold* <!channel> {{7*7}} '); drop table"),
    ],
)
def test_only_what_a_reader_sees_is_kept(typed: str, kept: str) -> None:
    """Two texts that look the same must be the same, and markup is just characters."""
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "blank",
    ["", " \t\n", "\x00", "\u200b\ufeff", "\u3164", "\u2800", "\ufe0f", "\u0301", "\u2066\u2069"],
)
def test_text_without_anything_to_see_is_empty(blank: str) -> None:
    """An item nobody can read, click or search for must be refused as an empty title."""
    assert clean(blank) == ""


@pytest.mark.parametrize(
    "word",
    [
        "👩\u200d👩\u200d👧",  # a family
        "❤\ufe0f\u200d🔥",  # heart on fire
        "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # Wales
        "می\u200cخواهم",  # Persian: I want
        "ශ\u0dca\u200dරී",  # Sinhala: Sri
        "Tiếng Việt",
        "שָׁלוֹם",
    ],
)
def test_words_and_emoji_that_need_an_unseen_character_keep_it(word: str) -> None:
    """Hygiene that breaks a language's spelling or a flag is not hygiene."""
    assert clean(word) == unicodedata.normalize("NFC", word)


def test_a_joiner_between_latin_letters_goes() -> None:
    """There it only makes two equal words differ."""
    assert clean("ba\u200dck\u200clog") == "backlog"


def test_a_tower_of_marks_is_cut() -> None:
    """Marks stacked without end cover the lines of other people."""
    assert clean("x" + "\u0336" * 500) == "x" + "\u0336" * COMBINING_MARKS_MAX


@given(anything)
def test_any_text_comes_out_storable(typed: str) -> None:
    """PostgreSQL refuses NUL, UTF-8 refuses surrogates, and nothing else may be left to refuse."""
    kept = clean(typed)

    kept.encode("utf-8")
    assert kept == unicodedata.normalize("NFC", kept).strip()
    assert not [c for c in kept if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert not set(kept) & set("\u200b\u200f\u202e\u2066\ufeff\u3164\xad")


@given(anything)
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    """A text edited in a form passes the edge again and must come back as it was."""
    assert clean(clean(typed)) == clean(typed)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_plain_ascii_is_only_trimmed(typed: str) -> None:
    """Hygiene never touches ordinary words."""
    assert clean(typed) == typed.strip()


WHOLE = (
    "😢",
    "👍🏼",
    "👩\u200d👩\u200d👧",
    "❤\ufe0f\u200d🔥",
    "1\ufe0f\u20e3",
    "🇩🇪",
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # Wales
    "x\u0336\u0332",
    "क्ष",
    ":partyparrot:",
    ":shipit::skin-tone-3:",
)
"""What a reader takes for one sign."""


@pytest.mark.parametrize("sign", WHOLE)
def test_a_text_never_ends_inside_a_sign(sign: str) -> None:
    """Half an emoji is another emoji, or a box."""
    before = "Builds are slow "
    text = f"{before}{sign} today"
    for limit in range(len(before) + 1, len(before) + len(sign)):
        assert text[: end_of_whole(text, limit)] == before
    assert text[: end_of_whole(text, len(before) + len(sign))] == before + sign


@given(st.lists(st.sampled_from([*WHOLE, "a", " ", "ä", "1"])), st.integers(0, 60))
def test_a_text_ends_between_two_signs(signs: list[str], limit: int) -> None:
    """However they follow each other, a text is some of its signs from the beginning."""
    text = " ".join(signs)
    kept = text[: end_of_whole(text, limit)]
    assert len(kept) <= limit
    assert kept.rstrip() in {" ".join(signs[:n]).rstrip() for n in range(len(signs) + 1)}


def test_the_colons_of_a_time_are_no_name() -> None:
    assert end_of_whole("at 10:30:45 sharp", 9) == 9


@pytest.mark.parametrize(
    "text", ["👩\u200d" * 1000, ":a" * 1500, "🇩" * 3001, "x" + "\u0301" * 3000]
)
def test_a_text_made_to_be_slow_ends_at_once(text: str) -> None:
    """Somebody may try: the work must not grow with the square of the length."""
    assert 0 <= end_of_whole(text, 2_900) <= 2_900


# --- comparing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("––anon −−anon —anon", "--anon --anon -anon"),
        ("“--anon” „x“ «y» ‘z’ ´a` ″", '"--anon" "x" "y" \'z\' \'a\' "'),
        ("１６：００　（月）＃ｃｉ　＠Ｇｒａｃｅ", "16:00 (月)#ci @Grace"),
        ("4\u202fp.m.\u00a0sharp", "4 p.m. sharp"),
        ("5∕12 5⁄12 16∶00 …", "5/12 5/12 16:00 ..."),
        ("﹣﹟﹕", "-#:"),
        ("Tomás stays, and so does が", "Tomás stays, and so does が"),
    ],
)
def test_typographic_twins_read_as_what_a_keyboard_has(typed: str, read: str) -> None:
    """Phones and word processors make them of what people type."""
    assert plain(typed) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t deploy", "don't  DEPLOY"),
        ("Tomás", "tomas"),
        ("toma\u0301s", "TOMÁS"),
        ("Weiß", "WEISS"),
        ("Søren Łukasz Þór Œuvre", "soren lukasz thor oeuvre"),
        ("İstanbul", "istanbul"),
        ("ＢＵＩＬＤ", "build"),
        ("ﾋﾞﾙﾄﾞ", "ビルド"),
        ("no\u00a0break", "no break"),
    ],
)
def test_what_people_take_for_the_same_compares_alike(one: str, other: str) -> None:
    """Nobody types a name's accents into a search."""
    assert alike(one) == alike(other)


@pytest.mark.parametrize(
    ("one", "other"), [("か", "が"), ("ab", "a b"), ("dont", "don't"), ("कि", "क")]
)
def test_what_is_another_word_stays_another_word(one: str, other: str) -> None:
    """In other scripts a mark is half of the letter."""
    assert alike(one) != alike(other)


@given(anything)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert alike(alike(text)) == alike(text)


@given(anything)
def test_what_is_folded_compares_as_before(text: str) -> None:
    """What was kept folded is found by what is folded now."""
    assert alike(plain(text)) == alike(text)
    assert alike(text.upper().lower()) == alike(text.lower())
