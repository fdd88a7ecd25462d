"""A team brings the backlog it has: seen first, nothing destroyed, and twice is once."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import Input, Note, plain
from bot.text import clean
from bot.turn import Submission
from handlers.backlog.exchange.actions import BeginImport, ImportRows, TurnExport
from handlers.backlog.exchange.shell import Meaning, Refused, Where, export_text, import_text
from handlers.digest.gather import gather
from storage import Database
from tests.examples import COSTLY_EXAMPLES
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
    assert "Nothing was imported. No reader understands this CSV" in ada.errors["rows0"]
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


# --- round trips -----------------------------------------------------------------------------

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Mn", "Me", "Zl", "Zp"]),
    min_size=1,
    max_size=30,
).map(lambda words: " ".join(clean(words).split()))
"""What adapters let through: clean text."""

TITLES = st.one_of(WORDS, st.sampled_from(["=1+1", "'=1", "-x", "@all", "+1", '"', "a,b;c"]))
CRITERIA = st.builds(
    lambda text, done: {"text": text, "done": done},
    WORDS.filter(lambda text: text[:1].isalpha()),
    st.booleans(),
)
STATES = ("refining", "ready", "in review", "accepted", "dropped")


@st.composite
def items(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few items as the storage keeps them, with the states they went through."""
    titles = draw(
        st.lists(
            TITLES.filter(lambda title: any(map(str.isalnum, title))),
            max_size=4,
            unique_by=str.casefold,
        )
    )
    return [
        {
            "title": title,
            "description": draw(TITLES),
            "criteria": draw(st.lists(CRITERIA, max_size=3, unique_by=lambda c: str(c["text"]))),
            "points": draw(st.none() | st.integers(1, 100)),
            "due": draw(st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1))),
            "steps": draw(st.lists(st.sampled_from(STATES), max_size=4)),
        }
        for title in titles
    ]


@pytest.mark.parametrize("json", [False, True])
@settings(max_examples=COSTLY_EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=items())
async def test_what_goes_out_comes_back_the_same_and_a_second_time_changes_nothing(
    database: Database, json: bool, told: list[dict[str, Any]]
) -> None:
    """Into another workspace, and back into its own."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    mark = uuid.uuid4()
    here, there = Where(f"test:here-{json}-{mark}"), Where(f"test:there-{json}-{mark}")

    async def fill(store: Any) -> None:
        team = await store.teams.add("Ours", "UTC")
        for one in told:
            fields = {name: one[name] for name in ("description", "criteria", "points", "due")}
            item = await store.items.add(team.id, one["title"], by="ada", **fields)
            for state in one["steps"]:
                await store.items.change(item, {"state": state}, by="ada")

    async def found(store: Any) -> None:
        await store.teams.add("Theirs", "UTC")

    await database.write(here.workspace, now - timedelta(days=30), fill)
    await database.write(there.workspace, now, found)
    if not told:
        return
    same = f"0 new, 0 changed, {len(told)} as they are."
    out = await export_text(database, now, here, json=json)
    said = await import_text(database, now, here, out, dry_run=True)
    assert said[-1] == f"Would import: {same}"
    await import_text(database, now, there, out, dry_run=False)
    assert await export_text(database, now, there, json=json) == out
    said = await import_text(database, now, there, out, dry_run=False)
    assert said[-1] == f"Imported: {same}"


# --- the command line ------------------------------------------------------------------------


async def test_the_command_line_names_the_teams_there_are(hone: Hone) -> None:
    await hone.person("Ada").says("improve Estimation runs long")
    for where, words in (
        (Where("slack:T9"), "There is no workspace slack:T9"),
        (Where(WORKSPACE, "paymnets"), "There is: refinement (1)"),
    ):
        with pytest.raises(Refused, match=words.replace("(", r"\(").replace(")", r"\)")):
            await import_text(hone.database, hone.now, where, "title\nPay", dry_run=False)


async def test_the_command_line_names_what_it_cannot_read_and_what_it_guesses(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    where, text = Where(WORKSPACE), "title,points,state\nPay,x,Cooking\nBill,2,Live"
    said = await import_text(hone.database, hone.now, where, text, dry_run=True)
    assert said == [
        "State “Cooking” is new to me: I take it for captured (1 item).",
        "State “Live” is new to me: I take it for captured (1 item).",
        "Line 2, points: “x” is no number of points. Left out.",
        "Would import: 2 new, 0 changed, 0 as they are.",
    ]
    told = Meaning(states={"Live": "accepted", "Cooking": "in progress"})
    await import_text(hone.database, hone.now, where, text, dry_run=False, meaning=told)
    await ada.says("backlog")
    assert "2 open" in ada.told
    with pytest.raises(Refused, match=r"No column is called title\. There are: Aufgabe"):
        await import_text(hone.database, hone.now, where, "Aufgabe\nPay", dry_run=False)


async def test_items_hang_together_as_they_did(hone: Hone) -> None:
    ada = hone.person("Ada")
    await brings(
        ada, "key,title,part_of,level,kind\nA,Pay by card,B,team,story\nB,Pay,,train,feature"
    )
    await ada.says("backlog #1")
    assert "Part of #2" in ada.told
    await pastes(ada, "key,title,part_of\nA,Pay by card,Z\nC,Pay later,")
    assert "Not here: Z. Nothing is linked to them." in notes_of(ada)
