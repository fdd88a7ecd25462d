"""Which sites a sign-in opens: each vendor is asked once, with the first token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from bot.trackers.github.client import GitHubClient
from bot.trackers.http import Client, Door
from bot.trackers.linear.queries import VIEWER
from bot.trackers.sign_in.vendors import App, installed
from bot.trackers.tracker import Access, NotAllowed
from bot.trackers.values import line, number, several, text

SITES_MAX: Final = 100
AZURE_VERSION: Final = "7.1"


@dataclass(frozen=True, slots=True)
class Opened:
    """A site, what its people call it, and what the vendor calls it where that is needed.

    `known_as` is Atlassian's cloud id, or the number of a GitHub app's installation.
    """

    site: str
    name: str
    known_as: str = ""


async def sites_opened(app: App, door: Door, token: str) -> tuple[Opened, ...]:
    """Return the sites that a token opens; raises TrackerError, NotAllowed where there is none."""
    vendor = app.vendor
    client = Client(door, vendor.name, vendor.api, {"Authorization": f"Bearer {token}"})
    found = await _ASKED[vendor.kind](app, client)
    if not found:
        raise NotAllowed(_NONE[vendor.kind])
    return found[:SITES_MAX]


async def _jira(_: App, client: Client) -> tuple[Opened, ...]:
    told = await client.get("/oauth/token/accessible-resources")
    return tuple(
        Opened(urlsplit(text(each, "url")).netloc, line(each, "name"), text(each, "id"))
        for each in told or ()
        if "read:jira-work" in several(each, "scopes")
    )


async def _azure(_: App, client: Client) -> tuple[Opened, ...]:
    version = {"api-version": AZURE_VERSION}
    me = text(await client.get("/_apis/profile/profiles/me", **version), "id")
    told = await client.get("/_apis/accounts", memberId=me, **version)
    names = [text(each, "accountName") for each in several(told, "value")]
    return tuple(Opened(f"dev.azure.com/{quote(name)}", name) for name in names if name)


async def _github(app: App, client: Client) -> tuple[Opened, ...]:
    """Return the installations all of whose repositories the person sees.

    Hone goes on as the app and not as the person: whoever sees one repository of a company must
    not open the others to their team.
    """
    listed = several(await client.get("/user/installations", per_page=SITES_MAX), "installations")
    site = app.vendor.clouds[0]
    found: list[Opened] = []
    for each in listed:
        id = text(each, "id")
        as_app = GitHubClient(client.door, Access(site, installed(app, id)))
        as_app.root = app.vendor.api
        theirs = await client.get(f"/user/installations/{id}/repositories", per_page=1)
        ours = await as_app.get("/installation/repositories", per_page=1)
        if number(theirs, "total_count") == number(ours, "total_count"):
            found.append(Opened(site, line(each, "account", "login"), id))
    if listed and not found:
        raise NotAllowed(
            "Hone's GitHub app reads repositories there that you do not see: somebody who sees all "
            "of them has to sign in."
        )
    return tuple(found)


async def _gitlab(app: App, _: Client) -> tuple[Opened, ...]:
    site = app.vendor.clouds[0]
    return (Opened(site, site),)


async def _linear(app: App, client: Client) -> tuple[Opened, ...]:
    told = (await client.post("/graphql", {"query": VIEWER, "variables": {}})) or {}
    key = text(told, "data", "organization", "urlKey")
    name = line(told, "data", "organization", "name")
    return (Opened(f"{app.vendor.clouds[0]}/{key}", name or key),) if key else ()


_ASKED: Final[Mapping[str, Callable[[App, Client], Awaitable[tuple[Opened, ...]]]]] = {
    "jira": _jira,
    "azure": _azure,
    "github": _github,
    "gitlab": _gitlab,
    "linear": _linear,
}

_NONE: Final[Mapping[str, str]] = {
    "jira": "You signed in, but that account sees no Jira site.",
    "azure": "You signed in, but that account is in no organisation of Azure DevOps.",
    "github": "Hone's GitHub app is installed nowhere that you can see: install it there first.",
    "gitlab": "You signed in, but that account sees no GitLab.",
    "linear": "You signed in, but Linear names no workspace.",
}
