"""The words of a message wherever they stand: its text, its blocks, its attachments or its files.

Apps often put everything into blocks and leave the text empty, or let Slack fill it. What can be
pressed or chosen says nothing about the message, so the labels of buttons and menus are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.links import link_words
from bot.slack.emoji import emoji
from bot.slack.read import Names, date_words, words
from bot.slack.spans import Json
from bot.text import clean, end_of_whole

WORDS_MAX_CHARS = 12_000
"""About what one message of blocks can say; more is somebody else's document."""

DEPTH_MAX = 8
"""Containers in containers, lists in lists."""

PLACEHOLDERS = frozenset(
    (
        "this content can't be displayed",
        "this message contains interactive elements",
        "[no preview available]",
    )
)
"""What Slack shows in place of a text that is not there."""

_EMPHASIS = re.compile(r"(?<!\w)([*_~])(?=\S)([^*_~\n]+)(?<=\S)\1(?!\w)")
"""Bold, italic or struck out: in another app's block people saw the words, not the signs."""

_MARKDOWN = re.compile(r"^#{1,6} |\*\*|__|^```\w*$", re.MULTILINE)

_TEXTS_OF_A_BLOCK = ("title", "rich_text_title", "subtitle", "text", "body", "description")
_WORDLESS = frozenset(("actions", "context_actions", "input", "divider"))


def message_words(message: Json, names: Names) -> str:
    """Return what a reader of the message sees, line by line; "" for a picture without a name."""
    text = words(_text(message.get("text")), names).text
    if text and not _is_placeholder(text):
        return text
    lines = _Lines(names)
    lines.take_blocks(message.get("blocks"))
    for attachment in _list(message.get("attachments")):
        lines.take_attachment(attachment)
    for file in _list(message.get("files")):
        lines.add(_text(file.get("title")) or _text(file.get("name")))
    return lines.said


def _is_placeholder(text: str) -> bool:
    return text.replace("’", "'").rstrip(".").casefold() in PLACEHOLDERS


class _Lines:
    """The lines of a message, as far as they fit."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lines: dict[str, None] = {}  # in order, and once: attachments repeat themselves
        self._room = WORDS_MAX_CHARS

    @property
    def said(self) -> str:
        return "\n".join(self._lines)

    def add(self, line: str) -> None:
        line = clean(line[: end_of_whole(line, self._room)])
        if line and not _is_placeholder(line):
            self._lines.setdefault(line)
            self._room -= len(line)

    def take_attachment(self, attachment: Json, depth: int = 0) -> None:
        """Read an attachment's fields and blocks, or its fallback where it has neither."""
        if depth > DEPTH_MAX:
            return
        before = len(self._lines)
        for key in ("pretext", "title", "text"):
            self.add(self._marked(attachment.get(key)))
        for field in _list(attachment.get("fields")):
            pair = (self._marked(field.get(key)) for key in ("title", "value"))
            self.add(": ".join(filter(None, pair)))
        self.take_blocks(attachment.get("blocks"), depth + 1)
        if len(self._lines) == before:  # somebody's message, passed on
            for shared in _list(attachment.get("message_blocks")):
                self.take_blocks(_dict(shared.get("message")).get("blocks"), depth + 1)
        if len(self._lines) == before:
            self.add(self._marked(attachment.get("fallback")))
        for file in _list(attachment.get("files")):
            self.add(_text(file.get("title")) or _text(file.get("name")))

    def take_blocks(self, blocks: object, depth: int = 0) -> None:
        if depth <= DEPTH_MAX:
            for block in _list(blocks):
                self._take_block(block, depth)

    def _take_block(self, block: Json, depth: int) -> None:
        kind = block.get("type")
        if kind in _WORDLESS:
            return
        if kind == "rich_text":
            for line in rich_lines(block, self._names, depth):
                self.add(line)
            return
        if kind == "markdown":
            self.add(_MARKDOWN.sub("", words(_text(block.get("text")), self._names).text))
            return
        for key in _TEXTS_OF_A_BLOCK:
            self.add(self._text_object(block.get(key), depth))
        for field in _list(block.get("fields")):
            self.add(self._text_object(field, depth))
        if kind == "context":
            self.add(
                " ".join(self._text_object(each, depth) for each in _list(block.get("elements")))
            )
        elif kind == "carousel":
            self.take_blocks(block.get("elements"), depth + 1)
        elif kind == "image" and not block.get("title"):
            self.add(self._text_object(block.get("alt_text"), depth))
        rows = block.get("rows")
        for row in rows if isinstance(rows, list) else ():
            cells = (self._text_object(cell, depth) for cell in _list(row))
            self.add(" · ".join(filter(None, cells)))
        for key in ("details", "output"):  # of a task card
            self.add(self._text_object(block.get(key), depth))
        for key in ("child_blocks", "tasks"):
            self.take_blocks(block.get(key), depth + 1)

    def _text_object(self, given: object, depth: int) -> str:
        """Return the words of a text object, which Slack sends escaped, or of a rich text in it."""
        match given:
            case {"type": "rich_text", "elements": elements}:
                return "\n".join(rich_lines({"elements": elements}, self._names, depth))
            case {"type": "mrkdwn", "text": text}:
                return self._marked(text)
            case {"text": str(text)} | str(text):
                return words(text, self._names).text
            case _:
                return ""

    def _marked(self, text: object) -> str:
        return _EMPHASIS.sub(r"\2", words(_text(text), self._names).text)


