"""Exports in more languages, and tables as people copy them out of boards, wikis and shells."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.sources.files import NoTitles, read_file
from handlers.sources.keys import by_its_title
from handlers.sources.owners import Owners
from handlers.sources.words import Words
from tests.handlers.sources.exports import items_of, one

JIRA = {
    "pt": """Resumo,Chave da item,ID da item,Tipo de item,Status,Responsável,Criado,\
Campo personalizado (Story Points)
Pagar,PAY-1,10001,História,Em andamento,Ada,04/11/2026 9:12,"2,5"
""",
    "it": """Riepilogo,Chiave ticket,ID ticket,Tipo di ticket,Stato,Assegnatario,Creato,\
Campo personalizzato (Story Points)
Pagare,PAY-1,10001,Storia,In corso,Ada,2026-11-04 09:12,"2,5"
""",
    "nl": """Samenvatting,Issuesleutel,Issue-ID,Issuetype,Status,Uitvoerder,Gemaakt,\
Aangepast veld (Story Points)
Betalen,PAY-1,10001,Verhaal,Bezig,Ada,2026-11-04 09:12,"2,5"
""",
    "ja": """要約,課題キー,課題 ID,課題タイプ,ステータス,担当者,作成日,\
カスタムフィールド (Story Points)
支払う,PAY-1,10001,ストーリー,進行中,Ada,2026/11/04 9:12,2.5
""",
    "copied": """T\tKey\tSummary\tAssignee\tStatus\tStory Points\tCreated
