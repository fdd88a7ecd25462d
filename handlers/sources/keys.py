"""The name of an item outside of its workspace, so that a file brought back finds it again."""

from __future__ import annotations

import hashlib
import re

from bot.text import alike

_OURS = re.compile(r"hone-([0-9a-f]{8})-([0-9]{1,9})")


def key_for(workspace: str, number: int) -> str:
    """Return a key that names this workspace and the number."""
    return f"hone-{_mark(workspace)}-{number}"


def own_number(workspace: str, key: str) -> int | None:
    """Return the number if the key was made here; None for those of other tools and workspaces."""
    match = _OURS.fullmatch(key)
    return int(match[2]) if match and match[1] == _mark(workspace) else None


def by_its_title(title: str) -> str:
    """Return what names an item that its source names by no more than its title."""
    return f"title:{hashlib.sha256(alike(title).encode()).hexdigest()[:32]}"


def _mark(workspace: str) -> str:
    return hashlib.sha256(workspace.encode()).hexdigest()[:8]
