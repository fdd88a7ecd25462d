"""What a person is in the workspace, as their platform says; nobody chooses it in Hone."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["member", "admin", "guest", "external", "gone", "bot"]
"""Somebody `gone` was deactivated; a `bot` is nobody."""

_OUTSIDE: Final = ("guest", "external")
NOBODY: Final = ("gone", "bot")


SOMEONE: Final = "someone"
"""What a person is called whose name their platform did not tell."""


def is_outside(role: str) -> bool:
    """Tell whether this is a guest, or somebody of another company."""
    return role in _OUTSIDE


def is_nobody(role: str) -> bool:
    """Tell whether no person answers to it: it is not asked, and may do nothing."""
    return role in NOBODY


def known_role(kept: str) -> Role:
    """Return the role a row holds; an unknown one is a member's."""
    return next((role for role in get_args(Role) if role == kept), "member")
