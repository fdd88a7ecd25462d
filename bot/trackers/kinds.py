"""Which trackers there are, and what a person is asked for to connect one."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to type: an address, an account, a token. The `secret` is sealed at the door."""

    id: str
    label: str
    hint: str = ""
    secret: bool = False
    optional: bool = False
    lines: bool = False
    """It has several, such as a key's file."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of tracker: what people call it, and what it needs to let Hone in.

    `scope` is what a team follows there, in its own words. `asks` nothing: it is connected at once.
    """

    id: str
    name: str
    scope: str
    asks: tuple[Asked, ...] = ()
    site: str = ""
    """The address of its only site, where nobody has to name one."""
    also_called: tuple[str, ...] = ()
    path_pieces: int = 0
    """How much of an address's path belongs to the site: 1 in `tracker.acme.test/redmine`."""


HOOKS_PATH = "/trackers/"
"""Where trackers call Hone; behind it stands the secret part of the address."""

SIGN_IN_PATH = "/connect/"
"""Where a person's way to a vendor's own page begins and ends; behind it stands the kind."""

SIGN_IN, OPENED = "sign_in", "opened"
"""What is kept in the place of a token where somebody signed in: the number of the sign-in, and
what the vendor calls what it opens."""

SITE = Asked("site", "Address")
TOKEN = Asked("token", "Token", secret=True)

HOOK_SECRET = Asked(
    "hook_secret",
    "Webhook secret",
    "Only if a webhook calls Hone: the secret it signs with",
    secret=True,
    optional=True,
)

KINDS: dict[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("sample", "Sample tracker", "project", site="sample"),
        Kind(
            "jira",
            "Jira",
            "project or board",
            asks=(
                Asked("site", "Address", "acme.atlassian.net, or your own server's"),
                Asked(
                    "account",
                    "E-mail",
                    "Whose token it is. Leave it out for a service account's, or your own server's",
                    optional=True,
                ),
                TOKEN,
                HOOK_SECRET,
            ),
            also_called=("jira cloud", "jira data center", "jira server", "atlassian"),
            path_pieces=1,
        ),
        Kind(
            "redmine",
            "Redmine",
            "project",
            asks=(
                Asked("site", "Address", "redmine.acme.example"),
                Asked("token", "API access key", "On its page “My account”", secret=True),
            ),
            path_pieces=1,
        ),
        Kind(
            "rally",
            "Rally",
            "project",
            asks=(
                Asked("site", "Address", "rally1.rallydev.com, or as your browser shows it"),
                Asked("token", "API key", "Under “My Settings”, “API Keys”", secret=True),
            ),
            also_called=("broadcom rally", "ca agile central", "agile central"),
        ),
        Kind(
            "agility",
            "Agility",
            "project",
            asks=(
                Asked("site", "Address", "www1.v1host.com/acme, as your browser shows it"),
                Asked("token", "Access token", "Under “Applications” of its account", secret=True),
                HOOK_SECRET,
            ),
            also_called=("versionone", "version one", "digital.ai agility", "digital.ai"),
            path_pieces=1,
        ),
        Kind(
            "align",
            "Jira Align",
            "program",
            asks=(
                Asked("site", "Address", "acme.jiraalign.com"),
                Asked("token", "API token", "On its “Edit Profile” page", secret=True),
            ),
            also_called=("align", "agilecraft"),
        ),
        Kind(
            "azure",
            "Azure Boards",
            "project or team",
            asks=(
                Asked("site", "Address", "dev.azure.com/acme"),
                Asked("tenant", "Entra tenant", "Of a service principal", optional=True),
                Asked("client", "Client ID", optional=True),
                Asked("secret", "Client secret", secret=True, optional=True),
                Asked(
                    "token",
                    "Personal access token",
                    "Instead of a service principal: of this organisation, Work Items read & write",
                    secret=True,
                    optional=True,
                ),
                HOOK_SECRET,
            ),
            also_called=("azure devops", "ado", "tfs"),
            path_pieces=1,
        ),
        Kind(
            "github",
            "GitHub",
            "repository",
            asks=(
                Asked("site", "Address", "github.com, or your own server's"),
                Asked(
                    "token",
                    "Token",
                    "A fine-grained one, with Issues: read and write. Leave it out for an app",
                    secret=True,
                    optional=True,
                ),
                Asked("app", "App ID", "Only for a GitHub app of your own", optional=True),
                Asked("installation", "Installation ID", optional=True),
                Asked(
                    "key",
                    "Private key",
                    "The whole .pem file",
                    secret=True,
                    optional=True,
                    lines=True,
                ),
                HOOK_SECRET,
            ),
            also_called=("github issues", "gh"),
        ),
        Kind(
            "gitlab",
            "GitLab",
            "project or group",
            asks=(Asked("site", "Address", "gitlab.com, or your own server's"), TOKEN, HOOK_SECRET),
            also_called=("gitlab issues",),
            path_pieces=1,
        ),
        Kind(
            "linear",
            "Linear",
            "team",
            asks=(
                Asked("site", "Address", "linear.app/acme, as your browser shows it"),
                Asked("token", "API key", "Of a member, or of an app", secret=True),
                HOOK_SECRET,
            ),
            path_pieces=1,
        ),
    )
}


