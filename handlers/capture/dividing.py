"""Divide what people type at length: a title and its details, or several problems in one message.

Pure, and on the careful side: a paragraph that explains one problem is one item. What is divided
is only offered, and may be saved as one all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from rapidfuzz.distance import OSA

from bot.text import alike
from handlers.phrases import cut
from handlers.reader.bullets import BOX

TITLE_DIVIDED_CHARS: Final = 160
"""A longer text has a title of its own: its first sentence."""

TITLE_BOUND_CHARS: Final = 200
"""A longer first sentence is cut for the title, and stands whole in the details."""

PROBLEMS_MAX: Final = 10
SENTENCES_MIN: Final = 3
WORDS_MIN: Final = 3
WORDS_MAX: Final = 25
SHORT_FORM_CHARS: Final = 14
SHARED_MIN_CHARS: Final = 5
"""Sentences that share a word of so many letters are about the same thing."""

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])(?:[\"'”’)\]]*)\s+")  # noqa: RUF001
_SHORT_FORM = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|approx|vs|no|nr|dr|mr|mrs|ms|z\.b|d\.h|bzw|ca|usw|evtl|inkl"
    r"|p\.ej|sr|sra|[a-z]|[0-9]{1,2})\.$",
    re.IGNORECASE,
)
_BULLET = re.compile(
    r"^\s*(?:(?:[-*•‣▪◦·–—+]|\(?[0-9]{1,2}[.):]|\(?[a-z][.)]|[0-9]\ufe0f?\u20e3)\s+"
    rf"(?:{BOX}\s+)?|{BOX}\s+)"
)
_MARK: Final = re.compile(
    rf"^(?:(?:[-*•‣▪◦·–—+>]+|#{{1,6}}|{BOX})\s+|(?:re|fwd?|aw|wg|title|titel)\s?:\s+)+(?=\S)",
    re.IGNORECASE,
)
"""What may stand before a title that is none of it: a list's sign, a quotation's, a mail's."""

_FENCE: Final = "```"
_QUOTED: Final = re.compile(r"(?:“[^“”]+”|„[^„“”]+[“”]|«[^«»]+»|\"[^\"]+\")")
_HEADER: Final = re.compile(
    r"\s*(?P<name>from|to|cc|date|sent|subject|von|an|gesendet|datum|betreff|de|para|asunto|enviado"
    r"|objet|assunto)\s?:\s*(?P<value>.*)",
    re.IGNORECASE,
)
_SUBJECTS: Final = frozenset({"subject", "betreff", "asunto", "objet", "assunto"})
_LEADS_ON = re.compile(
    r"(?:it|its|this|that|these|those|they|them|he|she|so|because|and|but|or|then|therefore|thus"
    r"|which|who|as a result|also|for example|for instance|e\.g|i|i'd|if|when|instead|maybe"
    r"|perhaps|please|could|should|can|let's|what|how|why|thanks|thank you|otherwise|still|even"
    r"|sometimes|usually|mostly|after|before|last|yesterday|today|there|here|especially|only"
    r"|das|dies|dann|aber|und|weil|deshalb|also|es|sie|wenn|danach|eso|esto|pero|y|porque|entonces"
    r"|si|cela|ca|mais|et|parce|alors|isso|mas|e|the other|one|another|first|second|finally"
    r"|nobody then|every time|each time|to fix|my|her|his)(?:$|[\s,'])"
)


# --- title and details -----------------------------------------------------------------------


def title_and_details(text: str, title: str) -> tuple[str, str]:
    """Divide a long text; `title` is what was read of it, without its markers.

    The title is the first sentence, or as much of it as fits; details keep their lines.
    """
    typed = _as_typed(text, title)
    body = _without_fences(typed)
    if subject := _subject(body):
        return bare_title(subject), body
    behind = _behind_code(typed)
    said = without_letter(behind or body)
    if said != body:
        first, _ = _first_sentence(said)
        first = _cut_at_a_word(first) if len(first) > TITLE_BOUND_CHARS else _without_stop(first)
        return bare_title(first), typed if behind else body
    title = body if len(body) < len(title) and "\n" not in body else title
    return _divided(body, bare_title(title))


