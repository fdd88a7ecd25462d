"""Votes, retros, digests and the coach read times, zones and days alike, as people type them."""

from __future__ import annotations

import pytest

from bot.turn import Click, Command
from handlers.reader.asked import Asked
from handlers.retro.reading import read_start
from handlers.wsjf.actions import Cancel
from tests.hone import START, Hone, Someone


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    return hone.person("Ada")


MOMENTS = [
    ("by noon", "Mon 23 Nov, 12:00"),
    ("by 4 p.m.", "Mon 23 Nov, 16:00"),
    ("by 4 pm", "Mon 23 Nov, 16:00"),
    ("by 16:00 tomorrow", "Tue 24 Nov, 16:00"),
    ("by Thurs 4pm", "Thu 26 Nov, 16:00"),
    ("by 1 Dec 16:00", "Tue 1 Dec, 16:00"),
    ("in an hour", "Mon 23 Nov, 10:00"),
    ("in 2 hours", "Mon 23 Nov, 11:00"),
    ("until 16:00", "Mon 23 Nov, 16:00"),
    ("until Friday 16:00", "Fri 27 Nov, 16:00"),
    ("by Friday", "Fri 27 Nov, 17:00"),
    ("EOD", "Mon 23 Nov, 17:00"),
    ("by Friday at 4 pm", "Fri 27 Nov, 16:00"),
    ("16h30", "Mon 23 Nov, 16:30"),
    ("bis Freitag 16 Uhr", "Fri 27 Nov, 16:00"),
    ("vendredi 16h", "Fri 27 Nov, 16:00"),
    ("viernes a las 16", "Fri 27 Nov, 16:00"),
    ("sexta às 16h", "Fri 27 Nov, 16:00"),
    ("金曜日16時", "Fri 27 Nov, 16:00"),
    ("by Friday 4pm please 🙏", "Fri 27 Nov, 16:00"),
    ("by 16:00 (Europe/Berlin)", "Mon 23 Nov, 15:00"),
    ("by 4", "Mon 23 Nov, 16:00"),
    ("by ten", "Mon 23 Nov, 10:00"),
    ("tomorrow 10", "Tue 24 Nov, 10:00"),
    ("closes on Friday", "Fri 27 Nov, 17:00"),
    ("closing in 2 hours", "Mon 23 Nov, 11:00"),
    ("open until Friday 4pm", "Fri 27 Nov, 16:00"),
    ("by 16:00 local time", "Mon 23 Nov, 16:00"),
    ("by Friday KW 49", "Fri 4 Dec, 17:00"),
]


async def test_a_vote_and_a_retro_read_times_alike(hone: Hone, subtests: pytest.Subtests) -> None:
    """Two dialects are one too many. Nobody looks at the cards, so none is sent."""
    ada = hone.person("Ada")
    await ada.says("improve Builds are slow")
    for number, (words, at) in enumerate(MOMENTS):
        voter = hone.person(f"Voter{number}")
        with subtests.test(words=words):
            await voter.begins(Command("wsjf", f"#1 {words}"))
            async with hone.database.read(hone.workspace, hone.now) as store:
                poll = await store.polls.open_in("refinement")
            assert poll is not None
            assert f"{poll.closes_at:%a %-d %b, %H:%M}" == at
            assert read_start(f"4Ls {words}", {}, Asked(hone.now)).deadline == poll.closes_at
            await voter.begins(Click(Cancel(poll.id)))


async def test_no_deadline_is_none(ada: Someone, hone: Hone) -> None:
    await ada.says("improve Builds are slow")
    await ada.says("wsjf #1 no deadline")
    assert "Nobody has voted yet." in hone.last()
    assert "Closes by itself" not in hone.last()
    assert read_start("4Ls without a deadline", {}, Asked(hone.now)).deadline is None


@pytest.mark.parametrize(
    ("line", "template", "is_anonymous"),
    [
        ("Liked, Lacked, Learned, Longed for", "4Ls", False),
        ("four Ls", "4Ls", False),
        ("4Ls w/ facts", "4Ls", False),
        ("4Ls not anonymous", "4Ls", False),
        ("4Ls with names by Friday", "4Ls", False),
        ("anonymous 4Ls closing in 20 min", "4Ls", True),
    ],
)
def test_a_retro_is_started_in_other_words(line: str, template: str, is_anonymous: bool) -> None:
    start = read_start(line, {}, Asked(START))
    assert (start.template.name, start.anonymous) == (template, is_anonymous)


