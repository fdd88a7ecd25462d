"""What a person is in the workspace, as their platform says; nobody chooses it in Hone."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["member", "admin", "guest", "external"]

_OUTSIDE: Final = ("guest", "external")


def is_outside(role: str) -> bool:
    """Tell whether this is a guest, or somebody of another company."""
    return role in _OUTSIDE


def known_role(kept: str) -> Role:
    """Return the role a row holds; an unknown one is a member's."""
    return next((role for role in get_args(Role) if role == kept), "member")
