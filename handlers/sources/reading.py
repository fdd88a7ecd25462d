"""Rows of a file as remote items: each cell read by what the rest of its column says.

A cell that cannot be read is left out and named; it never keeps the rest of its row away, nor a
row the rest of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from bot.remote import RemoteItem, Step
from bot.text import clean, words_of_html
from handlers.phrases import shortened
from handlers.rules.hypothesis import hypothesis_problem, read_hypothesis
from handlers.rules.limits import TITLE_MAX_CHARS
from handlers.rules.numbers import number_in
from handlers.sources.labels import read_labels, themes
from handlers.sources.moments import read_moment
from handlers.sources.repositories import REPOSITORIES, named_as
from handlers.sources.rows import Cell
from handlers.sources.rules import STATE_DAYS, Rules, Unread
from handlers.sources.values import (
    KEEP_HTML,
    READERS,
    REASON_MAX_CHARS,
    RICH,
    TAG,
    UNREADABLE,
    UNTOLD,
    filled,
    is_no_day,
    is_total,
    key_of,
    kind_by_key,
    listed,
    says_no,
    says_yes,
    with_login,
    without_colour,
)
from storage.scale import SCALE

KEY_MAX_CHARS: Final = 200
SOURCE_MAX_CHARS: Final = 100
RANK_MAX_CHARS: Final = 100
LINK_MAX_CHARS: Final = 1_000
STEPS_MAX: Final = 200

CARDS: Final = {
    "user_business_value": "ubv",
    "time_criticality": "tc",
    "risk_reduction": "rroe",
    "job_size": "size",
}
HYPOTHESIS_FIELDS: Final = ("metric", "metric_from", "metric_to")
_SCALE: Final = frozenset(map(str, SCALE))
NEIGHBOURS: Final = frozenset({"part_of", "part_of_id", "part_of_epic", "blocked_by", "blocks"})
"""The fields that name other items."""

PAST: Final = frozenset({"history", "changelog", *STATE_DAYS})
"""The fields that tell what an item went through."""

_SEVERAL_OWNERS: Final = frozenset({"github", "gitlab", "agility", "trello"})
"""Tools that part people by commas; elsewhere one may stand between a person's two names."""

_STEP = re.compile(r"(?P<at>\S+(?: \d{1,2}:\S+)?) (?P<state>[^()]+?)(?: \((?P<reason>.*)\))?")
_WEB: Final = ("https://", "http://")
_GITHUB: Final = re.compile(r"https?://[^/]+/(?:repos/)?")
_PULL_REQUEST: Final = re.compile(r"https?://[^/]+/.+/(?:pull|-/merge_requests)/\d+")
_FOR_PROGRAMS: Final = re.compile(r"https?://(?:api\.|[^/]+(?:/.+)?/(?:_apis|rest|api)/)")


def read_items(
    rows: Iterable[tuple[int, Sequence[Cell]]], rules: Rules, unread: Unread
) -> Iterator[RemoteItem]:
    """Read rows one by one; what cannot be read is noted in `unread`."""
    for line, cells in rows:
        row = _Row(line, cells, rules, unread)
        if title := row.title():
            yield row.item(title)


def read_neighbours(
    rows: Iterable[tuple[int, Sequence[Cell]]], rules: Rules
) -> Iterator[RemoteItem]:
    """Read who the items are and which others they name; nothing else of theirs."""
    for line, cells in rows:
        row = _Row(line, cells, rules, Unread())
        if title := row.title():
            yield row.neighbours(title)


