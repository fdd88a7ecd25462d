"""How people call Hone: by its name in front, with a greeting, in bold, in quotes, or at the end.

    @Hone, improve Bravo needs tests
    Hey @Hone! improve Delta waits for legal
    “@Hone please improve Charlie is slow”
    improve Alpha is slow, @Hone

A platform tells where its mentions of Hone stand; a name that was typed is found here. Around a
command all of it goes; in plain words, only what stands apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

NAME = "Hone"

_SEPARATORS = frozenset(",;:.!?…–—-−>•·、。，：；！？・")  # noqa: RUF001
_CLOSERS = dict(zip("“„«»‹‘‚「([", "”“»«›’‘」)]", strict=True))  # noqa: RUF001
_SAME = re.compile(r"([`*_~\"'])\1*")  # code, bold, italic, struck out, quoted: closed by the same

_CLOSE_UP = frozenset(("", *_SEPARATORS, *_CLOSERS.values()))
"""No space comes before these, nor before nothing."""

_QUOTE = ">"

FRONT_MAX_CHARS = 300
MARKS_MAX = 8

_SPACE = re.compile(r"\s+")
_CUSTOM_EMOJI = re.compile(r":[\w+'-]{1,60}:")
_TYPED_NAME = re.compile(rf"@?{NAME}(?![\w’'-]|\.\w)", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|heya|yo|dear|good (?:morning|afternoon|evening|day)"
    r"|hallo|moin|servus|guten (?:morgen|tag|abend)|hola|buenos d[ií]as|bonjour|salut|ol[aá]|oi"
    r"|bom dia)(?: (?:there|again))?\b",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"(?:please|pls|plz|kindly|bitte|por favor|s['’]il (?:te|vous) pla[iî]t|svp)\b",
    re.IGNORECASE,
)
_LEADING_OVER = re.compile(
    r"(?:ok|okay|alright|right|so|well|now|and|then|oh|ah|sorry|let['’]?s|thanks|thank you|thx"
    r"|(?:can|could|would|will) you)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"/?(?P<name>[^\W_]+(?:-[^\W_]+)*)")
_AFTER_A_COMMAND = re.compile(
    r"[:,;.-]*(?=#[0-9])|(?:[:,;](?=\s|$))?(?:\s+(?:[–—-]\s+)?|$)|[.!?…]+\s*$"
)
_POINT = re.compile(r"(?:^|\s)(?P<sign>[-•*–—·])[^\S\n]+$")
_SET_OFF = re.compile(r"\s*(?:[,:;!.…]+(?=\s|$)|[–—-]+\s)\s*")

_BEFORE_A_NAME = re.compile(
    r"(?:an?|the|our|my|your|this|that|of|for|to|with(?:out)?|from|in(?:to)?|on|at|by|via|about|like"
    r"|than|and|or|ask(?:s|ed)?|tells?|told|use[sd]?|using|lets?|makes?|call)",
    re.IGNORECASE,
)
"""After one of these the name is part of the sentence: "we should ask Hone"."""


def order(pieces: Sequence[str], commands: Collection[str]) -> tuple[str, str] | None:
    """Return the command and what follows it; None where nobody gives one.

    `pieces` stand around the mentions of Hone. Without a mention only a courtesy may stand in
    front, or the typed name.
    """
    before, *after = pieces
    if not after:
        return _order(before, commands, _Front())
    behind = _joined(after)
    in_front = _order(before, commands, _Front(called=True))
    whole = in_front and _order(_joined([before, behind]), commands, _Front(called=True))
    if in_front and in_front[1] and in_front[0] != "help":
        return whole
    lead = _front(before, _Front(called=True))
    marks = lead.marks if lead.end == len(before) else []
    meant = _order(behind, commands, _Front(called=True, marks=marks))
    if meant and not meant[1] and meant[0] != "help":
        return meant[0], _quoted(before)
    return meant or whole


def _quoted(before: str) -> str:
    """Return what lines of quotation say, above a command without words; "" for others."""
    lines = [line.strip() for line in before.splitlines() if line.strip()]
    if not lines or not all(line.startswith(_QUOTE) for line in lines):
        return ""
    return "\n".join(line.lstrip(f"{_QUOTE} ") for line in lines)


def without_address(pieces: Sequence[str]) -> str:
    """Return plain words without what only calls Hone; "" where there is nothing else."""
    before, *after = pieces
    if not after:
        return _without_typed_name(before)
    behind = _joined(after)
    if not _says_something(behind):
        said = _joined([before, behind])
        return said if _says_something(said) else ""
    if _front(before, _Front(called=True)).end == len(before):
        said = behind.lstrip("".join(_SEPARATORS) + " \n")
        return f"{_first_point(behind[: len(behind) - len(said)], said)}{said}".strip()
    return _joined([before, behind], in_words=True)


def _without_typed_name(text: str) -> str:
    name = _TYPED_NAME.search(text, 0, _front(text, _Front()).end)
    if name is None:
        return text.strip()
    before, behind = text[: name.start()], text[name.end() :]
    if _says_something(before) and not any(map(str.isalnum, behind)):
        return text.strip()
    if not _says_something(behind):
        return ""
    apart = _SET_OFF.match(behind)
    if apart or _says_something(before):
        return behind[apart.end() if apart else 0 :].strip()
    return text.strip()  # "Hone is slow today"


def calls_hone(text: str, commands: Collection[str]) -> bool:
    """Whether a text for everybody begins with Hone's typed name, set apart or before a command."""
    front = _front(text, _Front())
    name = _TYPED_NAME.search(text, 0, front.end)
    if name is None:
        return False
    if _SET_OFF.match(text, name.end()) or not _says_something(text[name.end() :]):
        return True
    return _order(text, commands, _Front()) is not None


