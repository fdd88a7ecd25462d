"""Tables of HTML, as old exports to Excel, wikis and clipboards have them, and the XML of Jira.

One reader for both: it knows no entities of a file's own and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.html import Attrs, HtmlReader
from bot.text import words_of_html
from handlers.sources.rows import Record

Rows = list[tuple[int, list[str]]]

_ROW: Final = frozenset({"tr", "row"})
_CELL: Final = frozenset({"td", "th", "cell"})
"""In HTML, and in what Excel wrote as XML in 2003."""

_BREAKS: Final = frozenset({"br", "p", "div", "li"})
_UNSEEN: Final = frozenset({"script", "style"})

SPAN_MAX: Final = 100
"""Rows or columns that a merged cell may take; a file may say that there are a billion."""


def tables_of(text: str) -> list[Rows]:
    """Return the tables of a page, each as (line, cells); what is merged stands in each cell."""
    parser = _Tables()
    parser.read(text)
    parser.end_row()
    return parser.tables


class _Tables(HtmlReader):
    """Gathers the cells of tables; a table inside a cell is words of that cell."""

    def __init__(self) -> None:
        self.tables: list[Rows] = [[]]
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._below: dict[int, tuple[int, str]] = {}
        self._depth = self._unseen = 0

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        self._unseen += tag in _UNSEEN
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
                self._below = {}
        elif self._depth > 1:
            return
        elif tag in _ROW:
            self.end_row()
            self._row = []
        elif tag in _CELL and self._row is not None:
            self._end_cell()
            self._cell = []
            told = dict(attrs)
            self._span = (_count(told.get("rowspan")), _count(told.get("colspan")))
            while len(self._row) < _count(told.get("ss:index")) - 1:
                self._row.append("")
        elif tag in _BREAKS and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag == "table" and self._depth > 0:
            if self._depth == 1:
                self.end_row()
            self._depth -= 1
        elif self._depth <= 1 and tag in _CELL:
            self._end_cell()
        elif self._depth <= 1 and tag in _ROW:
            self.end_row()
        elif tag in _BREAKS and tag != "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(" ".join(data.split("\n")))

    def end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._take_merged()
            if any(self._row):
                self.tables[-1].append((self.line, self._row))
        self._row = None

    def _end_cell(self) -> None:
        if self._row is None or self._cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
        words = "\n".join(filter(None, lines))
        self._take_merged()
        down, across = self._span
        for _ in range(across):
            if down > 1:
                self._below[len(self._row)] = (down - 1, words)
            self._row.append(words)
        self._cell = None

    def _take_merged(self) -> None:
        """Fill the places that a cell of a row above reaches down to."""
        assert self._row is not None, "only rows that were begun are filled"
        while (merged := self._below.pop(len(self._row), None)) is not None:
            left, words = merged
            if left > 1:
                self._below[len(self._row)] = (left - 1, words)
            self._row.append(words)


def _count(written: str | None) -> int:
    is_number = written is not None and written.isascii() and written.isdigit()
    return min(max(int(written or 1), 1), SPAN_MAX) if is_number and len(written or "") < 9 else 1


# --- Jira ------------------------------------------------------------------------------------

_NAMES: Final = {
    "summary": "summary",
    "type": "issuetype",
    "status": "status",
    "resolution": "resolution",
    "priority": "priority",
    "assignee": "assignee",
    "security": "security",
    "created": "created",
    "updated": "updated",
    "resolved": "resolved",
    "due": "due date",
    "parent": "parent",
    "link": "link",
}
"""Elements of an issue → what Jira's JSON and CSV call them."""


@dataclass(slots=True)
class _Issue:
    """One issue while it is read: field → its values."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        if value:
            self.values.setdefault(name, []).append(value)

    def record(self) -> Record:
        return {
            name: values[0] if len(values) == 1 else tuple(values)
            for name, values in self.values.items()
        }


def issues_of_feed(text: str) -> list[Record]:
    """Return the issues of what Jira calls XML and RSS; none of anything else."""
    if "<rss" not in text[:2_000].lower():
        return []
    parser = _Feed()
    parser.read(text)
    return [issue.record() for issue in parser.issues if "key" in issue.values]


class _Feed(HtmlReader):
    """Gathers issues: what stands in the elements of each `item`."""

    def __init__(self) -> None:
        self.issues: list[_Issue] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[str] = []
        self._custom = self._link = self._way = ""

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        if tag == "item":
            self.issues.append(_Issue())
        if tag in ("inwardlinks", "outwardlinks"):
            self._way = tag[: -len("links")]
        self._open.append((tag, dict(attrs)))
        self._words = []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            return
        _, attrs = self._open.pop()
        words, self._words = "".join(self._words).strip(), []
        if self.issues:
            for name, value in self._told(tag, attrs, words):
                self.issues[-1].add(name, value)

    def _told(
        self, tag: str, attrs: dict[str, str | None], words: str
    ) -> Iterator[tuple[str, str]]:
        match tag:
            case "key":
                yield "key", words
                yield "id", attrs.get("id") or ""
            case "description":
                yield tag, words_of_html(words)
            case "assignee":
                login = attrs.get("username") or attrs.get("accountid") or ""
                yield tag, "" if login == "-1" else f"{words} <{login}>" if login else words
            case "statuscategory":
                yield (
                    "status category",
                    {"new": "To Do", "done": "Done"}.get(attrs.get("key") or "", "In Progress"),
                )
            case "label":
                yield "labels", words
            case "name" if self._open and self._open[-1][0] == "issuelinktype":
                self._link = words.lower()
            case "issuekey":
                yield f"{self._way} issue link ({self._link})", words
            case "customfieldname":
                self._custom = words
            case "customfieldvalue":
                yield self._custom, words
            case _ if tag in _NAMES:
                unresolved = tag == "resolution" and attrs.get("id") == "-1"
                yield _NAMES[tag], "" if unresolved else words
