"""JSON of trackers as flat records: what `gh`, REST APIs and exports nest, under plain names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

Flat = str | tuple[str, ...]
Record = dict[str, Flat]

_ENVELOPES: Final = ("items", "issues", "value", "cards", "nodes", "results", "data", "Results")
"""Where answers of APIs keep their list."""

_NAMES_OF_A_PERSON: Final = ("displayName", "display_name", "name", "fullName", "_refObjectName")
_LOGINS: Final = ("login", "username", "uniqueName", "emailAddress", "email", "accountId")
_NAMES_OF_A_THING: Final = (
    "FormattedID",
    "key",
    "nameWithOwner",
    "full_name",
    "name",
    "title",
    "value",
    "full",
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPRINT_AS_TEXT = re.compile(r"[\[,]name=([^,\]]*)")


class NoTable(Exception):
    """There is no list of items in it; the sentence says what to give instead."""


def table_of(parsed: Any) -> list[Record]:
    """Return the records of parsed JSON; raises NoTable."""
    items = _listed(parsed)
    if items is None:
        raise NoTable('Write a list of items, or {"items": […]}.')
    if any(not isinstance(item, dict) for item in items):
        raise NoTable('Each item is an object, such as {"title": "…"}.')
    names = parsed.get("names", {}) if isinstance(parsed, dict) else {}
    board = _trello(parsed) if isinstance(parsed, dict) and "idBoard" in str(items[:1]) else None
    return [board(item) if board else _record(item, names) for item in items]


def _listed(parsed: Any) -> list[Any] | None:
    if isinstance(parsed, list):
        return parsed
    if not isinstance(parsed, dict):
        return None
    if isinstance(query := parsed.get("QueryResult"), dict):
        parsed = query  # Rally
    found = next((parsed[name] for name in _ENVELOPES if isinstance(parsed.get(name), list)), None)
    if found is None and isinstance(data := parsed.get("data"), dict):
        return _nodes(data)  # GraphQL: the list stands as deep as the question was
    return found


def _nodes(answer: Mapping[str, Any]) -> list[Any] | None:
    """Return the list of an answer that leads to one thing only, however deep."""
    while isinstance(answer, dict):
        if isinstance(nodes := answer.get("nodes"), list):
            return nodes
        answer = next((value for value in answer.values() if isinstance(value, dict)), {})
        if not answer:
            break
    return None


def _record(item: Mapping[str, Any], names: Mapping[str, str]) -> Record:
    """Return an item's fields; those of Jira and Azure stand one level deeper."""
    fields = item.get("fields")
    inner = fields if isinstance(fields, dict) else {}
    record: Record = {}
    for name, value in (*item.items(), *inner.items()):
        if name != "fields" or not inner:
            for called, flat in _flattened(str(names.get(name, name)), value):
                record.setdefault(called, flat)
    return record


def _flattened(name: str, value: Any) -> Iterator[tuple[str, Flat]]:
    called = _called(name)
    match value:
        case {"statusCategory": {"name": str(category)}, "name": str(status)}:
            yield called, status
            yield "status category", category
        case {"type": "doc", "content": list(blocks)}:
            yield called, "\n\n".join(_words(blocks))
        case {"_tagsNameArray": list(tags)}:  # Rally
            yield (
                called,
                tuple(str(tag["Name"]) for tag in tags if isinstance(tag, dict) and "Name" in tag),
            )
        case list() if called in ("issuelinks", "issue links"):
            yield from _links(value)
        case {"histories": list(histories)} if called == "changelog":
            yield "changelog", tuple(_state_changes(histories))
        case list() if called == "history":
            yield called, tuple(_step(step) for step in value)
        case list() if called == "criteria":
            yield called, tuple(_criterion(criterion) for criterion in value)
        case list() | {"nodes": list()}:
            several = value if isinstance(value, list) else value["nodes"]
            yield called, tuple(word for each in several if (word := _one(each)))
        case _:
            yield called, _one(value)


def _called(name: str) -> str:
    """Return a field's name as a column would be headed: `System.CreatedDate` → `created date`."""
    return " ".join(_CAMEL.sub(" ", name.rsplit(".", 1)[-1]).replace("_", " ").lower().split())


