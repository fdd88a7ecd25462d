"""The local room over HTTP: what it answers, refuses and keeps apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.pace import ACTIONS_PER_MINUTE
from bot.platform import Address
from bot.wire import encode
from tests.bot.local.demo import Running
from tests.bot.local.demo_cards import Cast, OpenBallot, Reveal, Save
from tests.bot.local.visitor import CHANNEL, Visitor

# --- what people do --------------------------------------------------------------------------


async def test_a_command_is_echoed_and_answered_to_its_author_alone(
    ada: Visitor, grace: Visitor
) -> None:
    answer = await ada.does("say", text="help")
    assert "You typed <code>help</code>" in answer["echo"]
    assert "Only you can see this" in answer["whispers"][0]["html"]
    assert "You typed" not in await grace.page()
    assert 'class="message' not in await grace.page()


async def test_plain_words_are_heard_by_the_whole_channel(ada: Visitor, grace: Visitor) -> None:
    await ada.does("say", text="The pay button <b>spins</b>")
    assert "The pay button &lt;b&gt;spins&lt;/b&gt;" in await grace.page()
    assert "The pay button" not in await grace.page("payments-team")


async def test_a_form_sent_twice_counts_once(ada: Visitor) -> None:
    """A double press or a repeated request must not log the improvement twice."""
    form: dict[str, Any] = {
        "action": encode(Save()),
        "answers": {"title": ["Once"]},
        "key": "same-form-1",
    }
    first = await ada.does("submit", **form)
    again = await ada.does("submit", **form)
    assert first["form"] is None
    assert again["repeated"]
    assert ada.running.demo.items == ["Once"]


async def test_an_error_keeps_the_form_open_under_a_new_key(ada: Visitor) -> None:
    """The mended form is a new delivery, else its sending would be taken for a repetition."""
    sent: dict[str, Any] = {
        "action": encode(Save()),
        "answers": {"title": ["  "]},
        "key": "first-try",
    }
    answer = await ada.does("submit", **sent)
    assert "Give it a title" in answer["form"]
    assert 'data-nonce="first-try"' not in answer["form"]


async def test_a_message_is_quoted_from_the_database(ada: Visitor, grace: Visitor) -> None:
    await ada.does("say", text="It spins for ever")
    line = (await grace.page()).split('data-line="')[1].split('"')[0]
    answer = await grace.does("shortcut", name="log_improvement", line=line, text="forged")
    assert "Ada Park: It spins for ever" in answer["form"]
    elsewhere = await grace.does("shortcut", "payments-team", name="log_improvement", line=line)
    assert elsewhere == {"notice": "That message is no longer here."}


async def test_a_card_out_of_date_says_so(ada: Visitor) -> None:
    answer = await ada.does("click", action='["gone.feature",1]', post="x")
    assert "out of date" in answer["whispers"][0]["summary"]


async def test_nothing_is_said_to_be_saved_that_is_not(ada: Visitor) -> None:
    ada.running.database.broken = True
    for answer in (
        await ada.does("say", text="Plain words"),
        await ada.does("say", text="/improve this"),
        await ada.does("submit", action=encode(Save()), answers={"title": ["T"]}),
    ):
        assert answer["saved"] is False
        assert "Not saved" in answer["whispers"][0]["summary"]


async def test_a_form_that_is_refused_stays_open(ada: Visitor) -> None:
    """Somebody too fast, or mistaken, keeps what they typed."""
    for _ in range(ACTIONS_PER_MINUTE):
        await ada.does("say", text="help")
    answer = await ada.does("submit", action=encode(Save()), answers={"title": ["One too many"]})
    assert answer["saved"] is False
    assert "was not saved" in answer["whispers"][0]["summary"]


async def test_invisible_characters_do_not_get_in(ada: Visitor) -> None:
    await ada.does("submit", action=encode(Save()), answers={"title": ["a\x00b\u202ec"]})
    assert ada.running.demo.items == ["abc"]


# --- private chats ---------------------------------------------------------------------------


async def test_a_private_chat_is_its_owners(ada: Visitor, grace: Visitor) -> None:
    await ada.does("say", "dm-ada", text="Between you and me")
    assert "Between you and me" in await ada.page("dm-ada")
    assert "Between you and me" not in await grace.page("dm-ada")
    assert (await grace.send("say", "dm-ada", text="Hello?")).status == 400


async def test_plain_words_in_a_private_chat_are_for_hone(ada: Visitor) -> None:
    answer = await ada.does("say", "dm-ada", text="What can you do?")
    assert "You can type help" in answer["whispers"][0]["summary"]


async def test_alone_with_hone_a_command_needs_no_slash(ada: Visitor) -> None:
    """As the help says, and as in Slack's and Teams' own chats."""
    answer = await ada.does("say", "dm-ada", text="help")
    other = await ada.does("say", "dm-ada", text="improve")
    assert answer["echo"]
    assert other["echo"]
    assert (await ada.does("say", text="improve"))["echo"] is None


async def test_hone_writes_to_a_person_in_their_own_chat(running: Running) -> None:
    assert await running.room.open_direct("local:room", "tomas") == "dm-tomas"


# --- events ----------------------------------------------------------------------------------


async def events(session: ClientSession, url: str) -> AsyncIterator[str]:
    async with session.get(url) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith((b"data:", b"event:")):
                yield line.decode().strip()


async def test_a_page_hears_of_its_channel_but_not_of_others_chats(
    ada: Visitor, grace: Visitor, session: ClientSession
) -> None:
    mark = (await grace.page()).split('data-mark="')[1].split('"')[0]
    await ada.does("say", "dm-ada", text="secret")
    await ada.does("say", text="open words")
    heard = events(session, f"{ada.running.url}/local/events?as=grace&mark={mark}")
    first = await anext(heard)
    assert "open words" in first
    assert "secret" not in first
    await heard.aclose()  # type: ignore[attr-defined]


async def test_a_page_from_before_a_restart_is_told_to_load_anew(
    running: Running, session: ClientSession
) -> None:
    heard = events(session, f"{running.url}/local/events?as=ada&mark=old-7")
    assert await anext(heard) == "event: reload"
    await heard.aclose()  # type: ignore[attr-defined]


async def test_a_post_gets_an_id_of_its_own(running: Running) -> None:
    to = Address("local:room", CHANNEL)
    card = await running.demo.poll(None, None)  # type: ignore[arg-type]
    assert await running.room.post(to, card) != await running.room.post(to, card)


# --- who is let in ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/local/events", "/local/room.js", "/local/room.css", "/local/icon.svg"],
)
async def test_every_page_refuses_another_host(
    running: Running, session: ClientSession, path: str
) -> None:
    async with session.get(running.url + path, headers={"Host": "evil.test"}) as response:
        assert response.status == 403


@pytest.mark.parametrize("what", ["say", "click", "submit", "shortcut"])
async def test_every_act_refuses_another_website(
    running: Running, session: ClientSession, what: str
) -> None:
    url = f"{running.url}/local/{what}"
    body = {"as": "ada", "in": CHANNEL, "key": "k" * 8, "text": "/improve x"}
    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        async with session.post(url, json=body, headers=headers) as response:
            assert response.status == 403
    async with session.post(url, data=body) as response:
        assert response.status == 415
    text = {"Content-Type": "text/plain"}
    async with session.post(url, data='{"as": "ada"}', headers=text) as response:
        assert response.status == 415


async def test_the_page_may_load_nothing_from_elsewhere(
    running: Running, session: ClientSession
) -> None:
    async with session.get(running.url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        page = await response.text()
        assert "style=" not in page
        assert "onclick=" not in page


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["say", "click", "submit", "shortcut"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"as": "nobody", "in": "checkout-refinement", "key": "12345678"}',
        b'{"as": "ada", "in": "dm-grace", "key": "12345678"}',
        b'{"as": "ada", "in": "checkout-refinement"}',
        b'{"as": "ada", "in": "checkout-refinement", "key": ["a"]}',
        b'{"as": "ada", "in": "checkout-refinement", "key": "no spaces!"}',
    ],
)
async def test_a_body_that_the_page_never_sends_is_refused(
    running: Running, session: ClientSession, what: str, body: bytes
) -> None:
    json = {"Content-Type": "application/json"}
    async with session.post(f"{running.url}/local/{what}", data=body, headers=json) as response:
        assert response.status == 400


async def test_a_body_too_large_is_refused(ada: Visitor) -> None:
    assert (await ada.send("say", text="x" * 300_000)).status == 413


@pytest.mark.parametrize("answers", [None, [], "x", {"title": "x"}, {"title": [1, None, {}]}])
async def test_answers_of_another_shape_count_as_none(ada: Visitor, answers: object) -> None:
    answer = await ada.does("submit", action=encode(Save()), answers=answers)
    assert "Give it a title" in answer["form"]


@pytest.mark.parametrize("action", [None, 7, "", "{", '["demo.poll"]', "[" * 5000])
async def test_an_action_nobody_offered_is_out_of_date(ada: Visitor, action: object) -> None:
    answer = await ada.does("click", action=action)
    assert "out of date" in answer["whispers"][0]["summary"]


async def test_a_line_too_long_is_refused_with_its_limit(ada: Visitor) -> None:
    answer = await ada.does("say", text="x" * 10_001)
    assert answer == {"notice": "That is 10,001 characters; a message has 10,000."}


async def test_unknown_people_and_places_lead_to_the_first(
    running: Running, session: ClientSession
) -> None:
    async with session.get(f"{running.url}/?as=nobody&in=nowhere%22%3E") as response:
        page = await response.text()
    assert 'data-as="ada" data-in="checkout-refinement"' in page


# --- threads ---------------------------------------------------------------------------------


async def test_a_reply_stands_under_its_post_after_a_reload(ada: Visitor) -> None:
    """Live, it is put there by the page; a page drawn anew must agree."""
    await ada.does("say", text="/wsjf #1")
    cards = {column: ["1"] for column in ("value", "time", "risk", "size")}
    assert "ballot" in (await ada.does("click", action=encode(OpenBallot())))["form"]
    await ada.does("submit", action=encode(Cast()), answers=cards)
    heard = events(ada.session, f"{ada.running.url}/local/events?as=ada&mark=")
    assert await anext(heard) == "event: reload"
    await ada.does("click", action=encode(Reveal()))
    async for line in heard:
        if "Backlog health" in line:
            break
    await heard.aclose()  # type: ignore[attr-defined]
    await ada.running.database.write("local:room", ada.running.room._clock(), _nothing)
    page = await ada.page()
    assert page.index("WSJF for #1") < page.index('class="replies"')
    assert 'data-thread="post-' in page


async def _nothing(store: object) -> None:
    """Wait until what was queued before has been committed."""
