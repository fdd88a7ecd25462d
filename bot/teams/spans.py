"""Lines of text as Adaptive Card elements in which nothing that a person typed acts as markup.

A TextRun knows no markdown, so most lines are RichTextBlocks. Only a TextBlock can mention people,
show an instant in the reader's zone and be a heading for a screen reader; text in it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from itertools import chain, count
from typing import Any, assert_never
from urllib.parse import urlsplit

from bot.cards import Bold, Code, Link, Mention, Span, Typed, When, plain

Json = dict[str, Any]

WORD_JOINER = "\u2060"
"""Draws nothing; put between two characters, it stops them from being read as one sign."""

# `{{DATE(…)}}` and `<at>…</at>` act in every text of a card, markdown or not.
_ARMED = re.compile(r"\{(?=\{)|<(?=/?at\b)", re.IGNORECASE)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>~|&]")
_LIST_OR_TITLE = re.compile(r"\s*(?:[-+]|#+|\d+[.)])(?:\s|$)")


def disarmed(text: str) -> str:
    """Return text that a card shows as it is, given that markdown is not read there."""
    return _ARMED.sub(lambda sign: sign[0] + WORD_JOINER, text)


def escaped(text: str) -> str:
    """Return text that a TextBlock shows as it is."""
    return _MARKDOWN.sub(lambda sign: "\\" + sign[0], disarmed(text))


def is_web(url: str) -> bool:
    """Tell whether a press may open the address: http or https with a host, nothing else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def paragraph(
    spans: tuple[Span, ...], tags: Mapping[str, str], look: Json, *, heading: bool = False
) -> list[Json]:
    """Return one element per line, since line breaks inside an element are not kept everywhere.

    `tags` holds the mention text of each person (see `mention_tags`), `look` the size, weight and
    such that a TextRun and a TextBlock share.
    """
    elements = [_line(line, tags, look, heading) for line in _lines(spans)]
    for element in elements[1:]:
        element["spacing"] = "None"
    return elements


def mention_tags(mentions: Iterable[Mention]) -> dict[str, str]:
    """Return person → the text that mentions them; two people of one name get different texts."""
    tags: dict[str, str] = {}
    for mention in mentions:
        name = _MARKDOWN.sub(" ", disarmed(mention.name)).strip() or "someone"
        names = chain([name], (f"{name} ({number})" for number in count(2)))
        free = (tag for tag in map("<at>{}</at>".format, names) if tag not in tags.values())
        tags.setdefault(mention.person, next(free))
    return tags


def _lines(spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """Split at line breaks and leave out empty lines."""
    line: list[Span] = []
    for span in spans:
        if isinstance(span, str | Bold | Code) and "\n" in plain((span,)):
            first, *rest = plain((span,)).split("\n")
            make = str if isinstance(span, str) else type(span)
            line.append(make(first))
            for piece in rest:
                yield from _unless_blank(line)
                line = [make(piece)]
        else:
            line.append(span)
    yield from _unless_blank(line)


def _unless_blank(line: list[Span]) -> Iterator[tuple[Span, ...]]:
    if plain(tuple(line)).strip():
        yield tuple(line)


def _line(spans: tuple[Span, ...], tags: Mapping[str, str], look: Json, heading: bool) -> Json:
    # An escape could show somewhere, so a heading that would need one goes without the role.
    is_heading = heading and escaped(plain(spans)) == plain(spans)
    if is_heading or any(isinstance(span, Mention | When) for span in spans):
        text = "".join(_marked_down(span, tags) for span in spans)
        if _LIST_OR_TITLE.match(text):
            text = WORD_JOINER + text  # else `- a`, `# a` and `1. a` lose their first sign
        block = {"type": "TextBlock", "text": text, "wrap": True, **look}
        return block | ({"style": "heading"} if is_heading else {})
    return {"type": "RichTextBlock", "inlines": [run(span, look) for span in spans]}


def run(span: Span, look: Json) -> Json:
    """Return a span as a TextRun."""
    made: Json = {"type": "TextRun", "text": disarmed(plain((span,))), **look}
    match span:
        case str() | Mention() | When():
            return made
        case Bold():
            return made | {"weight": "Bolder"}
        case Code() | Typed():
            return made | {"fontType": "Monospace"}
        case Link(text, url):
            if not is_web(url):
                return made  # its plain form shows the address, unpressable
            opens = {"type": "Action.OpenUrl", "url": url}
            shown = {"text": disarmed(text), "color": "Accent", "underline": True}
            return made | shown | {"selectAction": opens}
        case _:
            assert_never(span)


def _marked_down(span: Span, tags: Mapping[str, str]) -> str:
    match span:
        case str():
            return escaped(span)
        case Bold(text):
            word = text.strip()  # stars beside a space are shown as stars
            if not word:
                return text
            before, _, after = text.partition(word)
            return f"{before}**{escaped(word)}**{after}"
        case Code(text) | Typed(text):
            return escaped(text)
        case Link(text, url):
            if not is_web(url):
                return escaped(plain((span,)))
            address = re.sub(r"[()<>\\\s]", lambda sign: f"%{ord(sign[0]):02X}", url)
            return f"[{escaped(text)}]({address})"
        case Mention(person, _):
            return tags[person]
        case When():
            return _instant(span)
        case _:
            assert_never(span)


def _instant(when: When) -> str:
    """Return an instant that Teams shows in the reader's own zone and language."""
    at = f"{when.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    day, time = f"{{{{DATE({at}, SHORT)}}}}", f"{{{{TIME({at})}}}}"
    match when.style:
        case "date":
            return day
        case "time":
            return time
        case "datetime":
            return f"{day}, {time}"
        case _:
            assert_never(when.style)
