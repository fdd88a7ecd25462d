"""Spans as Block Kit elements.

Literal text goes into elements that know no markup (`plain_text`, rich text's `text`), so nothing a
person typed can become a mention, a link or formatting. mrkdwn is used for small print alone, and
there only for what we compose ourselves out of ids and checked addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, assert_never

from bot.cards import Bold, Code, Link, Mention, Span, Typed, When, plain, shown_time
from bot.slack.limits import URL_MAX_CHARS, short

Json = dict[str, Any]

_PERSON_ID = re.compile(r"[UW][A-Z0-9]+")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>|]+")
_ACTS_IN_MRKDWN = re.compile(r"[*_~`:<>&|@#\n]")
_DATE_FORMATS = {
    "date": "{date_short}",
    "time": "{time}",
    "datetime": "{date_short} {time}",
}


def plain_text(text: str) -> Json:
    """Return a text object that shows exactly these characters: no mentions, no `:emoji:`."""
    return {"type": "plain_text", "text": text, "emoji": False}


def escaped(text: str) -> str:
    """Return the text with the three characters Slack asks to escape, and only those."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_person_id(text: str) -> bool:
    return bool(_PERSON_ID.fullmatch(text))


RESERVED_COMMANDS = frozenset({"help", "me"})
"""Slack's own; `@Hone help` and `/hone help` say the same."""


def is_address(url: str) -> bool:
    return bool(_ADDRESS.fullmatch(url))


def typed(line: str) -> str:
    """Return a line as people type it in Slack, where `/help` and `/me` are Slack's own."""
    return f"/hone {line}" if line.split(maxsplit=1)[0] in RESERVED_COMMANDS else f"/{line}"


def rich_elements(spans: tuple[Span, ...], *, bold: bool = False) -> list[Json]:
    """Return the line as elements of a rich text section; Slack refuses empty ones."""
    return [element for span in spans for element in _rich_span(span, bold)]


def rich_text(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def _rich_span(span: Span, bold: bool) -> Iterator[Json]:
    match span:
        case str():
            yield from _literal(span, bold=bold)
        case Bold(text):
            yield from _literal(text, bold=True)
        case Code(text) | Typed(text):
            yield from _literal(text, bold=bold, code=True)
        case Link(text, url) if is_address(url):
            yield _styled({"type": "link", "url": short("link", url, URL_MAX_CHARS)}, bold=bold) | (
                {"text": text} if text else {}
            )
        case Mention(person) if is_person_id(person):
            yield {"type": "user", "user_id": person}
        case Link() | Mention():
            yield from _literal(plain((span,)), bold=bold)
        case When():
            yield _styled(
                {
                    "type": "date",
                    "timestamp": int(span.at.timestamp()),
                    "format": _DATE_FORMATS[span.style],
                    "fallback": shown_time(span),
                },
                bold=bold,
            )
        case _:
            assert_never(span)


def _literal(text: str, *, bold: bool = False, code: bool = False) -> Iterator[Json]:
    if text:
        yield _styled({"type": "text", "text": text}, bold=bold, code=code)


def _styled(element: Json, *, bold: bool = False, code: bool = False) -> Json:
    style = {name: True for name, on in (("bold", bold), ("code", code)) if on}
    return element | ({"style": style} if style else {})


def small_print(spans: tuple[Span, ...]) -> list[Json]:
    """Return the line as elements of a context block: literal runs, and the rest as mrkdwn.

    Context blocks know no rich text. Bold and code lose their style there, which is only emphasis.
    """
    elements: list[Json] = []
    literal = ""
    for span in spans:
        composed = _composed(span)
        if composed is None:
            literal += plain((span,))
            continue
        elements += _run(literal)
        literal = ""
        elements.append({"type": "mrkdwn", "text": composed, "verbatim": True})
    return elements + _run(literal)


def _run(literal: str) -> list[Json]:
    return [plain_text(literal.strip())] if literal.strip() else []


def _composed(span: Span) -> str | None:
    """Return mrkdwn we compose ourselves, or None for text that must stay literal."""
    match span:
        case Mention(person) if is_person_id(person):
            return f"<@{person}>"
        case Link(text, url) if text and is_address(url) and not _ACTS_IN_MRKDWN.search(text):
            return f"<{escaped(short('link', url, URL_MAX_CHARS))}|{text}>"
        case When():
            form = _DATE_FORMATS[span.style]
            return f"<!date^{int(span.at.timestamp())}^{form}|{escaped(shown_time(span))}>"
        case str() | Bold() | Code() | Typed() | Link() | Mention():
            return None
        case _:
            assert_never(span)
