"""An improvement goes where the work lives when somebody says so: once, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.records import Change, Record
from bot.remote import Abilities
from bot.trackers.tracker import NotAllowed, NotNow, Silent, Written
from storage import Store
from storage.lanes import close_lanes
from tests.fakes.tracker import EVERYTHING
from tests.handlers.tracker.followed import Followed, option
from tests.hone import Hone, Someone


@pytest.fixture
async def new(hone: Hone) -> Followed:
    """A team that follows a tracker, and an item that only Hone knows."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes #builds")
    followed = Followed(hone)
    await followed.begin()
    return followed


async def test_an_improvement_is_put_into_the_tracker_with_what_is_known_of_it(
    new: Followed, hone: Hone
) -> None:
    """From the chat to the board in one press, with the name of whoever pressed."""
    ada = hone.person("Ada")
    await ada.clicks("Put into Sample tracker")
    assert "#1 is on its way into Payments in Sample tracker." in ada.told
    (issue,) = new.tracker.issues.values()
    assert (issue.fields["title"], issue.labels) == ("Builds take forty minutes", ["builds"])
    assert issue.by == "Ada, via Hone"
    assert "PAY-100 (https://tracker.example/PAY-100)" in hone.last()
    assert "Put into" not in str(hone.channel()[-1].card)


async def test_an_edit_behind_it_is_a_change_and_no_second_item(new: Followed, hone: Hone) -> None:
    """The item has a name there from then on."""
    ada = hone.person("Ada")
    await ada.clicks("Put into Sample tracker")
    await ada.says("backlog rename #1 Slow builds")
    assert [issue.fields["title"] for issue in new.tracker.issues.values()] == ["Slow builds"]