async def test_the_forms_field_reads_as_the_command(hone: Hone, ada: Someone) -> None:
    await ada.says("improve Builds are slow")
    await ada.says("wsjf start")
    await ada.fills({"items": ("1",), "closes": "vendredi 16h"})
    assert "Closes by itself: Fri 27 Nov, 16:00" in hone.last()
    await ada.says("retro start 4Ls by Friday 4pm please 🙏")
    assert "Fri 27 Nov, 16:00" in hone.last()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("by 5/12", "may be Wednesday 12 May 2027 or Saturday 5 December 2026"),
        ("by Friday at 4", "may be Friday 27 November 2026 4:00 or Friday 27 November 2026 16:00"),
        ("by 4pm ET", "Name a city: America/New_York?"),
        ("by 4pm GMT+2", "Name a city"),
        ("by 8:00", "has passed already"),
        ("by someday", "is no time that I can read"),
        ("by 2027-06-01", "A vote stays open for 30 days at most"),
    ],
)
async def test_a_moment_that_is_not_sure_is_asked_about(
    hone: Hone, ada: Someone, words: str, told: str
) -> None:
    await ada.says("improve Builds are slow")
    await ada.says(f"wsjf #1 {words}")
    assert told in ada.told
    assert "Blind" not in hone.last()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("on Monday 12 noon", "Mondays at 12:00 (UTC)"),
        ("on Monday – 9:00", "Mondays at 9:00 (UTC)"),
        ("on Monday at 9 in the morning", "Mondays at 9:00 (UTC)"),
        ("on every Friday at 4 p.m. Berlin time please", "Fridays at 16:00 (Europe/Berlin)"),
        ("on montags um 9 Uhr", "Mondays at 9:00 (UTC)"),
        ("on todos los lunes a las 9", "Mondays at 9:00 (UTC)"),
        ("on chaque lundi à 9h", "Mondays at 9:00 (UTC)"),
        ("on toda segunda às 9h", "Mondays at 9:00 (UTC)"),
        ("on 毎週月曜9時", "Mondays at 9:00 (UTC)"),
        ("on Monday half past nine", "Mondays at 9:30 (UTC)"),
    ],
)
async def test_the_digest_comes_when_people_say(
    hone: Hone, ada: Someone, words: str, told: str
) -> None:
    await ada.says(f"digest {words}")
    assert f"The digest comes {told}" in ada.told


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("GMT+2", "does not say whether its clocks change. Name a city"),
        ("ET", "can mean several zones. Name a city: America/New_York?"),
        ("EST", "Name a city: America/New_York?"),
        ("CEST", "Name a city: Europe/Berlin?"),
        ("UTC+5:30", "Name a city"),
        ("XT", "Name a city"),
    ],
)
async def test_no_zone_is_set_that_is_hours_away(
    hone: Hone, ada: Someone, zone: str, told: str
) -> None:
    """A digest that comes two hours late every week is one nobody asked for."""
    await ada.says(f"digest on Monday 9:00 {zone}")
    assert told in ada.told
    async with hone.database.read(hone.workspace, hone.now) as store:
        assert await store.digests.schedule("refinement", "team") is None


async def test_a_fixed_offset_stays_one_and_says_so(hone: Hone, ada: Someone) -> None:
    await ada.says("digest on Monday 9:00 UTC+2")
    assert "The digest comes Mondays at 9:00 (UTC+2)" in ada.told
    assert "summer time will not be followed" in ada.told
    assert "name a city" in ada.told
    assert "07:00" in ada.told or "09:00 (UTC+2)" in ada.told


async def test_the_coach_reads_days_alike(hone: Hone, ada: Someone) -> None:
    await ada.says("help")
    alone = ada.alone()
    await alone.says("coach Reviews wait for days")
    for answer in ("skip", "skip", "skip", "@me"):
        await alone.chats(answer)
    await alone.chats("bis Freitag, 4. Dezember, bitte 🙏")
    assert "When" in hone.last("dm-ada") or "metric" in hone.last("dm-ada")
