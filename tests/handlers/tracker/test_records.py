"""What a team decides in Hone stands in its tracker a moment later, or somebody is told why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.cards import Choice
from bot.records import Record
from bot.remote import Abilities, FieldHome
from bot.trackers.sites import Sites
from bot.trackers.tracker import (
    Access,
    BadAddress,
    Missing,
    NotAllowed,
    NotNow,
    Rejected,
    SignedOut,
    Silent,
    Tracker,
    TrackerError,
    Unreadable,
    Written,
)
from bot.trackers.writer import TrackerWriter
from storage import Store
from storage.trackers import TrackerHint
from tests.fakes.tracker import EVERYTHING
from tests.handlers.tracker.followed import Followed, accepts
from tests.hone import Hone


async def test_a_title_changed_here_is_changed_there_once(followed: Followed, hone: Hone) -> None:
    """Whoever mends a title in the chat should not have to mend it again in the tracker."""
    ada = hone.person("Ada")
    await ada.says("backlog rename #1 Builds take ten minutes")
    assert followed.tracker.issues["7"].fields["title"] == "Builds take ten minutes"
    assert followed.tracker.issues["7"].by == "Ada, via Hone"
    assert followed.tracker.calls == ["write"]
    assert (await followed.row(1)).base["title"] == "Builds take ten minutes"
    await hone.wait(minutes=5)
    await ada.says("backlog rename #1 Builds take ten minutes")
    assert followed.tracker.calls == ["write"]


async def test_back_and_forth_is_written_each_time(followed: Followed, hone: Hone) -> None:
    """An undo is a change like any other; what stands there must not be the wrong one."""
    ada = hone.person("Ada")
    await ada.says("backlog rename #1 Slow builds")
    await ada.says("backlog undo")
    assert followed.tracker.issues["7"].fields["title"] == "Builds take forty minutes"
    await ada.says("backlog rename #1 Slow builds")
    assert followed.tracker.issues["7"].fields["title"] == "Slow builds"


async def test_owner_day_and_themes_are_written_as_the_tracker_has_them(
    followed: Followed, hone: Hone
) -> None:
    """Labels that Hone does not know belong to others: they stay."""
    ada = hone.person("Ada")
    hone.person("Grace")
    await followed.knows("ada", "acc-ada")
    followed.tracker.issues["7"].labels = ["SOX audit"]
    await ada.clicks("Edit")
    await ada.fills({"owner": "ada", "due": "2026-12-04", "themes": "#builds"})
    issue = followed.tracker.issues["7"]
    assert (issue.fields["owner"], issue.fields["due"].isoformat()) == ("acc-ada", "2026-12-04")
    assert issue.labels == ["SOX audit", "builds"]
    await ada.says("backlog owner #1 nobody")
    assert issue.fields["owner"] == ""


async def test_who_has_no_account_there_is_told_at_once(followed: Followed, hone: Hone) -> None:
    """A silent difference between two tools is found by nobody until it hurts."""
    ada = hone.person("Ada")
    await ada.says("backlog owner #1 me")
    assert "Not written to PAY-7: the owner – I don't know Ada's account in Sample" in ada.told
    assert followed.tracker.calls == []
    await ada.says("backlog rename #1 Slow builds")
    assert followed.tracker.issues["7"].fields == {"state": "To Do", "title": "Slow builds"}


async def test_what_guests_change_stays_here(followed: Followed, hone: Hone) -> None:
    """A guest of the channel has no right in the company's tracker, whoever wrote it for them."""
    gus = hone.person("Gus", role="guest")
    await gus.says("improve Guests wait for badges")
    await followed.has(2, "8")
    await gus.says("backlog rename #2 Guests wait long")
    assert "Not written to PAY-8: the title – what guests change stays in Hone." in gus.told
    assert followed.tracker.calls == []
    await hone.person("Ada").says("backlog rename #2 Guests wait for an hour")
    assert followed.tracker.issues["8"].fields["title"] == "Guests wait for an hour"


