"""Which tool a file is from, and what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.text import alike
from handlers.sources.names import ELSE, OF_TOOL, SIGNS, WORDS
from handlers.sources.names import Kind as Kind

NAMES_WITHIN: Final = 10
"""Lines of which one names the columns: some tools write the board's name above."""

TOOLS: Final[Mapping[str, str]] = {
    "hone": "Hone",
    "jira": "Jira",
    "azure": "Azure Boards",
    "github": "GitHub",
    "gitlab": "GitLab",
    "linear": "Linear",
    "rally": "Rally",
    "agility": "Agility",
    "align": "Jira Align",
    "trello": "Trello",
    "redmine": "Redmine",
    "file": "the file",
}
"""What people call them."""

_CUSTOM = re.compile(
    r"(?:custom field|benutzerdefinierte[sr]? feld(?:er)?|champs? personnalise[s]?|"
    r"campos? personalizados?|camp[oi] personalizzat[oi]|aangepast(?:e)? veld(?:en)?"
    r"|カスタム ?フィールド|пользовательское поле) ?\((?P<name>.+)\)"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNIT = re.compile(r"(?<=\w) ?\((?:utc|points|pts|a|e)\)$")
_TREE = re.compile(r"title (?P<depth>[1-9])")


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a file: field → the places of its columns, the likelier first.

    `tree` are the columns of titles indented by depth; `unread` are the names of all others, each
    with its place; `chosen` are those that somebody explained, as `spelled`. `likely` are fields
    whose column might also mean something else.
    """

    kind: Kind
    places: Mapping[str, tuple[int, ...]]
    tree: tuple[int, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    chosen: frozenset[str] = frozenset()
    likely: frozenset[str] = frozenset()

    @property
    def has_titles(self) -> bool:
        return "title" in self.places or bool(self.tree)


def spelled(name: str) -> str:
    """Return a name as names are compared: `Custom field (Story_Points)` is `story points`.

    So is `storyPoints`.
    """
    folded = " ".join(
        alike(_CAMEL.sub(" ", name)).replace("_", " ").replace("-", " ").replace(".", " ").split()
    )
    if found := _CUSTOM.fullmatch(folded):
        folded = found["name"]
    return _UNIT.sub("", folded).strip()


_FIELDS: Final = {
    spelled(name): field for field, names in WORDS.items() for name in names.split(",")
}
_LIKELIER: Final = {word: at for at, word in enumerate(_FIELDS)}
_SIGNS: Final = tuple((kind, frozenset(map(spelled, names))) for kind, names in SIGNS)
_OF_TOOL: Final = {
    kind: {spelled(name): field for name, field in names.items()} for kind, names in OF_TOOL.items()
}


def kind_of(names: Sequence[str]) -> Kind:
    """Return whose export has these columns."""
    known = {spelled(name) for name in names}
    return next((kind for kind, signs in _SIGNS if signs <= known), "file")


def names_columns(cells: Sequence[str]) -> bool:
    """Whether a row says where titles stand, and something else besides."""
    fields = {_FIELDS.get(spelled(cell), "") for cell in cells}
    return len(fields - {""}) > 1 and ("title" in fields or kind_of(cells) != "file")


def layout_of(names: Sequence[str], chosen: Mapping[str, str] | None = None) -> Layout:
    """Return what the columns mean; `chosen` are names of columns → fields, as people said."""
    return _layout(tuple(names), tuple((chosen or {}).items()))


@lru_cache(maxsize=32)  # each batch of a file asks
def _layout(names: tuple[str, ...], chosen: tuple[tuple[str, str], ...]) -> Layout:
    kind = kind_of(names)
    told = {spelled(name): field for name, field in chosen}
    has_key = any(_FIELDS.get(spelled(name)) == "key" for name in names)
    places: dict[str, list[int]] = {}
    tree: list[int] = []
    unread = []
    for place, name in enumerate(names):
        word = spelled(name)
        field = told.get(word, _OF_TOOL[kind].get(word, _FIELDS.get(word, "")))
        if word == "id" and field == "key" and has_key:
            field = "id"  # people say the other one
        if _TREE.fullmatch(word):
            tree.append(place)
        elif field:
            places.setdefault(field, []).append(place)
        else:
            unread.append((place, name.strip()))

    def rank(place: int) -> int:
        word = spelled(names[place])
        return -1 if word in told else _LIKELIER.get(word, -1)

    likely = _named_otherwise(names, places, unread) if kind == "file" else ()
    return Layout(
        kind,
        {field: tuple(sorted(columns, key=rank)) for field, columns in places.items()},
        tuple(tree),
        tuple(unread),
        frozenset(told),
        frozenset(likely),
    )


def _named_otherwise(
    names: Sequence[str], places: dict[str, list[int]], unread: list[tuple[int, str]]
) -> list[str]:
    """Give a field that no column has the first one with a name that it may have as well."""
    left = {spelled(name): (place, name) for place, name in reversed(unread)}
    likely = []
    for field, words in ELSE.items():
        found = next((left[word] for word in words if word in left), None)
        if field not in places and found is not None:
            places[field] = [found[0]]
            unread.remove(found)
            likely.append(field)
    return likely
