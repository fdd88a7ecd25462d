"""Read whom a name means: `@Grace`, `@grace hopper`, `owner: Grace`, `@me`.

A whole name is enough, or its beginning where that is one person's. Case, accents and quotes do
not matter.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.text import alike, plain
from handlers.reader.tags import read_theme

NAME_MAX_WORDS = 6
"""Words of a name that are compared; what follows does not tell people apart."""

NEAR = 0.7
"""How alike a name nobody has and a known one must be, 0 to 1, to be offered."""

CHOICES_MAX = 4
NAMES_MAX = 24
"""How many places of a sentence are looked at for a name."""

_EDGES = ".,;:!?()[]{}*_~\"'"
_ARROWS = frozenset({"-", "--", "->", "=>", "-->", "\u2192", "/", "//", "|"})
"""Behind one of these a bare name may be the owner's."""

_OPENERS = "([{*_~"
_ME = frozenset({"me", "myself", "i", "ich", "mich", "mir", "yo", "moi", "eu", "mim", "自分", "私"})

_OWNER_LEADS = """
    owner, owner is, owners, owned by, assignee, assigned to, assign to, assigned, dri, responsible,
    verantwortlich, verantwortlicher, zustandig, besitzer, propietario, responsable, asignado a,
    dueno, assigne a, responsavel, dono, atribuido a, 担当, 担当者
"""
OWNER_LEADS = frozenset(tuple(lead.split()) for lead in _OWNER_LEADS.replace("\n", " ").split(","))
_LAST_OF_A_LEAD = frozenset(lead[-1] for lead in OWNER_LEADS)
_LEAD_MAX_WORDS = max(map(len, OWNER_LEADS))


class Mention(Protocol):
    """A person whom a text may name as `@name`; the id is the platform's."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Thing(Mention, Protocol):
    """What a text may name that is no person: a group as `@name`, a channel as `#name`."""

    @property
    def kind(self) -> Literal["channel", "group"]: ...


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom the last `words` words name: one person is clear; none, or several, is not."""

    words: int
    people: tuple[Mention, ...]
    near: tuple[Mention, ...] = ()
    """Nobody has the name; these have nearly."""

    group: str = ""
    """The name of the group that is meant: no person."""


class People:
    """The people a text may name, and who says it.

    `others` are not to be named by a bare beginning: they are only offered.
    """

    def __init__(
        self,
        mentions: Iterable[Mention] = (),
        me: Mention | None = None,
        others: Iterable[Mention] = (),
        things: Iterable[Thing] = (),
    ) -> None:
        self._me = me
        named = tuple(things)
        groups = [thing for thing in named if thing.kind == "group"]
        self._groups = {group.id: group.name for group in groups}
        self._channels = {
            read_theme(f"#{thing.name}") for thing in named if thing.kind == "channel"
        } - {None}
        self._mentioned = _Names((*mentions, *groups))
        self._others = _Names((*self._mentioned.people, *others))
        self._folded: dict[str, str] = {}

    def last(self, words: Sequence[str], end: int) -> Meant | None:
        """Return whom the words just before `end` name: @name, or a name behind `owner`."""
        for start in range(max(0, end - NAME_MAX_WORDS), end):
            if not _may_begin(words, start):
                continue
            lead, first = _led(words, start)
            if not (lead or first.startswith("@")):
                continue
            named = [first, *words[start + 1 : end]]
            if people := self._meant(named) or (self._meant_of_all(named) if lead else ()):
                return self._of(end - start + max(lead, 0), people)
        if not _may_begin(words, end - 1):
            return None
        lead, first = _led(words, end - 1)
        if re.match(r"@\w", first) or lead < 0 or (lead and words[end - 2][-1] in ":="):
            return Meant(1 + max(lead, 0), (), self._near(first))
        return None

    def _of(self, words: int, people: tuple[Mention, ...]) -> Meant:
        if len(people) == 1 and people[0].id in self._groups:
            return Meant(words, (), group=people[0].name)
        return Meant(words, tuple(each for each in people if each.id not in self._groups))

    def theme(self, word: str) -> str | None:
        """Return the theme of a tag; the name of a channel that was mentioned is none."""
        found = read_theme(word)
        return None if found in self._channels else found

    def first_in(self, sentence: Sequence[str]) -> Mention | None:
        """Return the first person the sentence clearly names."""
        starts = [at for at in range(len(sentence)) if _may_begin(sentence, at)]
        for start in starts[:NAMES_MAX]:
            for end in range(start + 1, min(len(sentence), start + NAME_MAX_WORDS) + 1):
                meant = self.last(sentence, end)
                if meant and len(meant.people) == 1:
                    return meant.people[0]
        return None

    def set_apart(self, sentence: Sequence[str]) -> Mention | None:
        """Return the one person whose bare name stands apart: `Ada: …`, `… (ada)`, `… -> Ada`."""
        for count in (2, 1):
            first, last = sentence[:count], sentence[-count:]
            if len(sentence) <= count:
                continue
            before = plain(sentence[-count - 1])
            is_last = before in _ARROWS or before[-1] == "," or plain(last[0])[0] in "(["
            for words, stands in ((first, plain(first[-1])[-1] == ":"), (last, is_last)):
                named = (self._meant_of_all(words) or self._meant(words)) if stands else ()
                if len(named) == 1 and named[0].id not in self._groups:
                    return named[0]
        return None

    def whom(self, said: str) -> Meant | None:
        """Return whom an answer names that is nothing but a name, with its @ or without."""
        words = f"@{said.lstrip('@＠ ')}".split()  # noqa: RUF001
        if not words or words == ["@"]:
            return None
        people = self._meant(words) or self._meant(_without_lead(words))
        return Meant(len(words), people, () if people else self._near(" ".join(words)))

    def _meant(self, words: Sequence[str]) -> tuple[Mention, ...]:
        if not words:
            return ()
        name = self._name(words)
        if self._me and len(name) == 1 and name[0] in _ME:
            return (self._me,)
        return self._mentioned.called(name)

    def _meant_of_all(self, words: Sequence[str]) -> tuple[Mention, ...]:
        """Behind owner: a name needs no @, and is one of whoever is known here."""
        return self._others.called(self._name(words))

    def _name(self, words: Sequence[str]) -> tuple[str, ...]:
        """Fold a name's words, each once for a text: every position asks about the same ones."""
        folded = []
        for position, word in enumerate(words):
            if word not in self._folded:
                self._folded[word] = alike(word).strip(_EDGES)
            known = self._folded[word]
            folded.append(known.removeprefix("@") if position == 0 else known)
        return tuple(filter(None, folded))

    def _near(self, word: str) -> tuple[Mention, ...]:
        name = " ".join(_folded([plain(word).removeprefix("@")]))[:40]
        spelt: dict[str, dict[str, Mention]] = {}
        for person in self._others.people:
            whole = " ".join(_folded(person.name.split()))
            for spelling in {whole, whole.partition(" ")[0]}:
                spelt.setdefault(spelling, {})[person.id] = person
        close = difflib.get_close_matches(name, spelt, n=CHOICES_MAX, cutoff=NEAR)
        found = {id: person for spelling in close for id, person in spelt[spelling].items()}
        return tuple(found.values())[:CHOICES_MAX]