def kind_named(word: str) -> Kind | None:
    """Return the tracker that a person's word names, None for another word."""
    word = " ".join(word.casefold().split())
    for kind in KINDS.values():
        if word in (kind.id, kind.name.casefold(), *kind.also_called):
            return kind
    return None


def is_among(host: str, clouds: Collection[str]) -> bool:
    """Whether a host is one of a vendor's; one that begins with a dot stands for all below it."""
    return any(host == cloud or (cloud[0] == "." and host.endswith(cloud)) for cloud in clouds)


@dataclass(frozen=True, slots=True)
class SignInPages:
    """Which trackers people can sign in to on the vendor's own page: kind → the hosts it opens.

    `public_url` is where Hone is reached.
    """

    public_url: str = ""
    clouds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def opens(self, kind: str, site: str = "") -> bool:
        """Whether there is a page that lets Hone into a site; "" is whichever the person has."""
        clouds = self.clouds.get(kind, ())
        return bool(clouds) and (not site or is_among(site.partition("/")[0], clouds))

    def link(self, kind: str, ticket: str) -> str:
        """Return the address at which somebody begins to sign in."""
        return f"{self.public_url.rstrip('/')}{SIGN_IN_PATH}{kind}/{ticket}"


NO_PAGES = SignInPages()


# --- what a person types ---------------------------------------------------------------------

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?")
_PIECE = re.compile(r"[\w.~-]{1,100}")
_PAGES = frozenset(
    {"browse", "projects", "issues", "secure", "rest", "boards", "login", "my", "users", "plugins"}
)
"""Where the pages of a site begin, and its own address ends."""

_WHOLE_HOSTS = (".atlassian.net",)
"""Sites of these have no path."""


def site_of(kind: Kind, typed: str) -> str:
    """Return a site as it is known for ever, `acme.atlassian.net`; "" for what is no address.

    Whether Hone goes there, and whether by https, is decided where it would.
    """
    typed = typed.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or parts.username:
        return ""
    pieces = []
    for piece in parts.path.split("/")[1 : kind.path_pieces + 1]:
        if not _PIECE.fullmatch(piece) or piece.lower() in _PAGES or host.endswith(_WHOLE_HOSTS):
            break
        pieces.append(piece)
    return "/".join([f"{host}:{port}" if port else host, *pieces])


def as_kept(given: Mapping[str, str]) -> str:
    """Return what was typed to let Hone in as it is kept; the secrets in it are sealed already."""
    return json.dumps(dict(given), sort_keys=True, ensure_ascii=False)


def from_kept(kept: str) -> dict[str, str]:
    """Return the id of each thing that was asked → what was typed; secrets are still sealed."""
    return dict(json.loads(kept)) if kept else {}


CALLED: Final = "called"
"""Under this stands, beside how Hone gets in, what people said its cards' homes are called."""


def called_in(given: Mapping[str, str]) -> dict[str, str]:
    """Return Hone's field → the name of its home at a site, "" for none, where people chose it."""
    return dict(json.loads(given[CALLED])) if given.get(CALLED) else {}


def with_called(kept: str, called: Mapping[str, str]) -> str:
    """Return what is kept of a site, with other homes chosen."""
    given = {id: value for id, value in from_kept(kept).items() if id != CALLED}
    return as_kept(given | ({CALLED: as_kept(called)} if called else {}))
