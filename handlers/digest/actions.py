"""What people can do with a digest, and the posts it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@view("digest.week")
@dataclass(frozen=True, slots=True)
class DigestView(View):
    """A channel's digest of one ISO week, as it was told then, with its asks as they stand now."""

    channel: str
    week: str
    level: str = "team"


@view("digest.details")
@dataclass(frozen=True, slots=True)
class DetailsView(View):
    """The small print in the digest's thread."""

    channel: str
    week: str
    level: str = "team"


@action("digest.open")
@dataclass(frozen=True, slots=True)
class OpenAsk(Action):
    """Open the form that answers an ask: `kind` is assign or drop; old cards also say refine."""

    kind: str
    number: int
    channel: str
    week: str
    level: str = "team"


@action("digest.answer")
@dataclass(frozen=True, slots=True)
class AnswerAsk(Action):
    """Do what the form says."""

    kind: str
    number: int
    channel: str
    week: str
    level: str = "team"


@action("digest.snooze")
@dataclass(frozen=True, slots=True)
class Snooze(Action):
    """Leave an item in peace for a while."""

    number: int
    channel: str
    week: str
    level: str = "team"


@action("digest.on")
@dataclass(frozen=True, slots=True)
class OpenSchedule(Action):
    """Open the form that turns a channel's digest on; a private answer may stand elsewhere."""

    channel: str
    level: str = "team"


@action("digest.scheduled")
@dataclass(frozen=True, slots=True)
class SaveSchedule(Action):
    """Turn the channel's weekly digest on as the form says."""

    channel: str
    level: str = "team"


@action("digest.read")
@dataclass(frozen=True, slots=True)
class ReadNow(Action):
    """Show the digest as it would be now, to the person alone."""


@action("digest.stop")
@dataclass(frozen=True, slots=True)
class StopMine(Action):
    """Stop the weekly digest in the person's own chat."""
