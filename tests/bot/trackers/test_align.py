"""What only Jira Align does: twins in Jira, scores in custom fields, older versions.

There is no other Align to test against: all of this is from its documentation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.remote import Planned, RemoteObjective, RemotePI, Scope
from bot.trackers.align.adapter import Align
from bot.trackers.align.plan import ALL
from bot.trackers.http import Door
from bot.trackers.paging import LIST_MAX
from bot.trackers.tracker import Unreadable
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.align import CUSTOM, FakeAlign
from tests.fakes.trackers.board import Trouble

SCORE = {"ubv": 8, "tc": 5, "rroe": 3, "size": 2}


@pytest.fixture
async def board() -> AsyncIterator[FakeAlign]:
    async with FakeAlign() as started:
        yield started


@pytest.fixture
def tracker(board: FakeAlign, door: Door) -> Align:
    return board.tracker(door)


async def test_an_item_with_a_twin_in_jira_is_written_there(
    board: FakeAlign, tracker: Align
) -> None:
    """Align takes over what Jira says, and would undo what Hone wrote."""
    id = board.add("Refunds")
    board.twins[id] = "PAY-31"
    item = (await whole(tracker, board))["Refunds"]
    assert (item.facts, item.twin) == ({"Jira": "PAY-31"}, "PAY-31")
    written = await tracker.write(
        board.scope, record(board.remote_id(id), {"title": "Other", **SCORE})
    )
    assert set(written.left_out or ()) == {"title", *SCORE}
    assert "PAY-31 in Jira" in (written.left_out or {})["ubv"]
    assert board.things[id].title == "Refunds"


async def test_without_custom_fields_scores_have_no_home(
    board: FakeAlign, tracker: Align, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Align's own WSJF tab is not open to its API."""
    monkeypatch.delitem(CUSTOM, "size")
    board.add("Refunds")
    homes = (await tracker.abilities(board.scope)).homes
    assert "Job Size: an admin there can add it" in homes["ubv"].hindrance


async def test_a_refused_value_names_itself(board: FakeAlign, tracker: Align) -> None:
    id = board.add("Refunds")
    board.off_screen.add("tc")
    change = {"title": "Other", "owner": "999", **SCORE}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert set(written.left_out or ()) == {"owner", *SCORE}
    assert "The user does not exist" in (written.left_out or {})["owner"]
    assert board.things[id].title == "Other"
    assert not board.things[id].numbers


async def test_an_older_align_that_does_not_say_who_we_are_works(
    board: FakeAlign, tracker: Align
) -> None:
    board.trouble.append(Trouble(404, path="/users/current"))
    assert (await tracker.account()).name == "whoever made the token"


# --- plans -----------------------------------------------------------------------------------


async def told(tracker: Align, board: FakeAlign, plan: str = ALL, pi: str = "") -> Planned:
    return await tracker.planned("1", plan, pi, board.now)


async def test_the_pi_that_runs_is_told_else_the_next_one_else_the_one_that_was_asked_for(
    board: FakeAlign, tracker: Align
) -> None:
    """Delivered values come after its end, while the next one runs already."""
    assert (await told(tracker, board)).pi is None
    board.plan(9, "PI 27.2", "2027-02-01", "2027-04-11")
    board.plan(7, "PI 26.4", "2026-09-14", "2026-11-22")
    assert (await told(tracker, board)).pi == RemotePI(
        "9", "PI 27.2", date(2027, 2, 1), date(2027, 4, 11)
    )
    board.plan(8, "PI 27.1", "2026-11-23", "2027-01-31")
    found = [(await told(tracker, board, pi=asked)).pi for asked in ("", "7", "99")]
    assert [pi and pi.id for pi in found] == ["8", "7", "8"]


async def test_what_is_no_pi_of_the_program_is_none(board: FakeAlign, tracker: Align) -> None:
    board.knows_filters = False
    board.plan(6, "Of others", "2026-11-23", "2027-01-31", program=2)
    board.plan(7, "Backwards", "2027-01-31", "2026-11-23")
    board.plan(8, "Thrown away", "2026-11-23", "2027-01-31")
    board.releases[-1]["isRecycled"] = True
    board.releases.append({"id": 9, "title": "Some day", "programIds": [1]})
    assert (await told(tracker, board)).pi is None


async def test_an_objective_is_told_as_far_as_hone_has_such_values(
    board: FakeAlign, tracker: Align
) -> None:
    """A business value is a whole number from 0 to 10; nothing is rounded, and nothing guessed."""
    board.plan(8, "PI 27.1", "2026-11-23", "2027-01-31")
    board.aim(81, " Two\nlines ", 8, plannedValue=8, deliveredValue=0, type="Committed")
    board.aim(82, "", 8, plannedValue=11, deliveredValue=2.5, type="Uncommitted")
    board.aim(83, "By a flag", 8, plannedValue="7", isStretch=True)
    board.aim(84, "By a number", 8, plannedValue=True, type=1)
    board.aim(85, "Thrown away", 8, inRecycleBin=True)
    assert (await told(tracker, board)).objectives == (
        RemoteObjective("81", "Two lines", 8, 0, True),
        RemoteObjective("82", "Objective 82", committed=False),
        RemoteObjective("83", "By a flag", 7, committed=False),
        RemoteObjective("84", "By a number"),
    )


async def test_a_teams_objectives_name_the_team(board: FakeAlign, tracker: Align) -> None:
    """Another team's promises are no business of this one's plan."""
    board.teams.append({"id": 32, "title": "Of others", "programId": 2})
    plans = (await tracker.abilities(board.scope)).plans
    assert plans == (Scope(ALL, "the whole program"), Scope("team:31", "Checkout"))
    board.plan(8, "PI 27.1", "2026-11-23", "2027-01-31")
    board.aim(81, "Of the program", 8)
    board.aim(82, "Of the team", 8, teamIds=[31, 32])
    board.aim(83, "By one name", 8, teamIds=None, teamId=31)
    board.aim(84, "Of no PI", 8, releaseIds=[])
    ours = (await told(tracker, board, "team:31")).objectives
    assert [each.title for each in ours] == ["Of the team", "By one name"]
    assert len((await told(tracker, board)).objectives) == 3


async def test_more_than_can_be_looked_through_does_not_look_gone(
    board: FakeAlign, tracker: Align
) -> None:
    board.knows_filters = False
    board.plan(8, "PI 27.1", "2026-11-23", "2027-01-31")
    for number in range(LIST_MAX + 1):
        board.aim(number, "Of others", 9, programId=2)
    with pytest.raises(Unreadable, match="too many objectives"):
        await told(tracker, board)
