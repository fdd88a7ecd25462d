"""The words of a message that stand in its HTML, its cards or its files, not in its text.

What can be pressed or filled in says nothing about the message, so it is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.html import Attrs, HtmlReader
from bot.links import link_words
from bot.teams.shapes import as_list, as_text
from bot.text import clean, end_of_whole

WORDS_MAX_CHARS = 12_000
"""More than a card can hold that people still read."""

DEPTH_MAX = 12
"""Containers in columns in containers."""

CONTENT_MAX_CHARS = 200_000
"""A card that comes as JSON in a text; Teams takes no card of half the size."""

_HTML = "text/html"
_UNNAMED = "image"
"""What Teams calls a picture that nobody named."""

_INSIDE = ("body", "items", "columns", "rows", "cells", "pages", "sections")
_TEXTS = (
    "title",
    "activityTitle",
    "subtitle",
    "activitySubtitle",
    "text",
    "activityText",
    "codeSnippet",
    "originalMessageContent",
    "messagePreview",
)
_MARKDOWN = re.compile(
    r"\*\*|__|(?<!\w)([*_])(?=\S)([^*_\n]+)(?<=\S)\1(?!\w)|^#{1,6} ", re.MULTILINE
)
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,2000})\)")
_MOMENT = re.compile(r"\{\{(?:DATE|TIME)\(([^(),{}]{1,40})[^(){}]{0,20}\)\}\}")


def message_words(message: Mapping[str, Any], *, files: bool = True) -> str:
    """Return what a reader of the message's attachments sees, line by line; `files` by name."""
    lines = _Lines()
    for attachment in _dicts(message.get("attachments")):
        content, before = attachment.get("content"), lines.count
        if attachment.get("contentType") == _HTML:
            lines.add(plain_text(as_text(content)))
        else:
            lines.take(_object(content))
        if files and lines.count == before:
            lines.add(as_text(attachment.get("name")))
    return lines.said


class _Lines:
    """The lines of a card, as far as they fit."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._room = WORDS_MAX_CHARS

    @property
    def said(self) -> str:
        return "\n".join(self._lines)

    @property
    def count(self) -> int:
        return len(self._lines)

    def add(self, line: str) -> None:
        line = clean(line[: end_of_whole(line, self._room)])
        if line:
            self._lines.append(line)
            self._room -= len(line)

    def take(self, element: Mapping[str, Any], depth: int = 0) -> None:
        """Read an Adaptive Card, one of the older cards, or anything that stands in one."""
        kind = as_text(element.get("type"))
        hidden = element.get("isVisible") is False or kind.startswith(("Action", "Input."))
        if hidden or depth > DEPTH_MAX:
            return
        before = self.count
        for key in _TEXTS:
            self.add(_shown(as_text(element.get(key))))
        self.add("".join(map(_run, as_list(element.get("inlines")))))
        for fact in _dicts(element.get("facts")):
            names = (fact.get(key) for key in ("title", "name", "key", "value"))
            self.add(": ".join(_shown(each) for each in map(as_text, names) if each))
        for key in _INSIDE:
            for part in _dicts(element.get(key)):
                self.take(part, depth + 1)
        if self.count == before and not depth:
            self.add(
                _shown(as_text(element.get("fallbackText")) or as_text(element.get("summary")))
            )


def _run(inline: object) -> str:
    return inline if isinstance(inline, str) else as_text(_object(inline).get("text"))


def _shown(text: str) -> str:
    """Return a card's text without the markdown, the tags and the dates that Teams would draw."""
    text = _MOMENT.sub(r"\1", _LINK.sub(lambda found: link_words(found[2], found[1]), text))
    text = _MARKDOWN.sub(lambda found: found[2] or "", text)
    return plain_text(text.replace("\n", "<br>")) if "<" in text or "&" in text else text


# --- HTML ------------------------------------------------------------------------------------


def plain_text(html: str) -> str:
    """Return what a reader of the HTML sees: words, line breaks and the names of pictures."""
    reader = _Words()
    reader.read(html)
    lines = "".join(reader.words).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


class _Words(HtmlReader):
    BREAKS = frozenset(("p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3", "pre"))
    HIDDEN = frozenset(("script", "style", "attachment", "template"))

    def __init__(self) -> None:
        self.words: list[str] = []
        self._hidden = 0
        self._link = ("", 0)
        """The address of the link that is open, and how many words stood before it."""

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        self._hidden += tag in self.HIDDEN
        if tag in self.BREAKS:
            self.words.append("\n")
        if tag in ("img", "emoji"):
            name = dict(attrs).get("alt") or ""
            self.words.append("" if name.casefold() == _UNNAMED else name)
        if tag == "a":
            self._link = dict(attrs).get("href") or "", len(self.words)

    def handle_startendtag(self, tag: str, attrs: Attrs) -> None:
        if tag not in self.HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self.HIDDEN and self._hidden > 0
        if tag in self.BREAKS:
            self.words.append("\n")
        address, begin = self._link
        if tag == "a" and address.startswith(("https://", "http://", "mailto:", "tel:")):
            label = " ".join("".join(self.words[begin:]).split())
            self.words[begin:] = [link_words(address, label)]
            self._link = "", 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            # In HTML a line break in the source is a space.
            self.words.append(data.replace("\n", " "))


# --- shapes ----------------------------------------------------------------------------------


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    yield from (each for each in as_list(value) if isinstance(each, dict))


def _object(value: object) -> dict[str, Any]:
    """Return an object, also one that comes as JSON in a text."""
    if isinstance(value, str) and len(value) <= CONTENT_MAX_CHARS:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}
