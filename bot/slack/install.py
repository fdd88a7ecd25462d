"""The page that adds Hone to another Slack workspace: two redirects, and a token kept sealed.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import aiohttp
import structlog
from aiohttp import web

from bot.pages import page
from bot.platform import SendError, Unsure
from bot.slack.client import SlackApi
from bot.slack.grants import Grant, Grants, granted
from bot.text import clean
from bot.vault import Locked, Vault
from storage import Unavailable

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

STATE_LIVES = timedelta(minutes=10)
"""How long somebody may think about the permissions that Slack shows."""

COOKIE = "hone_install"

_NEVER_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""The address of the second page holds a code: no cache and no other site may learn it."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OwnApp:
    """What Slack knows the app by, and where it sends people back to (`https://hone.example`)."""

    client_id: str
    client_secret: str
    public_url: str

    @property
    def redirect_url(self) -> str:
        return self.public_url.rstrip("/") + REDIRECT_PATH


class InstallPage:
    """Sends a person to Slack and takes the token that Slack sends back with them.

    The state that travels through Slack is sealed and bound to the browser by a cookie, so nobody
    can end an installation that somebody else began, and nothing needs to be stored for it. That
    it is used once needs no guard of ours: the code beside it is, by Slack.
    """

    def __init__(
        self,
        app: OwnApp,
        scopes: Sequence[str],
        vault: Vault,
        grants: Grants,
        http: aiohttp.ClientSession,
        api_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._app = app
        self._scopes = scopes
        self._vault = vault
        self._grants = grants
        self._http = http
        self._api_url = api_url
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        return [web.get(INSTALL_PATH, self._begin), web.get(REDIRECT_PATH, self._finish)]

    async def _begin(self, _: web.Request) -> web.Response:
        nonce = secrets.token_urlsafe(24)
        asked = urlencode(
            {
                "client_id": self._app.client_id,
                "scope": ",".join(self._scopes),
                "redirect_uri": self._app.redirect_url,
                "state": self._vault.seal(f"{self._clock().isoformat()} {nonce}"),
            }
        )
        to_slack = f"{self._api_url.removesuffix('api/')}oauth/v2/authorize?{asked}"
        answer = web.Response(status=302, headers={"Location": to_slack} | _NEVER_KEPT)
        answer.set_cookie(
            COOKIE,
            nonce,
            max_age=int(STATE_LIVES.total_seconds()),
            path=REDIRECT_PATH,
            secure=True,
            httponly=True,
            samesite="Lax",  # Slack sends people back by a link, which "Strict" would strip
        )
        return answer

    async def _finish(self, request: web.Request) -> web.Response:
        answer = await self._finished(request)
        answer.headers.update(_NEVER_KEPT)
        answer.del_cookie(COOKIE, path=REDIRECT_PATH)
        return answer

    async def _finished(self, request: web.Request) -> web.Response:
        if not self._began_here(request.query.get("state", ""), request.cookies.get(COOKIE, "")):
            return _not_added("This link has run out, or was opened in another browser.", 400)
        if request.query.get("error"):
            return _not_added("Nobody gave Hone its permissions.", 200)
        try:
            grant, installer = await self._exchanged(request.query.get("code", ""))
            await self._grants.keep(grant, installer)
        except _NotUsable as error:
            return _not_added(str(error), 400)
        except Unsure:
            return _not_added("Slack did not answer.", 502)
        except SendError as error:
            log.warning("slack_install_refused", cause=str(error))
            return _not_added("Slack did not accept this link; it may have been used before.", 400)
        except Unavailable as error:
            log.warning("not_saved", cause=str(error))
            return _not_added("Hone cannot reach its database right now.", 503)
        log.info("slack_installed", workspace=grant.workspace)
        return page("Hone is here", _next_steps(grant.name))

    def _began_here(self, state: str, nonce: str) -> bool:
        try:
            begun, _, expected = self._vault.unseal(state).partition(" ")
        except Locked:
            return False
        fresh = self._clock() - datetime.fromisoformat(begun) <= STATE_LIVES
        return fresh and hmac.compare_digest(nonce.encode(errors="replace"), expected.encode())

    async def _exchanged(self, code: str) -> tuple[Grant, str]:
        """Return what Slack grants for the code, and who agreed to it; raises SendError."""
        asking = SlackApi(self._http, "", self._api_url)
        answer = await asking.exchange(
            self._app.client_id, self._app.client_secret, code, self._app.redirect_url
        )
        if answer.get("refresh_token"):
            raise _NotUsable(
                "This Slack app rotates its tokens, which Hone does not. Make the app anew from "
                "Hone's manifest, which leaves rotation off."
            )
        token = str(answer["access_token"])
        who = await SlackApi(self._http, token, self._api_url).read("auth.test")
        whole = (answer.get("enterprise") or {}) if answer.get("is_enterprise_install") else {}
        if whole:
            who = who | {"team_id": whole["id"]}
        name = clean(str((whole or answer.get("team") or {}).get("name") or ""))
        # Slack's events tell their time in whole seconds; a removal must not look older than this.
        since = self._clock().replace(microsecond=0)
        grant = replace(granted(who, name, token, since), enterprise=str(whole.get("id") or ""))
        return grant, str(answer["authed_user"]["id"])


class _NotUsable(Exception):
    """Slack granted something that Hone cannot work with; the text is for the person."""


def _not_added(why: str, status: int) -> web.Response:
    again = f"Nothing was saved. Start again at {INSTALL_PATH}."
    return page("Hone was not added", (why, again), status)


def _next_steps(workspace: str) -> tuple[str, ...]:
    return (
        f"Hone was added to {workspace or 'your workspace'}. You can close this page.",
        "In your team's channel in Slack, type /invite @Hone. It says hello once.",
        "Then log what should get better: /improve Estimation runs long",
    )
