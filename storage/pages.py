"""People's own pages: who has opened theirs, and what it shows."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from storage.people import PersonRow
from storage.repository import Repository


class Pages(Repository):
    async def remember(self, person: str, view: str) -> None:
        """Note which view is the person's own page."""
        await self._session.execute(
            update(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.id) == person)
            .values(page=view)
        )
