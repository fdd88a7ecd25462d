"""The outbox decides by what the connector reports, so each report must be true."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.cards import says
from bot.platform import Address, Refused, SendError, Throttled, Unsure
from bot.teams.client import SERVICE_URLS, Connector
from bot.teams.conversations import conversation_of, message_of, ref_of
from bot.teams.tokens import AccessTokens, TokenUnavailable
from tests.bot.teams.world import Board, World
from tests.fakes.teams import APP_ID, CHANNEL, GROUP_CHAT, PASSWORD, TENANT, Failure, FakeTeams

WORKSPACE = f"teams:{TENANT}"
CARD = {
    "type": "message",
    "attachments": [
        {"contentType": "application/vnd.microsoft.card.adaptive", "content": {"body": []}}
    ],
}


@pytest.fixture
def tokens(teams: FakeTeams, http: aiohttp.ClientSession) -> AccessTokens:
    return AccessTokens(http, APP_ID, TENANT, PASSWORD, teams.origin + "/{tenant}/token")


@pytest.fixture
def connector(teams: FakeTeams, http: aiohttp.ClientSession, tokens: AccessTokens) -> Connector:
    return Connector(http, tokens, (teams.origin,))


# --- where Hone writes ---


@pytest.mark.parametrize("url", [*SERVICE_URLS, "https://smba.trafficmanager.net/emea/tenant/"])
async def test_teams_own_hosts_are_written_to(connector: Connector, url: str) -> None:
    assert connector.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test",
        "http://smba.trafficmanager.net",
        "https://smba.trafficmanager.net.evil.test",
        "https://evil.test/smba.trafficmanager.net",
        "https://smba.trafficmanager.net@evil.test",
        "https://evil.test\\@smba.trafficmanager.net",
        "https://evil.smba.trafficmanager.net",
        "https://smba.trafficmanager.net:8443",
        "https://[",
        "//smba.trafficmanager.net",
        "",
    ],
)
async def test_nobody_else_is_written_to(connector: Connector, teams: FakeTeams, url: str) -> None:
    with pytest.raises(Refused, match="service_url_not_allowed"):
        await connector.send(url, CHANNEL, CARD)
    assert teams.calls["token"] == 0


async def test_a_redirect_is_not_followed(
    http: aiohttp.ClientSession, tokens: AccessTokens, teams: FakeTeams
) -> None:
    """It would carry Hone's token to wherever it points."""

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(teams.service_url + request.path.lstrip("/"))

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", elsewhere)
    async with TestServer(app) as server:
        origin = str(server.make_url(""))
        with pytest.raises(Refused, match="http_307"):
            await Connector(http, tokens, (origin,)).send(origin, CHANNEL, CARD)
    assert teams.calls["post"] == 0


# --- what became of a call ---


@pytest.mark.parametrize(
    ("failure", "error", "told"),
    [
        (Failure(429, headers={"Retry-After": "30"}), Throttled, {"seconds": 30.0}),
        (Failure(429), Throttled, {"seconds": 5.0}),
        (Failure(429, headers={"Retry-After": "nan"}), Throttled, {"seconds": 5.0}),
        (Failure(429, headers={"Retry-After": "-1"}), Throttled, {"seconds": 1.0}),
        (Failure(412), Throttled, {"scope": "channel"}),
        (Failure(403, "BotNotInConversationRoster"), Refused, {"scope": "channel"}),
        (Failure(404, "ConversationNotFound"), Refused, {"reason": "ConversationNotFound"}),
        (Failure(400, "BadSyntax"), Refused, {"scope": "message"}),
        (Failure(500), Unsure, {}),
        (Failure(502), Unsure, {}),
    ],
)
async def test_each_failure_is_named_for_what_it_is(
    connector: Connector,
    teams: FakeTeams,
    failure: Failure,
    error: type[SendError],
    told: dict[str, Any],
) -> None:
    teams.failures.append(failure)
    with pytest.raises(error) as raised:
        await connector.send(teams.service_url, CHANNEL, CARD)
    assert {name: getattr(raised.value, name) for name in told} == told
    assert teams.calls["post"] == 1, "one attempt a call: the outbox retries"


async def test_an_error_never_repeats_teams_sentence(
    connector: Connector, teams: FakeTeams
) -> None:
    """The sentence may quote what a person typed, and errors are logged."""
    teams.failures.append(Failure(400, "BadSyntax"))
    with pytest.raises(Refused) as raised:
        await connector.send(teams.service_url, CHANNEL, CARD)
    assert str(raised.value) == "BadSyntax"


async def test_a_machine_that_cannot_be_reached_got_nothing(
    http: aiohttp.ClientSession, tokens: AccessTokens
) -> None:
    """So the post may be sent again without showing twice."""
    gone = f"http://127.0.0.1:{unused_port()}"
    with pytest.raises(Throttled):
        await Connector(http, tokens, (gone,)).send(gone, CHANNEL, CARD)


async def test_an_answer_that_never_comes_leaves_it_open(
    http: aiohttp.ClientSession, tokens: AccessTokens
) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", hang_up)
    async with TestServer(app) as server:
        origin = str(server.make_url(""))
        with pytest.raises(Unsure):
            await Connector(http, tokens, (origin,)).send(origin, CHANNEL, CARD)


# --- Hone's own token ---


async def test_many_calls_share_one_token(connector: Connector, teams: FakeTeams) -> None:
    sends = (connector.send(teams.service_url, CHANNEL, CARD) for _ in range(20))
    await asyncio.gather(*sends)
    assert teams.calls["token"] == 1


