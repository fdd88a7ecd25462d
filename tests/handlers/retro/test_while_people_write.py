"""While people write: who is reminded, and who does not know what to write."""

from __future__ import annotations

from tests.conversations.retros import writes
from tests.hone import Hone


async def test_a_short_retro_reminds_those_without_a_note_and_nobody_else_learns_who(
    hone: Hone,
) -> None:
    """Who has not written is nobody's business; that there are ten minutes left may be news."""
    ada, grace, tomas, kim = (hone.person(name) for name in ("Ada", "Grace", "Tomas", "Kim"))
    guest = hone.person("Gus", role="guest")
    for person in (grace, tomas, kim, guest):
        await person.says("help")
    await ada.says("retro start for 40 minutes")
    assert "09:40 (UTC), more than 35 minutes left" in hone.last()
    await writes(ada, c0="Pair on reviews")
    await grace.clicks("I'm done")
    await writes(tomas, c0="Blaming people in the open", unsigned=("on",))
    await hone.wait(minutes=29)
    assert hone.channel("dm-kim") == []
    await hone.wait(minutes=1)
    reminded = {
        name for name in ("ada", "grace", "tomas", "kim", "gus") if hone.channel(f"dm-{name}")
    }
    assert reminded == {"tomas", "kim"}, "who wrote without a name is not known"
    assert "The retro in refinement is revealed Mon 23 Nov, 09:40 (UTC)." in hone.last("dm-kim")
    assert len(hone.channel()) == 1, "nobody reads who was reminded"
    assert ", 10 minutes left" in hone.last()
    await hone.wait(minutes=10)
    assert "has moved on" in hone.last("dm-kim")


async def test_an_anonymous_retro_reminds_all_at_once(hone: Hone) -> None:
    """Nobody knows who wrote there, so nobody is told apart."""
    ada = hone.person("Ada")
    await ada.says("retro start anonymous for 40 minutes")
    await hone.wait(minutes=30)
    assert "There is still time to add a note" in hone.last()
    assert hone.channel("dm-ada") == []


async def test_who_does_not_know_is_helped_and_never_quoted(hone: Hone) -> None:
    """“i dont know” in a group of its own helps nobody at the reveal."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    for said in ("?", "i dont know", "stop: idk"):
        await ada.says(f"retro add {said}")
        assert "What made you wait lately" in ada.told
    await writes(ada, c0="no idea")
    assert "What made you wait lately" in ada.errors["c0"]
    await ada.fills({"c0": "?", "c1": "Long meetings"})
    assert "Added 1 note." in ada.told
    assert "So far: 1 note" in hone.last()
