"""A dependency is seen from both ends: told once, listed by age, and both hear of its end."""

from __future__ import annotations

from bot.turn import Click
from handlers.ui.actions import RemindTeams
from tests.hone import Hone, Someone


async def waits(ada: Someone, number: int, waits_for: str) -> None:
    """Have an item wait, and let Hone tell it."""
    await ada.says(f"refine #{number}")
    await ada.fills({"waits_for": waits_for})
    await ada.hone.wait(minutes=1)


async def two_teams(hone: Hone) -> tuple[Someone, Someone]:
    """Return Ada of refinement, whose #2 can wait, and Eve of search, who has #1."""
    ada, eve = hone.person("Ada"), hone.person("Eve", channel="search")
    await eve.says("improve Serve test data on request")
    await ada.says("improve Test the ranking under load")
    return ada, eve


async def test_the_team_that_is_waited_for_is_told_once(hone: Hone) -> None:
    """Who does not know that others count on them plans something else first."""
    ada, _ = await two_teams(hone)
    await waits(ada, 2, "#1")
    told = "refinement waits for #1 Serve test data on request, to go on with #2 Test the"
    assert hone.last("search").startswith(told)
    count = len(hone.channel("search"))
    await waits(ada, 2, "")
    assert "does not wait for #1 Serve test data on request any more" in hone.last("search")
    await waits(ada, 2, "#1")
    assert len(hone.channel("search")) == count, "one line, however often it is set"
    assert hone.last("search").startswith(told)


async def test_within_one_team_nobody_is_told(hone: Hone) -> None:
    """A team sees its own items; a line in its channel about them would be noise."""
    ada = hone.person("Ada")
    await ada.says("improve Serve test data on request")
    await ada.says("improve Test the ranking under load")
    before = len(hone.channel())
    await waits(ada, 2, "#1")
    assert len(hone.channel()) == before


async def test_both_lists_show_it_with_its_days(hone: Hone) -> None:
    """Search cannot plan for what only stands in another team's list."""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "#1")
    await hone.wait(days=9)
    await eve.says("backlog deps")
    assert "1 item of others waits for search" in eve.told
    assert "Asked by refinement · Days 9" in eve.told
    await eve.says("backlog deps train")
    assert "1 open dependency between teams" in eve.told
    assert "Team refinement · Waits for #1 Serve test data on request · Of team search" in eve.told


async def test_who_waits_hears_when_it_is_done(hone: Hone) -> None:
    """Work that could go on stands still until somebody happens to look."""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "#1")
    await eve.clicks("Done")
    await hone.wait(minutes=1)
    done = "#1 Serve test data on request is done: #2 Test the ranking under load of refinement"
    assert hone.last().startswith(f"{done} waits for it no more.")
    assert "✓ #1 Serve test data on request is done" in hone.last("search")
    await eve.clicks("Undo")
    await hone.wait(minutes=1)
    assert "waits for #1 Serve test data on request again." in hone.last()


async def test_who_waits_hears_when_it_is_dropped_and_why(hone: Hone) -> None:
    """A promise that was given up is worse than none, if nobody says so."""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "#1")
    await eve.clicks("Drop")
    await eve.fills({"reason": "not worth it now"})
    await hone.wait(minutes=1)
    assert "was dropped (not worth it now)" in hone.last()
    await ada.clicks("Refine #2")
    assert ada.form is not None


async def test_who_was_waited_for_hears_that_it_is_not_needed(hone: Hone) -> None:
    """Nobody should hurry for a team that has given up on it."""
    ada, _ = await two_teams(hone)
    await waits(ada, 2, "#1")
    await ada.clicks("Drop", on=next(m.card for m in hone.channel() if "#2" in m.text))
    await ada.fills({"reason": "no longer true"})
    await hone.wait(minutes=1)
    assert "of refinement is dropped and needs #1 Serve test data" in hone.last("search")


async def test_what_is_taken_back_at_once_is_not_told(hone: Hone) -> None:
    """A slip of the finger is nobody else's news."""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "#1")
    before = len(hone.channel())
    await eve.clicks("Done")
    await eve.clicks("Undo")
    await hone.wait(minutes=1)
    assert len(hone.channel()) == before


