"""Read which time zone somebody means: "Europe/Berlin", "europe/berlin", "Berlin"."""

from __future__ import annotations

import difflib
import functools
from zoneinfo import available_timezones

from handlers.phrases import shortened

ECHO_MAX_CHARS = 40

_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})


def read_zone(typed: str) -> tuple[str, str]:
    """Return the IANA name and no error, or no name and a sentence naming the nearest zone."""
    wanted = "_".join(typed.lower().split())
    known = _zones()
    if wanted in known:
        return known[wanted], ""
    near = difflib.get_close_matches(wanted[:ECHO_MAX_CHARS], known, n=1, cutoff=0.6)
    hint = f"Did you mean {known[near[0]]}?" if near else "Name it like Europe/Berlin."
    return "", f"I don't know the time zone “{_echo(typed)}”. {hint}"


@functools.cache
def _zones() -> dict[str, str]:
    """Return lower-case names → zones: full names, and cities that only one zone has."""
    zones = sorted(available_timezones() - _NO_PLACES)
    cities: dict[str, list[str]] = {}
    for zone in zones:
        if "/" in zone and not zone.startswith("Etc/"):
            cities.setdefault(zone.rpartition("/")[2].lower(), []).append(zone)
    unique = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return unique | {zone.lower(): zone for zone in zones}


def _echo(typed: str) -> str:
    return shortened(typed, ECHO_MAX_CHARS)
