"""Workspaces that add Hone by themselves: two pages, one sealed token each, none once removed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp.client import _RequestContextManager
from cryptography.fernet import Fernet
from structlog.testing import capture_logs

from bot.platform import Address, Refused, Removed
from bot.slack import connections
from bot.slack.adapter import PATH, SlackAdapter
from bot.slack.grants import Grants
from bot.slack.install import COOKIE, INSTALL_PATH, REDIRECT_PATH
from bot.slack.scopes import SCOPES
from bot.vault import Vault
from storage import Store
from tests.bot.slack.world import CARD, DEV, OWN_APP, PUBLIC_URL, World, world
from tests.counted import counted
from tests.fakes.slack import BOT_USER, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET

KEY, NEW_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()
ACME, BETA = "T0ACME", "T0BETA"


@pytest.fixture
async def open_hone(sqlite_url: str) -> AsyncIterator[World]:
    """Hone without a workspace; whoever finds the page may add it."""
    async with world(sqlite_url, keys=[KEY]) as running:
        yield running


@dataclass(slots=True)
class Admin:
    """Somebody with a browser who may add apps to a workspace."""

    world: World
    cookie: str = ""
    state: str = ""

    async def begins(self) -> str:
        """Open the install page; return where it leads to."""
        async with self._get(INSTALL_PATH) as answer:
            assert answer.status == 302
            assert answer.headers["Cache-Control"] == "no-store"
            cookie = answer.cookies[COOKIE]
            assert cookie["secure"]
            assert cookie["httponly"]
            self.cookie = cookie.value
            leads_to = answer.headers["Location"]
        self.state = parse_qs(urlsplit(leads_to).query)["state"][0]
        return leads_to

    async def returns(self, **query: str) -> tuple[int, str]:
        """Come back from Slack; return the page's status and text."""
        asked = {"state": self.state} | query
        async with self._get(REDIRECT_PATH, asked, {COOKIE: self.cookie}) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status, await answer.text()

    async def adds(self, team: str, token: str) -> tuple[int, str]:
        await self.begins()
        return await self.returns(code=self.world.slack.agree(team, token))

    def _get(
        self, path: str, query: dict[str, str] | None = None, cookies: dict[str, str] | None = None
    ) -> _RequestContextManager:
        url = self.world.url.removesuffix(PATH) + path
        sent = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        return self.world.http.get(
            url, params=query, headers={"Cookie": sent}, allow_redirects=False
        )


@pytest.fixture
def admin(open_hone: World) -> Admin:
    return Admin(open_hone)


async def said_in(world: World, team: str, **more: object) -> int:
    """Let somebody of a team mention Hone; return the status of its answer."""
    event = {
        "type": "app_mention",
        "user": "U0ANN",
        "text": f"<@{BOT_USER}> improve x",
        "channel": DEV,
    }
    ours = {"team_id": team, "authorizations": [{"team_id": team, "user_id": BOT_USER}]}
    await world.line.event(event | {"ts": "1.1"}, **ours | more)
    return world.line.status


async def reach_of(world: World, team: str) -> dict[str, object]:
    async with world.database.read(f"slack:{team}", world.clock()) as store:
        return await store.workspaces.reach()


async def test_the_page_asks_slack_for_what_hone_needs_and_no_more(admin: Admin) -> None:
    leads_to = urlsplit(await admin.begins())
    asked = parse_qs(leads_to.query)
    assert leads_to.path == "/oauth/v2/authorize"
    assert asked["client_id"] == [CLIENT_ID]
    assert asked["scope"][0].split(",") == [*SCOPES, "reactions:read"]
    assert asked["redirect_uri"] == [PUBLIC_URL + REDIRECT_PATH]


