"""A train of two teams plans a PI, votes on it, changes it, and learns how predictable it was."""

from __future__ import annotations

import pytest

from tests.hone import Hone, Someone

VISION = "Anyone can buy from us within a minute, on any device."


async def sets_up(ada: Someone, starts: str = "2026-11-23") -> None:
    await ada.says("pi setup")
    await ada.fills({"name": "PI 27.1", "starts": starts, "length": "10 weeks"})
    assert "PI 27.1" in ada.told, ada.errors


async def writes(person: Someone, title: str, planned: str, **more: str | tuple[str, ...]) -> None:
    await person.says("pi objective add")
    assert person.form is not None, person.told
    await person.fills({"title": title, "planned": planned, **more})
    assert not person.errors, person.errors


async def links(person: Someone, numbers: str, objective: str) -> None:
    await person.says(f"pi link {numbers}")
    assert person.form is not None, person.told
    choice = next(f for f in person.form.fields if getattr(f, "id", "") == "objective")
    value = next(o.value for o in choice.options if o.label.startswith(objective))  # type: ignore[union-attr]
    await person.fills({"objective": value})


async def changes(person: Someone, **answers: str | tuple[str, ...]) -> None:
    await person.clicks("Change")
    assert person.form is not None, person.told
    await person.fills(answers)


async def test_a_whole_planning_interval(hone: Hone) -> None:
    ada = hone.person("Ada", channel="checkout")
    tomas = hone.person("Tomas", channel="search")
    grace = hone.person("Grace", channel="checkout")

    # --- where we are going ---
    await ada.says("pi")
    assert "No planning interval is set up." in ada.told
    await ada.clicks("Write the vision")
    await ada.fills({"vision": VISION, "new.1": "Fast checkout: two clicks.", "new.2": "Findable"})
    await sets_up(ada)
    assert "23 Nov 2026 to 31 Jan 2027, week 1 of 10" in ada.told

    # --- two teams write objectives ---
    await writes(ada, "Two thirds check out within a minute", "8", theme="1")
    assert "Business value: 8 planned" in hone.last("checkout")
    await writes(ada, "Fewer calls about payments", "5", committed=())
    await tomas.says("pi objective add Search answers in 200 ms")
    await tomas.fills({"planned": "10"})
    assert "Objective: Search answers in 200 ms" in hone.last("search")

    # --- items hang on them, some of another team ---
    await ada.says("improve One page for the whole checkout")
    await tomas.says("improve feature: A faster index for checkout")
    await tomas.says("improve Synonyms")
    await links(ada, "#1", "Two thirds")
    assert ada.told == "1 item now on: Two thirds check out within a minute"
    await links(tomas, "#2", "Two thirds")
    card = next(m for m in hone.channel("checkout") if "Objective: Two thirds" in m.text)
    assert "#1 One page for the whole checkout (captured)" in card.text
    assert "#2" in card.text, "an objective's card follows its items wherever they are linked"
    await tomas.says("backlog #2")
    assert "Objective: Two thirds check out within a minute" in tomas.told
    assert "linked it to “Two thirds check out within a minute”" in tomas.told
    await tomas.says("refine #2")
    await tomas.fills({})
    assert "Objective: Two thirds check out within a minute" in tomas.told

    # --- the whole line, and what hangs loose ---
    await tomas.says("pi")
    assert f"Vision: {VISION}" in tomas.told
    assert "Objective Two thirds check out within a minute" in tomas.told
    assert "Items #1 #2" in tomas.told
    assert "Themes without an objective: Findable." in tomas.told
    assert "Objectives without a theme: Fewer calls about payments, Search answers" in tomas.told
    assert "Objectives without items: Fewer calls about payments, Search answers" in tomas.told
    assert "Items of search without an objective: 1 of 2, first #3 Synonyms." in tomas.told

    # --- confidence: hidden, then together ---
    await ada.says("pi confidence")
    for person, fist in ((ada, "4"), (grace, "2")):
        await person.clicks("Vote")
        await person.fills({"fist": fist})
    await tomas.says("pi confidence")
    await tomas.clicks("Vote")
    await tomas.fills({"fist": "5"})
    live = next(m for m in hone.channel("checkout") if "Confidence in PI 27.1" in m.text)
    assert "3 people have voted: Ada, Grace, Tomas" in live.text, "one vote, wherever it is shown"
    await ada.clicks("Reveal", on=live.card)
    assert "3.7 of 5 (3 votes)" in live.text
    assert "1: 0, 2: 1, 3: 0, 4: 1, 5: 1" in live.text
    assert "1 person gave 2 or less." in live.text
    assert "Grace" not in live.text
    assert "The votes are on the table: 3.7 of 5 (3 votes)." in hone.last("checkout")

    # --- a risk is decided ---
    await grace.says("pi risk The payment provider changes its interface in January")
    await grace.clicks("Decide")
    await grace.fills({"state": "owned"})
    assert grace.errors == {"owner": "Choose who looks after it."}
    await grace.fills({"state": "owned", "owner": "tomas", "plan": "Ask them for a test account"})
    assert "Decision: Owned" in hone.last("checkout")
    assert "Owner: Tomas" in hone.last("checkout")
    await ada.says("pi risks")
    assert "0 not decided, 0 resolved, 1 owned, 0 accepted, 0 mitigated." in ada.told

    # --- in the third week an objective changes: who hangs on it hears of it, once ---
    await hone.wait(weeks=2)
    heard = len(hone.channel("search"))
    await ada.clicks("Change", on=card.card)
    await ada.fills({"planned": "6"})
    assert len(hone.channel("search")) == heard + 1
    assert "Business value: 8 → 6" in hone.last("search")
    assert "What search has on it:\n#2" in hone.last("search")
    await ada.clicks("Change", on=card.card)
    await ada.fills({"committed": ()})
    assert len(hone.channel("search")) == heard + 1, "one post a day, not more"
    assert "Now uncommitted: a stretch." in hone.last("search")
    assert "Business value: 8 → 6" in hone.last("search")
    await ada.clicks("Change", on=card.card)
    await ada.fills({"planned": "8", "committed": ("on",)})
    assert "the change was taken back" in hone.last("search")

    # --- the end: what was it worth? ---
    await hone.wait(weeks=8)
    await ada.says("pi score")
    await ada.fills({"actual.1": "8", "actual.2": "2"})
    assert "Predictability of checkout: 125 % (10 of 8), above plan." in ada.told
    await tomas.says("pi score")
    await tomas.fills({"actual.3": "6"})
    await ada.says("pi close")
    assert ada.form is not None
    await ada.fills({})
    closed = hone.last("checkout")
    assert "Predictability of the train: 89 % (16 of 18), reliable" in closed
    assert "Team search · Planned 10 · Reached 6 · Predictability 60 %" in closed
    assert "2 items are still open and serve no running objective now." in closed
    await ada.says("pi")
    assert "PI 27.1 is closed. Its predictability: 89 % (16 of 18), reliable." in ada.told


