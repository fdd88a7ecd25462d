"""How much people may write, of an item above all: the same from a form, a retro and a file."""

from __future__ import annotations

from typing import Final

TITLE_MAX_CHARS: Final = 3_000
"""What a field of Slack takes. Lists and cards show its beginning."""

DETAILS_MAX_CHARS: Final = 3_000
EXPERIMENT_MAX_CHARS: Final = 700
"""With its metric, eight of them fit into the questions of one morning."""

METRIC_MAX_CHARS: Final = 300
VALUE_MAX_CHARS: Final = 80
"""Where a metric stands, where it should get to, and where it got: a number with its unit."""

REASON_MAX_CHARS: Final = 300
"""Why something is put off, sent back or set aside."""


OBJECTIVES_MAX: Final = 20
"""Objectives of one team in one PI; SAFe finds seven to ten plenty."""


def too_long(words: str, most: int) -> str:
    """Return what is wrong with words that are longer than `most`, "" if they are not."""
    if len(words) <= most:
        return ""
    return f"That is {len(words):,} characters; at most {most:,} fit."
