"""Every specimen of the gallery fits each platform and looks as its golden file says.

The files in `tests/golden` are for reading: a change of a card shows there as its readers will see
it. `make goldens` writes them anew; look at what changed before you commit it.
"""

from __future__ import annotations

import difflib
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.cards import Card, Choice, Form, Input, Note, plain, twin
from bot.local.forms import form_html
from bot.local.people import PEOPLE
from bot.local.render import card_html
from bot.slack.forms import Origin, modal
from bot.slack.limits import MESSAGE_TEXT_MAX_CHARS
from bot.slack.render import home, message
from bot.teams.forms import draw_form
from bot.teams.limits import ACTIONS_MAX, CARD_MAX_BYTES
from bot.teams.render import render
from handlers.likeness import Scorer, grouped
from storage import Database
from tests import gallery, gallery_talk
from tests.fakes.slack_blocks import home_problems, message_problems, view_problems
from tests.gallery import HOSTILE, Specimen
from tests.hone import Hone

GOLDEN = Path(__file__).parent / "golden"
ROOMS = {**gallery.ROOMS, **gallery_talk.ROOMS}
WRITE = os.environ.get("GOLDENS") == "write"

ZONE = "Europe/Berlin"

Json = dict[str, Any]
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
    changed = [_difference(path, text) for path, text in drawn.items()]
    shown = "\n".join(filter(None, changed))
    assert not shown, f"cards changed; if that is wanted, run make goldens\n{shown}"


def test_no_golden_file_is_left_behind() -> None:
    """One that no specimen is compared with shows what nobody sees any more."""
    rooms = sorted(ROOMS, key=len, reverse=True)
    left = [
        path.name for path in _files() if not path.name.startswith(tuple(f"{r}-" for r in rooms))
    ]
    assert left == []


# --- as each platform is sent it -------------------------------------------------------------


def as_slack(specimen: Specimen) -> Json:
    match specimen.what:
        case Card() as card:
            return message(card)
        case Form() as form:
            return modal(form, Origin(channel="C0DEV"), specimen.errors)


def as_home(specimen: Specimen) -> Json:
    assert isinstance(specimen.what, Card)
    return home(specimen.what)


def as_teams(specimen: Specimen) -> Json:
    match specimen.what:
        case Card() as card:
            return render(card)
        case Form() as form:
            return draw_form(form, specimen.errors, "nonce")


def as_local(specimen: Specimen) -> str:
    match specimen.what:
        case Card() as card:
            return _lines(card_html(card, ZONE, "card"))
        case Form() as form:
            return _lines(form_html(form, specimen.errors, PEOPLE, ZONE, "nonce"))


def as_text(specimen: Specimen) -> str:
    """Return the card as a screen reader says it, or the form as a list of what it asks."""
    match specimen.what:
        case Card() as card:
            return f"{card.summary}\n\n{twin(card)}\n"
        case Form() as form:
            return "\n".join(_asked(form, specimen.errors)) + "\n"


def _asked(form: Form, errors: Any) -> Iterator[str]:
    yield f"{form.title}\n"
    if error := errors.get(""):
        yield f"! {error}"
    for field in form.fields:
        if isinstance(field, Note):
            yield plain(field.text.spans)
            continue
        stands = field.value if isinstance(field, Input) else ""
        options = " / ".join(o.label for o in field.options) if isinstance(field, Choice) else ""
        yield f"{field.label}: {stands or options}".rstrip()
        if error := errors.get(field.id):
            yield f"  ! {error}"
    yield " ".join(f"[{label}]" for label in (form.submit_label, *(a.label for a in form.also)))


# --- golden files ----------------------------------------------------------------------------


def goldens(name: str, specimen: Specimen) -> Iterator[tuple[Path, str]]:
    yield GOLDEN / "slack" / f"{name}.json", _json(as_slack(specimen))
    if specimen.home:
        yield GOLDEN / "slack" / f"{name}-at-home.json", _json(as_home(specimen))
    yield GOLDEN / "teams" / f"{name}.json", _json(as_teams(specimen))
    yield GOLDEN / "local" / f"{name}.html", as_local(specimen)
    yield GOLDEN / "text" / f"{name}.txt", as_text(specimen)


def _lines(markup: str) -> str:
    return markup.replace("><", ">\n<") + "\n"


def _json(drawn: Json) -> str:
    return json.dumps(drawn, indent=2, ensure_ascii=False) + "\n"


def _write(room: str, drawn: dict[Path, str]) -> None:
    """Write what is drawn, and take away what this room no longer has."""
    for path in _files():
        if _room_of(path.stem) == room:
            path.unlink()
    for path, text in drawn.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _room_of(stem: str) -> str:
    """Return the room of a file; `wsjf-most-open` is of `wsjf-most`, not of `wsjf`."""
    return max((room for room in ROOMS if stem.startswith(f"{room}-")), key=len, default="")


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
        if len(actions) > ACTIONS_MAX:
            yield f"{len(actions)} buttons in a row, over {ACTIONS_MAX}"


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