# --- what a change tells, and to whom --------------------------------------------------------


async def test_a_change_before_the_pi_begins_is_planning_and_tells_nobody(hone: Hone) -> None:
    ada = hone.person("Ada", channel="checkout")
    await sets_up(ada, starts="2026-12-07")
    await writes(ada, "Fewer calls", "5")
    await ada.says("improve Say what a refund costs")
    await links(ada, "#1", "Fewer calls")
    before = len(hone.channel("checkout"))
    await changes(ada, planned="6")
    assert len(hone.channel("checkout")) == before


async def test_a_dropped_objective_tells_its_teams_and_leaves_its_items_loose(hone: Hone) -> None:
    ada = hone.person("Ada", channel="checkout")
    await sets_up(ada)
    await writes(ada, "Fewer calls", "5")
    await ada.says("improve Say what a refund costs")
    await links(ada, "#1", "Fewer calls")
    await changes(ada, drop=("on",))
    assert "It was dropped." in hone.last("checkout")
    await ada.says("pi")
    assert "1 of 1, first #1 Say what a refund costs" in ada.told


async def test_an_items_progress_shows_on_the_objectives_card(hone: Hone) -> None:
    ada = hone.person("Ada", channel="checkout")
    await sets_up(ada)
    await writes(ada, "Fewer calls", "5")
    await ada.says("improve Say what a refund costs")
    await links(ada, "#1", "Fewer calls")
    card = next(m for m in hone.channel("checkout") if "Objective: Fewer" in m.text)
    assert "(captured)" in card.text
    await ada.clicks("Done")
    assert "(accepted)" in card.text


# --- who may ---------------------------------------------------------------------------------


async def test_guests_have_no_part_in_planning(hone: Hone, subtests: pytest.Subtests) -> None:
    await sets_up(hone.person("Ada"))
    guest = hone.person("Gus", role="guest")
    for line in ("pi", "pi setup", "pi risk x", "pi confidence", "pi close"):
        with subtests.test(line=line):
            await guest.says(line)
            assert "guests cannot see or change it" in guest.told
            assert guest.form is None


async def test_those_who_lead_change_the_plan_and_everyone_reads_it(hone: Hone) -> None:
    ada, grace = hone.person("Ada", channel="checkout"), hone.person("Grace", channel="checkout")
    await sets_up(ada)
    await writes(ada, "Fewer calls", "5")
    await ada.says("hone settings")
    await ada.fills({"facilitators": ("ada",)})
    for line in ("pi vision", "pi setup", "pi close"):
        await grace.says(line)
        assert "Only a facilitator or an admin of one of the train's teams" in grace.told
        assert "ask Ada" in grace.told
    for line in ("pi objective add", "pi score"):
        await grace.says(line)
        assert "Only a facilitator or an admin of checkout can do that: ask Ada." in grace.told
    await grace.says("pi")
    assert "Fewer calls" in grace.told
    await grace.says("pi objectives")
    await grace.clicks("Change")
    assert grace.form is None, "nor by a card"
    admin = hone.person("Root", channel="checkout", role="admin")
    await admin.says("pi vision")
    assert admin.form is not None


async def test_another_workspace_sees_nothing(hone: Hone) -> None:
    await sets_up(hone.person("Ada"))
    eve = hone.person("Eve", workspace="test:other")
    await eve.says("pi")
    assert "No planning interval is set up." in eve.told
