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
from handlers.orders.it import of_it
from handlers.orders.patterns import PATTERNS, SEVERAL
from handlers.orders.pieces import as_typed
from handlers.orders.synonyms import VERBS, WORDS, hint
from handlers.reader.names import CLDR_WEEKDAYS, WEEKDAY_CODES
from handlers.reader.tails import without_courtesy
from handlers.rules.naming import items_named
from handlers.rules.numbers import DIGITS, named_in

SLIP_CUTOFF: Final = 0.8
"""How alike an order's first word and a verb must be, 0 to 1, to call it misspelt."""

ORDER_MAX_CHARS: Final = 500
"""A new title may follow; a longer text is no order."""

_FILLERS: Final = re.compile(
    r"(?:(?:please|pls|plz|yo|fyi|btw|heads up|um|hey|hi|hello|ok|okay|so|and|now|just|then|well"
    r"|(?:oops|ups)(?=,? \S)|no(?=, \S)"
    r"|hone|bot|dear|also|sorry|actually|thanks|(?:can|could|would|will) (?:you|we)|can i|may i"
    r"|i (?:want|need) to|i would like to|i'd like to|we (?:want|need) to|i want|let's|lets|let us"
    r"|bitte|por favor"
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
    """Return the command line that the words mean; None for a command, and for anything else.

    Several orders are as many lines.
    """
    if len(said) > ORDER_MAX_CHARS:
        return None
    folded, words = _folded(_ticked(said.removeprefix("/")))
    if not folded:
        return "help" if plain(said).strip() == "?" else None
    is_asked = plain(said).rstrip().endswith("?")
    line = (
        _synonym(folded, words, is_command=said.startswith("/"))
        or _named_team(words)
        or _explained(folded, is_asked=is_asked)
        or _digest_at(folded, words)
        or _asked_back(folded, is_asked=is_asked)
        or _orders(said)
        or _order(folded, words)
        or of_it(folded, words, _order)
        or _asked_how(folded)
        or _unclear(folded)
    )
    return None if line is None or _letters(line) == _letters(said) else line


def _folded(said: str) -> tuple[str, Sequence[str]]:
    """Return what is said, folded and as typed, word by word, without what only leads up to it."""
    words = _LABEL.sub(r"\1: ", without_courtesy(_POINT.sub("", said))).split()
    at = next((at for at, word in enumerate(words) if _NUMBER.fullmatch(word)), len(words))
    if words[at + 1 : at + 2] and not plain(words[at + 1]).strip("-"):
        del words[at + 1]  # `#3 - done`
    words = [_NUMBER.sub(r"\1", word) if _NUMBER.fullmatch(word) else word for word in words]
    pieces = (alike(word).replace(" ", "") for word in words)
    folded = " ".join(_ARROWS.get(piece, piece) for piece in pieces).rstrip(" !?.,;:")
    if led := _FILLERS.match(f"{folded} "):
        words, folded = words[led[0].count(" ") :], folded[led.end() :]
    return folded, words


_POINT: Final = re.compile(rf"^\s*(?:[-*•]|[0-9]{{1,2}}[.)])\s+(?=(?:\[[xX]\]\s*)?#{DIGITS})")
_LABEL: Final = re.compile(r"\b(owner|assignee|due|points?|sp)[=:](?=[^\s=:])", re.IGNORECASE)
_NUMBER: Final = re.compile(rf"(#?{DIGITS})[:;]?")
_ARROWS: Final = dict.fromkeys(("->", "=>", "-->", "\u2192", "\u21d2"), "to")
_TICK: Final = (
    r"(?:[\u2705\u2611\u2714]\ufe0f?|\[[xX]\]"
    r"|:(?:white_check_mark|heavy_check_mark|ballot_box_with_check):)"
)
_TICKED: Final = re.compile(rf"\s*(?:{_TICK}\s*(?P<before>\S.*)|(?P<behind>#.*?)\s*{_TICK}+)\s*")
_ONLY_ITEMS: Final = re.compile(rf"#{DIGITS}(?:(?:[\s,&+]|and)*#{DIGITS})*")


def _ticked(said: str) -> str:
    """Return `#3 done` for `#3 ✅`: a tick beside nothing but items says that they are done."""
    found = _TICKED.fullmatch(_POINT.sub("", said))
    items = (found["before"] or found["behind"]).strip() if found else ""
    return f"{items} done" if _ONLY_ITEMS.fullmatch(items) else said


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
    r"(?:wh?at(?:'s| is| are| r|s| does| do you mean by| means)|explain|define|meaning of|was ist"
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
    rf"digest:? (?:here |please |pls )?{_ON}(?P<rest>(?:{_DAY})s?(?:,? {_AT}.*)?"
    rf"|[0-9]{{1,2}}(?:[:.h][0-9]{{2}})? ?(?:am|pm|uhr|h)? {_ON}(?:{_DAY})\b.*)"
)


