"""What the outbox needs of a platform, and how a platform says that a message did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.cards import Card
from bot.turn import whose_home
from storage.lanes import RateLimits


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes. `thread` is the platform's id of the message it replies to.

    A channel made by `home_of` is a person's own page, which shows one card at a time.
    """

    workspace: str
    channel: str
    thread: str | None = None

    @property
    def home(self) -> str | None:
        """Whose own page this is, or None."""
        return whose_home(self.channel)


class Platform(Protocol):
    """Posts cards and changes them in place. Calls are single attempts: the outbox retries."""

    name: str
    """Prefix of its workspaces: `slack` in `slack:T0001`."""

    rate_limits: RateLimits
    """How much time to leave between calls."""

    async def post(self, to: Address, card: Card) -> str:
        """Show the card and return the platform's id of the message; raises SendError."""
        ...

    async def update(self, to: Address, ref: str, card: Card) -> None:
        """Show the card in place of what the message `ref` showed; raises SendError."""
        ...

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        """Keep the message `ref` in the sight of its channel, or no more; raises SendError.

        A platform that cannot, or may not here, leaves it as it is.
        """
        ...

    async def open_direct(self, workspace: str, person: str) -> str:
        """Return the channel of the one-to-one chat with a person; raises SendError."""
        ...


class SendError(Exception):
    """A message that did not certainly arrive.

    - Throttled: not accepted, come back later
    - Unsure: it may or may not have arrived (time-out, 5xx)
    - Refused: it will never arrive
      - Removed: Hone was taken out of the workspace
    """


ThrottleScope = Literal["channel", "call", "workspace"]
"""What must rest: a channel, calls of the same kind in the workspace, or every call there."""


class Throttled(SendError):
    """Not accepted; ask again after `seconds`."""

    def __init__(self, seconds: float, scope: ThrottleScope = "channel") -> None:
        super().__init__(f"retry after {seconds:g} s")
        self.seconds = seconds
        self.scope = scope


class Unsure(SendError):
    """No answer, or one that does not say. An update may be repeated; a post may show twice."""


class Refused(SendError):
    """Final for the message, for the channel (gone, archived, removed) or for the workspace.

    `reason` is the platform's error code, never what a person typed.
    """

    def __init__(
        self, reason: str, scope: Literal["message", "channel", "workspace"] = "message"
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.scope = scope


class BadToken(Refused):
    """A platform takes none of our calls with the token that stands at `setting`."""

    def __init__(self, reason: str, setting: str) -> None:
        super().__init__(reason, "workspace")
        self.setting = setting


class Removed(Refused):
    """Hone was taken out of the workspace, whether or not its event arrives."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, "workspace")
