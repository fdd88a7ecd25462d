"""Four teams name the same dependency; it becomes the train's, with all of them linked."""

from __future__ import annotations

from tests.hone import Hone, Someone, buttons_of

WORDS = {
    "checkout": "Waiting for the platform team to open ports #dependencies",
    "search": "Platform team takes a week to open a port #dependencies",
    "mobile": "Ports opened late by the platform team #dependencies",
    "billing": "We wait for platform to open ports #dependencies",
}


async def teams(hone: Hone, count: int = 4) -> list[Someone]:
    """Return one person of each team; each team logs its own words for the same thing."""
    people = []
    for name, words in list(WORDS.items())[:count]:
        person = hone.person(f"{name.title()}-Ann", channel=name)
        await person.says(f"improve {words}")
        people.append(person)
    return people


OTHERS = {
    "web": "The style guide is out of date",
    "data": "Nightly exports overlap",
    "ops": "Alarms wake the wrong person",
    "core": "Nobody owns the changelog",
    "mail": "Templates break in dark mode",
}


async def others(hone: Hone, *names: str) -> None:
    """Let further teams exist, with worries of their own."""
    for name in names:
        await hone.person(f"{name}-bo", channel=name).says(f"improve {OTHERS[name]}")


async def test_four_teams_of_six_make_a_theme_systemic(hone: Hone) -> None:
    """What every team suffers from alone is nobody's to fix, until somebody sees it together."""
    people = await teams(hone)
    await others(hone, "web", "data")

    await people[0].says("themes")
    assert "#dependencies is systemic: 4 of 6 teams: billing, checkout" in people[0].told
    assert "search: #2 Platform team takes a week to open a port" in people[0].told

    await people[0].clicks("Propose a train item", on=people[0].whispered)
    assert people[0].form is not None
    assert people[0].form.title == "Propose a train item"
    await people[0].fills({"title": "Ports open the same day", "owner": "checkout-ann"})
    assert "Saved as #7 for the whole train, with #1, #2, #3, #4 as its parts." in people[0].told
    assert "#7 Ports open the same day" in hone.last("checkout")
    assert "Backlog: the whole train" in hone.last("checkout")

    await people[1].says("themes")
    assert "The train works on it: #7." in people[1].told
    await people[1].says("backlog #2")
    assert "Part of #7" in people[1].told
    await people[1].says("digest")
    assert "4 of 6 teams met #dependencies this PI" in people[1].told
    assert not [b for b in buttons_of(people[1].whispered) if b.label == "Propose a train item"]


async def test_three_of_eight_are_worth_watching_and_two_are_nothing(hone: Hone) -> None:
    """One team fewer than systemic is named early; two teams may be chance."""
    people = await teams(hone, 2)
    await others(hone, "web", "data", "ops", "core", "mail")
    await people[0].says("themes")
    assert "No theme is reported by enough teams" in people[0].told

    await hone.person("Mo", channel="mobile").says(f"improve {WORDS['mobile']}")
    await people[0].says("themes")
    assert "#dependencies is one to watch: 3 of 8 teams" in people[0].told


async def test_two_people_confirm_a_theme_at_once(hone: Hone) -> None:
    """The second one is told which item it became, and no second item is made."""
    people = await teams(hone)
    for person in people[:2]:
        await person.says("themes")
        await person.clicks("Propose a train item", on=person.whispered)
    await people[0].fills({"title": "Ports open the same day"})
    await people[1].fills({"title": "Open ports faster"})
    assert "The train works on this already: #5." in people[1].told
    await people[0].says("backlog #6")
    assert "There is no item #6 here." in people[0].told


async def test_confirmed_in_a_private_chat_it_still_stands_where_the_team_talks(hone: Hone) -> None:
    """Teams whispers in the chat with one person, and its buttons act there."""
    people = await teams(hone)
    alone = people[0].alone()
    await alone.says("themes")
    await alone.clicks("Propose a train item", on=alone.whispered)
    await alone.fills({"title": "Ports open the same day"})
    assert "#5 Ports open the same day" in hone.last("checkout")


