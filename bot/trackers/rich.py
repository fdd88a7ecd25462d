"""Text with a form, as trackers keep it, and the plain text that Hone keeps: HTML, and documents.

Of Markdown and its kin only that is kept off which does something: whoever wrote `@grace`, `#12` or
`/close` meant people and items of their chat, and not of the tracker.
Documents are Atlassian's: https://developer.atlassian.com/cloud/jira/platform/apis/document/.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bot.text import words_of_document as words_of_document
from bot.text import words_of_html as words_of_html

_CALLS = re.compile(r"(?<![\w/=?.-])(?:[@#!&]|\[~)(?=\w)|^[ \t]*/(?=\w)", re.MULTILINE)
_APART = "\u200b"
"""Nobody sees it, and Hone does not read it back."""


def inert(words: str) -> str:
    """Return words that call nobody, link nothing and give no order where Markdown is read."""
    return _CALLS.sub(lambda sign: f"{sign[0]}{_APART}", words)


def as_html(words: str) -> str:
    """Return plain text as HTML that shows it."""
    return "<br>".join(escape(each) for each in words.split("\n"))


def document_of(words: str) -> dict[str, Any]:
    """Return plain text as a document, a paragraph for each that an empty line parts."""
    return {
        "type": "doc",
        "version": 1,
        "content": [_paragraph(each) for each in words.split("\n\n") if each.strip()],
    }


def _paragraph(words: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for each in words.strip().split("\n"):
        if content:
            content.append({"type": "hardBreak"})
        if each:
            content.append({"type": "text", "text": each})
    return {"type": "paragraph", "content": content}
