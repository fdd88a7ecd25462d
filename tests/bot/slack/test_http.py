"""Requests that nobody should send: refused with the right status, in order, without a trace."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.server import BODY_MAX_BYTES
from bot.slack.body import decode
from bot.slack.verify import is_from_slack, sign
from tests.bot.slack.world import Clock, World
from tests.counted import counted
from tests.fakes.slack import SIGNING_SECRET
from tests.fakes.slack_line import FORM, JSON
from tests.fakes.slack_person import SlackPerson

STAMP = str(int(Clock()().timestamp()))
EVENT = json.dumps({"type": "event_callback", "team_id": "T0HONE", "event": {"type": "x"}}).encode()


def headers(raw: bytes, stamp: str = STAMP) -> dict[str, str]:
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(raw, stamp, SIGNING_SECRET),
    }


async def status(slack: World, raw: bytes, given: dict[str, str], content_type: str = JSON) -> int:
    async with slack.http.post(
        slack.url, data=raw, headers={"Content-Type": content_type} | given
    ) as answer:
        assert len(await answer.read()) < 100
        return answer.status


def shifted(seconds: int) -> str:
    return str(int(STAMP) + seconds)


STRANGERS: tuple[dict[str, str], ...] = (
    {},
    {"X-Slack-Request-Timestamp": STAMP},
    {"X-Slack-Signature": sign(EVENT, STAMP, SIGNING_SECRET)},
    headers(b"other"),
    headers(EVENT) | {"X-Slack-Signature": sign(EVENT, STAMP, "other secret")},
    headers(EVENT) | {"X-Slack-Signature": "v1=" + "0" * 64},
    headers(EVENT) | {"X-Slack-Signature": "v0=ünsigned"},
    headers(EVENT) | {"X-Slack-Signature": ""},
    headers(EVENT, shifted(-301)),
    headers(EVENT, shifted(301)),
    headers(EVENT, "abc"),
    headers(EVENT, "-1"),
    headers(EVENT, "9" * 400),
    headers(EVENT, "1e9"),
    headers(EVENT, "١٢٣"),
)
"""What says in vain that Slack signed it."""

UNSIGNED = (b"[" * 100_000, b"\xff\xfe", b"{", b"")

NONSENSE = (
    *((raw, JSON) for raw in (b"{", b"null", b"[]", b"1", b"", b"{}", b"[" * 100_000)),
    (b'{"type": 5}', JSON),
    (b'{"type": "event_callback"}', JSON),
    (b'{"type": "event_callback", "event": 5}', JSON),
    (b'{"type": "event_callback", "event": {}}', JSON),
    *((b"payload=" + raw, FORM) for raw in (b"%7B", b"null", b"", b"%7B%7D", b"%zz", b"%ff")),
    (b"", FORM),
    (b"command=/improve&team_id=T0HONE", FORM),
)

NO_TEXT = b'{"type": "\xff"}'
TOO_LARGE = b" " * (BODY_MAX_BYTES + 1)
OTHER_TYPES = ("text/plain", "application/xml", "multipart/form-data")

DOOR: dict[str, list[tuple[int, bytes, dict[str, str], str]]] = {
    "what Slack did not sign": [(401, EVENT, given, JSON) for given in STRANGERS],
    "unsigned bytes, never parsed": [(401, raw, {}, JSON) for raw in UNSIGNED],
    "five minutes of clock difference": [
        (200, EVENT, headers(EVENT, shifted(seconds)), JSON) for seconds in (-300, 0, 300)
    ],
    "signed nonsense": [(400, raw, headers(raw), kind) for raw, kind in NONSENSE],
    "signed bytes that are no text": [(401, NO_TEXT, headers(NO_TEXT), JSON)],
    "a body too large, refused unread": [(413, TOO_LARGE, headers(TOO_LARGE), JSON)],
    "another type": [(415, EVENT, headers(EVENT), kind) for kind in OTHER_TYPES],
    "another type, unsigned": [(401, EVENT, {}, kind) for kind in OTHER_TYPES],
}
"""What comes to Slack's door: the status it is answered with, its bytes, headers and type."""