async def test_each_workspace_is_spoken_to_with_its_own_token(
    open_hone: World, admin: Admin
) -> None:
    open_hone.person("U0ANN", "Ann")
    for team in (ACME, BETA):
        status, page = await admin.adds(team, f"xoxb-{team}")
        assert status == 200
        assert f"added to {team}&#x27;s" in page
        assert "/invite @Hone" in page
    for team in (ACME, BETA):
        assert await said_in(open_hone, team) == 200
        assert open_hone.demo.turns[-1].workspace == f"slack:{team}"
        await open_hone.adapter.post(Address(f"slack:{team}", DEV), CARD)
        assert open_hone.slack.callers[-1] == (team, "chat.postMessage")


async def test_a_workspace_that_did_not_add_hone_is_dropped(open_hone: World, admin: Admin) -> None:
    await admin.adds(ACME, "xoxb-acme")
    before = counted("hone_dropped_total", platform="slack")
    assert await said_in(open_hone, BETA) == 200
    assert open_hone.demo.turns == []
    assert counted("hone_dropped_total", platform="slack") == before + 1
    with pytest.raises(Refused, match="not_installed_there"):
        await open_hone.adapter.post(Address(f"slack:{BETA}", DEV), CARD)


async def test_slacks_handshake_is_answered_before_any_workspace_is_there(open_hone: World) -> None:
    shake = json.dumps({"type": "url_verification", "challenge": "c0ffee"}).encode()
    assert b"c0ffee" in await open_hone.line.deliver(shake, "application/json")


async def test_another_browser_cannot_end_what_somebody_began(
    open_hone: World, admin: Admin
) -> None:
    """Else a stranger's link would add their workspace in your name, or yours in theirs."""
    await admin.begins()
    code = open_hone.slack.agree(ACME, "xoxb-acme")
    elsewhere = Admin(open_hone)
    await elsewhere.begins()
    for state, cookie in (
        (admin.state, elsewhere.cookie),
        (admin.state, ""),
        ("", admin.cookie),
        ("forged", admin.cookie),
        (admin.state, "ünsigned"),
    ):
        stranger = Admin(open_hone, cookie, state)
        status, page = await stranger.returns(code=code)
        assert status == 400
        assert "another browser" in page
    assert "oauth.v2.access" not in [method for method, _ in open_hone.slack.calls]


async def test_a_link_runs_out_after_ten_minutes(open_hone: World, admin: Admin) -> None:
    await admin.begins()
    open_hone.clock.advance(601)
    status, page = await admin.returns(code=open_hone.slack.agree(ACME, "xoxb-acme"))
    assert status == 400
    assert "run out" in page
    assert await reach_of(open_hone, ACME) == {}


async def test_who_declines_is_told_that_nothing_happened(admin: Admin) -> None:
    await admin.begins()
    status, page = await admin.returns(error="access_denied")
    assert status == 200
    assert "Nothing was saved. Start again at /slack/install." in page


async def test_a_code_is_good_once(open_hone: World, admin: Admin) -> None:
    await admin.begins()
    code = open_hone.slack.agree(ACME, "xoxb-acme")
    assert (await admin.returns(code=code))[0] == 200
    status, page = await admin.returns(code=code)
    assert status == 400
    assert "used before" in page


@pytest.mark.parametrize(
    ("granted", "sentence"),
    [
        ({"refresh_token": "xoxe-1", "expires_in": 43_200}, "rotates its tokens"),
    ],
)
async def test_what_hone_cannot_keep_is_refused_in_one_sentence(
    open_hone: World, admin: Admin, granted: dict[str, Any], sentence: str
) -> None:
    await admin.begins()
    status, page = await admin.returns(code=open_hone.slack.agree(ACME, "xoxb-acme", granted))
    assert status == 400
    assert sentence in page
    assert await reach_of(open_hone, ACME) == {}


async def test_an_installation_that_was_not_saved_says_so(open_hone: World, admin: Admin) -> None:
    await admin.begins()
    code = open_hone.slack.agree(ACME, "xoxb-acme")
    open_hone.database.broken = True
    status, page = await admin.returns(code=code)
    assert status == 503
    assert "Nothing was saved" in page
    await admin.begins()
    open_hone.slack.lose_answer("oauth.v2.access")
    status, page = await admin.returns(code=open_hone.slack.agree(ACME, "xoxb-acme"))
    assert (status, "Slack did not answer" in page) == (502, True)


