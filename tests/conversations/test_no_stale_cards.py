"""Whatever changes, wherever it is changed: every card that shows it says so.

The driver draws all standing cards again after each act and compares; these stories name what
readers would have seen go wrong.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.platform import Throttled
from bot.turn import Answers, Click, Submission
from bot.wire import Action
from handlers.capture.actions import SaveDrop
from handlers.digest.actions import OpenAsk, Snooze
from tests.gallery.specimen import furnish
from tests.hone import Hone, Shown, Someone, buttons_of

GOAL = "Release without waiting"


def standing(hone: Hone, begins: str, channel: str = "refinement") -> Shown:
    """Return the newest message of a channel whose card begins with these words."""
    return next(m for m in reversed(hone.channel(channel)) if m.card.summary.startswith(begins))


def digests(hone: Hone) -> list[Shown]:
    return [m for m in hone.channel() if any(is_ask(b.action) for b in buttons_of(m.card))]


def is_ask(action: Action) -> bool:
    return isinstance(action, OpenAsk | Snooze)


async def with_an_objective(hone: Hone) -> Someone:
    """Two items hang on an objective of the PI."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("improve Nobody owns the test data")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 27.1", "starts": "2026-11-23", "length": "10 weeks"})
    await ada.says("pi objective add")
    await ada.fills({"title": GOAL, "planned": "7"})
    await ada.says("pi link #1 #2")
    await ada.fills({"objective": "1"})
    return ada


async def with_a_digest(hone: Hone) -> Someone:
    """Two months of history, and the digest of the first Monday."""
    await furnish(hone)
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("digest on Monday 9:00")
    await hone.wait(days=7, hours=1)
    return ada


async def test_an_objective_hears_of_its_items_wherever_they_change(hone: Hone) -> None:
    ada = await with_an_objective(hone)
    objective = standing(hone, "Objective")
    assert "#1 Builds take forty minutes" in objective.text
    await ada.clicks("Edit", on=standing(hone, "#1").card)
    await ada.fills({"title": "Builds take an hour"})
    assert "#1 Builds take an hour" in objective.text
    await ada.clicks("Drop", on=standing(hone, "#2").card)
    await ada.fills({"reason": "duplicate"})
    assert "Nobody owns the test data" not in objective.text


async def test_an_objective_has_its_pis_new_name(hone: Hone) -> None:
    ada = await with_an_objective(hone)
    await ada.says("pi setup")
    await ada.fills({"name": "PI Winter", "starts": "2026-11-23", "length": "10 weeks"})
    assert "PI Winter" in standing(hone, "Objective").text


async def test_a_digest_no_longer_asks_about_what_was_dropped_elsewhere(hone: Hone) -> None:
    ada = await with_a_digest(hone)
    digest = digests(hone)[-1]
    asked = next(b.action for b in buttons_of(digest.card) if isinstance(b.action, OpenAsk))
    before = len(buttons_of(digest.card))
    await ada.acts(Submission(SaveDrop(asked.number), Answers({"reason": ("duplicate",)})))
    assert len(buttons_of(digest.card)) < before


async def test_the_last_digest_stays_live_and_those_before_it_stay_as_they_were(
    hone: Hone,
) -> None:
    """Nobody reads last month's digest again; its buttons still do what they say."""
    ada = await with_a_digest(hone)
    first = digests(hone)[-1]
    await ada.says("improve Deployments wait for a signature by Friday")
    await hone.wait(days=7)
    assert digests(hone)[-1] is not first
    drawn = len(first.cards)
    asked = next(b.action for b in buttons_of(first.card) if isinstance(b.action, OpenAsk))
    await ada.acts(Click(asked))
    assert ada.form is not None
    await ada.acts(Submission(SaveDrop(asked.number), Answers({"reason": ("duplicate",)})))
    assert len(first.cards) == drawn


async def test_a_vote_has_its_items_as_they_are(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("improve Nobody owns the test data")
    await ada.says("wsjf #1 #2")
    await ada.clicks("Edit", on=standing(hone, "#1").card)
    await ada.fills({"title": "Builds take an hour"})
    assert "Builds take an hour" in standing(hone, "WSJF").text


async def test_a_vote_waits_for_newcomers(hone: Hone) -> None:
    """Whoever joins the team while a vote is open may vote, so the card waits for them, too."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    assert "Grace" not in standing(hone, "WSJF").text
    await hone.person("Grace").says("backlog")
    assert "Grace" in standing(hone, "WSJF").text


async def test_a_step_of_a_retro_counts_its_groups_anew(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("retro start 4Ls")
    for note in ("Builds are slow", "Nobody reviews", "Meetings run long"):
        await ada.says(f"retro add {note}")
    await ada.clicks("Reveal")
    thread = hone.channel()[-1]
    assert "3 groups" in thread.text
    await ada.clicks("Merge groups")
    await ada.fills({"groups": ("1", "2")})
    assert "3 groups" not in thread.text
    assert "2 groups" in thread.text


async def test_a_risk_is_decided_no_more_once_its_pi_is_closed(hone: Hone) -> None:
    ada = await with_an_objective(hone)
    await ada.says("pi risk The payment provider moves its date")
    risk = standing(hone, "Risk")
    assert "[Decide]" in risk.text
    await ada.says("pi close")
    await ada.fills({})
    assert "[Decide]" not in risk.text


async def test_undo_goes_by_itself(hone: Hone) -> None:
    """What time alone changes needs no timer of its own."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    assert "[Undo]" in hone.last()
    hone.now += timedelta(minutes=10)
    await hone.settle()
    assert "[Undo]" not in hone.last()


async def test_undo_that_a_platform_would_not_take_away_at_once_goes_a_little_later(
    hone: Hone,
) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    hone.platform.failures.append(Throttled(30, "channel"))
    await hone.wait(minutes=10)
    assert "[Undo]" in hone.last()
    await hone.wait(seconds=30)
    assert "[Undo]" not in hone.last()


async def test_a_changed_name_is_on_every_card_soon(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    assert "Captured by: Ada" in hone.last()
    await replace(ada, who=replace(ada.who, name="Ada Lovelace")).says("backlog")
    await hone.wait(minutes=1)
    assert "Captured by: Ada Lovelace" in hone.last()
