"""Which trackers there are, and what a person is asked for to connect one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to type: an address, an account, a token. The `secret` is sealed at the door."""

    id: str
    label: str
    hint: str = ""
    secret: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of tracker: what people call it, and what it needs to let Hone in.

    `scope` is what a team follows there, in its own words. `asks` nothing: it is connected at once.
    """

    id: str
    name: str
    scope: str
    asks: tuple[Asked, ...] = ()
    site: str = ""
    """The address of its only site, where nobody has to name one."""
    also_called: tuple[str, ...] = ()


SITE = Asked("site", "Address")
TOKEN = Asked("token", "Token", secret=True)

KINDS: dict[str, Kind] = {
    kind.id: kind for kind in (Kind("sample", "Sample tracker", "project", site="sample"),)
}


def kind_named(word: str) -> Kind | None:
    """Return the tracker that a person's word names, None for another word."""
    word = " ".join(word.casefold().split())
    for kind in KINDS.values():
        if word in (kind.id, kind.name.casefold(), *kind.also_called):
            return kind
    return None
