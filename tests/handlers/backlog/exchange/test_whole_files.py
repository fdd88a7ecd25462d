"""Whole files from the command line, and what goes out comes back the same."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.text import clean
from handlers.backlog.exchange.shell import Meaning, Refused, Where, export_text, import_text
from storage import Database
from tests.examples import COSTLY_EXAMPLES
from tests.hone import WORKSPACE, Hone

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
            "metric": draw(st.sampled_from(("", "wait", "wait from 1 day to 2 h"))),
            "metric_from": draw(st.sampled_from(("", "2 days"))),
            "metric_to": draw(st.sampled_from(("", "4 hours"))),
            "steps": draw(st.lists(st.sampled_from(STATES), max_size=4)),
        }
        for title in titles
    ]


@pytest.mark.parametrize("json", [False, True])
@settings(max_examples=COSTLY_EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=items())
@example(told=[{"title": "null", "description": "[]", "steps": []}])
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
            fields = {name: one[name] for name in one.keys() - {"title", "steps"}}
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


async def test_the_preview_names_neighbours_that_are_nowhere(hone: Hone) -> None:
    """A sub-task without its parent comes in alone; that is said before anybody agrees."""
    await hone.person("Ada").says("improve Estimation runs long")
    text = "Issue key,Summary,Parent\nPAY-1,Pay,PAY-2\nPAY-2,Owe,PAY-9\n"
    said = await import_text(hone.database, hone.now, Where(WORKSPACE), text, dry_run=True)
    assert said[0] == "Not here: PAY-9. Nothing is linked to them."
