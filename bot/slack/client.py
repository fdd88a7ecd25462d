"""Slack's Web API, one attempt a call: who retries decides what an answer that got lost means."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.documents import Attached, fetch, host_of
from bot.platform import Refused, Removed, SendError, Throttled, ThrottleScope, Unsure
from bot.slack.spans import Json
from bot.turn import Document

CALL_TIMEOUT_S = 10.0
RETRY_AFTER_DEFAULT_S = 30.0

FILE_HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
"""Where files are fetched from, apart from the configured API's own host: the token goes along."""

RESPONSE_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
"""What a `response_url` may name, apart from the configured API's own host."""

NO_THREAD = frozenset(
    {
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
    }
)
"""Why Slack takes no answer to a message, though it may take one below all."""

_UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_CHANNEL_GONE = frozenset(
    {
        "channel_not_found",
        "ekm_access_denied",
        "is_archived",
        "is_inactive",
        "not_enabled",  # the Home tab: the app was made from an older manifest
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        # People: deactivated, or not to be written to.
        "cannot_dm_bot",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    }
)
_REMOVED = frozenset({"account_inactive", "token_revoked"})
_WORKSPACE_GONE = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "team_access_not_granted",
        "team_disabled",
        "token_expired",
    }
)


class SlackApi:
    """Calls Slack with one bot token over a shared session; errors come as `SendError`."""

    def __init__(
        self, http: aiohttp.ClientSession, token: str, base_url: str, team: str = ""
    ) -> None:
        """Take the token; one of a whole organisation needs the `team` that is meant, too."""
        # The SDK repeats a call on a broken connection by default, which can double a post.
        self._client = AsyncWebClient(
            token=token, base_url=base_url, session=http, retry_handlers=[]
        )
        self._http = http
        self._token = token
        self._meant = {"team_id": team} if team else {}
        self._own_origin = _origin(self._client.base_url)

    async def write(
        self,
        method: str,
        arguments: Json,
        scope: ThrottleScope = "workspace",
        *,
        patient: bool = False,
    ) -> Json:
        """Call a method that changes something; `scope` is what a 429 of it slows down.

        A `patient` caller gives up by itself: the outbox does, later than people would.
        """
        timeout = None if patient else CALL_TIMEOUT_S
        return await self._call(method, scope, timeout, json=arguments)

    async def read(self, method: str, timeout: float = CALL_TIMEOUT_S, **arguments: str) -> Json:
        asked = arguments | self._meant
        return await self._call(method, "workspace", timeout, http_verb="GET", params=asked)

    async def exchange(self, client_id: str, client_secret: str, code: str, back_to: str) -> Json:
        """Return what Slack grants for the code of an installation."""
        given = {
            "client_id": client_id,
            "client_secret": client_secret,
            "code": code,
            "redirect_uri": back_to,
        }
        return await self._call("oauth.v2.access", "workspace", CALL_TIMEOUT_S, data=given)

    async def _call(
        self, method: str, scope: ThrottleScope, timeout: float | None, **request: object
    ) -> Json:
        try:
            # A shared session has no deadline of its own: the SDK's applies to its own sessions.
            async with asyncio.timeout(timeout):
                answer = await self._client.api_call(method, **request)  # type: ignore[arg-type]
        except SlackApiError as error:
            raise send_error(error, scope) from error
        # The SDK trips with an AttributeError over an answer in plain text, a proxy's for example.
        except (TimeoutError, aiohttp.ClientError, OSError, AttributeError) as error:
            raise Unsure(f"{method}: {type(error).__name__}") from error
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def open_direct(self, person: str) -> str:
        """Return the channel of the chat between Hone and the person."""
        chat = await self.write("conversations.open", {"users": person}, "call")
        return str(chat["channel"]["id"])

    async def fetch(self, attached: Attached, within_s: float) -> Document:
        """Return a file that Slack holds, or why it could not be had; raises nothing."""
        headers = {"Authorization": f"Bearer {self._token}"}
        return await fetch(
            self._http, attached, self._holds_files, headers=headers, within_s=within_s
        )

    def _holds_files(self, url: str) -> bool:
        return host_of(url) in FILE_HOSTS or _origin(url) == self._own_origin

    async def respond(self, response_url: str, payload: Json) -> None:
        """Answer an interaction in private; raises Refused for an address that is not Slack's."""
        origin = _origin(response_url)
        if origin != self._own_origin and origin not in _RESPONSE_ORIGINS:
            raise Refused("foreign_response_url")
        try:
            async with (
                asyncio.timeout(CALL_TIMEOUT_S),
                self._http.post(
                    response_url,
                    data=orjson.dumps(payload),
                    headers={"Content-Type": "application/json"},
                    allow_redirects=False,
                ) as answer,
            ):
                body = await answer.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unsure(f"response_url: {type(error).__name__}") from error
        if answer.status == 429:
            raise Throttled(_seconds(answer.headers.get("Retry-After")))
        if answer.status >= 500:
            raise Unsure(f"response_url: {answer.status}")
        if answer.status != 200:
            raise Refused("invalid_blocks" if b"invalid_blocks" in body else "response_url")


Origin = tuple[str, str | None, int | None]


def _origin(url: str) -> Origin | None:
    """Return scheme, host and port; None for an address with anything unusual about its host."""
    try:
        parts = urlsplit(url)
        if "@" in parts.netloc or "\\" in url:
            return None
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None


_RESPONSE_ORIGINS = frozenset(("https", host, None) for host in RESPONSE_HOSTS)


def send_error(error: SlackApiError, scope: ThrottleScope) -> SendError:
    """Return what Slack's answer means for the message; a code nobody knows is final for it."""
    answer = error.response
    if not isinstance(answer, AsyncSlackResponse):  # JSON that breaks off
        return Unsure("no JSON")
    data = answer.data if isinstance(answer.data, dict) else {}
    code = str(data.get("error") or answer.status_code)
    if answer.status_code == 429 or code in ("ratelimited", "rate_limited"):
        return Throttled(_seconds(answer.headers.get("Retry-After")), scope)
    if answer.status_code >= 500 or code in _UNSURE:
        return Unsure(code)
    if code in _REMOVED:
        return Removed(code)
    if code in _WORKSPACE_GONE:
        return Refused(code, "workspace")
    return Refused(code, "channel" if code in _CHANNEL_GONE else "message")


def _seconds(retry_after: str | None) -> float:
    try:
        return float(retry_after or RETRY_AFTER_DEFAULT_S)
    except ValueError:
        return RETRY_AFTER_DEFAULT_S
