"""People call Hone as they call each other, and write as they write anywhere."""

from __future__ import annotations

import pytest

from tests.stages.stage import Player


@pytest.mark.parametrize(
    "line",
    [
        "@Hone improve Alpha is slow",
        "@Hone, improve Alpha is slow",
        "@Hone: improve Alpha is slow",
        "@Hone - improve Alpha is slow",
        "Hey @Hone! improve Alpha is slow",
        "ok @Hone - please improve Alpha is slow",
        "👋 @Hone improve Alpha is slow",
        "@Hone @Hone improve Alpha is slow",
        "@Hone `improve Alpha is slow`",
        "@Hone *improve* Alpha is slow",
        "@Hone _improve Alpha is slow_",
        "“@Hone improve Alpha is slow”",
        "*@Hone* improve Alpha is slow",
        "@Hone /improve Alpha is slow",
        "improve Alpha is slow @Hone",
    ],
)
async def test_hone_hears_its_name_in_any_dress(ada: Player, line: str) -> None:
    await ada.calls(line)
    assert "Saved as #1" in ada.told
    assert "#1 Alpha is slow" in await ada.sees()


async def test_alone_with_hone_its_typed_name_is_an_address(ada: Player) -> None:
    alone = ada.alone()
    await alone.chats("hone, improve Alpha is slow")
    assert "#1 Alpha is slow" in await alone.sees()
    await alone.chats("Hi Hone: improve Bravo needs tests")
    assert "#2 Bravo needs tests" in await alone.sees()


async def test_to_talk_about_hone_is_no_command(ada: Player) -> None:
    """The words are proposed, whole: nobody asked for anything."""
    alone = ada.alone()
    await alone.chats("Hone is slow today")
    assert "Shall I save this? Hone is slow today" in await alone.sees()


async def test_words_behind_a_greeting_are_proposed_without_it(ada: Player) -> None:
    await ada.calls("Hey @Hone, builds take forty minutes")
    assert "Shall I save this? builds take forty minutes" in ada.told


async def test_emoji_and_addresses_stay_as_they_were_typed(ada: Player) -> None:
    """On every card, in every form and in what is exported."""
    title = "Update README.md for www.example.com 😢 👨\u200d👩\u200d👧 🇩🇪 👍🏼 :partyparrot:"
    await ada.calls(f"@Hone improve {title}")
    assert f"#1 {title}" in await ada.sees()
    await ada.clicks("Edit")
    assert ada.prefilled("title") == title
    await ada.fills({"title": f"{title} 🙏"})
    assert f"#1 {title} 🙏" in await ada.sees()
    await ada.says("backlog export")
    assert f"{title} 🙏" in ada.prefilled("piece0")
