"""What the APIs of Azure and Rally answer is read like their exports."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.handlers.sources.exports import items_of, one

AZURE = {
    "id": 7,
    "rev": 3,
    "fields": {
        "System.Title": "Pay on account",
        "System.State": "Active",
        "System.WorkItemType": "User Story",
        "System.AssignedTo": {"displayName": "Ada Park", "uniqueName": "ada@example.com"},
        "System.CreatedDate": "2026-10-01T09:00:00.123Z",
        "System.ChangedDate": "2026-11-20T09:00:00Z",
        "Microsoft.VSTS.Scheduling.StoryPoints": 3.0,
        "Microsoft.VSTS.Common.Priority": 2,
        "Microsoft.VSTS.Common.AcceptanceCriteria": "<ul><li>A receipt comes</li></ul>",
        "System.Tags": "checkout; value",
        "System.Parent": 5,
        "System.Description": "<div>Why <b>now</b>?<br>Because.</div>",
        "System.IterationPath": "Pay\\Sprint 3",
    },
    "url": "https://dev.azure.com/acme/_apis/wit/workItems/7",
}
CLOSED = {
    "id": 8,
    "fields": {
        "System.Title": "Refund",
        "System.State": "Closed",
        "System.WorkItemType": "Bug",
        "Microsoft.VSTS.Common.ClosedDate": "2026-11-02T10:00:00Z",
    },
}
RALLY = {
    "_type": "HierarchicalRequirement",
    "ObjectUUID": "0-1",
    "FormattedID": "US1021",
    "Name": "Pay",
    "ScheduleState": "In-Progress",
    "PlanEstimate": 0.5,
    "Owner": {"_ref": "https://rally1.rallydev.com/user/1", "_refObjectName": "Ada Park"},
    "CreationDate": "2026-10-01T09:00:00.000Z",
    "LastUpdateDate": "2026-11-20T09:00:00.000Z",
    "AcceptedDate": None,
    "Tags": {"Count": 1, "_tagsNameArray": [{"Name": "ui", "_ref": "x"}]},
    "Description": "<p>Fish &amp; chips</p><p>daily</p>",
    "Iteration": {"_refObjectName": "Iteration 4"},
    "Parent": {"_refObjectName": "Accounts", "FormattedID": "F12"},
}


def test_azures_work_items_come_in_an_envelope_or_bare() -> None:
    """`az boards query` writes a list, the API one inside `value`."""
    bare = items_of(json.dumps([AZURE, CLOSED]))
    assert items_of(json.dumps({"count": 2, "value": [AZURE, CLOSED]})) == bare
    item, closed = bare
    assert (item.source, item.id, item.key, item.part_of) == ("azure", "7", "7", "5")
    assert (item.kind, item.state) == ("User Story", "Active")
    assert item.owner == "Ada Park <ada@example.com>"
    assert item.fields["points"] == 3
    assert item.fields["themes"] == ["checkout", "value"]
    assert item.facts == {"priority": "2", "sprint": "Pay\\Sprint 3"}
    assert item.updated == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert closed.finished == datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_rallys_answers_name_parents_tags_and_owners() -> None:
    item = one(json.dumps({"QueryResult": {"Errors": [], "Results": [RALLY]}}))
    assert (item.source, item.id, item.key, item.part_of) == ("rally", "0-1", "US1021", "F12")
    assert (item.state, item.owner, item.finished) == ("In-Progress", "Ada Park", None)
    assert item.fields["points"] == 0.5
    assert item.fields["themes"] == ["ui"]
    assert item.facts == {"sprint": "Iteration 4"}


def test_html_is_read_as_people_see_it() -> None:
    """Azure, Rally and Agility keep descriptions as HTML: nobody reads tags on a card."""
    azure, rally = one(json.dumps([AZURE])), one(json.dumps({"QueryResult": {"Results": [RALLY]}}))
    assert azure.fields["description"] == "Why now?\nBecause."
    assert [each["text"] for each in azure.fields["criteria"]] == ["A receipt comes"]
    assert rally.fields["description"] == "Fish & chips\ndaily"
    jira = one("Issue key,Summary,Description\nPAY-1,Pay,a < b and <b>c</b>")
    assert jira.fields["description"] == "a < b and <b>c</b>", "there it is what somebody typed"
