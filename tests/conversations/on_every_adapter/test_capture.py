"""An improvement is captured, put right, taken back and found again, wherever a team talks."""

from __future__ import annotations

from tests.stages.stage import Player, Stage


async def test_a_sentence_becomes_an_item(ada: Player, grace: Player) -> None:
    await ada.says("improve Estimation runs long #estimation @Grace by Friday", grace)
    assert "Saved as #1" in ada.told
    assert "theme #estimation, owner Grace, due Friday 27 November 2026" in ada.told
    for person in (ada, grace):
        seen = await person.sees()
        assert "#1 Estimation runs long" in seen
        assert "captured" in seen
        assert "#estimation" in seen
        assert "Fri 27 Nov 2026" in seen
        assert "Saved as" not in seen, "a private answer stands in the channel"


async def test_what_was_not_understood_is_a_button(ada: Player, grace: Player) -> None:
    """A day that is only roughly one, and a name inside the sentence."""
    await ada.says("improve Ask @Grace for the numbers by mid December", grace)
    assert "Due Tue 15 Dec" in ada.told
    assert "Due:" not in await grace.sees()
    await ada.clicks("Due Tue 15 Dec")
    assert "#1 is due Tue 15 Dec 2026" in ada.told
    assert "Tue 15 Dec 2026" in await grace.sees()
    await ada.says("improve Ask @Grace about flaky tests", grace)
    await ada.clicks("Make Grace owner")
    assert "#2 belongs to Grace now" in ada.told


async def test_an_item_is_edited_and_the_edit_taken_back(ada: Player, grace: Player) -> None:
    await ada.says("improve Estimation runs lnog")
    await ada.clicks("Edit")
    assert ada.form.startswith("Edit #1")
    assert ada.prefilled("title") == "Estimation runs lnog"

    await ada.fills({"title": "Estimation runs long", "themes": "#no! #way!"})
    assert "A theme is one word" in ada.form
    assert ada.prefilled("title") == "Estimation runs long", "a mistake cost the person their text"
    await ada.fills(
        {
            "title": "Estimation runs long",
            "details": "Two hours every <b>Monday</b> & Tuesday.\nNobody prepares.",
            "themes": "#estimation, meetings",
            "owner": grace.id,
            "due": "2026-12-04",
        }
    )
    assert ada.form == ""
    seen = await grace.sees()
    assert "#1 Estimation runs long" in seen
    assert "lnog" not in seen, "the card was not redrawn in place"
    assert "Two hours every <b>Monday</b> & Tuesday." in seen
    assert "#estimation #meetings" in seen
    assert grace.name in seen
    assert "Fri 4 Dec 2026" in seen

    await grace.clicks("Undo")
    assert "Only the person who made the last change can undo it" in grace.told
    await ada.clicks("Undo")
    seen = await grace.sees()
    assert "#1 Estimation runs lnog" in seen
    assert "Nobody prepares" not in seen


async def test_undo_runs_out(stage: Stage, ada: Player) -> None:
    await ada.says("improve Builds take forty minutes")
    assert "[Undo]" in await ada.sees()
    await stage.wait(minutes=11)
    assert "[Undo]" not in await ada.sees()
    assert "[Edit]" in await ada.sees()


async def test_what_is_there_already_is_offered_before_it_is_saved_twice(
    ada: Player, grace: Player
) -> None:
    await ada.says("improve Estimation meetings run too long")
    await grace.says("improve Estimation meetings run far too long")
    assert "This looks like something we have" in grace.form
    assert "#1 Estimation meetings run too long" in grace.form
    assert grace.prefilled("title") == "Estimation meetings run far too long"

    await grace.fills({}, press="Add mine to #1")
    assert "Added your words to #1" in grace.told
    seen = await ada.sees()
    assert f"Also raised by {grace.name}" in seen
    assert "#2" not in seen

    await grace.says("improve Estimation meetings run far too long")
    await grace.fills({})
    assert "Saved as #2" in grace.told
    assert "#2 Estimation meetings run far too long" in await ada.sees()


async def test_a_message_becomes_an_item_that_quotes_it(
    stage: Stage, ada: Player, grace: Player
) -> None:
    message = await grace.writes("Deploys wait for <one> person & a ticket")
    await ada.logs(message)
    assert ada.form.startswith("Log an improvement")
    assert ada.prefilled("title") == "Deploys wait for <one> person & a ticket"
    assert f"{grace.name}: Deploys wait for <one> person & a ticket" in ada.prefilled("details")

    await ada.fills({"title": "Deploys wait for one person", "owner": grace.id})
    assert "Saved as #1" in ada.told
    seen = await grace.sees()
    assert "#1 Deploys wait for one person" in seen
    assert "Deploys wait for <one> person & a ticket" in seen, "the quote is gone"
    assert "The message it came from" in seen
    assert any(message.link in sent for sent in stage.shown()), "nothing leads back"
