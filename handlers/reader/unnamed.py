"""Read the wish to stay unnamed where somebody says it in words: `please keep this anonymous`.

A clause that says nothing else is the wish, and so is a plain word about one's own name. What is
about the anonymity of others ("let people report it anonymously") is prose.
"""

from __future__ import annotations

import re
from typing import Final

from bot.text import alike
from handlers.reader.identity import HIDES_ITS_AUTHOR, IS_ABOUT_A_NAME

_STEM: Final = r"(?:(?:l')?anon(?:ym|im)?[a-z]*|ann?on+[yi]m[a-z]*|анон[а-я]*|анонім[а-яі]*)"  # noqa: RUF001

_AROUND_WORDS: Final = """
    please pls plz thanks thx kindly keep kept make post posted log logged save saved send sent
    submit submitted share record file add put treat publish show display remain stay leave
    write let me my mine myself this that it as be i i'd i'll want wanna prefer like would
    rather to wish can could you we do so is from for the a name names author but and only just
    under strictly completely fully mode totally ok okay if possible entry item note idea
    feedback improvement bitte das dies mich es bleiben lassen posten speichern anlegen melden
    ich mochte will lieber por favor de forma manera modo en esto lo mantener guardar que sea
    quiero s'il te vous plait svp merci rester ceci je veux maniere facon enregistrer isso
    manter salvar quero ficar пожалуиста in into mode modus modo permanecer anonimato garder
    l'anonymat rester prefere prefer forma vorrei restare rimanere graag ik wil blijven prosze
    chce zostac pozostac reported raised filed flagged noted written given told provided left
    el la le de da di by via through being stays stayed nur only gerne gern solo seulement
"""
_AROUND: Final = frozenset(_AROUND_WORDS.split())
"""Words that a clause may have beside the wish: it is about this very message then."""

_OWN_WORDS: Final = """
    please pls plz kindly me my mine myself this that it i i'd i'll bitte das dies mich es ich
    por favor esto lo quiero svp vous plait je en isso quero пожалуиста forma manera maniere keep
    stay remain leave permanecer garder rester vorrei restare rimanere graag ik wil blijven prosze
    chce zostac pozostac nur gern gerne
"""
_OWN: Final = frozenset(_OWN_WORDS.split())
"""One of these makes it a wish; "add anonymous mode" has none."""

_HOW: Final = re.compile(r".*(?:ly|mente|ment|owo|но)")

_PLEASE: Final = r"(?:please|pls|plz)"
_CLAUSES: Final = re.compile(r"[.,;:!?()\[\]{}\"/|*_~<>\n]+|(?:^|\s)-+(?:\s|$)|--+")
_THIS: Final = r"(?:this|it|me|that|mine)(?: one)?"
_POLITE: Final = (
    rf"(?:{_PLEASE}|thx|thanks?|bitte|danke|por favor|porfa|svp|per favore|aub|alsjeblieft"
    r"|prosze|пожалуиста|будь ласка|pf|ok|okay)"
)
_ASKED_LAST: Final = re.compile(
    rf"\b(?:(?:{_PLEASE}|kindly|bitte|por favor|svp)(?: [a-z']+){{0,4}} {_STEM}"
    rf"|(?:keep|make|post|log|save|send|submit|put) {_THIS} {_STEM}"
    rf"|(?:can|could|should|will|would|may|is|are|am)(?: (?:this|it|that|i))"
    rf"(?: be| stay| remain| post(?: this| it)?)? {_STEM}"
    rf"|(?:i )?prefer(?: to (?:be|stay|remain))? {_STEM}"
    rf"|(?:posting|sending|submitting|logging|writing)(?: {_THIS})? {_STEM}"
    rf"|(?:this is|this's|it's) {_STEM}(?:,? (?:right|yes|correct))?"
    rf"|{_STEM} ?(?:yes|true)|\[x?\] ?{_STEM}|(?:by|from|signed|yours),? (?:an )?anonymous"
    rf"|{_PLEASE} no names?|leave me out(?: of (?:it|this|that))?|without mentioning me"
    rf"|(?:{_PLEASE} )?(?:don't|do not|dont) sign (?:this|it)"
    r"|(?:keep|protect|hide) my identity(?: (?:private|secret|hidden|safe))?"
    r"|anon mode|anonymous mode on|off the record|in (?:strict )?confidence"
    rf"|(?:keep|treat)(?: {_THIS})?(?: as)? confidential"
    rf"|{_STEM} ?[:=] ?(?:yes|true|1|on)"
    r"|(?:author|name|by|from|sender|signature|signed) ?[:=] ?"
    rf"(?:{_STEM}|none|no ?one|nobody|unknown|hidden|secret|withheld|private|n/?a))"
    rf"(?: {_POLITE})*\W*$"
)
_ASKED_POLITELY: Final = re.compile(
    rf"(?:\b{_STEM}|\bno names?|\bw/o (?:a |any )?names?|\bunsigned|\boff the record"
    r"|\bconfidential(?:ly)?|\bprivate(?:ly)?|\bohne namen|\bsin nombres?|\bsem nomes?)"
    rf"(?:,? (?:{_POLITE}|right|yes|correct))+\W*$"
    rf"|\b{_STEM} ?\?\W*$"
)
_OF_OTHERS: Final = re.compile(
    r"\b(?:make|makes|let|lets|allow|enable|support|offer|run|hold|vote|votes|answer|report"
    r"|surveys?|umfragen?|encuestas?|sondages?|pesquisas?|retros?|feedback)\b"
)
"""What else may be anonymous: with one of these a polite sentence asks for something else."""

