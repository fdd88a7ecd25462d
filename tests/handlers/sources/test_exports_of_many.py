"""Exports as many tools, countries and hurried people write them, in a few rows each."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from handlers.sources.decoding import NoText, text_of
from handlers.sources.files import read_file
from handlers.sources.owners import Owners
from handlers.sources.rules import Unread
from handlers.sources.sheet import Unreadable
from handlers.sources.words import Words
from tests.handlers.sources.exports import items_of, one

JIRA_FR = """Résumé,Clé de ticket,ID de ticket,État,Responsable,Création,\
Champs personnalisés (Story Points)
Payer,PAY-1,10001,En cours,Ada,04/nov./26 9:12 AM,"2,5"
"""
JIRA_ES = """Resumen,Clave de incidencia,ID de incidencia,Estado,Persona asignada,\
Campo personalizado (Story Points)
Pagar,PAY-1,10001,Hecho,Ada,"2,5"
"""
JIRA_DE = """Zusammenfassung;Vorgangsschlüssel;Vorgangs-ID;Status;Zugewiesene Person;\
Übergeordnet;Story Points
Zahlen;PAY-1;10001;In Arbeit;Ada;PAY-9;2,5
"""
REDMINE_DE = """#;Tracker;Status;Thema;Zugewiesen an;Angelegt;Privat
7;Fehler;Geschlossen;Zahlen;Ada;03.11.2026 09:12;Nein
"""
ASANA = """Task ID,Created At,Completed At,Last Modified,Name,Assignee,Parent task
1201,2026-11-04,2026-11-14,2026-11-14,Pay,Ada,
1202,2026-11-04,,2026-11-14,Owe,,Pay
"""
CLICKUP = """Task ID,Task Name,Status,Date Created,Parent ID,Assignees,Tags,Sprint Points
86a1,Pay,in progress,1730711553000,null,"[Ada,Bo]",[a b],3
86a2,Owe,Closed,1730711553000,86a1,[],[],
"""
MONDAY = """Sprint board

This week
Name,Owner,Status,Due date,Estimated SP,Item ID
Pay,Ada,Working on it,2026-11-30,3,123

