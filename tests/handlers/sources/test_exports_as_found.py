"""Exports with what their tools leave for the reader to find out: units, zones, shapes, titles."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.backlog.exchange.preview import own_columns
from handlers.sources.elements import objects_of
from handlers.sources.files import read_file
from handlers.sources.owners import written
from handlers.sources.rules import Unread
from handlers.sources.sheet import Unreadable
from tests.handlers.sources.exports import items_of, one

JIRA_ISSUE: dict[str, Any] = {
    "id": "10001",
    "key": "PAY-1",
    "fields": {
        "summary": "Pay",
        "issuetype": {"name": "Story"},
        "customfield_10016": 5.0,
        "customfield_10020": [{"id": 7, "name": "PAY Sprint 7", "state": "active", "boardId": 1}],
        "customfield_10019": "0|i0003z:",
        "customfield_10015": "2026-11-03",
    },
}


@pytest.mark.parametrize(
    "cells",
    [
        *(["3600", "28800"], ["28800"], ["480", "60", ""], ["0", "7200"], ["1h", "2d 4h"]),
        *(["1w 2d", "480"], ["8 hours"], ["0:30", "8:00"], ["PT8H"], ["1 Tag", "3 Std"]),
    ],
)
@pytest.mark.parametrize("head", ["Issue key,Summary,Estimate", "ID,Title,Estimation"])
def test_time_is_never_points(head: str, cells: list[str]) -> None:
    """Velocity in thousands is worse than none; the column is named, so that nobody wonders."""
    rows = "".join(f"\nA-{at},Pay {at},{cell}" for at, cell in enumerate(cells))
    file = read_file(f"{head}{rows}", "UTC")
    assert all("points" not in item.fields for item in items_of(file))
    assert [name.endswith(" (time)") for name in file.unread] == [True]
    assert own_columns(file) == [], "nobody is asked what it is"


@pytest.mark.parametrize(
    ("cells", "points"),
    [
        *((["144", "3"], [144, 3]), (["60", "120"], [60, 120]), (["500", "480"], [500, 480])),
        (["5p", "3 SP"], [5, 3]),
    ],
)
def test_large_points_stay_points(cells: list[str], points: list[float]) -> None:
    rows = "".join(f"\nPay {at},{cell}" for at, cell in enumerate(cells))
    assert [item.fields["points"] for item in items_of(f"title,estimate{rows}")] == points


def test_what_is_said_to_be_points_is_points() -> None:
    file = read_file("title,Estimate\nPay,480", "UTC", {"Estimate": "points"})
    assert items_of(file)[0].fields["points"] == 480


def test_a_column_may_say_its_zone_by_its_name() -> None:
    item = one(
        "title,Created At (UTC),updated\nPay,2026-11-03 08:15,2026-11-03 08:15", "Asia/Tokyo"
    )
    assert item.created == datetime(2026, 11, 3, 8, 15, tzinfo=UTC)
    assert item.updated == datetime(2026, 11, 2, 23, 15, tzinfo=UTC)


def test_what_jira_gives_no_name_is_told_by_its_shape_or_asked_about() -> None:
    """A search answers with numbered fields unless it is asked for their names."""
    file = read_file(json.dumps({"issues": [JIRA_ISSUE], "isLast": True}), "UTC")
    (item,) = items_of(file)
    assert (item.facts, item.rank) == ({"sprint": "PAY Sprint 7"}, "0|i0003z:")
    assert own_columns(file) == ["customfield 10016"], "these may be points"
    told = read_file(json.dumps([JIRA_ISSUE]), "UTC", {"customfield 10016": "points"})
    assert items_of(told)[0].fields["points"] == 5
    assert own_columns(told) == []


@pytest.mark.parametrize(
    ("named", "means"),
    [
        *(("https://github.com/acme/pay/issues/1", "1"), ("acme/pay#1", "1"), ("#1", "1")),
        *(("Acme/Pay#1", "1"), ("acme/shop#1", "acme/shop#1"), ("1", "1")),
        ("https://github.com/acme/shop/issues/1", "acme/shop#1"),
    ],
)
def test_an_issue_of_the_same_repository_is_named_by_its_number(named: str, means: str) -> None:
    item = one(
        "Title\tURL\tAssignees\tStatus\tParent issue\tBlocked by\n"
        f"Pay\thttps://github.com/acme/pay/issues/7\tada\tTodo\t{named}\t{named}"
    )
    assert (item.part_of, item.blocked_by) == (means, (means,))


def test_pages_of_graphql_may_keep_their_items_in_edges() -> None:
    issue = {
        "number": 7,
        "title": "Pay",
        "state": "OPEN",
        "url": "https://github.com/acme/pay/issues/7",
        "parent": {"number": 1},
    }
    answer = {"data": {"repository": {"issues": {"edges": [{"cursor": "x", "node": issue}]}}}}
    item = one(json.dumps(answer))
    assert (item.source, item.key, item.part_of) == ("github:acme/pay", "7", "1")


REDMINE_XML = """<?xml version="1.0" encoding="UTF-8"?>
<issues total_count="2" type="array"><issue><id>7</id><tracker id="1" name="Bug"/>
<status id="5" name="Closed" is_closed="true"/><assigned_to id="2" name="Ada Park"/>
<parent id="3"/><subject>Pay &amp; go</subject><due_date>2026-12-11</due_date>
<is_private>false</is_private><custom_fields type="array">
<custom_field id="1" name="Story points"><value>3</value></custom_field></custom_fields>
<created_on>2026-11-03T08:15:00Z</created_on></issue>
<issue><id>8</id><tracker id="1" name="Bug"/><subject>Salaries</subject>
<is_private>true</is_private></issue></issues>"""
RALLY_XML = """<QueryResult rallyAPIMajor="2"><TotalResultCount>1</TotalResultCount><Results>
<Object rank="1" objectVersion="7" type="HierarchicalRequirement"><FormattedID>US7</FormattedID>
<Name>Pay &amp; go</Name><ScheduleState>Accepted</ScheduleState><PlanEstimate>3.0</PlanEstimate>
<Owner ref="x" refObjectName="Ada Park" type="User"/></Object></Results></QueryResult>"""


def test_xml_of_redmine_says_what_its_json_does() -> None:
    file = read_file(REDMINE_XML, "UTC")
    (item,) = items_of(file)
    assert (item.source, item.key, item.title, item.kind) == ("redmine", "7", "Pay & go", "Bug")
    assert (item.state, item.owner, item.part_of) == ("Closed", "Ada Park", "3")
    assert (item.fields["points"], item.fields["due"]) == (3, date(2026, 12, 11))
    assert file.restricted == 1, "a private one stays out"


def test_xml_of_rally_is_read() -> None:
    item = one(RALLY_XML)
    assert (item.source, item.key, item.title) == ("rally", "US7", "Pay & go")
    assert (item.state, item.owner, item.fields["points"]) == ("Accepted", "Ada Park", 3)


@pytest.mark.parametrize(
    "text",
    [
        *("<a>" * 5_000, "<svg><text>hi</text></svg>", "<a><b x='1'/></a>", "<?xml?>", "<a"),
        "<issues><issue><name>x</name></issue></issues>" * 2,
    ],
)
def test_other_xml_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Unreadable, match="a web page or XML"):
        read_file(text, "UTC")


def test_names_of_a_tool_may_begin_with_what_an_item_is_there() -> None:
    """Aha! and Productboard write `Feature` before each of their names."""
    item = one(
        "Feature reference #,Feature name,Epic name,Feature status,Feature assigned to,"
        "Feature description,Feature estimate,Feature due date\n"
        "SHOP-12,Pay,Checkout,In development,Ada Park (ada@acme.example),Why,5p,2026-12-11"
    )
    assert (item.key, item.title, item.part_of) == ("SHOP-12", "Pay", "Checkout")
    assert (item.fields["description"], item.fields["points"]) == ("Why", 5)
    assert item.owner
    assert written(item.owner).shown == "Ada Park", "an address is shown to nobody"


def test_one_epic_of_aha_is_an_item_by_its_own_name() -> None:
    item = one("Epic name,Epic owner,Status\nCheckout,Ada,Done")
    assert item.title == "Checkout"


def test_a_table_without_titles_has_its_words_for_them() -> None:
    item = one("ID,Description,Status\n7,Pay by card,Done")
    assert (item.key, item.title, item.state) == ("7", "Pay by card", "Done")


def test_the_end_that_was_planned_is_due_and_the_end_that_came_is_the_finish() -> None:
    item = one("title,state,End Date,Planned End Date\nPay,Done,2026-11-20,2026-12-11")
    assert item.finished == datetime(2026, 11, 20, tzinfo=UTC)
    assert item.fields["due"] == date(2026, 12, 11)


def test_what_a_formula_fails_with_is_an_empty_cell() -> None:
    noted = Unread()
    rows = "title,state,priority\nPay,#N/A,null\n#REF!,Done,\n"
    (item,) = read_file(rows, "UTC").items(noted)
    assert (item.title, item.state, item.facts) == ("Pay", None, {})
    assert noted.lines == {"title": [3]}


def test_names_may_stand_in_two_rows() -> None:
    """A wider name stands above some of them; what is named by the upper row alone keeps it."""
    item = one("ID,Title,Planning,,Owner\n,,Points,Due,\n7,Pay,5,2026-12-11,Ada\n")
    assert (item.key, item.title, item.owner) == ("7", "Pay", "Ada")
    assert (item.fields["points"], item.fields["due"]) == (5, date(2026, 12, 11))


def test_names_without_rows_are_told_so() -> None:
    """“All of it is here already” would be a lie about an export that found nothing."""
    with pytest.raises(Unreadable, match="no rows below"):
        read_file("Issue key,Summary,Status\n", "UTC")


@pytest.mark.parametrize("text", ["<issues><![x[", "<issues>" + "<a " * 20_000])
def test_xml_that_is_broken_on_purpose_is_none(text: str) -> None:
    """The library's own parser fails on the first, and takes minutes for the second."""
    assert objects_of(text) is None
