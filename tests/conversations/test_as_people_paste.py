"""Sentences come out of lists, mails, quotations and code; names stand in brackets and tables."""

from __future__ import annotations

import pytest

from bot.turn import Named
from tests.conversations.items import item
from tests.hone import Hone, Someone

GRACE = Named("grace", "Grace")


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    return hone.person("Ada")


# --- titles ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "- Builds are slow",
        "• Builds are slow",
        "* Builds are slow",
        "> Builds are slow",
        "- [ ] Builds are slow",
        "☐ Builds are slow",
        "“Builds are slow”",
        '"Builds are slow"',
        "«Builds are slow»",
        "Fwd: Builds are slow",
        "RE: AW: Builds are slow",
        "```Builds are slow```",
        "```\nBuilds are slow\n```",
        "---\nBuilds are slow",
        "# Builds are slow",
        "Title: Builds are slow",
    ],
)
async def test_what_stood_around_a_sentence_is_none_of_it(
    hone: Hone, ada: Someone, line: str
) -> None:
    await ada.says(f"improve {line}")
    saved = await item(hone)
    assert (saved.title, saved.description) == ("Builds are slow", "")


@pytest.mark.parametrize(
    "title",
    [
        "3. Quartal braucht Zahlen",
        "“Done” means three things",
        "`make test` is slow",
        "Re-opened items are lost",
        "-1 is shown as a price",
        "Use `a` and `b`",
        "👍 counts as consent",
    ],
)
async def test_what_belongs_to_a_sentence_stays(hone: Hone, ada: Someone, title: str) -> None:
    await ada.says(f"improve {title}")
    assert (await item(hone)).title == title


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, Nov 23, 2026 at 9:00 AM Grace wrote:\n> Builds are slow",
        "Am 23.11.2026 um 09:00 schrieb Grace:\n> Builds are slow",
        "> Grace wrote:\n> Builds are slow",
    ],
)
async def test_whose_words_are_quoted_is_no_title(hone: Hone, ada: Someone, quoted: str) -> None:
    await ada.says(f"improve {quoted}")
    assert (await item(hone)).title == "Builds are slow"


async def test_labels_may_stand_on_lines_of_their_own(hone: Hone, ada: Someone) -> None:
    await ada.says("improve Builds are slow\nOwner: @Grace\nDue: Friday\nTags: #ci, #perf", GRACE)
    saved = await item(hone)
    assert (saved.title, saved.owner, saved.themes) == ("Builds are slow", "grace", ["ci", "perf"])
    assert str(saved.due) == "2026-11-27"


@pytest.mark.parametrize(
    "said",
    [
        "log that reviews wait for days",
        "can you log that reviews wait for days?",
        "could you please note that reviews wait for days",
        "remember that reviews wait for days",
        "add “reviews wait for days” to the backlog",
        "put reviews wait for days on our backlog",
    ],
)
async def test_what_asks_to_write_it_down_is_left_out(ada: Someone, said: str) -> None:
    await ada.chats(said)
    assert ada.told.startswith("Shall I save this? reviews wait for days\n"), ada.told


async def test_a_mail_is_called_as_its_subject(hone: Hone, ada: Someone) -> None:
    mail = "From: Grace\nSent: Monday\nSubject: RE: Builds are slow\n\nHi all,\nthey are."
    await ada.says(f"improve {mail}")
    saved = await item(hone)
    assert (saved.title, saved.description) == ("Builds are slow", mail)


@pytest.mark.parametrize("line", ["...", "???", "–", "#12"])
async def test_signs_and_numbers_alone_are_no_title(ada: Someone, line: str) -> None:
    await ada.says(f"improve {line}")
    assert "in one sentence what should get better" in ada.told
    assert "Saved" not in ada.told


async def test_a_checklist_is_several_without_its_boxes(ada: Someone) -> None:
    await ada.says("improve - [ ] Builds are slow now\n- [x] Reviews wait for days")
    assert "1. Builds are slow now\n" in ada.told
    assert "2. Reviews wait for days\n" in ada.told


async def test_a_command_before_each_line_stands_in_no_title(ada: Someone) -> None:
    await ada.says(
        "improve Builds are slow now\nimprove Reviews wait for days\n/improve Tests flake a lot"
    )
    assert "1. Builds are slow now\n" in ada.told
    assert "2. Reviews wait for days\n" in ada.told
    assert "3. Tests flake a lot\n" in ada.told


