"""Read which time zone somebody means: Europe/Berlin, `new york`, UTC+2; never one hours away.

A zone follows a place's summer time, so a place is what is asked for. `UTC+2` is a fixed offset
and stays one. `GMT+2`, `ET` or `CEST` may mean several, and are answered with a city.
"""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.text import alike

ECHO_MAX_CHARS = 40
CITY_MAX_WORDS = 3
NEAR_MIN_CHARS = 4
"""Shorter words are near to everything: ET is no slip for WET."""

_NO_PLACES = frozenset(
    {
        "Factory",
        "localtime",
        "posixrules",
        "EST",
        "MST",
        "HST",
        "EST5EDT",
        "CST6CDT",
        "MST7MDT",
        "PST8PDT",
        "WET",
        "MET",
        "EET",
        "GMT+0",
        "GMT-0",
        "GMT0",
    }
)
_PLACE = re.compile(r"(?!Etc/|SystemV/|posix/|right/)[A-Z]\w+/")

MAY_BE = {
    "et": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "eastern": "America/New_York",
    "ct": "America/Chicago",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "central": "America/Chicago",
    "mt": "America/Denver",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "mountain": "America/Denver",
    "pt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "akst": "America/Anchorage",
    "akdt": "America/Anchorage",
    "hst": "Pacific/Honolulu",
    "nst": "America/St_Johns",
    "art": "America/Argentina/Buenos_Aires",
    "brt": "America/Sao_Paulo",
    "bst": "Europe/London",
    "wet": "Europe/Lisbon",
    "west": "Europe/Lisbon",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "met": "Europe/Berlin",
    "eet": "Europe/Athens",
    "eest": "Europe/Athens",
    "msk": "Europe/Moscow",
    "trt": "Europe/Istanbul",
    "idt": "Asia/Jerusalem",
    "ist": "Asia/Kolkata",
    "gst": "Asia/Dubai",
    "pkt": "Asia/Karachi",
    "ict": "Asia/Bangkok",
    "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
    "acst": "Australia/Adelaide",
    "awst": "Australia/Perth",
    "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
    "wat": "Africa/Lagos",
    "cat": "Africa/Maputo",
    "eat": "Africa/Nairobi",
    "sast": "Africa/Johannesburg",
}
"""What people type, and a city they may mean: half of these are wrong for half of the year."""

_CITIES = {
    "Europe/Berlin": "munich munchen hamburg frankfurt cologne koln stuttgart leipzig",
    "Europe/Zurich": "geneva genf geneve basel bern lausanne",
    "Europe/Paris": "lyon marseille toulouse lille bordeaux nantes",
    "Europe/Rome": "milan milano turin torino naples napoli bologna",
    "Europe/Madrid": "barcelona valencia seville sevilla bilbao",
    "Europe/London": "manchester edinburgh glasgow leeds bristol",
    "Europe/Amsterdam": "rotterdam utrecht eindhoven the_hague den_haag",
    "Europe/Warsaw": "krakow wroclaw gdansk poznan",
    "Europe/Lisbon": "porto",
    "Asia/Kolkata": "bangalore bengaluru mumbai bombay delhi new_delhi chennai pune noida gurgaon",
    "Asia/Shanghai": "beijing shenzhen guangzhou hangzhou",
    "Asia/Tokyo": "osaka kyoto",
    "Asia/Jerusalem": "tel_aviv haifa",
    "America/New_York": "boston philadelphia miami atlanta nyc washington_dc",
    "America/Chicago": "dallas houston minneapolis",
    "America/Los_Angeles": "san_francisco sf seattle san_diego portland san_jose",
    "America/Toronto": "ottawa montreal",
    "America/Sao_Paulo": "rio_de_janeiro belo_horizonte brasilia",
}
"""Cities where many teams are and that no zone is called by."""