# --- what stands in front --------------------------------------------------------------------


@dataclass(slots=True)
class _Front:
    """What was read of a text's front: up to `end`, with these bold signs or quotes still open.

    `called`: Hone's name stands there, or a mention. `greets`: a greeting is the last of it.
    """

    end: int = 0
    marks: list[str] = field(default_factory=list)
    called: bool = False
    greets: bool = False


def _front(text: str, front: _Front) -> _Front:
    """Read on over all that only leads up to a command."""
    front.marks = [*front.marks]
    limit = min(len(text), FRONT_MAX_CHARS)
    while front.end < limit and len(front.marks) <= MARKS_MAX:
        end = _next(text, front)
        if end is None:
            break
        front.end = end
    return front


def _next(text: str, front: _Front) -> int | None:
    """Return where the next piece of the front ends, or None where the words begin."""
    at = front.end
    sign = text[at]
    if found := _SPACE.match(text, at) or _CUSTOM_EMOJI.match(text, at):
        return found.end()
    if found := _SAME.match(text, at):
        _toggle(front.marks, found[0])
        return found.end()
    if sign in front.marks[-1:] or sign in _CLOSERS:
        _toggle(front.marks, sign if sign in front.marks[-1:] else _CLOSERS[sign])
        return at + 1
    if sign in _SEPARATORS or _is_drawn(sign):
        front.greets = False
        return at + 1
    if at and text[at - 1].isalnum():
        return None
    if found := _TYPED_NAME.match(text, at):
        front.called, front.greets = True, False
    elif found := _GREETING.match(text, at):
        front.greets = True
    elif not (found := _POLITE.match(text, at)) and front.called:
        found = _LEADING_OVER.match(text, at)
    return found.end() if found else None


def _toggle(marks: list[str], closer: str) -> None:
    if marks[-1:] == [closer]:
        marks.pop()
    else:
        marks.append(closer)


def _is_drawn(sign: str) -> bool:
    """Whether it is an emoji, or a part of one."""
    return unicodedata.category(sign) in ("So", "Sk", "Mn", "Me", "Cf")


# --- the command -----------------------------------------------------------------------------


def _order(text: str, commands: Collection[str], front: _Front) -> tuple[str, str] | None:
    front = _front(text, front)
    if front.greets and not front.called:
        return None  # "hello retro was fun" greets, and is about a retro
    found = _COMMAND.match(text, front.end)
    if not found or (name := found["name"].lower()) not in commands or name == NAME.lower():
        return None
    end = found.end()
    while front.marks and text.startswith(front.marks[-1], end):
        end += len(front.marks.pop())
    follows = _AFTER_A_COMMAND.match(text, end)
    if follows is None:
        return None
    said = text[follows.end() :]
    said = f"{_first_point(follows[0], said)}{said}"
    return name, _unmarked(said, front.marks).strip()


def _first_point(left_out: str, said: str) -> str:
    """Return the sign before the first line of a list, if others have it: it leads to nothing."""
    found = _POINT.search(left_out)
    is_list = found and re.search(rf"\n[^\S\n]*{re.escape(found['sign'])}[^\S\n]", said)
    return f"{found['sign']} " if found and is_list else ""


def _unmarked(text: str, marks: Sequence[str]) -> str:
    """Return the text without the signs that close what was opened in front of the command."""
    for closer in reversed(marks):
        found = re.search(rf"{re.escape(closer)}(?!\w)", text)
        if found:
            text = text[: found.start()] + text[found.end() :]
    return text


# --- the rest --------------------------------------------------------------------------------


def _joined(pieces: Sequence[str], *, in_words: bool = False) -> str:
    """Put pieces together again, with the name where the sentence would break without it."""
    said, *more = (piece.strip() for piece in pieces)
    for piece in more:
        last, ends = "".join(said.rsplit(maxsplit=1)[-1:]), not _says_something(piece)
        if _BEFORE_A_NAME.fullmatch(last) or (in_words and not ends):
            said = f"{said} {NAME}".lstrip()
        elif ends:
            said, piece = said.rstrip(" ,;:–—-"), piece.lstrip(".!")
        said = f"{said}{'' if piece[:1] in _CLOSE_UP else ' '}{piece}".lstrip()
    return said


def _says_something(text: str) -> bool:
    return any(sign.isalnum() or _is_drawn(sign) for sign in text)
