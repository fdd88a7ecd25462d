"""Who asks, when and where: all that reading a day or a time depends on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Asked:
    """`now` is aware, `zone` an IANA name and `locale` like `en-US`, all of whoever types.

    `sprint_ends` are the last days of the iteration that runs and of the next one, if the team has
    iterations; `pi_end` is the last day of the planning interval.
    """

    now: datetime
    zone: str = "UTC"
    locale: str = "en"
    sprint_ends: tuple[date, ...] = ()
    pi_end: date | None = None

    @property
    def today(self) -> date:
        """The day where the speaker is."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def month_first(self) -> bool:
        """Whether 5/12 is first of all 12 May: in the United States and where they taught it."""
        return self.locale.replace("_", "-").lower() in ("en", "en-us", "en-ph", "ja", "ja-jp")
