"""People's own pages: who has one, and when it is drawn anew.

A page is a live view like a card in a channel, kept only for those who have opened theirs. Whatever
a person does redraws their page; what others do to something of theirs passes here. News of a whole
team goes through a timer, so that a few hundred pages never hold up the turn that caused it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from storage.people import Membership, PersonRow
from storage.posts import Posts
from storage.scope import Scope
from storage.teams import Team
from storage.timers import Timers

NEWS = "page.news"
"""The timer that redraws a team's pages; see `news_key`."""


class Pages(Scope):
    async def remember(self, person: str, view: str) -> None:
        """Keep this view true for the person from now on, wherever it stands."""
        await self._session.execute(
            update(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.id) == person)
            .values(page=view)
        )

    async def news(self, *people: str | None) -> None:
        """Redraw the pages of these people, once for a turn however much it changes."""
        told: set[str] = self._session.info.setdefault("page_news", set())
        new = [person for person in dict.fromkeys(people) if person and person not in told]
        told.update(new)
        if not new:
            return
        pages = await self._session.scalars(_PAGES, {"workspace_": self._workspace, "of": new})
        views = [page for page in pages if page]
        await Posts(self._session, self._workspace, self._now).refresh_each(views)

    async def team_news(self, team_id: int) -> None:
        """Redraw the pages of everybody in the team, soon."""
        timers = Timers(self._session, self._workspace, self._now)
        await timers.set(NEWS, news_key(team_id), self._now)

    async def train_news(self, train_id: int) -> None:
        """Redraw the pages of everybody in the train, soon."""
        teams = await self._session.scalars(
            select(col(Team.id))
            .where(col(Team.workspace) == self._workspace, col(Team.train_id) == train_id)
            .order_by(col(Team.id))
        )
        for team in teams:
            await self.team_news(team)

    async def of_team(self, team_id: int, limit: int, after: str = "") -> Sequence[tuple[str, str]]:
        """Return (person, page) of a team's members who have one, in order, from behind `after`."""
        rows = await self._session.execute(
            select(col(PersonRow.id), col(PersonRow.page))
            .join(
                Membership,
                (col(Membership.workspace) == col(PersonRow.workspace))
                & (col(Membership.person) == col(PersonRow.id)),
            )
            .where(
                col(Membership.workspace) == self._workspace,
                col(Membership.team_id) == team_id,
                col(PersonRow.page).is_not(None),
                col(PersonRow.id) > after,
            )
            .order_by(col(PersonRow.id))
            .limit(limit)
        )
        return [(person, page) for person, page in rows if page]


_PAGES = select(col(PersonRow.page)).where(  # built once: most turns tell somebody's page
    col(PersonRow.workspace) == bindparam("workspace_"),
    col(PersonRow.id).in_(bindparam("of", expanding=True)),
    col(PersonRow.page).is_not(None),
)


def news_key(team_id: int, after: str = "") -> str:
    """Return the timer's key: a team, and the person up to whom its pages are done."""
    return f"{team_id}:{after}"
