"""How a page of one's own is opened and read."""

from __future__ import annotations

from bot.turn import Named, Opened
from tests.hone import Someone

GRACE = Named("grace", "Grace")


async def opens_page(person: Someone) -> Someone:
    """Open the page, and return the person before it."""
    alone = person.alone()
    await alone.acts(Opened(empty=True))
    return alone


def page(person: Someone) -> str:
    """What the person's page shows now."""
    return person.hone.last(f"home:{person.who.id}")


def times_drawn(person: Someone) -> int:
    return len(person.hone.channel(f"home:{person.who.id}")[-1].cards)
