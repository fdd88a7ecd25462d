"""How people type on a phone or in telegrams, so that the model is trained on that, too.

Only training needs it (`training.py`): every round some sentences are read as somebody might have
typed them in haste, others each time. What people type is read as it is.
"""

from __future__ import annotations

import re
from typing import Any

OFTEN = 0.4
"""The share of the sentences that are read so in a round."""

TELEGRAMS, SLIPS = 0.3, 0.2
"""Of these, the shares that only lose small words, and that only have slips."""

SAID_SHORT, LEFT_OUT, SLIPPED = 0.5, 0.7, 0.2
"""How often a word is abbreviated, a small word left out, and a finger slips in a longer word."""

SLIPPED_MIN_CHARS = 4

SHORT = {
    "about": "abt",
    "acceptance criteria": "ac",
    "again": "agn",
    "and": "n",
    "application": "app",
    "approval": "appr",
    "automated": "auto",
    "because": "bc",
    "before": "b4",
    "between": "btwn",
    "cannot": "cant",
    "configuration": "cfg",
    "customer": "cust",
    "customers": "custs",
    "database": "db",
    "definition of done": "dod",
    "dependencies": "deps",
    "dependency": "dep",
    "deployment": "deploy",
    "developer": "dev",
    "developers": "devs",
    "documentation": "docs",
    "environment": "env",
    "environments": "envs",
    "estimate": "est",
    "estimates": "ests",
    "every": "evry",
    "everybody": "evry1",
    "everyone": "every1",
    "for": "4",
    "have": "hv",
    "hour": "hr",
    "hours": "hrs",
    "information": "info",
    "infrastructure": "infra",
    "management": "mgmt",
    "manager": "mgr",
    "meeting": "mtg",
    "meetings": "mtgs",
    "merge request": "mr",
    "message": "msg",
    "messages": "msgs",
    "minutes": "min",
    "month": "mo",
    "months": "mths",
    "never": "nvr",
    "nobody": "no1",
    "people": "ppl",
    "performance": "perf",
    "please": "pls",
    "priorities": "prios",
    "priority": "prio",
    "problem": "prob",
    "problems": "probs",
    "product owner": "po",
    "production": "prod",
    "project": "proj",
    "projects": "projs",
    "pull request": "pr",
    "pull requests": "prs",
    "quarter": "qtr",
    "release": "rel",
    "repository": "repo",
    "requirements": "reqs",
    "retrospective": "retro",
    "scrum master": "sm",
    "should": "shld",
    "somebody": "sb",
    "someone": "some1",
    "something": "sth",
    "specification": "spec",
    "sprint": "sprnt",
    "staging": "stg",
    "tester": "qa",
    "testers": "qa",
    "though": "tho",
    "through": "thru",
    "ticket": "tkt",
    "tickets": "tix",
    "to": "2",
    "today": "2day",
    "tomorrow": "tmrw",
    "too": "2",
    "until": "til",
    "very": "v",
    "week": "wk",
    "weeks": "wks",
    "with": "w/",
    "without": "w/o",
    "year": "yr",
    "years": "yrs",
    "you": "u",
    "your": "ur",
}
_SHORT = re.compile(rf"\b({'|'.join(sorted(SHORT, key=len, reverse=True))})\b", re.IGNORECASE)
_SMALL = re.compile(
    r"\b(a|an|the|is|are|was|were|be|been|we|our|us|i|my|it|its|that|this|there|have|has|had|of|to"
    r"|do|does|just|so|very|really|always|by|and|in|on)\b ?",
    re.IGNORECASE,
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {key: beside for row in _ROWS for key, beside in zip(row, row[1:] + row[-2], strict=True)}


def made_by() -> object:
    """Return all that decides how sentences are changed, for the digest of what is trained."""
    shares = (OFTEN, TELEGRAMS, SLIPS, SAID_SHORT, LEFT_OUT, SLIPPED, SLIPPED_MIN_CHARS)
    return shares, SHORT, _SMALL.pattern, _ROWS


def hasty(text: str, draws: Any) -> str:
    """Return the text as somebody types it in haste; `draws` is numpy's generator."""
    way = draws.random()
    if way < TELEGRAMS:
        return _telegram(text, draws)
    if way < TELEGRAMS + SLIPS:
        return _slipped(text, draws)
    text = _SHORT.sub(
        lambda said: SHORT[said[0].lower()] if draws.random() < SAID_SHORT else said[0], text
    )
    if draws.random() < TELEGRAMS:
        text = _telegram(text, draws)
    return re.sub(r"[’',.!?;:]", "", _slipped(text, draws)).lower()


def _telegram(text: str, draws: Any) -> str:
    """Leave small words out, but never all there is."""
    short = _SMALL.sub(lambda said: "" if draws.random() < LEFT_OUT else said[0], text).strip()
    return short or text


def _slipped(text: str, draws: Any) -> str:
    return " ".join(
        _slip(word, draws) if len(word) >= SLIPPED_MIN_CHARS and draws.random() < SLIPPED else word
        for word in text.split(" ")
    )


def _slip(word: str, draws: Any) -> str:
    """Swap, lose, double or miss a letter, never the first."""
    at, how = int(draws.integers(1, len(word) - 1)), draws.random()
    before, letter, after = word[:at], word[at], word[at + 1 :]
    if how < 0.35:
        return before + after[0] + letter + after[1:]
    if how < 0.7:
        return before + after
    if how < 0.85:
        return before + letter + letter + after
    return before + _BESIDE.get(letter, letter) + after