Next week
Name,Owner,Status,Due date,Estimated SP,Item ID
Owe,,Done,,,124
"""
NOTION = """Task name,Status,Assign,Due,Last edited time
Pay,Not started,Ada,"November 1, 2026 → November 30, 2026","November 14, 2026 9:12 AM"
"""
PIVOTAL = """Id,Title,Estimate,Current State,Accepted at,Owned By,Owned By
1001,Pay,3,accepted,"Nov 9, 2026",Ada,Bo
"""
SHORTCUT = """id,name,owners,created_at,estimate,state,epic,is_archived,app_url
12,Pay,ada@x.y;bo@x.y,2026/11/04 09:12:33,3,In Development,Checkout,false,https://app.shortcut.com/x/12
"""
YOUTRACK = """Issue Id,Summary,Created,State,Assignee,Story points
PAY-1,Pay,2026-11-04 09:12,In Progress,Ada,3
"""
PLANVIEW = """Work Item ID,Work Item Title,Card Type,Planned Finish,Card Size,Assigned Users
77,Pay,Story,2026-11-30,3,Ada
"""
AMERICAN = """Task ID,Task Name,Assigned To,Created Date,Due date
A1,Pay,Ada,11/04/2026,11/30/2026
"""
RALLY = """Formatted ID,Name,Schedule State,Plan Estimate,Owner,Parent,Feature
US12,Pay,Accepted,3.0,Ada,,F3: Checkout
DE4,Broken,In-Progress,1.0,,US12: Pay,
F3,Checkout,Developing,,,,
"""
AGILITY = """ID,Title,Status,Estimate Pts.,Asset Type,OID Token
B-01021,Pay,In Progress,5.00,Story,Story:1021
D-01022,Broken,Done,,,Defect:1022
"""
TRELLO = """Card ID,Card Name,Labels,Members,List Name
65f06ee50000000000000000,Pay,"tech debt (red), api (green_dark)",Ada (ada1),Doing
"""


@pytest.mark.parametrize(
    ("text", "key", "state", "points", "owner"),
    [
        (JIRA_FR, "PAY-1", "in progress", 2.5, "Ada"),
        (JIRA_ES, "PAY-1", "accepted", 2.5, "Ada"),
        (JIRA_DE, "PAY-1", "in progress", 2.5, "Ada"),
        (REDMINE_DE, "7", "accepted", None, "Ada"),
        (ASANA, "1201", "accepted", None, "Ada"),
        (CLICKUP, "86a1", "in progress", 3, "Ada"),
        (MONDAY, "123", "in progress", 3, "Ada"),
        (NOTION, "", "captured", None, "Ada"),
        (PIVOTAL, "1001", "accepted", 3, "Ada"),
        (SHORTCUT, "12", "in progress", 3, "ada@x.y"),
        (YOUTRACK, "PAY-1", "in progress", 3, "Ada"),
        (PLANVIEW, "77", None, 3, "Ada"),
        (AMERICAN, "A1", None, None, "Ada"),
        (RALLY, "US12", "accepted", 3, "Ada"),
        (AGILITY, "B-01021", "in progress", 5, None),
        (TRELLO, "65f06ee50000000000000000", "in progress", None, "Ada <ada1>"),
        (
            "sep=;\r\nTitel;Punkte;Status;Person\r\nZahlen;2,5;Fertig;Ada",
            "",
            "accepted",
            2.5,
            "Ada",
        ),
        (
            "Título;Pontos;Estado;Responsável\nPagar;2,5;Em andamento;Ada",
            "",
            "in progress",
            2.5,
            "Ada",
        ),
        ("Titolo;Punti;Stato;Assegnatario\nPagare;2,5;Fatto;Ada", "", "accepted", 2.5, "Ada"),
        (
            "Titel;Punten;Status;Toegewezen aan\nBetalen;2,5;Bezig;Ada",
            "",
            "in progress",
            2.5,
            "Ada",
        ),
    ],
)
def test_what_a_row_says_is_understood_whoever_wrote_it(
    text: str, key: str, state: str | None, points: float | None, owner: str | None
) -> None:
    file = read_file(text, "UTC")
    item = items_of(file)[0]
    read = Words(file.tool, Owners({}, {})).state(item)
    assert (item.key, read.ours if read else None) == (key, state)
    assert (item.fields.get("points"), item.owner) == (points, owner)


def test_parents_are_found_however_they_are_named() -> None:
    assert [item.part_of for item in items_of(RALLY)] == ["F3", "US12", ""]
    assert [item.part_of for item in items_of(ASANA)] == ["", "1201"]
    assert [item.part_of for item in items_of(CLICKUP)] == ["", "86a1"], "null is nobody"
    assert one(JIRA_DE).part_of == "PAY-9"


def test_a_key_tells_the_kind_where_nothing_else_does() -> None:
    assert [item.kind for item in items_of(RALLY)] == ["User Story", "Defect", "Feature"]
    assert [item.kind for item in items_of(AGILITY)] == ["Story", "Defect"]


def test_labels_and_days_lose_what_is_only_writing() -> None:
    assert one(TRELLO).fields["themes"] == ["tech-debt", "api"]
    assert items_of(CLICKUP)[0].fields["themes"] == ["a", "b"]
    assert items_of(CLICKUP)[0].created == datetime(2024, 11, 4, 9, 12, 33, tzinfo=UTC)
    assert one(NOTION).fields["due"] == date(2026, 11, 30), "of a span its end"


def test_a_column_that_does_not_tell_its_order_follows_the_others() -> None:
    """One program has written them all: 11/30 says that 11/04 is in November."""
    assert one(AMERICAN).created == datetime(2026, 11, 4, tzinfo=UTC)


def test_names_that_stand_again_in_each_group_are_no_items() -> None:
    assert [item.title for item in items_of(MONDAY)] == ["Pay", "Owe"]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ('title,description\nPay,"He said "no" to it"\nOwe,5" pipe', ["Pay", "Owe"]),
        ("title,points\nPay\0,5\nOwe,3", ["Pay", "Owe"]),
        ("title,points\rPay,5\rOwe,3\r", ["Pay", "Owe"]),
        ("| title | points |\n|---|:-:|\n| Pay | 5 |\n| Owe | 3 |", ["Pay", "Owe"]),
        ("- Pay\n- Owe\n", ["Pay", "Owe"]),
        ("1. Pay\n2) Owe", ["Pay", "Owe"]),
        ('{"title": "Pay"}\n{"title": "Owe"}\n', ["Pay", "Owe"]),
        (",title,,points,\n1,Pay,x,5,\n2,Owe,,3,y", ["Pay", "Owe"]),
        ("title\nPay\nOwe", ["Pay", "Owe"]),
        ("Issue key,Summary\nPAY-1,Pay\nPAY-1,Pay\nPAY-2,Owe", ["Pay", "Owe"]),
    ],
)
def test_a_file_that_is_not_quite_right_still_comes_in(text: str, titles: list[str]) -> None:
    items = list(read_file(text_of(text.encode()), "UTC").items(Unread()))
    assert [item.title for item in items] == titles


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b'title,description\nPay,"never closed\nOwe,x\n',
            "A text in quotes begins and never ends",
        ),
        (b"<html><table><tr><td>Key</td></tr></table></html>", "a web page or XML"),
        (b"\0\1\2\3\0\0\0\0title", "no text file"),
    ],
)
def test_what_nobody_can_read_is_said_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises((Unreadable, NoText), match=words):
        read_file(text_of(data), "UTC")


def test_an_answer_of_graphql_is_read_however_deep_its_list_stands() -> None:
    issue = {
        "number": 7,
        "title": "Pay",
        "state": "OPEN",
        "url": "https://github.com/o/r/issues/7",
        "labels": {"nodes": [{"name": "api"}]},
    }
    answer = {"data": {"repository": {"issues": {"nodes": [issue]}}}}
    item = one(json.dumps(answer))
    assert (item.source, item.key, item.fields["themes"]) == ("github:o/r", "7", ["api"])


def test_a_gitlab_issue_is_named_by_its_project_and_number_in_any_export() -> None:
    """Its JSON tells a number of the whole site, too, which no other export has."""
    link = "https://gitlab.com/g/sub/p/-/issues/7"
    answer = [{"id": 9001, "iid": 7, "project_id": 3, "title": "Pay", "web_url": link}]
    item = one(json.dumps(answer))
    assert (item.source, item.id, item.key) == ("gitlab:g/sub/p", "7", "7")
