"""Where the database is: an address as `DATABASE_URL` gives it, and the kinds that Hone knows."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SUPPORTED = ("sqlite", "postgresql+asyncpg")


def driver_of(url: str) -> str | None:
    """Return what an address begins with, as one of SUPPORTED; None if it is no address."""
    try:
        return make_url(url).drivername
    except ArgumentError:
        return None
