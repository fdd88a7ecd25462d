"""A team hands a file over: in a form or in the chat, short or long, and nothing of it is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.cards import Choice
from bot.router import Router
from bot.turn import Command, Document
from bot.worker import Worker
from handlers import FEATURES
from handlers.backlog.exchange.looking import AT_ONCE_BYTES
from handlers.sources.rows import PACKED_ROWS
from tests.handlers.sources.exports import text_of, workbook
from tests.hone import Hone, Someone

JIRA = Document("jira.csv", text_of("jira.csv").encode())


def long_file(rows: int = 3_000, more: str = "") -> Document:
    lines = [f"PAY-{n},Item {n} of a long backlog,To Do,Ada,{n % 9}" for n in range(rows)]
    text = "\n".join(("Issue key,Summary,Status,Assignee,Story Points", *lines))
    assert len(text) > AT_ONCE_BYTES
    return Document("long.csv", (text + more).encode())


def chat_of(hone: Hone, who: str = "ada") -> str:
    return hone.last(f"dm-{who}")


async def test_a_file_in_the_form_is_read_like_pasted_rows(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("backlog import")
    await ada.fills({}, documents=(JIRA,))
    assert ada.form is not None
    assert ada.form.title == "What does it mean?"
    await ada.fills({})
    await ada.fills({})
    assert "Imported into refinement: 6 new" in ada.told


async def test_a_file_in_the_chat_becomes_a_card_that_leads_on(hone: Hone) -> None:
    """Nobody should have to find the form first: people drop files where they talk."""
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    await ada.sends(JIRA, words="our Jira export")
    assert "6 new, 0 changed" in chat_of(hone)
    assert "Nothing has been imported yet." in chat_of(hone)
    await ada.clicks("Explain 6 words")
    await ada.fills({})
    await ada.fills({})
    assert "Imported into refinement: 6 new" in chat_of(hone), "the card tells what came of it"
    await ada.sends(JIRA)
    assert "Nothing to import: all of it is here already." in chat_of(hone)


async def test_a_file_may_be_left(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    await ada.sends(JIRA)
    await ada.clicks("Leave it")
    assert "Nothing was imported" in chat_of(hone)
    await ada.says("backlog")
    assert "is empty" in ada.told


async def test_a_later_file_takes_the_place_of_one_that_nobody_agreed_to(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    await ada.sends(JIRA)
    first = hone.channel("dm-ada")[-1]
    await ada.sends(Document("b.csv", b"title\nPay by card"))
    assert "the file was left out" in first.text
    await ada.clicks("Check and import")
    await ada.fills({})
    assert "1 new" in chat_of(hone)


async def test_a_long_file_is_read_behind_everything_else(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("backlog import")
    hone.rings_at_once = False
    await ada.fills({}, documents=(long_file(),))
    assert "go on with you in our chat" in ada.told
    assert "Reading your file for refinement" in chat_of(hone)
    await hone.wait(seconds=1)
    assert "3,000 new, 0 changed" in chat_of(hone)
    chat = ada.alone()
    await chat.clicks("Check and import")
    await chat.fills({})
    assert "Bringing in 3,000 items." in chat.told
    await hone.wait(seconds=1)
    assert "Imported into refinement: 3,000 new" in chat_of(hone)


async def test_whoever_takes_over_goes_on_with_a_long_file(hone: Hone) -> None:
    """Neither the look nor the import may begin with the process, and end with it."""
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    await ada.sends(long_file())
    await rung_by_another(hone)
    assert "3,000 new, 0 changed" in chat_of(hone)
    await ada.clicks("Check and import")
    await ada.fills({})
    await rung_by_another(hone)
    assert "Imported into refinement: 3,000 new" in chat_of(hone)


async def rung_by_another(hone: Hone) -> None:
    """Let a worker do what is due that has nothing of the first one's memory."""
    hone.now += timedelta(seconds=1)
    router = Router(FEATURES, hone.database)
    worker = Worker(router, hone.database, hone.outbox, lambda: hone.now)
    while await worker.ring_due():
        pass
    await hone.settle()


