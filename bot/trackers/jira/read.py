"""An issue as Jira tells it, as a remote item. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from bot.remote import RemoteItem, Step
from bot.text import alike
from bot.trackers.rich import words_of_document
from bot.trackers.values import (
    cards,
    day,
    details,
    dig,
    facts,
    in_order,
    line,
    marker_in,
    moment,
    names_of_homes,
    number,
    person,
    several,
    stamp,
    text,
    without_markers,
)

READ: Final = (
    *("summary", "description", "issuetype", "status", "resolution", "assignee", "duedate"),
    *("labels", "parent", "issuelinks", "created", "updated", "resolutiondate", "security"),
    *("project", "priority"),
)
"""All that is asked of an issue, besides the custom fields of `Fields`."""

_OF_SCHEMA: Final = {
    "com.pyxis.greenhopper.jira:jsw-story-points": "points",
    "com.pyxis.greenhopper.jira:gh-lexo-rank": "rank",
    "com.pyxis.greenhopper.jira:gh-sprint": "sprint",
    "com.pyxis.greenhopper.jira:gh-epic-link": "epic",
}
"""Custom fields that are known in every language."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The site's custom fields that Hone reads: our name → their ids, the likelier first.

    Of numbers there may be several: each project of some kinds has its own.
    """

    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> list[str]:
        return [*READ, *sorted({id for ids in self.ids.values() for id in ids})]

    def first(self, fields: Any, ours: str) -> Any:
        """Return the first value that stands in one of ours."""
        found = (dig(fields, id) for id in self.ids.get(ours, ()))
        return next((value for value in found if value is not None), None)


def fields_of(told: Any, called: Mapping[str, str]) -> Fields:
    """Read the list of all fields of a site; some homes are `called` as people said."""
    homes = names_of_homes(called)
    ids: dict[str, list[tuple[int, str]]] = {}
    for each in several(told):
        id, schema = text(each, "id"), dig(each, "schema")
        ours = _OF_SCHEMA.get(text(schema, "custom"))
        if ours and ours not in called:
            ids.setdefault(ours, []).append((0, id))
        if text(schema, "type") == "number":
            for ours, names in homes.items():
                if (name := alike(text(each, "name"))) in names:
                    ids.setdefault(ours, []).append((names.index(name) + 1, id))
    named = {text(each, "id"): line(each, "name") for each in several(told)}
    sorted_ids = {
        ours: tuple(dict.fromkeys(id for _, id in sorted(found))) for ours, found in ids.items()
    }
    return Fields(sorted_ids, named)


def item_of(
    issue: Any, fields: Fields, source: str, site: str, histories: Sequence[Any], own: str
) -> RemoteItem:
    """Return an issue; `own` is our account there, `histories` what happened to it."""
    told, key = dig(issue, "fields"), text(issue, "key")
    title = line(told, "summary") or key
    score = {ours: fields.first(told, ours) for ours in ("ubv", "tc", "rroe", "size")}
    updated = moment(told, "updated")
    return RemoteItem(
        source=source,
        id=text(issue, "id"),
        key=key,
        title=title,
        fields={
            "title": title,
            "description": details(words_of_document(dig(told, "description"))),
            "points": number(fields.first(told, "points")),
            "due": day(told, "duedate"),
            "themes": without_markers(text(each) for each in several(told, "labels")),
            **cards(score),
        },
        kind=line(told, "issuetype", "name") or None,
        state=line(told, "status", "name") or None,
        category=text(told, "status", "statusCategory", "key"),
        resolution=line(told, "resolution", "name"),
        owner=someone(dig(told, "assignee")),
        part_of=text(told, "parent", "id") or text(fields.first(told, "epic")),
        blocked_by=tuple(_linked(told, "inwardIssue")),
        blocks=tuple(_linked(told, "outwardIssue")),
        created=moment(told, "created"),
        updated=updated,
        finished=moment(told, "resolutiondate"),
        steps=steps_of(histories),
        rank=text(fields.first(told, "rank")) or None,
        link=f"{site}/browse/{key}",
        facts=_facts(told, fields),
        version=stamp(updated),
        moves=tuple(
            name for each in several(issue, "transitions") if (name := line(each, "to", "name"))
        ),
        by_hone=_is_last(histories, updated, own),
        marker=marker_in(text(each) for each in several(told, "labels")),
    )


def is_restricted(issue: Any) -> bool:
    """Tell whether an issue has a security level: then not all of its project may see it."""
    return dig(issue, "fields", "security") is not None


def someone(user: Any) -> str:
    """Return `Name <account>`; Data Center has no account ids, but names to sign in with."""
    return person(line(user, "displayName"), account_of(user))


def account_of(user: Any) -> str:
    return text(user, "accountId") or text(user, "name") or text(user, "key")


def _linked(told: Any, end: str) -> Iterator[str]:
    for link in several(told, "issuelinks"):
        name, inward = alike(text(link, "type", "name")), alike(text(link, "type", "inward"))
        if (name in ("blocks", "blocker") or inward == "is blocked by") and (
            id := text(link, end, "id")
        ):
            yield id


def _facts(told: Any, fields: Fields) -> dict[str, str]:
    sprints = [line(each, "name") for each in several(fields.first(told, "sprint"))]
    return facts(priority=line(told, "priority", "name"), sprint="".join(sprints[-1:]))


# --- histories -------------------------------------------------------------------------------


def steps_of(histories: Sequence[Any]) -> tuple[Step, ...]:
    """Return the states an issue went through, oldest first."""
    return in_order(
        (_instant(dig(history, "created")), line(change, "toString"))
        for history in histories
        for change in several(history, "items")
        if text(change, "field") == "status"
    )


def _instant(told: Any) -> datetime | None:
    """Read an instant; in bulk, Jira tells it as a number of milliseconds, or of seconds."""
    since_1970 = number(told)
    if since_1970 is None:
        return moment(told)
    try:
        return datetime.fromtimestamp(since_1970 / (1000 if since_1970 > 1e11 else 1), UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _is_last(histories: Sequence[Any], updated: datetime | None, own: str) -> bool:
    """Tell whether our own change is what an issue was last updated by."""
    dated = [(at, each) for each in histories if (at := _instant(dig(each, "created")))]
    if not dated or updated is None:
        return False
    at, last = max(dated, key=lambda each: each[0])
    return account_of(dig(last, "author")) == own and abs((updated - at).total_seconds()) < 2
