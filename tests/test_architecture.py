"""Who may import whom, and what stands nowhere: the rules that keep a change in one place."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import handlers
from storage.states import DROP_REASONS, REWORK_REASONS, STATES

ROOT = Path(__file__).parents[1]
LINES_MAX = 400
"""Past them, ask which room the next function belongs in, or which story the next test tells."""

SDKS = {"slack_sdk", "slack_bolt", "botbuilder", "botframework", "aiohttp", "jwt"}
DATABASE = {"sqlalchemy", "sqlmodel", "alembic", "asyncpg", "sqlite3", "aiosqlite"}
PURE = {"scoring", "reading", "likeness", "health", "cadence", "ranking", "trend", "verdict"}
"""Files that take plain values: what they decide can be read and tested without Hone."""

PLAIN = {"storage.numbers", "storage.roles", "storage.scale", "storage.states"}
"""What storage keeps its rows by, and rules decide by: words and numbers without a database."""

VALUES = {
    f"bot.{name}"
    for name in ("cards", "turn", "wire", "feature", "text", "html", "remote", "records")
} | {"bot.trackers.kinds"}
"""What a feature may know of the bot: what it says, what it hears and what it offers."""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def name_of(path: Path) -> str:
    return module_of(path).rsplit(".", 1)[-1]


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return every module a file imports; `from x import y` as `x.y` where that is one of ours."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out in full"
            base = node.module or ""
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if _is_ours(inner) else base


def _is_ours(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def offences(paths: list[Path], allowed: Callable[[Path, str], bool]) -> list[str]:
    """Return "file: module" for each import of ours that is not allowed to the file."""
    return [
        f"{path.relative_to(ROOT)}: {module}"
        for path in paths
        for module in imports(path)
        if module.split(".")[0] in {"app", "bot", "handlers", "storage", "tests", "bench"}
        and not allowed(path, module)
    ]


def test_storage_knows_nothing_but_itself() -> None:
    assert not offences(sources("storage"), lambda _, module: module.startswith("storage"))


def test_the_values_know_only_each_other() -> None:
    """They are what everything else agrees on, so they can depend on nothing of it."""
    files = [ROOT / f"{module.replace('.', '/')}.py" for module in sorted(VALUES)]
    with_store = {"bot.feature"}  # its signatures name the store
    assert not offences(
        files,
        lambda path, module: (
            module in VALUES | PLAIN or (module == "storage" and module_of(path) in with_store)
        ),
    )


def home_of(module: str) -> str:
    """Return the feature or the room a module of `handlers` stands in."""
    return ".".join(module.split(".")[:2])


def is_feature(home: Path) -> bool:
    """A folder with a FEATURE, or the function that makes it, is a feature; others are rooms."""
    if not home.is_dir():
        return False
    names: set[str] = set()
    for node in ast.parse((home / "__init__.py").read_text()).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.FunctionDef(name=name):
                names.add(name)
    return not names.isdisjoint({"FEATURE", "feature"})


def homes() -> list[Path]:
    """Return every folder and every file that stands in `handlers`."""
    paths = sorted((ROOT / "handlers").iterdir())
    return [p for p in paths if (p / "__init__.py").exists() or (p.suffix and p.stem[0] != "_")]


FEATURES = [home for home in homes() if is_feature(home)]
ROOMS = [home for home in homes() if not is_feature(home)]
ROOM_MODULES = {module_of(room) for room in ROOMS}


def files_of(home: Path) -> list[Path]:
    return sorted(home.rglob("*.py")) if home.is_dir() else [home]


def test_a_feature_knows_no_adapter_and_no_other_feature() -> None:
    """So that each works on every platform, and can be changed or taken out alone."""
    assert len(FEATURES) > 10
    assert not offences(
        [path for feature in FEATURES for path in files_of(feature)],
        lambda path, module: (
            module in VALUES
            or module.split(".")[0] == "storage"
            or home_of(module) in {*ROOM_MODULES, home_of(module_of(path))}
        ),
    )


def test_a_room_knows_no_feature() -> None:
    """What several features need stands in none of them, and depends on none."""
    assert {room.stem for room in ROOMS} >= {"likeness", "reader", "rules", "ui"}
    assert not offences(
        [path for room in ROOMS for path in files_of(room)],
        lambda _, module: (
            module in VALUES or module.split(".")[0] == "storage" or home_of(module) in ROOM_MODULES
        ),
    )


def test_rooms_lead_to_each_other_in_no_circle() -> None:
    """So that a room can be read after those it needs, and moved without the rest."""
    needed = {
        module_of(room): {
            home_of(module)
            for path in files_of(room)
            for module in imports(path)
            if home_of(module) in ROOM_MODULES - {module_of(room)}
        }
        for room in ROOMS
    }
    TopologicalSorter(needed).prepare()  # raises CycleError, which names the circle


def test_what_has_a_wire_name_stands_where_everybody_looks_for_it() -> None:
    """Cards outlive refactors, so whoever changes an action or a view must find all of them."""
    elsewhere = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources("handlers")
        if path.stem != "actions"
        and (path.parent / "actions.py").exists()
        and path != ROOT / "handlers" / "ui" / "views.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(made).startswith(("action(", "view(")) for made in node.decorator_list)
    ]
    assert not elsewhere


def test_a_persons_own_page_is_filled_from_one_kind_of_file() -> None:
    filling = {
        path.stem
        for path in sources("handlers")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "entries"
    }
    assert filling == {"on_page"}


def test_the_machinery_and_the_adapters_know_no_feature() -> None:
    assert not offences(
        sources("bot"), lambda _, module: not module.startswith(("handlers", "app"))
    )


def test_an_adapter_knows_no_other_adapter() -> None:
    adapters = {"bot.slack", "bot.teams", "bot.local"}
    for adapter in sorted(adapters):
        others = tuple(adapters - {adapter})
        files = sources(adapter.replace(".", "/"))
        assert not [f"{p}: {m}" for p in files for m in imports(p) if m.startswith(others)]
    core = sorted((ROOT / "bot").glob("*.py"))
    assert not offences(core, lambda _, module: not module.startswith(tuple(adapters)))


@pytest.mark.parametrize("adapter", ["slack", "teams", "local"])
def test_who_knows_one_adapter_knows_them_all(adapter: str) -> None:
    """What each must do stands under one name; what is really particular has its own."""
    names = {path.stem for path in (ROOT / "bot" / adapter).glob("*.py")}
    roles = {"adapter", "inbound", "read", "respond", "render", "forms", "people"}
    far_away = {"client", "limits", "manifest"} if adapter != "local" else set()
    assert names >= roles | far_away


def test_nobody_imports_the_app_but_what_runs_or_shows_it() -> None:
    assert not offences(sources("bot", "handlers", "storage"), lambda _, module: module != "app")


def test_a_pure_file_takes_plain_values() -> None:
    """A formula that needs no database is checked by reading it."""
    pure = [path for path in sources("handlers") if name_of(path) in PURE]
    assert {name_of(path) for path in pure} == PURE
    standard = sys.stdlib_module_names | {"rapidfuzz"}
    known = {module_of(path) for path in pure}
    wrong = []
    for path in pure:
        for module in imports(path):
            if module.split(".")[0] in standard or module in known | {"bot.text", "bot.remote"}:
                continue
            sibling = ROOT / f"{module.replace('.', '/')}.py"
            if sibling.exists() and _takes_plain_values(sibling):
                continue
            wrong.append(f"{path.relative_to(ROOT)}: {module}")
    assert not wrong


def test_the_reader_takes_plain_values() -> None:
    """All but what knows who asks and what is searched: hundreds of spellings test it."""
    pure = [path for path in sources("handlers/reader") if path.stem not in ("turns", "finding")]
    wrong = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in pure
        for module in imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names | {"rapidfuzz"}
        and not module.startswith("handlers.reader")
        and module not in {"bot.text", "storage.states"}
    ]
    assert not wrong


def _takes_plain_values(path: Path) -> bool:
    return not any(
        module.startswith(("bot", "storage", "sqlalchemy", "sqlmodel"))
        for module in imports(path)
        if module not in PLAIN | {"bot.text", "bot.remote"}
    )


def test_plain_words_of_storage_need_no_database() -> None:
    files = [ROOT / f"{module.replace('.', '/')}.py" for module in sorted(PLAIN)]
    standard = sys.stdlib_module_names | PLAIN
    assert not [f"{p.name}: {m}" for p in files for m in imports(p) if m not in standard]


def constants(path: Path) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
    """Return every text of a file, alone or with those it is listed with."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, (node.value,)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            texts = [each.value for each in node.elts if isinstance(each, ast.Constant)]
            yield node, tuple(text for text in texts if isinstance(text, str))


