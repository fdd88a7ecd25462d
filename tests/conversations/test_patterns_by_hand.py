"""People see patterns that Hone only suspects, pick others by hand, and every team hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storage.vectors import Taught
from tests.handlers.likeness.standin import Topics
from tests.hone import Hone, shown_answers


class Unsure(Topics):
    """The stand-in, which hears a little of a topic where somebody says `maybe`."""

    def shares(
        self, known: Mapping[str, bytes], taught: Sequence[Taught], most: int
    ) -> dict[str, list[tuple[str, float]]]:
        sure = super().shares(known, taught, most)
        return {
            text: [("waiting-team", 0.2)] if "maybe" in text else shares
            for text, shares in sure.items()
        }

    def topics(
        self, known: Mapping[str, bytes], taught: Sequence[Taught] = ()
    ) -> Mapping[str, str]:
        return {
            text: name
            for text, name in super().topics(known, taught).items()
            if "maybe" not in text
        }


async def test_three_surely_and_one_perhaps_are_for_a_person_to_decide(hone: Hone) -> None:
    """One team fewer than the rule is where a person's eye decides, not another decimal."""
    hone.database.meaning = Unsure()
    said = {
        "checkout": "Stories queue up",
        "search": "Testers are idle",
        "mobile": "We wait a lot",
        "billing": "It is maybe the other side",
        "web": "The style guide is old",
        "ops": "Alarms ring at night",
        "core": "The changelog rots",
    }
    for channel, words in said.items():
        await hone.person(channel, channel=channel).says(f"improve {words}")
    ann = hone.person("Ann", channel="checkout")
    await ann.says("themes")
    assert "Waiting for another team is one to watch: 3 of 7 teams" in ann.told
    assert "3 teams surely, 1 perhaps. Perhaps also:" in ann.told
    assert "billing: #4 It is maybe the other side" in ann.told

    await ann.clicks("Propose a train item", on=ann.whispered)
    await ann.fills({"title": "Handovers take a day", "perhaps": ("i4",)})
    assert "with #1, #2, #3, #4 as its parts" in ann.told
    assert "All teams of the train work on #8 Handovers take a day now." in hone.last("billing")
    assert "#4 of yours is part of it." in hone.last("billing")

    ops = hone.person("Olga", channel="ops")
    await ops.clicks("Add our voice")
    await ops.fills({"words": ""})
    assert ops.errors == {"words": "Say it in one sentence."}
    await ops.fills({"words": "Releases wait for the other side"})
    assert "Olga: Releases wait for the other side" in hone.last("checkout")
    await ann.says("backlog finish #8")
    assert "is done" in hone.last("ops")


async def test_two_tags_are_joined_and_parted_by_hand(hone: Hone) -> None:
    """#dependencies and #deps are one theme to everybody but a computer."""
    tags = {"checkout": "dependencies", "search": "deps", "mobile": "dependency-hell"}
    for channel, tag in tags.items():
        await hone.person(channel, channel=channel).says(f"improve {channel} is stuck #{tag}")
    ann = hone.person("Ann", channel="checkout")
    await ann.says("themes join #deps")
    assert "Name two to 10 tags, first the one that stays" in ann.told
    await ann.says("themes join #dependencies #deps #dependency-hell")
    assert "#deps and #dependency-hell count as #dependencies in this train now." in ann.told
    await ann.says("themes")
    assert "#dependencies is systemic: 3 of 3 teams" in ann.told
    await ann.says("improve The port is shut #deps")
    assert "I wrote #dependencies, as this train does." in ann.told
    await ann.says("themes join")
    assert "#deps as #dependencies" in ann.told
    await ann.says("themes part #deps")
    assert "#deps counts for itself again" in ann.told
    await ann.says("themes part #deps")
    assert "counts for itself already" in ann.told
    await ann.says("themes")
    assert "#dependencies is systemic" not in ann.told


async def test_items_of_two_teams_are_lifted_together_by_hand(hone: Hone) -> None:
    """What no measure of likeness sees, two people who talked to each other know."""
    ann, eve = hone.person("Ann", channel="checkout"), hone.person("Eve", channel="search")
    await ann.says("improve Nobody can say when a port opens")
    await eve.says("improve The firewall team has holidays")
    await ann.says("backlog lift #1 #2")
    await ann.fills({"title": "Ports open the same day"})
    assert "#1 and #2 are part of #3 now." in ann.told
    assert "All teams of the train work on #3 Ports open the same day now." in hone.last("search")
    await eve.says("retro ia")
    assert "#3 Ports open the same day" in eve.told


async def test_no_team_disappears_from_the_evidence(hone: Hone) -> None:
    """A team that is cut away is a team that is not asked."""
    names = [f"team{number}" for number in range(14)]
    for name in names:
        for time in range(2):
            await hone.person(name, channel=name).says(
                f"improve Thing {time} of {name} {'x' * 99} #late"
            )
    ann = hone.person("Ann", channel="team0")
    await ann.says("themes")
    assert all(f"• {name}: #" in ann.told for name in names)
    await ann.clicks("Propose a train item", on=ann.whispered)
    assert ann.form is not None
    [details] = shown_answers(ann.form)["details"]
    assert all(f"• {name}: #" in details for name in names)