_HELLO: Final = (
    r"(?:hi|hello|hey|dear|hallo|moin|good (?:morning|afternoon|evening)|guten (?:morgen|tag)"
    r"|hola|bonjour|ol[aá])"
)
_GREETS: Final = re.compile(
    rf"\s*{_HELLO}(?:[ ,]+(?:there|all|team|everyone|everybody|folks|guys|hone|again|zusammen))*"
    rf"\s*[,!.:–-]*\s*|\s*{_HELLO} [^\W\d_]+(?: [^\W\d_]+)?\s*[,!]+\s*",
    re.IGNORECASE,
)
_CLOSES: Final = re.compile(
    r"\s*(?:thanks|thank you|thx|cheers|best|kind regards|best regards|regards|br|vg|lg|danke|merci"
    r"|gracias|saludos|obrigad[oa]|viele gr[uü](?:ß|ss)e|mit freundlichen gr[uü](?:ß|ss)en)"
    r"(?: (?:all|everyone|team|again|in advance|and regards))?[,!.]*\s*",
    re.IGNORECASE,
)
_QUOTES: Final = re.compile(
    r"[>\s]*(?:on|am|el|le|em|il) .{5,100} (?:wrote|schrieb.{0,60}|escribi[oó]|a [eé]crit"
    r"|escreveu|ha scritto)\s?:\s*|[>\s]*(?:\S+ ){1,3}(?:wrote|said|schrieb|escribi[oó]|a [eé]crit)"
    r"\s?:\s*",
    re.IGNORECASE,
)
SIGNED_MAX_LINES: Final = 3


def without_letter(text: str) -> str:
    """Return a text without the line that greets, and those that close it: they are no trouble."""
    lines = text.strip().split("\n")
    while len(lines) > 1 and (_leads_up(lines[0]) or not lines[0].strip()):
        del lines[0]
    for at in range(max(1, len(lines) - SIGNED_MAX_LINES), len(lines)):
        if _CLOSES.fullmatch(lines[at]):
            del lines[at:]
            break
    return "\n".join(lines).strip()


def _leads_up(line: str) -> bool:
    """Whether a line only greets, or says whose words follow."""
    return bool(_GREETS.fullmatch(line) or _QUOTES.fullmatch(line))


def _behind_code(body: str) -> str:
    """Return what is said behind a block of code that comes first; "" where none is."""
    if not body.startswith(_FENCE):
        return ""
    return body[len(_FENCE) :].partition(_FENCE)[2].strip()


def is_table(text: str) -> bool:
    """Whether rows of a table were pasted, as Markdown and wikis write it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and all(line.startswith("|") and line.count("|") > 1 for line in lines)


def _divided(body: str, title: str) -> tuple[str, str]:
    if len(body) <= TITLE_DIVIDED_CHARS and "\n" not in body:
        return title, ""
    first, rest = _first_sentence(body)
    if len(first) > TITLE_BOUND_CHARS:
        return _cut_at_a_word(first), body
    return _without_stop(bare_title(" ".join(first.split()))), rest


def bare_title(title: str) -> str:
    """Return a title without what only says that it is quoted, listed or forwarded."""
    bare = _MARK.sub("", title)
    if bare.startswith(_FENCE) and bare.endswith(_FENCE):
        bare = bare.strip("` ") or bare
    return bare[1:-1].strip() if _QUOTED.fullmatch(bare) else bare


def _without_fences(body: str) -> str:
    """Return a text without the lines of signs alone, such as a fence, around it."""
    lines = body.split("\n")
    while len(lines) > 1 and not any(map(str.isalnum, lines[0])):
        del lines[0]
    while len(lines) > 1 and lines[-1].strip() == _FENCE:
        del lines[-1]
    return "\n".join(lines)


def _subject(body: str) -> str:
    """Return the subject of a mail that was pasted with its head; "" for anything else."""
    head = [found for line in body.split("\n")[:6] if (found := _HEADER.fullmatch(line))]
    subjects = [each["value"].strip() for each in head if each["name"].lower() in _SUBJECTS]
    return subjects[0] if len(head) > 1 and subjects else ""


def _as_typed(text: str, title: str) -> str:
    """Return the title with the lines and spaces it was typed with."""
    words = title.split()
    spans = [found.span() for found in re.finditer(r"\S+", text)]
    typed = [text[start:end] for start, end in spans]
    for at in range(len(typed) - len(words) + 1):
        if typed[at : at + len(words)] == words:
            return text[spans[at][0] : spans[at + len(words) - 1][1]] if words else title
    return title  # a sign at its end was left out, or markers stood around it


def _first_sentence(text: str) -> tuple[str, str]:
    line, _, after = text.partition("\n")
    sentences = _sentences(line)
    first = sentences[0]
    rest = f"{line[len(first) :].strip()}\n{after}".strip()
    return first, rest


def _cut_at_a_word(sentence: str) -> str:
    words = " ".join(sentence.split())
    room = words[: TITLE_BOUND_CHARS - 1]
    return cut(words, room.rfind(" ") + 1 if " " in room else TITLE_BOUND_CHARS)


def _sentences(line: str) -> list[str]:
    """Divide a line into its sentences; a short form's dot ends none."""
    sentences: list[str] = []
    start = read = words = 0
    for end in _SENTENCE_END.finditer(line):
        words += len(line[read : end.start()].split())
        read = end.end()
        last_word = max(start - 1, end.start() - SHORT_FORM_CHARS, 0)
        if words < WORDS_MIN or _SHORT_FORM.search(line, last_word, end.start()):
            continue
        sentences.append(line[start : end.end()].strip())
        start, words = end.end(), 0
    if start < len(line) or not sentences:
        sentences.append(line[start:].strip())
    return sentences


