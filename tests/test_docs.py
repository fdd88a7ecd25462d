"""What the documents say is there, is there; and what is there, they say."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic.fields import FieldInfo

import app as _app  # noqa: F401 - loads every module that counts something
from bot.settings import Settings
from docs.schema import SCHEMA, described, models, purpose_of
from handlers import FEATURES
from storage import Database
from tests.hone import Hone

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
ENV_EXAMPLE = ROOT / ".env.example"
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")})
COMMANDS = sorted(name for feature in FEATURES for name in feature.commands)

_SETTING_ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|", re.MULTILINE)
_EXAMPLE_LINE = re.compile(r"^# ([A-Z_]+)=(.*)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TARGET = re.compile(r"`make ([a-z]+)")


def defaults() -> dict[str, str]:
    """Return every setting's default as it would be written in the environment."""
    return {name.upper(): _written(field) for name, field in Settings.model_fields.items()}


def _written(field: FieldInfo) -> str:
    match field.default:
        case None:
            return ""
        case bool(switch):
            return str(switch).lower()
        case tuple(several):
            return ",".join(several)
        case value:
            return str(value)


# --- settings --------------------------------------------------------------------------------


def test_the_readme_has_every_setting_with_its_default() -> None:
    """An operator who trusts the table must not be surprised by the code."""
    assert dict(_SETTING_ROW.findall(README)) == defaults()


def test_the_example_has_every_setting_with_its_default() -> None:
    """Who uncomments a line without changing it must change nothing."""
    assert dict(_EXAMPLE_LINE.findall(ENV_EXAMPLE.read_text())) == defaults()


def test_the_example_works_when_all_of_it_is_uncommented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in defaults():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    without = Settings()
    Path(".env").write_text(_EXAMPLE_LINE.sub(r"\1=\2", ENV_EXAMPLE.read_text()))
    assert Settings() == without


# --- commands, targets, figures, links -------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_has_a_line_for_every_command(command: str) -> None:
    """A command nobody reads of is a command nobody uses."""
    assert re.search(rf"^\| `{command}\b", README, re.MULTILINE)


def test_every_make_target_is_explained_and_none_is_made_up() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(_TARGET.findall(CONTRIBUTING)) == targets - {"help"}
    assert set(_TARGET.findall(README)) <= targets


@pytest.mark.parametrize("place", ["bot", "handlers", "storage"])
def test_the_map_names_every_folder(place: str) -> None:
    """A newcomer finds a room by its name, and learns first which rooms there are."""
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for path in (ROOT / place).rglob("*/*.py")
        if path.parent.name != "versions"  # of migrations
    }
    map_ = CONTRIBUTING.partition("## Where things live")[2].partition("\n## ")[0]
    named = {name.rstrip("/") for name in re.findall(r"`([a-z_/]+)/`", map_)}
    named |= {f"{place}/{name}" for name in named}
    assert folders <= named


def test_every_figure_of_ours_is_explained() -> None:
    """An alarm on a figure that does not exist never rings."""
    counted = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in REGISTRY.collect()
        if metric.name.startswith("hone_")
    }
    assert set(re.findall(r"^\| `(hone_\w+)`", OPERATIONS, re.MULTILINE)) == counted


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in _LINK.findall(document.read_text()):
        if not target.startswith("http"):
            path, _, anchor = target.partition("#")
            found = (document.parent / path).resolve() if path else document
            assert found.exists(), target
            assert not anchor or anchor in _anchors(found), target


def _anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in headings}


def test_the_first_and_the_last_word_stay_short() -> None:
    """A page that is read in full beats one that has everything."""
    assert len(README.splitlines()) <= 200
    for note in ROOT.glob("docs/decisions/*.md"):
        assert len(note.read_text().splitlines()) <= 25, note.name


# --- the tables ------------------------------------------------------------------------------


def test_the_tables_are_described_as_they_are() -> None:
    """Who looks after a database should not have to read the code for it."""
    assert SCHEMA.read_text() == described(), "the tables changed: run `make schema`"


def test_every_table_says_what_it_is_for() -> None:
    silent = [model.__name__ for model in models() if not purpose_of(model)[:1].isupper()]
    assert not silent


# --- the worked example ----------------------------------------------------------------------


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the two blocks of code in CONTRIBUTING.md and return what they define."""
    feature, test = re.findall(r"```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
    module = ModuleType("handlers.wins")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(feature, module.__dict__)
    exec(f"from __future__ import annotations\n{test}", module.__dict__)
    return module.__dict__


async def test_the_worked_example_works(example: dict[str, Any], database: Database) -> None:
    """A newcomer's first feature is this one, word for word."""
    running = Hone(database, features=(*FEATURES, example["FEATURE"]))
    await example["test_a_win_is_shared_with_the_channel"](running)
    await running.stop()
