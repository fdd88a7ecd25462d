"""What another tool knows, in plain values: items as it holds them, and what it tells of itself.

Files and trackers yield the same `RemoteItem`; one engine takes them in. What a tracker tells comes
to its feature as `News`, inside a turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Step:
    """The item reached a state, at an instant, for a reason if it was sent back or dropped."""

    at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteItem:
    """What a source tells of one item; whatever it has no column for is None or missing.

    `source` and `id` name it for ever, `key` is how people there call it; a row with neither is
    known by its title. `fields` are those of Hone's that are read as they stand. `state`, `kind`,
    `owner`, `part_of`, `blocked_by` and `blocks` are the source's own words: `mapping` translates
    them. `steps` lead up to the state, oldest first; `finished` is when it was finished. `facts`
    are told on the item's card and nowhere else. `number` is Hone's own, from its own export.

    What a tracker tells is read less: its title and its description are plain text of any length,
    its themes are labels as they are written there, points and cards are any numbers;
    `handlers/sources/live.py` makes all of it fit. And it tells more: `version` orders what was
    read of an item (compared as text, the larger is the later; "" where it has none), `moves` are
    the states that its people may take it to now, `by_hone` says that the last change there was
    Hone's own, and `marker` is what Hone left there when it created the item. `twin` is its key in
    Jira, where it is at home. It writes an owner as `Name <account>` ("" for nobody), and names
    neighbours by their ids.
    """

    line: int = 0
    source: str
    id: str = ""
    key: str = ""
    number: int | None = None
    title: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    kind: str | None = None
    state: str | None = None
    category: str = ""
    resolution: str = ""
    owner: str | None = None
    part_of: str | None = None
    blocked_by: tuple[str, ...] | None = None
    blocks: tuple[str, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None
    finished: datetime | None = None
    steps: tuple[Step, ...] = ()
    rank: str | None = None
    link: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    moves: tuple[str, ...] = ()
    by_hone: bool = False
    marker: str = ""
    twin: str = ""


# --- what a tracker tells of itself ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """Whom Hone is signed in as there; `until` is when its token ends, as far as that is known."""

    id: str
    name: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Something there that a team may follow: a project, a board, a query, a repository."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class FieldHome:
    """Where a field of Hone's is written there: its name for people; `hindrance` says why not.

    `hindrance` is one plain sentence with what an admin there can do, "" where it can be written.
    """

    name: str
    hindrance: str = ""


CARDS = ("ubv", "tc", "rroe", "size")
"""The four cards of a WSJF vote, in Hone's names."""

WRITTEN_FIELDS = (
    "title",
    "owner",
    "due",
    "labels",
    "points",
    "state",
    *CARDS,
    "wsjf",
)
"""Hone's names of all that it ever writes to a known item, in the order of the preview."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What can be written in a scope: Hone's name of a field → its home there.

    A field that is missing has no home there. `creates` says whether items can be put there.
    `numbers` are names of fields that a card could go to instead, as far as people can choose.
    `plans` say whose objectives of a planning interval can be read: the whole scope's, a team's.
    """

    homes: Mapping[str, FieldHome] = field(default_factory=dict)
    creates: bool = True
    numbers: tuple[str, ...] = ()
    plans: tuple[Scope, ...] = ()

    def writes(self, name: str) -> bool:
        home = self.homes.get(name)
        return home is not None and not home.hindrance


@dataclass(frozen=True, slots=True)
class RemotePI:
    """A planning interval there; `ends` is its last day, or the next one's first."""

    id: str
    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class RemoteObjective:
    """An objective there. Values are whole numbers from 0 to 10; None is what it does not tell."""

    id: str
    title: str
    planned: int | None = None
    actual: int | None = None
    committed: bool | None = None


# --- news: what the pull loop brings in as a turn --------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """The connection works: who Hone is there, and what can be followed."""

    account: Account
    scopes: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What can be written in a scope."""

    abilities: Abilities


@dataclass(frozen=True, slots=True)
class Planned:
    """The PI that a scope is in there, or that comes next, and all its objectives of a `plan`.

    Without a `pi` there is none, or `why` says in a sentence why it cannot be read.
    """

    plan: str
    pi: RemotePI | None = None
    objectives: tuple[RemoteObjective, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some items of a scope, at most 25, oldest change first.

    They were read from `cursor_before` on; reading goes on from `cursor`, at once if there is
    `more`. Where the scope's cursor is another by now, somebody else has read on: nothing happens.
    `gone` are ids that exist there no more or belong to another scope now, `restricted` ids that
    Hone must not show. `unsaved` are items that could not be saved, each with an incident's number.
    While items are only counted, a batch is a whole page.
    """

    items: tuple[RemoteItem, ...]
    cursor_before: str
    cursor: str
    more: bool = False
    gone: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    unsaved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """Single items, read because a hook, a person or a sweep named them; the cursor stays.

    Its own scope was asked first: what another one tells has moved there.
    """

    items: tuple[RemoteItem, ...]
    gone: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Swept:
    """All ids of a scope that existed and might be shown, asked for from `since` on.

    What is tracked and not among them, or the other way round, is read singly: a list may lag.
    """

    ids: frozenset[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class Unlinked:
    """All items of a scope are here: some more of them are to be linked with their neighbours."""


Trouble = Literal["later", "silent", "signed out", "not allowed", "gone", "refused", "address"]
"""Why reading failed: its limits, no answer, the token, rights, the scope, its words, the door."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Reading failed. `words` are one plain sentence, `until` when it makes sense to ask again."""

    trouble: Trouble
    words: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person came back from a vendor's page; `why` says in a sentence why nothing came of it.

    What the sign-in opens is kept with it (`storage.sign_ins`).
    """

    sign_in: int
    why: str = ""


News = Checked | Looked | Planned | Batch | Unlinked | Seen | Swept | Failed | SignedIn
