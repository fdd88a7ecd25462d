"""Views that several features show or refresh: any change of an item redraws its card."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import View, view


@view("capture.item")
@dataclass(frozen=True, slots=True)
class ItemView(View):
    """One item's live card; drawn by capture."""

    number: int
