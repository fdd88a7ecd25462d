"""What people meet in their first minutes: a short hello, lines that work, two buttons."""

from __future__ import annotations

from tests.stages.stage import Player, Stage

HELLO = "I help this team refine its backlog where it talks"


async def test_each_channel_is_greeted_once(stage: Stage, ada: Player) -> None:
    elsewhere = stage.person("Ada", "search")
    for person in (ada, elsewhere, ada):
        await person.adds_hone()
    assert (await ada.sees()).count(HELLO) == 1
    assert (await elsewhere.sees()).count(HELLO) == 1


async def test_each_person_is_greeted_once_in_their_own_chat(ada: Player, grace: Player) -> None:
    await ada.opens_chat()
    await ada.opens_chat()
    assert (await ada.alone().sees()).count("Here you talk with me alone") == 1
    await grace.alone().chats("help")
    await grace.opens_chat()
    assert "Here you talk with me alone" not in await grace.alone().sees()


async def test_an_empty_page_logs_an_improvement_and_starts_a_vote(
    stage: Stage, ada: Player, grace: Player
) -> None:
    await ada.says("help")
    page = await ada.opens_page()
    await page.clicks("Log improvement")
    await page.fills({"title": "Builds take forty minutes"})
    await page.clicks("Start a vote")
    await page.fills({"items": ("1",)})
    assert "The vote has begun in" in page.told
    assert "Nobody has voted yet" in await grace.sees(), "it is held where the team talks"
