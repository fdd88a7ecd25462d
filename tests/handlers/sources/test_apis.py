"""Answers of APIs as people save them: whole pages, single items, fields of people's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.sources.files import read_file
from handlers.sources.rules import Unread
from tests.handlers.sources.exports import items_of, one

PAY = {"name": "Pay", "title": "Pay"}


def asset(id: str, **attributes: Any) -> dict[str, Any]:
    told = {name.replace("__", "."): value for name, value in attributes.items()}
    held = {name: {"_type": "Attribute", "name": name, "value": v} for name, v in told.items()}
    return {"_type": "Asset", "href": f"/v1/rest-1.v1/Data/{id}", "id": id, "Attributes": held}


def test_agilitys_assets_are_read_with_what_they_lead_to() -> None:
    pay = asset(
        "Story:1021",
        Name="Pay",
        Number="B-01021",
        Estimate=5,
        Status__Name="In Progress",
        AssetState="64",
        CreateDateUTC="2026-03-12T15:04:05.123",
        ClosedDateUTC=None,
        Owners__Name=["Ada Park", "Bo Lin"],
        Super={"_type": "Asset", "idref": "Epic:1"},
        Dependencies=[{"idref": "Story:7"}],
        TaggedWith=["a b"],
        Timebox__Name="Sprint 4",
        Description="<p>Why</p>",
        Custom_Region="EMEA",
    )
    done = asset(
        "Defect:9",
        Name="Owe",
        Number="D-9",
        Status__Name="In Progress",
        AssetState="128",
        ClosedDateUTC="2026-03-20T15:04:05",
        Super={"idref": "NULL"},
    )
    file = read_file(json.dumps({"_type": "Assets", "total": 2, "Assets": [pay, done]}), "UTC")
    first, second = items_of(file)
    assert file.unread == {"Custom_Region": 1}
    assert (first.source, first.id, first.key) == ("agility", "Story:1021", "B-01021")
    assert (first.state, first.kind, first.owner) == ("In Progress", "Story", "Ada Park")
    assert (first.part_of, first.blocked_by, first.finished) == ("Epic:1", ("Story:7",), None)
    assert first.created == datetime(2026, 3, 12, 15, 4, 5, tzinfo=UTC)
    assert (first.fields["points"], first.fields["themes"]) == (5, ["a-b"])
    assert (first.fields["description"], first.facts["sprint"]) == ("Why", "Sprint 4")
    assert (second.state, second.kind) == ("Closed", "Defect")
    assert second.finished == datetime(2026, 3, 20, 15, 4, 5, tzinfo=UTC)


def test_agilitys_queries_answer_in_lists_of_lists() -> None:
    rows = [[{"_oid": "Story:1", "Name": "Pay", "Number": "B-1", "Status.Name": "Done"}], []]
    item = one(json.dumps(rows))
    assert (item.source, item.id, item.key, item.state) == ("agility", "Story:1", "B-1", "Done")


@pytest.mark.parametrize(
    "answer",
    [
        '[{"title": "Pay"}][{"title": "Owe"}]',
        '[{"title": "Pay"}]\n[{"title": "Owe"}]\n',
        '{"issues": [{"title": "Pay"}]}\n{"issues": [{"title": "Owe"}]}',
        '[{"issues": [{"title": "Pay"}]}, {"issues": [{"title": "Owe"}]}]',
        '{\n "title": "Pay"\n}\n{\n "title": "Owe"\n}',
        '{"tasks": [{"name": "Pay"}, {"name": "Owe"}], "last_page": true}',
        '{"records": [{"id": "1", "fields": {"Name": "Pay"}}, {"fields": {"Name": "Owe"}}]}',
    ],
)
def test_pages_of_an_answer_are_one_list(answer: str) -> None:
    """So `gh api --paginate` writes them, and whoever puts several into one file."""
    assert [item.title for item in items_of(answer)] == ["Pay", "Owe"]


@pytest.mark.parametrize(
    "answer",
    [
        '{"title": "Pay", "state": "OPEN"}',
        '{"key": "PAY-1", "fields": {"summary": "Pay", "labels": []}}',
        '{"data": {"gid": "1", "name": "Pay", "completed": false}}',
    ],
)
def test_a_single_item_is_a_list_of_one(answer: str) -> None:
    assert one(answer).title == "Pay"


@pytest.mark.parametrize(
    "fields",
    [
        {"custom_fields": [{"id": 1, "name": "Story Points", "value": "5"}]},
        {"custom_fields": [{"name": "Story points", "number_value": 5, "display_value": "5"}]},
        {"customFields": [{"name": "Story points", "value": 5}]},
    ],
)
def test_fields_of_peoples_own_stand_in_a_list(fields: dict[str, Any]) -> None:
    assert one(json.dumps([PAY | fields])).fields["points"] == 5


def test_a_value_that_names_itself_is_read() -> None:
    """ClickUp writes the state of a task so, and its priority."""
    told = {"status": {"status": "open", "color": "#fff"}, "priority": {"priority": "high"}}
    item = one(json.dumps({"tasks": [PAY | told]}))
    assert (item.state, item.facts["priority"]) == ("open", "high")


def test_asanas_section_is_where_a_task_is() -> None:
    task = {
        "gid": "1201",
        "name": "Pay",
        "completed": False,
        "completed_at": None,
        "modified_at": "2026-11-14T09:12:33.000Z",
        "memberships": [{"project": {"name": "Shop"}, "section": {"gid": "4", "name": "Doing"}}],
    }
    done = task | {"gid": "1202", "name": "Owe", "completed_at": "2026-11-14T09:12:33.000Z"}
    first, second = items_of(json.dumps({"data": [task, done]}))
    assert (first.key, first.state, first.finished) == ("1201", "Doing", None)
    assert (second.state, second.finished) == (None, datetime(2026, 11, 14, 9, 12, 33, tzinfo=UTC))


def test_jiras_own_fields_keep_their_names_whatever_it_calls_them() -> None:
    """`expand=names` calls them in the language of whoever asked; only people's own are unknown."""
    names = {"summary": "Zusammenfassung", "issuelinks": "Verknüpfungen", "customfield_1": "Points"}
    fields = {
        "summary": "Pay",
        "issuetype": {"name": "Story"},
        "customfield_1": 3,
        "issuelinks": [{"type": {"name": "Blocks"}, "inwardIssue": {"key": "PAY-3"}}],
    }
    issue = {"id": "1", "key": "PAY-1", "fields": fields}
    item = one(json.dumps({"names": names, "issues": [issue]}))
    assert (item.source, item.title, item.blocked_by) == ("jira", "Pay", ("PAY-3",))
    assert item.fields["points"] == 3


