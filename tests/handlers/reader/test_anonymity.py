"""The wish to stay unnamed, in every spelling that a phone or a hurry gives it."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from handlers.reader.anonymity import Wish, asks, first_wish, is_wish, last_wish

SENTENCE = "My manager shouts in meetings"

SIGNS = [
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(char) in ("Pd", "Pi", "Pf") or char in "\u2212'\"`\u00b4\u201a„"
]
"""All dashes and quotes of Unicode, the minus, and what keyboards have instead."""

SHAPES = (
    *("{}anon", "{}{}anon", "{}anon{}", "{} anon", "{} {} anon", "{} anon {}", "{}{} anon"),
    *("{}--anon{}", "{} --anon {}", "{}annon", "{}anonymous{}", "{}ANON."),
)


def test_behind_any_dash_or_quote_the_option_is_found() -> None:
    """A dash that a phone made of two hyphens must not sign what was to stay unsigned."""
    assert len(SIGNS) > 50
    missed = [
        f"U+{ord(sign):04X} {shape}"
        for sign in SIGNS
        for shape in SHAPES
        if not asks(f"{SENTENCE} {shape.replace('{}', sign)}")
    ]
    assert missed == []


def test_a_dash_may_glue_it_to_the_sentence() -> None:
    dashes = [sign for sign in SIGNS if unicodedata.category(sign) == "Pd"]
    assert [dash for dash in dashes if not asks(f"{SENTENCE}{dash}{dash}anon")] == []


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "--anon",
            "––anon",
            "\u2212\u2212anon",
            "-anon",
            "—anonymous",
            "“--anon”",
            "-- anon",
            "– anon",
        ),
        *(
            "ーーanon",
            "--ANON!",
            "--anonymously",
            "--anonyme",
            "--anónimo",
            "“ --anon ”",
            "(--anon)",
        ),
    ],
)
def test_with_a_dash_it_is_the_option(typed: str) -> None:
    words = f"{SENTENCE} {typed}".split()
    assert last_wish(words, len(words)) == Wish(len(typed.split()), is_sure=True)


@pytest.mark.parametrize(
    "typed",
    [
        *("--annon", "--annonymous", "--aonn", "–anno", "--\u0430non"),
        *("anon", "“anon”", "(anonymous)", "#anon", "@anon", "/anon", "*anon*", ", anonymous"),
        *("meetings—anon", "meetings--anon", "--anon=yes", "--anonymous-please", "– anonymous"),
    ],
)
def test_what_only_looks_like_it_is_a_question(typed: str) -> None:
    """The fourth letter may be Cyrillic, or the sentence may really end on “(anonymous)”."""
    words = f"{SENTENCE}{typed}" if typed[0] == "," else f"{SENTENCE} {typed}"
    wish = last_wish(words.split(), len(words.split()))
    assert wish is not None
    assert not wish.is_sure


@pytest.mark.parametrize("typed", ["--anon X y", "“--anon” X y", "—anonymous: X y"])
def test_it_may_come_first(typed: str) -> None:
    assert first_wish(typed.split()) == Wish(1, is_sure=True)


@pytest.mark.parametrize(
    "typed", ["- anonymous notes are lost", "anon: X", "Anonymous, X", "(anon) X"]
)
def test_what_may_be_a_list_or_a_headline_is_a_question(typed: str) -> None:
    wish = first_wish(typed.split())
    assert wish is not None
    assert not wish.is_sure


@pytest.mark.parametrize(
    "sentence",
    [
        "Anonymous feedback gets lost",
        "The survey should be anonymous",
        "Let people report it anonymously",
        "The survey is only semi-anonymous",
        "We agreed – anonymous notes are best",
        "Nobody trusts the “anonymous” survey",
        "Give notes a theme #anonymity",
        "Ask @Anton",
        "The printer is a Canon",
        "Calls are not non-blocking",
        "Anions and cations are mixed up",
        "-",
        "",
    ],
)
def test_a_plain_word_of_the_sentence_is_none(sentence: str) -> None:
    assert not asks(sentence)


def test_a_word_with_its_dash_inside_the_sentence_is_a_question() -> None:
    assert asks("Run the exporter with --anon in tests")


@pytest.mark.parametrize("word", ["anonymous", "anon", "—anonymous", "--annon", "“anonymous”"])
def test_among_options_it_needs_no_dash(word: str) -> None:
    assert is_wish(word)


@pytest.mark.parametrize("word", ["4Ls", "by", "Friday", "anno", "canon", "--"])
def test_other_options_are_others(word: str) -> None:
    assert not is_wish(word)


def test_a_word_of_any_length_is_read() -> None:
    assert not asks("a" * 40_000)
    assert asks("—" * 40_000 + "anon")