# --- tokens at rest --------------------------------------------------------------------------


async def test_no_token_stands_in_the_database_or_the_log(open_hone: World, admin: Admin) -> None:
    with capture_logs() as logs:
        await admin.adds(ACME, "xoxb-acme")
        await said_in(open_hone, ACME)
    kept = await reach_of(open_hone, ACME)
    assert Vault([KEY]).unseal(str(kept["token"])) == "xoxb-acme"
    assert "xoxb" not in json.dumps(kept)
    assert "xoxb" not in str(logs)
    assert CLIENT_SECRET not in str(logs)


async def test_keys_can_be_changed_without_adding_hone_anew(open_hone: World, admin: Admin) -> None:
    """New key before the old one, one start, and the old one can be left out."""
    await admin.adds(ACME, "xoxb-acme")
    for keys in ([NEW_KEY, KEY], [NEW_KEY]):
        adapter = restarted(open_hone, keys)
        await adapter.start()
        await adapter.post(Address(f"slack:{ACME}", DEV), CARD)
        await adapter.stop()
    assert open_hone.slack.callers[-1] == (ACME, "chat.postMessage")


async def test_a_lost_key_silences_its_workspaces_and_says_so(
    open_hone: World, admin: Admin
) -> None:
    await admin.adds(ACME, "xoxb-acme")
    adapter = restarted(open_hone, [NEW_KEY])
    with capture_logs() as logs:
        await adapter.start()
        with pytest.raises(Refused, match="not_installed_there"):
            await adapter.post(Address(f"slack:{ACME}", DEV), CARD)
    assert {line["event"] for line in logs} == {"slack_token_locked"}
    assert "token" in await reach_of(open_hone, ACME), "the right key would still open it"


def restarted(world: World, keys: list[str]) -> SlackAdapter:
    async def nobody_removed(workspace: str) -> None:
        raise AssertionError(workspace)

    return SlackAdapter(
        app=OWN_APP,
        vault=Vault(keys),
        signing_secret=SIGNING_SECRET,
        api_url=world.slack.api_url,
        router=world.adapter._router,
        database=world.database,
        http=world.http,
        clock=world.clock,
        on_removed=nobody_removed,
    )


# --- removal, and coming back ------------------------------------------------------------------


async def removed(world: World, team: str, at: float) -> None:
    ours = {"team_id": team, "authorizations": [{"team_id": team, "user_id": BOT_USER}]}
    await world.line.event({"type": "app_uninstalled"}, event_time=int(at), **ours)


async def test_removal_takes_the_token_at_once_and_leaves_others_alone(
    open_hone: World, admin: Admin
) -> None:
    for team in (ACME, BETA):
        await admin.adds(team, f"xoxb-{team}")

    async def forget(store: Store) -> None:
        await store.workspaces.mark_removed()

    for _ in range(3):  # Slack tells it in two ways, and each of them may come again
        await removed(open_hone, ACME, open_hone.clock().timestamp())
        await open_hone.database.write(f"slack:{ACME}", open_hone.clock(), forget)
    assert await reach_of(open_hone, ACME) == {}
    assert await said_in(open_hone, ACME) == 200
    assert open_hone.demo.turns == []
    assert "token" in await reach_of(open_hone, BETA)
    await said_in(open_hone, BETA)
    assert len(open_hone.demo.turns) == 1


async def test_late_news_of_an_earlier_removal_takes_no_new_token(
    open_hone: World, admin: Admin
) -> None:
    """Taken out and added again within a minute: Slack may tell the first after the second."""
    await admin.adds(ACME, "xoxb-old")
    left = open_hone.clock().timestamp() + 5
    open_hone.clock.advance(30)
    await admin.adds(ACME, "xoxb-new")
    await said_in(open_hone, ACME)
    await removed(open_hone, ACME, left)
    assert open_hone.removed == []


