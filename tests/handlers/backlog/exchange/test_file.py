"""Reading a file: the words of other tools, and every mistake named with its line."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.backlog.exchange.file import ROWS_MAX, as_csv, as_json, read_file
from handlers.backlog.exchange.row import Row, Step


def one(text: str) -> Row:
    reading = read_file(text)
    assert not reading.problems
    (row,) = reading.rows
    return row


def wrong(text: str) -> list[tuple[int, str]]:
    reading = read_file(text)
    assert not reading.rows, "a file with a mistake brings nothing in"
    return [(problem.line, problem.words) for problem in reading.problems]


def test_a_trackers_own_words_are_understood() -> None:
    row = one(
        "Issue key,Summary,Issue Type,Status,Story Points,Assignee,Labels,Created,Resolved\n"
        'PAY-7,Pay on account,User Story,Done,5.0,Ada,"billing, Debt",'
        "2026-09-01,02/Oct/26 9:30 AM\n"
    )
    assert (row.key, row.title, row.state, row.owner) == (
        "PAY-7",
        "Pay on account",
        "accepted",
        "Ada",
    )
    assert row.fields["kind"] == "story"
    assert row.fields["points"] == 5
    assert row.fields["themes"] == ["billing", "debt"]
    assert row.created == datetime(2026, 9, 1, tzinfo=UTC)
    assert row.history == (Step(datetime(2026, 10, 2, 9, 30, tzinfo=UTC), "accepted"),)


def test_columns_that_are_missing_leave_things_as_they_are() -> None:
    assert dict(one("title\nPay").fields) == {"title": "Pay"}


def test_an_empty_cell_empties_the_field() -> None:
    assert one("title,points,due\nPay,,").fields == {"title": "Pay", "points": None, "due": None}


def test_acceptance_criteria_are_lines_with_ticks() -> None:
    row = one('title,criteria\nPay,"[x] A receipt comes\n- It takes 2 s"\n')
    assert row.fields["criteria"] == [
        {"text": "A receipt comes", "done": True},
        {"text": "It takes 2 s", "done": False},
    ]


def test_a_history_is_told_step_by_step_with_reasons() -> None:
    row = one(
        'title,history\nPay,"2026-09-01 ready\n2026-09-03T10:00+02:00 in review\n'
        '2026-09-04 refining (unclear criteria: which card?)"\n'
    )
    assert [(step.state, step.reason) for step in row.history] == [
        ("ready", ""),
        ("in review", ""),
        ("refining", "unclear criteria: which card?"),
    ]
    assert row.history[1].at == datetime(2026, 9, 3, 8, tzinfo=UTC)


def test_json_says_the_same() -> None:
    row = one(
        json.dumps(
            [
                {
                    "title": "Pay",
                    "points": 5,
                    "themes": ["billing"],
                    "criteria": [{"text": "A receipt", "done": True}, "It takes 2 s"],
                    "history": [{"at": "2026-09-01", "state": "Done"}],
                }
            ]
        )
    )
    assert row.fields["criteria"][0] == {"text": "A receipt", "done": True}
    assert row.history[0].state == "accepted"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "The file is empty"),
        ("name of it,points\nPay,5", 1, "No column is called title"),
        ("title,summary\nPay,Pay", 1, "Two columns mean title"),
        ("title,points\nPay,5\n,3", 3, "title: every item needs one"),
        ("title,points\nPay,2.5", 2, "points: “2.5”. Points are a whole number"),
        ("title,points\nPay,\u0665", 2, "points:"),
        ("title,points\nPay,True", 2, "points:"),
        ("title,points\nPay,1_0", 2, "points:"),
        ("title,points\nPay,1e9", 2, "points:"),
        ("title,due\nPay,2026-02-30", 2, "due: “2026-02-30” is no day"),
        ("title,due\nPay,31.12.2026", 2, "due:"),
        ("title,created\nPay,0001-01-01", 2, "created:"),
        ("title,state\nPay,almost done", 2, "state: “almost done” is unknown"),
        ("title,kind\nPay,wish", 2, "kind:"),
        ("title,level\nPay,company", 2, "level:"),
        ("title,number\nPay,-1", 2, "number:"),
        ("title,number\nPay,0", 2, "number:"),
        ("title,themes\nPay,a/b", 2, "themes:"),
        ("title,job_size\nPay,4", 2, "job_size: “4” is not on the scale"),
        ("title,job_size\nPay,5", 2, "a score needs all of"),
        ("title,history\nPay,yesterday ready", 2, "history: “yesterday” is no day"),
        ("title,history\nPay,2026-09-01 nearly", 2, "history:"),
        ('title,history\nPay,"2026-09-02 ready\n2026-09-01 planned"', 2, "history: a later step"),
        (f"title\n{'x' * 3_001}", 2, "title: 3001 characters"),
        (f"title,description\nPay,{'x' * 3_001}", 2, "description: 3,001 characters"),
        (f"key,title\n{'x' * 201},Pay", 2, "key: 201 characters"),
        ("key,title\nA,Pay\nA,Bill", 3, "key: line 2 has the same one"),
        ("title\nPay\npay", 3, "title: line 2 has the same one"),
        ("title,points\nPay, later,5", 2, "3 cells, but the first line names 2"),
        ('title\n"Pay', 0, "No reader understands this CSV"),
        ("{", 1, "This is no JSON"),
        ("[" * 100_000, 0, "nested too deeply"),
        ('{"a": 1}', 0, "Write a list of items"),
        ("[1]", 1, "Each item is an object"),
        ('[{"title": {"a": 1}}]', 1, "title: a text or a number"),
        ('[{"title": "Pay", "points": true}]', 1, "points: neither true nor false"),
        ('[{"title": "Pay", "history": ["ready"]}]', 1, "history: a step is"),
        ('[{"title": "Pay", "criteria": [4]}]', 1, "criteria: one is"),
        ('[{"title": "\\u0000\\u200b"}]', 1, "title: every item needs one"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, words: str) -> None:
    problems = wrong(text)
    assert problems[0][0] == line
    assert words in problems[0][1]


def test_all_mistakes_are_named_at_once() -> None:
    """Nobody likes to mend a file ten times."""
    assert [line for line, _ in wrong("title,points\nPay,x\nBill,5\n,y")] == [2, 4, 4]


def test_a_file_too_long_is_refused_in_a_sentence() -> None:
    text = "title\n" + "\n".join(f"Item {place}" for place in range(ROWS_MAX + 1))
    assert wrong(text) == [(0, "2,001 items; at most 2,000 at once. Split the file.")]


def test_columns_nobody_knows_are_told() -> None:
    assert read_file("title,Sprint\nPay,4").unused == ("sprint",)


@given(st.text(max_size=200))
@example(",")
@example("\x0c")
def test_whatever_is_pasted_never_breaks_the_reader(text: str) -> None:
    read_file(text)
    read_file(f"title,points,history\n{text}")
    read_file(f'[{{"title": {json.dumps(text)}}}]')


def test_both_formats_tell_the_same() -> None:
    row = {
        "key": "PAY-7",
        "title": "=Pay",
        "state": "dropped",
        "criteria": [{"text": "+ A receipt", "done": True}],
        "themes": ["billing"],
        "created": "2026-09-01T00:00:00Z",
        "history": [{"at": "2026-09-02T00:00:00Z", "state": "dropped", "reason": "duplicate"}],
    }
    from_csv, from_json = one(as_csv([row])), one(as_json([row]))
    assert from_csv.title == from_json.title == "=Pay"
    assert from_csv.history == from_json.history
    assert from_csv.fields["criteria"] == from_json.fields["criteria"]
