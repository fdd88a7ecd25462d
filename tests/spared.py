"""Which stories PostgreSQL is spared: those that ask it nothing that no other test asks.

A story's words are the same on both databases; what may differ is how a statement is answered. So
`make spared` tells PostgreSQL every story, notes each statement that it is asked, and chooses
stories that ask all of them, the cheapest first. The others stand in `spared.txt`, by function,
and are told to SQLite alone. Nothing is chosen among tests of the storage and of the doors. A story
that is new or has another name is told to both until the list is made anew.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

HERE: Final = Path(__file__).parent
LIST: Final = HERE / "spared.txt"
NOTES: Final = "HONE_STATEMENTS"
"""Names the folder that the statements are noted in; set only while the list is made."""

CHOSEN_AMONG: Final = ("tests/conversations/test_", "tests/handlers/")
ALWAYS_TOLD: Final = (
    *("test_a_theme_of_four_teams", "test_inspect_and_adapt", "test_retros_that_go_on"),
    *("test_the_next_retro", "test_coaching_who_knows_nothing", "test_did_it_work"),
    *("test_one_focus_each_iteration", "test_no_answer_to_any_form_is_our_mistake"),
    *("test_what_ranked_high", "test_on_both_databases", "test_a_train_may_mix_trackers"),
    "test_a_number_no_row_can_have_is_not_found",
)
"""Stories of several weeks and people, and of what a database may refuse: their values count."""


def is_spared(test: str) -> bool:
    """Whether a test that is about to ask PostgreSQL would ask nothing new."""
    return NOTES not in os.environ and "postgresql" in test and _function(test) in _SPARED


def _function(test: str) -> str:
    return test.partition("[")[0]


_SPARED: Final = frozenset(LIST.read_text().split()) if LIST.exists() else frozenset()


# --- while the list is made ----------------------------------------------------------------------

_ONE_OF_MANY: Final = re.compile(r"\$\d+(::[A-Z ]+)?|sa_savepoint_\d+")
_MANY: Final = re.compile(r"\$(, \$)+")


class _Noting:
    """Notes which test asks what, and how often it asks anything."""

    def __init__(self) -> None:
        self.asked: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.test = ""

    def note(self, _: Any, __: Any, statement: str, *___: Any) -> None:
        if "postgresql" in self.test:
            alike = _MANY.sub("$", _ONE_OF_MANY.sub("$", statement))
            self.asked[_function(self.test)][alike] += 1

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.test = nodeid

    def pytest_sessionfinish(self) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        (Path(os.environ[NOTES]) / worker).write_text(json.dumps(self.asked))


def pytest_configure(config: pytest.Config) -> None:
    noting = _Noting()
    event.listen(Engine, "before_cursor_execute", noting.note)
    config.pluginmanager.register(noting)


def spared(asked: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the functions whose every statement another test asks, too.

    `asked` has test → statement → how often it asks that; all its tests have passed.
    """
    among = {test for test in asked if test.startswith(CHOSEN_AMONG)}
    among = {test for test in among if not any(name in test for name in ALWAYS_TOLD)}
    told = {statement for test in asked.keys() - among for statement in asked[test]}
    new = {test: asked[test].keys() - told for test in sorted(among)}
    while any(new.values()):
        best = max(new, key=lambda test: len(new[test]) / sum(asked[test].values()))
        found = new.pop(best)
        new = {test: statements - found for test, statements in new.items()}
    return sorted(new)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "pytest", "-n", "auto", "-k", "postgresql"]
        ended = subprocess.run([*run, "-p", "tests.spared"], env={**os.environ, NOTES: folder})
        asked: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for notes in Path(folder).iterdir():
            for test, statements in json.loads(notes.read_text()).items():
                asked[test].update(statements)
    if ended.returncode:
        return ended.returncode
    LIST.write_text("".join(f"{test}\n" for test in spared(asked)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
