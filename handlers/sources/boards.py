"""A board of Trello as records: what its cards name by ids stands elsewhere in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.sources.rows import Record


def cards_of(board: Mapping[str, Any], one: Callable[[Any], str]) -> Callable[[Any], Record]:
    """Return what makes a record of a card: its list is its state, its id says when it was made.

    `one` reads a plain value. A card of an archived list is archived with it.
    """
    lists, members = _rows(board, "lists"), _rows(board, "members")
    fields = _rows(board, "customFields")

    def record(card: Mapping[str, Any]) -> Record:
        id, its_list = str(card.get("id") or ""), lists.get(str(card.get("idList")), {})
        labels = (one(label) for label in _several(card, "labels"))
        names = (members.get(str(m), {}).get("fullName") for m in _several(card, "idMembers"))
        return {
            **dict(_own(card, fields, one)),
            "card id": id,
            "card name": one(card.get("name")),
            "card url": one(card.get("shortUrl") or card.get("url")),
            "card description": one(card.get("desc")),
            "list name": one(its_list.get("name")),
            "labels": tuple(filter(None, labels)),
            "members": tuple(one(name) for name in names if name),
            "due date": one(card.get("due")),
            "last activity date": one(card.get("dateLastActivity")),
            "created": _instant_in(id),
            "archived": one(bool(card.get("closed") or its_list.get("closed"))),
            "position": one(card.get("pos")),
        }

    return record


def _rows(board: Mapping[str, Any], of: str) -> dict[str, Mapping[str, Any]]:
    return {str(row.get("id")): row for row in _several(board, of) if isinstance(row, dict)}


def _several(of: Mapping[str, Any], name: str) -> list[Any]:
    listed = of.get(name)
    return listed if isinstance(listed, list) else []


def _own(
    card: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]], one: Callable[[Any], str]
) -> Iterator[tuple[str, str]]:
    """Yield the fields that a board's people made: name → value."""
    for item in _several(card, "customFieldItems"):
        if not isinstance(item, dict):
            continue
        made = fields.get(str(item.get("idCustomField")), {})
        value = item.get("value")
        if isinstance(value, dict) and made.get("name"):
            yield one(made["name"]).lower(), next(map(one, value.values()), "")


def _instant_in(id: str) -> str:
    """Return when a Trello id was made: its first eight hex digits are seconds since 1970."""
    try:
        return datetime.fromtimestamp(int(id[:8], 16), UTC).isoformat() if len(id) == 24 else ""
    except ValueError:
        return ""