async def test_reports_older_than_a_pi_do_not_count(hone: Hone) -> None:
    """A theme is of now: what teams said last year is history."""
    people = await teams(hone)
    await hone.wait(days=71)
    await people[0].says("themes")
    assert "No theme is reported by enough teams to stand out." in people[0].told


async def test_a_small_team_is_not_named_for_what_nobody_signed(hone: Hone) -> None:
    """Two people, one of them anonymous: to name the team would be to name the person."""
    people = await teams(hone, 3)
    await hone.person("Bill", channel="billing").says("improve Invoices are late")
    await hone.person("Bo", channel="billing").says(f"improve {WORDS['billing']} --anon")
    await people[0].says("themes")
    assert "#dependencies is systemic: 3 of 4 teams: checkout, mobile, search." in people[0].told
    assert "billing" not in people[0].told
    await people[0].says("retro ia")
    assert "billing: n/a (no improvement was due)" in people[0].told
    assert "We wait for platform" not in people[0].told


async def test_guests_do_not_see_what_the_whole_train_reports(hone: Hone) -> None:
    """A guest is let into one channel; the digest of all teams is no way around that."""
    await teams(hone)
    guest = hone.person("Gus", channel="checkout", role="guest")
    for line in ("themes", "retro ia", "backlog train", "wsjf rank train", "digest train"):
        await guest.says(line)
        assert guest.told == "Guests see only the team they are with, not the whole train.", line


async def test_the_packet_for_inspect_and_adapt(hone: Hone) -> None:
    """What a train takes to I&A: patterns with evidence, its items, and who kept their word."""
    people = await teams(hone)
    await people[0].says("improve Write the runbook by tomorrow")
    await people[0].clicks("Done")
    await people[0].says("improve Split the *big* test by tomorrow")
    await hone.wait(days=3)
    await people[0].says("themes")
    await people[0].clicks("Propose a train item", on=people[0].whispered)
    await people[0].fills({"title": "Ports open the same day"})

    await people[0].says("retro ia")
    assert "Inspect & Adapt: Our train" in people[0].told
    assert "#7 Ports open the same day: captured, nobody owns it yet, gathers #1, #2, #3, #4" in (
        people[0].told
    )
    assert "checkout: 50 % (1 of 2)" in people[0].told
    await people[0].clicks("As Markdown", on=people[0].whispered)
    assert "# Inspect & Adapt: Our train" in people[0].told
    assert "### \\#dependencies (systemic)" in people[0].told


async def test_a_notes_group_of_a_retro_is_a_report_too(hone: Hone) -> None:
    """Teams talk in retros first; an item may never come of it."""
    people = await teams(hone, 3)
    await hone.person("Bill", channel="billing").says("improve Invoices are late")
    bill = hone.person("Bill", channel="billing")
    await bill.says("retro start")
    await bill.clicks("Add a note")
    await bill.fills({"c0": "Ask platform to open ports the same day #dependencies"})
    await bill.clicks("Reveal")
    await people[0].says("themes")
    assert "#dependencies is systemic: 4 of 4 teams" in people[0].told
    assert "billing: in a retro, “Ask platform to open ports" in people[0].told


async def test_what_is_typed_wrong_keeps_the_form_and_the_words(hone: Hone) -> None:
    """Nothing is saved, each field says why, and a key of nowhere is simply not there."""
    people = await teams(hone)
    await people[0].says("themes")
    offer = people[0].whispered
    for title, due, fields in (
        ("", "", {"title"}),
        ("x" * 40_001, "", {"title"}),
        ("Ports", "2026-02-30", {"due"}),
    ):
        await people[0].clicks("Propose a train item", on=offer)
        await people[0].fills({"title": title, "due": due})
        assert set(people[0].errors) == fields
        assert people[0].form is not None

    other = hone.person("Mallory", channel="checkout", workspace="test:other")
    await other.clicks("Propose a train item", on=offer)
    assert "There is no such theme here any more" in other.told
