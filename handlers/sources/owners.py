"""Whom a source means: `Ada Park`, `Ada Park <aa1>`, `ada@example.com`, a login.

Only a whole name, an id or what the team has answered is sure. The rest is a guess to be asked
about: a nearly right owner is asked for things that are none of theirs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.text import alike

_WRITTEN = re.compile(r"(?P<name>[^<]*?)\s*<(?P<handle>[^>]*)>")
_WITH_MAIL = re.compile(r"(?P<name>[^(]*?)\s*\((?P<handle>[^()\s]+@[^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Written:
    """How a source writes a person: a name, and what else names them there."""

    name: str
    handle: str = ""

    @property
    def shown(self) -> str:
        """The name for people to read; an e-mail address stays with who wrote it."""
        return self.name or self.handle.partition("@")[0]


def written(cell: str) -> Written:
    """Read `Name <handle>`, `Name (address)`, a bare name, or a bare address."""
    if found := _WRITTEN.fullmatch(cell.strip()) or _WITH_MAIL.fullmatch(cell.strip()):
        return Written(" ".join(found["name"].split()), found["handle"].strip())
    name = " ".join(cell.split())
    return Written("", name) if "@" in name and " " not in name else Written(name)


class Owners:
    """The people that Hone has met, and what a team has answered: a name, folded → a person.

    `accounts` are a tracker's → the person, "" for nobody here; they come before all names.
    """

    def __init__(
        self,
        people: Mapping[str, str],
        answers: Mapping[str, str],
        accounts: Mapping[str, str] | None = None,
    ) -> None:
        self._accounts = accounts or {}
        self._ids = frozenset(people)
        self._answers = answers
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for id, name in people.items():
            self._by_name[alike(name)].append(id)

    def sure(self, person: Written) -> str | None:
        """Return the person's id, "" if the team said it is nobody; None if nobody knows."""
        if (told := self._accounts.get(person.handle)) is not None:
            return told
        if (answer := self._answers.get(alike(person.shown))) is not None:
            return answer if answer in self._ids else ""
        if person.handle in self._ids or person.name in self._ids:
            return person.handle if person.handle in self._ids else person.name
        for name in _names(person):
            if len(ids := self._by_name.get(name, [])) == 1:
                return ids[0]
        return None

    def guess(self, person: Written) -> str:
        """Return the one person whose name begins alike, "" if there is none or several are."""
        near: set[str] = set()
        for name in _names(person):
            for known, ids in self._by_name.items():
                if _begins(known.split(), name.split()) or _begins(name.split(), known.split()):
                    near.update(ids)
        return near.pop() if len(near) == 1 else ""


def _names(person: Written) -> Iterable[str]:
    """Return the names that a person may have here; of an address what stands before the @.

    A comma stands between a person's two names, or behind the first of several people.
    """
    if person.name:
        yield alike(person.name)
        last, comma, first = person.name.partition(",")
        if comma:
            yield alike(f"{first} {last}")
            yield alike(last)
    if person.handle:
        local = person.handle.partition("@")[0]
        yield alike(re.sub(r"[._\-+]+", " ", local))


def _begins(longer: list[str], shorter: list[str]) -> bool:
    return bool(shorter) and longer[: len(shorter)] == shorter
