"""Somebody of another team reads all that is told of a train, and takes one thing from another."""

from __future__ import annotations

import re

from storage import Store
from storage.tracked import Tracked
from tests.hone import Hone, Someone

WORDS = "waits for platform to open ports #ports"
BY_THEMSELVES = ("themes", "retro ia", "digest", "digest train", "backlog train", "wsjf rank train")


async def a_train_of_small_teams(hone: Hone, *signing: str) -> dict[str, Someone]:
    """Let these teams sign the theme, and somebody of billing say it without a name."""
    people = {name: hone.person(f"{name}-ann", channel=name) for name in signing}
    for name, person in people.items():
        await person.says(f"improve {name.title()} {WORDS}")
    bill = hone.person("Bill", channel="billing")
    await bill.says("improve Invoices are late")
    await hone.person("Bo", channel="billing").says(f"improve Everybody here {WORDS} --anon")
    return {**people, "billing": bill}


async def is_put_into_billings_tracker(hone: Hone) -> None:
    """What billing said without a name is called BILL-9 there."""

    async def put(store: Store) -> None:
        team = await store.teams.resolve("billing", "bill")
        row = Tracked(
            workspace=store.workspace,
            source="jira:acme.test",
            remote_id="10009",
            key="BILL-9",
            team_id=team.id,
            number=4,
            seen_at=store.now,
        )
        await store.tracked.keep([row])

    await hone.database.write(hone.workspace, hone.now, put)


async def all_that_is_told(reader: Someone) -> dict[str, str]:
    """Return what one member of the train can read of it, by what they typed or pressed."""
    told = {}
    for line in BY_THEMSELVES:
        await reader.says(line)
        told[line] = reader.told
        if line == "retro ia":
            await reader.clicks("As Markdown", on=reader.whispered)
            told["as Markdown"] = reader.told
        if line == "themes":
            await reader.clicks("Propose a train item", on=reader.whispered)
            told["the form"] = repr(reader.form)
            await reader.fills({"title": "Ports open the same day"})
            told["the item"] = reader.hone.last(reader.place.channel) + reader.told
    return told


async def test_no_surface_counts_a_team_that_none_names(hone: Hone) -> None:
    """ "4 of 4 teams: checkout, mobile, search and 1 more" names the fourth."""
    people = await a_train_of_small_teams(hone, "checkout", "mobile", "search")
    told = await all_that_is_told(people["checkout"])
    for where, words in told.items():
        counts = set(re.findall(r"([0-9]+) of 4", words))
        assert counts <= {"3"}, (where, words)
        assert "more team" not in words, where
    assert "3 of 4 teams: checkout, mobile, search." in told["themes"]
    assert "3 of 4 teams met #ports" in told["digest"]
    rows = [line for line in told["backlog train"].splitlines() if "Everybody here" in line]
    assert len(rows) == 1
    assert "billing" not in rows[0], "the item is listed, its team is not"


async def test_a_level_does_not_tell_what_a_count_withholds(hone: Hone) -> None:
    """Three teams of four are systemic: with two that are named, "systemic" would say a third."""
    people = await a_train_of_small_teams(hone, "checkout", "mobile")
    await hone.person("Sue", channel="search").says("improve Nobody owns the changelog")
    for name in ("checkout", "search"):
        reader = people.get(name) or hone.person("Sue", channel="search")
        await reader.says("themes")
        assert "#ports is one to watch: 2 of 4 teams: checkout, mobile." in reader.told
        await reader.says("retro ia")
        assert "systemic" not in reader.told


async def test_the_trains_digest_counts_no_theme_that_a_small_team_did_not_sign(
    hone: Hone,
) -> None:
    """Three items stand in `themes`; "came up in 4 items" would be the fourth team's."""
    people = await a_train_of_small_teams(hone, "checkout", "mobile", "search")
    await people["checkout"].says("digest train")
    assert "#ports came up in 3 items in four weeks." in people["checkout"].told
    await people["billing"].says("digest train")
    assert "#ports came up in 4 items in four weeks." in people["billing"].told, "their own team's"


async def test_dependencies_name_no_small_team_beside_what_it_did_not_sign(hone: Hone) -> None:
    """Who waits is told; that it is billing who complains without a name is not."""
    people = await a_train_of_small_teams(hone, "checkout", "mobile")
    checkout, bill = people["checkout"], people["billing"]
    await bill.says("refine #4")  # nobody signed it
    await bill.fills({"waits_for": "#1"})
    for line in ("backlog deps", "backlog deps train"):
        await checkout.says(line)
        [row] = [row for row in checkout.told.splitlines() if "#4 Everybody here" in row]
        assert "billing" not in row, line
        await bill.says(line)
        assert "billing" in bill.told
    await hone.wait(minutes=1)
    assert "Another team waits for #1" in hone.last("checkout")
    assert "billing" not in hone.last("checkout")
    await bill.says("backlog drop #4 no longer needed")
    await hone.wait(minutes=1)
    assert "#4 Everybody here" in hone.last("checkout")
    assert "billing" not in hone.last("checkout")


