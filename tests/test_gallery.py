"""Every specimen of the gallery fits each platform and looks as its golden file says.

The files in `tests/golden` are for reading: a change of a card shows there as its readers will see
it. Of every card the text twin is kept, of those `SHOWN` also what each platform is sent.
`make goldens` writes the files anew; look at what changed before you commit it.
"""

from __future__ import annotations

import difflib
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.cards import Card, Field, FormButton, LinkButton, Node, Span
from bot.slack.forms import Origin, modal
from bot.slack.limits import MESSAGE_TEXT_MAX_CHARS
from bot.slack.render import Native, message
from bot.teams.forms import draw_form
from bot.teams.limits import ACTIONS_MAX, CARD_MAX_BYTES
from bot.teams.render import render
from handlers.likeness import Scorer, grouped
from storage import Database
from tests.fakes.slack_blocks import home_problems, message_problems, view_problems
from tests.gallery import ROOMS, SHOWN, every
from tests.gallery.drawn import (
    Json,
    as_home,
    as_local,
    as_slack,
    as_teams,
    as_text,
    readable,
)
from tests.gallery.specimen import HOSTILE, Specimen
from tests.gallery.traced import lines_left, lines_run
from tests.hone import Hone

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests/golden"
WRITE = os.environ.get("GOLDENS") == "write"

RENDERERS = [
    ROOT / "bot" / name
    for name in (
        "cards.py",
        "twins.py",
        *(f"slack/{name}.py" for name in ("render", "forms", "spans", "charts")),
        *(f"teams/{name}.py" for name in ("render", "forms", "spans")),
        *(f"local/{name}.py" for name in ("render", "forms", "charts")),
    )
]

Groups = tuple[tuple[int, ...], ...]
Divide = Callable[..., Groups]


@pytest.fixture(params=ROOMS)
async def room(
    request: pytest.FixtureRequest, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[str, list[Specimen]]]:
    """A feature's name, and its specimens out of one conversation on a fresh database.

    What is random, so that nobody can tell who wrote what, comes out the same each time here. And
    what thirty teams said is compared once for all the cards that tell of it: it takes the longest.
    """
    chance = random.Random(4)
    monkeypatch.setattr("storage.notes._SHUFFLER", chance)
    monkeypatch.setattr("secrets.token_hex", lambda size=32: chance.randbytes(size).hex())
    monkeypatch.setattr("secrets.token_urlsafe", lambda size=32: chance.randbytes(size).hex())
    monkeypatch.setattr("handlers.themes.patterns.grouped", once_each(grouped))
    database = Database(sqlite_url)
    hone = Hone(database)
    yield request.param, [specimen async for specimen in ROOMS[request.param](hone)]
    await hone.stop()
    await database.close()


def once_each(divide: Divide) -> Divide:
    """Return the function with what it found for the same texts before."""
    found: dict[tuple[str, ...], Groups] = {}

    def remembered(texts: Sequence[str], *, scorer: Scorer | None = None) -> Groups:
        if tuple(texts) not in found:
            found[tuple(texts)] = divide(texts, scorer=scorer)
        return found[tuple(texts)]

    return remembered


async def test_every_specimen_fits_its_platforms_and_looks_as_before(
    room: tuple[str, list[Specimen]],
) -> None:
    """Platforms refuse what is too long, or drop a part of it without a word."""
    name, specimens = room
    for specimen in specimens:
        found = [
            *_slack_problems(as_slack(specimen)),
            *(home_problems(as_home(specimen)) if specimen.home else ()),
            *_teams_problems(as_teams(specimen)),
            *_local_problems(as_local(specimen)),
        ]
        assert not found, f"{name}-{specimen.name}: {found}"
    drawn = {
        path: text
        for specimen in specimens
        for path, text in goldens(f"{name}-{specimen.name}", specimen)
    }
    if WRITE:
        _write(name, drawn)
    assert set(_files_of(name)) <= set(drawn), "files show what nobody sees any more"
    changed = [_difference(path, text) for path, text in drawn.items()]
    shown = "\n".join(filter(None, changed))
    assert not shown, f"cards changed; if that is wanted, run make goldens\n{shown}"
    missing = {shown for shown in SHOWN if _room_of(shown) == name} - {p.stem for p in drawn}
    assert not missing, "no specimen has the name of one to be shown"


def test_no_golden_file_is_of_a_room_that_is_gone() -> None:
    assert not [path.name for path in _files() if not _room_of(path.stem)]
    assert not [name for name in SHOWN if not _room_of(name)]


# --- what the specimens show -----------------------------------------------------------------


def test_the_specimens_show_every_node_span_and_field() -> None:
    """A new kind is seen in review on each platform, or this fails."""
    seen = {type(part) for specimen in every.SPECIMENS for part in _parts(specimen.what)}
    assert {*get_args(Node), *get_args(Span), *get_args(Field), LinkButton, FormButton} <= seen


def _parts(value: object) -> Iterator[object]:
    """Yield a value and all that it holds."""
    yield value
    if is_dataclass(value):
        value = tuple(getattr(value, field.name) for field in fields(value))
    if isinstance(value, tuple):
        for part in value:
            yield from _parts(part)