# --- rich text -------------------------------------------------------------------------------


def rich_lines(block: Json, names: Names, depth: int = 0) -> Iterator[str]:
    """Yield a rich text's lines: paragraphs, entries of lists, quotes and code."""
    if depth > DEPTH_MAX:
        return
    for part in _list(block.get("elements")):
        if part.get("type") == "rich_text_list":
            yield from _entries(part, names, depth)
        else:
            yield from "".join(_leaves(part, names)).split("\n")


def _entries(part: Json, names: Names, depth: int) -> Iterator[str]:
    before = part.get("offset")
    start = before + 1 if isinstance(before, int) else 1
    for number, each in enumerate(_list(part.get("elements")), start):
        sign = f"{number}." if part.get("style") == "ordered" else "•"
        yield f"{sign} {' '.join(rich_lines({'elements': [each]}, names, depth + 1))}"


def _leaves(part: Json, names: Names) -> Iterator[str]:
    for leaf in _list(part.get("elements")):
        match leaf:
            case {"type": "text", "text": str(text)}:
                yield text
            case {"type": "link", "url": str(url)}:
                yield link_words(url, _text(leaf.get("text")))
            case {"type": "emoji", "name": str(name)}:
                yield _emoji(name, leaf.get("skin_tone"))
            case {"type": "user", "user_id": str(id)}:
                yield words(f"<@{id}>", names).text
            case {"type": "channel", "channel_id": str(id)}:
                yield words(f"<#{id}>", names).text
            case {"type": "usergroup"}:
                yield "a group"
            case {"type": "broadcast", "range": str(to)}:
                yield f"@{to}"
            case {"type": "date"}:
                yield _text(leaf.get("fallback")) or date_words(leaf.get("timestamp"))
            case {"type": "color", "value": str(value)}:
                yield value
            case _:
                pass


def _emoji(name: str, tone: object) -> str:
    plain, _, of_name = name.partition("::skin-tone-")
    return emoji(plain, of_name[:1] or (str(tone) if tone in range(2, 7) else ""))


# --- ids -------------------------------------------------------------------------------------


def everything_in(message: Json) -> str:
    """Return all of a message's texts and the ids in its rich text, as markup, unread."""
    parts = ("text", "blocks", "attachments")
    return " ".join(_texts([message.get(part) for part in parts], 0))


def _texts(given: object, depth: int) -> Iterator[str]:
    if depth > 3 * DEPTH_MAX:
        return
    match given:
        case {"type": "user", "user_id": str(id)}:
            yield f"<@{id}>"
        case {"type": "channel", "channel_id": str(id)}:
            yield f"<#{id}>"
        case dict():
            for each in given.values():
                yield from _texts(each, depth + 1)
        case list():
            for each in given:
                yield from _texts(each, depth + 1)
        case str():
            yield given


# --- shapes ----------------------------------------------------------------------------------


def _text(given: object) -> str:
    return given if isinstance(given, str) else ""


def _dict(given: object) -> Json:
    return given if isinstance(given, dict) else {}


def _list(given: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
