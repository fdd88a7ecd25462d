"""Somebody is coached alone with Hone while servers die; no answer is lost or asked for twice."""

from __future__ import annotations

from storage import Database
from tests.stages.stage import Player, Stage


async def answers(person: Player, *said: tuple[str, str]) -> None:
    """Check that each question stands in the chat, and answer it."""
    for question, answer in said:
        assert question in (await person.sees()).rpartition("Coaching:")[2]
        await person.chats(answer)


async def test_from_a_grumble_to_a_hypothesis_over_a_kill_and_a_replica_switch(
    stage: Stage, grace: Player
) -> None:
    await grace.says("help")  # Grace is known here
    ada = stage.person("Ada").alone()
    await ada.chats("we keep waiting for test data")
    assert "Shall I save this? we keep waiting for test data" in await ada.sees()
    await ada.clicks("Coach me")
    await answers(
        ada,
        ("What happens now?", "Stories wait three days for a copy of <production> & more"),
        ("How do you notice it?", "The column Blocked fills up"),
    )

    await stage.outbox.stop(0)
    await stage.database.close()  # killed: nothing of its memory is left
    second = Database(stage.database.url)
    async with stage.replica(second) as there:
        ada = there.person("Ada").alone()
        await answers(ada, ("What small experiment", "Generate the data"), ("Who owns it?", "back"))
        assert "So far: Generate the data" in await ada.sees()
        await ada.clicks("Skip")
        await ada.chats("Somebody Nobody Knows")
        assert "I don't know anybody called" in ada.told
        await answers(ada, ("Who owns it?", grace.called), ("By when?", "2026-02-30"))
        assert "is not a day in the calendar" in ada.told
        third = there.database if second.is_sqlite else Database(stage.database.url)
        async with there.replica(third) as elsewhere:
            ada = elsewhere.person("Ada").alone()
            await ada.clicks("This iteration")
            await ada.chats("days a story waits")
        ada = there.person("Ada").alone()
        await answers(
            ada,
            ("Where does it stand now?", "3 days"),
            ("And where should it get to?", "1 day"),
        )
        await ada.clicks("Skip")
        assert "Saved in #1." in ada.told
        item = (await ada.sees()).rpartition("#1 we keep waiting")[2]
        assert "What happens now: Stories wait three days for a copy of <production>" in item
        assert grace.name in item
        assert "Mon 7 Dec 2026" in item
        assert "will change days a story waits from 3 days to 1 day" in item
        if third is not second:
            await third.close()
    await second.close()
