"""What several teams say in different words becomes the train's, and is still known PIs later."""

from __future__ import annotations

from tests.handlers.likeness.standin import DEPENDENCIES, Hears
from tests.stages.stage import Player, Stage

TEAMS = {"": "Ada", "search": "Grace", "mobile": "Tomas", "billing": "Kim"}


def people(stage: Stage) -> list[Player]:
    """Return one person of each team."""
    return [stage.person(name, team) for team, name in TEAMS.items()]


async def test_four_teams_in_four_wordings_are_one_theme_that_a_person_confirms(
    stage: Stage,
) -> None:
    """Three surely and one perhaps: the fourth is asked about, and nobody is counted unasked."""
    stage.database.meaning = Hears(DEPENDENCIES)
    ada, grace, tomas, kim = people(stage)
    for person, words in zip((ada, grace, tomas, kim), DEPENDENCIES, strict=True):
        await person.says(f"improve {words}")
        if person is ada:
            assert "Theme: Dependencies are found too late (suggested)" in ada.told
            await ada.clicks("Right")
            assert "Dependencies are found too late" in await ada.sees()
    lin = stage.person("Lin", "web")
    await lin.says("improve The style guide is out of date")

    await ada.says("themes")
    assert "Dependencies are found too late is systemic: 3 of 5 teams" in ada.told
    assert "#3 Other teams' work we rely on comes as a <surprise>" in ada.told
    assert "3 teams surely, 1 perhaps." in ada.told
    assert "#4 We depend on others and find out too late" in ada.told
    await ada.clicks("Propose a train item")
    assert "Dependencies are found too late is systemic." in ada.form
    assert "Who means the same?" in ada.form
    title = "One board of what we need from each other"
    await ada.fills({"title": title, "owner": grace.id, "perhaps": ("i4",)})
    assert "Saved as #6 for the whole train, with #1, #2, #3, #4 as its parts." in ada.told
    assert "Its parts: #1, #2, #3, #4" in await ada.sees()
    assert "Part of #6" in await tomas.sees(), "the team's own card does not follow"
    assert f"All teams of the train work on #6 {title} now." in await kim.sees()
    assert "#4 of yours is part of it." in await kim.sees()

    await lin.clicks("Add our voice")
    await lin.fills({"words": "Nobody tells us when the shop changes its look"})
    assert f"Added your words to #6 {title}." in lin.told
    assert f"{lin.name}: Nobody tells us when the shop changes its look" in await ada.sees()
    await lin.says("themes")
    assert "The train works on it: #6." in lin.told
    await lin.says("retro ia")
    assert f"#6 {title}: captured" in lin.told
    await lin.clicks("As Markdown")
    assert "### Dependencies are found too late (systemic)" in lin.told


async def test_a_learning_survives_from_a_retro_over_three_pis(stage: Stage) -> None:
    """What was agreed in one PI and asked about in no later one was a wish."""
    ada, grace, tomas, _ = people(stage)
    await grace.says("improve Platform team takes a week to open a port #dependencies")
    await tomas.says("improve Ports opened late by the platform team #dependencies")
    await ada.says("retro start")
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Ports open the same day #dependencies"})
    await ada.clicks("Reveal")
    await ada.says("hone settings")
    await ada.fills({"facilitators": (ada.id,)})
    await grace.says("themes")
    assert "#dependencies is systemic: 3 of 3 teams" in grace.told, "one team locks none out"
    assert "in a retro, “Ports open the same day" in grace.told
    await grace.clicks("Propose a train item")
    assert f"can do that: ask {ada.name}." in grace.told
    await ada.says("themes")
    await ada.clicks("Propose a train item")
    await ada.fills({"title": "Ports open the same day", "owner": ada.id, "due": "2027-01-15"})
    assert "Saved as #3 for the whole train, with #1, #2 as its parts." in ada.told

    await stage.wait(weeks=13)
    for line in ("themes", "retro ia"):  # the next PI has it still
        await tomas.says(line)
        assert "#3 Ports open the same day: captured" in tomas.told
        assert "gathers #1, #2, agreed 13 weeks ago" in tomas.told
    await ada.says("coach #3")
    await ada.fills({"metric": "days to a port", "start": "7", "goal": "1"})
    await ada.says("backlog finish #3")
    await tomas.says("themes")
    assert "#3" not in tomas.told

    await stage.wait(weeks=5)
    alone = ada.alone()
    await alone.clicks("It moved")
    await alone.fills({"value": "1 day"})
    await grace.says("retro ia")
    assert "#3 Ports open the same day: done" in grace.told, "the one after shows what came of it"
    assert "It moved: days to a port 1 day" in grace.told


async def test_a_workshop_finds_the_root_cause_and_who_mends_it(stage: Stage) -> None:
    """Without the whys the remedy mends the symptom; without a name and a day, nothing."""
    ada, grace, tomas, _ = people(stage)
    bo = stage.person("Kim")
    for person in (ada, grace, tomas):
        await person.says("improve The platform team opens ports late #dependencies")
    await ada.says("retro ia")
    await ada.clicks("Problem-solving workshop")
    await ada.fills({})
    assert "Choose a problem, or write one." in ada.form
    await ada.fills({"problem": "0"})
    assert "Problem-solving workshop: #dependencies" in await bo.sees()
    await ada.clicks("Give dots")
    assert "There is no cause yet" in ada.told
    await ada.clicks("Add a cause")
    await ada.fills({"why0": "Tickets queue", "why1": "One person opens ports"})
    await bo.clicks("Add a cause")
    await bo.fills({"why0": "We ask late", "why1": "Nobody looks <ahead>"})
    assert "2. Nobody looks <ahead> ← We ask late" in await ada.sees()
    await bo.clicks("Change 2")
    await bo.fills({"why2": "Planning skips infrastructure"})
    await ada.clicks("Show the biggest")
    assert "Nobody has given a dot yet." in ada.told
    await ada.clicks("Give dots")
    await ada.fills({"causes": ("1", "2")})
    await bo.clicks("Give dots")
    await bo.fills({"causes": ("2",)})
    seen = await ada.sees()
    assert "2 people have given dots." in seen
    assert "dots)" not in seen, "counts would pull the later ones along"

    await ada.clicks("Show the biggest")
    seen = await bo.sees()
    assert "Biggest cause: Planning skips infrastructure" in seen
    assert "(2 dots)" in seen
    await ada.clicks("Improvement item")
    await ada.fills({"title": "Plan ports ahead", "owner": bo.id, "due": "2027-01-15"})
    assert "What we do about it: #4 Plan ports ahead" in await bo.sees()
    assert "All teams of the train work on #4" in await grace.sees()
    await tomas.says("themes")
    assert "The train works on it: #4." in tomas.told