async def test_nothing_is_written_where_the_team_only_reads(hone: Hone) -> None:
    """Only read means only read: the difference is said, and nothing is called."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    followed = Followed(hone)
    await followed.begin(writes=False)
    await followed.has(1, "7")
    await ada.says("backlog rename #1 Slow builds")
    assert "Not written to PAY-7: the title – this team only reads Sample tracker." in ada.told
    assert followed.tracker.calls == []
    await followed.scope(writes=True)
    await hone.wait(minutes=1)
    assert followed.tracker.issues["7"].fields["title"] == "Slow builds"


async def test_what_was_decided_before_the_tracker_was_followed_is_not_written(
    hone: Hone,
) -> None:
    """Connecting a tracker must not overwrite hundreds of its fields with old values of ours."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes by Friday")
    await hone.wait(days=3)
    followed = Followed(hone)
    await followed.begin()
    await followed.has(1, "7")
    await followed.change(_forget_base)
    await ada.says("backlog rename #1 Slow builds")
    assert followed.tracker.issues["7"].fields == {"state": "To Do", "title": "Slow builds"}


async def _forget_base(store: Store) -> None:
    row = await store.records.of(1, 1)
    assert row is not None
    row.base = {"title": row.base["title"]}


# --- scores ----------------------------------------------------------------------------------


async def test_a_score_arrives_after_acceptance_as_four_cards_and_the_value(
    followed: Followed, hone: Hone
) -> None:
    """The tracker is where the order of work is read; before the acceptance it knows nothing."""
    ada = hone.person("Ada")
    await ada.says("wsjf #1")
    assert followed.tracker.calls == []
    await ada.clicks("Cancel")
    await accepts(hone)
    fields = followed.tracker.issues["7"].fields
    assert [fields[name] for name in ("ubv", "tc", "rroe", "size", "wsjf")] == [5, 5, 5, 5, 3.0]
    assert followed.tracker.calls == ["write"]


async def test_a_score_of_which_one_card_changed_is_written_whole(
    followed: Followed, hone: Hone
) -> None:
    """A comment that tells a score must not say that three of its cards are nothing."""
    await accepts(hone)
    written: list[set[str]] = []
    original = followed.tracker.write

    async def write(scope: str, record: Record) -> Written:
        written.append(set(record.change.fields))
        return await original(scope, record)

    followed.tracker.write = write  # type: ignore[method-assign]
    await hone.person("Ada").says("wsjf #1")
    for name in ("Ada", "Grace", "Tomás"):
        voter = hone.person(name)
        await voter.clicks("Vote")
        while voter.form is not None:
            asked = [each.id for each in voter.form.fields if isinstance(each, Choice)]
            await voter.fills({id: "8" if id.startswith("size") else "5" for id in asked})
    await hone.person("Ada").clicks("Reveal")
    await hone.person("Ada").clicks("Accept scores")
    assert written == [{"ubv", "tc", "rroe", "size", "wsjf"}]


async def test_a_score_is_written_whole_or_not_at_all(followed: Followed, hone: Hone) -> None:
    """Three of four cards make another order than the team's."""
    why = "Risk Reduction is not on the edit screen of Story: a Jira admin can add it."
    homes = dict(EVERYTHING.homes) | {"rroe": FieldHome("Risk Reduction", why)}
    await followed.can(Abilities(homes))
    assert f"Not written to PAY-7: the score – {why}" in await accepts(hone)
    assert followed.tracker.calls == []
    await followed.can(EVERYTHING)
    await hone.wait(minutes=1)
    assert followed.tracker.issues["7"].fields["rroe"] == 5


async def test_a_tracker_without_fields_for_cards_gets_the_value(
    followed: Followed, hone: Hone
) -> None:
    """Linear and GitLab have one place for a number: that is enough to order by."""
    await followed.can(Abilities({"wsjf": FieldHome("weight")}))
    await accepts(hone)
    assert followed.tracker.issues["7"].fields == {"state": "To Do", "wsjf": 3.0}


# --- when it does not go well ----------------------------------------------------------------


async def test_an_answer_that_is_lost_costs_one_more_call_and_no_change(
    followed: Followed, hone: Hone
) -> None:
    """Nobody knows whether it arrived, so it is said again: twice is as once."""
    followed.tracker.troubles = [Silent("no answer")]
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    await hone.wait(seconds=5)
    assert followed.tracker.calls == ["write", "write"]
    assert (await followed.row(1)).base["title"] == "Slow builds"


@pytest.mark.parametrize("trouble", [Silent("no answer"), Unreadable("HTML")])
async def test_a_tracker_that_is_down_for_long_gets_it_in_the_end(
    followed: Followed, hone: Hone, trouble: TrackerError
) -> None:
    """What was decided waits for it; a message would have been given up long before."""
    followed.tracker.troubles = [trouble] * 15
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    for _ in range(20):
        await hone.wait(minutes=7)
    assert followed.tracker.issues["7"].fields["title"] == "Slow builds"


