"""Which names a Host header may say: a page elsewhere must not get in under a name of its own.

Its author can have that name resolve to this machine (DNS rebinding), and a visitor's browser takes
it from there. Addresses, and names that only a private network knows, are nobody's of elsewhere.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.settings.values import is_loopback

PRIVATE = ("localhost", "local", "internal", "svc", "lan", "home.arpa")
"""Endings that the internet's name servers do not know: https://www.iana.org/assignments/locally-served-dns-zones"""


def is_this_machine(host: str) -> bool:
    """Tell whether a Host header names this machine itself, by whatever port."""
    return is_loopback(_name(host))


def is_private(host: str, public_url: str = "") -> bool:
    """Tell whether a Host header says an address, a private name, or that of our own address."""
    name = _name(host)
    if not name:
        return False
    if name == urlsplit(public_url).hostname:
        return True
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(tuple(f".{ending}" for ending in PRIVATE))
    return True


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