async def test_what_is_waited_for_names_no_small_team_that_did_not_sign_it(hone: Hone) -> None:
    """The same from the other end: what billing signed has its team, what it did not has none."""
    people = await a_train_of_small_teams(hone, "checkout", "mobile")
    checkout, mobile = people["checkout"], people["mobile"]
    await checkout.says("refine #1")
    await checkout.fills({"waits_for": "#4"})  # nobody signed it
    await mobile.says("refine #2")
    await mobile.fills({"waits_for": "#3"})  # Bill did
    await is_put_into_billings_tracker(hone)
    for line in ("backlog deps", "backlog deps train"):
        await checkout.says(line)
        [row] = [row for row in checkout.told.splitlines() if "#4 Everybody here" in row]
        assert not {"billing", "BILL-9"} & set(re.findall(r"[\w-]+", row)), line
    await mobile.says("backlog deps")
    assert "billing" in mobile.told


async def test_what_nobody_signed_names_no_team_by_its_key(hone: Hone) -> None:
    """Put into the team's tracker it is called BILL-9 there, and everybody knows whose that is."""
    people = await a_train_of_small_teams(hone, "checkout", "mobile")
    checkout, bill = people["checkout"], people["billing"]
    await bill.says("refine #4")  # nobody signed it
    await bill.fills({"waits_for": "#1"})

    await is_put_into_billings_tracker(hone)
    for line in ("backlog train", "backlog deps", "backlog deps train"):
        await checkout.says(line)
        [row] = [row for row in checkout.told.splitlines() if "#4 Everybody here" in row]
        assert not {"billing", "BILL-9"} & set(re.findall(r"[\w-]+", row)), line
        await bill.says(line)
        assert "BILL-9" in bill.told


async def test_the_only_small_team_is_not_told_of_as_another_team(hone: Hone) -> None:
    """With one small team in the train, "another team" is as good as its name."""
    people = await a_train_of_small_teams(hone, "checkout")
    await people["billing"].says("refine #3")  # nobody signed it
    await people["billing"].fills({"waits_for": "#1"})
    await hone.wait(minutes=1)
    assert "Everybody here" not in hone.last("checkout")


async def test_a_train_of_two_teams_lists_nothing_that_the_other_did_not_sign(hone: Hone) -> None:
    """Whatever is not ours is theirs, with or without a name beside it."""
    people = await a_train_of_small_teams(hone, "checkout")
    for line in BY_THEMSELVES:
        await people["checkout"].says(line)
        assert "Everybody here" not in people["checkout"].told, line
    await people["checkout"].says("backlog train")
    assert "Invoices are late" in people["checkout"].told
    assert "Not listed is what nobody signed in the one team" in people["checkout"].told
    await people["billing"].says("backlog train")
    assert "Everybody here" in people["billing"].told, "their own"


async def test_an_objective_lists_nothing_that_its_small_team_did_not_sign(hone: Hone) -> None:
    """An objective stands beside its team's name."""
    people = await a_train_of_small_teams(hone, "checkout", "mobile")
    bill = people["billing"]
    await bill.says("pi setup")
    await bill.fills({"name": "PI 27.1", "starts": "2026-11-23", "length": "10 weeks"})
    await bill.says("pi objective add")
    await bill.fills({"title": "Ports open the same day", "planned": "5"})
    await bill.says("pi link #3 #4")
    await bill.fills({"objective": "1"})
    await bill.says("pi")
    assert "#3 #4" in bill.told
    await people["checkout"].says("pi")
    assert "#3" in people["checkout"].told
    assert "#4" not in people["checkout"].told


async def test_what_came_from_a_file_has_no_author_and_is_listed_all_the_same(hone: Hone) -> None:
    """A team's whole backlog would be missing from its train otherwise."""
    people = await a_train_of_small_teams(hone, "checkout")
    bill = people["billing"]
    await bill.says("backlog import")
    await bill.fills({"rows0": "key,title,state\nPAY-1,Refunds take a week,ready"})
    while bill.form is not None:
        await bill.fills({})
    await hone.wait(minutes=5)
    await people["checkout"].says("backlog train")
    assert "Refunds take a week" in people["checkout"].told
    assert "Everybody here" not in people["checkout"].told
