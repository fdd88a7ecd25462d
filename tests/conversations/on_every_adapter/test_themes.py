"""Four teams name the same dependency; a person makes it the train's, and every team sees so."""

from __future__ import annotations

from tests.stages.stage import Stage

SAID = {
    "": "Waiting for the platform team to open ports #dependencies",
    "search": "Platform team takes a week to open a port #dependencies",
    "mobile": "Ports opened <late> by the platform team #dependencies",
    "billing": "We wait for platform to open ports #dependencies",
}


async def test_four_teams_name_a_dependency_and_it_becomes_the_trains(stage: Stage) -> None:
    names = ("Ada", "Grace", "Tomas", "Kim")
    people = {team: stage.person(name, team) for name, team in zip(names, SAID, strict=True)}
    for team, words in SAID.items():
        await people[team].says(f"improve {words}")
    lin, ada = stage.person("Lin", "web"), people[""]
    await lin.says("improve The style guide is out of date")

    await ada.says("themes")
    assert "#dependencies is systemic: 4 of 5 teams" in ada.told
    assert "#3 Ports opened <late> by the platform team" in ada.told
    await ada.clicks("Propose a train item")
    assert "#dependencies is systemic." in ada.form
    await ada.fills({"title": "Ports open the same day", "owner": people["search"].id})
    assert "Saved as #6 for the whole train, with #1, #2, #3, #4 as its parts." in ada.told
    assert "Its parts: #1, #2, #3, #4" in await ada.sees()
    assert "Part of #6" in await people["mobile"].sees(), "the team's own card does not follow"

    await lin.says("themes")
    assert "The train works on it: #6." in lin.told
    await lin.says("retro ia")
    assert "#6 Ports open the same day: captured" in lin.told
    await lin.clicks("As Markdown")
    assert "### \\#dependencies (systemic)" in lin.told