def test_states_and_reasons_are_listed_in_one_place() -> None:
    """A state more, or another reason, is then known to every form, number and file at once."""
    homes = {ROOT / "storage/states.py", ROOT / "handlers/backlog/moves.py"}
    reasons = {*REWORK_REASONS, *DROP_REASONS} - {"other", "duplicate"}
    assert not [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {texts}"
        for path in sources("bot", "handlers", "storage")
        if path not in homes and "migrations" not in path.parts
        for node, texts in constants(path)
        if (len(texts) > 1 and set(texts) <= set(STATES)) or not reasons.isdisjoint(texts)
    ]


def test_what_a_number_may_be_stands_in_one_place() -> None:
    """A guard that somebody forgets is a transaction that PostgreSQL refuses."""
    words = {"2**31": "storage/numbers.py", "[0-9]{1,9}": "handlers/rules/numbers.py"}
    key_of_a_file = "handlers/sources/keys.py"  # `hone-1a2b3c4d-42`, not `#42`
    assert not [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sources("bot", "handlers", "storage")
        for word, home in words.items()
        if word in path.read_text()
        and path.relative_to(ROOT).as_posix() not in (home, key_of_a_file)
    ]


def test_the_name_of_a_timer_is_written_once() -> None:
    """A timer that is set under one name and rung under another never rings."""
    kinds = [kind for feature in handlers.FEATURES for kind in feature.due]
    written = Counter(
        texts[0]
        for path in sources("bot", "handlers", "storage")
        if "migrations" not in path.parts and path.stem != "actions"  # wire names of their own
        for node, texts in constants(path)
        if isinstance(node, ast.Constant)
    )
    assert len(kinds) > 8
    assert {kind: written[kind] for kind in kinds if written[kind] != 1} == {}