def _digest_at(folded: str, words: Sequence[str]) -> str | None:
    found = _DIGEST_AT.fullmatch(folded)
    return f"digest on {as_typed(found, words)}" if found else None


# --- orders about items ----------------------------------------------------------------------


_VERBS: Final = {line.split()[1] for _, line in PATTERNS if line.startswith("backlog ")}


def _asked_back(folded: str, *, is_asked: bool) -> str | None:
    """Return the item of `#3 done?`: who asks whether something is so does not want it done."""
    found = _STATES_ONE.match(folded) if is_asked else None
    return f"backlog #{found[1]}" if found else None


_STATES_ONE: Final = re.compile(
    rf"(?:is |are |does )?#? ?({DIGITS}):? (?:(?:is|was|has|already|now|not|still|being) )*"
    r"(?:done|finished|closed|fixed|ready|shipped|in progress|in review|started|blocked|mine|open"
    r"|dropped|deployed|merged|erledigt|fertig|waits? for|depends? on"
    r"|[0-9]+ ?(?:sp|pts?|points?))\b"
)


def _order(folded: str, words: Sequence[str]) -> str | None:
    if words[0].lower() == "backlog" and len(words) > 1 and words[1].lower() not in _VERBS:
        folded, words = folded.removeprefix("backlog "), words[1:]  # `backlog #3 done`
    for pattern, line in PATTERNS:
        if found := pattern.fullmatch(folded):
            rest = as_typed(found, words) if found.groupdict().get("rest") else ""
            return _lines(line, found.groupdict().get("n") or "", rest)
    return None


def _lines(line: str, named: str, rest: str) -> str:
    """Return the line with the items that are named, or a line for each of them."""
    if not SEVERAL.isdisjoint(line.split()[:2]):
        spelt = _RANGE.sub(r"#\1-#\2", named.replace("#", ""))
        numbers = re.sub(rf"(?<![#0-9])(?={DIGITS})", "#", spelt).replace("+", " ")
        each = [" ".join(re.findall(r"#[0-9]+(?:-#[0-9]+)?", numbers))]
    elif "{n}" in line:
        each = [f"#{number}" for number in items_named(named).numbers] or ["#"]
    else:
        each = [""]
    return "\n".join(line.format(n=n, rest=rest).strip() for n in each[:ORDERS_MAX])


_RANGE: Final = re.compile(rf"({DIGITS}) ?(?:-+>?|\.{{2,}}|~|to|through|thru|bis) ?({DIGITS})")

# --- several orders in one message -----------------------------------------------------------

ORDERS_MAX: Final = 20
_AND_THEN: Final = re.compile(
    r"\s*(?:[;\n]+|[.,](?=\s)|\s(?:and|then|und|y|et|e|&|\+)(?=\s))\s*(?:(?:and|then|also)\s+)*",
    re.IGNORECASE,
)
_CHANGES_ITEMS: Final = re.compile(
    r"backlog (?:(?:finish|drop|undo) #|(?:owner|due|move) #[0-9]+ \S)"
)
_RENAMES: Final = re.compile(r"\W*(?:\w+ )?(?:rename|retitle|title|call|improve)\b", re.IGNORECASE)


