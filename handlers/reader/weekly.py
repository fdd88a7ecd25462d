"""Read when something comes every week: `Monday 9:00`, `every Friday at 4pm Berlin time`.

All parts are kept apart, so that who reads them can say what is missing, twice or not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time

from bot.text import alike, plain
from handlers.reader.clocks import BARE_HOUR, CLOCK_RULES, MIDNIGHT, bare, of_part
from handlers.reader.names import WEEKDAY_CODES
from handlers.reader.tails import without_courtesy
from handlers.reader.words import in_grammar


@dataclass(slots=True)
class Weekly:
    """`weekdays` are 1 (Monday) to 7; each of `clocks` is what one time may mean, none if it is no
    time of any day; `others` are the words left over, as typed; `zone` is as it was typed.
    """

    weekdays: list[int] = field(default_factory=list)
    clocks: list[tuple[time, ...]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    zone: str = ""


_WEEKDAY = re.compile(rf"(?:{'|'.join(WEEKDAY_CODES)}|mar)(?= |$)")
_SMALL = re.compile(r"(?:every|at|a|in|by|week|weekly|um|and)(?= |$)")
_PART = re.compile(r"(morning|afternoon|evening|morgen)(?= |$)")
_MILITARY = re.compile(r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?= |$)")
_WORD = re.compile(r"\S+")


def read_weekly(text: str) -> Weekly:
    """Return the parts of a weekly appointment, in whatever order they stand."""
    found, part = Weekly(), ""
    words, at = in_grammar(without_courtesy(text)), 0
    while at < len(words):
        if weekday := _WEEKDAY.match(words, at):
            code = "tue" if weekday[0] == "mar" else weekday[0]
            found.weekdays.append(WEEKDAY_CODES.index(code) + 1)
            at = weekday.end() + 1
        elif clock := _clock(words, at):
            found.clocks.append(clock[0])
            at = clock[1] + 1
        elif said := _PART.match(words, at):
            part, at = said[1], said.end() + 1
        elif small := _SMALL.match(words, at):
            at = small.end() + 1
        elif hour := BARE_HOUR.match(words, at):
            found.clocks.append(bare(hour))
            at = hour.end() + 1
        elif written := _MILITARY.match(words, at):
            found.clocks.append((time(int(written["hour"]), int(written["minute"])),))
            at = written.end() + 1
        else:
            word = _WORD.match(words, at)
            assert word is not None, "words are separated by single spaces"
            _keep(found, word[0], text)
            at = word.end() + 1
    if part:
        found.clocks = [of_part(clock, part) for clock in found.clocks]
    return found


def _clock(words: str, at: int) -> tuple[tuple[time, ...], int] | None:
    """Return the longest time that begins here, and where it ends."""
    ends = [
        (found.end(), rule(found))
        for pattern, rule in CLOCK_RULES
        if (found := pattern.match(words, at))
    ]
    if midnight := MIDNIGHT.match(words, at):
        ends.append((midnight.end(), (time(0),)))
    if not ends:
        return None
    end, clock = max(ends, key=lambda each: each[0])
    return clock, end


def _keep(found: Weekly, word: str, text: str) -> None:
    """Keep what is no weekday and no time, as it was typed."""
    if word.startswith("@"):
        name = word[1:].replace("_", " ")
        found.zone = f"{found.zone} {_as_typed(name, text)}".strip()
    else:
        found.others.append(_as_typed(word, text))


def _as_typed(word: str, text: str) -> str:
    """Return the words of the text that were folded to this one."""
    typed = plain(text).split()
    length = len(word.split())
    for start in range(len(typed) - length + 1):
        run = " ".join(typed[start : start + length])
        if alike(run).strip("(),.;") == word:
            return run.strip("(),.;")
    return word
