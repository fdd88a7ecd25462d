"""Five people hold a retro, two of them without their names, and leave with an owner and a day."""

from __future__ import annotations

from structlog.testing import capture_logs

from tests.stages.stage import Player, Stage

PRIVATE = ("Pair on reviews", "Merging without", "Blaming people", "Rotate who leads")


async def writes(person: Player, *, unsigned: bool = False, **notes: str) -> None:
    await person.clicks("Add a note")
    await person.fills({**notes, **({"unsigned": True} if unsigned else {})})


async def gives(person: Player, **dots: str) -> None:
    await person.clicks("Give my dots")
    await person.fills(dots)


async def test_from_private_notes_to_an_improvement_with_an_owner(
    stage: Stage, ada: Player, grace: Player, tomas: Player
) -> None:
    kim, lin = stage.person("Kim"), stage.person("Lin")
    with capture_logs() as logs:
        await ada.says("retro start start/stop/continue")
        await writes(ada, c0="Pair on reviews #reviews", c1="Merging without a review")
        assert "Added 2 notes" in ada.told
        await writes(grace, c1="Merging without reviews\n- Meetings <without> an agenda & a goal")
        await writes(tomas, c2="Demo every Friday")
        await writes(kim, c1="Blaming people in reviews", unsigned=True)
        assert "Added 1 note without your name" in kim.told
        await writes(lin, c0="Rotate who leads the standup", unsigned=True)
        assert "7 notes" in await grace.sees()
        sent = (*stage.shown(), *map(str, logs))
        assert not [note for note in PRIVATE for each in sent if note in each], "shown too early"

    await kim.clicks("Change or remove")
    assert "Your notes" in kim.form
    await kim.fills({})
    assert "Saved." in kim.told
    await grace.clicks("Reveal")
    assert f"Only {ada.name}" in grace.told
    await ada.clicks("Reveal")
    assert "fewer than 5 people may have written" in ada.told
    await ada.clicks("Reveal all the same")
    seen = await tomas.sees()
    assert "7 notes in 6 groups" in seen
    assert f"Merging without a review ({ada.name})" in seen
    assert f"Meetings <without> an agenda & a goal ({grace.name})" in seen
    assert "Blaming people in reviews" in seen
    assert "Rotate who leads the standup" in seen
    everything = "\n".join(stage.shown())
    for person in (kim, lin):
        assert f"({person.name})" not in everything, "somebody was named who did not want to be"

    await ada.clicks("Merge groups")
    await ada.fills({"groups": ("1",)})
    assert "Choose at least two groups" in ada.form
    await ada.clicks("Start the vote")
    await gives(ada, g3="2")
    assert "You have 1 left" in ada.told
    await gives(grace, g3="3")
    await gives(tomas, g6="1")
    seen = await tomas.sees()
    assert "3 people have voted" in seen
    assert "5 dots" not in seen
    await ada.clicks("Close the vote")
    assert "5 dots" in await tomas.sees()
    assert "The dots are counted. First: Merging without reviews" in await tomas.sees()

    await ada.clicks("Choose improvements")
    await ada.fills({"groups": ("3",)})
    assert "Make them happen" in ada.form
    plan: dict[str, str] = {"title3": "Every merge has a reviewer", "owner3": grace.id}
    metric = "escaped defects from 5 a month to 2"
    await ada.fills({**plan, "due3": "2026-12-04", "metric3": metric, "check3": "2027-01-15"})
    assert "Saved #1." in ada.told
    seen = await tomas.sees()
    assert "7 notes, 6 groups, 1 improvement." in seen
    assert "#1 Every merge has a reviewer" in seen
    assert f"with {grace.name}, due Friday 4 December 2026" in seen
    assert "will change escaped defects from 5 a month to 2" in seen

    await ada.says("retro start 4Ls")
    assert "Since the last retro, 0 of 1 done:" in await tomas.sees()


async def test_a_retro_goes_on_without_whoever_started_it(
    stage: Stage, ada: Player, grace: Player, tomas: Player
) -> None:
    """Somebody is told how to take over, and who comes late still joins in."""
    await grace.says("help")
    await ada.says("retro start with facts")
    await writes(ada, c0="Pair on reviews")
    await writes(grace, c1="Meetings without an agenda")
    await grace.clicks("I'm done")
    seen = await tomas.sees()
    assert "1 person is done" in seen
    assert "What our items say:" in seen
    await stage.wait(days=1, hours=1)
    assert "Anybody of the team can go on: press Take over." in await tomas.sees()
    assert "You can go on in their place" in await grace.alone().sees(), "one is asked directly"
    await tomas.clicks("Take over")
    assert "You lead this retro now" in tomas.told
    assert f"{tomas.name} leads this retro now." in await ada.sees()
    await tomas.clicks("Reveal")
    await ada.clicks("Add a note")
    assert "The others are on the table already" in ada.form
    await ada.fills({"c2": "Demo every Friday"})
    assert f"Demo every Friday ({ada.name})" in await grace.sees()
    await tomas.clicks("Move notes")
    assert "Where do they belong?" in tomas.form
    await tomas.clicks("Start the vote")
    await gives(grace, g2="3")
    await tomas.clicks("Close the vote")
    await tomas.clicks("Choose improvements")
    await tomas.fills({"groups": ("2",)})
    await tomas.fills({"title2": "An agenda the day before"})
    assert "Who does it, and by when?" in tomas.form
    assert tomas.prefilled("check2") == "2026-12-22"
    await tomas.fills({"owner2": grace.id, "due2": "2026-12-04"})
    assert "Saved #1." in tomas.told
