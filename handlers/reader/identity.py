"""Read that nobody shall learn who wrote something: `don't show my name`, `ohne mich zu nennen`.

Each language says it with three things in one clause: a word that hides, whoever speaks, and what
names them. Spellings are folded.
"""

from __future__ import annotations

import re
from typing import Final

_GAP: Final = r"(?:,? [^\s.;:!?]+){0,6}?"
"""Words in between, in the same clause; few, so that a long text is read in its length."""

_NAMED: Final = (
    r"(?:named|identified|identifiable|mentioned|quoted|cited|credited|attributed|exposed)"
)
_WROTE: Final = r"(?:wrote|said|sent|posted|reported|submitted|told|raised|logged)"
_ME: Final = (
    r"(?:my (?:identity|authorship)|who (?:i am|wrote (?:this|it)|(?:this|it) (?:is|was|came) from)"
    r"|(?:it|this|that)(?:'s| is| was| came| comes)(?: from)? me"
    rf"|i (?:am the one who )?{_WROTE} (?:this|it|that))"
)

_ENGLISH: Final = (
    r"(?:without|w/o|w/out|hide|leave|keep|omit|remove|strip|not|n't|dont|never|no) "
    r"(?:[a-z']+ ){0,4}my name(?: (?:out|off|away|on|to|in|from|of|it|this|here|there|please|pls"
    r"|plz|thx|thanks|secret|hidden))*\W*"
    r"(?:$|[\n.,;:!?])",
    r"\bmy name (?:out|off|away|secret|hidden|private|(?:should|must)(?:n't|nt| not))\b",
    r"\b(?:don't|do not|dont|never) (?:name|quote|identify|expose) me\b",
    r"\b(?:don't|do not|dont) (?:say|tell|show|reveal|let)(?: [a-z]+){0,3} "
    r"(?:who (?:wrote|said|i am|it is|it was)|(?:this|it) (?:is|was|came) (?:from )?me"
    r"|i (?:said|wrote|told|sent|posted)(?: (?:that|this|it|you))?)\b",
    r"\bkeep me out of (?:it|this|that)\b",
    r"\bdidn'?t (?:hear|get) (?:it |this |that )?from me\b",
    r"\b(?:don't|do not|dont) mention me\W*$",
    # I'd rather not be named; nobody should know it was me; hide who I am
    rf"\bi(?:'d|'m)?(?: [a-z']+){{0,3}} (?:not|never)\b{_GAP} be(?:ing)? {_NAMED}\b",
    rf"\bi (?:don't|dont|won't|can't)\b{_GAP} be(?:ing)? {_NAMED}\b",
    rf"\b(?:no ?one|nobody|not|don't|dont|never)\b{_GAP} (?:know|learn|tell|find out|reveal"
    rf"|disclose|see|say|share|show)\b{_GAP} {_ME}\b",
    rf"\b(?:hide|conceal|protect|withhold)\b{_GAP} {_ME}\b",
    rf"\bkeep (?:{_ME}|me) (?:out|secret|hidden|private|anonymous)\b",
)
_GERMAN: Final = (
    r"\b(?:ohne|nicht mit) meinen? namen?\b",
    rf"\bmein(?:en|e)? namen?\b{_GAP} (?:nicht|weg\w*|raus\w*|geheim\w*|verschweigen)\b",
    rf"\b(?:nicht|nie|keiner|niemand|niemandem)\b{_GAP} (?:von mir (?:ist|kommt|war|stammt)"
    r"|(?:wer|dass) ich (?:bin|es bin|das (?:war|bin)|es war))\b",
    r"\bvon mir (?:habt|hast|haben|wisst|weisst)\b.{0,20} nicht\b",
    rf"\bich\b{_GAP} (?:nicht|keinesfalls) (?:namentlich |mit namen )?"
    r"(?:genannt|erwahnt|zitiert)\b",
    r"\bohne mich zu (?:nennen|erwahnen|zitieren)\b",
    r"\b(?:nennt?|erwahnt?|zitiert?) mich (?:bitte )?nicht\b",
)
_SPANISH: Final = (
    rf"\b(?:no|sin|nunca|ni)\b{_GAP} (?:mi nombre|mi identidad|(?:fui|soy|he sido) yo|quien soy"
    r"|(?:nombrar|mencionar|citar|identificar)me|que lo dije yo)\b",
    r"\b(?:no|sin que) me (?:nombr|mencion|cit|identifi)\w+",
)
_FRENCH: Final = (
    rf"\b(?:ne|n'[a-z]+|sans|pas)\b{_GAP} (?:mon nom|mon identite|(?:que )?c'(?:est|etait) moi"
    r"|de moi|qui je suis)\b",
    r"\b(?:sans|ne pas) me (?:nommer|citer|mentionner|identifier)\b",
    r"\bne me (?:nomm|cit|mentionn|identifi)\w+ pas\b",
)
_PORTUGUESE: Final = (
    rf"\b(?:nao|sem|nunca)\b{_GAP} (?:(?:o )?meu nome|minha identidade|(?:fui|sou) eu"
    r"|quem (?:eu )?sou)\b",
    r"\b(?:nao|sem) me (?:identifi|mencion|cit|nome)\w+",
)
_OTHERS: Final = (
    rf"\b(?:non|senza)\b{_GAP} (?:(?:il )?mio nome|mia identita|(?:sono|sono stat[oa]|ero) io"
    r"|(?:nominar|citar|menzionar)mi)\b",
    rf"\b(?:niet|geen|zonder)\b{_GAP} (?:mijn naam|van mij (?:komt|is)|wie ik ben|dat ik het)\b",
    rf"\b(?:bez|nie)\b{_GAP} (?:moje(?:go|j|m)? (?:imi|nazwisk|dan)\w+|ode mnie|kim jestem)\b",
    rf"\b(?:не|без)\b{_GAP} (?:мое имя|моего имени|моим именем|от меня|кто я|это я)\b",
)

