"""JSON of trackers as flat records: what `gh`, REST APIs and exports nest, under plain names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.text import words_of_document
from handlers.sources.assets import asset_of, is_asset
from handlers.sources.boards import cards_of
from handlers.sources.rows import Cell, Record

_ENVELOPES: Final = (
    *("items", "issues", "value", "cards", "nodes", "results", "data", "Results", "Assets"),
    *("tasks", "stories", "records"),
)
"""Where answers of APIs keep their list."""

_ITSELF: Final = ("title", "name", "summary", "fields", "subject", "Attributes")
"""What an item has that stands alone in a file."""

_WITHIN: Final = ("fields", "content")
"""Where Jira, Azure and Airtable, and a project of GitHub keep an item's fields."""

_OWN_FIELDS: Final = frozenset({"customFields", "custom_fields", "customFieldValues"})
"""Where tools keep the fields that their people made, as a list."""

_NAMES_OF_A_PERSON: Final = ("displayName", "display_name", "name", "fullName", "_refObjectName")
_LOGINS: Final = (
    "login",
    "username",
    "uniqueName",
    "emailAddress",
    "email",
    "accountId",
    "account_id",
)
_NAMES_OF_A_THING: Final = (
    "FormattedID",
    "key",
    "identifier",
    "nameWithOwner",
    "full_name",
    "name",
    "title",
    "value",
    "full",
    "status",
    "priority",
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RANK: Final = re.compile(r"\d\|[0-9a-z]{4,}:[0-9a-z]*")
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
    if any("idBoard" in item for item in items[:1]):
        return list(map(cards_of(parsed if isinstance(parsed, dict) else {}, _one), items))
    names = names if isinstance(names, dict) else {}
    return [asset_of(item, _one) if is_asset(item) else _record(item, names) for item in items]


def _listed(parsed: Any) -> list[Any] | None:
    if isinstance(parsed, list):
        return [item for each in parsed for item in _paged(each)]
    if not isinstance(parsed, dict):
        return None
    found = _in_envelope(parsed)
    return [parsed] if found is None and any(name in parsed for name in _ITSELF) else found


def _paged(part: Any) -> list[Any]:
    """Return what a list holds in one place: an item, or a page of an answer."""
    if isinstance(part, list):
        return part
    is_page = isinstance(part, dict) and not any(name in part for name in _ITSELF)
    return (_in_envelope(part) if is_page else None) or [part]


def _in_envelope(parsed: Mapping[str, Any]) -> list[Any] | None:
    """Return the list in an answer of an API, or in one of its pages."""
    if isinstance(query := parsed.get("QueryResult"), dict):
        parsed = query  # Rally
    found = next((parsed[name] for name in _ENVELOPES if isinstance(parsed.get(name), list)), None)
    if found is None and isinstance(data := parsed.get("data"), dict):
        return _nodes(data) or ([data] if any(name in data for name in _ITSELF) else None)
    return found


def _nodes(answer: Mapping[str, Any]) -> list[Any] | None:
    """Return the list of an answer that leads to one thing only, however deep."""
    while isinstance(answer, dict):
        if isinstance(nodes := answer.get("nodes"), list):
            return nodes
        if isinstance(edges := answer.get("edges"), list):
            return [edge.get("node") for edge in edges if isinstance(edge, dict)]
        answer = next((value for value in answer.values() if isinstance(value, dict)), {})
        if not answer:
            break
    return None


def _record(item: Mapping[str, Any], names: Mapping[str, str]) -> Record:
    """Return an item's fields, those that stand one level deeper, and those of people's own.

    `names` is what Jira calls the latter; its own fields have the names that are known here.
    """
    record: Record = {}
    inner = [name for name in _WITHIN if isinstance(item.get(name), dict)]
    told = [(name, value) for name, value in item.items() if name not in inner]
    for name, value in (*told, *(pair for each in inner for pair in item[each].items())):
        is_own = name.startswith("customfield_")
        named = str(names.get(name) or _by_shape(value) or name) if is_own else name
        fields = _own(value) if name in _OWN_FIELDS else _flattened(named, value)
        for called, flat in fields:
            if not record.get(called):
                record[called] = flat
    return record


def _by_shape(value: Any) -> str:
    """Return what a field of Jira without a name holds, where nothing else looks like it."""
    match value:
        case [{"boardId": _, "state": _}, *_]:
            return "sprint"
        case [str(first), *_] if "service.sprint.Sprint@" in first:
            return "sprint"
        case str() if _RANK.fullmatch(value):
            return "rank"
        case _:
            return ""


def _own(fields: Any) -> Iterator[tuple[str, Cell]]:
    """Yield fields that a list names, as Redmine, Asana, YouTrack and ClickUp do."""
    for each in fields if isinstance(fields, list) else ():
        if isinstance(each, dict) and isinstance(name := each.get("name"), str):
            value = each["display_value"] if "display_value" in each else each.get("value")
            yield from _flattened(name, value)


def _flattened(name: str, value: Any) -> Iterator[tuple[str, Cell]]:
    called = _called(name)
    match value:
        case {"statusCategory": {"name": str(category)}, "name": str(status)}:
            yield called, status
            yield "status category", category
        case {"type": "doc", "content": list()}:
            yield called, words_of_document(value)
        case {"_tagsNameArray": list(tags)}:  # Rally
            yield (
                called,
                tuple(str(tag["Name"]) for tag in tags if isinstance(tag, dict) and "Name" in tag),
            )
        case list() if called in ("issuelinks", "issue links"):
            yield from _links(value)
        case list() if called == "memberships":  # Asana
            sections = (m.get("section") for m in value if isinstance(m, dict))
            yield "section", next(filter(None, map(_one, sections)), "")
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
    others = (value.get(name) for name in ("_refObjectName", "refobjectname", "number", "id"))
    return next(named, str(next(filter(None, others), "")))


# --- Jira ------------------------------------------------------------------------------------


def _links(links: Iterable[Any]) -> Iterator[tuple[str, Cell]]:
    """Return what blocks an issue and what it blocks, under the names of Jira's CSV."""
    ends: dict[str, list[str]] = {}
    for link in (each for each in links if isinstance(each, dict)):
        kind = _one(link.get("type")).lower()
        for end in ("inward", "outward"):
            if isinstance(other := link.get(f"{end}Issue"), dict) and other.get("key"):
                ends.setdefault(f"{end} issue link ({kind})", []).append(str(other["key"]))
    yield from ((name, tuple(keys)) for name, keys in ends.items())


def _state_changes(histories: Iterable[Any]) -> Iterator[str]:
    """Return each change of status as `instant state`."""
    for history in histories:
        match history:
            case {"created": str(at), "items": list(items)}:
                for item in items:
                    if isinstance(item, dict) and item.get("field") == "status":
                        yield f"{at} {item.get('toString') or ''}".strip()


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
