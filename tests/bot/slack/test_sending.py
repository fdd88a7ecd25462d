"""What the outbox sends arrives, and what does not arrive is named so that it can decide."""

from __future__ import annotations

import asyncio
import json
import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.cards import Card, Table, says, text
from bot.platform import Address, Refused, SendError, Throttled, Unsure
from bot.slack.client import SlackApi
from bot.turn import home_of
from tests.bot.slack.world import DEV, WORKSPACE, World
from tests.fakes.slack import BOT_TOKEN, direct
from tests.fakes.slack_person import SlackPerson
from tests.gallery.every import CARD as EVERY_NODE
from tests.gallery.every import CHART

HELLO = says("Hello <!channel> & *all*")


@pytest.fixture
def dev(slack: World) -> Address:
    return Address(WORKSPACE, DEV)


async def test_a_post_arrives_and_can_be_changed_in_place(slack: World, dev: Address) -> None:
    ref = await slack.adapter.post(dev, HELLO)
    await slack.adapter.update(dev, ref, EVERY_NODE)
    [shown] = slack.slack.in_channel(DEV)
    assert (shown.ts, shown.edits) == (ref, 1)
    assert shown.said.startswith("WSJF vote: 3 of 6 voted")


async def test_a_reply_stands_in_its_thread(slack: World, dev: Address) -> None:
    ref = await slack.adapter.post(dev, HELLO)
    reply = await slack.adapter.post(Address(dev.workspace, DEV, ref), says("Done"))
    assert slack.slack.message(DEV, reply).thread_ts == ref


async def test_what_a_locked_thread_refuses_stands_below_it(slack: World, dev: Address) -> None:
    ref = await slack.adapter.post(dev, HELLO)
    slack.slack.refuse_next("chat.postMessage", "restricted_action_thread_locked")
    reply = await slack.adapter.post(Address(dev.workspace, DEV, ref), says("Done"))
    assert slack.slack.message(DEV, reply).thread_ts is None


async def test_words_in_a_post_are_not_parsed_and_links_not_unfurled(
    slack: World, dev: Address
) -> None:
    await slack.adapter.post(dev, HELLO)
    method, sent = slack.slack.calls[-1]
    assert method == "chat.postMessage"
    assert sent["text"] == "Hello &lt;!channel&gt; &amp; *all*"
    assert (sent["mrkdwn"], sent["unfurl_links"], sent["unfurl_media"]) == (False, False, False)


async def test_where_charts_are_unknown_the_numbers_come_as_a_table(
    slack: World, dev: Address
) -> None:
    """Slack rolls blocks out by and by; a digest must not fail for its picture."""
    slack.slack.knows_blocks -= {"data_visualization"}
    ref = await slack.adapter.post(dev, Card("s", (CHART,)))
    assert "table" in [block["type"] for block in slack.slack.message(DEV, ref).blocks]
    await slack.adapter.update(dev, ref, Card("t", (CHART,)))
    assert slack.slack.message(DEV, ref).edits == 1


async def test_a_pin_holds_as_long_as_the_card_wants_it_and_is_nothing_without_the_scope(
    slack: World, dev: Address
) -> None:
    """Teams that did not grant it read the same in the channel, unpinned."""
    ref = await slack.adapter.post(dev, HELLO)
    for _ in range(2):  # as it is asked again by each change of the card
        await slack.adapter.pin(dev, ref, pinned=True)
    assert slack.slack.pins == {ref}
    await slack.adapter.pin(dev, ref, pinned=False)
    assert slack.slack.pins == set()
    slack.slack.may_pin = False
    await slack.adapter.pin(dev, ref, pinned=True)
    slack.slack.throttle_next("pins.remove", 30)
    with pytest.raises(Throttled) as told:
        await slack.adapter.pin(dev, ref, pinned=False)
    assert told.value.scope == "channel", "the votes of others need not wait for a pin"


