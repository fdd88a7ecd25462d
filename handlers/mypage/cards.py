"""A person's own page: four short lists, the most urgent first, each with a way to see the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.cards import (
    Button,
    Buttons,
    Card,
    Node,
    Span,
    Typed,
    When,
    heading,
    says,
    subtle,
    text,
)
from bot.feature import OnPage, Reader, Section
from handlers.mypage.actions import Redraw
from handlers.rules.access import Permission, may
from handlers.ui.actions import OpenNew, OpenStart

MOST: Mapping[Section, int] = {"focus": 4, "votes": 4, "asked": 4, "items": 6}
"""Entries shown of each section: with their buttons they fit one message of Slack."""

TITLES: Mapping[Section, str] = {
    "focus": "What we improve now",
    "votes": "Votes waiting for you",
    "asked": "You were asked",
    "items": "Your items",
    "digest": "Your digest",
}
REST: Mapping[Section, tuple[Span, ...]] = {
    "focus": (),
    "votes": (" Type ", Typed("wsjf"), " where the team talks."),
    "asked": (" They come up as you answer these.",),
    "items": (" See them all: ", Typed("backlog mine")),
}
"""Where the entries are that a section leaves out."""

_LAST = datetime.max.replace(tzinfo=UTC)


def page(reader: Reader, parts: Sequence[OnPage], *, copied_at: datetime | None = None) -> Card:
    """Draw the page from what each feature has for the reader.

    `copied_at` is given for a copy that will not change by itself.
    """
    counts = {section: _count(section, parts) for section in TITLES}
    title = _title(counts)
    nodes: list[Node] = [heading(title), *_section("focus", parts, counts["focus"])]
    if not any(counts[section] for section in ("votes", "asked", "items")):
        nodes += _nothing(reader)
    for section in ("votes", "asked", "items", "digest"):
        nodes += _section(section, parts, counts[section])
    if copied_at is not None:
        nodes += [
            subtle("As it was on ", When(copied_at, reader.zone), "."),
            Buttons((Button("Show it as it is now", Redraw()),)),
        ]
    return Card(title, tuple(nodes))


def _count(section: Section, parts: Sequence[OnPage]) -> int:
    shown = sum(entry.section == section for part in parts for entry in part.entries)
    return shown + sum(part.more.get(section, 0) for part in parts)


def _section(section: Section, parts: Sequence[OnPage], count: int) -> list[Node]:
    entries = [entry for part in parts for entry in part.entries if entry.section == section]
    if not entries:
        return []
    if section != "digest":  # its last entry is not a digest, but what can be done with them all
        entries.sort(key=lambda entry: entry.by or _LAST)
        entries = entries[: MOST[section]]
    nodes: list[Node] = [heading(TITLES[section])]
    nodes += [node for entry in entries for node in entry.nodes]
    if left := count - len(entries):
        nodes.append(subtle(f"+ {left} more.", *REST[section]))
    return nodes


def _nothing(reader: Reader) -> list[Node]:
    first = reader.name.split()[0] if reader.name.split() else "there"
    log = Button("Log improvement", OpenNew(), "primary", opens_form=True)
    vote = Button("Start a vote", OpenStart(), opens_form=True)
    may_start = may(reader, Permission.START_VOTE)
    return [
        text(f"Nothing waits for you, {first}."),
        text("Something should get better? Type ", Typed("improve Estimation runs long"), "."),
        text("To see what the team has open: ", Typed("backlog")),
        Buttons((log, vote) if may_start else (log,)),
    ]


def _title(counts: Mapping[Section, int]) -> str:
    """Return `Your page: 1 vote, 2 questions, 7 items`; what is not there is not named."""
    names: Mapping[Section, str] = {"votes": "vote", "asked": "question", "items": "item"}
    parts = [
        f"{counts[section]} {name}{'s' if counts[section] > 1 else ''}"
        for section, name in names.items()
        if counts[section]
    ]
    return f"Your page: {', '.join(parts)}" if parts else "Your page"


def moved() -> Card:
    return says("Your page stands further down now.")


def gone() -> Card:
    return says("There is no such page here.")