class _Row:
    """One row while it is read."""

    def __init__(self, line: int, cells: Sequence[Cell], rules: Rules, unread: Unread) -> None:
        self._line = line
        self._cells = cells
        self._rules = rules
        self._places = rules.layout.places
        self._is_ours = rules.layout.kind == "hone"
        self._unread = unread

    def title(self) -> str:
        """Return the title; "" for a row that is no item, which is noted."""
        title = " ".join(self._one("title").split())
        if not 0 < len(title) <= TITLE_MAX_CHARS:
            self._unread.add("title", self._line)
        elif self._is_total(title):
            self._unread.add("total", self._line, title)
        elif any(map(_PULL_REQUEST.match, self._links())):
            self._unread.add("pull request", self._line, title)
        else:
            return title
        return ""

    def _is_total(self, title: str) -> bool:
        others = (cell for cell in self._cells if isinstance(cell, str) and cell.strip() != title)
        return not self._one("key") and is_total(title, others)

    def item(self, title: str) -> RemoteItem:
        finished = self._moment("accepted") or self._moment("dropped")
        archived = not says_no(self._one("archived"))
        return RemoteItem(
            **self._names(title),
            fields={"title": title} | dict(self._fields()),
            kind=self._kind() or None,
            state=self._state(finished) or None,
            category=self._one("category"),
            resolution="archived" if archived else self._one("resolution"),
            owner=self._owner(),
            updated=self._moment("updated"),
            finished=finished,
            steps=self._steps(),
            rank=self._rank(),
        )

    def neighbours(self, title: str) -> RemoteItem:
        """Return who it is and which others it names."""
        return RemoteItem(**self._names(title))

    def _names(self, title: str) -> dict[str, Any]:
        created, address = self._moment("created"), self._address()
        source = self._source(address)
        key = self._one("key")[:KEY_MAX_CHARS] or (address["number"] if address else "")
        return {
            "line": self._line,
            "source": source,
            "id": self._id(source, key, created),
            "key": key,
            "number": number_in(self._one("number")),
            "title": title,
            "part_of": self._part_of(source),
            "blocked_by": self._others("blocked_by", source)
            if "blocked_by" in self._places
            else None,
            "blocks": self._others("blocks", source),
            "created": created,
            "link": self._link(),
            "facts": self._facts(),
        }

    # --- who it is ---

    def _links(self) -> tuple[str, ...]:
        places = self._places.get("link", ())
        cells = [cell for place in places if isinstance(cell := self._cells[place], str) and cell]
        return tuple(one for cell in cells if (one := clean(cell)).startswith(_WEB))

    def _link(self) -> str:
        """Return where people find the item, no address that programs ask."""
        shown = (link for link in self._links() if len(link) <= LINK_MAX_CHARS)
        return next((link for link in shown if not _FOR_PROGRAMS.match(link)), "")

    def _address(self) -> re.Match[str] | None:
        """Return the repository and number in an address, where numbers are counted in each."""
        pattern = REPOSITORIES.get(self._rules.layout.kind)
        return next(filter(None, map(pattern.match, self._links())), None) if pattern else None

    def _source(self, address: re.Match[str] | None) -> str:
        """Return the tool, with the repository where numbers are counted in each."""
        kind = self._rules.layout.kind
        if kind not in REPOSITORIES:
            return kind
        repository = address["repository"] if address else self._one("repository")
        repository = _GITHUB.sub("", repository)
        return f"{kind}:{repository.lower()}"[:SOURCE_MAX_CHARS] if repository else kind

    def _id(self, source: str, key: str, created: datetime | None) -> str:
        """Return what names the item for ever; without its repository, an issue's birth does."""
        if source in REPOSITORIES and key and created:
            return f"{key}@{created:%Y-%m-%dT%H:%M:%S}"
        return self._one("id")[:KEY_MAX_CHARS] or key

    # --- what it says ---

    def _state(self, finished: datetime | None) -> str:
        """Return the word for where it is; a column that may be anything yields to a finish."""
        state = self._one("state")
        if state and "state" not in self._rules.layout.likely:
            return state
        if any(map(says_yes, self._several("accepted"))):
            return "done"
        return "" if finished else state

    def _kind(self) -> str:
        return self._one("kind") or kind_by_key(self._rules.layout.kind, self._one("key"))

    def _fields(self) -> Iterator[tuple[str, Any]]:
        for name, reader, empty in READERS:
            if name not in self._places:
                continue
            written = [words for _, words in self._filled(name)]
            if name in RICH and self._rules.layout.kind in KEEP_HTML:
                written = [words_of_html(w) if TAG.search(w) else w for w in written]
            read = [found for each in written if (found := reader(each)) is not UNREADABLE]
            if written and not read:
                self._unread.add(name, self._line, written[0])
            elif (value := read[0] if read else empty) is not UNTOLD:
                yield name, value
        if "due" in self._places:
            yield from self._due()
        if "themes" in self._places:
            yield "themes", self._themes()
        yield from self._hoped()
        yield from self._cards()

    def _hoped(self) -> Iterator[tuple[str, str]]:
        """Yield the metric that should move, from where and to where: three columns, or one."""
        written = self._one("metric")
        if "metric_from" in self._places:
            yield from ((name, self._one(name)) for name in HYPOTHESIS_FIELDS)
        elif written and not hypothesis_problem(written):
            yield from zip(HYPOTHESIS_FIELDS, read_hypothesis(written), strict=True)
        elif written:
            self._unread.add("metric", self._line, written)

    def _themes(self) -> list[str]:
        labels: list[str] = []
        for place in self._places["themes"]:
            cell = self._cells[place]
            if isinstance(cell, tuple):
                labels += cell
            else:
                labels += read_labels(listed(clean(cell)), self._rules.parted)
        if self._rules.layout.kind == "trello":
            labels = [without_colour(label) for label in labels]
        read, wrong = themes(labels)
        for label in wrong:
            self._unread.add("themes", self._line, label)
        return read

    def _cards(self) -> Iterator[tuple[str, int]]:
        """Yield the four cards of a score: all of them or none."""
        if CARDS.keys().isdisjoint(self._places):
            return
        written = {ours: self._one(name) for name, ours in CARDS.items()}
        if all(card in _SCALE for card in written.values()):
            yield from ((ours, int(card)) for ours, card in written.items())
        elif any(written.values()):
            self._unread.add("score", self._line, ", ".join(written.values()))

    def _owner(self) -> str | None:
        """Return the first person named, with what else names them in `<>`; "" for nobody."""
        if "owner" not in self._places:
            return None
        tool = self._rules.layout.kind
        apart = ",;" if tool in _SEVERAL_OWNERS else ";"
        name = next(iter(self._several("owner", apart)), "")
        if tool == "trello":
            name = with_login(name)
        id = next(iter(self._several("owner_id", apart)), "")
        return f"{name} <{id}>" if name and id and "<" not in name else name

    def _others(self, name: str, source: str) -> tuple[str, ...]:
        return tuple(named_as(each, source) for each in self._several(name))

    def _part_of(self, source: str) -> str | None:
        columns = [
            name for name in ("part_of", "part_of_id", "part_of_epic") if name in self._places
        ]
        name = next(filter(None, map(self._one, columns)), "") if columns else None
        if name and self._rules.layout.kind == "rally":
            return key_of(name)
        return named_as(name, source) if name else name

    def _facts(self) -> dict[str, str]:
        priority = self._several("priority")[-1:]  # its word stands behind its number
        named = {"priority": "".join(priority), "sprint": ", ".join(self._several("sprint"))}
        return {name: shortened(words) for name, words in named.items() if words}

    def _rank(self) -> str | None:
        """Return what orders like the source's rank when it is compared as text."""
        written = self._one("rank")
        try:
            return f"{float(written):024.6f}"
        except ValueError:
            return written[:RANK_MAX_CHARS] or None

    # --- when ---

    def _moment(self, name: str) -> datetime | None:
        for place, written in self._filled(name):
            found = read_moment(written, self._zone(place), self._rules.orders[place])
            if found is not None:
                return found.at
            if not is_no_day(written):
                self._unread.add(name, self._line, written)
        return None

    def _zone(self, place: int) -> str:
        return "UTC" if place in self._rules.layout.utc else self._rules.zone

    def _due(self) -> Iterator[tuple[str, date | None]]:
        """Yield the calendar day as it was written, whatever the zone."""
        place, written = next(self._filled("due"), (0, ""))
        span = written.rpartition("→")[2]  # of a span its end
        found = read_moment(span, self._zone(place), self._rules.orders[place]) if span else None
        if found is not None or not written or is_no_day(written):
            yield "due", found.day if found else None
        else:
            self._unread.add("due", self._line, written)

    def _steps(self) -> tuple[Step, ...]:
        """Return the states that it went through before the last one is told, oldest first."""
        if PAST.isdisjoint(self._places):
            return ()
        written = (*self._lines("history"), *self._lines("changelog"))
        read = [self._step(line) for line in written[:STEPS_MAX]]
        steps = [step for step in read if step] or [
            Step(at, name.replace("_", " "))
            for name in STATE_DAYS
            if (at := self._moment(name)) is not None
        ]
        return tuple(sorted(steps, key=lambda step: step.at))

    def _step(self, written: str) -> Step | None:
        found = _STEP.fullmatch(written)
        moment = read_moment(found["at"], self._rules.zone) if found else None
        if found is None or moment is None:
            self._unread.add("history", self._line, written)
            return None
        return Step(moment.at, found["state"], (found["reason"] or "")[:REASON_MAX_CHARS])

    # --- cells ---

    def _one(self, name: str) -> str:
        """Return the first of the field's columns that has anything in it."""
        for place in self._places.get(name, ()):
            if self._cells[place] and (written := self._text(place)):
                return written
        return ""

    def _filled(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield the field's columns that have anything in them, each with what that is."""
        for place in self._places.get(name, ()):
            if self._cells[place] and (written := self._text(place)):
                yield place, written

    def _text(self, place: int) -> str:
        cell = self._cells[place]
        written = clean(cell if isinstance(cell, str) else "\n".join(cell))
        return written if self._is_ours else filled(written)

    def _several(self, name: str, apart: str = ",;") -> tuple[str, ...]:
        """Return what all of the field's columns name, each once; `apart` are what parts names."""
        found: dict[str, None] = {}
        for place in self._places.get(name, ()):
            cell = self._cells[place]
            if isinstance(cell, str):
                bare = listed(cell)
                parts: Sequence[str] = re.split(f"[{apart if bare == cell else ',;'}\n]", bare)
            else:
                parts = cell
            found.update(dict.fromkeys(part for each in parts if (part := filled(clean(each)))))
        return tuple(found)

    def _lines(self, name: str) -> list[str]:
        return [line for each in self._one(name).splitlines() if (line := each.strip())]
