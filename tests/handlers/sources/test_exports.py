"""Exports as tools really write them, read without mending: every field in its place."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.remote import Step
from handlers.sources.decoding import decoded
from handlers.sources.files import NoTitles, read_file
from handlers.sources.rules import Unread
from handlers.sources.sheet import Unreadable, joined
from tests.handlers.sources.exports import items_of, one, text_of


def test_jira_as_it_really_is() -> None:
    file = read_file(text_of("jira.csv"), "UTC")
    assert file.tool == "jira"
    assert file.restricted == 1
    assert file.unread == {
        "Project key": 6,
        "Reporter": 6,
        "Creator": 6,
        "Fix versions": 2,
        "Watchers": 2,
        "Outward issue link (Relates)": 1,
        "Comment": 1,
    }
    items = {item.key: item for item in items_of(file)}
    assert "PAY-50" not in items, "it has a security level"
    paid = items["PAY-31"]
    assert (paid.source, paid.id) == ("jira", "10231")
    assert paid.fields["themes"] == ["checkout", "value"]
    assert paid.fields["points"] == 5
    assert paid.fields["description"].endswith("over the limit is refused")
    assert paid.owner == "Ada Park <aa1>"
    assert paid.blocked_by == ("PAY-40",)
    assert paid.facts == {"priority": "High", "sprint": "Sprint 21, Sprint 22"}
    assert paid.rank == "0|i0001z:"
    assert paid.updated == datetime(2026, 11, 24, 16, 3, tzinfo=UTC)
    assert items["PAY-32"].part_of == "PAY-31"
    assert items["PAY-32"].fields["points"] == 2.5
    ledger = items["PAY-40"]
    assert ledger.part_of == "PAY-2", "its epic"
    assert ledger.fields["points"] == 8, "from the other estimate"
    assert ledger.fields["due"] == date(2026, 12, 11)
    assert ledger.fields["themes"] == ["back-end", "c-plus-plus"]
    assert items["PAY-12"].finished == datetime(2026, 9, 2, 9, tzinfo=UTC)
    assert items["PAY-12"].fields["points"] == 0


def test_jiras_json_tells_history_and_links_too() -> None:
    issue = {
        "id": "10231",
        "key": "PAY-31",
        "fields": {
            "summary": "Pay on account",
            "issuetype": {"name": "Story"},
            "status": {"name": "Code Review", "statusCategory": {"name": "In Progress"}},
            "assignee": {"displayName": "Ada Park", "accountId": "aa1"},
            "labels": ["good first issue"],
            "parent": {"id": "1", "key": "PAY-2", "fields": {}},
            "customfield_10016": 2.5,
            "description": {
                "type": "doc",
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Why"}]}],
            },
            "issuelinks": [{"type": {"name": "Blocks"}, "inwardIssue": {"key": "PAY-40"}}],
            "created": "2026-11-04T09:12:00.000+0000",
        },
        "changelog": {
            "histories": [
                {
                    "created": "2026-11-05T10:00:00.000+0000",
                    "items": [
                        {"field": "status", "fromString": "To Do", "toString": "Code Review"}
                    ],
                }
            ]
        },
    }
    hidden = {"key": "PAY-50", "fields": {"summary": "Salaries", "security": {"name": "Board"}}}
    names = {"customfield_10016": "Story point estimate"}
    file = read_file(json.dumps({"issues": [issue, hidden], "names": names}), "UTC")
    (paid,) = items_of(file)
    assert (file.tool, file.restricted) == ("jira", 1)
    assert (paid.id, paid.key, paid.part_of, paid.blocked_by) == (
        *("10231", "PAY-31", "PAY-2"),
        ("PAY-40",),
    )
    assert (paid.state, paid.category, paid.kind) == ("Code Review", "In Progress", "Story")
    assert paid.owner == "Ada Park <aa1>"
    assert paid.fields["points"] == 2.5
    assert paid.fields["themes"] == ["good-first-issue"]
    assert paid.fields["description"] == "Why"
    assert paid.steps == (Step(datetime(2026, 11, 5, 10, tzinfo=UTC), "Code Review"),)


def test_azure_tells_parents_by_its_tree_and_people_by_their_mail() -> None:
    assert [(item.key, item.part_of) for item in items_of(text_of("azure_tree.csv"))] == [
        ("1", ""),
        ("2", "1"),
        ("3", "2"),
    ]
    paid, refund = items_of(text_of("azure_query.csv"))
    assert paid.owner == "Ada Lovelace <ada@example.com>"
    assert paid.fields["themes"] == ["checkout", "high-value"]
    assert paid.created == datetime(2024, 3, 12, 15, 4, 5, tzinfo=UTC)
    assert refund.finished == datetime(2024, 3, 9, 9, tzinfo=UTC)


def test_issues_of_two_repositories_are_told_apart() -> None:
    whole, bare, rest = (
        items_of(text_of(f"gh_{name}.json"))[0] for name in ("full", "min", "rest")
    )
    assert (whole.source, whole.id, whole.number) == ("github:o/r", "1", None)
    assert (bare.source, bare.id) == ("github", "1@2024-03-12T15:04:05")
    assert rest.id == bare.id
    assert whole.owner == "Ada <ada>"
    assert whole.link == "https://github.com/o/r/issues/1"


def test_linear_rally_agility_gitlab_and_redmine() -> None:
    backlog, done, twice = items_of(text_of("linear.csv").replace('","x",', '","",'))
    assert (backlog.key, backlog.fields["points"], backlog.owner) == ("PAY-1", 3, "a@x.y")
    assert done.created == datetime(2024, 3, 12, 15, 4, 5, tzinfo=UTC)
    assert done.finished == datetime(2024, 3, 15, 15, 4, 5, tzinfo=UTC)
    assert [step.state for step in done.steps] == ["in progress"]
    assert twice.state == "Duplicate"
    rally = items_of(text_of("rally.csv"))
    assert [item.state for item in rally] == ["Defined", "In-Progress", "Completed", "Accepted"]
    assert rally[3].finished == datetime(2024, 3, 20, tzinfo=UTC)
    paid, refund, _ = items_of(text_of("agility.csv"))
    assert (paid.key, paid.fields["points"], paid.part_of) == ("B-01021", 5, "Accounts")
    assert refund.state is None
    gitlab = one(
        "Title,Issue ID,URL,State,Assignee,Assignee Username,Confidential,Created At (UTC),Weight\n"
        "Pay,7,https://gitlab.com/g/sub/p/-/issues/7,Open,Ada,ada1,No,2024-03-12 15:04:05,3"
    )
    assert (gitlab.source, gitlab.id, gitlab.owner) == ("gitlab:g/sub/p", "7", "Ada <ada1>")
    redmine = read_file(
        "#,Tracker,Status,Subject,Assignee,Private,Created\n1,Bug,New,Pay,Ada,No,\n2,Bug,New,Salary,,Yes,",
        "UTC",
    )
    assert [item.title for item in items_of(redmine)] == ["Pay"]
    assert redmine.restricted == 1


def test_trello_tells_states_by_lists_and_birthdays_by_ids() -> None:
    card = {
        "id": "65f06ee50000000000000000",
        "idBoard": "b",
        "name": "Pay",
        "desc": "Why",
        "idList": "l",
        "idMembers": ["m"],
        "labels": [{"name": "tech debt"}],
        "closed": True,
        "shortUrl": "https://trello.com/c/x",
    }
    board = {
        "name": "Board",
        "lists": [{"id": "l", "name": "Doing"}],
        "members": [{"id": "m", "fullName": "Ada"}],
        "cards": [card],
    }
    item = one(json.dumps(board))
    assert (item.source, item.state, item.resolution) == ("trello", "Doing", "archived")
    assert (item.owner, item.fields["themes"]) == ("Ada", ["tech-debt"])
    assert item.created == datetime(2024, 3, 12, 15, 4, 5, tzinfo=UTC)


# --- any table -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("head", ["title;points", "sep=;\r\ntitle;points", "title\tpoints"])
def test_a_spreadsheet_of_any_country_is_read(encoding: str, head: str) -> None:
    delimiter = "\t" if "\t" in head else ";"
    text = f"{head}\r\nZahlung für Köln{delimiter}5,0\r\n"
    item = one(decoded(text.encode(encoding)))
    assert (item.title, item.fields["points"]) == ("Zahlung für Köln", 5)


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        *(("0", 0), ("0.5", 0.5), ("½", 0.5), ('"0,5"', 0.5), ('"3,0"', 3), ("144", 144)),
        *(("5.0", 5), ('"4,25"', 4.25), ("1½", 1.5), ("-", None), ("", None)),
    ],
)
def test_points_are_kept_as_the_source_has_them(cell: str, points: float | None) -> None:
    assert one(f"title,points\nPay,{cell}").fields["points"] == points


@pytest.mark.parametrize("cell", ["M", '"1,000"', "-1", "1e9", "True", "\u0665", "1_0", "99999"])
def test_what_is_no_number_is_left_out_and_named(cell: str) -> None:
    unread = Unread()
    (item,) = read_file(f"title,points\nPay,{cell}", "UTC").items(unread)
    assert "points" not in item.fields
    assert unread.lines["points"] == [2]


@pytest.mark.parametrize(
    ("rows", "themes"),
    [
        (("tech debt, ui", "api"), ["tech-debt", "ui"]),
        (("Back end; UI", ""), ["back-end", "ui"]),
        (("billing debt", ""), ["billing", "debt"]),
        (("tech debt", "a, b"), ["tech-debt"]),
    ],
)
def test_one_cell_tells_how_a_column_parts_its_labels(
    rows: tuple[str, str], themes: list[str]
) -> None:
    table = "\n".join(f'T{place},"{labels}"' for place, labels in enumerate(rows))
    assert items_of(f"title,labels\n{table}")[0].fields["themes"] == themes


def test_pasted_cells_keep_their_places() -> None:
    """A field's text loses the white space at both ends, and with it a table's empty cells."""
    first = "title\tpoints\n1\tPay\t5"  # an empty corner
    assert items_of(joined([first]))[0].fields["points"] == 5
    pieces = ["key\ttitle\tpoints\n1\tPay\t5", "Bill\t3\n2\tOwe\t"]
    items = items_of(joined(pieces))
    assert [(item.key, item.title, item.fields["points"]) for item in items] == [
        ("1", "Pay", 5),
        ("", "Bill", 3),
        ("2", "Owe", None),
    ]
    assert one(joined(["key\ttitle\tpoints\n1\tPay"])).fields["points"] is None


def test_a_row_that_cannot_be_read_leaves_the_rest_alone() -> None:
    file = read_file(
        "key,title,due\nA,Pay,soon\nA,Again,\n,,2026-01-01\nB,Pay, later,x\nC,Bill,", "UTC"
    )
    unread = Unread()
    assert [item.title for item in file.items(unread)] == ["Pay", "Bill"]
    assert dict(unread.lines) == {"due": [2], "title": [4]}
    assert (file.twice, file.sheet.odd) == ((3,), (5,))


def test_a_column_without_a_known_name_may_be_chosen() -> None:
    with pytest.raises(NoTitles) as asked:
        read_file("Aufgabe,Punkte\nZahlen,5", "UTC")
    assert asked.value.names == ("Aufgabe", "Punkte")
    (item,) = items_of(
        read_file("Aufgabe,Punkte\nZahlen,5", "UTC", {"Aufgabe": "title", "Punkte": "points"})
    )
    assert (item.title, item.fields["points"]) == ("Zahlen", 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file is empty"),
        (";;\n;;\n", "The file is empty"),
        ('title\n"Pay', "A text in quotes begins and never ends"),
        ("{", "this JSON is damaged"),
        ("[" * 100_000, "nested too deeply"),
        (f"[{'9' * 5_000}]", "thousands of digits"),
        ('{"a": 1}', "Write a list of items"),
        ("[1]", "Each item is an object"),
    ],
)
def test_what_is_no_file_of_items_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_file(text, "UTC")


@given(st.text(max_size=200))
@example("\f")
@example(" \t,;")
@example("sep=\n")
def test_whatever_is_pasted_never_breaks_the_reader(text: str) -> None:
    for file in (text, f"title,points,history\n{text}", f'[{{"title": {json.dumps(text)}}}]'):
        try:
            list(read_file(joined([file, text]), "UTC").items(Unread()))
        except (Unreadable, NoTitles):
            continue
