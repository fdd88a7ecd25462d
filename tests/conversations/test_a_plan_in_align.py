"""A team's PI and objectives stand in Jira Align: `pi` has them, follows them and loses nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.trackers.kinds import KINDS
from tests.conversations.trackers import connects, way_to
from tests.fakes.trackers.align import FakeAlign
from tests.fakes.trackers.board import Trouble
from tests.hone import Hone, Someone

MINUTE, CHECKOUT = "Two thirds check out within a minute", "those of Checkout"


@pytest.fixture
async def align(hone: Hone) -> AsyncIterator[FakeAlign]:
    """A program in its second week, with two objectives of the team and one of another."""
    async with FakeAlign() as board:
        door = way_to(hone, board)
        board.add("Refunds")
        board.plan(7, "PI 26.4", "2026-09-14", "2026-11-20")
        board.plan(8, "PI 27.1", "2026-11-23", "2027-01-31")
        board.aim(71, "Long done", 7, teamIds=[31])
        board.aim(81, MINUTE, 8, teamIds=[31], plannedValue=8, type="Committed")
        board.aim(82, "Fewer calls", 8, teamIds=[31], plannedValue=5, type="Stretch")
        board.aim(83, "Search in 200 ms", 8, teamIds=[32], plannedValue=10)
        yield board
        await door.close()


async def looks(hone: Hone, ada: Someone, align: FakeAlign) -> None:
    """Connect, and read the preview."""
    await ada.says("improve Something of our own")
    await connects(hone, ada, align)
    async with hone.database.read(hone.workspace, hone.now) as store:
        (site,) = await store.trackers.all()
    alone = ada.alone()
    await alone.clicks(f"Choose a {KINDS[align.kind].scope}")
    await alone.fills({"scope": str([id for id, _ in site.told["scopes"]].index("1"))})
    await hone.pulls()


async def chooses(hone: Hone, ada: Someone, words: str) -> None:
    """Say in the mapping whose objectives come."""
    await ada.clicks("Change mapping")
    assert ada.form is not None
    field = next(f for f in ada.form.fields if getattr(f, "id", "") == "plan")
    value = next(o.value for o in field.options if words in o.label)  # type: ignore[union-attr]
    await ada.fills({"plan": value})
    await hone.pulls()


async def follows(hone: Hone, ada: Someone, align: FakeAlign, words: str = CHECKOUT) -> None:
    await looks(hone, ada, align)
    await chooses(hone, ada.alone(), words)
    await ada.alone().clicks("Start")
    await hone.pulls()


async def passes(hone: Hone) -> None:
    await hone.wait(minutes=20)
    await hone.pulls()


async def changes(ada: Someone, title: str, **answers: str | tuple[str, ...]) -> None:
    """Change an objective of the team here."""
    await ada.says("pi objectives")
    card = next(w.card for w in ada.outcome.whispers if title in w.card.summary)
    await ada.clicks("Change", on=card)
    await ada.fills(answers)
    assert not ada.errors, ada.errors


def direct(hone: Hone, ada: Someone) -> str:
    return hone.last(f"dm-{ada.who.id}")


async def test_the_plan_stays_there_unless_the_team_wants_it(hone: Hone, align: FakeAlign) -> None:
    """Off by default: whoever plans in Hone finds nobody else's objectives in its PI."""
    ada = hone.person("Ada")
    await looks(hone, ada, align)
    assert "The PI and its objectives stay in Jira Align" in direct(hone, ada)
    await ada.alone().clicks("Start")
    await passes(hone)
    await ada.says("pi")
    assert "No planning interval is set up." in ada.told
    assert not [path for _, path, _ in align.calls if "/objectives" in path]


async def test_the_preview_counts_and_start_brings_it_in(hone: Hone, align: FakeAlign) -> None:
    ada = hone.person("Ada")
    await looks(hone, ada, align)
    await chooses(hone, ada.alone(), CHECKOUT)
    told = direct(hone, ada)
    assert (
        "PI 27.1, from 23 Nov 2026 on, comes into pi with 2 objectives, 1 of them uncommitted."
        in told
    )
    await ada.says("pi")
    assert "No planning interval is set up." in ada.told, "looking changes nothing"

    await ada.alone().clicks("Start")
    await hone.pulls()
    await ada.says("pi")
    assert "23 Nov 2026 to 31 Jan 2027" in ada.told
    assert MINUTE in ada.told
    assert "5 (stretch)" in ada.told
    assert "Search in 200 ms" not in ada.told
    assert "Long done" not in ada.told
    await ada.says("tracker")
    assert "PI 27.1, from 23 Nov 2026 on, comes into pi with 2 objectives" in ada.told


