"""Make each fault in a copy of the tree, run the tests that must notice it, and say which did.

What is said of each is kept at once, so that a run that is stopped has lost nothing.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.mutants import CAUGHT, ROOT, Mutation, Verdict, cheapest, mutations, verdicts

PARTS = ("bot", "handlers", "storage", "tests", "bench", "docs", "app.py", "pyproject.toml")
"""What the tests of a mutation may need; those of the documents are for nobody here."""

PATIENCE_S = 900  # for tests of a minute on a machine that does much else
QUICK = 10

PASSED, FAILED = 0, 1  # pytest's exit codes; others mean that no test could run


def main() -> int:
    asked = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    asked.add_argument("words", nargs="*", help="only mutations whose line has all these words")
    asked.add_argument("--quick", action="store_true", help=f"only the {QUICK} cheapest")
    wanted = asked.parse_args()
    if wanted.quick:
        chosen = cheapest(QUICK)
    else:
        chosen = [m for m in mutations() if all(w in f"{m.name} {m.tests}" for w in wanted.words)]
    if not chosen:
        print("No mutation of the list has these words.")
        return 1
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copied(Path(folder))
        said = {}
        for mutation in chosen:
            said[mutation.name] = told(mutation, copy, passed_before=wanted.quick)
            if not wanted.quick:
                keep(said)
    missed = sum(verdict.word != "caught" for verdict in said.values())
    print(f"mutants: {len(said) - missed} of {len(said)} caught, {missed} not")
    return 1 if missed else 0


def copied(folder: Path) -> Path:
    """Copy the tree without what was compiled, and return where it lies."""
    without = shutil.ignore_patterns("__pycache__", "node_modules")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=without)
        else:
            shutil.copy(ROOT / part, folder / part)
    return folder


def told(mutation: Mutation, copy: Path, *, passed_before: bool) -> Verdict:
    """Try a mutation; `passed_before` says that its tests passed just now, as they do in CI."""
    if not passed_before and not pass_without(mutation.tests, copy):
        verdict = Verdict("failing", 0.0)
    else:
        began = time.monotonic()
        word = tried(mutation, copy)
        verdict = Verdict(word, round(time.monotonic() - began, 1))
    print(verdict, "", mutation.name, flush=True)
    return verdict


@cache
def pass_without(tests: str, copy: Path) -> bool:
    """Whether tests pass without a fault: those that fail anyway notice nothing."""
    return pytest(copy, tests) == PASSED


def tried(mutation: Mutation, copy: Path) -> str:
    """Make the fault, run its tests, and take it back."""
    path = copy / mutation.file
    sound = path.read_text()
    if sound.count(mutation.there) != 1:
        return "outdated"
    before = path.stat()
    path.write_text(sound.replace(mutation.there, mutation.instead))
    # Python takes what it compiled for fresh while second and size are the same.
    os.utime(path, (before.st_atime, before.st_mtime + 60))
    try:
        code = pytest(copy, mutation.tests)
    finally:
        path.write_text(sound)
        os.utime(path, (before.st_atime, before.st_mtime))
    if code is None:
        return "stuck"
    return {FAILED: "caught", PASSED: "missed"}.get(code, "broken")


def pytest(copy: Path, tests: str) -> int | None:
    """Run tests in the copy and return pytest's exit code, or None if they never ended."""
    line = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    try:
        done = subprocess.run(
            [*line, *shlex.split(tests)],
            cwd=copy,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def keep(said: dict[str, Verdict]) -> None:
    """Keep what was said of each mutation there still is, in the order of the list."""
    known = verdicts() | said
    names: Sequence[str] = [m.name for m in mutations() if m.name in known]
    CAUGHT.write_text("".join(f"{known[name]} {name}\n" for name in names))


if __name__ == "__main__":
    sys.exit(main())