async def test_the_door_answers_everything_with_its_status(
    slack: World, subtests: pytest.Subtests
) -> None:
    """A parser is something to attack: only what Slack signed gets to it, and no 5xx comes back."""
    for what, cases in DOOR.items():
        for expected, raw, sent, kind in cases:
            with subtests.test(what, raw=raw[:40], headers=sent, kind=kind):
                assert await status(slack, raw, sent, kind) == expected


async def test_a_large_body_of_unknown_length_is_refused(slack: World) -> None:
    """Without a length only counting helps."""

    async def pieces() -> Any:
        for _ in range(5):
            yield b" " * 65_536

    async with slack.http.post(slack.url, data=pieces()) as answer:
        assert answer.status == 413


async def test_slack_can_check_the_address(slack: World) -> None:
    answer = await slack.line.deliver(b'{"type": "url_verification", "challenge": "3eZb"}', JSON)
    assert json.loads(answer) == {"challenge": "3eZb"}
    await slack.line.deliver(b"ssl_check=1&token=x", FORM)
    assert slack.line.status == 200


async def test_another_workspace_is_dropped_and_counted(slack: World, ann: SlackPerson) -> None:
    """An error would tell Slack to switch our events off."""
    before = counted("hone_dropped_total", platform="slack")
    slack.slack.team = "T0ELSE"
    await ann.types("/improve x")
    await ann.mentions("improve x")
    assert slack.line.status == 200
    assert counted("hone_dropped_total", platform="slack") == before + 2
    assert slack.demo.turns == []


async def test_payloads_that_ask_nothing_are_accepted(slack: World) -> None:
    known = {"team": {"id": "T0HONE"}, "user": {"id": "U0ANN"}}
    for kind in ("view_closed", "block_suggestion", "something_new"):
        await slack.line.payload(known | {"type": kind, "view": {"callback_id": "x"}})
        assert slack.line.status == 200


junk = st.sampled_from(
    [None, True, 0, -1, 1e300, "", "x", [], {}, [None], [5], {"id": 5}, "\ud83d"]
)


def paths(node: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every part of a JSON tree."""
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    return [
        path
        for key, value in inner
        for path in (
            (*here, key),
            *(paths(value, (*here, key)) if isinstance(value, dict | list) else ()),
        )
    ]


def with_part(node: Any, path: tuple[Any, ...], part: Any) -> Any:
    """Return the tree with one part replaced."""
    copied = node.copy()
    first, *rest = path
    copied[first] = with_part(copied[first], tuple(rest), part) if rest else part
    return copied


@pytest.fixture
async def payloads(slack: World, ann: SlackPerson) -> list[dict[str, Any]]:
    """One of each kind of payload, as it was delivered."""
    await ann.mentions("improve x")
    await ann.writes("hello")
    await ann.invites_hone()
    await ann.types("/card")
    await ann.clicks("Rate")
    await ann.clicks("Skip it")
    await ann.types("/wsjf")
    await ann.submits({"Size": "5"})
    await ann.uses("log_improvement", on=slack.slack.messages[0])
    await ann.uses("new")
    sent = [decode(*each) for each in slack.line.sent]
    assert len({each.get("type", "command") for each in sent}) == 6
    return sent


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_a_payload_with_a_broken_part_is_no_server_error(
    slack: World, payloads: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Whatever Slack changes, Hone answers: 5xx for long enough and Slack cuts the line."""
    payload = data.draw(st.sampled_from(payloads))
    path = data.draw(st.sampled_from(paths(payload)))
    broken = with_part(payload, path, data.draw(junk))
    slack.clock.advance(60)  # or Hone would ask to slow down
    await slack.line.deliver(json.dumps(broken).encode(), JSON)
    # 503 is for a person whose chat with Hone cannot be found: "not saved".
    assert slack.line.status in (200, 400, 503)


@given(st.binary(max_size=50), st.text(max_size=20), st.text(max_size=20))
def test_checking_a_signature_never_fails(raw: bytes, stamp: str, signature: str) -> None:
    assert not is_from_slack(raw, stamp, signature, "secret", Clock()())


@pytest.mark.parametrize("fields", [{"command": "/improve"}, {"payload": "{}"}])
async def test_a_request_before_the_start_is_asked_to_come_again(
    slack: World, fields: dict[str, str]
) -> None:
    """A replica that is starting must not lose what Slack would repeat."""
    raw = urlencode(fields).encode()
    slack.adapter._inbound = None
    assert await status(slack, raw, headers(raw), FORM) == 503