async def test_a_long_file_asks_what_it_has_to_ask_and_looks_again(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    await ada.sends(long_file(more="\nPAY-X,One more,Parked,Grace,1"))
    await hone.wait(seconds=1)
    await ada.clicks("Explain 2 words")
    assert ada.form is not None
    await ada.fills({"states.0": "dropped"})
    assert "I look at it again" in ada.told
    assert "Reading your file" in chat_of(hone)
    await hone.wait(seconds=1)
    await ada.clicks("Check and import")
    await ada.fills({})
    await hone.wait(seconds=1)
    await ada.says("backlog #3001")
    assert "State: dropped" in ada.told


async def test_a_long_file_that_is_no_table_says_so(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    await ada.sends(long_file(more='\n"PAY'))
    await hone.wait(seconds=1)
    assert (
        "Nothing was imported into refinement. A text in quotes begins and never ends"
        in chat_of(hone)
    )


async def test_a_long_file_without_titles_asks_for_their_column(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    rows = "\n".join(f"Zahlen {n},5" for n in range(12_000))
    await ada.sends(Document("eigene.csv", f"Aufgabe,Punkte\n{rows}".encode()))
    await hone.wait(seconds=1)
    await ada.clicks("Say which column is what")
    await ada.fills({"column.points": "1"})
    assert ada.errors == {"column.title": "An item needs a title. Please choose its column."}
    await ada.fills({"column.title": "0", "column.points": "1"})
    await hone.wait(seconds=1)
    assert "12,000 new" in chat_of(hone)


async def test_what_cannot_be_had_or_read_says_what_to_do(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("backlog import")
    for document, sentence in (
        (Document("a.csv", trouble="“a.csv” did not arrive in time."), "did not arrive"),
        (Document("a.xlsx", b"PK\x03\x04..."), "Save it there as “CSV UTF-8”"),
        (Document("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\r"), "That is no text file."),
        (Document("a.csv", b""), "The file is empty."),
    ):
        await ada.fills({}, documents=(document,))
        assert sentence in ada.errors["file"]
    await ada.fills({"rows0": "title\nPay"}, documents=(JIRA,))
    assert ada.errors == {"file": "A file, or rows: please send one of them."}
    await ada.fills({"rows0": "title\nPay"})
    assert ada.form is not None, "the rows were kept"


async def test_a_workbook_is_read_behind_everything_else(hone: Hone) -> None:
    """Nobody knows what a zip unpacks to; a turn that others wait for is no place to find out."""
    ada = hone.person("Ada")
    await ada.says("backlog")
    empty = Document("a.xlsx", workbook((("Title",),)))
    await ada.sends(empty)
    await hone.wait(seconds=1)
    assert "The file is empty." in chat_of(hone)
    table = Document("b.xlsx", workbook((("Title", "Effort"), ("Pay by card", 2.5))))
    await ada.sends(table)
    await hone.wait(seconds=1)
    assert "1 new, 0 changed, 0 as they are." in chat_of(hone)


async def test_two_files_at_once_are_one_after_the_other(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    await ada.sends(Document("a.csv", b"title\nPay"), Document("b.csv", b"title\nBill"))
    assert "I take one file at a time: a.csv first." in ada.told


async def test_a_file_beside_other_words_in_a_channel_is_no_backlog(hone: Hone) -> None:
    """`@Hone improve Deploys fail, see the numbers` may well have a table beside it."""
    ada = hone.person("Ada")
    said = Command("improve", "Deploys fail too often")
    await ada.acts(said, documents=(Document("a.csv", b"n\n1"),))
    assert "Deploys fail too often" in f"{ada.told} {hone.last()}"
    assert "I did not read your file. Send it with “backlog import” to bring it in." in ada.told
    await ada.sends(Document("a.csv", b"n\n1"), words="we keep waiting for test data")
    assert "I did not read your file." in ada.told
    said = Command("backlog", "import")
    await ada.acts(said, documents=(Document("a.csv", b"title\nOwe"),))
    assert "I did not read" not in ada.told
    await ada.sends(Document("a.csv", b"title\nPay"))
    assert "see our chat" in ada.told


async def words_new_to_hone(ada: Someone, count: int) -> None:
    rows = "\n".join(f"Item {n},Odd {n}" for n in range(count))
    await ada.says("backlog import")
    await ada.fills({"rows0": f"title,state\n{rows}"})


async def test_more_unknown_words_than_a_form_takes_are_asked_about_one_form_after_another(
    hone: Hone,
) -> None:
    ada = hone.person("Ada")
    await words_new_to_hone(ada, 30)
    forms = 0
    while ada.form and ada.form.title == "What does it mean?":
        forms += 1
        await ada.fills(
            {field.id: "ready" for field in ada.form.fields if isinstance(field, Choice)}
        )
    assert forms == 3
    await ada.fills({})
    await hone.wait(seconds=1)
    await ada.says("backlog ready")
    assert "30 ready" in ada.told


async def test_the_rest_may_be_guessed(hone: Hone) -> None:
    ada = hone.person("Ada")
    await words_new_to_hone(ada, 30)
    await ada.fills({}, press="Guess the rest")
    assert ada.form is not None
    assert ada.form.title == "Import: is this right?"


async def test_a_form_of_an_earlier_look_asks_anew(hone: Hone) -> None:
    """Its places would stand for other words by now."""
    ada = hone.person("Ada")
    await words_new_to_hone(ada, 14)
    earlier = ada.form
    await ada.fills({f"states.{n}": "ready" for n in range(12)})
    ada.form = earlier
    await ada.fills({"states.0": "dropped"})
    assert ada.form is not None
    assert ada.form.title == "What does it mean?"
    await ada.fills({})
    await ada.fills({})
    await ada.says("backlog ready")
    assert "12" in ada.told


async def test_all_that_was_noted_can_be_read_after_the_import(hone: Hone) -> None:
    """What a file lost is no use in five lines of seven."""
    ada = hone.person("Ada")
    await ada.says("backlog import")
    rows = "\n".join(f"Item {n},lots,32.13.2026,soon,then,some,?" for n in range(3))
    await ada.fills({"rows0": f"title,points,due,created,updated,accepted,dropped\n{rows}"})
    await ada.fills({})
    await ada.clicks("All 6 notes")
    assert ada.told.count("Left out.") == 6


async def test_what_is_restricted_by_now_loses_its_words_here(hone: Hone) -> None:
    """Whoever may not read it there could go on reading it here."""
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    columns = "Issue key,Issue id,Summary,Description,Security Level"
    both = f"{columns}\nPAY-1,1,Salaries of all,Secret,%s\nPAY-2,2,Pay by card,,"
    await ada.sends(Document("a.csv", (both % "").encode()))
    await ada.clicks("Check and import")
    await ada.fills({})
    await ada.sends(Document("a.csv", (both % "Board only").encode()))
    await ada.clicks("Check and import")
    assert "1 item restricted in Jira by now: its title and text go here, too." in str(ada.form)
    await ada.fills({})
    await ada.says("backlog #1")
    assert "PAY-1: restricted in Jira" in ada.told
    assert "Salaries" not in ada.told
    assert "Secret" not in ada.told
    await ada.sends(Document("a.csv", (both % "Board only").encode()))
    assert "Nothing to import" in chat_of(hone), "twice is once"
    await ada.sends(Document("a.csv", (both % "").encode()))
    await ada.clicks("Check and import")
    await ada.fills({})
    await ada.says("backlog #1")
    assert "Salaries of all" in ada.told, "it is shown there again"


async def test_a_file_of_restricted_items_alone_still_takes_their_words(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    row = "Issue key,Issue id,Summary,Security Level\nPAY-1,1,Salaries,%s"
    for level in ("", "Board only"):
        await ada.sends(Document("a.csv", (row % level).encode()))
        await ada.clicks("Check and import")
        await ada.fills({})
    await ada.says("backlog #1")
    assert "Salaries" not in ada.told


async def test_a_long_look_asks_the_database_for_a_little_at_a_time(hone: Hone) -> None:
    """One read for all of a file ends at the database's deadline, and the look begins anew."""
    ada = hone.person("Ada").alone()
    await hone.person("Ada").says("backlog")
    hone.rings_at_once = False
    await ada.sends(long_file())
    begun, read = 0, hone.database.read

    def counted(*where: Any, **how: Any) -> Any:
        nonlocal begun
        begun += how.get("patient", False)
        return read(*where, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hone.database, "read", counted)
        await hone.wait(seconds=1)
    assert "3,000 new, 0 changed" in chat_of(hone)
    assert begun > 3_000 / PACKED_ROWS
