"""Follow the tracker a team keeps its work in: connect, preview, read along, write back."""

from __future__ import annotations

from bot.feature import Feature
from handlers.tracker import records
from handlers.ui.views import RecordView

FEATURE = Feature(
    name="tracker",
    views={RecordView: records.draw},
    edited=records.edited,
)
