"""Which tool a file is from, and what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.text import alike
from handlers.sources.languages import (
    COLUMNS_ABROAD,
    JIRA_ABROAD,
    JIRA_IDS_ABROAD,
    REDMINE_ABROAD,
)
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
    r"|カスタム ?フィールド|(?:пользовательское|настраиваемое|користувацьке) поле"
    r"|pole (?:niestandardowe|wlasne)|anpassat falt|brugerdefineret felt|egendefinert felt"
    r"|mukautettu kentta|vlastn[ie] pole|egyeni mezo|ozel alan|自定义字段|自訂欄位"
    r"|사용자 (?:정의|지정) 필드) ?\((?P<name>.+)\)"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNIT = re.compile(r"(?<=\w) ?\((?:utc|points|pts|a|e)\)$")
_UTC = re.compile(r"\W(?:utc|gmt)\W*$", re.IGNORECASE)
"""How a column says itself in which zone its times are."""

_ITEM_OF = re.compile(
    r"(?:feature|story|user story|task|issue|item|work item|ticket|card|idea|requirement|"
    r"action item|bug) (?P<name>.+)"
)
"""What some tools write before all of their names: `Feature owner`."""

_TREE = re.compile(r"title (?P<depth>[1-9])")


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a file: field → the places of its columns, the likelier first.

    `tree` are the columns of titles indented by depth; `unread` are the names of all others, each
    with its place; `chosen` are those that somebody explained, as `spelled`. `likely` are fields
    whose column might also mean something else. `utc` are the places of columns whose names say so.
    """

    kind: Kind
    places: Mapping[str, tuple[int, ...]]
    tree: tuple[int, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    chosen: frozenset[str] = frozenset()
    likely: frozenset[str] = frozenset()
    utc: frozenset[int] = frozenset()

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
    spelled(name): field
    for told in (WORDS, COLUMNS_ABROAD)
    for field, names in told.items()
    for name in names.split(",")
}
_LIKELIER: Final = {word: at for at, word in enumerate(_FIELDS)}
_SIGNS_ABROAD: Final[tuple[tuple[Kind, list[str]], ...]] = (
    *(("redmine", ["#", *names.split(",")]) for names in REDMINE_ABROAD.split(";")),
    *(("jira", [name]) for name in JIRA_ABROAD.split(",")),
)
_SIGNS: Final = tuple(
    (kind, frozenset(map(spelled, names))) for kind, names in (*SIGNS, *_SIGNS_ABROAD)
)
_OF_TOOL: Final = {
    kind: {spelled(name): field for name, field in names.items()} for kind, names in OF_TOOL.items()
}
_OF_TOOL["jira"] |= {spelled(name): "id" for name in JIRA_IDS_ABROAD.split(",")}


def kind_of(names: Sequence[str]) -> Kind:
    """Return whose export has these columns."""
    known = {spelled(name) for name in names}
    return next((kind for kind, signs in _SIGNS if signs <= known), "file")


def field_of(name: str) -> str:
    """Return what a column of this name holds in any table, "" if nothing that is read."""
    return _FIELDS.get(spelled(name), "")


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
        frozenset(place for place, name in enumerate(names) if _UTC.search(name)),
    )


def _named_otherwise(
    names: Sequence[str], places: dict[str, list[int]], unread: list[tuple[int, str]]
) -> list[str]:
    """Give a field that no column has the first one with a name that it may have as well."""
    left = {spelled(name): (place, name) for place, name in reversed(unread)}
    likely = []
    for column in tuple(unread):
        field = (
            _FIELDS.get(found["name"], "")
            if (found := _ITEM_OF.fullmatch(spelled(column[1])))
            else ""
        )
        if field and field not in places:
            places[field] = [column[0]]
            unread.remove(column)
    for field, words in ELSE.items():
        other = next((left[word] for word in words if left.get(word) in unread), None)
        if field not in places and other is not None:
            places[field] = [other[0]]
            unread.remove(other)
            likely.append(field)
    if "title" not in places and "description" in places:  # there are no other words in it
        places["title"] = places.pop("description")
    return likely
