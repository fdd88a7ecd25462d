"""Sign-ins of all workspaces: whose a link is, who comes back, what can go."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from storage.sign_ins import SignIn, is_unneeded
from storage.store import Store


async def by_ticket(store: Store, ticket: str) -> SignIn | None:
    """Return the sign-in whose link has this secret part."""
    return await store.session.scalar(select(SignIn).where(col(SignIn.ticket) == ticket))


async def by_begun(store: Store, begun: str) -> SignIn | None:
    """Return the sign-in that a browser comes back with."""
    return await store.session.scalar(select(SignIn).where(col(SignIn.begun) == begun))


async def to_let_go(store: Store, limit: int) -> Sequence[tuple[str, int]]:
    """Return workspace and number of sign-ins that nobody needs any more."""
    rows = await store.session.execute(
        select(col(SignIn.workspace), col(SignIn.id)).where(is_unneeded(store.now)).limit(limit)
    )
    return [(workspace, id) for workspace, id in rows.all()]


async def sealed_sign_ins(store: Store) -> Sequence[tuple[str, int]]:
    """Return workspace and number of all sign-ins that hold tokens."""
    rows = await store.session.execute(
        select(col(SignIn.workspace), col(SignIn.id)).where(col(SignIn.access) != "")
    )
    return [(workspace, id) for workspace, id in rows.all()]
