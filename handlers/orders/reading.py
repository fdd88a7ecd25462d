"""Read plain words as the command they mean: `mark #14 done` is `backlog finish #14`.

Only what is unmistakable is read: an item by its number, or a whole line of the table of synonyms.
"Close the feedback loop" and "who owns deployment is unclear" are thoughts, not orders. What begins
like an order about an item and is none of ours leads to help.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Final

from bot.text import alike, plain
from handlers.orders.glossary import term
from handlers.orders.patterns import PATTERNS
from handlers.orders.synonyms import VERBS, WORDS, hint
from handlers.reader.names import CLDR_WEEKDAYS, WEEKDAY_CODES
from handlers.reader.tails import without_courtesy
from handlers.rules.numbers import DIGITS, named_in

SLIP_CUTOFF: Final = 0.8
"""How alike an order's first word and a verb must be, 0 to 1, to call it misspelt."""

ORDER_MAX_CHARS: Final = 500
"""A new title may follow; a longer text is no order."""

_FILLERS: Final = re.compile(
    r"(?:(?:please|pls|plz|hey|hi|hello|ok|okay|so|and|now|just|then|well|hone|bot|dear|also|sorry"
    r"|actually|thanks|(?:can|could|would|will) (?:you|we)|can i|may i|i (?:want|need) to"
    r"|i would like to|i'd like to|we (?:want|need) to|i want|let's|lets|let us|bitte|por favor"
    r"|kannst du|puedes|peux-tu|pode),? )+"
)
_SHOW: Final = re.compile(
    r"^(?:show|list|see|display|print|give|get|read|open)(?: me| us)?(?: the| our| my| all)* "
)
_HOW: Final = re.compile(
    r"^how (?:does|do|can|to|would|should)(?: i| we| you)? ?"
    r"(?:start|run|do|make|begin|use|create|set up|add|log)? ?(?:the |an? )?(?:new )?"
)


def command_line(said: str) -> str | None:
    """Return the command line that the words mean; None for a command, and for anything else."""
    if len(said) > ORDER_MAX_CHARS:
        return None
    words = without_courtesy(said.removeprefix("/")).split()
    folded = " ".join(alike(word).replace(" ", "") for word in words).rstrip(" !?.,;:")
    if led := _FILLERS.match(f"{folded} "):
        words, folded = words[led[0].count(" ") :], folded[led.end() :]
    if not folded:
        return "help" if plain(said).strip() == "?" else None
    line = (
        _synonym(folded, words, is_command=said.startswith("/"))
        or _named_team(words)
        or _explained(folded, is_asked=plain(said).rstrip().endswith("?"))
        or _digest_at(folded, words)
        or _order(folded, words)
        or _unclear(folded)
    )
    return None if line is None or _letters(line) == _letters(said) else line


def _letters(line: str) -> str:
    """Return what tells two lines apart; emoji behind a command may be what it is about."""
    return re.sub(r"\W", "", alike(line))


# --- whole lines -----------------------------------------------------------------------------


def _synonym(folded: str, words: Sequence[str], *, is_command: bool) -> str | None:
    line = folded.replace("'", "").replace("what is", "whats").strip('"()[]*_ ')
    if found := WORDS.get(line) or WORDS.get(_shortened(line)):
        return found
    if not (is_command and line):
        return None
    first, _, rest = line.partition(" ")
    meant = WORDS.get(first.rstrip(":,;"))  # `/team Bravo`, `/import jira.csv`
    return f"improve {' '.join(words[1:])}" if meant == "improve" and rest else meant


TEAM_NAME_MAX_WORDS: Final = 3


def _named_team(words: Sequence[str]) -> str | None:
    """Return where a team gets its name: `team Bravo`, but not `team morale is low`."""
    first, *name = words
    is_name = 0 < len(name) <= TEAM_NAME_MAX_WORDS and all(word[:1].isupper() for word in name)
    return "settings" if first.lower() == "team" and is_name else None


def _shortened(line: str) -> str:
    """Return `show digest` for `show me the digest`, `how retro` for `how do I start a retro`."""
    return _HOW.sub("how ", _SHOW.sub("show ", line)).removesuffix(" work")


