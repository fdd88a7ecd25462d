"""What people do in a retro, for the stories that need one."""

from __future__ import annotations

from bot.cards import Choice
from tests.hone import Someone


async def writes(person: Someone, **notes: str | tuple[str, ...]) -> None:
    """Add notes: c0, c1 … are the columns; `unsigned=("on",)` leaves the name out."""
    await person.clicks("Add a note")
    await person.fills(notes)


async def gives(person: Someone, group: str, dots: int) -> None:
    """Give dots to the group whose label ends like this."""
    await person.clicks("Give my dots")
    assert person.form is not None
    field = next(f for f in person.form.fields if isinstance(f, Choice) and f.label.endswith(group))
    await person.fills({field.id: str(dots)})
