"""A card drawn for one person says how far they are and offers only what they may press."""

from __future__ import annotations

import pytest

from bot.cards import Button, Buttons, Card, LinkButton, Only, heading, text
from bot.readers import for_reader
from bot.turn import Person, home_of
from bot.twins import twin
from bot.wire import encode
from handlers.wsjf.actions import Manage, PollView
from storage import Database, Store
from tests.fakes.teams import CHANNEL
from tests.hone import WORKSPACE, Hone
from tests.stages.local import local_stage
from tests.stages.teams import TeamsStage, teams_stage

CARD = Card(
    "A vote",
    (
        heading("A vote"),
        Buttons(
            (
                Button("Vote", Manage(1)),
                Button("Reveal", Manage(1), only=Only(frozenset({"ada"}))),
                LinkButton("Guide", "https://hone.example"),
            ),
            more=(
                Button("Ask", Manage(1)),
                Button("Reopen", Manage(1), only=Only(frozenset({"ada"}))),
            ),
        ),
        Buttons(
            (Button("Cancel", Manage(1), only=Only(frozenset({"ada"}))),),
            more=(Button("Remind", Manage(1)),),
        ),
    ),
    own=(("grace", text("You: 2 of 4 columns")),),
)


def test_who_may_not_press_a_button_is_not_shown_it() -> None:
    grace = for_reader(CARD, Person("grace", "Grace"))
    assert twin(grace) == ("A vote\nYou: 2 of 4 columns\n[Vote] [Guide]\nMore: [Ask]\n[Remind]")
    ada = for_reader(CARD, Person("ada", "Ada"))
    assert twin(ada) == (
        "A vote\n[Vote] [Reveal] [Guide]\nMore: [Ask] [Reopen]\n[Cancel]\nMore: [Remind]"
    )
    assert for_reader(CARD, Person("kim", "Kim", role="admin")).nodes == ada.nodes


@pytest.mark.parametrize("where", ["dm", "home"])
async def test_what_one_person_alone_reads_is_drawn_for_them(
    database: Database, where: str
) -> None:
    """In one's own chat and on one's own page nobody else needs the other buttons."""
    hone = Hone(database)
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    await grace.says("backlog")

    async def post(store: Store) -> None:
        for who in ("ada", "grace"):
            channel, person = (home_of(who), None) if where == "home" else (f"dm-{who}", who)
            await store.posts.add(encode(PollView(1)), channel=channel, person=person)

    await database.write(WORKSPACE, hone.now, post)
    await hone.settle()
    shown = {
        who: hone.last(f"dm-{who}" if where == "dm" else home_of(who)) for who in ("ada", "grace")
    }
    assert "[Manage]" in shown["ada"]
    assert "[Manage]" not in shown["grace"]
    assert "Vote" in shown["grace"]
    await hone.stop()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_in_teams_each_client_asks_for_its_persons_own_card(database: Database) -> None:
    """The card for all has every button; Teams lets sixty people have one of their own."""
    async with teams_stage(database) as stage:
        assert isinstance(stage, TeamsStage)
        ada, grace = stage.client("Ada", CHANNEL), stage.client("Grace", CHANNEL)
        await ada.says("@Hone improve Estimation runs long")
        await grace.says("@Hone improve Nobody owns the staging database")
        await ada.says("@Hone wsjf #1 #2")
        await stage.settle()
        assert "You: 0 of 4 columns" in await grace.looks()
        await grace.clicks("Vote")
        await grace.submits({"ubv.1": "5", "ubv.2": "3"})
        await stage.settle()

        own = await grace.looks()
        assert "You: 1 of 4 columns" in own
        assert "[Vote]" in own
        assert "[Manage]" not in own
        assert "[Cancel]" not in own
        leading = await ada.looks()
        assert "You: 0 of 4 columns" in leading
        assert "[Manage]" in leading
        assert "[Cancel]" in leading


async def test_the_room_shows_each_of_its_people_their_own(database: Database) -> None:
    async with local_stage(database) as stage:
        grace, tomas = stage.person("Grace"), stage.person("Tomas")
        await grace.says("improve Estimation runs long")
        await grace.says("wsjf #1")
        assert "[Cancel]" in await grace.sees()
        seen = await tomas.sees()
        assert "[Vote]" in seen
        assert "[Cancel]" not in seen
