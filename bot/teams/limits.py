"""Teams' limits, each with its unit, and the error for going past one."""

from __future__ import annotations

from storage.lanes import RateLimits

RATE_LIMITS = RateLimits(
    message=1.0,
    card=2.5,
    channel=0.55,  # 7 writes a second, 8 in two, 60 in thirty in one conversation
    workspace={
        # 50 requests a second in a tenant, with what people's own turns need.
        "post": 0.04,
        "update": 0.06,
        "chat": 2.0,  # as in one conversation, and 1,800 an hour
    },
)
"""How far apart Hone keeps its calls.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

CARD_MAX_BYTES = 80_000
"""Teams refuses messages of some 100 KB; the rest is left to the envelope around the card."""

ACTIONS_MAX = 6
"""Buttons that Teams shows in one row; it drops further ones without a word."""

REFRESHED_MAX = 60
"""People whose clients may ask for a card of their own; others see what is drawn for all."""

TOAST_MAX_CHARS = 300

COMMANDS_MAX = 12
"""Commands that one of Teams' lists shows."""


class TooBig(ValueError):
    """Teams would refuse the card, or drop a part of it."""
