"""The Home tab: published for those who open it, pressed like any card, and never a nuisance."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.cards import Card, says, text
from bot.platform import Address, Refused, Throttled
from bot.slack.limits import HOME_MAX_BLOCKS
from bot.turn import home_of
from handlers.wsjf.scale import COLUMNS
from storage import Database
from tests.bot.slack.world import DEV, WORKSPACE, World
from tests.fakes.slack import PUBLISHED_A_MINUTE, direct
from tests.fakes.slack_person import SlackPerson
from tests.fakes.slack_screen import shown
from tests.stages.slack import SlackStage, slack_stage


@pytest.fixture
async def hone(sqlite_url: str) -> AsyncIterator[SlackStage]:
    """Hone with every feature, in a fake workspace."""
    database = Database(sqlite_url)
    async with slack_stage(database) as stage:
        yield stage
    await database.close()


class Member:
    """A member of the channel, with their Home tab."""

    def __init__(self, hone: SlackStage, name: str) -> None:
        self.hone = hone
        self.player = hone.person(name)
        self.client = SlackPerson(hone.line, self.player.id, hone.channel)

    async def opens_home(self, tab: str = "home") -> None:
        await self.client.opens_home(tab)
        await self.hone.settle()

    async def clicks(self, label: str) -> None:
        await self.client.clicks_at_home(label)
        await self.hone.settle()

    @property
    def home(self) -> str:
        view = self.client.home
        return shown(view.drawn["blocks"]) if view else ""

    @property
    def modal(self) -> str:
        return shown(self.client.form.drawn["blocks"]) if self.client.form else ""


@pytest.fixture
def ada(hone: SlackStage) -> Member:
    return Member(hone, "Ada")


@pytest.fixture
def grace(hone: SlackStage) -> Member:
    return Member(hone, "Grace")


def published(hone: SlackStage, member: Member) -> int:
    """How often this person's Home tab was published."""
    return sum(
        method == "views.publish" and said["user_id"] == member.player.id
        for method, said in hone.slack.calls
    )


# --- what people see -------------------------------------------------------------------------


async def test_only_those_who_open_the_home_tab_have_one(
    hone: SlackStage, ada: Member, grace: Member
) -> None:
    """Publishing for a whole company would be a call for everybody who never looks."""
    await grace.opens_home("messages")
    await ada.opens_home()
    await grace.player.says("improve Builds take forty minutes @Ada", ada.player)
    await grace.player.says("wsjf #1")
    assert "#1 Builds take forty minutes, captured" in ada.home
    assert published(hone, grace) == 0


async def test_a_vote_from_home_leaves_no_message_behind(
    hone: SlackStage, ada: Member, grace: Member
) -> None:
    await ada.player.says("help")
    await ada.opens_home()
    await grace.player.says("improve Builds take forty minutes")
    await grace.player.says("wsjf #1")
    assert "Votes waiting for you" in ada.home
    before = len(hone.slack.messages)
    await ada.clicks("Vote")
    await ada.client.submits({f"{column}.1": "5" for column in COLUMNS})
    await hone.settle()
    assert "Your vote is in." in ada.modal
    assert "Votes waiting for you" not in ada.home
    assert len(hone.slack.messages) == before


async def test_a_mistake_at_home_is_told_at_home(
    hone: SlackStage, ada: Member, grace: Member
) -> None:
    await ada.opens_home()
    await grace.player.says("improve Builds take forty minutes @Ada", ada.player)
    await grace.player.says("improve Nobody reads the wiki")
    hone.slack.add_person(ada.player.id, "Ada", is_restricted=True)
    await hone.wait(hours=2)
    await ada.player.says("help")  # Slack is asked about her again, and says that she is a guest
    await ada.player.says("help")
    view = ada.client.home
    assert view is not None
    assert "Nobody reads the wiki" not in ada.home
    old = [{"type": "button", "action_id": "x.0", "value": '["capture.done",2]'}]
    old[0]["text"] = {"type": "plain_text", "text": "Finish"}  # type: ignore[assignment]
    view.drawn["blocks"].append({"type": "actions", "elements": old})
    await ada.clicks("Finish")
    assert "Guests can change only what they captured or own themselves." in ada.modal


async def test_what_no_modal_can_show_comes_in_the_chat(hone: SlackStage, ada: Member) -> None:
    await ada.opens_home()
    await ada.clicks("Read it now")
    assert "I've answered in our chat: see Messages." in ada.modal
    assert "Backlog health" in "\n".join(ada.client.sees(direct(ada.player.id)))


# --- how often it is published ---------------------------------------------------------------


async def test_a_home_that_would_look_the_same_is_not_published(
    hone: SlackStage, ada: Member
) -> None:
    await ada.opens_home()
    await ada.player.says("backlog")
    await ada.opens_home()
    assert published(hone, ada) == 1
    hone.slack.homes.clear()  # the app was taken out of the workspace and brought back
    await ada.opens_home()
    assert published(hone, ada) == 2


async def test_a_home_tab_that_is_turned_off_is_left_alone_until_it_is_opened(
    hone: SlackStage, ada: Member, grace: Member
) -> None:
    hone.slack.has_home_tabs = False
    await ada.opens_home()
    await grace.player.says("improve Builds take forty minutes @Ada", ada.player)
    assert published(hone, ada) == 1
    hone.slack.has_home_tabs = True
    await ada.opens_home()
    assert "#1 Builds take forty minutes" in ada.home


async def test_more_homes_than_slack_takes_slow_down_homes_alone(slack: World) -> None:
    """Tier 4: some hundred a minute. A live vote must not wait for people's own pages."""
    slack.slack.add_person("U0ANN", "Ann")
    home = Address(WORKSPACE, home_of("U0ANN"))
    ref = await slack.adapter.post(home, says("Hello"))
    for _ in range(PUBLISHED_A_MINUTE - 1):
        await slack.adapter.update(home, ref, says("Hello"))
    with pytest.raises(Throttled) as refused:
        await slack.adapter.update(home, ref, says("Hello"))
    assert refused.value.scope == "call"
    await slack.adapter.post(Address(WORKSPACE, DEV), says("Hello"))
    slack.clock.advance(refused.value.seconds)
    await slack.adapter.update(home, ref, says("Hello"))


async def test_a_home_too_large_for_slack_is_refused_before_it_is_sent(slack: World) -> None:
    large = Card("s", tuple(text("x") for _ in range(HOME_MAX_BLOCKS + 1)))
    with pytest.raises(Refused, match="card_too_big"):
        await slack.adapter.post(Address(WORKSPACE, home_of("U0ANN")), large)
