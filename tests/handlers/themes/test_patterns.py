"""When a theme of several teams is systemic, and when a team may be named for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.crowd import may_count_unnamed, may_name_team
from handlers.themes.packet import divided
from handlers.themes.patterns import (
    Heard,
    Report,
    Teams,
    find,
    level_of,
    systemic_from,
)


@pytest.mark.parametrize(
    ("teams", "needed"),
    [(0, 3), (1, 3), (2, 3), (3, 3), (4, 3), (5, 3), (6, 3), (7, 4), (8, 4), (9, 4), (125, 4)],
)
def test_how_many_teams_make_a_theme_systemic(teams: int, needed: int) -> None:
    """Half of the teams, but never fewer than three nor more than four."""
    assert systemic_from(teams) == needed


@given(teams=st.integers(1, 200), reporting=st.integers(0, 200))
def test_one_team_fewer_is_watched_and_two_fewer_are_nothing(teams: int, reporting: int) -> None:
    """The rule has no gaps: exactly one count is watched."""
    needed = max(3, min(4, (teams + 1) // 2))
    expected = {True: "systemic", False: "watch" if reporting == needed - 1 else None}
    assert level_of(reporting, teams) == expected[reporting >= needed]


def test_one_team_saying_it_ten_times_is_one_team() -> None:
    """Teams are counted, not voices: a loud team is not a train."""
    reports = [Report(f"i{n}", 1, "Waiting for ports", ("ports",)) for n in range(1, 11)]
    assert find(reports, Teams(4), Heard()) == ()


def test_words_that_say_the_same_count_without_a_tag() -> None:
    """Few people tag what they write."""
    texts = [
        "Waiting for platform ports",
        "We wait for the platform's ports",
        "Platform ports wait",
    ]
    reports = [Report(f"i{team}", team, text) for team, text in enumerate(texts, 1)]
    [pattern] = find(reports, Teams(3), Heard())
    assert (pattern.level, pattern.teams, pattern.items) == ("systemic", (1, 2, 3), (1, 2, 3))
    assert pattern.key.startswith("~i")


def test_a_topic_of_several_teams_is_a_pattern_under_its_title() -> None:
    """They share no word; praise and wishes for a product are nothing to solve together."""
    said = {
        "review-latency": ("PRs rot", "I wait for days for a comment", "Nobody looks at my code"),
        "good-fun": ("What a party", "The barbecue", "Cake!"),
        "want-search": ("Filter by size", "Typos", "Umlauts"),
    }
    spoken = [(team, text) for texts in said.values() for team, text in enumerate(texts, 1)]
    reports = [Report(f"i{number}", team, text) for number, (team, text) in enumerate(spoken)]
    about = {text: name for name, texts in said.items() for text in texts}
    [pattern] = find(reports, Teams(3), Heard(about))
    assert (pattern.name, pattern.level) == ("Reviews wait too long", "systemic")
    assert pattern.items == (0, 1, 2)


def test_a_theme_is_told_once_when_tags_and_words_agree() -> None:
    """The same three items are one pattern, not two."""
    reports = [Report(f"i{team}", team, "Waiting for ports", ("ports",)) for team in (1, 2, 3)]
    assert [pattern.key for pattern in find(reports, Teams(3), Heard())] == ["#ports"]


def test_who_says_it_without_the_tag_is_perhaps_of_it_and_no_pattern_besides() -> None:
    """A list that tells one trouble three times is read once and never again."""
    said = ("Reviews wait", "PRs rot", "Nobody looks at my code", "Comments take days")
    tags = [("reviews",)] * 3 + [()]
    reports = [
        Report(f"i{team}", team, text, themes)
        for team, (text, themes) in enumerate(zip(said, tags, strict=True), 1)
    ]
    [tag] = find(reports, Teams(4), Heard(dict.fromkeys(said, "review-latency")))
    assert (tag.name, tag.level, tag.teams) == ("#reviews", "systemic", (1, 2, 3))
    assert [report.team for report in tag.perhaps] == [4]


def test_a_topic_of_more_teams_than_its_tag_keeps_its_weight() -> None:
    """What is systemic by its words must not shrink to one to watch for the sake of a tag."""
    said = ("Reviews wait", "PRs rot", "Nobody looks at my code")
    tags = [("reviews",), ("reviews",), ()]
    reports = [
        Report(f"i{team}", team, text, themes)
        for team, (text, themes) in enumerate(zip(said, tags, strict=True), 1)
    ]
    [found] = find(reports, Teams(4), Heard(dict.fromkeys(said, "review-latency")))
    assert (found.name, found.level) == ("Reviews wait too long", "systemic")


@pytest.mark.parametrize(
    ("unsigned", "people", "notes", "named"),
    [
        (False, 1, 1, True),
        (True, 4, 50, False),
        (True, 50, 4, False),
        (True, 5, 5, True),
        (True, 4, None, False),
        (True, 5, None, True),
    ],
)
def test_a_team_is_named_for_unsigned_words_only_as_a_crowd(
    unsigned: bool, people: int, notes: int | None, named: bool
) -> None:
    """Fewer than five possible authors are a short list of suspects."""
    assert may_name_team(unsigned, people, notes) is named


def test_a_team_that_stays_unnamed_is_neither_linked_nor_counted_where_few_are_left() -> None:
    """Of three teams, two named and one more: that is all three."""
    reports = [Report(f"i{team}", team, "Ports", ("ports",), team != 2) for team in (1, 2, 3)]
    [pattern] = find(reports, Teams(3, frozenset({1, 2, 3})), Heard())
    assert (pattern.items, pattern.teams, pattern.unnamed) == ((1, 3), (1, 3), 0)
    assert pattern.level == "watch"


@pytest.mark.parametrize(
    ("few", "unnamed"),
    [
        (frozenset(range(1, 11)), 1),  # one of the eight that are not named
        (frozenset({2, 5, 6, 7, 8}), 1),
        (frozenset({2, 5, 6, 7}), 0),
        (frozenset({2}), 0),  # a large team would have been named, so it is the small one
    ],
)
def test_it_is_counted_where_it_may_be_any_of_several(few: frozenset[int], unnamed: int) -> None:
    reports = [Report(f"i{team}", team, "Ports", ("ports",), team != 2) for team in (1, 2, 3, 4)]
    [pattern] = find(reports, Teams(10, few), Heard())
    assert (pattern.reporting, pattern.unnamed) == (3 + unnamed, unnamed)
    assert pattern.level == ("systemic" if unnamed else "watch")


def test_the_words_of_who_stays_unnamed_are_no_pattern_of_their_own() -> None:
    """The name of a pattern without a tag is somebody's sentence."""
    few = frozenset(range(1, 20))
    reports = [Report(f"i{n}", n, "We wait for platform ports", (), False) for n in range(1, 5)]
    assert find(reports, Teams(20, few), Heard()) == ()
    signed = [Report(f"i{n}", n, "We wait for the platform ports") for n in (5, 6, 7)]
    [pattern] = find([*reports, *signed], Teams(20, few), Heard())
    assert (pattern.key, pattern.name) == ("~i5", "We wait for the platform ports")


@given(st.integers(1, 30), st.integers(0, 30))
def test_enough_teams_are_left_over_that_said_nothing(candidates: int, unnamed: int) -> None:
    assert may_count_unnamed(unnamed, candidates) == (unnamed <= candidates - 4)


@given(st.text(max_size=300), st.integers(1, 50))
def test_pages_hold_every_character_once(words: str, limit: int) -> None:
    """What is copied page by page is the whole text."""
    pages = divided(words, limit)
    assert "".join(pages) == words
    assert all(len(page) <= limit for page in pages)