async def test_a_token_renewed_on_another_replica_is_used_within_a_minute(
    open_hone: World, admin: Admin
) -> None:
    await admin.adds(ACME, "xoxb-old")
    here = Address(f"slack:{ACME}", DEV)
    await open_hone.adapter.post(here, CARD)
    grants = Grants(open_hone.database, Vault([KEY]), open_hone.clock)
    grant = await grants.of(ACME)
    assert grant is not None
    renewed = replace(grant, token="xoxb-new")
    open_hone.slack.agree(ACME, "xoxb-new")
    await grants.keep(renewed, "U0ADMIN")
    open_hone.slack.revoked.add("xoxb-old")
    with pytest.raises(Removed):
        await open_hone.adapter.post(here, CARD)
    open_hone.clock.time += connections.TRUSTED + timedelta(seconds=1)
    await open_hone.adapter.post(here, CARD)


# --- a whole organisation --------------------------------------------------------------------

ORG = "E0ORG"
OF_ORG = {"is_enterprise_install": True, "team": None, "enterprise": {"id": ORG, "name": "Acme"}}


async def said_in_org(world: World, team: str) -> int:
    who = {"team_id": team, "user_id": BOT_USER, "enterprise_id": ORG}
    authorized = [who | {"is_enterprise_install": True}]
    more = {"enterprise_id": ORG, "authorizations": authorized}
    return await said_in(world, team, **more)


@pytest.fixture
async def org(open_hone: World, admin: Admin) -> World:
    """An organisation that has installed Hone for the workspaces that its admins chose."""
    for team in (ACME, BETA):
        open_hone.slack.teams_by_token["xoxb-org"] = team
    await admin.begins()
    code = open_hone.slack.agree(ACME, "xoxb-org", OF_ORG)
    status, page = await admin.returns(code=code)
    assert status == 200
    assert "Hone was added to Acme." in page
    open_hone.person("U0ANN", "Ann")
    return open_hone


async def test_one_grant_speaks_in_each_workspace_of_an_organisation(org: World) -> None:
    for team in (ACME, BETA):
        assert await said_in_org(org, team) == 200
    assert [turn.workspace for turn in org.demo.turns] == [f"slack:{ACME}", f"slack:{BETA}"]
    asked = [said for method, said in org.slack.calls if method == "users.info"]
    assert {each.get("team_id") for each in asked} == {ACME, BETA}, "the token alone says neither"


async def test_hone_writes_to_a_workspace_of_an_organisation_by_itself(org: World) -> None:
    """A digest comes from the worker, which knows the workspace and no payload."""
    await said_in_org(org, BETA)
    await org.adapter.stop()
    await org.adapter.start()
    await org.adapter.post(Address(f"slack:{BETA}", DEV), CARD)
    assert org.slack.callers[-1][1] == "chat.postMessage"


async def test_a_workspace_nobody_named_an_organisation_for_is_none_of_it(org: World) -> None:
    """The id of somebody's organisation in a payload is no proof without its grant."""
    await said_in(org, "T0STRANGE")
    assert org.demo.turns == []
    with pytest.raises(Refused):
        await org.adapter.post(Address("slack:T0STRANGE", DEV), CARD)


async def test_an_organisation_that_takes_hone_out_takes_it_out_everywhere(org: World) -> None:
    for team in (ACME, BETA):
        await said_in_org(org, team)
    org.clock.advance(60)
    who = {"team_id": ACME, "enterprise_id": ORG, "is_enterprise_install": True}
    await org.line.event(
        {"type": "app_uninstalled"}, team_id=ACME, enterprise_id=ORG, authorizations=[who]
    )
    assert set(org.removed) == {f"slack:{ACME}", f"slack:{BETA}", f"slack:{ORG}"}