async def test_a_token_is_renewed_five_minutes_early(
    teams: FakeTeams, http: aiohttp.ClientSession
) -> None:
    now = 0.0
    token_url = teams.origin + "/{tenant}/token"
    tokens = AccessTokens(http, APP_ID, TENANT, PASSWORD, token_url, clock=lambda: now)
    await tokens.get()
    now = 3600 - 301
    await tokens.get()
    assert teams.calls["token"] == 1
    now = 3600 - 299
    await tokens.get()
    assert teams.calls["token"] == 2


async def test_a_refused_token_is_fetched_again(connector: Connector, teams: FakeTeams) -> None:
    """Secrets are rotated and sessions revoked before a token's hour is over."""
    await connector.send(teams.service_url, CHANNEL, CARD)
    teams.token = "token-2"
    with pytest.raises(Throttled):
        await connector.send(teams.service_url, CHANNEL, CARD)
    await connector.send(teams.service_url, CHANNEL, CARD)
    assert teams.calls["token"] == 2


async def test_a_wrong_secret_loses_no_message(
    teams: FakeTeams, http: aiohttp.ClientSession
) -> None:
    """It is put right in the settings; until then messages wait."""
    tokens = AccessTokens(http, APP_ID, TENANT, "wrong", teams.origin + "/{tenant}/token")
    with pytest.raises(TokenUnavailable, match="invalid_client"):
        await tokens.get()
    with pytest.raises(Throttled) as raised:
        await Connector(http, tokens, (teams.origin,)).send(teams.service_url, CHANNEL, CARD)
    assert raised.value.scope == "workspace"


# --- as the outbox sees it ---


@pytest.fixture
async def board(world: World) -> Address:
    """A channel where Hone was spoken to, so that it can be written to."""
    await world.person().says("@Hone note x")
    return Address(WORKSPACE, CHANNEL)


async def test_a_post_is_changed_in_place(world: World, board: Address) -> None:
    card = await world.notes.draw(None, Board())  # type: ignore[arg-type]
    ref = await world.adapter.post(board, card)
    await world.adapter.update(board, ref, card)
    assert len(world.teams.messages[ref].cards) == 2
    assert world.teams.messages[ref].summary == "1 notes"


async def test_an_answer_under_an_answer_stays_in_the_thread(world: World, board: Address) -> None:
    """Teams names a thread by its first message only."""
    card = await world.notes.draw(None, Board())  # type: ignore[arg-type]
    first = await world.adapter.post(Address(WORKSPACE, CHANNEL), card)
    answer = await world.adapter.post(Address(WORKSPACE, CHANNEL, first), card)
    below = await world.adapter.post(Address(WORKSPACE, CHANNEL, answer), card)
    assert answer.startswith(f"{first}/")
    standing = world.teams.messages[message_of(below)]
    assert standing.conversation == f"{CHANNEL};messageid={first}"
    await world.adapter.update(Address(WORKSPACE, CHANNEL, first), below, card)
    assert len(standing.cards) == 2


def test_message_names_survive_the_way_there_and_back() -> None:
    assert ref_of(CHANNEL, "1") == "1"
    assert ref_of(f"{CHANNEL};messageid=1", "1") == "1"
    assert ref_of(conversation_of(CHANNEL, "1"), "2") == "1/2"
    assert conversation_of(CHANNEL, "1/2") == f"{CHANNEL};messageid=1"
    assert message_of("1/2") == "2"


async def test_an_answer_to_a_thread_that_was_deleted_stands_below_all(world: World) -> None:
    """It may be the only copy of a vote's result."""
    await world.person().says("@Hone board")
    first = await world.adapter.post(Address(WORKSPACE, CHANNEL), says("Hello"))
    world.teams.deleted_roots.add(first)
    answer = await world.adapter.post(Address(WORKSPACE, CHANNEL, first), says("Result"))
    assert world.teams.messages[answer].conversation == CHANNEL


@pytest.mark.parametrize("chat", [GROUP_CHAT, "19:meeting_Yzk@thread.v2", "a:direct-29:bo"])
def test_chats_have_no_threads(chat: str) -> None:
    assert conversation_of(chat, "1600/1700") == chat


async def test_a_direct_chat_is_opened(world: World, board: Address) -> None:
    assert await world.adapter.open_direct(WORKSPACE, "29:ana") == "a:direct-29:ana"


async def test_a_tenant_never_heard_of_cannot_be_written_to(world: World) -> None:
    card = await world.notes.draw(None, Board())  # type: ignore[arg-type]
    with pytest.raises(Refused, match="no_service_url"):
        await world.adapter.post(Address("teams:other", CHANNEL), card)


async def test_a_stored_address_is_checked_before_each_message(
    world: World, board: Address
) -> None:
    """The list may have become shorter since, and a database is not a proof."""

    async def tamper(store: Any) -> None:
        await store.workspaces.set_reach({"service_url": "https://evil.test", "bot": "28:x"})

    await world.database.write(WORKSPACE, world.clock.now, tamper)
    card = await world.notes.draw(None, Board())  # type: ignore[arg-type]
    with pytest.raises(Refused, match="service_url_not_allowed"):
        await world.adapter.post(board, card)


async def test_a_storm_of_429_is_waited_out(world: World) -> None:
    ana = world.person()
    world.teams.throttle(2, seconds=3)
    await ana.says("@Hone board")
    await world.settle()
    assert ana.sees().startswith("Notes")
    assert world.teams.calls["post"] == 3
