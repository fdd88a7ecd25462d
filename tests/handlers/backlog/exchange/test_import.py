"""A team brings the backlog it has: seen first, nothing destroyed, and twice is once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cards import Input, Note, plain
from bot.turn import Submission
from handlers.backlog.exchange.actions import BeginImport, ImportRows, TurnExport
from handlers.backlog.exchange.shell import Where, export_text, import_text
from handlers.digest.gather import gather
from storage.tracked import lean_row
from tests.hone import WORKSPACE, Hone, Someone

FILE = """key,title,kind,state,points,owner,criteria,created,history,mood
PAY-1,Pay on account,story,in review,5,Ada,"[x] A receipt comes
[ ] It takes 2 s",2026-10-01,"2026-10-05 ready
2026-10-06 in progress
2026-10-08 in review
2026-10-09 refining (unclear criteria: which card?)
2026-10-20 in review",7
PAY-2,=HYPERLINK(“evil”),improvement,accepted,3,Nobody Known,,2026-10-02,2026-11-02 accepted,7
"""


async def pastes(person: Someone, text: str) -> None:
    await person.says("backlog import")
    await person.fills({"rows0": text})


async def brings(person: Someone, text: str) -> None:
    """Paste, say to each question what is guessed, and yes."""
    await pastes(person, text)
    while person.form is not None:
        assert not person.errors, person.errors
        await person.fills({})


def notes_of(person: Someone) -> str:
    assert person.form is not None
    return "\n".join(
        plain(field.text.spans) for field in person.form.fields if isinstance(field, Note)
    )


async def test_a_backlog_comes_in_after_a_look_at_what_would_happen(hone: Hone) -> None:
    ada = hone.person("Ada")
    await pastes(ada, FILE)
    assert ada.form is not None
    assert ada.form.title == "What does it mean?"
    await ada.fills({"people.0": "-"})
    assert ada.form.title == "Import: is this right?"
    assert "2 new, 0 changed, 0 as they are." in notes_of(ada)
    assert "Not read: mood (2)." in notes_of(ada)
    await ada.says("backlog")
    assert "is empty" in ada.told, "looking writes nothing"

    await brings(ada, FILE)
    assert "Imported into refinement: 2 new, 0 changed, 0 as they are." in ada.told
    await ada.says("backlog #1")
    assert "State: in review" in ada.told
    assert "Points: 5" in ada.told
    assert "✓ A receipt comes" in ada.told
    assert "sent it back from in review to refining: unclear criteria: which card?" in ada.told


async def test_the_same_rows_twice_change_nothing(hone: Hone) -> None:
    ada = hone.person("Ada")
    await brings(ada, FILE)
    await pastes(ada, FILE)
    assert ada.told.startswith("Nothing to import: all of it is here already.")


async def test_later_rows_change_what_they_name_and_nothing_else(hone: Hone) -> None:
    ada = hone.person("Ada")
    await brings(ada, FILE)
    await brings(ada, "key,points,title\nPAY-1,8,Pay on account\nPAY-9,1,Pay by card")
    assert "1 new, 1 changed, 0 as they are." in ada.told
    await ada.says("backlog #1")
    assert "Points: 8" in ada.told
    assert "✓ A receipt comes" in ada.told


async def test_what_cannot_be_read_is_named_and_the_rest_comes_in(hone: Hone) -> None:
    ada = hone.person("Ada")
    await pastes(ada, "title,points\nPay,5\nBill,lots\n,3")
    assert "Line 3, points: “lots” is no number of points. Left out." in notes_of(ada)
    assert "Line 4, title: has no title" in notes_of(ada)
    await ada.fills({})
    assert "2 new" in ada.told


async def test_what_is_no_table_keeps_the_text_in_the_form(hone: Hone) -> None:
    ada = hone.person("Ada")
    text = 'title,points\nPay,"5'
    await pastes(ada, text)
    assert "Nothing was imported. A text in quotes begins and never ends" in ada.errors["rows0"]
    assert ada.form is not None
    assert any(getattr(field, "value", "") == text for field in ada.form.fields)


async def test_a_table_without_a_title_asks_once_which_column_it_is(hone: Hone) -> None:
    ada = hone.person("Ada")
    text = "Aufgabe,Punkte\nZahlen,5"
    await pastes(ada, text)
    await ada.fills({"column.title": "0", "column.points": "1"})
    await ada.fills({})
    await ada.says("backlog #1")
    assert "Points: 5" in ada.told
    await pastes(ada, "Aufgabe,Punkte\nZahlen,5")
    assert "Nothing to import" in ada.told


async def test_the_number_of_another_tool_is_none_of_hones(hone: Hone) -> None:
    """`gh issue list` counts from 1, too."""
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    await brings(
        ada, '[{"number": 1, "title": "GH ONE", "state": "OPEN", "createdAt": "2026-01-01"}]'
    )
    assert "1 new, 0 changed" in ada.told
    await ada.says("backlog #1")
    assert "Estimation runs long" in ada.told
    await brings(ada, "number,title,points\n#1,Estimation runs long,3")
    assert "0 new, 1 changed" in ada.told, "it has that title"
    await brings(ada, "number,title\n1,Quite another")
    assert "1 new, 0 changed" in ada.told


async def test_hones_own_export_names_items_by_number_and_may_be_edited(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long #meetings by Friday")
    exported = await export_text(hone.database, hone.now, Where(WORKSPACE), json=False)
    hone.now += timedelta(minutes=1)
    await ada.says("refine #1")
    await ada.fills({"points": "5"})
    await brings(
        ada,
        exported.replace("Estimation runs long", "Estimates take all day").replace("meetings", ""),
    )
    assert "0 new, 1 changed" in ada.told
    await ada.says("backlog #1")
    assert "Estimates take all day" in ada.told
    assert "Points: 5" in ada.told, "the export knew of no points, which is no wish to empty them"
    assert "Themes" not in ada.told, "emptied in the file since it was exported"


async def test_the_card_says_who_the_item_is_elsewhere(hone: Hone) -> None:
    ada = hone.person("Ada")
    await brings(
        ada,
        '[{"number": 7, "title": "GH", "state": "OPEN", "createdAt": "2026-01-01", "milestone": '
        '{"title": "M1"}, "url": "https://github.com/o/r/issues/7"}]',
    )
    await ada.says("backlog #1")
    shown = "Also known as GitHub o/r 7 (https://github.com/o/r/issues/7) (sprint M1)"
    assert shown in ada.told


async def test_issues_of_two_repositories_do_not_collide(hone: Hone) -> None:
    """Each counts from 1; a file that does not say which one it is of is known by its birthday."""
    ada = hone.person("Ada")
    issue = '[{"number": 1, "title": "T", "state": "OPEN", "createdAt": "2026-01-0%d"%s}]'
    where = ', "url": "https://github.com/o/%s/issues/1"'
    await brings(ada, issue % (1, where % "one"))
    await brings(ada, issue % (2, where % "two"))
    await brings(ada, issue % (3, ""))
    await ada.says("backlog")
    assert "3 open" in ada.told
    await brings(ada, issue % (3, where % "three"))
    await pastes(ada, issue % (3, where % "three"))
    assert "Nothing to import" in ada.told
    await ada.says("backlog")
    assert "3 open" in ada.told, "now its repository is known"


async def test_long_details_are_kept_whole_and_not_cut_by_a_form(hone: Hone) -> None:
    ada = hone.person("Ada")
    long = "Why this matters. " * 400
    where = Where(WORKSPACE)
    await ada.says("backlog")
    await import_text(
        hone.database, hone.now, where, f'key,title,description\nA,Pay,"{long}"', dry_run=False
    )
    for line, press in (("refine #1", {"points": "5"}), ("backlog #1", None)):
        await ada.says(line)
        if press is not None:
            assert "7,199 characters are kept" in notes_of(ada)
            await ada.fills(press)
    exported = await export_text(hone.database, hone.now, where, json=False)
    assert long.strip() in exported


async def test_what_a_person_set_before_bases_were_kept_is_not_wiped(hone: Hone) -> None:
    """Items of older versions came with a key, and with nothing about what was agreed."""
    ada = hone.person("Ada")
    await brings(ada, "key,title,state,points,description\nA,Pay,To Do,3,Old")
    await ada.says("refine #1")
    await ada.fills({"points": "5", "details": "Ours"})

    async def forget(store: Any) -> None:
        (row,) = (await store.tracked.of_items([1]))[1]
        await store.tracked.keep([lean_row({**vars(row), "base": {}}.items())])

    await hone.database.write(WORKSPACE, hone.now, forget)
    await pastes(ada, "key,title,state,points,description\nA,Pay,To Do,3,Old")
    assert "Nothing to import" in ada.told
    await ada.says("backlog #1")
    assert "Ours" in ada.told


async def test_a_key_of_another_team_is_left_alone(hone: Hone) -> None:
    await brings(hone.person("Eve", channel="payments"), "key,title\nPAY-1,Theirs")
    ada = hone.person("Ada")
    await pastes(ada, "key,title\nPAY-1,Mine now\nPAY-2,Mine")
    assert "Left out: 1 item that belongs to another team here." in notes_of(ada)


async def test_what_is_still_to_come_is_no_history(hone: Hone) -> None:
    ada = hone.person("Ada")
    await pastes(ada, "title,state,accepted\nPay,done,2027-01-01")
    assert "1 finished item without a day: no week counts it." in notes_of(ada)


async def test_nobody_brings_in_what_somebody_else_handed_over(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await pastes(ada, "title\nPay")
    await grace.acts(Submission(BeginImport(1)))
    assert "I have that file no more" in grace.told
    await ada.fills({})
    assert "1 new" in ada.told
    await ada.acts(Submission(BeginImport(1)))
    assert "1 new" in ada.told, "pressed twice, saved once"
    await ada.says("backlog")
    assert "1 open" in ada.told


async def test_guests_take_nothing_in_or_out(hone: Hone) -> None:
    await hone.person("Ada").says("improve Merge with the rival")
    gus = hone.person("Gus", role="guest")
    for line in ("backlog import", "backlog export"):
        await gus.says(line)
        assert gus.told == "Guests cannot take a backlog in or out. Ask a member of the team."
    await gus.acts(Submission(TurnExport(1, 0)))
    assert "rival" not in gus.told
    await gus.acts(Submission(ImportRows(1)))
    assert gus.told == "Guests cannot take a backlog in or out. Ask a member of the team."


async def test_nobody_exports_another_team_by_its_number(hone: Hone) -> None:
    await hone.person("Eve", channel="secret").says("improve Merge with the rival")
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    await ada.acts(Submission(TurnExport(1, 0)))
    assert ada.form is None
    assert "another team" in ada.told


async def test_an_export_is_handed_out_in_pieces_that_make_the_file(hone: Hone) -> None:
    ada = hone.person("Ada")
    rows = "\n".join(f"K-{n},Item {n},{'why ' * 150}" for n in range(40))
    with_rows = "key,title,description\n" + rows
    where = Where(WORKSPACE, "refinement")
    await ada.says("backlog")
    await import_text(hone.database, hone.now, where, with_rows, dry_run=False)
    await ada.says("backlog export")
    pieces: list[str] = []
    while True:
        assert ada.form is not None
        pieces += [field.value for field in ada.form.fields if isinstance(field, Input)]
        if not ada.form.also:
            break
        await ada.fills({}, press="Next part")
    whole = await export_text(hone.database, hone.now, where, json=False)
    assert "".join(pieces) == whole.replace("\r\n", "\n")
    assert len(pieces) > 4


# --- what the digest makes of it -------------------------------------------------------------


async def test_past_weeks_can_be_measured_and_no_edit_of_a_person_is_made_up(hone: Hone) -> None:
    ada = hone.person("Ada")
    await brings(ada, FILE)

    async def backlog(store: Any) -> Any:
        team = await store.teams.resolve("refinement", "ada")
        return (await gather(store, team)).backlog()

    facts = await hone.database.write(WORKSPACE, hone.now, backlog)
    paid, evil = facts.items
    assert paid.created_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert paid.edits == (datetime(2026, 10, 20, tzinfo=UTC),), "the last that the file tells of"
    assert paid.points == 5
    assert [change.reason for change in paid.history if change.reason] == ["unclear criteria"]
    assert evil.accepted_at == datetime(2026, 11, 2, tzinfo=UTC)


async def test_imported_due_days_of_the_past_wake_nobody(hone: Hone) -> None:
    ada = hone.person("Ada")
    await brings(ada, "title,owner,due,created\nPay,Ada,2026-10-10,2026-10-01")
    before = len(hone.platform.messages)
    await hone.wait(days=1)
    assert len(hone.platform.messages) == before


async def test_items_hang_together_as_they_did(hone: Hone) -> None:
    ada = hone.person("Ada")
    await brings(
        ada, "key,title,part_of,level,kind\nA,Pay by card,B,team,story\nB,Pay,,train,feature"
    )
    await ada.says("backlog #1")
    assert "Part of #2" in ada.told
    await pastes(ada, "key,title,part_of\nA,Pay by card,Z\nC,Pay later,")
    assert "Not here: Z. Nothing is linked to them." in notes_of(ada)