async def test_a_tracker_at_its_limit_is_left_alone_until_then(
    followed: Followed, hone: Hone
) -> None:
    """Asking on would only make it longer."""
    followed.tracker.troubles = [NotNow("Jira lets us go on later.", hone.now + timedelta(hours=1))]
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    await hone.wait(minutes=50)
    assert followed.tracker.calls == ["write"]
    await hone.wait(minutes=15)
    assert followed.tracker.issues["7"].fields["title"] == "Slow builds"


@pytest.mark.parametrize(
    "trouble",
    [
        Rejected("Summary must not contain line breaks."),
        NotAllowed("My account may not edit items of PAY."),
        Missing("PAY-7 is not there any more."),
    ],
)
async def test_what_is_refused_is_said_on_the_item_and_not_tried_again(
    followed: Followed, hone: Hone, trouble: TrackerError
) -> None:
    """A refusal is news for people, and no reason to knock every five minutes."""
    followed.tracker.troubles = [trouble]
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    await hone.wait(hours=2)
    assert followed.tracker.calls == ["write"]
    assert (await followed.row(1)).refused == {"title": str(trouble)}
    await hone.person("Ada").says("backlog rename #1 Very slow builds")
    assert followed.tracker.issues["7"].fields["title"] == "Very slow builds"
    assert (await followed.row(1)).refused == {}


async def test_a_host_that_may_not_be_gone_to_any_more_is_said_on_the_item(
    followed: Followed, hone: Hone
) -> None:
    """The operator took it out of HONE_TRACKER_HOSTS: that shows before any call is made."""
    why = "I may not go to jira.acme.example."

    def opens(kind: str, access: Access) -> Tracker:
        raise BadAddress(why)

    sites = Sites({"sample": opens})
    hone.platforms["tracker"] = TrackerWriter(hone.router, hone.database, sites, lambda: hone.now)
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    await hone.wait(hours=2)
    assert (await followed.row(1)).refused == {"title": why}


async def test_one_field_left_out_does_not_hold_up_the_others(
    followed: Followed, hone: Hone
) -> None:
    """The rest of an edit is worth having."""
    followed.tracker.refuses = {"due": "Due date is not on the screen."}
    ada = hone.person("Ada")
    await ada.clicks("Edit")
    await ada.fills({"title": "Slow builds", "due": "2026-12-04"})
    row = await followed.row(1)
    assert row.refused == {"due": "Due date is not on the screen."}
    assert row.base["title"] == "Slow builds"
    assert row.base["due"] is None
    await hone.wait(hours=1)
    assert followed.tracker.calls == ["write"]


async def test_a_site_that_lets_nobody_in_has_records_wait(followed: Followed, hone: Hone) -> None:
    """Votes go on; once somebody has connected it again, what waited is written."""
    await followed.site(state="refused", why="Jira no longer accepts our token.")
    ada = hone.person("Ada")
    await ada.says("backlog rename #1 Slow builds")
    assert "until somebody connects it again" in ada.told
    await hone.wait(hours=5)
    assert followed.tracker.calls == []
    await ada.says("tracker")
    assert "Wait to be written: 1" in ada.told
    await followed.site(state="open", why="")
    await hone.wait(minutes=1)
    assert followed.tracker.issues["7"].fields["title"] == "Slow builds"


async def test_a_token_lost_while_writing_loses_nothing(followed: Followed, hone: Hone) -> None:
    """The edit that found it out waits like all others."""
    followed.tracker.troubles = [SignedOut("Jira no longer accepts our token.")]
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    await hone.wait(minutes=5)
    assert "title" not in followed.tracker.issues["7"].fields
    await followed.site(state="open", why="")
    await hone.wait(minutes=5)
    assert followed.tracker.issues["7"].fields["title"] == "Slow builds"


async def test_an_item_that_changed_there_meanwhile_is_read_before_it_is_written(
    followed: Followed, hone: Hone
) -> None:
    """A tracker with a lock refuses a change of what nobody here has seen."""
    followed.tracker.lock = True
    followed.tracker.issues["7"].version = 4
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    async with hone.database.read(hone.workspace, hone.now) as store:
        named = (await store.session.scalars(select(col(TrackerHint.remote_id)))).all()
    assert named == ["7"], "it is to be read afresh"
    assert "title" not in followed.tracker.issues["7"].fields
    followed.tracker.issues["7"].version = 1
    await hone.wait(minutes=1)
    assert followed.tracker.issues["7"].fields["title"] == "Slow builds"
