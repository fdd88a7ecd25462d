"""What a single setting looks like, and the sentence for one that looks wrong.

Pure. No sentence repeats what could be a secret: it ends in the log of whatever starts Hone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from storage.address import BadAddress, check_address

Check = Callable[[str], str | None]
"""Returns how the sentence goes on after the setting's name, or None when all is well."""

_EXAMPLES = re.compile(r"…|\.\.\.$|^<.*>$|^(xox\w-|xapp-)?your[-_ ]", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SLACK_CLIENT_ID = re.compile(r"\d+\.\d+")
_EMOJI_NAME = re.compile(r"[\w+'-]{1,100}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)

OUR_PATHS = ("/api/messages", "/slack/events", "/slack/install")

BOT_TOKEN_IS = "copy the Bot User OAuth Token under OAuth & Permissions, which begins with xoxb-"
APP_TOKEN_IS = "make an App-Level Token under Basic Information, which begins with xapp-"


SIGN_IN_VENDORS = ("jira", "azure", "github", "gitlab", "linear")
"""Trackers that people can sign in to on the vendor's own page, once Hone is registered there."""

LISTS = frozenset({"hone_secret_keys", "hone_tracker_hosts", "teams_service_urls"})
"""Settings of several values, separated by commas."""

CONVERTED = frozenset(
    {"hone_port", "hone_role", "hone_likeness", "hone_sample", "hone_local", "teams_anonymous"}
)
"""Settings that are more than text, so that a wrong value cannot even be held."""


def wrong_values(given: Mapping[str, str]) -> dict[str, str]:
    """Return name → how the sentence goes on, for each setting that looks wrong.

    `given` is by lower-case name; what is empty counts as not given.
    """
    return dict(_wrong(given))


def _wrong(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, check in CHECKS.items():
        value = given.get(name, "")
        parts = parts_of(value) if name in LISTS else (value,)
        complaints = (_looks_copied(part) or check(part) for part in parts if part)
        if complaint := next(filter(None, complaints), None):
            yield name, complaint


def parts_of(value: str) -> tuple[str, ...]:
    """Return the values of a list, in order."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def is_loopback(host: str) -> bool:
    """Whether a host can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _looks_copied(value: str) -> str | None:
    if _EXAMPLES.search(value):
        return "still holds what an example says: write your own in its place"
    return None


# --- Slack ---


def _bot_token(token: str) -> str | None:
    if token.startswith("xapp-"):
        return f"holds the App-Level Token, which belongs to SLACK_APP_TOKEN: {BOT_TOKEN_IS}"
    if token.startswith("xoxp-"):
        return f"holds a person's token: {BOT_TOKEN_IS}"
    if token.startswith("xoxe"):
        return (
            "holds a token that ends after 12 hours: make the app anew from Hone's manifest, "
            "without token rotation"
        )
    return _token(token, "xoxb-", BOT_TOKEN_IS)


def _app_token(token: str) -> str | None:
    if token.startswith("xoxb-"):
        return f"holds the bot's token, which belongs to SLACK_BOT_TOKEN: {APP_TOKEN_IS}"
    return _token(token, "xapp-", APP_TOKEN_IS)


def _token(token: str, prefix: str, what_to_do: str) -> str | None:
    if not token.startswith(prefix):
        return f"does not begin with {prefix}: {what_to_do}"
    if len(token) == len(prefix):
        return f"ends after {prefix}: copy all of it"
    return _in_one_piece(token)


def _signing_secret(secret: str) -> str | None:
    if secret.startswith(("xox", "xapp-")):
        return "holds a token: copy the Signing Secret under Basic Information"
    if _SLACK_CLIENT_ID.fullmatch(secret):
        return "holds the Client ID: copy the Signing Secret, further down on the same page"
    return _in_one_piece(secret)


def _in_one_piece(secret: str) -> str | None:
    return "has a space in it: copy it again, all of it and nothing else" if " " in secret else None


def _client_id(value: str) -> str | None:
    if _SLACK_CLIENT_ID.fullmatch(value):
        return None
    return "has to be two numbers with a dot between: copy the Client ID under Basic Information"


def _reaction(name: str) -> str | None:
    if _EMOJI_NAME.fullmatch(name):
        return None
    return "has to be the name of one emoji without its colons, such as bulb"


# --- Microsoft ---


def _app_id(value: str) -> str | None:
    if _GUID.fullmatch(value):
        return None
    return (
        "has to be an id like 01234567-89ab-cdef-0123-456789abcdef: copy the Microsoft App ID "
        "under Configuration"
    )


def _tenant_id(value: str) -> str | None:
    if _GUID.fullmatch(value):
        return None
    return (
        "has to be an id like 01234567-89ab-cdef-0123-456789abcdef, not a name: copy the App "
        "Tenant ID under Configuration"
    )


def _app_password(secret: str) -> str | None:
    if _GUID.fullmatch(secret):
        return (
            "holds the Secret ID: copy the secret's Value, which Azure shows only once; make a new "
            "secret if it is gone"
        )
    return _in_one_piece(secret)


def _tenant(value: str) -> str | None:
    if _GUID.fullmatch(value) or value == "organizations":
        return None
    return "has to be the Directory (tenant) ID, or organizations for all of them"


# --- addresses and the rest ---


def _key_file(path: str) -> str | None:
    try:
        words = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "names a file that cannot be read: write the path of the app's private key"
    if "PRIVATE KEY-----" not in words:
        return "names a file that holds no private key: download one from the app's page, a .pem"
    return None


def public_url(url: str) -> str | None:
    """Complain unless platforms and people can reach Hone at the address."""
    if complaint := _web_address(url, "https://hone.example"):
        return complaint
    path = urlsplit(url).path.rstrip("/")
    if path.endswith(OUR_PATHS):
        return f"has to be the address of all of Hone: leave out {path}"
    if urlsplit(url).query or urlsplit(url).fragment:
        return "has to end with its path: leave out what begins with ? or #"
    return None


def _web_address(url: str, example: str = "https://…") -> str | None:
    """Complain unless it is https; what runs on this machine only, as stand-ins do, may be http."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return f"is no address: write {example}"
    if parts.scheme not in ("http", "https"):
        return f"does not begin with https://: write {example}"
    if not host or not (_HOST.fullmatch(host) or ":" in host):
        return f"names no host: write {example}"
    if parts.scheme == "http" and not is_loopback(host):
        return f"begins with http://, where others can read along: write {example}"
    return None


def _host(value: str) -> str | None:
    if "/" in value:
        return "has to be a host alone, without http:// and path: write 127.0.0.1 or 0.0.0.0"
    if re.search(r"[^:]:\d+$", value) and value.count(":") == 1:
        return "has to be a host alone: write its port at HONE_PORT"
    return None if ":" in value or _HOST.fullmatch(value) else "names no host: write 127.0.0.1"


def _tracker_host(value: str) -> str | None:
    """Complain unless it is `host` or `host:port`, as it stands in the tracker's address."""
    example = "write jira.acme.example, with its port if it has one: jira.acme.example:8443"
    if "/" in value:
        return f"has to be hosts alone, without https:// and path: {example}"
    try:
        parts = urlsplit(f"//{value}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        return f"names no host: {example}"
    return None if host and (_HOST.fullmatch(host) or ":" in host) else f"names no host: {example}"


def _port(value: str) -> str | None:
    if value.startswith("tcp://"):
        return (
            "was set by Kubernetes for a service called hone: write enableServiceLinks: false into "
            "the pod, or name the service otherwise"
        )
    if value.isascii() and value.isdecimal() and int(value[:6]) <= 65_535:
        return None
    return "has to be a number from 0 to 65535, such as 3978"


def _one_of(*words: str) -> Check:
    def check(value: str) -> str | None:
        return None if value in words else f"has to be {', '.join(words[:-1])} or {words[-1]}"

    return check


def _yes_or_no(value: str) -> str | None:
    known = {"true", "false", "yes", "no", "on", "off", "1", "0", "t", "f", "y", "n"}
    return None if value.lower() in known else "has to be true or false"


def _key(value: str) -> str | None:
    try:
        Fernet(value)
    except ValueError:
        return (
            "holds something that is no key: make one with `python app.py key`, newest first, "
            "separated by commas"
        )
    return None


def _database(url: str) -> str | None:
    try:
        check_address(url)
    except BadAddress as error:
        return str(error)
    return None


CHECKS: Mapping[str, Check] = {
    "database_url": _database,
    "hone_host": _host,
    "hone_port": _port,
    "hone_role": _one_of("all", "web", "worker"),
    "hone_likeness": _one_of("words", "semantic"),
    "hone_sample": _yes_or_no,
    "hone_local": _yes_or_no,
    "hone_public_url": public_url,
    "hone_secret_keys": _key,
    "hone_tracker_hosts": _tracker_host,
    **{
        f"hone_{vendor}_client_{part}": _in_one_piece
        for vendor in SIGN_IN_VENDORS
        for part in ("id", "secret")
    },
    "hone_azure_tenant_id": _tenant,
    "hone_github_key_file": _key_file,
    "hone_gitlab_url": _web_address,
    "slack_bot_token": _bot_token,
    "slack_signing_secret": _signing_secret,
    "slack_app_token": _app_token,
    "slack_client_id": _client_id,
    "slack_client_secret": _in_one_piece,
    "slack_reaction": _reaction,
    "slack_api_url": _web_address,
    "microsoft_app_id": _app_id,
    "microsoft_app_password": _app_password,
    "microsoft_app_tenant_id": _tenant_id,
    "microsoft_openid_url": _web_address,
    "microsoft_token_url": _web_address,
    "teams_service_urls": _web_address,
    "teams_anonymous": _yes_or_no,
}
