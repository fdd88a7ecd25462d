"""Tools that count items in each repository anew, and how one of them names another."""

from __future__ import annotations

import re
from typing import Final

REPOSITORIES: Final = {
    "github": re.compile(
        r"https?://[^/]+/(?:repos/)?(?P<repository>[^/]+/[^/]+)/issues/(?P<number>\d+)"
    ),
    "gitlab": re.compile(
        r"https?://[^/]+/(?P<repository>.+?)/-/(?:issues|work_items)/(?P<number>\d+)"
    ),
}
"""Where an address names the repository and the number."""

_NUMBERED: Final = re.compile(r"(?P<repository>[^\s#]*)#(?P<number>\d+)")


def named_as(name: str, source: str) -> str:
    """Return how an item of `source` names another: of its own repository by its number alone."""
    tool, _, repository = source.partition(":")
    if (pattern := REPOSITORIES.get(tool)) is None:
        return name
    if (found := pattern.match(name) or _NUMBERED.fullmatch(name)) is None:
        return name
    is_here = found["repository"].lower() in ("", repository)
    return found["number"] if is_here else f"{found['repository']}#{found['number']}"
