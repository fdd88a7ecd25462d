"""Five people hold a retro: they write privately, reveal together, vote, and leave with owners."""

from __future__ import annotations

from bot.cards import Choice
from tests.hone import Hone, Someone


async def writes(person: Someone, **notes: str | tuple[str, ...]) -> None:
    """Add notes: c0, c1 … are the columns; `unsigned=("on",)` leaves the name out."""
    await person.clicks("Add a note")
    await person.fills(notes)


async def gives(person: Someone, group: str, dots: int) -> None:
    """Give dots to the group whose label ends like this."""
    await person.clicks("Give my dots")
    assert person.form is not None
    field = next(f for f in person.form.fields if isinstance(f, Choice) and f.label.endswith(group))
    await person.fills({field.id: str(dots)})


async def test_from_private_notes_to_improvements_with_owners(hone: Hone) -> None:
    """The whole way: nothing shows early, nobody is named who did not want to be."""
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    kim, lin = hone.person("Kim"), hone.person("Lin")

    await ada.says("retro start start/stop/continue")
    assert "Retro: Start, stop, continue" in hone.last()
    assert "no notes yet" in hone.last()

    await writes(ada, c0="Pair on reviews #reviews", c1="Merging without a review")
    assert "Added 2 notes. Until the reveal you can change them" in ada.told
    await writes(grace, c1="Merging without reviews\n- Meetings without an agenda")
    await writes(tomas, c2="Demo every Friday")
    await writes(kim, c1="Blaming people in reviews", unsigned=("on",))
    assert "Added 1 note without your name." in kim.told
    await writes(lin, c0="Rotate who leads the standup", unsigned=("on",))
    assert "7 notes" in hone.last()
    for word in ("Pair on", "Merging", "Blaming", "Rotate"):
        assert word not in hone.last(), "a note was shown before the reveal"

    await grace.clicks("Reveal")
    assert "Only Ada, a facilitator or an admin of this team can do that." in grace.told
    await ada.clicks("Reveal")
    card = hone.channel()[0].text
    assert "7 notes in 6 groups" in card
    assert "Merging without a review (Ada)" in card
    assert "Blaming people in reviews" in card
    assert "Kim" not in card
    assert "Lin" not in card
    assert "The notes are on the table: 7 notes in 6 groups." in hone.last()

    await ada.clicks("Start the vote")
    await gives(ada, "Merging without reviews", 2)
    assert "You have 1 left" in ada.told
    await gives(grace, "Merging without reviews", 3)
    await gives(tomas, "Demo every Friday", 1)
    await gives(kim, "Blaming people in reviews", 3)
    assert "4 people have voted" in hone.channel()[0].text
    assert "3 dots ·" not in hone.channel()[0].text

    await ada.clicks("Close the vote")
    assert "5 dots" in hone.channel()[0].text
    assert "The dots are counted. First: Merging without reviews" in hone.last()

    await ada.clicks("Choose improvements")
    assert ada.form is not None
    choice = next(f for f in ada.form.fields if isinstance(f, Choice))
    assert len(choice.chosen) == 3, "the groups with most dots are chosen already"
    await ada.fills({"groups": choice.chosen[:1]})
    assert ada.form is not None
    number = choice.chosen[0]
    await ada.fills(
        {
            f"title{number}": "Every merge has a reviewer",
            f"owner{number}": "grace",
            f"due{number}": "2026-12-04",
            f"metric{number}": "escaped defects from 5 a month to 2",
            f"check{number}": "2027-01-15",
        }
    )
    assert "Saved #1." in ada.told
    record = hone.channel()[0].text
    assert "Held on Mon 23 Nov: 7 notes, 6 groups, 1 improvement." in record
    assert "#1 Every merge has a reviewer" in record
    assert "with Grace" in record
    assert "→ #1" in record
    item = hone.channel()[-1].text
    assert "#1 Every merge has a reviewer" in item
    assert "Owner: Grace" in item


async def test_a_retro_opens_with_what_became_of_the_last_one(hone: Hone) -> None:
    """An improvement nobody looks at again was only a wish."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c0="Write the runbook")
    for press in ("Reveal", "Start the vote"):
        await ada.clicks(press)
    await gives(ada, "Write the runbook", 1)
    await ada.clicks("Close the vote")
    await ada.clicks("Choose improvements")
    await ada.fills({})
    await ada.fills({"owner1": "ada", "due1": "2026-12-04"})

    await hone.wait(days=14)
    await ada.says("retro start 4Ls")
    assert "Since the last retro, 0 of 1 done:" in hone.last()
    assert "#1 Write the runbook: captured, with Ada, due Friday 4 December 2026" in hone.last()
