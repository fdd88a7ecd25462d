"""The theme of an item is suggested, corrected, and learnt from; nothing of it is forced."""

from __future__ import annotations

import pytest

from bot.learner import Learner
from bot.turn import Click
from handlers.capture.actions import SetTheme
from storage.vectors import Taught
from tests.handlers.likeness.standin import Hears, Topics
from tests.hone import WORKSPACE, Hone, Someone, buttons_of


@pytest.fixture
def topics(hone: Hone) -> Topics:
    hone.database.meaning = Topics()
    return hone.database.meaning


async def learn(hone: Hone, topics: Topics) -> None:
    await Learner(hone.database, topics, lambda: hone.now).learn()


async def taught(hone: Hone, topics: Topics) -> list[Taught]:
    async with hone.database.read(WORKSPACE, hone.now) as store:
        return await store.phrasings.taught(topics.model)


def labels(person: Someone) -> list[str]:
    return [button.label for button in buttons_of(person.whispered)]


# --- what is suggested -----------------------------------------------------------------------


async def test_a_sure_theme_is_claimed_and_says_that_it_is_a_guess(
    hone: Hone, topics: Topics
) -> None:
    """A wrong theme that looks like a fact is worse than none."""
    ada = hone.person("Ada")
    await ada.says("improve Stories queue before testing")
    assert "Theme: Waiting for another team (suggested)" in ada.told
    assert labels(ada) == ["Right", "Another …", "None"]
    await ada.clicks("Right", on=ada.whispered)
    assert "Theme of #1: Waiting for another team" in ada.told
    assert "Theme: Waiting for another team" in hone.last()


async def test_the_trains_own_tag_comes_before_the_topic(hone: Hone, topics: Topics) -> None:
    """Four teams with four tags for one trouble are four themes of one team each."""
    await hone.person("Eve", channel="search").says("improve We wait for licences #handovers")
    await learn(hone, topics)
    ada = hone.person("Ada")
    await ada.says("improve Testers are idle")
    assert "Theme: #handovers (suggested)" in ada.told
    await ada.clicks("Right", on=ada.whispered)
    assert "Themes: #handovers" in hone.last()


async def test_a_tag_that_hardly_fits_does_not_push_the_right_topic_back(hone: Hone) -> None:
    """What the train calls something else is a wrong answer, however familiar its word is."""
    said, near = "Payments tells us too late what it needs", "Payments drops things on us"
    heard = Hears(
        {
            "API changes are announced in a mail": (("breaking-apis", 0.9),),
            said: (("deps-late", 0.4), ("waiting-team", 0.2), ("breaking-apis", 0.12)),
            near: (("deps-late", 0.3), ("waiting-team", 0.2), ("breaking-apis", 0.19)),
        }
    )
    hone.database.meaning = heard
    eve = hone.person("Eve", channel="search")
    await eve.says("improve API changes are announced in a mail #api")
    await learn(hone, heard)
    ada = hone.person("Ada")
    await ada.says(f"improve {said}")
    assert labels(ada)[:3] == [
        "Dependencies are found too late",
        "Waiting for another team",
        "#api",
    ]
    await ada.says(f"improve {near}")
    assert labels(ada)[0] == "#api", "which fits about as well"


async def test_without_the_model_like_words_suggest_the_trains_tags(hone: Hone) -> None:
    """Where memory is scarce a tag is still suggested, and where it is far from sure, offered."""
    await hone.person("Eve", channel="search").says("improve Builds take forty minutes #builds")
    ada = hone.person("Ada")
    await ada.says("improve Our builds take twenty minutes")
    assert "Theme: #builds (suggested)" in ada.told
    await ada.says("improve The nightly builds page people and take hours off their sleep")
    assert "(suggested)" not in ada.told


async def test_who_wrote_a_tag_is_not_asked(hone: Hone, topics: Topics) -> None:
    """They have said what it is about."""
    ada = hone.person("Ada")
    await ada.says("improve Stories queue before testing #testing")
    assert "suggested" not in ada.told


async def test_a_tag_is_spelled_as_the_train_spells_it(hone: Hone) -> None:
    """#testdata and #test-data would be two themes."""
    await hone.person("Eve", channel="search").says("improve Nobody has orders #test-data")
    ada = hone.person("Ada")
    await ada.says("improve Accounts are shared by all #testdata")
    assert "I wrote #test-data, as this train does." in ada.told
    assert "Themes: #test-data" in hone.last()
    await ada.says("improve A third thing entirely #os")
    assert "#os" in hone.last()


async def test_a_guest_is_offered_the_words_of_their_team_alone(hone: Hone, topics: Topics) -> None:
    """A tag says what a team talks about, and other teams' backlogs are nothing for guests."""
    eve = hone.person("Eve", channel="search")
    await eve.says("improve We wait for licences #acme-contract")
    await eve.says("improve Nobody has orders #test-data")
    await eve.says("themes join #acme-contract #handover")
    await learn(hone, topics)
    gus = hone.person("Gus", channel="web", role="guest")
    await gus.says("improve Testers are idle")
    assert "Theme: Waiting for another team (suggested)" in gus.told
    await gus.clicks("Another …", on=gus.whispered)
    assert "acme" not in repr(gus.form)
    await gus.says("improve Accounts are shared by all #testdata #handover")
    assert "Themes: #testdata #handover" in hone.last("web")
    await gus.says("improve Every order is used twice #test-data")
    assert "I wrote #testdata, as this train does." in gus.told, "their own team's they are"


