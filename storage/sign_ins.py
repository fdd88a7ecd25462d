"""Sign-ins on trackers' own pages: asked for by a person, granted there, renewed, given up.

A row begins with the link that a person is sent, lives on as the tokens it brought, and goes once
nobody needs them. Whoever asks the vendor for another token holds a lease first, since a token that
renews can mostly be used once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CheckConstraint, ColumnElement, UniqueConstraint, and_, or_, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.repository import Repository
from storage.subjects import Subject
from storage.types import Json, UTCDateTime, one_of

STATES: Final = ("asked", "granted", "failed", "leaving")
"""A person has the link; the vendor gave tokens; it came to nothing, `why` says how; they are to be
revoked."""

LINK_LIVES: Final = timedelta(minutes=10)
"""How long a person may take from the link to the end of the vendor's page."""

FORGOTTEN_AFTER: Final = timedelta(days=1)
"""How long one is kept for its card from which no connection came."""


class SignIn(Subject, SQLModel, table=True):
    """One sign-in of a person, for a team, at a kind of tracker.

    `ticket` is the secret part of the link, `link` all of it. `begun` is a hash of what the
    browser has to bring back, None before it has left and once it has: it is taken once. `verifier`
    proves that whoever brings the code is who asked for it; like both tokens it is sealed. `site`
    is the one that is wanted ("" for any), `found` are those that the tokens open, each a list of
    its site, its name and what the vendor calls it. `tracker_id` is the connection that came of it.
    `until` is when `access` ends, `ends_at` when nothing renews it any more, as far as is known.
    """

    __tablename__ = "tracker_sign_ins"
    __table_args__ = (
        UniqueConstraint("ticket", name="uq_tracker_sign_ins_ticket"),
        UniqueConstraint("begun", name="uq_tracker_sign_ins_begun"),
        CheckConstraint(one_of("state", STATES), name="ck_tracker_sign_ins_state"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=20)
    site: str = Field(default="", max_length=250)
    team_id: int
    person: str = Field(max_length=200)
    state: str = Field(default="asked", max_length=10)
    why: str = ""
    ticket: str = Field(max_length=64)
    link: str = ""
    begun: str | None = Field(default=None, max_length=64)
    verifier: str = ""
    asked_at: datetime = Field(sa_type=UTCDateTime)
    found: list[Any] = Field(default_factory=list, sa_type=Json)
    tracker_id: int | None = None
    access: str = ""
    refresh: str = ""
    until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"sign_in:{self.id}"

    def is_open(self, now: datetime) -> bool:
        """Tell whether its link still leads to the vendor."""
        return self.state == "asked" and now < self.asked_at + LINK_LIVES


def is_unneeded(now: datetime) -> ColumnElement[bool]:
    """Return that nobody needs a sign-in any more: left, or never chosen; and nobody is at it."""
    led_nowhere = and_(
        col(SignIn.tracker_id).is_(None), col(SignIn.asked_at) <= now - FORGOTTEN_AFTER
    )
    free = or_(col(SignIn.leased_until).is_(None), col(SignIn.leased_until) <= now)
    return and_(or_(col(SignIn.state) == "leaving", led_nowhere), free)


class SignIns(Repository):
    """The workspace's sign-ins."""

    async def ask(
        self, kind: str, site: str, team_id: int, person: str, ticket: str, link: str
    ) -> SignIn:
        """Note that a person was sent a link."""
        row = SignIn(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "sign_in"),
            kind=kind,
            site=site,
            team_id=team_id,
            person=person,
            ticket=ticket,
            link=link,
            asked_at=self._now,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    def ask_again(self, row: SignIn, person: str, ticket: str, link: str) -> None:
        """Give a sign-in that came to nothing another link, on the same card."""
        row.state, row.why, row.begun, row.verifier = "asked", "", None, ""
        row.person, row.ticket, row.link, row.asked_at = person, ticket, link, self._now

    async def find(self, id: int, *, lock: bool = False) -> SignIn | None:
        """Return a sign-in; with `lock` it is read anew and kept from changing."""
        return await self._numbered(SignIn, id, shows=f"sign_in:{id}", lock=lock)

    async def keep_only(self, tracker_id: int, kept: int) -> None:
        """Forget the tokens of a connection's other sign-ins, now that another way in works.

        0 keeps none: it is a token that was entered. Their cards show how the connection stands.
        """
        for row in await self._of(tracker_id):
            if row.state == "granted" and row.id != kept:
                row.state, row.access, row.refresh = "failed", "", ""

    async def leave(self, tracker_id: int) -> None:
        """Have a connection's tokens revoked, soon: it is not followed any more."""
        for row in await self._of(tracker_id):
            row.state, row.tracker_id, row.link = "leaving", None, ""

    async def unneeded(self, id: int) -> SignIn | None:
        """Return a sign-in, kept from changing, if nobody needs it now."""
        row: SignIn | None = await self._session.scalar(
            select(SignIn)
            .where(
                col(SignIn.workspace) == self._workspace,
                col(SignIn.id) == id,
                is_unneeded(self._now),
            )
            .with_for_update()
        )
        return row

    async def _of(self, tracker_id: int) -> Sequence[SignIn]:
        rows = await self._session.scalars(
            select(SignIn).where(
                col(SignIn.workspace) == self._workspace, col(SignIn.tracker_id) == tracker_id
            )
        )
        return rows.all()

    async def forget(self, row: SignIn) -> None:
        await self._session.delete(row)
        await self._session.flush()