_I_WANT: Final = re.compile(
    r"\bi(?:'d| would)?(?: really| also)? (?:like|want|wanna|prefer|wish|rather|need)(?: to)?"
    rf" (?:be|stay|remain|(?:say|post|report|log)(?: this| it)?) {_STEM}"
)
_SENT: Final = re.compile(
    r"(?:^|\s)(?!(?:is|are|was|were|be|been|being|get|gets|got|not)\b)[\w'\"]+ "
    rf"(?:sent|posted|reported|submitted|logged|raised|filed|shared|written|said) {_STEM}ly\W*$"
)
"""Behind a sentence without a stop: not `crash logs are sent anonymously`."""

_SAID_FIRST: Final = re.compile(
    rf"^\W*(?:{_PLEASE} )?(?:log|post|save|submit|send|add|report|share)(?: {_THIS})?"
    rf" (?:anon|anonymously)\b"
    rf"|^\W*in {_STEM} mode\b"
    rf"|^\W*(?:as |an? )?{_STEM}"
    r"(?: (?:feedback|improvement|idea|note|item|post|entry|input))? ?[:;]"
    rf"|^\W*(?:{_PLEASE} )?(?:anon|anonymous|anonymously|off the record)"
    rf"(?: {_PLEASE})?,? (?:my|our|the|i|i'm|we|he|she|they|it|nobody|there)\b"
    r"|\bkeep (?:this|it) between us\b"
)
_EAST_ASIAN: Final = re.compile(
    r"(?:匿名|無記名|익명)(?:で|希望|に|して|お願い|します|いたします|です|ください|下さい|로|으로|부탁)*\W*$"
    r"|^\W*(?:匿名|無記名|익명)(?:で|希望)?[\W_]"
)
_OPTION: Final = re.compile(
    r"(?:^|\s)(?:-+ ?(?:no-?names?|name-?less|un-?named|un-?signed|incognito|without-?names?"
    r"|no-?author|匿名|無記名|익명|a non|an on|ann on)"
    r"|-+(?:hidden|hide(?:-?(?:me|(?:my-?)?name))?|secret(?:ly)?|private(?:ly)?|confidential(?:ly)?)"
    r"|--+an?)(?: please)?\W*$"
    r"|^-+(?:no-?names?|nameless|unnamed|hidden|hide|secret|private|confidential|incognito|匿名)\b"
)


def said_in_words(text: str) -> bool:
    """Whether a text asks, in other words than the option, that its author stay unnamed."""
    folded = "\n".join(alike(line) for line in text.splitlines())
    if any(pattern.search(folded) for pattern in _WISHES):
        return True
    if _ASKED_POLITELY.search(folded) and not _OF_OTHERS.search(folded):
        return True
    return any(map(_is_wish, _CLAUSES.split(folded)))


_WISHES: Final = (HIDES_ITS_AUTHOR, _OPTION, _EAST_ASIAN, _ASKED_LAST, _I_WANT, _SAID_FIRST, _SENT)


def _is_wish(clause: str) -> bool:
    """Whether a clause says only this. One word alone may be one of a list of words."""
    words = clause.split()
    if IS_ABOUT_A_NAME.fullmatch(" ".join(words)):
        return True
    stems = [word for word in words if re.fullmatch(_STEM, word)]
    others = [word for word in words if word not in stems]
    if not (stems and others) or not _AROUND.issuperset(others):
        return False
    return not _OWN.isdisjoint(others) or any(map(_HOW.fullmatch, stems))