Story\tPAY-1\tPay\tAda\tIn Progress\t2.5\t2026-11-04 09:12
""",
}
JIRA_DE = """Zusammenfassung;Vorgangsschlüssel;Vorgangs-ID;Status;Statuskategorie;\
Benutzerdefinierte Felder (Epos-Verknüpfung)
Zahlen;PAY-1;10001;Beim Kunden;In Progress;PAY-9
"""
AZURE_DE = """ID;Arbeitselementtyp;Titel;Zugewiesen zu;Zustand;Story Points;Übergeordnet
12;User Story;Zahlen;Ada <ada@x.y>;Aktiv;3;9
"""
GITHUB_BOARD = """Title\tURL\tAssignees\tStatus\tEstimate
Pay\thttps://github.com/O/r/issues/7\tada, bo\tIn Progress\t3
A draft\t\t\tTodo\t
"""
GH_JSON_AS_CSV = """number,title,state,createdAt,closedAt,url
7,Pay,CLOSED,2026-11-04T09:12:33Z,2026-11-05T09:12:33Z,https://github.com/o/r/issues/7
"""
GH_LIST = """7\tOPEN\tPay\tapi, tech debt\t2026-11-04T09:12:33Z
8\tCLOSED\tOwe\t\t2026-11-05T09:12:33Z
"""
PLANNER = """Task ID,Task Name,Bucket Name,Progress,Assigned To,Due Date,Completed Date
ab1,Pay,Doing,In progress,Ada,11/30/2026,
"""
MONDAY = """Item ID (auto generated),Name,Person,Status,Timeline - Start,Timeline - End
123,Pay,Ada,Done,2026-11-04,2026-11-30
"""
ASANA = """Task ID,Name,Completed At,Blocked By (Dependencies)
1201,Pay,,Owe
1202,Owe,2026-11-14,
"""
EXCEL = """sep=;
Nr.;Titel;Status;Aufwand;Verantwortlich;Fällig am
1;Zahlen;offen;3;Ada;30.11.2026
"""
AHA = """Feature reference #,Feature name,Feature status,Assigned to user,Feature due date
PAY-12,Pay,In development,Ada,2026-11-30
"""
SHEET = "Item\tOwner\tProgress\tSize\tFinish\nPay\tAda\tDone\t3\t11/30/2026\n"


@pytest.mark.parametrize("language", JIRA)
def test_jira_is_read_in_the_language_of_whoever_exports(language: str) -> None:
    file = read_file(JIRA[language], "UTC")
    item = items_of(file)[0]
    state = Words(file.tool, Owners({}, {})).state(item)
    assert (item.source, item.key, item.owner) == ("jira", "PAY-1", "Ada")
    assert item.fields["points"] == 2.5
    assert item.created == datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
    assert state is not None
    assert (state.ours, state.sure) == ("in progress", True)


def test_jiras_epic_and_category_are_found_in_german() -> None:
    item = one(JIRA_DE)
    assert (item.part_of, item.category) == ("PAY-9", "In Progress")


def test_azure_is_read_in_german() -> None:
    item = one(AZURE_DE)
    assert (item.source, item.key, item.part_of) == ("azure", "12", "9")
    assert (item.kind, item.owner) == ("User Story", "Ada <ada@x.y>")


def test_a_board_of_github_names_its_issues_by_their_addresses() -> None:
    """So they are the same items as in any other export of the repository."""
    pay, draft = items_of(GITHUB_BOARD)
    assert (pay.source, pay.key, pay.fields["points"]) == ("github:o/r", "7", 3)
    assert (draft.key, draft.title) == ("", "A draft")


def test_names_in_one_word_with_capitals_are_the_same_names() -> None:
    item = one(GH_JSON_AS_CSV)
    assert item.created == datetime(2026, 11, 4, 9, 12, 33, tzinfo=UTC)
    assert item.finished == datetime(2026, 11, 5, 9, 12, 33, tzinfo=UTC)


def test_a_list_of_gh_has_no_names_and_numbers_of_nobody_knows_which_repository() -> None:
    pay, owe = items_of(GH_LIST)
    assert (pay.title, pay.state, pay.key) == ("Pay", "OPEN", "")
    assert (pay.fields["themes"], owe.state) == (["api", "tech-debt"], "CLOSED")


@pytest.mark.parametrize(
    ("text", "key", "state", "due"),
    [
        (PLANNER, "ab1", "In progress", date(2026, 11, 30)),
        (MONDAY, "123", "Done", date(2026, 11, 30)),
        (EXCEL, "1", "offen", date(2026, 11, 30)),
        (AHA, "PAY-12", "In development", date(2026, 11, 30)),
        (SHEET, "", "Done", date(2026, 11, 30)),
    ],
)
def test_tables_of_other_names_are_read(text: str, key: str, state: str, due: date) -> None:
    item = one(text)
    assert (item.key, item.state, item.owner) == (key, state, "Ada")
    assert item.fields["due"] == due


def test_what_asana_waits_for_is_a_dependency() -> None:
    assert items_of(ASANA)[0].blocked_by == ("1202",)


def test_a_spreadsheets_way_to_write_a_number_is_that_number() -> None:
    assert one("Key,Title,Points\nA,Pay,3.00E+00").fields["points"] == 3


# --- lists and tables out of wikis -----------------------------------------------------------


def test_a_wikis_table_keeps_its_columns() -> None:
    """Its names have two bars between them, its cells one: the points are no titles."""
    item = items_of("||Title||Points||Owner||\n|Pay|3|Ada|\n|Owe|5|Bo|\n")[0]
    assert (item.title, item.fields["points"], item.owner) == ("Pay", 3, "Ada")


def test_a_cell_of_markdown_is_what_a_reader_sees() -> None:
    row = "| [PAY-1](https://j.example/browse/PAY-1) | **Pay invoices** | 3 |"
    item = one(f"| Key | Title | SP |\n|:--|:--|--:|\n{row}\n")
    assert (item.key, item.title) == ("PAY-1", "Pay invoices")


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] Pay\n- [x] Owe\n",
        "☐ Pay\n☑ Owe",
        "Sprint goals:\n* [ ] Pay\n* [X] Owe",
        "# Goals\n1. [ ] Pay\n2. [x] Owe",
    ],
)
def test_what_is_ticked_in_a_checklist_is_done(text: str) -> None:
    assert [(item.title, item.state) for item in items_of(text)] == [
        ("Pay", "to do"),
        ("Owe", "done"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Pay all invoices\nOwe less\n",
        "Pay all invoices\n\nOwe less",
        "List:\n- Pay all invoices\n- Owe less",
    ],
)
def test_a_sentence_a_line_is_a_list(text: str) -> None:
    assert [item.title for item in items_of(text)] == ["Pay all invoices", "Owe less"]


def test_one_column_of_an_unknown_name_is_asked_about() -> None:
    with pytest.raises(NoTitles):
        read_file("Aufgabe\nZahlen\n", "UTC")


RETRO = """Sprint 21 retro

Went well
- Pairing (+3)
- Fewer bugs

