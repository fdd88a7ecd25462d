"""A look at the cards sees whatever was changed, though it draws few of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.router import Router
from storage import Database
from tests.hone import Hone


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """PostgreSQL draws each card, as the driver always did."""
    return sqlite_url


async def change(database: Database, statement: str) -> None:
    """Change something past Hone, so that no card hears of it."""
    async with database.engine.begin() as connection:
        await connection.execute(text(statement))


async def test_a_card_is_stale_when_any_row_of_it_says_something_else(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("improve Reviews take a week")
    title = "UPDATE items SET title = '{}' WHERE number = 2"
    await change(hone.database, title.format("Nobody reviews"))
    [stale] = await hone.stale_cards()
    assert "Reviews take a week" in stale
    assert "Nobody reviews" in stale
    await change(hone.database, title.format("Reviews take a week"))
    assert await hone.stale_cards() == []


async def test_only_what_reads_otherwise_is_drawn(
    hone: Hone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = hone.person("Ada")
    for what in ("Builds take forty minutes", "Reviews take a week"):
        await ada.says(f"improve {what}")
    drawn = []
    draw = Router.draw

    async def noting(self: Router, *args: object) -> object:
        drawn.append(args[1])
        return await draw(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Router, "draw", noting)
    assert await hone.stale_cards() == []
    assert drawn == []
    hone.now += timedelta(seconds=1)
    await hone.stale_cards()
    assert len(drawn) == 2, "a card may tell what time it is"