async def test_a_forged_theme_is_no_theme(hone: Hone, subtests: pytest.Subtests) -> None:
    """PostgreSQL refuses a tag that is too long, and any words would stand on the card."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    for topic, tag in (("", "x" * 200), ("", "a b <!channel>"), ("", "#"), ("own:7", "")):
        with subtests.test(topic=topic, tag=tag):
            await ada.acts(Click(SetTheme(1, topic, tag)))
            assert ada.told == "This theme is gone. Choose another one."
            assert "Themes" not in hone.last()


# --- what is corrected -----------------------------------------------------------------------


async def test_another_theme_is_chosen_or_written(hone: Hone, topics: Topics) -> None:
    """A suggestion that can only be taken or left teaches people to ignore it."""
    ada = hone.person("Ada")
    await ada.says("improve Stories queue before testing")
    await ada.clicks("Another …", on=ada.whispered)
    await ada.fills({"tag": "two words"})
    assert "A tag is one word" in ada.errors["tag"]
    await ada.fills({"tag": "#testing"})
    assert "Theme of #1: #testing" in ada.told
    assert "Themes: #testing" in hone.last()
    await ada.clicks("Change", on=ada.whispered)
    await ada.fills({"theme": "waiting-team"})
    assert "Theme: Waiting for another team" in hone.last()
    assert "#testing" not in hone.last(), "the tag that came with the last word goes with it"
    await ada.says("backlog theme #1")
    await ada.fills({"theme": "-"})
    assert "#1 has no theme." in ada.told
    assert "Waiting for another team" not in hone.last()


async def test_none_takes_the_item_out_of_the_pattern(hone: Hone, topics: Topics) -> None:
    """A person who says it is something else is right, whatever the model reads."""
    said = {"checkout": "Stories queue up", "search": "Testers are idle", "mobile": "We wait a lot"}
    person = hone.person("Mo")
    for channel, words in said.items():
        person = hone.person(channel, channel=channel)
        await person.says(f"improve {words}")
    await person.clicks("None", on=person.whispered)
    await person.says("themes")
    assert "Waiting for another team is systemic" not in person.told
    assert "2 of 3 teams" in person.told


async def test_a_correction_is_a_phrasing_from_then_on_and_goes_with_its_item(
    hone: Hone, topics: Topics
) -> None:
    """Who corrects twice the same gives up; who takes an item back takes back what it taught."""
    ada = hone.person("Ada")
    await ada.says("improve Open the ports earlier")
    await ada.clicks("Another …", on=ada.whispered)
    await ada.fills({"theme": "ops-tickets"})
    await learn(hone, topics)
    assert await taught(hone, topics) == [(b"ops-tickets", "ops-tickets")]
    await ada.says("backlog drop #1")
    await ada.fills({"reason": "duplicate"})
    assert await taught(hone, topics) == []


async def test_nothing_is_learnt_from_what_nobody_signed(hone: Hone, topics: Topics) -> None:
    """What an anonymous sentence taught could be asked back out of Hone."""
    ada, eve = hone.person("Ada"), hone.person("Eve")
    await ada.says("improve Stories queue before testing --anon")
    assert "Theme" not in ada.told
    await eve.says("backlog theme #1")
    await eve.fills({"theme": "waiting-team"})
    await learn(hone, topics)
    assert await taught(hone, topics) == []


async def test_what_is_taught_stays_in_the_workspace(hone: Hone, topics: Topics) -> None:
    eve = hone.person("Eve", workspace="test:other")
    await eve.says("improve Stories queue before testing")
    await eve.clicks("Right", on=eve.whispered)
    await learn(hone, topics)
    assert await taught(hone, topics) == []


# --- similar first ---------------------------------------------------------------------------


async def test_who_else_has_this_is_told_across_the_train(hone: Hone) -> None:
    """The team next door may have solved it last month."""
    for channel in ("search", "mobile"):
        person = hone.person(channel.title(), channel=channel)
        await person.says("improve Builds take forty minutes")
    ada, gus = hone.person("Ada"), hone.person("Gus", channel="web", role="guest")
    await ada.says("improve Builds take forty minutes")
    assert "Two other teams have this: search #1 and mobile #2." in ada.told
    await gus.says("improve Builds take forty minutes")
    assert "teams have this" not in gus.told, "guests see only their team"


async def test_what_others_did_not_sign_is_not_told_across_the_train(hone: Hone) -> None:
    """In a team of two it would name the other one."""
    await hone.person("Eve", channel="search").says("improve Builds take forty minutes --anon")
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    assert "have this" not in ada.told
    assert "has this" not in ada.told


async def test_somebody_without_a_name_hears_what_is_there_already(hone: Hone) -> None:
    """They cannot join it, but they can take theirs back."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await hone.person("Eve").says("improve Builds take forty minutes --anon")
    await ada.says("improve Builds take forty minutes --anon")
    assert "This looks like #1 and #2, which we have." in ada.told
    assert "Take it back" in labels(ada)


async def test_a_retro_note_hears_what_the_backlog_has(hone: Hone) -> None:
    """Before the reveal nobody's notes are told, only what everybody can read anyway."""
    await hone.person("Eve", channel="search").says("improve Builds take forty minutes")
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("improve Builds take forty minutes")
    await ada.says("retro start anonymous")
    await grace.clicks("Add a note")
    await grace.fills({"c0": "Builds take forty minutes\nBring cake"})
    assert "The backlog has it: #2. Another team has this: search #1." in grace.told
    assert "Bring cake” " not in grace.told
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Bring cake"})
    assert "cake” " not in ada.told, "others' notes stay unseen"
