"""Only Teams gets in, whatever it brings is answered, and nobody's token leaves for elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.server import BODY_MAX_BYTES
from bot.teams.read import Malformed, delivery, quoted, sent, spoken
from bot.teams.tokens import Unauthorized, check_origin
from tests.bot.teams.world import World
from tests.counted import counted
from tests.examples import COSTLY_EXAMPLES
from tests.fakes.teams import APP_ID, TENANT, FakeTeams

SECRET = "a shared secret of thirty-two bytes"


def forged(algorithm: str, key: str, **headers: Any) -> str:
    claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "exp": 4_102_444_800}
    return "Bearer " + jwt.encode(claims, key, algorithm=algorithm, headers=headers)


STRANGERS: dict[str, Callable[[FakeTeams], str]] = {
    "no token": lambda teams: "",
    "no scheme": lambda teams: teams.bearer().removeprefix("Bearer "),
    "another scheme": lambda teams: "Basic YTpi",
    "garbage": lambda teams: "Bearer abc",
    "garbage in three parts": lambda teams: "Bearer a.b.c",
    "beyond ASCII": lambda teams: "Bearer \u00e9\u00e9",
    "alg none": lambda teams: forged("none", "", kid="key-0"),
    "HS256": lambda teams: forged("HS256", SECRET, kid="key-0"),
    "no kid": lambda teams: forged("HS256", SECRET),
    "another key under a known kid": lambda teams: teams.bearer(key=1, kid="key-0"),
    "an unknown kid": lambda teams: teams.bearer(key=1),
    "no issuer": lambda teams: teams.bearer(iss=None),
    "another issuer": lambda teams: teams.bearer(iss="https://evil.test"),
    "no audience": lambda teams: teams.bearer(aud=None),
    "another audience": lambda teams: teams.bearer(aud="another-app"),
    "several audiences": lambda teams: teams.bearer(aud=[APP_ID, "another-app"]),
    "no expiry": lambda teams: teams.bearer(exp=None),
    "expired": lambda teams: teams.bearer(exp=1_000_000_000),
    "not valid yet": lambda teams: teams.bearer(nbf=4_102_444_800),
    "no service URL": lambda teams: teams.bearer(serviceurl=None),
    "another service URL": lambda teams: teams.bearer(serviceurl="https://evil.test/"),
}


async def test_a_stranger_is_turned_away(world: World, subtests: pytest.Subtests) -> None:
    """botbuilder answers several of these with 500 and lets tokens without an expiry in."""
    ana = world.person()
    for stranger, bearer_of in STRANGERS.items():
        with subtests.test(stranger):
            bearer = bearer_of(world.teams) or " "
            await ana.delivers({"type": "message", "text": "note x"}, bearer=bearer)
            assert ana.status == 401
            assert world.notes.turns == []


async def test_a_stranger_is_turned_away_before_a_word_is_read(world: World) -> None:
    async with aiohttp.ClientSession() as http:
        url = f"{world.url}/api/messages"
        async with http.post(url, data=b"[" * 100_000) as answer:
            assert answer.status == 401


async def test_another_channel_of_the_bot_framework_is_turned_away(world: World) -> None:
    ana = world.person()
    await ana.delivers({"type": "message", "text": "note x", "channelId": "webchat"})
    assert ana.status == 401


async def test_another_tenant_is_turned_away(world: World) -> None:
    """The token proves that Teams calls, not for which customer."""
    eve = world.person("Eve", tenant="33333333-3333-4333-8333-333333333333")
    before = counted("hone_dropped_total", platform="teams")
    await eve.says("@Hone note x")
    assert eve.status == 403
    assert world.notes.turns == []
    assert counted("hone_dropped_total", platform="teams") == before + 1


ELSEWHERE = ("https://evil.test/", "http://smba.trafficmanager.net/", "file:///etc", "x", "")


async def test_a_service_url_off_the_list_is_turned_away(
    world: World, subtests: pytest.Subtests
) -> None:
    """Even in a genuine token: our own token would be sent there."""
    ana = world.person()
    for url in ELSEWHERE:
        with subtests.test(url):
            bearer = world.teams.bearer(serviceurl=url)
            message = {"type": "message", "text": "note x", "serviceUrl": url}
            await ana.delivers(message, bearer=bearer)
            assert ana.status == 401


async def test_a_key_that_is_not_for_teams_proves_nothing(world: World) -> None:
    """Microsoft signs for other channels, too, where anybody may say they are anybody."""
    world.teams.endorsements = ["skype", "webchat"]
    ana = world.person()
    await ana.says("@Hone note x")
    assert ana.status == 401
    assert world.notes.turns == []


async def test_after_a_key_rollover_the_new_key_is_fetched_once(world: World) -> None:
    ana = world.person()
    await ana.says("@Hone note x")
    world.teams.rotate_keys()
    world.adapter._callers._keys._tried_at -= 60  # a minute passes
    deliveries = (
        ana.delivers({"type": "typing"}, bearer=world.teams.bearer(key=1)) for _ in range(20)
    )
    await asyncio.gather(*deliveries)
    assert ana.status == 200
    assert world.teams.calls["keys"] == 2


async def test_a_flood_of_unknown_keys_fetches_none(world: World) -> None:
    ana = world.person()
    await ana.says("@Hone note x")
    for number in range(5):
        await ana.delivers({"type": "typing"}, bearer=world.teams.bearer(kid=f"new-{number}"))
        assert ana.status == 401
    assert world.teams.calls["keys"] == 1


async def test_while_keys_cannot_be_had_teams_is_asked_to_come_back(
    world: World, overrides: dict[str, Any]
) -> None:
    world.adapter._callers._keys._openid_url = f"{world.teams.origin}/nowhere"
    ana = await world.person().says("@Hone note x")
    assert ana.status == 503


NO_ACTIVITY = (
    *(b"", b"{", b"null", b"[]", b'"x"', b"7", b"\xff\xfe", b"[" * 100_000, b"{}"),
    b'{"type":"message"}',
    b'{"type":["message"],"from":{"id":"29:a"},"conversation":{"id":"c"}}',
    b'{"type":"message","from":{"id":7},"conversation":{"id":"c"}}',
    b'{"type":"message","from":[],"conversation":{"id":"c"}}',
    b'{"type":"message","from":{"id":"29:a"}}',
    b'{"type":"message","from":{"id":"29:a\\u0000"},"conversation":{"id":"c"}}',
)


async def test_a_body_that_is_no_activity_is_refused(
    world: World, subtests: pytest.Subtests
) -> None:
    refused = [(400, body) for body in NO_ACTIVITY] + [(413, b" " * (BODY_MAX_BYTES + 1))]
    headers = {"Authorization": world.teams.bearer()}
    async with aiohttp.ClientSession() as http:
        for status, body in refused:
            with subtests.test(body=body[:40]):
                url = f"{world.url}/api/messages"
                async with http.post(url, data=body, headers=headers) as answer:
                    assert answer.status == status


async def test_an_invoke_nobody_knows_is_refused(world: World) -> None:
    """botbuilder would say 501, which looks like a fault of ours."""
    ana = world.person()
    await ana.invokes("signin/verifyState", {})
    assert ana.status == 400


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "text", "mentioned", "name", "data", "hone", "one.x", "body"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
NAMES = ["type", "from", "conversation", "channelData", "entities", "text", "value", "timestamp"]


@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_no_shape_of_activity_breaks_the_reading(body: dict[str, Any]) -> None:
    try:
        found = delivery(body)
    except Malformed:
        return
    spoken(found.body, found.bot)
    quoted(found.value)
    sent(found.value.get("data"))
    assert found.post is None or found.pressed


@given(st.dictionaries(st.sampled_from(["type", "value", "entities", "channelData"]), anything))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=COSTLY_EXAMPLES)
async def test_no_shape_of_activity_is_a_fault_of_ours(world: World, body: dict[str, Any]) -> None:
    ana = world.person()
    await ana.delivers({"type": "message", "text": "note x"} | json.loads(json.dumps(body)))
    assert ana.status in (200, 400, 403)


def test_a_service_url_is_compared_whole() -> None:
    claims = {"serviceurl": "https://smba.trafficmanager.net/emea/"}
    check_origin(claims, "https://smba.trafficmanager.net/emea", "msteams")
    for other in ("https://smba.trafficmanager.net/emea/x", "", "https://smba.trafficmanager.net"):
        with pytest.raises(Unauthorized):
            check_origin(claims, other, "msteams")


class TestWithoutAnAppId:
    """With an empty app id botbuilder lets everybody in."""

    @pytest.fixture
    def overrides(self) -> dict[str, Any]:
        return {"app_id": ""}

    @pytest.mark.parametrize("audience", ["", APP_ID, None])
    async def test_nobody_gets_in(self, world: World, audience: str | None) -> None:
        ana = world.person()
        await ana.delivers({"type": "typing"}, bearer=world.teams.bearer(aud=audience))
        assert ana.status == 401


class TestWithoutAuthentication:
    """For a stand-in of Teams on this machine; the settings refuse it on any other address."""

    @pytest.fixture
    def overrides(self) -> dict[str, Any]:
        return {"anonymous": True, "app_id": "", "app_password": "", "tenant_id": ""}

    async def test_no_token_is_asked_for_and_none_is_sent(self, world: World) -> None:
        world.teams.token = ""
        ana = world.person().alone()
        answer = await ana.delivers(
            {"type": "message", "text": "note x", "channelId": "emulator"}, bearer="none"
        )
        assert (ana.status, answer) == (200, {})
        assert world.teams.calls["token"] == 0
        assert world.turn.workspace == f"teams:{TENANT}"

    async def test_answers_still_go_to_this_machine_only(self, world: World) -> None:
        ana = world.person()
        await ana.delivers({"type": "message", "text": "note", "serviceUrl": "https://evil.test"})
        assert ana.status == 401


async def test_the_fake_is_as_strict_as_teams(
    teams: FakeTeams, http: aiohttp.ClientSession
) -> None:
    """A fake that takes any token would let every test pass."""
    url = f"{teams.service_url}v3/conversations"
    async with http.post(url, json={}, headers={"Authorization": "Bearer other"}) as answer:
        assert answer.status == 401
