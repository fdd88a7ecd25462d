"""Connections to trackers in all workspaces: which one a hook means, and what is sealed in each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from storage.store import Store
from storage.trackers import TrackerSite


@dataclass(frozen=True, slots=True)
class Called:
    """A connection, with what opens its secrets: both are sealed."""

    workspace: str
    kind: str
    site: str
    sealed: str
    hook_secret: str


async def called(store: Store, hook: str) -> Called | None:
    """Return the connection whose hook has this secret part, None if there is none (any more)."""
    row = await store.session.scalar(select(TrackerSite).where(col(TrackerSite.hook) == hook))
    if row is None:
        return None
    return Called(row.workspace, row.kind, row.site, row.sealed, row.hook_secret)


async def sealed_sites(store: Store) -> list[tuple[str, int, str, str]]:
    """Return workspace, number, kind and what is sealed, of all connections that have anything."""
    rows = await store.session.scalars(select(TrackerSite).where(col(TrackerSite.sealed) != ""))
    return [(row.workspace, row.id, row.kind, row.sealed) for row in rows.all()]