def _orders(said: str) -> str | None:
    """Return a line for each order of `close #3 and assign #4 to ada`; None for one alone."""
    if len(named_in(said)) < 2 or _RENAMES.match(said):
        return None
    found = _divided(said)
    return "\n".join(found) if len(found) > 1 else None


def _divided(said: str) -> list[str]:
    """Return the orders that the words are, if they are nothing else; the last as short as can be.

    `#3` alone is none: it goes on with the items of the order before it. No piece is read twice as
    the same order, since a message may be all pieces.
    """
    cuts = list(_AND_THEN.finditer(said))[:ORDERS_MAX]
    starts = [0, *(cut.end() for cut in cuts)]
    found: list[list[str]] = []  # the orders that the words are up to each cut, and to the end
    for place, end in enumerate((*(cut.start() for cut in cuts), len(said))):
        begins = (at for at in range(place, -1, -1) if not at or found[at - 1])
        reads = ((at, _one_order(said[starts[at] : end])) for at in begins)
        at, last = next(((at, last) for at, last in reads if last), (0, []))
        found.append([*(found[at - 1] if at else ()), *last])
    return found[-1]


def _one_order(said: str) -> list[str]:
    folded, words = _folded(_ticked(said.strip()))
    line = _order(folded, words) if folded else None
    lines = line.split("\n") if line else []
    return lines if all(map(_CHANGES_ITEMS.match, lines)) else []


def _hinted(folded: str) -> str:
    """Return the first word behind an item's number that help knows: `#3 is blocked by legal`."""
    words = re.findall(r"[^\W\d_]+", folded)
    return next((word for word in words if hint(word) not in _SHOWS), "show")


_ASKS_HOW: Final = re.compile(
    r"(?:(?:how|where) (?:do|can|would|should) i|how to(?=.* (?:items?|owners?|due dates?|votes?"
    r"|titles?|points|themes?|retros?|notes?|digest)\b))\b(?: .*)"
)


def _asked_how(folded: str) -> str | None:
    """Return where help tells how something is done: `how do I change the owner`."""
    if not _ASKS_HOW.fullmatch(folded):
        return None
    known = [word for word in re.findall(r"[^\W\d_]+", folded) if hint(word) not in _SHOWS]
    return f"help {known[-1]}" if known else None


_SHOWS: Final = (None, hint("show"))
_ABOUT_AN_ITEM: Final = re.compile(
    rf"(?:# ?{DIGITS}\b|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)?)\b.*# ?[0-9]).*"
)
_ABOUT_IT: Final = re.compile(
    r"(?P<word>[^\W\d_]+(?:-[^\W\d_]+)?)"
    r"(?: (?:it|this|that|them|this one|that one|everything|all of them|(?:the|this|that) item"
    r"|the last one|my (?:last )?vote|the vote|me(?: tomorrow| later)?)"
    r"(?: (?:as )?(?:done|back|again|now|tomorrow|later|off|up|to \S+))?)?"
)


_REMINDS: Final = re.compile(
    r"(?:(?:remind|ping|nudge|nag|poke) (?:me|us|@\S+)|(?:set|add) (?:me )?(?:a )?reminder)\b"
    r"(?! of)"
)


_NO_VERBS: Final = frozenset(
    {
        *("needs", "waiting", "waits", "blocked", "blocks", "note"),
        *("important", "urgent", "priority", "point", "points", "size"),
    }
)


def _unclear(folded: str) -> str | None:
    """Return where help tells about an order that nobody understands, if it is one."""
    if _REMINDS.match(folded):
        return " ".join(("help remind", *(f"#{number}" for number in named_in(folded)[:1])))
    about = _ABOUT_AN_ITEM.fullmatch(folded) or _ABOUT_IT.fullmatch(folded)
    word = (about["word"] or _hinted(folded)) if about else ""
    if about and about["word"] in _NO_VERBS:
        return None  # "Needs of #3 are unclear"
    numbers = named_in(folded)
    if numbers and hint(word) is None:  # `assing #3 to Grace`
        word = "".join(difflib.get_close_matches(word, VERBS, 1, SLIP_CUTOFF))
    if hint(word) is None:
        return None
    return " ".join(("help", word, *(f"#{number}" for number in numbers[:1])))
