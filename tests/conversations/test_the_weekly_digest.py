"""A channel turns its digest on, reads it on Monday, and does what it asks from the digest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.cards import Chart
from bot.turn import HONE, Due, Place, Turn
from handlers.digest.calendar import TIMER
from handlers.digest.edition import Edition
from storage import Store
from storage.links import Target
from tests.gallery.specimen import furnish
from tests.hone import WORKSPACE, Hone


async def test_the_digest_comes_on_monday_at_nine(hone: Hone) -> None:
    await furnish(hone)
    ada = hone.person("Ada", zone="Europe/Berlin")

    await ada.says("digest on Monday 9:00")
    assert "The digest comes Mondays at 9:00 (Europe/Berlin)" in ada.told
    assert "Mon 30 Nov, 09:00 (Europe/Berlin)" in ada.told

    await hone.wait(days=6, hours=22)
    assert "Backlog health" not in hone.last()
    await hone.wait(hours=2)
    digest, details = hone.channel()[-2:]
    assert "Backlog health, week 49" in digest.text
    assert details.to.thread is not None, "the small print goes into the thread"
    assert "Health" in details.text


async def test_a_missed_hour_is_made_up_for_once(hone: Hone) -> None:
    await furnish(hone)
    await hone.person("Ada", zone="Europe/Berlin").says("digest on Monday 9:00")
    before = len(hone.channel())
    await hone.wait(days=8)  # nobody was running on Monday
    await hone.wait(hours=1)
    assert len(hone.channel()) == before + 2


async def test_an_ask_is_answered_from_the_digest(hone: Hone) -> None:
    await furnish(hone)
    grace = hone.person("Grace")
    await grace.says("digest preview")
    assert "[Refine]" in grace.told
    await grace.clicks("Refine", on=grace.whispered)
    assert grace.form is not None
    await grace.fills({"details": "A build takes five minutes."})
    await grace.says("digest preview")


async def test_a_quiet_week_adds_a_line_instead_of_a_post(hone: Hone) -> None:
    await furnish(hone)
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("digest on Monday 9:00")
    await hone.wait(days=7, hours=1)
    digests = [shown for shown in hone.channel() if "Backlog health" in shown.text]
    for _ in range(6):
        hone.now += timedelta(days=7)
        await hone.settle()
    texts = [shown.text for shown in hone.channel() if "Backlog health" in shown.text]
    assert len(digests) == 1
    assert len(texts) < 7, "every week had a post of its own"
    assert any("Nothing has changed" in text for text in texts)


async def test_off_means_off(hone: Hone) -> None:
    await furnish(hone)
    ada = hone.person("Ada")
    await ada.says("digest on Monday 9:00")
    await ada.says("digest off")
    before = len(hone.channel())
    await hone.wait(days=8)
    assert len(hone.channel()) == before


async def test_a_schedule_nobody_can_read_is_explained(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("digest on Mnday 9:00")
    assert "Did you mean Monday?" in ada.told
    await ada.says("digest onn")
    assert "nearest: digest on" in ada.told


async def test_the_trend_names_each_week_once_across_a_clock_change(hone: Hone) -> None:
    """Sunday night in Berlin, with the end of summer time within the eight weeks shown."""
    hone.now = datetime(2026, 11, 22, 22, 18, tzinfo=UTC)
    await furnish(hone)
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("digest preview")
    chart = next(node for node in ada.whispered.nodes if isinstance(node, Chart))
    assert len(set(chart.categories)) == len(chart.categories) == 8


async def test_a_product_owner_has_a_digest_of_their_own(hone: Hone) -> None:
    await furnish(hone)
    ada = hone.person("Ada", zone="Asia/Kolkata")
    await ada.says("backlog")  # so that Hone knows her team
    await ada.alone().says("digest on Monday 9:00")
    await hone.wait(days=7)
    assert "Backlog health, week 49" in hone.channel("dm-ada")[-2].text
    assert not any("Backlog health" in shown.text for shown in hone.channel())


async def test_the_trains_digest_counts_every_team(hone: Hone) -> None:
    await furnish(hone)
    payments = hone.person("Pia", channel="payments")
    await payments.says("improve Refunds are checked by hand twice")
    ada = hone.person("Ada", zone="UTC")
    await ada.says("digest train")
    assert "The train's backlog health, week 48" in ada.told
    await ada.says("digest train on Monday 9:00")
    await ada.says("digest on Monday 9:00")
    await hone.wait(days=7, hours=1)
    titles = [s.text.splitlines()[0] for s in hone.channel() if "acklog health" in s.text]
    assert sorted(titles) == ["Backlog health, week 49", "The train's backlog health, week 49"]
    await ada.says("digest train off")
    assert "No more weekly digests" in ada.told
    await ada.says("digest train sideways")
    assert "For the train's digest:" in ada.told


async def test_a_muted_item_is_not_asked_about(hone: Hone) -> None:
    await furnish(hone)
    ada = hone.person("Ada")
    await ada.says("digest preview")
    asked = next(line for line in ada.told.splitlines() if "?" in line and "#" in line)
    number = asked.split("#")[1].split()[0]
    await ada.says(f"digest mute #{number}")
    assert f"digest unmute #{number}" in ada.told
    await ada.says("digest preview")
    assert f"#{number} " not in ada.told
    await ada.says(f"digest unmute #{number}")
    await ada.says("digest preview")
    assert f"#{number} " in ada.told
    await ada.says("digest mute everything")
    assert "digest mute #42" in ada.told
    await ada.says("digest mute #4242")
    assert "There is no item #4242 here." in ada.told


async def test_a_team_chooses_its_numbers(hone: Hone) -> None:
    await furnish(hone)
    ada = hone.person("Ada")
    await ada.says("digest only late, unowned")
    await ada.says("digest preview")
    assert "Late" in ada.told
    assert "Done" not in ada.told.split("Ready and done")[0]
    await ada.says("digest only happiness")
    assert "Name up to 3 of: ready, done" in ada.told
    await ada.says("digest only all")
    await ada.says("digest preview")
    assert "Done" in ada.told.split("Ready and done")[0]


async def test_what_was_held_up_before_the_first_digest_is_not_guessed(hone: Hone) -> None:
    """Of links only those are known that are still open: one that ended would count as never."""
    ada = hone.person("Ada")
    for title in ("Pay by invoice", "Pay by wallet", "Pay on account"):
        await ada.says(f"improve {title}")

    async def wait(store: Store) -> None:
        for number in (1, 2):
            await store.links.set(number, [Target(name="Legal")])

    await hone.database.write(hone.workspace, hone.now, wait)
    await hone.wait(days=40)
    await ada.says("mark #1 done")
    await ada.says("digest only waiting")
    await ada.says("digest preview")
    assert "Held up 1\n" in ada.told


async def test_a_channel_that_changes_its_team_while_the_digest_is_told_reads_of_the_new_one(
    hone: Hone,
) -> None:
    """It is told beforehand, so that votes do not wait; what was changed in between counts."""
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    await ada.says("digest on Monday 9:00")
    hone.now += timedelta(days=7)
    turn = Turn(
        workspace=WORKSPACE,
        place=Place("refinement"),
        person=HONE,
        intent=Due(TIMER, Edition("refinement").timer),
        now=hone.now,
        key="",
        acted_at=hone.now,
    )
    precomputed = await hone.router.precompute(turn)

    async def other_team(store: Store) -> None:
        team = await store.teams.add("Newcomers", "UTC")
        await store.channels.join_team("refinement", team.id)

    async def ring(store: Store) -> None:
        await hone.router.ring(precomputed, store)

    await hone.database.write(WORKSPACE, hone.now, other_team)
    await hone.database.write(WORKSPACE, hone.now, ring)
    await hone.database.write(WORKSPACE, hone.now, ring)  # a week has one digest all the same
    await hone.settle()
    (digest,) = [shown for shown in hone.channel() if "Backlog health" in shown.text]
    assert "Estimation runs long" not in digest.text
    assert "The backlog is empty" in digest.text
