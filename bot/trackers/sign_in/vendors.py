"""How each vendor lets people sign in on a page of its own (OAuth 2.0), as plain values.

Nothing here calls anybody. What a vendor wants beyond the standard stands in its line:

- Jira: https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
- Entra: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
- GitHub: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
- GitLab: https://docs.gitlab.com/api/oauth2/
- Linear: https://linear.app/developers/oauth-2-0-authentication
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from bot.trackers.kinds import KINDS, SIGN_IN_PATH
from bot.trackers.values import number, text

CALLBACK: Final = "callback"
TOKEN_LIVES: Final = timedelta(hours=1)
"""How long a token lives whose vendor does not say."""
TOKEN_LIVES_MAX: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor's page, where its tokens come from, and what it wants to be told.

    `clouds` are the sites that a sign-in can open, as in `bot.trackers.http`. `as_json`: it takes
    JSON where the standard has a form. `proves`: it takes PKCE. `lasts` is how long a sign-in can
    be renewed at most. `revoke` is where tokens are given back, "" where there is no such thing.
    """

    kind: str
    page: str
    token: str
    api: str
    clouds: tuple[str, ...]
    scope: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    as_json: bool = False
    proves: bool = True
    lasts: timedelta | None = None
    revoke: str = ""

    @property
    def name(self) -> str:
        return KINDS[self.kind].name


ENTRA: Final = "https://login.microsoftonline.com"
DEVOPS: Final = "499b84ac-1321-427f-aa17-267ca6975798"
"""Azure DevOps in Entra, the same for everybody."""

JIRA: Final = Vendor(
    "jira",
    page="https://auth.atlassian.com/authorize",
    token="https://auth.atlassian.com/oauth/token",
    api="https://api.atlassian.com",
    clouds=(".atlassian.net",),
    scope=(
        "read:jira-work write:jira-work read:jira-user read:board-scope:jira-software "
        "read:board-scope.admin:jira-software read:project:jira offline_access"
    ),
    extra={"audience": "api.atlassian.com", "prompt": "consent"},
    as_json=True,
    proves=False,
    lasts=timedelta(days=365),
)
GITHUB: Final = Vendor(
    "github",
    page="https://github.com/login/oauth/authorize",
    token="https://github.com/login/oauth/access_token",
    api="https://api.github.com",
    clouds=("github.com",),
)
LINEAR: Final = Vendor(
    "linear",
    page="https://linear.app/oauth/authorize",
    token="https://api.linear.app/oauth/token",
    api="https://api.linear.app",
    clouds=("linear.app",),
    scope="read,write",
    extra={"actor": "app", "prompt": "consent"},
    revoke="https://api.linear.app/oauth/revoke",
)


def azure(tenant: str) -> Vendor:
    """Return Entra's page for a tenant; `organizations` stands for all of them."""
    return Vendor(
        "azure",
        page=f"{ENTRA}/{tenant}/oauth2/v2.0/authorize",
        token=f"{ENTRA}/{tenant}/oauth2/v2.0/token",
        api="https://app.vssps.visualstudio.com",
        clouds=("dev.azure.com", ".visualstudio.com"),
        scope=f"{DEVOPS}/user_impersonation offline_access",
    )


def gitlab(url: str) -> Vendor:
    """Return the page of a GitLab; each of them knows its own apps only."""
    root = url.rstrip("/")
    return Vendor(
        "gitlab",
        page=f"{root}/oauth/authorize",
        token=f"{root}/oauth/token",
        api=root,
        clouds=(root.partition("://")[2],),
        scope="api",
        revoke=f"{root}/oauth/revoke",
    )


@dataclass(frozen=True, slots=True)
class App:
    """What a vendor knows this Hone by. `key` is a GitHub app's private key, in PEM."""

    vendor: Vendor
    client_id: str
    client_secret: str
    public_url: str
    key: str = ""

    @property
    def redirect(self) -> str:
        """Where the vendor sends people back to: registered there, and always the same."""
        root = self.public_url.rstrip("/")
        return f"{root}{SIGN_IN_PATH}{self.vendor.kind}/{CALLBACK}"

    def page(self, state: str, verifier: str) -> str:
        """Return the address of the vendor's page for one sign-in."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect,
            "state": state,
            **self.vendor.extra,
        }
        if self.vendor.scope:
            asked["scope"] = self.vendor.scope
        if self.vendor.proves:
            asked |= {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
        return f"{self.vendor.page}?{urlencode(asked)}"

    def for_code(self, code: str, verifier: str) -> dict[str, str]:
        """Return what is sent for the first tokens."""
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect}
        return self._as_us(sent | ({"code_verifier": verifier} if self.vendor.proves else {}))

    def for_refresh(self, refresh: str) -> dict[str, str]:
        """Return what is sent for the next tokens."""
        return self._as_us({"grant_type": "refresh_token", "refresh_token": refresh})

    def for_revoking(self, token: str) -> dict[str, str]:
        """Return what is sent to give tokens back."""
        return self._as_us({"token": token})

    def _as_us(self, sent: dict[str, str]) -> dict[str, str]:
        return sent | {"client_id": self.client_id, "client_secret": self.client_secret}

    def encoded(self, sent: Mapping[str, str]) -> tuple[str, bytes]:
        """Return the content type and the body that the vendor takes."""
        if self.vendor.as_json:
            return "application/json", orjson.dumps(dict(sent))
        return "application/x-www-form-urlencoded", urlencode(sent).encode()


def installed(app: App, installation: str) -> dict[str, str]:
    """Return how a GitHub app gets in where it is installed."""
    return {"app": app.client_id, "installation": installation, "key": app.key}


def challenge(verifier: str) -> str:
    """Return what proves a verifier that is told later (RFC 7636, S256)."""
    made = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a vendor gave. `refresh` is "" where nothing renews it."""

    access: str
    refresh: str
    until: datetime


def tokens_in(data: Any, now: datetime, before: str = "") -> Tokens | None:
    """Return the tokens of an answer, None for one that has none.

    A vendor that sends no new refresh token means the one `before` to be used again.
    """
    access = text(data, "access_token")
    if not access:
        return None
    seconds = number(data, "expires_in") or TOKEN_LIVES.total_seconds()
    lives = timedelta(seconds=min(max(0, seconds), TOKEN_LIVES_MAX.total_seconds()))
    return Tokens(access, text(data, "refresh_token") or before, now + lives)


def refused_in(data: Any) -> str:
    """Return the standard word for why an answer has no tokens, such as `invalid_grant`."""
    return text(data, "error")