_OFFSET_CITIES = {
    -8: "America/Los_Angeles",
    -6: "America/Chicago",
    -5: "America/New_York",
    -3: "America/Sao_Paulo",
    0: "Europe/London",
    1: "Europe/Berlin",
    2: "Europe/Athens",
    3: "Europe/Istanbul",
    4: "Asia/Dubai",
    5: "Asia/Karachi",
    7: "Asia/Bangkok",
    8: "Asia/Singapore",
    9: "Asia/Tokyo",
    10: "Australia/Sydney",
    12: "Pacific/Auckland",
}
_OFFSET = re.compile(r"(utc|gmt)([+-])(\d{1,2})(?::?(\d\d))?")
_ZERO = frozenset({"utc", "z", "zulu", "uct", "universal", "gmt", "greenwich"})
_OFFSET_MAX_HOURS = 14


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by its IANA name; `remark` says what to know about it, in a sentence."""

    name: str
    remark: str = ""


class NoZone(ValueError):
    """No one zone is meant; the message is a sentence that asks for a city."""


def read_zone(typed: str) -> Zone:
    """Return the zone that is meant: an IANA name in any case, a city that is one zone's, UTC+2.

    Raises NoZone, with a city where one is near.
    """
    wanted = "_".join(alike(typed).strip("().,").removesuffix(" time").split())
    if wanted in _ZERO:
        return Zone("UTC")
    if offset := _OFFSET.fullmatch(wanted.replace("_", "")):
        return _fixed(offset, typed)
    if wanted in MAY_BE:
        raise NoZone(f"{_echo(typed)} can mean several zones. Name a city: {MAY_BE[wanted]}?")
    known = _zones()
    if wanted in known:
        return Zone(known[wanted])
    raise NoZone(f"I don't know the time zone {_echo(typed)}. {_hint(wanted)}")


def is_city(words: str) -> bool:
    """Tell whether words with spaces between them name a zone: new york, los angeles."""
    return "_".join(words.split()) in _zones()


def looks_like_a_zone(word: str) -> bool:
    """Tell whether a folded word names a zone, or may name several."""
    return (
        _area(word) in _areas()
        or word in _ZERO
        or word in MAY_BE
        or _OFFSET.fullmatch(word) is not None
        or word in _zones()
    )


def _area(word: str) -> str:
    return word.partition("/")[0] if "/" in word else ""


def _fixed(offset: re.Match[str], typed: str) -> Zone:
    hours = int(offset[3]) * (-1 if offset[2] == "-" else 1)
    if not hours and not int(offset[4] or 0):
        return Zone("UTC")
    city = _OFFSET_CITIES.get(hours, "Europe/Berlin")
    if offset[1] == "gmt":
        raise NoZone(f"{_echo(typed)} does not say whether its clocks change. Name a city: {city}?")
    if int(offset[4] or 0) or abs(hours) > _OFFSET_MAX_HOURS or hours < -12:
        raise NoZone(f"{_echo(typed)} is no whole number of hours. Name a city instead: {city}?")
    remark = (
        f"UTC{hours:+} is a fixed offset: summer time will not be followed. "
        f"To follow it, name a city, such as {city}."
    )
    return Zone(f"Etc/GMT{-hours:+}", remark)


def _hint(wanted: str) -> str:
    if len(wanted) >= NEAR_MIN_CHARS and not re.search(r"\d", wanted):
        places = [name for name, zone in _zones().items() if _PLACE.match(zone)]
        near = difflib.get_close_matches(wanted[:ECHO_MAX_CHARS], places, n=1, cutoff=0.75)
        if near:
            return f"Did you mean {_zones()[near[0]]}?"
    return "Name a city, such as Europe/Berlin."


@functools.cache
def _areas() -> frozenset[str]:
    return frozenset(name.partition("/")[0] for name in _zones() if "/" in name)


@functools.cache
def _zones() -> dict[str, str]:
    """Return folded names → zones: full names, and cities that only one zone has."""
    zones = sorted(available_timezones() - _NO_PLACES)
    cities: dict[str, list[str]] = {}
    for zone in zones:
        if _PLACE.match(zone):
            cities.setdefault(zone.rpartition("/")[2].lower(), []).append(zone)
    unique = {city: found[0] for city, found in cities.items() if len(found) == 1}
    known = {city: zone for zone, named in _CITIES.items() for city in named.split()}
    return known | unique | {zone.lower(): zone for zone in zones}


def _echo(text: str) -> str:
    shown = " ".join(text.split())
    return f"“{shown if len(shown) <= ECHO_MAX_CHARS else shown[: ECHO_MAX_CHARS - 1] + '…'}”"
