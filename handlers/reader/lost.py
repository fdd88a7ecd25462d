"""Answers of somebody who does not know what to say, or is not sure of it."""

from __future__ import annotations

import re

from bot.text import alike

_LOST = re.compile(
    r"[\s?!.…-]*|(?:(?:well|hm+|uh+m?|er+m?|sorry|honestly|maybe|oh|i)[\s,.]*)*(?:"
    r"(?:i )?(?:really )?(?:dont|do not|didnt|cant) (?:really )?(?:know|understand|get it|say|tell)"
    r"(?: (?:yet|that|it|this|really|what to (?:say|write)))*"
    r"|(?:i have )?no (?:idea|clue)(?: yet)?|(?:im |i am )?(?:not|un)\s?sure(?: yet)?|dunno|idk"
    r"|help"
    r"(?: me)?|what(?: do you mean| does that mean| is that)?|example|an example(?: please)?"
    r"|for example|such as|like what|huh|hm+|keine ahnung|wei(?:ss|ß) (?:ich )?nicht|no se"
    r"|je ne sais pas|tbd|n/?a|nothing|none|whatever|dont care"
    r")[\s?!.,…]*"
)

_HEDGE = re.compile(
    r"(?:(?:i )?(?:dont know|don['’]t know|do not know|dunno|idk)|maybe|perhaps|probably|possibly"
    r"|(?:i )?(?:think|guess)|well|hm+|u[hm]+|say|let['’]?s say)[\s,.…:-]+",
    re.IGNORECASE,
)


def is_lost(text: str) -> bool:
    """Whether an answer says that somebody does not know: "?", "i dont know", "no idea"."""
    return _LOST.fullmatch(alike(text).replace("'", "").replace("’", "")) is not None


def without_hedges(text: str) -> str:
    """Return `friday` of `idk, maybe friday`: who is unsure of an answer has given one."""
    rest = text
    while hedge := _HEDGE.match(rest):
        rest = rest[hedge.end() :]
    return rest or text
