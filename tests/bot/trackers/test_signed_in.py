"""What a sign-in is to each vendor, and to the adapter that calls with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.trackers.http import Door
from bot.trackers.kinds import OPENED, SignInPages
from bot.trackers.sign_in.keeper import TokenKeeper
from bot.trackers.sign_in.vendors import (
    GITHUB,
    JIRA,
    LINEAR,
    App,
    azure,
    challenge,
    gitlab,
    tokens_in,
)
from bot.trackers.tracker import Access, SignedOut, Tracker
from tests.bot.trackers.worlds import WORLDS
from tests.fakes.trackers.board import Board
from tests.fakes.trackers.jira import FakeJira

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def asked(app: App) -> dict[str, str]:
    query = parse_qs(urlsplit(app.page("the-state", "the-verifier")).query)
    return {name: value for name, (value,) in query.items()}


def test_each_vendor_is_asked_for_what_hone_needs_and_comes_back_to_one_address() -> None:
    app = App(JIRA, "id", "secret", "https://hone.example/")
    sent = asked(app)
    assert sent["redirect_uri"] == "https://hone.example/connect/jira/callback"
    assert sent["audience"] == "api.atlassian.com"
    assert "offline_access" in sent["scope"].split()
    assert not any(name.startswith("code_") for name in sent), "Atlassian knows no PKCE"
    assert "verifier" not in str(app.for_code("code", "the-verifier"))
    sort, body = app.encoded(app.for_code("code", ""))
    assert (sort, body[:1]) == ("application/json", b"{")

    app = App(LINEAR, "id", "secret", "https://hone.example")
    sent = asked(app)
    assert (sent["actor"], sent["scope"]) == ("app", "read,write")
    assert sent["code_challenge"] == challenge("the-verifier") != "the-verifier"
    assert app.for_code("code", "the-verifier")["code_verifier"] == "the-verifier"
    sort, body = app.encoded(app.for_refresh("r&r"))
    assert (sort, b"refresh_token=r%26r" in body) == ("application/x-www-form-urlencoded", True)

    tenant = "01234567-89ab-cdef-0123-456789abcdef"
    app = App(azure(tenant), "id", "secret", "https://hone.example")
    assert f"/{tenant}/oauth2/v2.0/authorize?" in app.page("", "")
    own = gitlab("https://gitlab.acme.example/")
    assert own.token == "https://gitlab.acme.example/oauth/token"


def test_rfc_7636_has_an_example() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("answer", "lives"),
    [
        ({"access_token": "a", "expires_in": 60}, timedelta(minutes=1)),
        ({"access_token": "a", "expires_in": "3600"}, timedelta(hours=1)),
        ({"access_token": "a"}, timedelta(hours=1)),
        ({"access_token": "a", "expires_in": -1}, timedelta()),
        ({"access_token": "a", "expires_in": 10**9}, timedelta(days=30)),
        ({"access_token": "a", "expires_in": 10**30}, timedelta(hours=1)),
        ({"access_token": ["a"]}, None),
        ([], None),
        (None, None),
    ],
)
def test_an_answer_may_say_anything(answer: Any, lives: timedelta | None) -> None:
    tokens = tokens_in(answer, NOW, before="old")
    assert (tokens and tokens.until - NOW) == lives
    assert tokens is None or tokens.refresh == "old"


def test_a_page_opens_its_vendors_sites_only() -> None:
    pages = SignInPages("https://hone.example/", {"jira": (".atlassian.net",)})
    assert pages.link("jira", "t") == "https://hone.example/connect/jira/t"
    for site, opens in (
        ("", True),
        ("acme.atlassian.net", True),
        ("jira.acme.example", False),
        ("atlassian.net.evil.example", False),
        ("evilatlassian.net", False),
    ):
        assert pages.opens("jira", site) is opens
    assert not pages.opens("rally")


@dataclass
class Renews:
    """A sign-in whose first token has ended before its time."""

    good: str
    refused: list[str] = field(default_factory=list)

    async def token(self, refused: str = "") -> str:
        if refused:
            self.refused.append(refused)
        return self.good if self.refused else "ended"


@pytest.mark.parametrize("name", ["jira", "azure", "gitlab", "linear"])
async def test_a_token_that_is_refused_is_renewed_once_and_the_call_goes_on(name: str) -> None:
    """Whichever call meets it: a page, a score, the question who we are."""
    async with WORLDS[name]() as board:
        board.token = "of-entra" if name == "azure" else "good"
        if isinstance(board, FakeJira):
            board.scoped_token = True
        door = Door(lambda: NOW, [board.host])
        bearer = Renews(board.token)
        assert (await opened(board, door, bearer).account()).id
        assert bearer.refused == ["ended"]
        assert await opened(board, door, bearer).scopes()
        wrong = Renews("wrong")
        with pytest.raises(SignedOut):
            await opened(board, door, wrong).account()
        assert wrong.refused == ["ended"], "once"
        await door.close()


def opened(board: Board, door: Door, bearer: Renews) -> Tracker:
    access = replace(board.access(), given={OPENED: "cloud-1"}, bearer=bearer)
    kind = type(board.tracker(door))
    made: Tracker = kind(access, door)  # type: ignore[call-arg]
    return made


def test_a_github_sign_in_is_an_installation_of_the_app() -> None:
    """Its tokens live an hour and are made with the app's key, which is in no database."""
    app = App(GITHUB, "Iv1.abc", "secret", "https://hone.example", "the key")
    keeper = TokenKeeper({"github": app}, None, None, None, lambda: NOW)  # type: ignore[arg-type]
    access = keeper.access("github", Access("github.com", {"sign_in": "1", OPENED: "42"}))
    assert access.bearer is None
    assert {name: access.given[name] for name in ("app", "installation", "key")} == {
        "app": "Iv1.abc",
        "installation": "42",
        "key": "the key",
    }
    with pytest.raises(SignedOut, match="not set up here any more"):
        keeper.access("jira", Access("acme.atlassian.net", {"sign_in": "1"}))
