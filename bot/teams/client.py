"""Writes to Teams: one attempt a call, over aiohttp, to Teams' own hosts and nobody else's."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn
from urllib.parse import quote, urlsplit

import aiohttp
import structlog

from bot.documents import Attached, fetch
from bot.platform import Refused, Throttled, Unsure
from bot.teams.files import holds_files
from bot.teams.spans import Json
from bot.teams.tokens import AccessTokens, TokenUnavailable
from bot.turn import Document

SERVICE_URLS = (
    "https://smba.trafficmanager.net",
    "https://smba.onyx.prod.teams.trafficmanager.net",
    "https://smba.infra.gcc.teams.microsoft.com",
    "https://smba.infra.gov.teams.microsoft.us",
    "https://smba.infra.dod.teams.microsoft.us",
)
"""Where Teams lives: the public cloud, then GCC, GCC High and DoD."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")

CALL_TIMEOUT = aiohttp.ClientTimeout(total=10)
NO_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=5)
"""For a `patient` caller that gives up by itself: the outbox does, later than people would."""

RETRY_S = 5.0
"""How long to wait when Teams does not say."""
RETRY_MAX_S = 600.0

log = structlog.get_logger()


class NotThere(Refused):
    """Teams knows no such conversation, message or member."""


class Connector:
    """Teams' REST interface, as far as Hone needs it.

    Every call raises SendError: Throttled when it was certainly not accepted, Unsure when nobody
    knows, Refused when it never will be. `tokens` is None where nobody checks them (loopback only).
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        tokens: AccessTokens | None,
        service_urls: Collection[str] = (),
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._origins = {_origin(url) for url in (*SERVICE_URLS, *service_urls)}
        self._own_origins = {_origin(url) for url in service_urls}

    def allows(self, service_url: str) -> bool:
        """Tell whether Hone may write to this address: its token goes along."""
        origin = _origin(service_url)
        if origin is None:
            return False
        return origin in self._origins or (self._tokens is None and origin[1] in LOOPBACK)

    async def fetch(self, attached: Attached, within_s: float) -> Document:
        """Return a file of SharePoint's, or why it could not be had; raises nothing.

        The addresses that the operator named may hold files, too.
        """
        return await fetch(self._http, attached, self._holds_files, within_s=within_s)

    def _holds_files(self, url: str) -> bool:
        return holds_files(url) or _origin(url) in self._own_origins

    async def send(
        self, service_url: str, conversation: str, activity: Json, *, patient: bool = False
    ) -> str:
        """Post a message and return its id."""
        path = _activities(conversation)
        answer = await self._call("POST", service_url, path, activity, patient=patient)
        return str(answer.get("id", ""))

    async def update(
        self,
        service_url: str,
        conversation: str,
        id: str,
        activity: Json,
        *,
        patient: bool = False,
    ) -> None:
        path = f"{_activities(conversation)}/{quote(id, safe='')}"
        await self._call("PUT", service_url, path, activity | {"id": id}, patient=patient)

    async def delete(self, service_url: str, conversation: str, id: str) -> None:
        path = f"{_activities(conversation)}/{quote(id, safe='')}"
        await self._call("DELETE", service_url, path)

    async def open_direct(self, service_url: str, tenant: str, bot: str, person: str) -> str:
        """Return the one-to-one conversation of the bot and a person; it is the same every time."""
        wanted = {
            "bot": {"id": bot},
            "members": [{"id": person}],
            "isGroup": False,
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        answer = await self._call("POST", service_url, "/v3/conversations", wanted)
        if not isinstance(answer.get("id"), str):
            raise Unsure("Teams opened a conversation without naming it")
        return str(answer["id"])

    async def member(self, service_url: str, conversation: str, person: str) -> Json:
        """Return a member as Teams knows them; `person` is their Teams or their directory id."""
        path = f"/v3/conversations/{quote(conversation, safe='')}/members/{quote(person, safe='')}"
        return await self._call("GET", service_url, path)

    async def members(self, service_url: str, conversation: str) -> list[Json]:
        """Return the first members of a conversation: enough to name it by."""
        path = f"/v3/conversations/{quote(conversation, safe='')}/pagedmembers?pageSize=50"
        listed = (await self._call("GET", service_url, path)).get("members")
        members = listed if isinstance(listed, list) else []
        return [member for member in members if isinstance(member, dict)]

    async def team_name(self, service_url: str, team: str) -> str:
        """Return what a team is called."""
        answer = await self._call("GET", service_url, f"/v3/teams/{quote(team, safe='')}")
        return str(answer.get("name") or "")

    async def channel_names(self, service_url: str, team: str) -> dict[str, str]:
        """Return the names of a team's channels by id; the first one, General, has none."""
        answer = await self._call(
            "GET", service_url, f"/v3/teams/{quote(team, safe='')}/conversations"
        )
        listed = answer.get("conversations")
        return {
            str(channel.get("id")): str(channel.get("name") or "")
            for channel in (listed if isinstance(listed, list) else [])
            if isinstance(channel, dict)
        }

    async def _call(
        self,
        method: str,
        service_url: str,
        path: str,
        body: Json | None = None,
        *,
        patient: bool = False,
    ) -> Json:
        if not self.allows(service_url):
            raise Refused("service_url_not_allowed")
        token = await self._token()
        try:
            async with self._http.request(
                method,
                service_url.rstrip("/") + path,
                json=body,
                headers={"Authorization": f"Bearer {token}"} if token else {},
                timeout=NO_TIMEOUT if patient else CALL_TIMEOUT,
                allow_redirects=False,  # a redirect would carry the token elsewhere
            ) as answer:
                if 200 <= answer.status < 300:
                    return await _json_or_nothing(answer)
                if answer.status == 401 and self._tokens:
                    self._tokens.forget(token)
                await _raise_for(answer)
        except aiohttp.ClientConnectorError as error:
            raise Throttled(RETRY_S, "workspace") from error  # it never left this machine
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unsure(type(error).__name__) from error

    async def _token(self) -> str:
        if self._tokens is None:
            return ""
        try:
            return await self._tokens.get()
        except TokenUnavailable as error:
            log.error("teams_token_not_fetched", code=str(error))
            raise Throttled(RETRY_S, "workspace") from error


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port, or None for an address with anything unusual about it."""
    try:
        parts = urlsplit(url)
        if parts.username or parts.password or not parts.hostname or "\\" in url:
            return None
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None


def _activities(conversation: str) -> str:
    return f"/v3/conversations/{quote(conversation, safe='')}/activities"


async def _json_or_nothing(answer: aiohttp.ClientResponse) -> Json:
    try:
        body = await answer.json(content_type=None)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def _raise_for(answer: aiohttp.ClientResponse) -> NoReturn:
    code = await _error_code(answer)
    match answer.status:
        case 429 | 412:
            raise Throttled(_retry_after(answer))
        case 401:
            raise Throttled(RETRY_S, "workspace")
        case 403:
            raise Refused(code, "channel")
        case 404:
            raise NotThere(code, "channel")
        case status if status >= 500:
            raise Unsure(code)
        case _:
            raise Refused(code)


async def _error_code(answer: aiohttp.ClientResponse) -> str:
    """Return Teams' word for what went wrong; its sentence could repeat what people typed."""
    match await _json_or_nothing(answer):
        case {"error": {"code": str(code)}}:
            return code[:100]
        case _:
            return f"http_{answer.status}"


def _retry_after(answer: aiohttp.ClientResponse) -> float:
    try:
        seconds = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return RETRY_S
    return min(max(seconds, 1.0), RETRY_MAX_S) if seconds == seconds else RETRY_S
