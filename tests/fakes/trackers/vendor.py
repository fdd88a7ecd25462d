"""A vendor's sign-in to test against (OAuth 2.0): it refuses what the real ones refuse.

One server stands for any of the vendors, with what sets each apart: JSON or a form, PKCE, an
audience, refresh tokens that are good once, errors that come with 200 or 403.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.trackers.sign_in.vendors import GITHUB, JIRA, LINEAR, App, Vendor, azure, gitlab

PUBLIC_URL = "https://hone.example"
SECRET = "app-secret"

VENDORS: dict[str, Vendor] = {
    "jira": JIRA,
    "azure": azure("organizations"),
    "github": GITHUB,
    "gitlab": gitlab("https://gitlab.com"),
    "linear": LINEAR,
}

NEVER, ALWAYS = timedelta(), timedelta(days=9_999)


@dataclass(frozen=True, slots=True)
class Ways:
    """How a vendor differs: the status of its refusals, and how long a spent refresh token is
    taken once more; `ends_access`: renewing ends the token before, too."""

    refusal: int = 400
    grace: timedelta = NEVER
    lives_s: int | None = 3_600
    renews: bool = True
    ends_access: bool = False


WAYS = {
    "jira": Ways(refusal=403, grace=timedelta(minutes=10)),
    "azure": Ways(grace=ALWAYS),
    "github": Ways(refusal=200, lives_s=None, renews=False),
    "gitlab": Ways(lives_s=7_200, ends_access=True),
    "linear": Ways(lives_s=86_399),
}


@cache
def key_of_app() -> str:
    made = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    return made.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode()


class _Refused(Exception):
    def __init__(self, word: str) -> None:
        self.word = word


class FakeVendor:
    """Started by `async with`. Tests act here as whoever has an account there."""

    def __init__(self, kind: str, clock: Callable[[], datetime]) -> None:
        self.vendor, self.ways, self.clock = VENDORS[kind], WAYS[kind], clock
        self.client_id = f"{kind}-client"
        self.sites = [("acme", "Acme")]
        """What the account sees: the end of each site's address, and its name."""
        self.jira_host = ""
        """Where the Jira stands whose sites are seen, for one that is called afterwards."""
        self.repositories = 3
        self.seen_in_part: set[str] = set()
        """Installations of GitHub's app with a repository that the account does not see."""
        self.silent = 0
        """So many next answers of the token address get lost, behind their effect."""
        self.down = False
        self.asked: list[dict[str, str]] = []
        """What was sent to the token address and to the one that revokes."""
        self.on_access: Callable[[str], None] = lambda _: None
        self._codes: dict[str, tuple[str, str]] = {}
        self._spent: dict[str, datetime] = {}
        self._good: set[str] = set()
        self._access: set[str] = set()
        self._numbers = count(1)

    @property
    def app(self) -> App:
        """What Hone is registered as, at this server."""
        return App(
            _at(self.vendor, self.root),
            self.client_id,
            SECRET,
            PUBLIC_URL,
            key_of_app() if self.vendor.kind == "github" else "",
        )

    # --- what people do there ---

    def agrees(self, page: str) -> dict[str, str]:
        """Let the account's owner agree on the page; returns what they are sent back with."""
        where, asked = urlsplit(page), dict(parse_qsl(urlsplit(page).query))
        assert f"{where.scheme}://{where.netloc}{where.path}" == self.app.vendor.page
        assert asked["redirect_uri"] == self.app.redirect, "not the registered address"
        assert asked["client_id"] == self.client_id
        assert asked["response_type"] == "code"
        assert asked.get("scope", "") == self.vendor.scope
        for name, value in self.vendor.extra.items():
            assert asked[name] == value, f"{name} is missing"
        assert not self.vendor.proves or asked["code_challenge_method"] == "S256"
        code = f"code-{next(self._numbers)}"
        self._codes[code] = asked["redirect_uri"], asked.get("code_challenge", "")
        return {"code": code, "state": asked["state"]}

    def takes_back(self) -> None:
        """Let the account's owner take the permissions away."""
        self._good.clear()
        self._access.clear()

    def ends_access(self) -> None:
        """Let every token end before its time."""
        self._access.clear()

    # --- HTTP ---

    async def __aenter__(self) -> Self:
        app = web.Application()
        vendor = _at(self.vendor, "")
        app.add_routes(
            [
                web.post(vendor.token, self._token),
                web.get("/oauth/token/accessible-resources", self._resources),
                web.get("/_apis/profile/profiles/me", self._profile),
                web.get("/_apis/accounts", self._accounts),
                web.get("/user/installations", self._installations),
                web.get("/user/installations/{id}/repositories", self._seen),
                web.post("/app/installations/{id}/access_tokens", self._installed),
                web.get("/installation/repositories", self._all),
                web.post("/graphql", self._viewer),
                *([web.post(vendor.revoke, self._revoke)] if vendor.revoke else []),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _token(self, request: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=503)
        sent = await self._sent(request)
        try:
            given = self._granted(sent)
        except _Refused as refused:
            return web.json_response({"error": refused.word}, status=self.ways.refusal)
        if self.silent:
            self.silent -= 1
            return web.Response(status=502)
        return web.json_response(given)

    async def _sent(self, request: web.Request) -> dict[str, str]:
        if self.vendor.as_json:
            assert request.content_type == "application/json"
            sent = dict(await request.json())
        else:
            assert request.content_type == "application/x-www-form-urlencoded"
            sent = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(sent)
        return sent

    def _granted(self, sent: dict[str, str]) -> dict[str, Any]:
        if (sent["client_id"], sent["client_secret"]) != (self.client_id, SECRET):
            raise _Refused("invalid_client")
        if sent["grant_type"] == "authorization_code":
            redirect, challenge = self._codes.pop(sent["code"], ("", ""))
            made = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
            proof = urlsafe_b64encode(made).rstrip(b"=").decode()
            if sent["redirect_uri"] != redirect or (self.vendor.proves and proof != challenge):
                bad = "bad_verification_code" if self.vendor.kind == "github" else "invalid_grant"
                raise _Refused(bad)
            return self._issued()
        assert sent["grant_type"] == "refresh_token"
        token = sent["refresh_token"]
        spent = self._spent.get(token)
        if token not in self._good and (spent is None or self.clock() >= spent + self.ways.grace):
            if spent is not None:  # somebody has a copy: nobody keeps anything
                self.takes_back()
            raise _Refused("invalid_grant")
        self._good.discard(token)
        self._spent.setdefault(token, self.clock())
        if self.ways.ends_access:
            self._access.clear()
        return self._issued()

    def _issued(self) -> dict[str, Any]:
        number = next(self._numbers)
        access = f"access-{number}"
        self._access.add(access)
        self.on_access(access)
        given: dict[str, Any] = {"access_token": access, "token_type": "bearer"}
        if self.ways.lives_s is not None:
            given["expires_in"] = self.ways.lives_s
        if self.ways.renews:
            given["refresh_token"] = f"refresh-{number}"
            self._good.add(given["refresh_token"])
        return given

    async def _revoke(self, request: web.Request) -> web.Response:
        sent = await self._sent(request)
        if self.down:
            return web.Response(status=503)
        assert (sent["client_id"], sent["client_secret"]) == (self.client_id, SECRET)
        if sent["token"] in self._good:
            self.takes_back()
        return web.json_response({})

    # --- what the account sees ---

    def _signed_in(self, request: web.Request) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self._access:
            raise web.HTTPUnauthorized(text="{}", content_type="application/json")

    async def _resources(self, request: web.Request) -> web.Response:
        self._signed_in(request)
        sites = [
            {
                "id": f"cloud-{place}",
                "url": self.jira_host or f"https://{site}.atlassian.net",
                "name": name,
                "scopes": ["read:jira-work", "write:jira-work"],
            }
            for place, (site, name) in enumerate(self.sites, 1)
        ]
        other = {"id": "c", "url": "https://wiki.atlassian.net", "name": "Wiki", "scopes": ["x"]}
        return web.json_response([*sites, other])

    async def _profile(self, request: web.Request) -> web.Response:
        self._signed_in(request)
        assert request.query["api-version"]
        return web.json_response({"id": "me-1"})

    async def _accounts(self, request: web.Request) -> web.Response:
        self._signed_in(request)
        assert request.query["memberId"] == "me-1"
        return web.json_response({"value": [{"accountName": site} for site, _ in self.sites]})

    async def _installations(self, request: web.Request) -> web.Response:
        self._signed_in(request)
        rows = [
            {"id": place, "account": {"login": name}}
            for place, (_, name) in enumerate(self.sites, 1)
        ]
        return web.json_response({"installations": rows})

    async def _seen(self, request: web.Request) -> web.Response:
        self._signed_in(request)
        seen = self.repositories - (request.match_info["id"] in self.seen_in_part)
        return web.json_response({"total_count": seen, "repositories": []})

    async def _installed(self, request: web.Request) -> web.Response:
        signed = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(signed, options={"verify_signature": False})
        assert claims["iss"] == self.client_id
        return web.json_response({"token": "of-the-app", "expires_at": None}, status=201)

    async def _all(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer of-the-app"
        return web.json_response({"total_count": self.repositories, "repositories": []})

    async def _viewer(self, request: web.Request) -> web.Response:
        self._signed_in(request)
        site, name = self.sites[0]
        return web.json_response({"data": {"organization": {"urlKey": site, "name": name}}})


def _at(vendor: Vendor, root: str) -> Vendor:
    """Return a vendor all of whose addresses stand below one root."""

    def moved(url: str) -> str:
        return f"{root}{urlsplit(url).path}" if url else ""

    return replace(
        vendor,
        page=moved(vendor.page),
        token=moved(vendor.token),
        revoke=moved(vendor.revoke),
        api=root,
    )
