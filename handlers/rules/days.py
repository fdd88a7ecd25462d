"""Days chosen in a form: a calendar offers sensible ones, and a forged answer may be anything."""

from __future__ import annotations

from datetime import date

YEARS = range(2000, 2200)
"""Days that a calendar may mean; beyond them, reckoning with days comes to its ends."""


def chosen_day(answer: str) -> date | None:
    """Return the day that was chosen; raises ValueError with what is wrong."""
    if not answer:
        return None
    shown = f"“{answer[:40]}”"
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        raise ValueError(f"{shown} is not a day of the calendar. Write it as 2026-12-01.") from None
    if day.year not in YEARS:
        raise ValueError(f"{shown} is not a day I can plan with. Please check the year.")
    return day