@pytest.mark.parametrize(
    ("knows", "shown"),
    [
        ({"table", "data_table"}, "data_table"),
        ({"table"}, "table"),
        (set(), "rich_text"),
    ],
)
async def test_a_table_to_browse_comes_as_the_best_that_slack_takes(
    slack: World, dev: Address, knows: set[str], shown: str
) -> None:
    """Slack refuses a message for a block it does not know, and says not which."""
    slack.slack.knows_blocks = knows
    table = Table(("Rank", "Item"), (("1", "#4 Slow builds"),), frozenset({0}), browsed=True)
    ref = await slack.adapter.post(dev, Card("The ranking", (table,)))
    (block,) = slack.slack.message(DEV, ref).blocks
    assert block["type"] == shown
    assert "Slow builds" in json.dumps(block)
    await slack.adapter.update(dev, ref, Card("The ranking", (table,)))
    assert slack.slack.message(DEV, ref).edits == 1


async def test_a_direct_chat_can_be_opened(slack: World, ann: SlackPerson, dev: Address) -> None:
    assert await slack.adapter.open_direct(dev.workspace, "U0ANN") == direct("U0ANN")
    with pytest.raises(Refused):
        await slack.adapter.open_direct(dev.workspace, "U0NOBODY")


async def test_being_throttled_says_how_long_and_whom_it_slows_down(
    slack: World, dev: Address
) -> None:
    """Posts are counted by channel, updates by workspace, and apart from all other calls."""
    ref = await slack.adapter.post(dev, HELLO)
    slack.slack.throttle_next("chat.postMessage", 30)
    slack.slack.throttle_next("chat.update", 7)
    with pytest.raises(Throttled) as posted:
        await slack.adapter.post(dev, HELLO)
    with pytest.raises(Throttled) as updated:
        await slack.adapter.update(dev, ref, HELLO)
    assert (posted.value.seconds, posted.value.scope) == (30, "channel")
    assert (updated.value.seconds, updated.value.scope) == (7, "call")


async def test_a_lost_answer_is_unsure_and_tried_once_only(slack: World, dev: Address) -> None:
    """The SDK would send again by itself, and the channel would read the post twice."""
    slack.slack.lose_answer("chat.postMessage")
    with pytest.raises(Unsure):
        await slack.adapter.post(dev, HELLO)
    assert len(slack.slack.in_channel(DEV)) == 1


