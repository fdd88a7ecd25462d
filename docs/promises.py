"""Write docs/promises.md anew: each promise, what shows it, and the faults its proof must catch.

Run it as `make promises`; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from tests.mutants import Mutation, Promise, promises

PROMISES = Path(__file__).with_name("promises.md")

HEAD = """\
# What Hone promises, and what would notice if it did not

Made by `make promises` from [tests/mutants/list.txt](../tests/mutants/list.txt).
Each fault is one changed line. `make mutants` makes them one by one in a copy of the code and runs
the tests named beside them; every one has to be noticed. What the last run of each said stands in
[tests/mutants/caught.txt](../tests/mutants/caught.txt), and ten of them run in CI.

| promise | shown by | faults that must be noticed |
|---|---|---|
"""


def table() -> str:
    """Return the whole document."""
    return HEAD + "".join(f"{_row(promise)}\n" for promise in promises())


def _row(promise: Promise) -> str:
    faults = "<br>".join(_fault(mutation) for mutation in promise.mutations)
    return f"| {promise.sentence} | {promise.shown_by} | {faults or 'none yet'} |"


def _fault(mutation: Mutation) -> str:
    return f"`{mutation.file}`: {_code(mutation.there)} → {_code(mutation.instead)}"


def _code(words: str) -> str:
    escaped = words.strip().replace("|", "\\|")
    return f"`` {escaped} ``" if escaped else "nothing"


if __name__ == "__main__":
    PROMISES.write_text(table())
