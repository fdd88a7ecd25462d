"""Follow the tracker a team keeps its work in: connect, preview, read along, write back."""

from __future__ import annotations

from bot.feature import Feature
from handlers.tracker import following, records
from handlers.ui.views import RecordView

FEATURE = Feature(
    name="tracker",
    views={RecordView: records.draw},
    pulled=following.take_in,
    edited=records.edited,
)
