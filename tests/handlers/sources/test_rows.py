"""What a row says besides its fields: that it is no item, who is first, what it belongs to."""

from __future__ import annotations

import json
from datetime import date

import pytest

from handlers.sources.files import read_file
from handlers.sources.keys import by_its_title
from handlers.sources.owners import Owners, written
from handlers.sources.rules import Unread
from handlers.sources.words import Words
from tests.handlers.sources.exports import items_of, one


def unread(text: str) -> tuple[list[str], dict[str, list[int]]]:
    """Return a file's titles, and what was left out: field → lines."""
    noted = Unread()
    titles = [item.title for item in read_file(text, "UTC").items(noted)]
    return titles, dict(noted.lines)


# --- rows that are no items ------------------------------------------------------------------


@pytest.mark.parametrize("row", ["Total,,5", "Summe:,,5", "GRAND TOTAL,2,5", "合計,,5"])
def test_a_row_that_adds_the_others_up_is_no_item(row: str) -> None:
    titles, noted = unread(f"title,status,points\nPay,open,3\nOwe,open,2\n{row}\n")
    assert (titles, noted) == (["Pay", "Owe"], {"total": [4]})


@pytest.mark.parametrize("row", ["Total,open,5", "Total rework of the cart,,5"])
def test_an_item_may_begin_with_the_word_total(row: str) -> None:
    titles, noted = unread(f"title,status,points\n{row}\n")
    assert (len(titles), noted) == (1, {})


def test_pull_requests_are_no_items_and_named() -> None:
    """GitHub's API lists them among the issues, a board beside them."""
    issue = {"number": 7, "title": "Pay", "html_url": "https://github.com/o/r/issues/7"}
    pull = {"number": 8, "title": "Fix", "html_url": "https://github.com/o/r/pull/8"}
    assert unread(json.dumps([issue, pull])) == (["Pay"], {"pull request": [2]})
    board = (
        "Title\tURL\tAssignees\tStatus\n"
        "Pay\thttps://github.com/o/r/issues/7\tada\tTodo\n"
        "Fix\thttps://github.com/o/r/pull/8\tada\tTodo\n"
    )
    assert unread(board) == (["Pay"], {"pull request": [3]})


def test_a_row_of_a_tree_without_a_title_leaves_those_below_where_they_are() -> None:
    file = read_file(
        "ID,Work Item Type,Title 1,Title 2\n1,Epic,Accounts,\n2,Task,,\n3,Story,,Pay\n", "UTC"
    )
    noted = Unread()
    assert [(item.key, item.part_of) for item in file.items(noted)] == [("1", ""), ("3", "1")]
    assert noted.lines == {"title": [3]}


def test_what_an_item_of_azure_is_linked_to_is_no_parent() -> None:
    items = items_of(
        "ID,Work Item Type,Title 1,Title 2,Link Type\n"
        "1,Story,Pay,,\n2,Story,,Owe,Predecessor\n3,Task,,Sub,Child\n"
    )
    assert [item.part_of for item in items] == ["", "", "1"]


# --- when ------------------------------------------------------------------------------------


def test_a_ticked_box_says_done() -> None:
    """Spreadsheets keep boxes in such a column, JSON a yes or no."""
    done, open_ = items_of("Done,Title\nTRUE,Pay\nFALSE,Owe\n")
    assert (done.state, open_.state) == ("done", None)
    noted = Unread()
    tasks = [{"title": "Pay", "completed": True}, {"title": "Owe", "completed": False}]
    done, open_ = read_file(json.dumps(tasks), "UTC").items(noted)
    assert (done.state, open_.state, dict(noted.lines)) == ("done", None, {})


def test_a_section_is_the_state_until_the_task_is_completed() -> None:
    head = "Task ID,Name,Section/Column,Completed At"
    doing, done = items_of(f"{head}\n1,Pay,Doing,\n2,Owe,Doing,2026-11-14\n")
    assert (doing.state, done.state) == ("Doing", None)
    assert done.finished is not None


@pytest.mark.parametrize("cell", ["-", "N/A", "TBD", "0000-00-00", "no"])
def test_a_day_that_is_said_not_to_be_is_none(cell: str) -> None:
    assert one(f"title,due,created\nPay,{cell},{cell}").fields["due"] is None


def test_a_finish_date_may_lie_ahead() -> None:
    """In a plan it says until when, and not that everything was done."""
    item = one("Task Name,Start Date,Finish Date\nPay,2026-11-01,2026-11-30")
    assert (item.finished, item.fields["due"]) == (None, date(2026, 11, 30))


# --- who -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        (
            "Title,Issue ID,URL,Confidential,Assignee,Assignee Username\n"
            'Pay,7,,No,"Ada Park, Bo Lin","ada1, bo"',
            "Ada Park <ada1>",
        ),
        ("Title\tURL\tAssignees\tStatus\nPay\t\tada, bo\tTodo", "ada"),
        ('ID,Title,Estimate Pts.,Owner\nB-1,Pay,5,"Ada Park, Bo Lin"', "Ada Park"),
        ('Card ID,Card Name,Members\nx,Pay,"Ada (ada1), Bo (bo)"', "Ada <ada1>"),
        ('Task ID,Name,Assignee,Assignee Email\n1,Pay,"Park, Ada",ada@x.y', "Park, Ada <ada@x.y>"),
    ],
)
def test_the_first_of_several_owners_is_asked(text: str, owner: str) -> None:
    assert one(text).owner == owner


