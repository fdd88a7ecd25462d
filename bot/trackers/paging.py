"""Lists that are read whole: people, projects, states, an item's events. Items have a watermark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

LIST_MAX: Final = 2_000
"""More of anything than a form could offer; what goes on behind it is left."""


async def whole_list(
    some: Callable[[int], Awaitable[tuple[list[Any], bool]]], most: int = LIST_MAX
) -> list[Any]:
    """Return a list page by page: `some` takes how many are known, and says whether more follow."""
    found: list[Any] = []
    before: list[Any] = []
    more = True
    while more and len(found) < most:
        page, more = await some(len(found))
        if not page or page == before:  # the same page again would never end
            break
        found += page
        before = page
    return found