# --- what only leads up to it ----------------------------------------------------------------

_IMPROVE: Final = "improve"
_AGAIN: Final = re.compile(r"^\s*/?improve\s*:?\s+(?=\S)", re.IGNORECASE)
"""Whoever pastes several lines may have put the command before each."""

_MISSPELT: Final = re.compile(r"\s*/?([a-z]{5,8})\s*[:,]?\s+(?=\S)", re.IGNORECASE)
_CALLED: Final = re.compile(
    r"\s*(?:(?:add|new|create|log|capture|save|note|record|file|raise)(?: an?| a new| this| the)*"
    r" )?(?:improvements?|backlog item|action item|item|idea|suggestion|to-?do|verbesserung|idee"
    r"|mejora|am[eé]lioration|melhoria)(?: (?:to|for|in) (?:the |our )?backlog)?"
    r"\s*(?::|[-–—](?=\s))\s*(?=\S)"
    r"|\s*(?:(?:please|pls|can you|could you|would you|will you) )*"
    r"(?:log|note|record|remember|capture|write down|add|save) that\s+(?=\S)"
    r"|\s*(?:save|log|note|record) (?:this|it)\s*:\s*(?=\S)|\s*(?:note|issue|bug)\s*:\s*(?=\S)"
    r"|\s*(?:add|put|log|save)(?: this)? (?:to|in|on) (?:the |our )?backlog\s*[:–—-]\s*(?=\S)",
    re.IGNORECASE,
)


_ASKING: Final = frozenset({"can", "could", "would", "will"})
_PUT_ON_IT: Final = re.compile(
    r"\s*(?:please |pls )?(?:add|put|log|save|write) (?P<said>\S+ .*\S) (?:in)?(?:to|on|in)"
    r" (?:the |our |my )?backlog(?: please)?[.!?\s]*",
    re.IGNORECASE,
)


def without_lead(said: str) -> str:
    """Return plain words without what only says that an improvement follows, or misspells it.

    `imporve Builds are slow` and `new idea: Builds are slow` are about builds.
    """
    if found := _CALLED.match(said):
        return said[found.end() :].rstrip("?" if found[0].split()[0].lower() in _ASKING else "")
    if put := _PUT_ON_IT.fullmatch(said):
        return bare_title(put["said"])
    found = _MISSPELT.match(said)
    first = found[1].lower() if found else ""
    is_slip = not first.startswith(_IMPROVE) and OSA.distance(first, _IMPROVE, score_cutoff=1) <= 1
    return said[found.end() :] if found and is_slip else said


# --- several problems ------------------------------------------------------------------------


def problems(text: str) -> tuple[str, ...]:
    """Return the problems a message tells, each in its own words; empty where it tells one."""
    lines = [_AGAIN.sub("", line) for line in text.splitlines() if line.strip()]
    inside = [_AGAIN.sub("", line) for line in without_letter(text).splitlines() if line.strip()]
    found = _nested(inside) or _listed(inside) or _lines(lines)
    if not found and len(lines) == 1:
        found = _parted(lines[0].split(";"), at_least=SENTENCES_MIN) or _told_apart(lines[0])
    return tuple(found) if 1 < len(found) <= PROBLEMS_MAX else ()


