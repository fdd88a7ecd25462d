"""What Slack sends for an emoji becomes the emoji that was chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.slack.emoji
from bot.slack.emoji import emoji, with_emoji
from bot.slack.people import described
from bot.text import clean

TABLE = Path(bot.slack.emoji.__file__).parent / "emoji.txt"
LINES = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line != "#" and not line.startswith("# ")
]


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("Builds are slow :cry:", "Builds are slow 😢"),
        ("by Friday :pray:", "by Friday 🙏"),
        (":+1: :-1: :thumbsup: :100:", "👍 👎 👍 💯"),
        (":+1::skin-tone-3:", "👍🏼"),
        (":flag-de: :de:", "🇩🇪 🇩🇪"),
        (":flag-scotland:", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
        (":heart: :hash: :one:", "❤\ufe0f #\ufe0f\u20e3 1\ufe0f\u20e3"),
        (":man-woman-girl:", "👨\u200d👩\u200d👧"),
        (":cry::cry:", "😢😢"),
        ("slow:cry: again", "slow😢 again"),
        (":handshake::skin-tone-2::skin-tone-5:", "🫱🏻\u200d🫲🏾"),
        (":handshake::skin-tone-2-5:", "🫱🏻\u200d🫲🏾"),
        (":woman-heart-man::skin-tone-6:", "👩🏿\u200d❤\ufe0f\u200d👨🏿"),
        (":cry::skin-tone-2:", "😢🏻"),
    ],
)
def test_a_name_becomes_its_emoji(sent: str, seen: str) -> None:
    assert with_emoji(sent) == seen


@pytest.mark.parametrize(
    "text",
    [
        "shipped :partyparrot: today",
        ":partyparrot::skin-tone-2:",
        "at 10:30:45",
        "10:100:20",
        "std::a::b",
        "a:b:c",
        "`:cry:` is a label",
        "```\nstate:\n  :cry:\n```",
        ":cry",
        ":Cry:",
        "::",
    ],
)
def test_what_names_no_emoji_stays(text: str) -> None:
    """A workspace's own emoji keep their name, and colons in times and code are no emoji at all."""
    assert with_emoji(text) == text


def test_a_name_with_an_emoji_is_shown_with_it() -> None:
    """People put them behind their names, above all before a holiday."""
    user = {"id": "U1", "profile": {"display_name": "Ann :palm_tree:"}}
    assert described(user, "T1").name == "Ann 🌴"


def test_the_table_has_an_emoji_its_names_and_where_it_takes_tones() -> None:
    assert len(LINES) > 1_800
    assert TABLE.stat().st_size < 50_000
    names = [name for line in LINES for name in line[1].split(" ")]
    assert len(names) == len(set(names))
    for plain, _, *toned in LINES:
        assert len(toned) <= 2
        assert all("1" in pattern for pattern in toned), plain
        assert all("2" in pattern for pattern in toned[1:]), plain


def test_every_emoji_survives_the_edge() -> None:
    """What is cleaned away as invisible must not be a part of one."""
    names = [line[1].partition(" ")[0] for line in LINES]
    drawn = [emoji(name, tone) for name in names for tone in ("", "4", "26")]
    assert [each for each in drawn if clean(f"x {each} x") != f"x {each} x"] == []


def test_the_licence_goes_along() -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert "MIT License" in text
    assert "Cal Henderson" in text
    assert "emoji-datasource@" in text
