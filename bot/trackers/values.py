"""What trackers say in JSON, as plain values: whatever is not what it should be is just not told.

Every reader takes anything and raises nothing: an item with an odd field is still an item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from bot.records import MARKER
from bot.remote import CARDS, FieldHome, Step
from bot.text import alike, clean
from storage.scale import SCALE

CALLED: Final = {
    "title": "Title",
    "owner": "Owner",
    "due": "Due date",
    "labels": "Labels",
    "points": "Story Points",
    "state": "State",
    "ubv": "User-Business Value",
    "tc": "Time Criticality",
    "rroe": "RR/OE",
    "size": "Job Size",
    "wsjf": "WSJF",
}
"""What a field is called where its home has no name of its own."""

DETAILS_MAX_CHARS: Final = 100_000
NUMBER_MAX: Final = 2**53
"""Beyond it JSON's numbers are not exact; nobody estimates or scores that."""


def dig(data: Any, *path: str | int) -> Any:
    """Return what stands deep in JSON, None where something on the way is missing."""
    for step in path:
        match data, step:
            case dict(), str():
                data = data.get(step)
            case list(), int() if -len(data) <= step < len(data):
                data = data[step]
            case _:
                return None
    return data


def several(data: Any, *path: str | int) -> list[Any]:
    """Return the list that stands there, an empty one for anything else."""
    found = dig(data, *path)
    return found if isinstance(found, list) else []


def named(data: Any, *path: str | int) -> Mapping[str, Any]:
    """Return what stands there by name, nothing for anything else."""
    found = dig(data, *path)
    return found if isinstance(found, dict) else {}


def text(data: Any, *path: str | int) -> str:
    """Return a text or a whole number as clean text, "" for anything else."""
    match dig(data, *path):
        case bool() | None:
            return ""
        case str(words):
            return clean(words)
        case int(number):
            return str(number)
        case _:
            return ""


def line(data: Any, *path: str | int) -> str:
    """Return a text as one line."""
    return " ".join(text(data, *path).split())


def number(data: Any, *path: str | int) -> float | int | None:
    """Return a number that is one; whole ones as int."""
    found = dig(data, *path)
    if isinstance(found, str):
        try:
            found = float(found)
        except ValueError:
            return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    if not -NUMBER_MAX <= found <= NUMBER_MAX:  # nor is what is no number at all
        return None
    return int(found) if found == int(found) else round(float(found), 6)


