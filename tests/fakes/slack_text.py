"""What Slack makes of what people type."""

from __future__ import annotations

import html
import re

from tests.fakes.slack import BOT_USER

EMOJI = {
    "😢": ":cry:",
    "🙏": ":pray:",
    "👍🏼": ":+1::skin-tone-3:",
    "🇩🇪": ":flag-de:",
    "👨\u200d👩\u200d👧": ":man-woman-girl:",
    "❤\ufe0f": ":heart:",
    "👋": ":wave:",
}
"""Some of the names that Slack sends for emoji, whether they were typed or chosen."""

_ADDRESS = re.compile(
    r"(?<![\w@/.|-])(?:https?://)?[\w-]+(?:\.[\w-]+)*\.(?:md|com|example)\b(?:/\w+)*"
)


def sent(text: str) -> str:
    """Return what Slack makes of what a person types; `<@U1>` in `text` stays a mention.

    It escapes three characters, names emoji, makes mentions of its app's name, and a link of
    whatever looks like an address.
    """
    text = text if re.search("<(@|#|!subteam)", text) else html.escape(text, quote=False)
    for drawn, name in EMOJI.items():
        text = text.replace(drawn, name)
    return _ADDRESS.sub(_linked, text.replace("@Hone", f"<@{BOT_USER}>"))


def _linked(found: re.Match[str]) -> str:
    typed = found[0]
    return f"<{typed}>" if "://" in typed else f"<http://{typed}|{typed}>"