def _listed(lines: Sequence[str]) -> list[str]:
    """Return the points of a list; what stands before it must lead up to it."""
    marked = [bool(_BULLET.match(line)) for line in lines]
    if sum(marked) < 2:
        return []
    first = marked.index(True)
    if first > 1 or (first == 1 and not lines[0].rstrip().endswith((":", "-", "–"))):
        return []
    if not all(marked[first:]) or any(line.startswith(("  ", "\t")) for line in lines):
        return []  # a list within a text, or within a list, explains something
    return _parted([_BULLET.sub("", line) for line in lines[first:]], at_least=2)


def _nested(lines: Sequence[str]) -> list[str]:
    """Return the points of a list with lists in it, each with its own as further lines.

    A point that is only a heading is said before each of what stands under it.
    """
    listed = lines[1:] if lines and not _BULLET.match(lines[0]) else lines
    if listed is not lines and not lines[0].rstrip().endswith((":", "-", "–")):
        return []
    indents = [len(line) - len(line.lstrip()) for line in listed]
    if not all(map(_BULLET.match, listed)) or not any(indents[1:]):
        return []
    outer = min(indents[1:])
    points: list[tuple[str, list[str]]] = []
    for at, (line, indent) in enumerate(zip(listed, indents, strict=True)):
        said = _BULLET.sub("", line).strip()
        if at == 0 or indent <= outer:
            points.append((said, []))
        else:
            points[-1][1].append(said)
    if outer == max(indents[1:]) and outer:
        return []  # what is cut off before the first line tells whether they are its own
    return _parted([piece for said, under in points for piece in _grouped(said, under)], at_least=2)


def _grouped(said: str, under: Sequence[str]) -> list[str]:
    if under and len(said.split()) < WORDS_MIN:
        return [f"{said.rstrip(':')}: {each}" for each in under]
    return ["\n".join((said, *(f"- {each}" for each in under)))]


def _lines(lines: Sequence[str]) -> list[str]:
    """Return lines that each are a sentence; wrapped text has lines that go on."""
    if len(lines) < 2 or any(line.rstrip().endswith((",", ":", "-", "(")) for line in lines):
        return []
    capital = [line.lstrip()[:1].isupper() for line in lines]
    if len(set(capital)) > 1 or any(map(_goes_on, lines[1:])):
        return []
    return _parted(lines, at_least=2)


def _told_apart(line: str) -> list[str]:
    """Return at least three sentences that have nothing in common."""
    sentences = _sentences(line)
    if not SENTENCES_MIN <= len(sentences) <= PROBLEMS_MAX or any(map(_goes_on, sentences[1:])):
        return []
    if any(sentence.rstrip().endswith("?") for sentence in sentences):
        return []
    if any(map(_tells_on, sentences[1:])) and not _tells_on(sentences[0]):
        return []  # "the" and "someone" go back to what was said before
    about = [_subjects(sentence) for sentence in sentences]
    if any(one & other for one, other in combinations(about, 2)):
        return []
    return _parted(sentences, at_least=SENTENCES_MIN)


def _parted(pieces: Sequence[str], *, at_least: int) -> list[str]:
    parts = [piece.strip().rstrip(";") for piece in pieces if any(map(str.isalnum, piece))]
    counts = [len(part.partition("\n")[0].split()) for part in parts]
    fits = len(parts) >= at_least and all(WORDS_MIN <= count <= WORDS_MAX for count in counts)
    return [_without_stop(part) for part in parts] if fits else []


def _without_stop(part: str) -> str:
    return part[:-1] if part.endswith(".") and not part.endswith("..") else part


def _goes_on(sentence: str) -> bool:
    """Whether a sentence begins as one that says more about the one before."""
    return _LEADS_ON.match(alike(_BULLET.sub("", sentence))) is not None


def _tells_on(sentence: str) -> bool:
    return alike(sentence).startswith(("the ", "someone ", "somebody ", "next ", "der ", "el "))


def _subjects(sentence: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+", alike(sentence))
    return {word[:SHARED_MIN_CHARS] for word in words if len(word) >= SHARED_MIN_CHARS}