@pytest.mark.parametrize("folder", ["handlers", "storage"])
def test_no_platform_is_known_where_features_and_data_live(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(folder)
        for module in imports(path)
        if module.split(".")[0] in SDKS
    ]
    assert not found


def test_only_storage_knows_how_rows_are_asked_for() -> None:
    """What is read and written stands beside its table, where its index and its lock are seen."""
    outside = [*sources("bot", "handlers"), ROOT / "app.py"]
    asked = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in outside
        for module in imports(path)
        if module.split(".")[0] in DATABASE
    ]
    asked += [
        f"{path.relative_to(ROOT)}:{node.lineno}: .session"
        for path in outside
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "session"
    ]
    assert not asked


def test_botbuilder_is_known_in_one_place_only() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sources("bot", "handlers", "storage")
        for module in imports(path)
        if module.split(".")[0] in ("botbuilder", "botframework")
    ]
    assert all(path.startswith("bot/teams/") for path in found)


def test_every_file_is_short_enough_to_read() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sources("bot", "handlers", "storage", "bench", "tests", "docs", ".ci")
        if "migrations/versions" not in path.as_posix()  # which are frozen once released
        and (lines := len(path.read_text().splitlines())) > LINES_MAX
    }
    assert not long


def test_no_file_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "shared", "base"}
    assert not [path for path in sources("bot", "handlers", "storage") if path.stem in drawers]


def tracked() -> list[Path]:
    """Every file that git keeps, or all that lie here where there is no git."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths or sources("bot", "handlers", "storage") if path.is_file()]


def test_nothing_names_a_registry_or_somebodys_machine() -> None:
    """A clone must build anywhere, from whichever mirror its owner uses."""
    words = ("index" + "-url", "find" + "-links", "trusted" + "-host", "pypi" + ".org")
    machine = re.compile(rf"{'|'.join(map(re.escape, words))}|(?<![\w.])/(?:work|root|home)/\w")
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # a picture or a font
        found += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if machine.search(line)
        ]
    assert not found