def test_the_specimens_take_the_renderers_through_every_line() -> None:
    """An arm that no specimen takes could draw anything, and no golden file would change."""
    ran = lines_run(RENDERERS, _draw_everywhere)
    left = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in RENDERERS
        for line in lines_left(path, ran[path])
    ]
    assert left == []


def _draw_everywhere() -> None:
    for specimen in every.SPECIMENS:
        for draw in (as_slack, as_teams, as_local, as_text):
            draw(specimen)
        if isinstance(specimen.what, Card):
            as_home(specimen)
            for way in Native:
                message(specimen.what, way)
            render(specimen.what, dialog=True)
        else:
            draw_form(specimen.what, specimen.errors, "nonce", launched=True)
            modal(specimen.what, Origin(), files=False)
    as_local(Specimen("not-measured", Card("Nothing yet", (every.NOT_MEASURED,))))


# --- golden files ----------------------------------------------------------------------------


def goldens(name: str, specimen: Specimen) -> Iterator[tuple[Path, str]]:
    """Yield the files to compare with: each text twin, and what is `SHOWN` for each platform."""
    yield GOLDEN / "text" / f"{name}.txt", as_text(specimen)
    if name not in SHOWN:
        return
    yield GOLDEN / "slack" / f"{name}.json", readable(as_slack(specimen)) + "\n"
    if specimen.home:
        yield GOLDEN / "slack" / f"{name}-at-home.json", readable(as_home(specimen)) + "\n"
    yield GOLDEN / "teams" / f"{name}.json", readable(as_teams(specimen)) + "\n"
    yield GOLDEN / "local" / f"{name}.html", as_local(specimen)


def _write(room: str, drawn: dict[Path, str]) -> None:
    """Write what is drawn, and take away what this room no longer has."""
    for path in _files_of(room):
        path.unlink()
    for path, text in drawn.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _room_of(stem: str) -> str:
    """Return the room of a file; `wsjf-most-open` is of `wsjf-most`, not of `wsjf`."""
    return max((room for room in ROOMS if stem.startswith(f"{room}-")), key=len, default="")


def _files_of(room: str) -> list[Path]:
    return [path for path in _files() if _room_of(path.stem) == room]


def _files() -> list[Path]:
    return [path for path in sorted(GOLDEN.rglob("*")) if path.is_file()]


def _difference(path: Path, text: str) -> str:
    before = path.read_text() if path.exists() else ""
    lines = difflib.unified_diff(
        before.splitlines(),
        text.splitlines(),
        str(path.relative_to(GOLDEN)),
        "now",
        lineterm="",
        n=2,
    )
    return "\n".join(lines)


# --- what platforms refuse -------------------------------------------------------------------


def _slack_problems(drawn: Json) -> Iterator[str]:
    if drawn.get("type") == "modal":
        yield from view_problems(drawn)
        return
    yield from message_problems(drawn["blocks"])
    if not 0 < len(drawn["text"]) <= MESSAGE_TEXT_MAX_CHARS:
        yield "a message's text has 1 to 4,000 characters"
    markdown = [text for text in _texts(drawn["blocks"], "mrkdwn") if HOSTILE[:10] in text]
    yield from (f"hostile words are read as markup: {text}" for text in markdown)


def _texts(node: Any, kind: str) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == kind:
            yield node["text"]
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _texts(each, kind)


def _teams_problems(drawn: Json) -> Iterator[str]:
    size = len(json.dumps(drawn, ensure_ascii=False).encode())
    if size > CARD_MAX_BYTES:
        yield f"{size} bytes, over {CARD_MAX_BYTES}"
    if any("{{DATE(2026-01-01" in text for text in _read_texts(drawn)):
        yield "hostile words are read as a date"
    for actions in _action_lists(drawn):
        in_sight = [each for each in actions if each.get("mode") != "secondary"]
        if len(in_sight) > ACTIONS_MAX:
            yield f"{len(in_sight)} buttons in a row, over {ACTIONS_MAX}"


def _read_texts(node: Any) -> Iterator[str]:
    """Every text of a card but what stands in its inputs, which Teams leaves as it is."""
    match node:
        case str():
            yield node
        case list():
            for each in node:
                yield from _read_texts(each)
        case dict():
            is_input = str(node.get("type", "")).startswith("Input.")
            for key, each in node.items():
                if not (is_input and key == "value"):
                    yield from _read_texts(each)


def _action_lists(node: Any) -> Iterator[list[Json]]:
    if isinstance(node, dict):
        if "actions" in node:
            yield node["actions"]
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _action_lists(each)


class _Balance(HTMLParser):
    """Every element is closed, in order, and none of them is a script."""

    VOID = frozenset({"hr", "img", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" or any(name.startswith("on") for name, _ in attrs):
            self.problems.append("hostile words are read as a script")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"a stray </{tag}>")


def _local_problems(markup: str) -> list[str]:
    reader = _Balance()
    reader.feed(markup)
    return reader.problems + reader.open
