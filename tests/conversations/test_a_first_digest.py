"""The first digest after an import says what the file says: nothing made up, nothing forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.turn import Document
from tests.handlers.sources.exports import text_of
from tests.hone import Hone, Someone

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


async def brings(person: Someone, text: str) -> None:
    """Paste in pieces that a field takes, take every guess, and say yes."""
    await person.says("backlog import")
    lines = text.splitlines(keepends=True)
    middle = len(lines) // 2
    pieces = [text] if len(text) <= 3_000 else ["".join(lines[:middle]), "".join(lines[middle:])]
    await person.fills({f"rows{place}": piece for place, piece in enumerate(pieces)})
    while person.form is not None:
        assert not person.errors, person.errors
        await person.fills({})


FLAT = """key,title,state,updated,created
{rows}"""


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        # Counted by hand. Jira: four open, all edited in November; PAY-28 was done on the 19th.
        ("jira.csv", ("Done 0", "Untouched 0")),
        # Linear: one open, untouched since March 2024; the others ended in that March.
        ("linear.csv", ("Done 0", "Untouched 1")),
        # Azure: one open; the query has no column that says when it was changed.
        ("azure_query.csv", ("Done 0", "Open 1")),
        # Rally: three open, the fourth accepted in March 2024; it has no column for changes.
        ("rally.csv", ("Done 0", "Open 3")),
        # GitHub: one open, untouched since March 2024; the other was closed then.
        ("gh_full.json", ("Done 0", "Untouched 1")),
    ],
)
async def test_the_numbers_are_those_of_the_file(
    hone: Hone, name: str, numbers: tuple[str, ...]
) -> None:
    hone.now = MONDAY
    ada = hone.person("Ada")
    await brings(ada, text_of(name))
    await ada.says("digest")
    for number in numbers:
        assert number in ada.told, ada.told
    assert "went quiet" not in ada.told


async def test_from_an_export_to_a_true_digest_in_five_acts(hone: Hone) -> None:
    """Send the file, open what is asked, answer, say yes, ask for the digest: no spreadsheet."""
    ada = hone.person("Ada")
    await ada.says("backlog")
    chat = ada.alone()
    await chat.sends(Document("jira.csv", text_of("jira.csv").encode()))
    await chat.clicks("Explain 6 words")
    await chat.fills({})
    await chat.fills({})
    await ada.says("digest preview")
    assert "Done 1" in ada.told, "PAY-28, on the Thursday before"
    assert "Untouched 0" in ada.told


async def test_what_was_edited_there_is_not_untouched_here(hone: Hone) -> None:
    """42 of 49 were called untouched where 39 had been edited within four weeks."""
    rows = [
        f"K-{n},Item {n},To Do,2026-{'11-20' if n < 39 else '06-01'},2026-05-01" for n in range(49)
    ]
    hone.now = MONDAY
    ada = hone.person("Ada")
    await brings(ada, FLAT.format(rows="\n".join(rows)))
    await hone.wait(minutes=1)
    await ada.says("digest")
    assert "Untouched 10" in ada.told
    await ada.says("backlog stale")
    assert "10 untouched" in ada.told


async def test_what_ended_nobody_knows_when_is_in_no_week(hone: Hone) -> None:
    hone.now = MONDAY
    ada = hone.person("Ada")
    await brings(ada, "key,title,state,points\nA,Pay,Done,5\nB,Bill,Ready,3")
    await ada.says("digest")
    assert "Done 0" in ada.told
    assert "Win" not in ada.told
    await ada.says("backlog done")
    assert "Pay" not in ada.told
    await brings(ada, "key,title,state,points\nA,Pay,Done,5\nB,Bill,Done,3")
    await ada.says("digest")
    assert "Done 1" in ada.told, "Hone saw it become done between two files"


async def test_a_thousand_items_make_no_post(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    before = len(hone.channel())
    rows = "\n".join(f"K-{n},Item {n},To Do,Ada,2026-10-01" for n in range(110))
    await brings(ada, f"key,title,state,owner,due\n{rows}")
    await hone.wait(minutes=1)
    await ada.says("backlog")
    assert "111 open" in ada.told
    assert len(hone.channel()) == before
    assert len(hone.channel("dm-ada")) == 1, "only how far it is, to whoever brings it in"
    assert "110 new" in hone.last("dm-ada")
    await hone.wait(days=3)
    assert len(hone.channel()) == before


async def test_the_sources_order_is_the_backlogs(hone: Hone) -> None:
    ada = hone.person("Ada")
    ranked = [("PAY-1", "0|i0003:"), ("PAY-2", "0|i0001:"), ("PAY-3", "0|i0002:")]
    rows = "\n".join(f"{key},Title {key},{rank}" for key, rank in ranked)
    await ada.says("improve Estimation runs long")
    await brings(ada, f"Issue key,Summary,Rank\n{rows}")
    await ada.says("backlog")
    places = [ada.told.index(f"Title PAY-{n}") for n in (2, 3, 1)]
    assert places == sorted(places)
