"""People chosen in a form. Only whom the platform named counts; a forged answer may be anything."""

from __future__ import annotations

from storage import Store


async def unlisted(store: Store, field: str, person: str | None) -> dict[str, str]:
    """Return the field's error if somebody is chosen whom nobody here has met, else nothing."""
    if not person or await store.people.find(person):
        return {}
    return {field: "Choose a person from the list."}
