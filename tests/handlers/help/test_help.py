"""Learning what to type, and the first words in a workspace."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards import Card, Text, Typed
from bot.turn import Joined
from bot.twins import twin
from handlers import FEATURES
from tests.hone import Hone, Someone

ROOT = Path(__file__).parents[3]
SPECS = {name: spec for feature in FEATURES for name, spec in feature.commands.items()}


def examples(card: Card) -> Iterator[str]:
    """Everything that a card tells people to type."""
    for node in card.nodes:
        if isinstance(node, Text):
            yield from (span.line for span in node.spans if isinstance(span, Typed))


# --- the command -----------------------------------------------------------------------------


async def test_help_shows_every_command_with_an_example(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("help")
    for spec in SPECS.values():
        assert spec.example in ada.told
        assert spec.what in ada.told
    assert "backlog mine" in ada.told


async def test_help_fits_a_phone(hone: Hone) -> None:
    """A wall of text is not read: one line for a command, one for its verbs."""
    ada = hone.person("Ada")
    await ada.says("help")
    assert len(twin(ada.whispered).splitlines()) <= 25


async def test_help_is_for_the_asker_alone(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("help")
    await hone.settle()
    assert hone.channel() == []


async def test_one_command_is_explained_with_its_verbs(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = hone.person("Ada")
    for line in ("help backlog", "backlog help", "help /backlog", "HELP Backlog"):
        with subtests.test(line=line):
            await ada.says(line)
            assert ada.told.startswith("backlog: Read the backlog")
            for verb in SPECS["backlog"].verbs.values():
                assert f"{verb.example} {verb.what}" in ada.told


async def test_help_explains_itself(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("help help")
    assert ada.told.startswith("help: Learn what to type")


async def test_a_misspelt_command_gets_the_nearest_one(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("help baklog")
    assert ada.told == "I don't know baklog; nearest: help backlog."
    await ada.says(f"help {'x' * 5000}")
    assert ada.told == f"I don't know {'x' * 39}…. See all I know: help."


async def test_a_mention_without_a_word_is_answered_with_help(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("")
    assert ada.told.startswith("What you can type")


async def test_everything_help_tells_people_to_type_is_a_command(hone: Hone) -> None:
    """Help that does not work is worse than none."""
    ada = hone.person("Ada")
    lines: list[str] = []
    for line in ("help", *(f"help {name}" for name in SPECS)):
        await ada.says(line)
        lines += examples(ada.whispered)
    await ada.acts(Joined())
    lines += examples(hone.channel()[0].card)
    assert {line.split()[0] for line in lines} <= SPECS.keys()
    verbs = {line.split()[1] for line in lines if line.startswith("backlog ")}
    assert verbs == SPECS["backlog"].verbs.keys()


def test_a_line_to_type_is_written_as_one() -> None:
    """Each platform then shows it as it is typed there, in Slack with its slash."""
    found = [
        f"{path}:{node.lineno}"
        for path in sorted((ROOT / "handlers").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Code"
        if _first_word(node.args[0]) in SPECS
    ]
    assert not found, "say Typed"


def _first_word(node: ast.expr) -> str:
    begins = node.values[0] if isinstance(node, ast.JoinedStr) else node
    return str(getattr(begins, "value", "")).partition(" ")[0]


# --- the door --------------------------------------------------------------------------------


async def test_one_door_leads_to_every_command(hone: Hone) -> None:
    """Another app may own /wsjf here; /hone wsjf works all the same."""
    ada = hone.person("Ada")
    await ada.says("hone improve Estimation runs long")
    assert "Saved as #1" in ada.told
    await ada.says("hone backlog")
    assert "#1 Estimation runs long" in ada.told
    await ada.says("hone help backlog")
    assert ada.told.startswith("backlog: Read the backlog")
    await ada.says("hone WSJF #1")
    assert "Nobody has voted yet." in hone.last()


async def test_the_door_alone_asks_for_help(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = hone.person("Ada")
    for line in ("hone", "hone help", "hone hone", "hone hone help"):
        with subtests.test(line=line):
            await ada.says(line)
            assert ada.told.startswith("What you can type")


async def test_the_door_is_explained_by_name(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("help hone")
    assert ada.told.startswith("hone: One door to every command")


async def test_behind_the_door_a_misspelt_command_gets_the_nearest_one(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("hone improv Estimation")
    assert ada.told == "I don't know improv; nearest: improve, or help."


async def test_knocking_ever_again_does_no_harm(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("hone " * 7_000)
    assert ada.told.startswith("What you can type")


# --- plain words -----------------------------------------------------------------------------


async def test_plain_words_are_offered_to_be_saved(hone: Hone) -> None:
    """Somebody told a bot what is wrong: the words must not be lost on a syntax."""
    ada = hone.person("Ada").alone()
    await ada.chats("Stand-ups: why?")
    line, _ = examples(ada.whispered)
    assert line == "improve Stand-ups: why?"
    assert ada.told == f"I didn't catch a command. To save it: {line}. See what I know: help"


async def test_words_that_look_like_a_command_name_it(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats("baklog please")
    assert "Did you mean backlog?" in ada.told


async def test_nothing_said_is_answered_all_the_same(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats("  ")
    assert ada.told == "I didn't catch a command. See what I know: help"


async def test_small_talk_is_answered_and_not_offered_to_be_saved(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = hone.person("Ada").alone()
    for words, answer in (
        ("Hi!", "Hello! Tell me in a sentence"),
        ("good morning, Hone 👋", "Hello! Tell me in a sentence"),
        ("thanks a lot", "You are welcome."),
        ("Great, thank you so much!", "You are welcome."),
        ("What can you do?", "Log what should get better"),
        ("hey, how does this work?", "Log what should get better"),
    ):
        with subtests.test(words=words):
            await ada.chats(words)
            assert answer in ada.told
            assert not hone.channel("dm-ada")


async def test_work_that_begins_like_small_talk_is_offered_to_be_saved(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    for words in ("hello world builds fail", "What can you do about slow builds"):
        await ada.chats(words)
        assert f"Shall I save this? {words}" in hone.last("dm-ada")


# --- welcome ---------------------------------------------------------------------------------


async def adds(person: Someone) -> None:
    await person.acts(Joined())


async def test_a_channel_is_told_in_three_lines_who_added_hone_and_what_for(hone: Hone) -> None:
    await adds(hone.person("Ada"))
    assert hone.last() == (
        "Hello, I am Hone. Ada added me. I help this team refine its backlog where it talks.\n"
        "Log what should get better: improve Estimation runs long · vote on it, blind until the "
        "reveal: wsjf #1 · see what comes next: backlog\n"
        "In a channel, begin with my name: @Hone. Alone with me, just type. help shows all I know."
    )


async def test_hello_is_said_once_in_each_channel(hone: Hone) -> None:
    await adds(hone.person("Ada"))
    await adds(hone.person("Ada"))
    await adds(hone.person("Grace", channel="platform"))
    assert len(hone.channel()) == 1
    assert len(hone.channel("platform")) == 1


async def test_hello_is_said_once_to_each_person_who_has_not_spoken_yet(hone: Hone) -> None:
    ada, grace = hone.person("Ada").alone(), hone.person("Grace").alone()
    await adds(ada)
    await adds(ada)
    assert [m.text.splitlines()[0] for m in hone.channel("dm-ada")] == [
        "Hello Ada, I am Hone. Here you talk with me alone; nobody else reads it."
    ]
    await grace.says("help")
    await adds(grace)
    assert hone.channel("dm-grace") == []