def _one(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            found = _SPRINT_AS_TEXT.search(value) if "service.sprint.Sprint@" in value else None
            return found[1] if found else value
        case int() | float():
            return str(value)
        case dict():
            return _name_in(value)
        case _:
            return ""


def _name_in(value: Mapping[str, Any]) -> str:
    """Return what a nested object is called; of a person the name and, in `<>`, the login."""
    login = next((value[name] for name in _LOGINS if isinstance(value.get(name), str)), "")
    if login:
        known = (value[name] for name in _NAMES_OF_A_PERSON if isinstance(value.get(name), str))
        person = next(filter(None, known), "")
        return f"{person} <{login}>" if person and person != login else login
    named = (value[name] for name in _NAMES_OF_A_THING if isinstance(value.get(name), str))
    return next(named, str(value.get("_refObjectName") or value.get("id") or ""))


# --- Jira ------------------------------------------------------------------------------------


def _words(blocks: Iterable[Any]) -> Iterator[str]:
    """Return the paragraphs of an Atlassian document."""
    for block in blocks:
        text = "".join(_pieces(block)) if isinstance(block, dict) else ""
        if text.strip():
            yield text.strip()


def _pieces(node: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(node.get("text"), str):
        yield node["text"]
    for child in node.get("content") or ():
        if isinstance(child, dict):
            if child.get("type") == "listItem":
                yield "\n* "
            yield from _pieces(child)


def _links(links: Iterable[Any]) -> Iterator[tuple[str, Flat]]:
    """Return what blocks an issue and what it blocks, under the names of Jira's CSV."""
    ends: dict[str, list[str]] = {}
    for link in links:
        kind = str((link.get("type") or {}).get("name", "")) if isinstance(link, dict) else ""
        for end in ("inward", "outward"):
            if kind and isinstance(other := link.get(f"{end}Issue"), dict) and other.get("key"):
                ends.setdefault(f"{end} issue link ({kind.lower()})", []).append(str(other["key"]))
    yield from ((name, tuple(keys)) for name, keys in ends.items())


def _state_changes(histories: Iterable[Any]) -> Iterator[str]:
    """Return each change of status as `instant state`."""
    for history in histories:
        match history:
            case {"created": str(at), "items": list(items)}:
                for item in items:
                    if isinstance(item, dict) and item.get("field") == "status":
                        yield f"{at} {item.get('toString') or ''}".strip()


# --- Trello ----------------------------------------------------------------------------------


def _trello(board: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Record]:
    """Return what makes a record of a card: its list is its state, its id says when it was made."""

    def names(of: str, name: str) -> dict[str, str]:
        listed = board.get(of)
        rows = listed if isinstance(listed, list) else []
        return {str(row.get("id")): str(row.get(name) or "") for row in rows if row}

    lists, members = names("lists", "name"), names("members", "fullName")

    def record(card: Mapping[str, Any]) -> Record:
        id = str(card.get("id") or "")
        labels = (_one(label) for label in card.get("labels") or ())
        return {
            "card id": id,
            "card name": _one(card.get("name")),
            "card url": _one(card.get("shortUrl") or card.get("url")),
            "card description": _one(card.get("desc")),
            "list name": lists.get(str(card.get("idList")), ""),
            "labels": tuple(filter(None, labels)),
            "members": tuple(members.get(str(m), "") for m in card.get("idMembers") or ()),
            "due date": _one(card.get("due")),
            "last activity date": _one(card.get("dateLastActivity")),
            "created": _instant_in(id),
            "archived": _one(card.get("closed")),
            "position": _one(card.get("pos")),
        }

    return record


def _instant_in(id: str) -> str:
    """Return when a Trello id was made: its first eight hex digits are seconds since 1970."""
    try:
        return datetime.fromtimestamp(int(id[:8], 16), UTC).isoformat() if len(id) == 24 else ""
    except ValueError:
        return ""


# --- Hone's own ------------------------------------------------------------------------------


def _step(step: Any) -> str:
    match step:
        case {"at": str(at), "state": str(state), **rest}:
            reason = " ".join(str(rest.get("reason") or "").split())
            return f"{at} {state}" + (f" ({reason})" if reason else "")
        case _:
            return _one(step)


def _criterion(criterion: Any) -> str:
    match criterion:
        case {"text": str(text), **rest}:
            return f"[{'x' if rest.get('done') is True else ' '}] {text}"
        case _:
            return _one(criterion)
