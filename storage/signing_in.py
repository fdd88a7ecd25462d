"""Sign-ins of all workspaces: whose a link is, who comes back, what can go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlmodel import col

from storage.sign_ins import SignIn
from storage.store import Store

FORGOTTEN_AFTER: Final = timedelta(days=1)
"""How long a link that led nowhere is kept for its card."""


async def by_ticket(store: Store, ticket: str) -> SignIn | None:
    """Return the sign-in whose link has this secret part."""
    return await store.session.scalar(select(SignIn).where(col(SignIn.ticket) == ticket))


async def by_begun(store: Store, begun: str) -> SignIn | None:
    """Return the sign-in that a browser comes back with."""
    return await store.session.scalar(select(SignIn).where(col(SignIn.begun) == begun))


async def to_let_go(store: Store, limit: int) -> Sequence[tuple[str, int]]:
    """Return workspace and number of sign-ins that nobody needs any more."""
    rows = await store.session.execute(
        select(col(SignIn.workspace), col(SignIn.id))
        .where(
            or_(
                col(SignIn.state) == "leaving",
                (col(SignIn.state).in_(("asked", "failed")))
                & col(SignIn.tracker_id).is_(None)
                & (col(SignIn.asked_at) <= store.now - FORGOTTEN_AFTER),
            ),
            or_(col(SignIn.leased_until).is_(None), col(SignIn.leased_until) <= store.now),
        )
        .limit(limit)
    )
    return [(workspace, id) for workspace, id in rows.all()]


async def sealed_sign_ins(store: Store) -> Sequence[tuple[str, int]]:
    """Return workspace and number of all sign-ins that hold tokens."""
    rows = await store.session.execute(
        select(col(SignIn.workspace), col(SignIn.id)).where(col(SignIn.access) != "")
    )
    return [(workspace, id) for workspace, id in rows.all()]