async def test_a_team_says_when_and_who_waits_sees_it(hone: Hone) -> None:
    """The question that a waiting team has is: by when?"""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "#1")
    await eve.clicks("Say when")
    await eve.fills({"due": "2026-11-01"})
    assert eve.errors == {"due": "That day is over. Choose one that is still to come."}
    await eve.fills({"due": "2026-12-04"})
    assert "to be done by 04 Dec" in hone.last("search")
    await ada.says("backlog deps")
    assert "By 04 Dec" in ada.told


async def test_a_team_takes_on_what_waits_for_it_as_a_whole(hone: Hone) -> None:
    """Until it is somebody's item nobody works on it."""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "search")
    assert "refinement waits for your team, to go on with #2 Test the ranking" in hone.last(
        "search"
    )
    await hone.wait(days=5)
    await eve.clicks("Take it")
    await eve.fills({"which": "#2"})
    assert eve.errors == {"which": "#2 is no item of your team."}
    await eve.fills({"which": "A sandbox with orders"})
    assert "#2 waits for #3 of your team now." in eve.told
    await ada.says("backlog deps")
    assert "Waits for #3 A sandbox with orders · Of team search · Days 5" in ada.told
    assert any("waits for #3 A sandbox" in shown.text for shown in hone.channel("search"))
    await eve.says("backlog finish #3")
    await hone.wait(minutes=1)
    assert "#3 A sandbox with orders is done" in hone.last()


async def test_many_dependencies_have_pages(hone: Hone) -> None:
    """In PI planning a train has dozens; the youngest must be found as well as the oldest."""
    ada, eve = await two_teams(hone)
    for number in range(3, 20):
        await ada.says(f"improve Something number {number} that differs {'x' * number}")
        if ada.form:
            await ada.fills({})
        await waits(ada, number, "#1")
    await eve.says("backlog deps train")
    assert "17 open dependencies between teams" in eve.told
    await eve.clicks("Next", on=eve.whispered)
    assert "Page 2 of 2" in eve.told
    assert "#19 Something" in eve.told
    await ada.says("backlog deps")
    await ada.clicks("Next", on=ada.whispered)
    assert "Page 2 of 2" in ada.told


# --- in the digest ---------------------------------------------------------------------------


async def test_after_27_days_both_digests_ask(hone: Hone) -> None:
    """A wait that grows old in silence is found in the week the release was planned for."""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "#1")
    await hone.wait(days=27)
    await ada.says("digest")
    assert "Ada, #2 Test the ranking under load waits 27 days for search: remind them?" in ada.told
    await eve.says("digest")
    assert "Eve, refinement waits 27 days for #1 Serve test data on request: by when?" in eve.told

    await ada.clicks("Remind", on=ada.whispered)
    assert ada.told == "search was reminded."
    assert "refinement still waits for #1 Serve test data on request" in hone.last("search")
    count = len(hone.channel("search"))
    await ada.says("digest")
    assert "remind them?" not in ada.told
    await ada.acts(Click(RemindTeams(2)))
    assert len(hone.channel("search")) == count, "once a day is enough"

    await eve.clicks("Say when", on=eve.whispered)
    await eve.fills({"due": "2027-01-08"})
    await eve.says("digest")
    assert "by when?" not in eve.told


async def test_a_posted_ask_says_how_it_was_settled(hone: Hone) -> None:
    """Who reads Monday's post on Thursday must not do again what is done."""
    ada, eve = await two_teams(hone)
    await waits(ada, 2, "#1")
    await ada.says("digest on Monday 9:00")
    await hone.wait(days=28)
    assert any("remind them?" in shown.text for shown in hone.channel())
    await ada.clicks("Remind")
    became = "✓ #2 Test the ranking under load was brought up with the other team."
    assert any(became in shown.text for shown in hone.channel())
    await eve.clicks("Done", on=next(m.card for m in hone.channel("search") if "[Done]" in m.text))
    assert any("waits for no other team now" in m.text for m in hone.channel())


async def test_who_has_no_channel_is_named(hone: Hone) -> None:
    """A reminder that reached nobody must not look like one that did."""
    ada, _ = await two_teams(hone)
    await waits(ada, 2, "#1, Legal")
    await ada.acts(Click(RemindTeams(2)))
    assert "search was reminded." in ada.told
    assert "I cannot reach Legal" in ada.told
    await waits(ada, 2, "")
    await ada.acts(Click(RemindTeams(2)))
    assert ada.told == "#2 waits for no other team now."
