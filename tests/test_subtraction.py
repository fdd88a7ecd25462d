"""Somebody of another team reads all that is told of a train, and takes one thing from another."""

from __future__ import annotations

import re

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