class _Names:
    """People by their folded names, and by the beginnings of these."""

    def __init__(self, people: Iterable[Mention]) -> None:
        self.people = tuple(people)
        self._whole: dict[tuple[str, ...], dict[str, Mention]] = {}
        self._beginning: dict[tuple[str, ...], dict[str, Mention]] = {}
        for person in self.people:
            name = _folded(person.name.removeprefix("@").split()[:NAME_MAX_WORDS])
            if name:
                self._whole.setdefault(name, {})[person.id] = person
            for length in range(1, len(name)):
                self._beginning.setdefault(name[:length], {})[person.id] = person

    def called(self, name: tuple[str, ...]) -> tuple[Mention, ...]:
        return tuple((self._whole.get(name) or self._beginning.get(name) or {}).values())


def _may_begin(words: Sequence[str], start: int) -> bool:
    """Whether a name may begin here: told at a glance, for it is asked about every word."""
    word = words[start].lstrip(_OPENERS)
    if word[:1] in ("@", "＠", "﹫") or any(sign in word for sign in ":：="):  # noqa: RUF001
        return True
    before = words[start - 1].strip("-:;,=：").casefold() if start else ""  # noqa: RUF001
    return before in _LAST_OF_A_LEAD or not before.isascii()


def _led(words: Sequence[str], start: int) -> tuple[int, str]:
    """Return how many words lead to the name that begins here, and its first word.

    -1: the lead is the word's own beginning, owner:Grace.
    """
    word = plain(words[start]).lstrip(_OPENERS)
    head, colon, name = word.replace("=", ":", 1).partition(":")
    if colon and name and (alike(head).lstrip("-"),) in OWNER_LEADS:
        return -1, name
    return _lead(words, start), word


def _lead(words: Sequence[str], end: int) -> int:
    """Return how many words just before `end` say that an owner follows."""
    if not end or alike(words[end - 1]).strip("-:;,=") not in _LAST_OF_A_LEAD:
        return 0
    for length in range(min(_LEAD_MAX_WORDS, end), 0, -1):
        lead = tuple(alike(word).strip("-:;,=") for word in words[end - length : end])
        if lead in OWNER_LEADS:
            return length
    return 0


def _without_lead(words: Sequence[str]) -> Sequence[str]:
    bare = [words[0].removeprefix("@"), *words[1:]]
    for length in range(min(_LEAD_MAX_WORDS, len(bare)), 0, -1):
        if _lead(bare, length) == length:
            return bare[length:]
    return ()


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    """Fold a name's words for comparing, without the punctuation a sentence adds."""
    return tuple(filter(None, (alike(word).strip(_EDGES) for word in words)))