@pytest.mark.parametrize("cell", ["Ada Park, Bo Lin", "Park, Ada", "Ada Park"])
def test_a_comma_stands_between_people_or_between_two_names(cell: str) -> None:
    assert Owners({"U1": "Ada Park", "U2": "Cy Twombly"}, {}).sure(written(cell)) == "U1"


# --- what it belongs to ----------------------------------------------------------------------


def test_a_parent_named_by_its_title_is_found_without_any_key() -> None:
    """Notion names it so, and writes an address behind it."""
    pay, accounts = items_of(
        "Name,Parent item\nPay,Accounts (https://www.notion.so/Accounts-1f?pvs=21)\nAccounts,\n"
    )
    assert (pay.part_of, accounts.part_of) == (by_its_title("Accounts"), "")


def test_what_blocks_an_item_may_be_named_by_titles() -> None:
    item = items_of(
        "Task ID,Name,Blocked By (Dependencies)\n"
        '1,Pay,"Owe, and so on,Bill,Elsewhere"\n2,"Owe, and so on",\n3,Bill,\n'
    )[0]
    assert item.blocked_by == ("Owe", "and so on", "3", "Elsewhere")
    assert items_of('Task ID,Name,Blocked By\n1,Pay,"Owe, later"\n2,"Owe, later",\n')[
        0
    ].blocked_by == ("2",)


# --- where -----------------------------------------------------------------------------------


def test_an_address_for_programs_is_shown_to_nobody() -> None:
    issue = {
        "url": "https://api.github.com/repos/o/r/issues/7",
        "html_url": "https://github.com/o/r/issues/7",
        "number": 7,
        "title": "Pay",
    }
    item = one(json.dumps([issue]))
    assert (item.source, item.link) == ("github:o/r", "https://github.com/o/r/issues/7")
    azure = {
        "fields": {"System.Title": "Pay", "System.WorkItemType": "Bug"},
        "url": "https://dev.azure.com/o/_apis/wit/workItems/7",
    }
    assert one(json.dumps({"value": [azure]})).link == ""


@pytest.mark.parametrize("cell", ["3 SP", "3 pts", "3 points", "3pt", "3 story points", "3 Punkte"])
def test_a_unit_behind_points_is_only_writing(cell: str) -> None:
    assert one(f"title,points\nPay,{cell}").fields["points"] == 3


def test_an_id_beside_a_key_is_what_never_changes() -> None:
    """Linear's API tells both; people know the key."""
    issue = {
        "id": "9cfb",
        "identifier": "PAY-1",
        "title": "Pay",
        "priorityLabel": "High",
        "state": {"name": "Done"},
    }
    item = one(json.dumps({"data": {"issues": {"nodes": [issue]}}}))
    assert (item.source, item.id, item.key) == ("linear", "9cfb", "PAY-1")


# --- which of several columns ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("ID,Summary,Estimation,Story points,State\nP-1,Pay,1d 4h,3,Open", 3),
        ("Title\tURL\tAssignees\tStatus\tSize\tEstimate\nPay\t\tada\tTodo\tM\t3", 3),
        ("title,points,estimate\nPay,?,3", None),
    ],
)
def test_of_several_columns_the_likelier_is_read_and_then_the_next(
    text: str, points: int | None
) -> None:
    assert one(text).fields["points"] == points


def test_what_a_defect_of_rally_is_called_does_not_tell_where_it_is() -> None:
    item = one("Formatted ID,Name,State,Schedule State\nDE1,Broken,Open,Accepted")
    assert item.state == "Accepted"


def test_who_works_on_an_item_owns_it_where_another_wrote_it() -> None:
    assert one("ref,subject,owner,assigned_to,status\n7,Pay,bo,ada,New").owner == "ada"


@pytest.mark.parametrize(
    ("text", "key", "owner"),
    [
        (
            "Aufgaben-ID;Aufgabenname;Status;Zugewiesen an;Fälligkeitsdatum;Beschriftungen\n"
            "x1;Pay;Nicht begonnen;Ada;30.11.2026;api",
            *("x1", "Ada"),
        ),
        ("番号,タスク名,担当者,状態,期限日\n1,Pay,Ada,未着手,2026/11/30", "1", "Ada"),
        ("Story ID,Story Name,State,Owner,Due\n101,Pay,1 - New,Ada,11/30/2026", "101", "Ada"),
        ("Title,Responsible,ETA,Status\nPay,Ada,Mon 30/11/2026,New", "", "Ada"),
        (
            "ID;Type d'élément de travail;Titre;Affecté à;État;Due Date\n"
            "12;Bug;Pay;Ada;New;30/11/2026",
            *("12", "Ada"),
        ),
    ],
)
def test_more_tables_are_read_by_their_names(text: str, key: str, owner: str) -> None:
    file = read_file(text, "UTC")
    (item,) = items_of(file)
    state = Words(file.tool, Owners({}, {})).state(item)
    assert (item.title, item.key, item.owner) == ("Pay", key, owner)
    assert item.fields["due"] == date(2026, 11, 30)
    assert (state and state.ours, state and state.sure) == ("captured", True)
