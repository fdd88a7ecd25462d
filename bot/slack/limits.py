"""Slack's published limits, each with its unit, and the error for going past one."""

from __future__ import annotations

from storage.lanes import RateLimits

RATE_LIMITS = RateLimits(
    message=1.1,  # chat.postMessage: one a second in a channel
    card=2.0,
    workspace={
        "post": 0.25,  # chat.postMessage: "several hundred" a minute, the number is not published
        "update": 1.25,  # chat.update, tier 3: 50 a minute
        "home": 0.625,  # views.publish, tier 4: 100 a minute
        "chat": 1.25,  # conversations.open, tier 3
    },
)
"""How far apart Hone keeps its calls; each count a minute leaves some room for a late answer.

https://docs.slack.dev/apis/web-api/rate-limits
"""

MESSAGE_TEXT_MAX_CHARS = 4_000
MESSAGE_MAX_BLOCKS = 50
MESSAGE_MAX_TABLES = 1
MESSAGE_MAX_CHARTS = 2
MESSAGE_BLOCKS_MAX_CHARS = 13_000
"""All texts of a message's blocks together; Slack refuses somewhere past 13,200."""

HEADER_MAX_CHARS = 150
CONTEXT_MAX_ELEMENTS = 10
TEXT_OBJECT_MAX_CHARS = 3_000
URL_MAX_CHARS = 3_000

ACTIONS_MAX_BUTTONS = 25
BUTTON_LABEL_MAX_CHARS = 75
BUTTON_HINT_MAX_CHARS = 75
BUTTON_VALUE_MAX_CHARS = 2_000
CONFIRM_TITLE_MAX_CHARS = 100
CONFIRM_TEXT_MAX_CHARS = 300
CONFIRM_CHOICE_MAX_CHARS = 30

TABLE_MAX_ROWS = 100
TABLE_MAX_COLUMNS = 20
TABLE_MAX_CHARS = 10_000

CHART_TITLE_MAX_CHARS = 50
CHART_LABEL_MAX_CHARS = 20
CHART_MAX_POINTS = 20
CHART_MAX_SERIES = 6

HOME_MAX_BLOCKS = 100
MODAL_MAX_BLOCKS = 100
MODAL_TITLE_MAX_CHARS = 24
MODAL_BUTTON_MAX_CHARS = 24
PRIVATE_METADATA_MAX_CHARS = 3_000
BLOCK_ID_MAX_CHARS = 255
LABEL_MAX_CHARS = 2_000
HINT_MAX_CHARS = 2_000
PLACEHOLDER_MAX_CHARS = 150
INPUT_MAX_CHARS = 3_000
OPTION_LABEL_MAX_CHARS = 75
OPTION_VALUE_MAX_CHARS = 150
MENU_MAX_OPTIONS = 100
OVERFLOW_MAX_OPTIONS = 5
CHECKBOXES_MAX_OPTIONS = 10


class TooBig(ValueError):
    """A card or form goes past a limit of Slack. Its feature must page or shorten it."""


def fits(what: str, size: int, limit: int) -> None:
    """Raise TooBig when `size` is past `limit`; the message holds no words of people."""
    if size > limit:
        raise TooBig(f"{what}: {size}, and Slack takes {limit}")


def short(what: str, text: str, limit: int) -> str:
    """Return the text when it has at most `limit` characters; raises TooBig."""
    fits(f"characters of a {what}", len(text), limit)
    return text