async def test_two_who_press_at_once_create_one_item(new: Followed, hone: Hone) -> None:
    """Two people have the same card before them."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    card = hone.channel()[-1].card
    await ada.clicks("Put into Sample tracker", on=card)
    await grace.clicks("Put into Sample tracker", on=card)
    assert "#1 is PAY-100 already." in grace.told
    assert len(new.tracker.issues) == 1


async def test_a_creation_without_an_answer_is_found_again(new: Followed, hone: Hone) -> None:
    """It was created, and the answer got lost: asking once more must not make two of it."""
    new.tracker.troubles = [Silent("no answer")]
    new.tracker.calls.clear()
    ada = hone.person("Ada")
    new.tracker.finds = False  # its search lags behind
    new.tracker.troubles = []
    original = new.tracker.create

    async def lost(scope: str, record: object) -> object:
        new.tracker.create = original  # type: ignore[method-assign]
        await original(scope, record)  # type: ignore[arg-type]
        raise Silent("no answer")

    new.tracker.create = lost  # type: ignore[assignment, method-assign]
    await ada.clicks("Put into Sample tracker")
    await hone.wait(seconds=20)
    assert new.tracker.calls.count("create") == 1, "it waits until the search would know"
    new.tracker.finds = True
    await hone.wait(seconds=60)
    assert len(new.tracker.issues) == 1
    assert "PAY-100" in hone.last()


async def test_what_a_creation_left_undone_comes_behind_it(new: Followed, hone: Hone) -> None:
    """Most trackers take a title first and the rest in a second call, which may fail alone."""
    original = new.tracker.create

    async def half(scope: str, record: Record) -> Written:
        new.tracker.create = original  # type: ignore[method-assign]
        await original(scope, replace(record, change=Change({"title": "Builds take hours"})))
        raise NotNow("It asks us to wait.", hone.now)

    new.tracker.create = half  # type: ignore[method-assign]
    await hone.person("Ada").clicks("Put into Sample tracker")
    await hone.wait(minutes=2)
    (issue,) = new.tracker.issues.values()
    assert issue.labels == ["builds"]


async def test_after_two_doubts_a_person_is_asked_to_look(new: Followed, hone: Hone) -> None:
    """Rather a question than three copies on the board."""
    new.tracker.finds = False

    async def silent(scope: str, record: object) -> object:
        new.tracker.calls.append("create")
        raise Silent("no answer")

    new.tracker.create = silent  # type: ignore[assignment, method-assign]
    await hone.person("Ada").clicks("Put into Sample tracker")
    for _ in range(6):
        await hone.wait(minutes=6)
    assert new.tracker.calls.count("create") == 2
    assert "Not put into Sample tracker: I asked for it twice" in hone.last()
    del new.tracker.create
    await hone.person("Ada").clicks("Try again")
    assert len(new.tracker.issues) == 1


async def test_what_its_reader_met_first_is_no_second_item(new: Followed, hone: Hone) -> None:
    """A hook may be faster than the answer; the marker says whose item it is."""
    from bot.remote import RemoteItem
    from handlers.sources.intake import words_for
    from handlers.sources.matching import Live
    from handlers.sources.saving import save

    await new.site(state="refused")
    await hone.person("Ada").clicks("Put into Sample tracker")
    row = await new.row(1)
    marker = row.remote_id.removeprefix("new:")

    async def read(store: Store) -> int:
        team = await store.teams.resolve("refinement", "ada")
        remote = RemoteItem(
            source="sample:sample",
            id="100",
            key="PAY-100",
            title="Builds take forty minutes",
            fields={"title": "Builds take forty minutes"},
            marker=marker,
        )
        words = await words_for(store, team, "sample")
        await save(store, team, [remote], words, Live(row.scope_id or 0))
        return await store.items.count_open(team.id)

    assert await new.change(read) == 1
    assert (await new.row(1)).remote_id == "100"


async def test_it_may_be_left_here_while_it_is_not_there(new: Followed, hone: Hone) -> None:
    """A slip of the finger costs nothing as long as the tracker does not answer."""
    await new.site(state="refused")
    ada = hone.person("Ada")
    await ada.clicks("Put into Sample tracker")
    assert "until somebody connects it again" in ada.told
    await ada.clicks("Leave it here")
    await new.site(state="open")
    await hone.wait(minutes=2)
    assert new.tracker.issues == {}
    assert "On its way" not in hone.last()


async def test_a_refusal_is_said_on_the_card(new: Followed, hone: Hone) -> None:
    """Whoever pressed has gone on to other things: the card still says it a day later."""
    new.tracker.troubles = [NotAllowed("My account may not create items in PAY.")]
    ada = hone.person("Ada")
    original = new.tracker.find

    async def known(scope: str, marker: str) -> None:
        return None

    new.tracker.find = known  # type: ignore[method-assign]
    await ada.clicks("Put into Sample tracker")
    assert "Not put into Sample tracker: My account may not create items in PAY." in hone.last()
    new.tracker.find = original  # type: ignore[method-assign]
    await ada.clicks("Try again")
    assert "PAY-100" in hone.last()


async def test_again_is_heard_before_the_refusal_was_noted_to_its_end(
    new: Followed, hone: Hone
) -> None:
    """The tracker asked for a rest meanwhile, and the button is there at once."""
    ada = hone.person("Ada")
    create = new.tracker.create

    async def refuse(scope: str, record: Record) -> Written:
        until = hone.now + timedelta(seconds=30)
        lanes = {(hone.workspace, "tracker:1"): until}
        await hone.database.write(
            hone.workspace, hone.now, lambda store: close_lanes(store.session, lanes)
        )
        raise NotAllowed("My account may not create items in PAY.")

    new.tracker.create = refuse  # type: ignore[method-assign]
    await ada.clicks("Put into Sample tracker")
    new.tracker.create = create  # type: ignore[method-assign]
    await ada.clicks("Try again")
    await hone.wait(seconds=30)
    assert "PAY-100" in hone.last()


async def test_nobodys_improvement_is_put_there_in_nobodys_name(hone: Hone) -> None:
    """Who pressed is not who wrote it, and must not look like it."""
    ada = hone.person("Ada")
    await ada.says("improve Deadlines are made up --anon")
    followed = Followed(hone)
    await followed.begin()
    await ada.clicks("Put into Sample tracker")
    (issue,) = followed.tracker.issues.values()
    assert issue.by == ""


async def test_it_is_put_there_by_a_line_too(new: Followed, hone: Hone) -> None:
    """Its card may be weeks up in the channel."""
    ada = hone.person("Ada")
    await ada.says("tracker put #1")
    assert len(new.tracker.issues) == 1
    await ada.says("tracker put it")
    assert "Name one item by its number" in ada.told


async def test_guests_put_nothing_there(new: Followed, hone: Hone) -> None:
    gus = hone.person("Gus", role="guest")
    await gus.clicks("Put into Sample tracker")
    assert "Guests cannot change anything in the team's tracker." in gus.told
    assert new.tracker.issues == {}


async def test_where_nothing_can_be_created_nothing_is_offered(new: Followed, hone: Hone) -> None:
    """A button that always fails is worse than none."""
    await new.can(Abilities(EVERYTHING.homes, creates=False))
    await hone.person("Ada").says("backlog rename #1 Slow builds")
    assert "Put into" not in str(hone.channel()[-1].card)


# --- by themselves ---------------------------------------------------------------------------


async def wants_it(new: Followed, hone: Hone) -> Someone:
    ada = hone.person("Ada")
    await ada.says("settings")
    await ada.fills({"put_into": option(ada, "Payments (Sample tracker)")})
    assert ada.told.endswith("New improvements go into: Payments (Sample tracker)")
    return ada


async def test_a_team_can_have_all_its_improvements_put_there(new: Followed, hone: Hone) -> None:
    """A team that works from its board does not want to press a button for each."""
    ada = await wants_it(new, hone)
    await ada.says("improve Reviews wait for days")
    await ada.says("improve A slip of the tongue")
    await ada.says("improve Test data is missing")
    assert "On its way into Sample tracker." in hone.last()
    await ada.clicks("Leave it here")
    await ada.clicks("Undo", on=hone.channel()[-2].card)
    await ada.says("backlog owner #2 me")
    assert new.tracker.issues == {}, "within ten minutes it can be taken back"
    await hone.wait(minutes=11)
    assert [issue.fields["title"] for issue in new.tracker.issues.values()] == [
        "Reviews wait for days"
    ]
    assert next(iter(new.tracker.issues.values())).by == "Ada, via Hone"
    await ada.says("settings")
    await ada.fills({"put_into": "7"})
    assert ada.errors == {"put_into": "Choose one of the listed."}
    await ada.fills({"put_into": "0"})
    await ada.says("improve Deploys take an hour")
    await hone.wait(minutes=11)
    assert len(new.tracker.issues) == 1


async def test_what_a_retro_agreed_on_goes_there_too(new: Followed, hone: Hone) -> None:
    """What stays in the retro's record is forgotten until the next one."""
    ada = await wants_it(new, hone)
    await ada.says("retro start")
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Pair on reviews"})
    for press in ("Reveal", "Start the vote", "Give my dots"):
        await ada.clicks(press)
    await ada.fills({"g1": "2"})
    for press in ("Close the vote", "Choose improvements"):
        await ada.clicks(press)
    await ada.fills({})
    await ada.fills({"owner1": "ada", "due1": "2026-12-04"})
    await hone.wait(minutes=11)
    assert [issue.fields["title"] for issue in new.tracker.issues.values()] == ["Pair on reviews"]


