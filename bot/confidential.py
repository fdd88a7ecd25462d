"""What people paste by mistake and would not want others to read: tokens, keys, card numbers.

Each has a name, so that the question about it says what it looks like. Nothing of it is kept but a
hash of the whole text, by which the same text, sent once more, is known as meant.
"""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import chain

from bot.cards import SECRET
from bot.turn import Command, Intent, Mistake, Said, Shortcut, Submission

PATTERNS: tuple[tuple[str, str], ...] = (
    ("a Slack token", r"\bxox[a-z]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}"),
    ("a Slack webhook", r"\bhooks\.slack\.com/(?:services|workflows|triggers)/\w+/\w+/\w+"),
    ("a GitHub token", r"\bgh[opsur]_\w{30,}|\bgithub_pat_\w{20,}"),
    ("a GitLab token", r"\bglpat-[\w-]{20,}"),
    ("an AWS key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("a Google API key", r"\bAIza[\w-]{35}\b"),
    ("a Microsoft client secret", r"(?<![\w~.-])[\w.~-]{3}8Q~[\w.~-]{31,34}(?![\w~.-])"),
    ("an API key", r"\b(?:sk|rk)[_-](?:live_|proj-|ant-)?[A-Za-z0-9_-]{24,}|\bnpm_\w{36}\b"),
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("a signed token (JWT)", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    ("an address with a password", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,100}:[^\s/@]{3,100}@"),
)
_KINDS = [(name, re.compile(pattern, re.ASCII)) for name, pattern in PATTERNS]

_CARD = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-])", re.ASCII)
_ISSUERS = re.compile(r"4|5[1-5]|2[2-7]|3[04-9]|6")
"""How the numbers of payment cards begin: https://en.wikipedia.org/wiki/Payment_card_number"""


class LooksConfidential(Mistake):
    """A text that its writer is asked about before anybody reads it."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"That has what looks like {kind} in it, and others would read it: nothing was saved. "
            "Take it out; or, if it may stay, send the same once more to save it anyway."
        )


def kind_in(text: str) -> str | None:
    """Return what a text seems to hold that is nobody else's business, or None."""
    for name, pattern in _KINDS:
        if pattern.search(text):
            return name
    cards = (re.sub(r"\D", "", found[0]) for found in _CARD.finditer(text))
    return "a card number" if any(map(_is_card, cards)) else None


def _is_card(digits: str) -> bool:
    """Whether a number begins as those of cards do, and its check digit fits (ISO/IEC 7812-1)."""
    if not _ISSUERS.match(digits):
        return False
    doubled = (divmod(2 * int(digit), 10) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(chain.from_iterable(doubled))) % 10 == 0


def typed_in(intent: Intent) -> str:
    """Return all that a person typed or quoted, in lines, but for what is sealed."""
    match intent:
        case Command(name, text):
            return f"{name} {text}"
        case Said(text):
            return text
        case Submission(answers=answers):
            typed = (each for name, each in answers.items() if not name.startswith(SECRET))
            return "\n".join(chain.from_iterable(typed))
        case Shortcut(quote=quote) if quote is not None:
            return quote.text
        case _:
            return ""


def question_about(text: str) -> str:
    """Return what is kept of a question: the same text is known by it, and nothing else is."""
    return f"asked:{sha256(text.encode('utf-8', 'replace')).hexdigest()}"