async def test_what_changes_there_is_here_and_the_teams_concerned_hear_it(
    hone: Hone, align: FakeAlign
) -> None:
    ada = hone.person("Ada")
    await follows(hone, ada, align)
    await ada.says("pi link #1")
    assert ada.form is not None
    await ada.fills({"items": ("1",), "objective": "1"})
    align.change(81, title="Most check out within a minute", plannedValue=9, deliveredValue=7)
    align.releases[1]["title"] = "PI 27.1 (winter)"
    align.releases[1]["endDate"] = "2027-02-07T00:00:00Z"
    align.aim(84, "Invoices by mail", 8, teamIds=[31], plannedValue=3)
    await passes(hone)

    await ada.says("pi")
    assert "PI 27.1 (winter)" in ada.told
    assert "7 Feb 2027" in ada.told
    assert "Most check out within a minute" in ada.told
    assert "9 → 7" in ada.told
    assert "Invoices by mail" in ada.told
    news = hone.last()
    assert "An objective changed: Most check out within a minute" in news
    assert "Business value: 8 → 9" in news
    assert "Changed by your tracker." in news


async def test_what_a_person_set_here_stays_and_the_difference_is_told(
    hone: Hone, align: FakeAlign
) -> None:
    ada = hone.person("Ada")
    await follows(hone, ada, align)
    await changes(ada, MINUTE, planned="6")
    await passes(hone)
    await ada.says("pi")
    assert "6" in ada.told, "nothing changed there"

    align.change(81, title="Most check out within a minute", plannedValue=9)
    await passes(hone)
    told = direct(hone, ada)
    assert "In Jira Align: 9 planned." in told
    assert "What was set here stays" in told
    await ada.says("pi objectives")
    assert "Most check out within a minute" in ada.told, "only there it changed"
    before = len(hone.channel(f"dm-{ada.who.id}"))
    await passes(hone)
    assert len(hone.channel(f"dm-{ada.who.id}")) == before, "it is told once"

    await changes(ada, "Most check out", planned="9")
    assert "Followed in Jira Align" in direct(hone, ada)
    align.change(81, plannedValue=4)
    await passes(hone)
    await ada.says("pi")
    assert "4" in ada.told, "agreed once more, so theirs is followed again"


async def test_an_objective_that_is_gone_there_stays_here_and_says_so(
    hone: Hone, align: FakeAlign
) -> None:
    """A plan of ten weeks does not lose a promise because somebody tidies up elsewhere."""
    ada = hone.person("Ada")
    await follows(hone, ada, align)
    gone = align.objectives.pop(1)
    await passes(hone)
    assert "It is not in Jira Align any more." in direct(hone, ada)
    await ada.says("pi")
    assert MINUTE in ada.told

    align.objectives.append(gone)
    await passes(hone)
    assert "Followed in Jira Align" in direct(hone, ada), "it came back"


async def test_what_was_dropped_here_is_not_brought_back(hone: Hone, align: FakeAlign) -> None:
    ada = hone.person("Ada")
    await follows(hone, ada, align)
    await changes(ada, "Fewer calls", drop=("on",))
    align.change(82, title="Far fewer calls")
    await passes(hone)
    await ada.says("pi")
    assert "ewer calls" not in ada.told


async def test_a_plan_that_was_here_before_is_taken_for_the_same(
    hone: Hone, align: FakeAlign
) -> None:
    """The team planned in Hone first: nothing is doubled, nothing is overwritten."""
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 27.1", "starts": "2026-11-23", "length": "8 weeks"})
    await ada.says(f"pi objective add {MINUTE}")
    await ada.fills({"planned": "10"})
    await follows(hone, ada, align)
    await ada.says("pi objectives")
    assert ada.told.count(f"Objective: {MINUTE}") == 1
    assert "10 planned" in ada.told
    await ada.says("pi")
    assert "In Jira Align it is PI 27.1, 23 Nov 2026 to 31 Jan 2027." in ada.told
    assert "week 1 of 8" in ada.told
    told = " ".join(shown.text for shown in hone.channel(f"dm-{ada.who.id}"))
    assert "In Jira Align: 8 planned." in told


