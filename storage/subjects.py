"""What stands on a card, so that a change finds the posts it makes untrue.

A subject names one thing (`item:42`, `poll:7`) or a set that may grow (`backlog:3`, `members:3`).
While a card is drawn, every subject that is read is noted, and sending keeps them beside the post.
A change notes the subjects it touches; at its commit every post that shows one of them is due.

Rows speak for themselves: one that the session loads is shown, one that it writes is changed (see
`Subject`). Whatever goes past the session's objects, such as a compiled statement or a count,
says so with `Repository._shows` and `Repository._marks`. Nobody else keeps a list of what shows
what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Index, inspect
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

WIDE: Final = frozenset(
    {
        *("backlog", "digests", "person", "pis", "plan-votes", "polls", "retros", "teams"),
        *("vectors", "records", "records-at", "accounts", "homes", "focus"),
    }
)
"""Kinds of what many posts show: these are redrawn some at a time, behind everything else."""

CAN_WAIT: Final = frozenset({"digest"})
"""Kinds of what changes in thousands of channels at one minute, while somebody votes in another."""

LASTING: Final = frozenset({"told"})
"""Kinds that a card goes on showing which stays as it is: they change where words must go."""

WORDED: Final = frozenset({"item", "conversation"})
"""Kinds whose words may stand on such a card: of these it goes on showing the words alone."""

FROZEN: Final = "-"
"""How the fingerprint of a post begins that stays as it is, but where words of it must go."""

ANYTHING: Final = "*"
"""What a post shows from its claim until its first card is recorded: each change may concern it."""


class PostSubject(SQLModel, table=True):
    """A post shows a subject, as it was drawn last."""

    __tablename__ = "post_subjects"
    __table_args__ = (Index("ix_post_subjects_subject", "workspace", "subject"),)

    workspace: str = Field(primary_key=True, max_length=100)
    post: str = Field(primary_key=True, max_length=32)
    subject: str = Field(primary_key=True, max_length=400)


class Subject:
    """A table's rows belong to something that cards show."""

    @property
    def subject(self) -> str:
        """What a card shows that was drawn from this row."""
        raise NotImplementedError

    @property
    def touches(self) -> Collection[str]:
        """What a change of this row changes: its subject, and the sets it belongs to."""
        return (self.subject,)


@dataclass(slots=True)
class Shown:
    """What a draw has read so far. `until`: when time alone makes the card say something else."""

    subjects: set[str] = field(default_factory=set)
    until: datetime | None = None
    frozen: bool = False

    def holds_until(self, moment: datetime) -> None:
        """Note that the card says something else from a moment on."""
        self.until = min(self.until or moment, moment)

    @property
    def kept(self) -> frozenset[str]:
        """What the post is drawn again for."""
        return frozenset(self._lasting() if self.frozen else self.subjects)

    def _lasting(self) -> Iterator[str]:
        for subject in self.subjects:
            kind = subject.partition(":")[0]
            if kind in WORDED:
                yield words_of(subject)
            elif kind in LASTING:
                yield subject

    @property
    def fingerprint(self) -> str:
        """What tells this set of subjects from every other one."""
        listed = "\0".join(sorted(self.kept))
        told = blake2b(listed.encode("utf-8", "replace"), digest_size=16).hexdigest()
        return f"{FROZEN}{told}"[: len(told)] if self.frozen else told


def words_of(subject: str) -> str:
    """Return what a card shows that stays as it is, until these words must go."""
    return f"words:{subject}"


ANY_WORDS: Final = words_of(ANYTHING)
"""What a card shows that stays as it is, and was drawn before it noted whose words it shows."""


def is_wide(subject: str) -> bool:
    """Whether many posts may show it."""
    return subject.partition(":")[0] in WIDE


def can_wait(subject: str) -> bool:
    """Whether posts that show it go behind everything else once it has changed."""
    return subject.partition(":")[0] in CAN_WAIT


# --- noted while a session is at work --------------------------------------------------------


def begin_to_draw(session: Session) -> Shown:
    """Note from now on what is read."""
    shown = session.info["shown"] = Shown()
    return shown


def end_of_drawing(session: Session) -> None:
    """Note nothing more."""
    session.info.pop("shown", None)


def shown_in(session: Session) -> Shown | None:
    """Return what the draw has read, or None where nothing is being drawn."""
    shown: Shown | None = session.info.get("shown")
    return shown


def mark(session: Session, subjects: Iterable[str]) -> None:
    """Note that these have changed; `Store.finish` makes due what shows them."""
    session.info.setdefault("marked", set()).update(subjects)


def note_loaded(session: Session, row: object) -> None:
    """Note a row that was read, if anything is being drawn."""
    shown = shown_in(session)
    if shown is not None and isinstance(row, Subject):
        shown.subjects.add(row.subject)


def note_flushed(session: Session) -> None:
    """Note the rows that are about to be written."""
    changed = [
        row for row in session.dirty if isinstance(row, Subject) and session.is_modified(row)
    ]
    written = [row for row in (*session.new, *session.deleted) if isinstance(row, Subject)]
    for row in (*changed, *written):
        mark(session, row.touches)


# --- what a row's `touches` may ask --------------------------------------------------------------


def comes_or_goes(row: SQLModel) -> bool:
    """Whether a row is about to be written for the first time, or deleted."""
    state = inspect(row)
    return not state.persistent or (state.session is not None and row in state.session.deleted)


def is_changed(row: SQLModel, *columns: str) -> bool:
    """Whether one of these columns is about to be written with another value."""
    return any(before(row, name) != getattr(row, name) for name in columns)


def before(row: SQLModel, column: str) -> Any:
    """Return what a column held before this transaction; where it is new, what it holds now."""
    history = inspect(row).attrs[column].history
    return history.deleted[0] if history.deleted else getattr(row, column)
