"""Who may call Hone, and as whom Hone calls Teams: both kinds of token, never blocking the loop.

botbuilder's own checks answer 500 to forged tokens, accept tokens that never expire and download
keys with a blocking client, so its types are used and its checks are not.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import orjson
import structlog
from jwt.utils import base64url_decode

ISSUER = "https://api.botframework.com"
OPENID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
SCOPE = "https://api.botframework.com/.default"
MANAGED_IDENTITY_URL = "http://169.254.169.254/metadata/identity/oauth2/token"

FETCH_TIMEOUT = aiohttp.ClientTimeout(total=5)
CLOCK_SKEW_S = 300.0
KEYS_KEPT_S = 24 * 3600.0
REFETCH_GAP_S = 60.0
"""Between two downloads for unknown keys: a flood of forged tokens must not become one of ours."""

REFRESH_EARLY_S = 300.0

Clock = Callable[[], float]
Claims = Mapping[str, Any]

log = structlog.get_logger()


class Unauthorized(Exception):
    """The caller did not prove to be Teams; the text says which proof failed, for our logs only."""


class KeysUnavailable(Exception):
    """Microsoft's keys cannot be had right now, so nobody can be told from anybody."""


class TokenUnavailable(Exception):
    """Hone cannot prove who it is right now; the text is the sign-in service's error code."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: Any
    endorsements: frozenset[str]
    """Channels, such as `msteams`, that may sign with it."""


class SigningKeys:
    """Microsoft's public keys: kept a day; an unknown one is looked for at most once a minute."""

    def __init__(
        self, http: aiohttp.ClientSession, openid_url: str, clock: Clock = time.monotonic
    ) -> None:
        self._http = http
        self._openid_url = openid_url
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def get(self, kid: str) -> SigningKey:
        """Return the key; raises Unauthorized, or KeysUnavailable if no key at all is known."""
        if self._should_fetch(kid):
            async with self._fetching:
                if self._should_fetch(kid):  # not if somebody did while we waited
                    await self._fetch()
        if not self._keys:
            raise KeysUnavailable
        if kid not in self._keys:
            raise Unauthorized("unknown key")
        return self._keys[kid]

    def _should_fetch(self, kid: str) -> bool:
        now = self._clock()
        wanted = kid not in self._keys or now - self._fetched_at > KEYS_KEPT_S
        return wanted and (not self._keys or now - self._tried_at >= REFETCH_GAP_S)

    async def _fetch(self) -> None:
        """Fetch all keys; if that fails, those known so far stay good."""
        self._tried_at = self._clock()
        try:
            published = await self._json((await self._json(self._openid_url))["jwks_uri"])
            keys = dict(_usable(key) for key in published["keys"] if key.get("kty") == "RSA")
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            log.warning("teams_keys_not_fetched", error=type(error).__name__)
            return
        except jwt.PyJWTError as error:
            log.warning("teams_keys_not_understood", error=type(error).__name__)
            return
        self._keys, self._fetched_at = keys, self._tried_at

    async def _json(self, url: str) -> dict[str, Any]:
        async with self._http.get(url, timeout=FETCH_TIMEOUT, raise_for_status=True) as answer:
            body = await answer.json(content_type=None)
        if not isinstance(body, dict):
            raise TypeError("not an object")
        return body


def _usable(key: dict[str, Any]) -> tuple[str, SigningKey]:
    made = jwt.PyJWK(key, algorithm="RS256").key
    return key["kid"], SigningKey(made, frozenset(key.get("endorsements", ())))


class CallerCheck:
    """Tells Teams' requests from everybody else's."""

    def __init__(self, app_id: str, keys: SigningKeys) -> None:
        self._app_id = app_id
        self._keys = keys

    async def claims(self, header: str) -> Claims:
        """Return what a request's Authorization header proves, before its body is read.

        Raises Unauthorized, or KeysUnavailable if that cannot be told now.
        """
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorized("no bearer token")
        try:
            signing = await self._keys.get(_key_id(token))
            claims: Claims = jwt.decode(
                token,
                signing.key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=ISSUER,
                leeway=CLOCK_SKEW_S,
                options={"require": ["exp", "iss", "aud"], "strict_aud": True},
            )
        except (jwt.PyJWTError, UnicodeError) as error:
            raise Unauthorized(type(error).__name__) from None
        if "msteams" not in signing.endorsements:
            raise Unauthorized("key not endorsed for Teams")
        return claims


def _key_id(token: str) -> str:
    """Return the name of the key that a token says it is signed with, which proves nothing yet.

    PyJWT would read the whole token for it, and then once more to check it.
    """
    try:
        header = orjson.loads(base64url_decode(token.partition(".")[0]))
    except ValueError:
        raise Unauthorized("no header") from None
    kid = header.get("kid") if isinstance(header, dict) else None
    if not isinstance(kid, str):
        raise Unauthorized("no key id")
    return kid


def check_origin(claims: Claims, service_url: str, channel_id: str) -> None:
    """Raise Unauthorized unless the token was made for this service URL, and for Teams."""
    if channel_id != "msteams":
        raise Unauthorized("not from Teams")
    claimed = str(claims.get("serviceurl", "")).rstrip("/").encode("utf-8", "replace")
    origin = service_url.rstrip("/").encode("utf-8", "replace")
    if not origin or not hmac.compare_digest(claimed, origin):
        raise Unauthorized("service url differs from the token's")


class AccessTokens:
    """Hone's own token, by client secret or else by managed identity; one fetch at a time."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        app_id: str,
        tenant_id: str,
        password: str,
        token_url: str = TOKEN_URL,
        clock: Clock = time.monotonic,
    ) -> None:
        self._http = http
        self._app_id = app_id
        self._password = password
        self._token_url = token_url.format(tenant=tenant_id)
        self._clock = clock
        self._token = ""
        self._good_until = float("-inf")
        self._fetching = asyncio.Lock()

    async def get(self) -> str:
        """Return a token good for five more minutes; raises TokenUnavailable."""
        if self._clock() >= self._good_until:
            async with self._fetching:
                if self._clock() >= self._good_until:
                    await self._fetch()
        return self._token

    def forget(self, token: str) -> None:
        """Teams refused this token: fetch another next time."""
        if token == self._token:
            self._good_until = float("-inf")

    async def _fetch(self) -> None:
        try:
            async with self._request() as answer:
                body = await answer.json(content_type=None)
            if answer.status != 200:
                raise TokenUnavailable(str(body.get("error", answer.status)))
            self._token = str(body["access_token"])
            lives = float(body.get("expires_in", 3600))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise TokenUnavailable(type(error).__name__) from None
        except AttributeError:
            raise TokenUnavailable("not an object") from None
        self._good_until = self._clock() + max(lives - REFRESH_EARLY_S, lives / 2)

    def _request(self) -> Any:
        if self._password:
            form = {
                "grant_type": "client_credentials",
                "client_id": self._app_id,
                "client_secret": self._password,
                "scope": SCOPE,
            }
            return self._http.post(self._token_url, data=form, timeout=FETCH_TIMEOUT)
        resource = SCOPE.removesuffix("/.default")
        query = {"api-version": "2018-02-01", "resource": resource, "client_id": self._app_id}
        return self._http.get(
            MANAGED_IDENTITY_URL, params=query, headers={"Metadata": "true"}, timeout=FETCH_TIMEOUT
        )