_WHAT_IS: Final = re.compile(
    r"(?:what(?:'s| is| are|s| does| do you mean by| means)|explain|define|meaning of|was ist"
    r"|was sind|was bedeutet|was heisst|que es|que significa|qu'est-ce que|c'est quoi|o que e)"
    r"(?: the meaning of| meant by)? (?P<words>.+?)(?: mean(?: here)?| stand for| for|)"
)


def _explained(folded: str, *, is_asked: bool) -> str | None:
    """Return the line that explains a term: `what is WSJF`, or the term with a question mark."""
    found = _WHAT_IS.fullmatch(folded)
    meant = term(found["words"]) if found else term(folded) if is_asked else None
    return f"help what is {meant.name}" if meant else None


# --- when the digest comes -------------------------------------------------------------------

_DAY: Final = "|".join(
    (
        *sorted({alike(name) for wide, _ in CLDR_WEEKDAYS.values() for name in wide.split()}),
        *(f"{code}[a-z]*" for code in WEEKDAY_CODES),
    )
)
_ON: Final = r"(?:(?:on|at|every|each|weekly|jeden|cada|chaque|toda|immer|am) )*"
_AT: Final = (
    r"(?:at|um|in|by|noon|midday|morning|afternoon|evening|instead|please|a las|as|@|here|vers|to"
    r"|[0-9])"
)
_DIGEST_AT: Final = re.compile(
    r"(?:(?:send|post|schedule|show|give|want|have)(?: me| us)? )?(?:the |a |our )?(?:weekly )?"
    rf"digest:? (?:here )?{_ON}(?P<rest>(?:{_DAY})s?(?:,? {_AT}.*)?"
    rf"|[0-9]{{1,2}}(?:[:.h][0-9]{{2}})? ?(?:am|pm|uhr|h)? {_ON}(?:{_DAY})\b.*)"
)


def _digest_at(folded: str, words: Sequence[str]) -> str | None:
    found = _DIGEST_AT.fullmatch(folded)
    return f"digest on {_as_typed(found, words)}" if found else None


# --- orders about items ----------------------------------------------------------------------


_VERBS: Final = {line.split()[1] for _, line in PATTERNS if line.startswith("backlog ")}


def _order(folded: str, words: Sequence[str]) -> str | None:
    if words[0].lower() == "backlog" and len(words) > 1 and words[1].lower() not in _VERBS:
        folded, words = folded.removeprefix("backlog "), words[1:]  # `backlog #3 done`
    for pattern, line in PATTERNS:
        if found := pattern.fullmatch(folded):
            groups = found.groupdict()
            numbers = " ".join(f"#{n}" for n in re.findall("[0-9]+", groups.get("n") or ""))
            rest = _as_typed(found, words) if groups.get("rest") else ""
            return line.format(n=numbers, rest=rest).strip()
    return None


def _as_typed(found: re.Match[str], words: Sequence[str]) -> str:
    """Return what follows in the words as they were typed, without the end's punctuation."""
    start = found.string.count(" ", 0, found.start("rest"))
    count = found["rest"].count(" ") + 1
    return " ".join(words[start : start + count]).rstrip(" ?!,;:")


_ABOUT_AN_ITEM: Final = re.compile(
    rf"(?:# ?{DIGITS}\b|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)?)\b.*# ?[0-9]).*"
)
_ABOUT_IT: Final = re.compile(
    r"(?P<word>[^\W\d_]+(?:-[^\W\d_]+)?)"
    r"(?: (?:it|this|that|them|this one|that one|everything|all of them|(?:the|this|that) item"
    r"|the last one|my (?:last )?vote|the vote|me(?: tomorrow| later)?)"
    r"(?: (?:as )?(?:done|back|again|now|tomorrow|later|off|up|to \S+))?)?"
)


def _unclear(folded: str) -> str | None:
    """Return where help tells about an order that nobody understands, if it is one."""
    about = _ABOUT_AN_ITEM.fullmatch(folded) or _ABOUT_IT.fullmatch(folded)
    word = (about["word"] or "show") if about else ""
    numbers = named_in(folded)
    if numbers and hint(word) is None:  # `assing #3 to Grace`
        word = "".join(difflib.get_close_matches(word, VERBS, 1, SLIP_CUTOFF))
    if hint(word) is None:
        return None
    return " ".join(("help", word, *(f"#{number}" for number in numbers[:1])))
