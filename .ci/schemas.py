"""Validate what Hone sends to the platforms against their own published schemas.

    PYTHONPATH=. python .ci/schemas.py <folder holding the schema files>

Checked are the two app manifests as `app.py manifest` prints them, and every card and form of the
tests' gallery as Teams is sent it: the gallery's conversations are held for that, on a database
that is thrown away. One line is printed for each; the exit status is 1 if any is refused.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from tests.gallery.drawn import as_teams
from tests.gallery.played import specimens

ROOT = Path(__file__).resolve().parent.parent
SLACK_MANIFEST = "slack-manifest.schema.{major}.0.0.json"
TEAMS_MANIFEST = "teams-v1.30.schema.json"
ADAPTIVE_CARD = "adaptive-card-1.5.0.json"
PEOPLE = "choices.data"
REASON_MAX_CHARS = 300


def main(schemas: Path) -> int:
    """Check every document and return the exit status: 0 if all are valid, else 1."""
    refused = 0
    for name, document, schema in documents():
        problem = check(document, json.loads((schemas / schema).read_text()))
        print(f"{name}: {problem or 'valid'} ({schema})")
        refused += problem is not None
    return 1 if refused else 0


def documents() -> Iterator[tuple[str, Any, str]]:
    """Yield what is to be checked: its name, the document and its schema's file name."""
    slack = printed_manifest("slack")
    major = slack.get("_metadata", {}).get("major_version", 1)
    yield "Slack manifest", slack, SLACK_MANIFEST.format(major=major)
    yield "Teams manifest", printed_manifest("teams"), TEAMS_MANIFEST
    for name, specimen in specimens().items():
        yield name, as_published(as_teams(specimen)), ADAPTIVE_CARD


def printed_manifest(platform: str) -> dict[str, Any]:
    """Return the manifest that `app.py manifest <platform>` prints, as YAML or JSON."""
    command = [sys.executable, "app.py", "manifest", platform]
    printed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    manifest: dict[str, Any] = yaml.safe_load(printed.stdout)
    return manifest


def as_published(card: dict[str, Any]) -> dict[str, Any]:
    """Return the card as hosts other than Teams see it, which is all its schema knows.

    Teams' own members are left out: the card's `msteams` (mentions, width), the search for people
    in a choice, and the style of a choice that is searched, which other hosts fold. Each chart is
    replaced by its fallback, so a chart without one is refused.
    """
    return {name: _published(part) for name, part in card.items() if name != "msteams"}


def _published(node: Any) -> Any:
    match node:
        case {"type": str(kind), "fallback": dict(fallback)} if kind.startswith("Chart."):
            return _published(fallback)
        case {"type": "Input.ChoiceSet", "style": "filtered"}:
            return _published(node | {"style": "compact"})
        case dict():
            return {name: _published(part) for name, part in node.items() if name != PEOPLE}
        case list():
            return [_published(part) for part in node]
        case _:
            return node


def check(document: Any, schema: dict[str, Any]) -> str | None:
    """Return why the schema refuses the document, or None if it is valid.

    Draft 7 is used whatever draft a schema names: the Teams manifest's says draft 4 but uses
    `const` and `if`, which a draft 4 validator would pass over.
    """
    error = best_match(Draft7Validator(schema).iter_errors(document))
    if error is None:
        return None
    return f"REFUSED at {error.json_path}: {error.message[:REASON_MAX_CHARS]}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    raise SystemExit(main(Path(sys.argv[1])))
