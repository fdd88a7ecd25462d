"""However people call Hone, what they want of it is heard."""

from __future__ import annotations

import pytest

from bot.addressing import calls_hone
from bot.turn import Command, Said
from bot.words import heard

COMMANDS = frozenset(("backlog", "digest", "help", "hone", "improve", "me", "retro", "wsjf"))


def hear(text: str) -> Command | Said:
    """`@Hone` in the text is where the platform says that Hone is mentioned."""
    return heard(text.split("@Hone"), (), COMMANDS)


@pytest.mark.parametrize(
    "text",
    [
        "@Hone improve Builds are slow",
        "@Hone, improve Builds are slow",
        "@Hone : improve Builds are slow",
        "@Hone — improve Builds are slow",
        "@Hone - improve Builds are slow",
        "@Hone… improve Builds are slow",
        "@Hone、improve Builds are slow",
        "@Hone improve: Builds are slow",
        "@Hone improve - Builds are slow",
        "@Hone\nimprove Builds are slow",
        "@Hone\u00a0improve Builds are slow",
        "@Hone @Hone improve Builds are slow",
        "@Hone! @Hone, improve Builds are slow",
        "Hey @Hone! improve Builds are slow",
        "Good morning @Hone, improve Builds are slow",
        "hi there @Hone please improve Builds are slow",
        "Hallo @Hone, bitte improve Builds are slow",
        "ok @Hone - improve Builds are slow",
        "So, @Hone: improve Builds are slow",
        "@Hone hi, could you please improve Builds are slow",
        "👋🏼 @Hone 🙏 improve Builds are slow",
        ":partyparrot: @Hone improve Builds are slow",
        "@Hone `improve Builds are slow`",
        "@Hone ```improve Builds are slow```",
        "@Hone *improve* Builds are slow",
        "@Hone **improve** Builds are slow",
        "@Hone _improve_ Builds are slow",
        "@Hone ~improve~ Builds are slow",
        "@Hone *improve Builds* are slow",
        "*@Hone* improve Builds are slow",
        "*@Hone improve Builds are slow*",
        "“@Hone improve Builds are slow”",
        "„@Hone, improve Builds are slow“",
        '"@Hone" improve Builds are slow',
        "@Hone «improve Builds are slow»",
        "(@Hone improve Builds are slow)",
        "> @Hone improve Builds are slow",
        "@Hone /improve Builds are slow",
        "@Hone IMPROVE Builds are slow",
        "improve Builds are slow @Hone",
        "improve Builds are slow, @Hone!",
        "improve @Hone Builds are slow",
        "@Hone improve Builds are slow @Hone",
        "please improve Builds are slow @Hone",
        "@Hone hone improve Builds are slow",
    ],
)
def test_a_command_behind_any_address_is_a_command(text: str) -> None:
    assert hear(text) == Command("improve", "Builds are slow")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Hone improve\n- Builds\n- Tests", "- Builds\n- Tests"),
        ("@Hone improve - Builds\n- Tests", "- Builds\n- Tests"),
        ("@Hone improve\n• Builds\n• Tests", "• Builds\n• Tests"),
        ("> Builds are slow\n> and flaky\n@Hone improve", "Builds are slow\nand flaky"),
    ],
)
def test_a_list_keeps_its_first_point_and_a_quotation_its_words(text: str, said: str) -> None:
    assert hear(text) == Command("improve", said)


def test_a_list_behind_the_name_alone_keeps_its_first_point() -> None:
    assert hear("@Hone\n• Builds\n• Tests") == Said("• Builds\n• Tests")
    assert hear("@Hone - Builds are slow") == Said("Builds are slow")


@pytest.mark.parametrize(
    "text",
    [
        "wsjf #1",
        "/wsjf #1",
        "hone, wsjf #1",
        "hone wsjf #1",
        "Hone: wsjf #1",
        "HONE – wsjf #1",
        "@hone, wsjf #1",
        "Hi Hone, wsjf #1",
        "hello, wsjf #1",
        "please wsjf #1",
        "🙏 wsjf #1",
        "**Hone** wsjf #1",
        "`wsjf #1`",
        "“Hone, wsjf #1”",
        "Hone! Hone! wsjf #1",
    ],
)
def test_alone_with_hone_no_mention_is_needed(text: str) -> None:
    assert hear(text) == Command("wsjf", "#1")


@pytest.mark.parametrize(
    "text",
    [
        "Hone is slow today",
        "Hone's cards are slow",
        "hone.example is down",
        "hello retro was fun",
        "hi hone",
        "thanks hone!",
        "Builds at Hone are slow",
        "so wsjf is over",
        "yes",
        "👍",
        pytest.param("*_" * 1500, id="only signs"),
    ],
)
def test_words_about_something_are_no_command(text: str) -> None:
    assert hear(text) == Said(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hone, builds are slow", "builds are slow"),
        ("Hi Hone builds are slow", "builds are slow"),
        ("@Hone builds are slow", "builds are slow"),
        ("Hey @Hone, builds are slow", "builds are slow"),
        ("@Hone: builds are slow!", "builds are slow!"),
        ("I think @Hone is slow today", "I think Hone is slow today"),
        ("We wait a lot. @Hone, builds are slow", "We wait a lot. Hone, builds are slow"),
        ("builds are slow @Hone", "builds are slow"),
        ("thanks @Hone!", "thanks"),
        ("Hi @Hone", "Hi"),
        ("@Hone 👍", "👍"),
        ("@Hone wsjf's result is odd", "wsjf's result is odd"),
    ],
)
def test_plain_words_lose_only_the_address(text: str, said: str) -> None:
    assert hear(text) == Said(said)


@pytest.mark.parametrize("text", ["@Hone", "@Hone!", "@Hone ?", "hone", "Hone?", "*@Hone*"])
def test_the_name_alone_asks_for_help(text: str) -> None:
    assert hear(text) == Command("")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("improve We should ask @Hone", "We should ask Hone"),
        ("improve Nobody listens to @Hone in retros", "Nobody listens to Hone in retros"),
        ("improve Builds are slow @Hone by Friday #ci", "Builds are slow by Friday #ci"),
        ("improve Why are builds slow, @Hone?", "Why are builds slow?"),
        ("@Hone improve don't *panic* so much", "don't *panic* so much"),
        ("@Hone 'improve don't panic'", "don't panic"),
        ("improve Themes of @Hone digest come late", "Themes of Hone digest come late"),
        ("help @Hone improve this", "this"),
    ],
)
def test_a_title_keeps_the_name_where_it_belongs_to_the_sentence(text: str, title: str) -> None:
    assert hear(text) == Command("improve", title)


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("hone, wsjf #1", True),
        ("Hone wsjf #1", True),
        ("hi hone", True),
        ("Hone, builds are slow", True),
        ("Hone is slow today", False),
        ("Hone's cards are slow", False),
        ("wsjf #1", False),
        ("please improve this", False),
        ("We talked to Hone, wsjf is done", False),
    ],
)
def test_in_a_channel_the_typed_name_calls_where_it_stands_apart(text: str, calls: bool) -> None:
    """The local room has no mentions, and people also talk about Hone."""
    assert calls_hone(text, COMMANDS) is calls