def test_an_issue_on_a_board_of_github_is_the_issue() -> None:
    entry = {
        "id": "PVTI_1",
        "title": "Pay",
        "status": "Todo",
        "assignees": ["ada"],
        "content": {"number": 7, "title": "Pay", "url": "https://github.com/O/r/issues/7"},
    }
    item = one(json.dumps({"items": [entry], "totalCount": 1}))
    assert (item.source, item.id, item.state) == ("github:o/r", "7", "Todo")


def test_trellos_own_fields_and_archived_lists_count() -> None:
    board = {
        "lists": [{"id": "l", "name": "Doing", "closed": True}],
        "customFields": [{"id": "f", "name": "Points"}],
        "cards": [
            {
                "id": "65f06ee50000000000000000",
                "idBoard": "b",
                "name": "Pay",
                "idList": "l",
                "closed": False,
                "customFieldItems": [{"idCustomField": "f", "value": {"number": "3"}}],
            }
        ],
    }
    item = one(json.dumps(board))
    assert (item.fields["points"], item.resolution) == (3, "archived")


@pytest.mark.parametrize("odd", [None, True, 1.5, "x", {}, [None], [[1]], {"name": None}])
@pytest.mark.parametrize("name", ["labels", "idMembers", "customFieldItems", "idList", "closed"])
def test_a_card_with_an_odd_field_keeps_its_name(name: str, odd: Any) -> None:
    card = {"id": "65f06ee50000000000000000", "idBoard": "b", "name": "Pay", name: odd}
    items = read_file(json.dumps({"cards": [card], "lists": odd, "members": odd}), "UTC")
    assert [item.title for item in items.items(Unread())] == ["Pay"]


@pytest.mark.parametrize("odd", [None, True, 1.5, "x", {}, [], {"name": None}])
@pytest.mark.parametrize(
    "name", ["issuelinks", "status", "description", "assignee", "customFields", "memberships"]
)
def test_an_item_with_an_odd_field_keeps_its_title(name: str, odd: Any) -> None:
    for value in (odd, [odd], [{"type": odd, "name": odd, "section": odd}], {"name": odd}):
        items = read_file(json.dumps([PAY | {name: value}]), "UTC")
        assert [item.title for item in items.items(Unread())] == ["Pay"]


def test_what_only_names_items_by_their_ids_is_no_list_of_them() -> None:
    with pytest.raises(Exception, match="Write a list of items"):
        read_file('{"queryType": "flat", "workItems": [{"id": 7, "url": "u"}]}', "UTC")


def test_documents_of_jira_keep_mentions_lines_and_tables() -> None:
    def paragraph(*content: dict[str, Any]) -> dict[str, Any]:
        return {"type": "paragraph", "content": list(content)}

    def cell(words: str) -> dict[str, Any]:
        return {"type": "tableCell", "content": [paragraph({"type": "text", "text": words})]}

    document = {
        "type": "doc",
        "content": [
            paragraph(
                {"type": "mention", "attrs": {"text": "@Ada"}},
                {"type": "text", "text": " says"},
                {"type": "hardBreak"},
                {"type": "text", "text": "no"},
            ),
            {"type": "table", "content": [{"type": "tableRow", "content": [cell("a"), cell("b")]}]},
            {"type": "taskList", "content": [{"type": "taskItem", "content": []}]},
        ],
    }
    item = one(json.dumps([{"title": "Pay", "description": document}]))
    assert item.fields["description"] == "@Ada says\nno\n\na | b"
