"""Words to Hone that are no work: a greeting, a thank-you, a question about Hone itself.

They are answered and never proposed as an item. Only whole sentences count: "hello world builds
fail" is about builds.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

SmallTalk: TypeAlias = Literal["greeting", "thanks", "question"]

_SAID: dict[SmallTalk, re.Pattern[str]] = {
    "greeting": re.compile(
        r"(hi|hello|hey|hiya|good (morning|afternoon|evening|day))( (there|again|hone|all))*"
    ),
    "thanks": re.compile(
        r"((ok|okay|great|perfect|cool|many) )*(thanks|thank you|thx|cheers)"
        r"( (a lot|so much|very much|again|hone))*"
    ),
    "question": re.compile(
        r"((hi|hello|hey) )?((hone|there) )?"
        r"(what (can|do) (you|i) do( here| for (me|us))?|what (is|are) (this|hone|you)( for)?"
        r"|who are you|what do you know|how (does|do) (this|it|hone|you) work"
        r"|how (can|do) i (start|begin|use (this|hone|you))|where do i (start|begin)"
        r"|(can|could) you help( me)?)"
    ),
}
_NO_WORDS = re.compile(r"[^\w\s]|_")


def small_talk(words: str) -> SmallTalk | None:
    """Say what kind of small talk the words are; None for anything worth keeping."""
    plain = " ".join(_NO_WORDS.sub(" ", words.casefold()).split())
    return next((kind for kind, pattern in _SAID.items() if pattern.fullmatch(plain)), None)
