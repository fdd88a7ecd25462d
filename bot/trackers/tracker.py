"""What Hone needs of a tracker, and how one says that something did not work.

A `Tracker` is to the pull loop what a `Platform` is to the outbox: single attempts, no memory, no
transaction. It speaks the words of `bot.remote`; only `app.py` knows which there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

from bot.records import Record
from bot.remote import Abilities, Account, Planned, RemoteItem, Scope
from bot.trackers.kinds import called_in

PAGE_ITEMS_MAX = 100
"""A page is saved in batches; killed between two of them, it is read once more."""


class Bearer(Protocol):
    """Tokens that live for an hour or so, of somebody who signed in on the vendor's page."""

    async def token(self, refused: str = "") -> str:
        """Return one that is good for the next minutes, and not the one that was `refused`.

        Raises SignedOut once nothing renews them, and Silent.
        """
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """How Hone gets in: the site's address, and what its `Kind` asks for, unsealed.

    `workspace` is whose connection it is: the sample tracker lives in it. Where somebody signed in
    on the vendor's page, `bearer` has the tokens.
    """

    site: str
    given: Mapping[str, str]
    workspace: str = ""
    bearer: Bearer | None = None

    @property
    def called(self) -> Mapping[str, str]:
        """What people said the homes of cards are called there: Hone's field → a name, or ""."""
        return called_in(self.given)


@dataclass(frozen=True, slots=True)
class Page:
    """Items that changed, oldest change first; the same page may be read twice.

    `cursor` is where to go on; `more` says that there is more already. `gone` and `restricted` are
    ids, as in `bot.remote.Batch`.
    """

    items: tuple[RemoteItem, ...]
    cursor: str
    more: bool = False
    gone: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ids:
    """Some ids that exist in a scope and may be shown; `cursor` is "" behind the last."""

    ids: frozenset[str]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A single item that is not to be shown: it is restricted, or not there (any more)."""

    restricted: bool = False


NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Written:
    """What stands there now. `left_out` are fields it would not take, each with a plain sentence.

    `version` is the item's new one, where the tracker tells.
    """

    id: str
    key: str
    link: str
    version: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)


class Tracker(Protocol):
    """One site of a tracker, with somebody's access to it. Every call raises TrackerError."""

    kind: str
    source: str
    """What its items are known by for ever, such as `jira:acme.atlassian.net`."""

    signs: str
    """Where it says whose decision a score is, for people; "" where it has no place for that."""

    leads_back: str
    """Where it keeps the way back to Hone, for people."""

    async def account(self) -> Account:
        """Return whom Hone is there; fails where its token is not good enough to read."""
        ...

    async def scopes(self) -> tuple[Scope, ...]:
        """Return what can be followed, in the order people there see it."""
        ...

    async def abilities(self, scope: str) -> Abilities:
        """Return what can be written in a scope; asked before anything is, and never tried out."""
        ...

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return what changed in a scope behind `cursor`; "" is the beginning.

        Asks again for the last minutes: a search there may lag behind. Items come with their
        history, so that times are true from the first day.
        """
        ...

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        """Return a single item afresh."""
        ...

    async def ids(self, scope: str, cursor: str) -> Ids:
        """Return some of the scope's ids, for the nightly sweep."""
        ...

    async def find(self, scope: str, marker: str) -> Written | None:
        """Return the item that was created with a marker, None if there is none (yet)."""
        ...

    async def create(self, scope: str, record: Record) -> Written:
        """Create an item that carries the record's marker."""
        ...

    async def write(self, scope: str, record: Record) -> Written:
        """Change a known item; twice is as once. The whole set of cards is written, or none."""
        ...


@runtime_checkable
class Plans(Protocol):
    """A tracker that keeps planning intervals, too; `Abilities.plans` lists whose objectives."""

    async def planned(self, scope: str, plan: str, pi: str, now: datetime) -> Planned:
        """Return a PI with all its objectives of a plan: the one of an id, "" the current one."""
        ...


Opens = Callable[[str, Access], Tracker]
"""Makes the tracker of a kind for somebody's access; raises BadAddress."""


class ReadHook(Protocol):
    """Reads what a tracker sends that calls Hone when something changes: a hint, no more."""

    def __call__(
        self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime
    ) -> frozenset[str]:
        """Return the ids a delivery names; raises Forged. Nothing else in it is believed.

        The names of `headers` are in lower case.
        """
        ...


class Forged(Exception):
    """A delivery whose signature, secret or time is wrong."""


class TrackerError(Exception):
    """A call to a tracker that did not work. Its text is one plain sentence for people.

    - NotNow: its limits; come back at a time
    - Silent: no answer, or 5xx; a write may have taken effect
    - Unreadable: an answer that is none: HTML for JSON, more than 8 MiB
    - SignedOut: the token is not accepted (any more)
    - NotAllowed: the token has no right to this
    - Missing: the scope or the item is not there
    - Rejected: the tracker refused a value, in its words, cleaned
    - Outdated: the item is not in the version any more that was to be changed
    - BadAddress: an address Hone does not go to
    """

    def __init__(self, words: str) -> None:
        """Make a sentence of a tracker's own words, which often end in the open."""
        super().__init__(words if words.endswith((".", "!", "?", "…")) else f"{words}.")


class NotNow(TrackerError):
    def __init__(self, words: str, until: datetime) -> None:
        super().__init__(words)
        self.until = until


class Silent(TrackerError):
    pass


class Unreadable(TrackerError):
    pass


class SignedOut(TrackerError):
    pass


class NotAllowed(TrackerError):
    pass


class Missing(TrackerError):
    pass


class Rejected(TrackerError):
    def __init__(self, words: str, data: object = None) -> None:
        super().__init__(words)
        self.data = data
        """The tracker's whole answer: some name the fields they did not take."""


class Outdated(TrackerError):
    pass


class BadAddress(TrackerError):
    pass