@pytest.mark.parametrize(
    "words", ["“Builds take an hour”", "-> Builds take an hour", "to Builds take an hour"]
)
async def test_a_new_title_is_without_what_leads_to_it(
    hone: Hone, ada: Someone, words: str
) -> None:
    await ada.says("improve Builds are slow")
    await ada.alone().chats(f"rename #1 {words}")
    assert (await item(hone)).title == "Builds take an hour"


@pytest.mark.parametrize("words", ["1, 2, 3", "#1-#3", "#1 to #3", "items 1 and 2 and 3"])
async def test_several_are_finished_by_any_names(hone: Hone, ada: Someone, words: str) -> None:
    for title in ("Builds are slow", "Reviews wait", "Tests flake"):
        await ada.says(f"improve {title}")
    await ada.says(f"backlog finish {words}")
    assert "Done: #1, #2, #3." in ada.told


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ending",
    ["(@Grace)", "[@Grace]", "-> @Grace", "→ @Grace", "=> @Grace", "| @Grace", "owner=@Grace"],
)
async def test_an_owner_in_brackets_or_behind_an_arrow_is_one(
    hone: Hone, ada: Someone, ending: str
) -> None:
    await ada.says(f"improve Builds are slow {ending}", GRACE)
    saved = await item(hone)
    assert (saved.title, saved.owner) == ("Builds are slow", "grace")


@pytest.mark.parametrize("ending", ["*by Friday* *#ci*", "_by Friday_ #ci_", "*(by Friday)* ~#ci~"])
async def test_bold_markers_are_markers(hone: Hone, ada: Someone, ending: str) -> None:
    await ada.says(f"improve Builds are slow {ending}")
    saved = await item(hone)
    assert (saved.title, saved.themes) == ("Builds are slow", ["ci"])
    assert saved.due


async def test_a_search_takes_a_name_with_its_sign(hone: Hone, ada: Someone) -> None:
    await hone.person("Grace").says("help")
    await ada.says("improve Builds are slow @Grace", GRACE)
    await ada.says("backlog @Grace")
    assert "#1 Builds are slow" in ada.told


@pytest.mark.parametrize("line", ["help with wsjf", "help me with wsjf", "help votes"])
async def test_help_is_asked_for_in_more_words(ada: Someone, line: str) -> None:
    await ada.says(line)
    assert "wsjf" in ada.told
    assert "don't know" not in ada.told


async def test_cells_of_a_row_are_read_one_by_one(hone: Hone, ada: Someone) -> None:
    await ada.says("improve Builds are slow | @Grace | 4 Dec | #ci", GRACE)
    saved = await item(hone)
    assert (saved.title, saved.owner, saved.themes) == ("Builds are slow", "grace", ["ci"])
    assert saved.due


@pytest.mark.parametrize("word", ["cc", "/cc", "CC:", "FYI", "thanks"])
async def test_who_shall_only_know_owns_nothing(hone: Hone, ada: Someone, word: str) -> None:
    """An owner is asked when the day is over; whoever was copied has promised nothing."""
    await ada.says(f"improve Builds are slow {word} @Grace", GRACE)
    saved = await item(hone)
    assert (saved.title, saved.owner) == (f"Builds are slow {word} @Grace", None)
    assert "[Make Grace owner]" in ada.told


async def test_behind_owner_a_known_name_needs_no_mention(hone: Hone, ada: Someone) -> None:
    await hone.person("Grace").says("help")
    await ada.says("improve Builds are slow owner: Grace")
    assert (await item(hone)).owner == "grace"


async def test_a_name_that_was_typed_and_not_chosen_is_offered(hone: Hone, ada: Someone) -> None:
    await hone.person("Grace").says("help")
    await ada.says("improve Builds are slow @grace")
    assert "“grace” was not mentioned, so nobody is the owner yet." in ada.told
    await ada.clicks("Make Grace owner")
    assert (await item(hone)).owner == "grace"


@pytest.mark.parametrize("word", ["channel", "here", "everyone"])
async def test_everybody_is_no_person(ada: Someone, word: str) -> None:
    await ada.says(f"improve Builds are slow @{word}")
    assert f"“{word}” is no person, so nobody is the owner yet." in ada.told


async def test_an_arrow_between_two_days_is_the_sentences(hone: Hone, ada: Someone) -> None:
    await ada.says("improve Move the release Thursday → Friday")
    saved = await item(hone)
    assert (saved.title, saved.due) == ("Move the release Thursday → Friday", None)
