"""The numbers of a WSJF card, the same for all four columns (SAFe)."""

from __future__ import annotations

from typing import Final

SCALE: Final = (1, 2, 3, 5, 8, 13, 20)
