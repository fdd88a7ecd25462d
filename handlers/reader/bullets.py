"""What stands before the points of a list that people paste."""

from __future__ import annotations

from typing import Final

BOX: Final = r"(?:\[[ xX✓]?\]|[☐☑☒✅✔]\ufe0f?)"
"""A box that is ticked, or is to be: a pattern."""