async def test_what_nobody_signed_goes_at_the_full_hour_whoever_wrote_it(
    new: Followed, hone: Hone
) -> None:
    """Its minute there would tell who was typing here; its staying would tell of a guest."""
    await wants_it(new, hone)
    gus = hone.person("Gus", role="guest")
    await hone.wait(minutes=7)
    await gus.says("improve Deadlines are made up --anon")
    await gus.says("improve Nobody asks us")
    await hone.person("Ada").says("backlog due #2 Friday")
    await hone.wait(minutes=40)
    assert new.tracker.issues == {}
    await hone.wait(minutes=20)
    (issue,) = new.tracker.issues.values()
    assert (issue.fields["title"], issue.by) == ("Deadlines are made up", "")


# --- moving it there -------------------------------------------------------------------------


async def test_an_item_is_moved_there_by_a_step_that_exists_there(
    followed: Followed, hone: Hone
) -> None:
    """Trackers have workflows of their own: only what can be pressed there is offered here."""
    await followed.may_go("In Progress", "Blocked")
    ada = hone.person("Ada")
    await ada.clicks("Move in Sample tracker")
    assert ada.form is not None
    await ada.fills({"state": option(ada, "In Progress")})
    assert followed.tracker.issues["7"].fields["state"] == "In Progress"
    assert "PAY-7 · In Progress (https://tracker.example/PAY-7)" in hone.last()
    row = await followed.row(1)
    assert (row.state_wanted, row.wanted_by) == ("", "")


async def test_a_step_that_is_gone_by_then_is_said_and_not_tried_again(
    followed: Followed, hone: Hone
) -> None:
    """The workflow there may change between two looks."""
    await followed.may_go("Done")
    followed.tracker.moves = {"To Do": ("In Progress",)}
    ada = hone.person("Ada")
    await ada.clicks("Move in Sample tracker")
    await ada.fills({"state": option(ada, "Done")})
    assert "PAY-7 did not take the move: PAY cannot move from To Do to Done." in hone.last()
    await hone.wait(hours=1)
    assert followed.tracker.calls == ["write"]


async def test_the_step_that_fits_the_state_here_is_chosen_already(
    followed: Followed, hone: Hone
) -> None:
    """Done here and done there is one thought: one press more."""
    await followed.may_go("In Progress", "Done")
    ada = hone.person("Ada")
    await ada.says("backlog finish #1")
    await ada.clicks("Move in Sample tracker")
    await ada.fills({})
    assert followed.tracker.issues["7"].fields["state"] == "Done"


async def test_an_item_that_was_never_posted_here_is_moved_from_its_story(
    followed: Followed, hone: Hone
) -> None:
    """Most items of a tracker have no card in the chat: they are reached by their key."""
    await followed.may_go("In Progress")
    ada = hone.person("Ada")
    await ada.says("backlog PAY-7")
    await ada.clicks("Move in Sample tracker", on=ada.whispered)
    await ada.fills({})
    assert ada.told == "PAY-7 is on its way to In Progress."
    assert followed.tracker.issues["7"].fields["state"] == "In Progress"