To improve, at last:
- Slow builds
"""


def test_what_stands_over_parts_of_a_list_is_a_column_of_its_own() -> None:
    """Boards of retros are copied so; which part an item is from is asked about, and not lost."""
    file = read_file(RETRO, "UTC")
    assert [item.title for item in items_of(file)] == ["Pairing (+3)", "Fewer bugs", "Slow builds"]
    assert file.unread == {"heading": 3}
    chosen = read_file(RETRO, "UTC", {"heading": "state"})
    assert [item.state for item in items_of(chosen)] == [
        *("Went well", "Went well", "To improve, at last"),
    ]


def test_an_item_of_a_list_may_go_on_in_the_next_line() -> None:
    assert [item.title for item in items_of("- Pay\n  as agreed\n- Owe")] == [
        "Pay as agreed",
        "Owe",
    ]


@pytest.mark.parametrize(
    "text", ["1. Pay\n   1.1 Owe\n2. Bill", "• Pay\n    ◦ Owe\n• Bill", "* Pay\n  - Owe\n* Bill"]
)
def test_what_is_below_an_item_of_a_list_is_an_item(text: str) -> None:
    assert [item.title for item in items_of(text)] == ["Pay", "Owe", "Bill"]


def test_cells_that_begin_with_a_dash_are_no_list() -> None:
    item = items_of("title,points\n- Pay,3\n- Owe,5\n")[0]
    assert (item.title, item.fields["points"]) == ("- Pay", 3)


# --- hurried spreadsheets --------------------------------------------------------------------


@pytest.mark.parametrize(
    "above",
    [
        "Export,Payments,by Ada,24/11/2026\n,,,\n",
        "Plan name,Payments\nPlan ID,abc\nDate of export,11/24/2026\n\n",
        "Backlog\n\n\n",
        "\n,,,\n",
    ],
)
def test_names_of_columns_are_found_below_whatever_stands_above(above: str) -> None:
    items = items_of(f"{above}ID,Title,Status,Owner\n1,Pay,To do,Ada\n2,Owe,Done,Bo\n")
    assert [(item.key, item.title, item.owner) for item in items] == [
        ("1", "Pay", "Ada"),
        ("2", "Owe", "Bo"),
    ]


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ('"=HYPERLINK(""https://x.example/1"",""Pay """"now"""""")"', 'Pay "now"'),
        ('"=HYPERLINK(""https://x.example/1"";""Pay"")"', "Pay"),
        ('"=""00123"""', "00123"),
        ('"=SUM(A1)"', "=SUM(A1)"),
        ("'=cmd", "=cmd"),
    ],
)
def test_a_formula_that_holds_words_is_those_words(cell: str, title: str) -> None:
    assert one(f"title,state\n{cell},done").title == title


def test_a_comma_parts_nothing_where_there_is_one_column() -> None:
    assert [item.title for item in items_of("title\nPay, then go\nOwe\n")] == [
        "Pay, then go",
        "Owe",
    ]


def test_parts_of_an_item_of_monday_are_items_under_names_of_their_own() -> None:
    """They have other columns, in another order, and belong to the item above them."""
    file = read_file(
        'Name,Subitems,Person,Status,SP\nPay,"Form, Button",Ada,Working on it,5\n'
        "Subitems,Name,Status,Owner,Effort spent\n,Form,Done,Bo,3\n,Button,,,\n"
        "Owe,,Ada,Done,2\n\nNext week\nName,Subitems,Person,Status,SP\nPay late,,,Done,1\n",
        "UTC",
    )
    items = items_of(file)
    pay = by_its_title("Pay")
    assert [item.title for item in items] == ["Pay", "Form", "Button", "Owe", "Pay late"]
    assert [item.part_of for item in items] == ["", pay, pay, "", ""]
    assert [item.state for item in items] == ["Working on it", "Done", None, "Done", "Done"]
    assert [item.owner for item in items] == ["Ada", "Bo", "", "Ada", ""]
    assert file.unread == {"Subitems": 1, "Effort spent": 1}


def test_parts_of_an_item_of_monday_name_it_by_its_id() -> None:
    head = "Name,Status,Item ID (auto generated)"
    parts = "Subitems,Name,Item ID (auto generated)\n,Form,21\n"
    items = items_of(f"{head}\nPay,Done,7\n{parts}Pay,Done,8\n{parts.replace('21', '22')}")
    assert [(item.key, item.part_of) for item in items] == [
        *(("7", ""), ("21", "7"), ("8", ""), ("22", "8")),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2026年11月4日",
            "2026. 11. 4.",
            "1793750400",
            "4 nov. 2026 à 00:00",
            "04.11.26 0:00 Uhr",
        ),
        *("04/11/2026 12:00 a. m.", "4. November 2026 um 00:00"),
    ],
)
def test_days_of_more_countries_are_read(cell: str) -> None:
    assert one(f"title,created\nPay,{cell}").created == datetime(2026, 11, 4, tzinfo=UTC)
