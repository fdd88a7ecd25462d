"""Where one can be in the local room, and what its composer offers to type there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.feature import CommandSpec, Feature
from bot.local.people import DIRECT, Resident
from bot.turn import Place, whose_home

WORKSPACE = "local:room"

CHANNELS = ("checkout-refinement", "payments-team", "search-team", "mobile-team", "your-team")


def place(who: Resident, channel: str | None, thread: str | None = None) -> Place | None:
    """Return the place as it is for `who`; None if it is somebody else's or the room has it not.

    What people do on their own page happens in their chat with Hone.
    """
    if channel == who.home:
        return Place(who.direct_channel, "Hone", private=True)
    if channel == who.direct_channel:
        return Place(channel, "Hone", thread, private=True)
    if channel in CHANNELS:
        return Place(channel, channel, thread)
    return None


def is_own(who: Resident, channel: str) -> bool:
    """Whether what happens there is for `who`: in every channel, and in their own chat and page."""
    private = channel.startswith(DIRECT) or whose_home(channel) is not None
    return not private or channel in (who.direct_channel, who.home)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command the composer offers: its word(s), a whole line to type, and what that does."""

    word: str
    line: str
    what: str


EXAMPLES = (
    Suggestion(
        "/improve",
        "/improve Estimation runs long #estimation @Grace by Friday",
        "Capture an improvement",
    ),
    Suggestion("/wsjf", "/wsjf #1 #2", "Vote as each of the three, then reveal"),
    Suggestion("/themes", "/themes", "See what four teams have in common"),
    Suggestion("/digest preview", "/digest preview", "Read this week's backlog health"),
)
"""What the strip of a first visit offers to try."""


def suggestions(features: Iterable[Feature]) -> tuple[Suggestion, ...]:
    """Return every command and verb of the features, in their order."""
    return tuple(
        suggestion
        for feature in features
        for name, spec in feature.commands.items()
        for suggestion in _of_command(name, spec)
    )


def _of_command(name: str, spec: CommandSpec) -> Iterator[Suggestion]:
    yield Suggestion(f"/{name}", _line(spec.example), spec.what)
    for word, verb in spec.verbs.items():
        yield Suggestion(f"/{name} {word}", _line(verb.example), verb.what)


def _line(example: str) -> str:
    return example if example.startswith("/") else f"/{example}"
