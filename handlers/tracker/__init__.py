"""Follow the tracker a team keeps its work in: connect, preview, read along, write back."""

from __future__ import annotations

from bot.feature import Feature
from handlers.tracker import putting, records
from handlers.ui.actions import (
    LeaveHere,
    OpenMoveThere,
    OpenPut,
    PutThere,
    SaveMoveThere,
    SavePut,
    WriteAgain,
)
from handlers.ui.views import RecordView

FEATURE = Feature(
    name="tracker",
    actions={
        PutThere: putting.put,
        OpenPut: putting.open_put,
        SavePut: putting.save_put,
        LeaveHere: putting.leave,
        OpenMoveThere: putting.open_move,
        SaveMoveThere: putting.save_move,
        WriteAgain: putting.again,
    },
    views={RecordView: records.draw},
    edited=records.edited,
)
