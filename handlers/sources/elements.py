"""XML of trackers as the objects that their JSON would be: `<issues><issue>…`, `<Object>…`.

An element is an object of its attributes and children, or its text. Those that stand side by side
under one name are a list; which of the lists are the items, `objects` knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from bot.html import Attrs, HtmlReader

DEPTH_MAX: Final = 50
_OBJECT: Final = "type"
"""What tells Rally's objects apart, which are all called alike."""


class TooDeep(Exception):
    """Elements stand within each other deeper than any tracker's."""


@dataclass(slots=True)
class _Element:
    name: str
    attrs: dict[str, str]
    words: list[str] = field(default_factory=list)
    children: list[tuple[str, Any]] = field(default_factory=list)

    def value(self) -> Any:
        words = "".join(self.words).strip()
        if self.attrs.get("type") == "array" or _is_list(self.children):
            return [value for _, value in self.children]
        if not (self.attrs or self.children):
            return words
        told: dict[str, Any] = {**self.attrs, **dict(self.children)}
        if words and not self.children:
            told.setdefault("value", words)
        return told


def _is_list(children: list[tuple[str, Any]]) -> bool:
    """Whether children are the members of a list: objects, and all of one name."""
    names = {name for name, _ in children}
    return len(names) == 1 and all(isinstance(value, dict) for _, value in children)


def objects_of(text: str) -> Any:
    """Return what XML says as plain values, None where it is none; raises TooDeep."""
    parser = _Elements()
    parser.read(text)
    return parser.root


class _Elements(HtmlReader):
    """Reads elements with their names as they are written; HTML has them all small."""

    def __init__(self) -> None:
        self.root: Any = None
        self._open: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        if len(self._open) == DEPTH_MAX:
            raise TooDeep
        told = {name: value or "" for name, value in attrs}
        self._open.append(_Element(self.written, told))

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].words.append(data)

    def handle_cdata(self, data: str) -> None:
        self.handle_data(data)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].name.lower() != tag:
            return
        element = self._open.pop()
        if self._open:
            self._open[-1].children.append((element.name, element.value()))
        elif self.root is None:
            self.root = element.value()
