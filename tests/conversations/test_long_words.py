"""People write at length, or tell several things at once; nothing of it is lost."""

from __future__ import annotations

import pytest

from bot.turn import Named
from storage.items import Item
from tests.hone import Hone

GRACE = Named("grace", "Grace")
PARAGRAPH = """Our last release took two days instead of two hours. The checklist was out of date, \
e.g. it named a job that had been renamed in May, and nobody knew whom to ask about it:
- the runbook: https://wiki.example/runbook
- the job: https://ci.example/job/7
We should have somebody look after the list, and go through it together a week before each \
release, with the people who are on call that week and with whoever wrote the last changes."""
FIRST = "Our last release took two days instead of two hours"


async def items(hone: Hone) -> list[Item]:
    async with hone.database.read(hone.workspace, hone.now) as store:
        found = await store.items.several(range(1, 20))
    return list(found.values())


# --- long captures ---------------------------------------------------------------------------


async def test_the_first_sentence_is_the_title_and_the_rest_details(hone: Hone) -> None:
    """A title of 500 characters is read by nobody, and a list in it by nobody at all."""
    ada = hone.person("Ada")
    await ada.says(f"improve {PARAGRAPH} #release @Grace by Friday", GRACE)
    [item] = await items(hone)
    assert (item.title, item.owner, item.themes) == (FIRST, "grace", ["release"])
    assert item.due
    assert item.description == PARAGRAPH.removeprefix(f"{FIRST}. ")
    await ada.says("backlog #1")
    assert "- the job: https://ci.example/job/7\nWe should have" in ada.told
    assert "wrote the last changes." in ada.told
    await ada.clicks("Edit")
    await ada.fills({"owner": "ada"})
    [item] = await items(hone)
    assert item.description == PARAGRAPH.removeprefix(f"{FIRST}. "), "editing keeps all of it"
    await ada.says("backlog export")
    assert ada.form
    assert "https://ci.example/job/7" in str(ada.form)


async def test_plain_words_are_divided_alike(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats(PARAGRAPH)
    assert f"Shall I save this? {FIRST}" in hone.last("dm-ada")
    await ada.chats("yes")
    [item] = await items(hone)
    assert (item.title, item.description[:24]) == (FIRST, "The checklist was out of")


async def test_a_first_sentence_without_an_end_is_cut_for_the_title_only(hone: Hone) -> None:
    ada = hone.person("Ada")
    endless = "and then we wait " * 40 + "for ever"
    await ada.says(f"improve {endless}")
    [item] = await items(hone)
    assert len(item.title) <= 200
    assert item.title.endswith("…")
    assert item.description == endless


async def test_a_long_card_shows_its_beginning_and_the_rest_on_a_press(hone: Hone) -> None:
    ada = hone.person("Ada")
    long = " ".join(f"Reason {number} is that we never look." for number in range(60))
    await ada.says(f"improve Nobody looks at the wiki before a change is made. {long}")
    assert "Reason 59" not in hone.last()
    await ada.clicks("Read it all")
    assert "Reason 59 is that we never look." in ada.told


# --- several problems ------------------------------------------------------------------------

THREE = (
    "Builds are slow #ci. Nobody owns staging @Grace. Reviews wait for days by Friday.",
    "- Builds are slow #ci\n- Nobody owns staging @Grace\n- Reviews wait for days by Friday",
    "From our retro:\n1. Builds are slow #ci\n2) Nobody owns staging @Grace\n"
    "3. Reviews wait for days by Friday",
    "Builds are slow #ci\nNobody owns staging @Grace\nReviews wait for days by Friday",
    "builds are slow #ci; nobody owns staging @Grace; reviews wait for days by Friday",
)


@pytest.mark.parametrize("words", THREE)
async def test_three_problems_are_offered_as_three(hone: Hone, words: str) -> None:
    """Three troubles in one item are discussed as one, and two of them are forgotten."""
    ada = hone.person("Ada")
    await ada.says(f"improve {words}", GRACE)
    assert "Shall I save these 3?" in ada.told
    assert "I understood: theme #ci." in ada.told
    await ada.clicks("Save all")
    assert "Saved with #1, #2 and #3." in ada.told
    first, second, third = await items(hone)
    assert (first.themes, second.owner) == (["ci"], "grace")
    assert str(third.due) == "2026-11-27"
    assert "waits" not in third.title.lower()


async def test_they_are_saved_one_by_one(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats("Builds are slow. Nobody owns staging. Reviews wait for days.")
    await ada.clicks("Only 2")
    assert "2. Nobody owns staging (saved as #1)" in hone.channel("dm-ada")[0].text
    await ada.clicks("Save the others")
    assert hone.channel("dm-ada")[0].text == "Saved with #2, #1 and #3."
    assert [item.title for item in await items(hone)] == [
        "Nobody owns staging",
        "Builds are slow",
        "Reviews wait for days",
    ]


async def test_they_are_saved_as_one_or_forgotten(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats("Builds are slow. Nobody owns staging. Reviews wait for days.")
    await ada.clicks("Save as one item")
    await ada.chats("Deploys fail nightly. Licences run out. Nobody plans holidays.")
    await ada.clicks("Only 1")
    await ada.chats("no")
    assert [item.title for item in await items(hone)] == [
        "Builds are slow. Nobody owns staging. Reviews wait for days.",
        "Deploys fail nightly",
    ]


async def test_a_yes_saves_all_of_them(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats("- Builds are slow\n- Nobody owns staging")
    await ada.chats("yes, both")
    assert len(await items(hone)) == 2


@pytest.mark.parametrize(
    "words",
    [
        "Builds are slow and nobody owns staging and reviews wait for days",
        "Builds are slow. They take forty minutes. Nobody looks at them any more.",
        "Builds are slow. Slow builds cost us a day a week. We wait.",
        "We lost two days. The checklist was out of date. Someone had renamed the job.",
        "Hi team,\nour builds are slow since the\nupgrade of the runner",
        "Builds are slow. Can we cache them? Somebody did at my last place.",
        "Deploys hang, e.g. on Fridays. Nobody watches.",
        "Stand-ups drag. Nobody prepares.",
    ],
)
async def test_one_problem_stays_one(hone: Hone, words: str) -> None:
    ada = hone.person("Ada")
    await ada.says(f"improve {words}")
    assert len(await items(hone)) == 1
