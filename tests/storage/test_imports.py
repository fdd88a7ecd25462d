"""Items of another tool are found by their titles, whatever a database makes of capitals."""

from __future__ import annotations

from datetime import UTC, datetime

from storage import Database, Store
from storage.imports import NewItem

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG = "An item that says it all, " * 115

TITLES = {1: "Pay", 2: "ÄRGER mit Rechnungen", 3: "İptal butonu yok", 4: LONG, 5: f"{LONG}!"}


async def test_titles_are_found_in_any_letters_and_of_any_length(database: Database) -> None:
    workspace = "test:titles"

    async def write(store: Store) -> None:
        new = [(n, NewItem(NOW, NOW, (), {"title": title})) for n, title in TITLES.items()]
        await store.imports.add(1, new)

    await database.write(workspace, NOW, write)
    async with database.read(workspace, NOW) as store:
        for wanted, numbers in {
            "Pay": [1],
            "PAY": [1],
            "ärger mit Rechnungen": [] if database.is_sqlite else [2],
            "ÄRGER mit Rechnungen": [2],
            "İptal butonu yok": [3],
            LONG: [4, 5],  # whoever asks compares
            "Owe": [],
        }.items():
            found = await store.imports.titled(1, [wanted, "Something else"])
            assert sorted(number for number, _ in found) == numbers, wanted
        assert await store.imports.titled(2, ["Pay"]) == []