def moment(data: Any, *path: str | int) -> datetime | None:
    """Return an instant in UTC; one without a zone is in UTC."""
    found = dig(data, *path)
    if not isinstance(found, str):
        return None
    try:
        read = datetime.fromisoformat(found.strip())
    except ValueError:
        return None
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def instant(seconds: Any) -> datetime | None:
    """Return the instant of an epoch's seconds, in UTC."""
    counted = number(seconds)
    try:
        return None if counted is None else datetime.fromtimestamp(counted, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def day(data: Any, *path: str | int) -> date | None:
    """Return the calendar day that a text begins with."""
    found = dig(data, *path)
    try:
        return date.fromisoformat(found[:10]) if isinstance(found, str) else None
    except ValueError:
        return None


def stamp(at: datetime | None) -> str:
    """Return an instant as text that orders like instants do, "" for none."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else ""


def person(name: str, account: str) -> str:
    """Return who somebody is as `Name <account>`, "" for nobody."""
    name = " ".join(name.replace("<", " ").replace(">", " ").split())
    return f"{name} <{account}>" if account else name


def account_in(owner: str | None) -> str:
    """Return the account of `Name <account>`."""
    return owner.rpartition("<")[2].rstrip(">") if owner and owner.endswith(">") else ""


def cards(told: Any) -> dict[str, int]:
    """Return the four cards, all of them or none; other numbers are no cards of Hone's."""
    read = {name: number(told, name) for name in CARDS}
    whole = {name: int(card) for name, card in read.items() if card in SCALE and card is not None}
    return whole if len(whole) == len(CARDS) else {}


def details(words: str) -> str:
    """Return a description as it is kept: without the line that is a marker of Hone's.

    "" for one that is too long to be kept whole.
    """
    if MARKER.search(words):
        lines = (line for line in words.split("\n") if not _MARKER_LINE.fullmatch(line.strip()))
        words = "\n".join(lines).strip()
    return words if len(words) <= DETAILS_MAX_CHARS else ""


def facts(**told: str) -> dict[str, str]:
    """Return what is told on an item's card and nowhere else, without what is not known."""
    return {name: words for name, words in told.items() if words}


def in_order(told: Iterable[tuple[datetime | None, str]]) -> tuple[Step, ...]:
    """Return the states an item went through, oldest first, out of (when, state)."""
    return tuple(sorted((Step(at, s) for at, s in told if at and s), key=lambda step: step.at))


def since_open(created: datetime | None, opened: str, moves: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return an item's moves behind its beginning, where a tracker knows open and closed alone."""
    return (Step(created, opened), *moves) if created and moves else moves


# --- cursors ---------------------------------------------------------------------------------


def kept(**places: Any) -> str:
    """Return where reading has come to as a cursor."""
    return json.dumps(places, separators=(",", ":"), sort_keys=True)


def places(cursor: str) -> dict[str, Any]:
    """Return what a cursor holds; {} for the beginning, and for one that nobody can read."""
    try:
        read = json.loads(cursor) if cursor else {}
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


# --- homes of fields -------------------------------------------------------------------------

NAMES_OF_HOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "ubv": ("user business value", "user-business value", "business value", "userbusinessvalue"),
    "tc": ("time criticality", "timecriticality"),
    "rroe": (
        "risk reduction / opportunity enablement",
        "risk reduction and opportunity enablement",
        "risk reduction/opportunity enablement",
        "risk reduction | opportunity enablement",
        "rr-oe",
        "rr/oe",
        "rr|oe",
        "rroe value",
        "rroevalue",
        "rroe",
        "risk reduction",
        "opportunity enablement",
    ),
    "size": ("job size", "job duration", "jobsize", "wsjf job size"),
    "wsjf": ("wsjf", "wsjf score", "weighted shortest job first"),
    "points": ("story points", "story point estimate", "story point", "points"),
}
"""What people call the fields that a score goes to, the likelier first."""


def names_of_homes(called: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Return the same where people said what the home of some is `called` there; "" for none."""
    return {**NAMES_OF_HOMES, **{ours: (alike(name),) for ours, name in called.items()}}


def homes_by_name(
    fields: Iterable[tuple[str, str]], called: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Return Hone's field → (id, name) of its home, out of all (id, name) of numbers there are."""
    by_name: dict[str, tuple[str, str]] = {}
    for id, name in fields:
        by_name.setdefault(alike(name), (id, name))
    found = {}
    for ours, names in names_of_homes(called).items():
        if home := next((by_name[name] for name in names if name in by_name), None):
            found[ours] = home
    return found


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def spoken(name: str) -> str:
    """Return a field's name as people say it: `Custom_JobSize2` is `Job Size`."""
    bare = name.removeprefix("Custom_").removeprefix("c_").rstrip("0123456789")
    return " ".join(_CAMEL.sub(" ", bare).replace("_", " ").split())


def whole_set(homes: Mapping[str, FieldHome], tool: str) -> dict[str, FieldHome]:
    """Return the homes with the four cards hindered where one of them cannot be written.

    Scores are written as a whole or not at all: three cards of four would say something else.
    """
    present = [name for name in CARDS if name in homes]
    if not present:
        return dict(homes)
    lacking = [name for name in CARDS if name not in homes or homes[name].hindrance]
    if not lacking:
        return dict(homes)
    why = next((homes[name].hindrance for name in lacking if name in homes), "")
    why = why or (
        f"{tool} has no number field called {NAMES_OF_HOMES[lacking[0]][0].title()}: "
        "an admin there can add it."
    )
    return {
        name: FieldHome(home.name, home.hindrance or why) if name in CARDS else home
        for name, home in homes.items()
    }


# --- labels ----------------------------------------------------------------------------------

_MARKER_LINE = re.compile(rf"{MARKER.pattern}|<!-- hone {MARKER.pattern} -->")


def hidden(marker: str) -> str:
    """Return a line of Markdown that nobody sees, and that Hone finds."""
    return f"<!-- hone {marker} -->"


def without_markers(labels: Iterable[str]) -> list[str]:
    """Return labels that people gave, without those by which Hone finds what it created."""
    return [label for label in labels if label and not MARKER.fullmatch(label)]


def marker_in(words: Iterable[str]) -> str:
    """Return the first marker that stands in some texts, "" if there is none."""
    found = (MARKER.search(each) for each in words)
    return next((each[0] for each in found if each), "")


def labels_after(there: Sequence[str], changes: Sequence[str]) -> list[str]:
    """Return the labels that an item gets by `+name` and `-name`; all others stay as they are."""
    gone = {_folded(each[1:]) for each in changes if each[:1] == "-"}
    kept = [label for label in there if _folded(label) not in gone]
    have = {_folded(label) for label in kept}
    added = (each[1:] for each in changes if each[:1] == "+")
    return kept + [label for label in added if _folded(label) not in have]


def _folded(label: str) -> str:
    return re.sub(r"[\s_/-]+", "-", alike(label)).strip("-")
