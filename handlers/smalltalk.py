"""Words to Hone that are no work: a greeting, a thank-you, a yes, a question about Hone itself.

They are answered and never proposed as an item. Only whole sentences count: "hello world builds
fail" is about builds.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from bot.text import alike

SmallTalk: TypeAlias = Literal["greeting", "thanks", "question", "yes", "no"]

_SAID: dict[SmallTalk, re.Pattern[str]] = {
    "greeting": re.compile(
        r"(hi|hello|hey|hiya|yo|gm|morning|good day"
        r"|hallo|moin|hola|bonjour|salut|ola|good (morning|afternoon|evening|day)"
        r"|guten (morgen|tag))( (there|again|hone|all))*"
    ),
    "thanks": re.compile(
        r"((ok|okay|great|perfect|cool|many) )*(thanks|thank you|thx|tysm|ty|tks|cheers"
        r"|nice one|danke|gracias|merci"
        r"|obrigad[oa])( (a lot|so much|very much|again|hone|schon|dir))*"
    ),
    "question": re.compile(
        r"((hi|hello|hey) )?((hone|there) )?"
        r"(what (can|do) (you|i) do( here| for (me|us))?|what (is|are) (this|hone|you)( for)?"
        r"|who are you|what do you know|how (does|do) (this|it|hone|you) work"
        r"|how (can|do) i (start|begin|use (this|hone|you))|where do i (start|begin)"
        r"|(can|could) you help( me)?)"
    ),
    "yes": re.compile(
        r"((yes|yep|yeah|yup|jup|okey|okee|pls|plz|porfa|thx|speichern|guardar|guardalo|ya|ye|y|yess+|sure|ok|okay|k|kk|fine|please|absolutely|definitely|ja"
        r"|jo|jep|klar|gerne|genau|si|vale|claro|oui|ouais|d accord|sim|pode|hai|はい|of course"
        r"|go ahead|do it|do that|do so|save it|save that|save this|save|please do|go on|go for it"
        r"|sounds good|cool|right|correct|exactly|that s right|i do|mach das|hazlo|vas y|all good"
        r"|good"
        r"|bitte|por favor|hone|perfect|great|thanks|thank you|danke|it is|it does|all of them"
        r"|all|all three|both|each of them)( |$))+"
    ),
    "no": re.compile(
        r"((no|nope|nah|nix|n|nein|non|nao|nee|not now|not yet|later|maybe later|cancel|pls|dont"
        r"|don t|do not|never mind|nevermind|nvm|forget it|forget that|skip|leave it|stop|いいえ"
        r"|don t save( it| that)?|do not save( it| that)?|nicht jetzt|spater|lieber nicht|ahora no"
        r"|mejor no|pas maintenant|agora nao|thanks|thank you|danke|gracias|merci|please|hone|it"
        r"|none|none of them|wrong|that s wrong|discard)( |$))+"
    ),
}
_YES_SIGNS = re.compile(
    "[👍👌✅☑✔🙌💯\U0001f3fb-\U0001f3ff\ufe0f]+|:(?:\\+1|thumbsup|white_check_mark|ok_hand):"
)
_NO_SIGNS = re.compile("[👎❌🙅✖🚫\U0001f3fb-\U0001f3ff\ufe0f]+|:(?:-1|thumbsdown|x):")
_NO_WORDS = re.compile(r"[^\w\s]|_")
SMALL_MAX_CHARS = 80
_LEADS_ON = re.compile(r"^(?:(?:actually|wait|hold on|oh|ah|hm+|um+|well|so|then) )+(?=\w)")
_SHORT = {"u": "you", "r": "are", "wat": "what", "wut": "what", "ur": "your"}
_MORE_THAN_YES = re.compile(
    r"(?:yes|yep|yeah|sure|ok|okay|fine|ja|klar|si|vale|oui|sim)(?: please)?,? "
    r"(?:but|and|with|only|except|aber|und|nur|pero|y|mais|et|mas|e)\b.*"
)


def small_talk(words: str) -> SmallTalk | None:
    """Say what kind of small talk the words are; None for anything worth keeping."""
    if len(words) > SMALL_MAX_CHARS:
        return None
    signs = "".join(words.split())
    if _YES_SIGNS.fullmatch(signs):
        return "yes"
    if _NO_SIGNS.fullmatch(signs):
        return "no"
    spelt = (_SHORT.get(word, word) for word in _NO_WORDS.sub(" ", alike(words)).split())
    plain = _LEADS_ON.sub("", " ".join(spelt))
    return next((kind for kind, pattern in _SAID.items() if pattern.fullmatch(plain)), None)


def is_more_than_yes(words: str) -> bool:
    """Whether somebody says yes and wants something else besides: `yes, but for Grace`."""
    return len(words) <= SMALL_MAX_CHARS and _MORE_THAN_YES.fullmatch(alike(words)) is not None