async def test_a_connection_that_breaks_is_not_tried_again_behind_our_back(slack: World) -> None:
    """Nobody knows what had arrived by then; whether to send again is for the outbox to say."""
    asked = 0

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(break_off, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        api = SlackApi(slack.http, BOT_TOKEN, f"http://127.0.0.1:{port}/api/")
        with pytest.raises(Unsure):
            await api.write("chat.postMessage", {})
    assert asked == 1


async def test_the_outbox_is_as_patient_as_it_wants(
    slack: World, dev: Address, ann: SlackPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call given up below it would be sent again while it is still on its way."""
    monkeypatch.setattr("bot.slack.client.CALL_TIMEOUT_S", 0.0)
    ref = await slack.adapter.post(dev, HELLO)
    await slack.adapter.update(dev, ref, HELLO)
    await slack.adapter.post(Address(WORKSPACE, home_of("U0ANN")), HELLO)
    with pytest.raises(Unsure):
        await slack.adapter.open_direct(WORKSPACE, "U0ANN")


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        ("channel_not_found", "channel"),
        ("is_archived", "channel"),
        ("not_in_channel", "channel"),
        ("token_revoked", "workspace"),
        ("account_inactive", "workspace"),
        ("invalid_auth", "workspace"),
        ("message_not_found", "message"),
        ("cant_update_message", "message"),
        ("invalid_blocks", "message"),
        ("something_new", "message"),
    ],
)
async def test_a_refusal_is_final_for_the_right_thing(
    slack: World, dev: Address, code: str, scope: str
) -> None:
    slack.slack.refuse_next("chat.update", code)
    with pytest.raises(Refused) as refused:
        await slack.adapter.update(dev, "1.2", HELLO)
    assert (refused.value.reason, refused.value.scope) == (code, scope)


async def test_an_answer_that_is_not_slacks_is_unsure(slack: World) -> None:
    """A proxy in between may answer 200 in plain text."""
    page = str(slack.slack.api_url).replace("/api/", "/plain/")
    with pytest.raises(Unsure):
        await SlackApi(slack.http, BOT_TOKEN, page).write("chat.postMessage", {})


@pytest.mark.parametrize(
    ("status", "code"), [(500, "x"), (503, "x"), (200, "internal_error"), (200, "fatal_error")]
)
async def test_slacks_own_trouble_is_unsure(
    slack: World, dev: Address, status: int, code: str
) -> None:
    slack.slack.refuse_next("chat.postMessage", code, status=status)
    with pytest.raises(Unsure):
        await slack.adapter.post(dev, HELLO)


async def test_nobody_there_is_unsure(slack: World) -> None:
    api = SlackApi(slack.http, BOT_TOKEN, "http://127.0.0.1:9/api/")
    with pytest.raises(Unsure):
        await api.write("chat.postMessage", {})


async def test_a_silent_slack_is_given_up(slack: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shared session has no deadline of its own."""
    monkeypatch.setattr("bot.slack.client.CALL_TIMEOUT_S", 0.05)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the caller gives up
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        api = SlackApi(slack.http, BOT_TOKEN, f"http://127.0.0.1:{port}/api/")
        with pytest.raises(Unsure):
            await api.write("chat.postMessage", {})


async def test_a_card_too_big_is_refused_and_not_tried_for_ever(slack: World, dev: Address) -> None:
    with pytest.raises(Refused) as refused:
        await slack.adapter.post(dev, Card("s", tuple(text(str(n)) for n in range(60))))
    assert refused.value.scope == "message"


async def test_nothing_goes_to_another_workspace(slack: World) -> None:
    """One token, one wall."""
    with pytest.raises(Refused):
        await slack.adapter.post(Address("slack:T0ELSE", DEV), HELLO)
    with pytest.raises(Refused):
        await slack.adapter.open_direct("slack:T0ELSE", "U0ANN")


# --- private words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "https://hooks.slack.com.evil.example/",
        "https://hooks.slack.com@evil.example/",
        "https://hooks.slack.com:8443/x",
        "http://hooks.slack.com/x",
        "http://127.0.0.1/",
    ],
)
async def test_private_words_go_to_slacks_addresses_only(slack: World, url: str) -> None:
    """A forged `response_url` would read what is meant for one person."""
    api = SlackApi(slack.http, BOT_TOKEN, slack.slack.api_url)
    with pytest.raises(Refused, match="foreign"):
        await api.respond(url, {"text": "secret"})


@pytest.mark.parametrize("host", ["hooks.slack.com", "hooks.slack-gov.com"])
async def test_slack_and_its_government_cloud_are_answered(slack: World, host: str) -> None:
    """Else a private answer cannot take the place of the one before."""
    tried = Nobody()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=tried)) as http:
        api = SlackApi(http, BOT_TOKEN, slack.slack.api_url)
        with pytest.raises(Unsure):
            await api.respond(f"https://{host}/actions/T1/2/x", {"text": "for you"})
    assert tried.names == [host]


class Nobody(AbstractResolver):
    """Knows no name, and remembers which were looked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.names.append(host)
        raise OSError("no such name")

    async def close(self) -> None: ...


async def test_private_words_find_another_way_when_the_address_is_used_up(
    slack: World, ann: SlackPerson
) -> None:
    """A form may stay open for longer than the 30 minutes of a `response_url`."""
    await ann.types("/wsjf")
    slack.clock.advance(31 * 60)
    await ann.submits({"Size": "5"})
    assert ann.reads() == "Rated 5"
    assert "chat.postEphemeral" in [method for method, _ in slack.slack.calls]


async def test_a_start_with_a_wrong_token_fails(slack: World) -> None:
    slack.slack.refuse_next("auth.test", "invalid_auth")
    with pytest.raises(SendError):
        await slack.adapter.start()


async def test_the_token_is_in_no_body(slack: World, dev: Address) -> None:
    await slack.adapter.post(dev, HELLO)
    assert all(BOT_TOKEN not in json.dumps(sent) for _, sent in slack.slack.calls)


async def test_calls_share_one_session(slack: World, dev: Address) -> None:
    """A connection for each call doubles the work."""
    await slack.adapter.post(dev, HELLO)
    await slack.adapter.post(dev, HELLO)
    connector = slack.http.connector
    assert isinstance(connector, aiohttp.TCPConnector)
    assert len(connector._conns) == 1
