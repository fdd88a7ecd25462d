"""Where the database is: an address as `DATABASE_URL` gives it, and the kinds that Hone knows."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SUPPORTED = ("sqlite", "postgresql+asyncpg")
POSTGRESQL = "postgresql+asyncpg://user:password@host/hone"

_OF_OTHER_DRIVERS = {"sslmode": "write ssl= in its place", "channel_binding": "leave it out"}
"""What other drivers of PostgreSQL read, and hosted databases put into the address they show."""


class BadAddress(Exception):
    """The text says how a sentence goes on that begins with the setting's name."""


def is_file(url: str) -> bool:
    """Whether the address is that of a SQLite file, which belongs to one process."""
    return url.startswith("sqlite")


def check_address(url: str) -> None:
    """Raise BadAddress unless Hone can keep its data there; it names no part of a secret."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadAddress(
            f"is not an address: write sqlite:///data/hone.db, or {POSTGRESQL}"
        ) from None
    except ValueError:
        raise BadAddress(
            "has something else than a number for its port; a password with : or / or @ in it "
            "needs %3A, %2F or %40 instead"
        ) from None
    if parsed.drivername not in SUPPORTED:
        raise BadAddress(_other_kind(parsed.drivername))
    if parsed.drivername == "sqlite":
        _check_file(parsed)
    else:
        _check_server(parsed)


def _other_kind(driver: str) -> str:
    starts = f"starts with {driver}://"
    kind = driver.partition("+")[0]
    if kind in ("postgres", "postgresql"):
        return f"{starts}: write postgresql+asyncpg:// in its place"
    if kind == "sqlite":
        return f"{starts}: write sqlite:// in its place"
    return f"{starts}; Hone knows {' and '.join(f'{name}://' for name in SUPPORTED)}"


def _check_file(parsed: URL) -> None:
    if parsed.host:
        path = f"{parsed.host}/{parsed.database or 'hone.db'}"
        raise BadAddress(
            f"takes three slashes before a file's path: write sqlite:///{path}, or four before a "
            "path that begins with /"
        )
    if parsed.database in (None, "", ":memory:"):
        raise BadAddress("names no file, and all would be lost: write sqlite:///data/hone.db")


def _check_server(parsed: URL) -> None:
    if not parsed.database:
        raise BadAddress(f"names no database behind the host: write {POSTGRESQL}")
    if parsed.host and "@" in parsed.host:
        raise BadAddress("has a password with @ in it: write %40 instead")
    for name, advice in _OF_OTHER_DRIVERS.items():
        if name in parsed.query:
            raise BadAddress(f"has {name}= in it, which is for another driver: {advice}")