HIDES_ITS_AUTHOR: Final = re.compile(
    "|".join((*_ENGLISH, *_GERMAN, *_SPANISH, *_FRENCH, *_PORTUGUESE, *_OTHERS))
)
"""Somewhere in the text, which may be about something else besides."""

_KINDLY: Final = r"(?: (?:please|pls|bitte|por favor|svp|per favore|behandeln|halten|obrigad[oa]))*"
_PRIVATELY: Final = (
    r"(?:without (?:a |any )?names?|no names?|nameless|unnamed|unsigned|name withheld"
    r"|off the record|in confidence|private|between us|incognito|chatham house(?: rules?)?"
    r"|(?:no|not for|without) attribution|confidential(?:ly)?"
    r"|(?:from )?an? (?:concerned|worried|unhappy|frustrated|disappointed|scared)"
    r" (?:colleague|employee|co-?worker|team ?mate|team member|developer|engineer)"
    r"|ohne namen(?:snennung)?|namen?(?: bitte)? (?:weglassen|raus|nicht nennen)"
    r"|(?:streng )?vertraulich|im vertrauen|(?:das )?bleibt unter uns|unter uns|inoffiziell"
    r"|sin nombres?|(?:es )?confidencial|(?:que (?:esto )?quede )?entre nosotros"
    r"|sans noms?|(?:c'est )?confidentiel|(?:que )?(?:ca |cela )?(?:reste )?entre nous"
    r"|sem nomes?|(?:que )?(?:isto |isso )?(?:fique )?entre nos"
    r"|senza nomi|riservato|confidenziale|(?:resti )?tra (?:di )?noi"
    r"|zonder naam|vertrouwelijk|onder ons|poufne|miedzy nami"
    r"|анонимно|анонімно|конфиденциально|без имени|между нами)"
)
IS_ABOUT_A_NAME: Final = re.compile(
    rf"(?:please |bitte |por favor )?(?:this is |it's |keep (?:this|it) |strictly |das ist )*"
    rf"{_PRIVATELY}{_KINDLY}"
)
"""A clause that says nothing else."""
