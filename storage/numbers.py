"""Numbers that people and buttons name rows by. What no row can have is not looked for.

PostgreSQL refuses a whole transaction for one that its column cannot hold.
"""

from __future__ import annotations

from typing import Final

NUMBER_MAX: Final = 2**31 - 1


def is_number(number: int) -> bool:
    """Tell whether a row could have this number."""
    return 0 < number <= NUMBER_MAX