async def test_another_pi_waits_until_the_open_one_is_closed(hone: Hone, align: FakeAlign) -> None:
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "Autumn", "starts": "2026-10-01", "length": "8 weeks"})
    await follows(hone, ada, align)
    await ada.says("tracker")
    assert "PI 27.1 comes into pi once Autumn is closed here." in ada.told
    await ada.says("pi")
    assert MINUTE not in ada.told

    await ada.says("pi close")
    await ada.fills({})
    await passes(hone)
    await ada.says("pi")
    assert MINUTE in ada.told
    await ada.says("pi close")
    await ada.fills({})
    await passes(hone)
    await ada.says("pi")
    assert "No planning interval is set up." in ada.told, "what was closed here is not opened again"
    await ada.says("tracker")
    assert "PI 27.1 was closed here: what changes in Jira Align stays there." in ada.told


async def test_a_program_that_keeps_no_plan_is_followed_all_the_same(
    hone: Hone, align: FakeAlign
) -> None:
    """Older versions, and accounts without the right: items come in, and the card says why."""
    ada = hone.person("Ada")
    align.releases.clear()
    await follows(hone, ada, align, "the whole program")
    await ada.says("tracker")
    assert "Jira Align has no PI that runs or comes." in ada.told
    assert "is followed" in ada.told


async def test_what_keeps_a_plan_from_being_read_keeps_no_item_away(
    hone: Hone, align: FakeAlign
) -> None:
    ada = hone.person("Ada")
    await follows(hone, ada, align)
    align.trouble.append(Trouble(403, path="/objectives"))
    align.now = hone.now
    align.add("Payouts")
    await passes(hone)
    await ada.says("tracker")
    assert "The PI and its objectives cannot be read:" in ada.told
    await ada.says("backlog")
    assert "Payouts" in ada.told
    await ada.says("pi")
    assert MINUTE in ada.told, "what was read stays"


async def test_where_align_cannot_look_for_some_all_are_looked_through(
    hone: Hone, align: FakeAlign
) -> None:
    align.knows_filters = False
    align.plan(9, "PI of others", "2026-11-23", "2027-01-31", program=2)
    align.aim(91, "Of others", 9, programId=2, teamIds=[31])
    ada = hone.person("Ada")
    await follows(hone, ada, align, "the whole program")
    await ada.says("pi")
    assert MINUTE in ada.told
    assert "Search in 200 ms" in ada.told
    assert "Of others" not in ada.told


async def test_only_who_may_plan_the_train_lets_a_tracker_plan_it(
    hone: Hone, align: FakeAlign
) -> None:
    """The PI is every team's, whichever team follows the program."""
    ada, tomas = hone.person("Ada"), hone.person("Tomas", channel="search")
    await tomas.says("hone settings")
    await tomas.fills({"facilitators": ("tomas",)})
    await looks(hone, ada, align)
    await chooses(hone, ada.alone(), CHECKOUT)
    async with hone.database.read(hone.workspace, hone.now) as store:
        scopes = [
            scope
            for site in await store.trackers.all()
            for scope in await store.trackers.scopes_at(site.id)
        ]
    assert [scope.plan for scope in scopes] == [""]


async def test_disconnected_with_what_was_read_leaves_no_words(
    hone: Hone, align: FakeAlign
) -> None:
    ada = hone.person("Ada")
    await follows(hone, ada, align)
    await ada.says("pi objective add One of our own")
    await ada.fills({"planned": "4"})
    await ada.says("tracker disconnect")
    await ada.fills({"read": "delete"})
    await hone.wait(minutes=5)
    await ada.says("pi")
    assert MINUTE not in ada.told
    assert "PI 27.1" not in ada.told
    assert "Deleted with its tracker" in ada.told
    assert "One of our own" in ada.told
