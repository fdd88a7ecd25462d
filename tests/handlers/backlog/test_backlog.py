"""Reading the backlog: privately, by rank, a page at a time."""

from __future__ import annotations

import pytest

from bot.cards import Table
from bot.turn import Click, Named
from handlers.backlog.actions import TurnPage
from storage import Store
from tests.hone import Hone, Someone

COLUMNS = ("ubv", "tc", "rroe", "size")


async def log(person: Someone, *titles: str) -> None:
    for title in titles:
        await person.says(f"improve {title}")
        if person.form is not None and person.outcome.ask is not None:
            await person.fills({})  # it looks like another one: save it all the same


async def stock(person: Someone, *titles: str) -> None:
    """Have more items than somebody would type."""
    await person.says("help")

    async def add(store: Store) -> None:
        team = await store.teams.resolve(person.place.channel, person.who.id)
        for title in titles:
            await store.items.add(team.id, title, by=person.who.id)

    await person.hone.database.write(person.workspace, person.hone.now, add)


async def vote(hone: Hone, number: int, **cards: int) -> None:
    """Three people agree on an item's cards and reveal them."""
    voters = [hone.person(name) for name in ("Ada", "Grace", "Tomas")]
    await voters[0].says(f"wsjf #{number}")
    for voter in voters:
        await voter.clicks("Vote")
        await voter.fills({f"{column}.{number}": str(cards[column]) for column in COLUMNS})
    await voters[0].clicks("Reveal")
    await voters[0].clicks("Accept scores")


def rows(person: Someone) -> list[tuple[str, ...]]:
    """The lines of the table that a person was shown."""
    (table,) = (node for node in person.whispered.nodes if isinstance(node, Table))
    return list(table.rows)


async def test_the_backlog_is_ranked_and_only_the_asker_sees_it(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long", "Nobody owns staging", "Deploys wait for one person")
    await vote(hone, 1, ubv=3, tc=2, rroe=1, size=8)
    await vote(hone, 2, ubv=8, tc=5, rroe=3, size=2)
    before = len(hone.channel())

    await ada.says("backlog")
    assert "Backlog of refinement" in ada.told
    assert "3 open, 1 not voted yet." in ada.told
    assert rows(ada) == [
        ("1", "#2 Nobody owns staging", "8.0", "", "captured"),
        ("2", "#1 Estimation runs long", "0.8", "", "captured"),
        ("–", "#3 Deploys wait for one person", "not voted", "", "captured"),
    ]
    assert len(hone.channel()) == before, "a question of one person is no news to the others"


async def test_long_backlogs_are_turned_page_by_page_in_place(hone: Hone) -> None:
    ada = hone.person("Ada")
    await stock(ada, *(f"Matter {number}" for number in range(23)))
    await ada.says("backlog")
    assert [row[1][:3] for row in rows(ada)][-1] == "#10"
    assert "[Next]" in ada.told
    assert "Previous" not in ada.told, "there is nothing before the first page"

    await ada.clicks("Next", on=ada.whispered)
    assert ada.outcome.whispers[-1].replaces
    await ada.clicks("Next", on=ada.whispered)
    assert len(rows(ada)) == 3
    assert "Next" not in ada.told
    await ada.clicks("Previous", on=ada.whispered)
    assert rows(ada)[0][1].startswith("#11")


async def test_a_page_that_is_gone_shows_the_last_one_there_is(hone: Hone) -> None:
    """The card may be hours old, and the backlog shorter by now."""
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long")
    await ada.acts(Click(TurnPage(1, "open", 7)))
    assert "#1 Estimation runs long" in ada.told
    await ada.acts(Click(TurnPage(1, "open", -3)))
    assert "#1 Estimation runs long" in ada.told


async def test_a_list_that_never_was_is_not_found(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long")
    for act in (
        TurnPage(99, "open", 0),
        TurnPage(-1, "open", 0),
        TurnPage(2**62, "open", 0),
        TurnPage(1, "secrets", 0),
    ):
        with subtests.test(act=act):
            await ada.acts(Click(act))
            assert ada.told == "There is no such list here."


async def test_nobody_turns_the_pages_of_another_workspace(hone: Hone) -> None:
    await log(hone.person("Ada"), "Merge with the rival")
    eve = hone.person("Eve", workspace="test:elsewhere")
    await eve.acts(Click(TurnPage(1, "open", 0)))
    assert "rival" not in eve.told
    await eve.says("backlog #1")
    assert eve.told == "There is no item #1 here."


async def test_each_person_sees_their_own_items_and_those_nobody_owns(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("wsjf help")  # so that Grace's name is known
    await ada.says("improve Estimation runs long @Grace", Named("grace", "Grace"))
    await log(ada, "Nobody owns staging")

    await grace.says("backlog mine")
    assert [row[1:4:2] for row in rows(grace)] == [("#1 Estimation runs long", "Grace")]
    assert "1 open and yours." in grace.told
    await ada.says("backlog mine")
    assert "You own no open item." in ada.told
    await ada.says("backlog unowned")
    assert [row[1] for row in rows(ada)] == ["#2 Nobody owns staging"]


async def test_what_was_done_is_listed_for_thirty_days(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long", "Nobody owns staging")
    await ada.says("backlog done")
    assert "Nothing was done in the last 30 days." in ada.told
    await hone.settle()
    await ada.clicks("Done", on=hone.channel()[0].card)

    await ada.says("backlog done")
    assert [row[1] for row in rows(ada)] == ["#1 Estimation runs long"]
    await ada.says("backlog")
    assert [row[1] for row in rows(ada)] == ["#2 Nobody owns staging"]
    await hone.wait(days=31)
    await ada.says("backlog done")
    assert "Nothing was done" in ada.told


async def test_an_empty_backlog_says_how_to_fill_it(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("backlog")
    assert "Log the first improvement: improve Estimation runs long" in ada.told
    await ada.says("backlog unowned")
    assert ada.told == "Every open item has an owner."


# --- search ----------------------------------------------------------------------------------


async def test_any_other_words_search_the_titles(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long", "Nobody owns staging", "Staging data is stale")
    await ada.says("backlog STAGING")
    assert "2 items have “STAGING”." in ada.told
    assert [row[1][:2] for row in rows(ada)] == ["#2", "#3"]
    await ada.says("backlog stale staging")
    assert [row[1][:2] for row in rows(ada)] == ["#3"], "every word counts, in any order"
    await ada.says("backlog kubernetes")
    assert "No item has “kubernetes”." in ada.told
    await ada.says("backlog redy")
    assert ada.told == "No item has “redy”. Did you mean backlog ready?"
    await ada.says("backlog in progres")
    assert ada.told == "No item has “in progres”. Did you mean backlog in progress?"
    await ada.says("backlog overdeu")
    assert ada.told == "No item has “overdeu”. Did you mean backlog overdue?"


async def test_a_verb_with_more_words_is_a_search(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Things are done twice")
    await ada.says("backlog done twice")
    assert [row[1] for row in rows(ada)] == ["#1 Things are done twice"]


async def test_wildcards_of_the_database_are_plain_characters(hone: Hone) -> None:
    """`%` must not mean everything: people search for 100 %."""
    ada = hone.person("Ada")
    await log(ada, "Coverage claims 100% everywhere", "snake_case in the API", r"Paths use C:\temp")
    for typed, number in (("100%", "#1"), ("e_c", "#2"), (r":\t", "#3")):
        await ada.says(f"backlog {typed}")
        assert [row[1][:2] for row in rows(ada)] == [number]
    await ada.says("backlog %")
    assert len(rows(ada)) == 1


async def test_letters_beyond_english_match_in_either_case(hone: Hone) -> None:
    """SQLite folds the case of ASCII letters only; people expect the same on both databases."""
    ada = hone.person("Ada")
    await log(ada, "Übergaben dauern lange", "Die ÄNDERUNG kam spät")
    for typed, number in (("übergaben", "#1"), ("ÜBERGABEN", "#1"), ("änderung", "#2")):
        await ada.says(f"backlog {typed}")
        assert [row[1][:2] for row in rows(ada)] == [number], typed


async def test_a_search_finds_finished_items_too_after_the_open_ones(hone: Hone) -> None:
    """“Did we not fix that?” is answered by the state."""
    ada = hone.person("Ada")
    await log(ada, "Builds take an hour", "Nightly builds fail")
    await hone.settle()
    await ada.clicks("Done", on=hone.channel()[0].card)
    await ada.says("backlog builds")
    assert [(row[1][:2], row[4]) for row in rows(ada)] == [("#2", "captured"), ("#1", "accepted")]


async def test_a_search_with_many_hits_shows_the_first_and_says_so(hone: Hone) -> None:
    ada = hone.person("Ada")
    await stock(ada, *(f"flaky {number}" for number in range(22)))
    await ada.says("backlog flaky")
    assert "22 items have “flaky”." in ada.told
    assert len(rows(ada)) == 20
    assert "One more word narrows it down." in ada.told


# --- one item --------------------------------------------------------------------------------


async def test_one_item_tells_its_story(hone: Hone) -> None:
    ada, grace = hone.person("Ada", zone="Europe/Berlin"), hone.person("Grace")
    await grace.says("wsjf help")
    await ada.says("improve Estimation runs long #estimation")
    await hone.wait(minutes=20)
    await grace.clicks("Assign")
    await grace.fills({"owner": "grace", "due": "2026-12-01"})
    await vote(hone, 1, ubv=3, tc=2, rroe=1, size=2)
    await grace.clicks("Drop", on=hone.channel()[0].card)
    await grace.fills({"reason": "duplicate"})

    await ada.says("backlog #1")
    assert ada.told.splitlines() == [
        "#1 Estimation runs long",
        "State: dropped: duplicate",
        "Owner: Grace",
        "Due: Tue 1 Dec 2026",
        "Themes: #estimation",
        "WSJF: 3.0",
        "What happened",
        "Mon 23 Nov, 10:00 (Europe/Berlin) Ada captured it",
        "Mon 23 Nov, 10:20 (Europe/Berlin) Grace changed the due date from none to Tue 1 Dec 2026,"
        " gave it to Grace",
        "Mon 23 Nov, 10:20 (Europe/Berlin) Ada accepted the score: WSJF 3.0",
        "Mon 23 Nov, 10:20 (Europe/Berlin) Grace dropped it: duplicate",
        "[Move]",
    ]


async def test_edits_and_what_was_taken_back_are_part_of_the_story(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long")
    await hone.settle()
    await ada.clicks("Edit")
    await ada.fills({"title": "Estimation takes ages", "details": "Two hours!", "themes": "#time"})
    await ada.clicks("Undo")
    await ada.says("backlog 1")
    assert "the title from “Estimation runs long” to “Estimation takes ages”" in ada.told
    assert "edited the details, changed the themes from none to #time" in ada.told
    assert "Ada took back the last change" in ada.told


async def test_a_long_story_tells_its_latest_part(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long")
    await hone.settle()
    for turn in range(20):
        hone.now = hone.now.replace(minute=turn + 1)
        await ada.clicks("Edit")
        await ada.fills({"details": f"Version {turn}"})
    await ada.says("backlog #1")
    assert "6 earlier changes are not shown." in ada.told
    assert ada.told.count("edited the details") == 15


async def test_an_anonymous_item_names_nobody(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("improve Stand-ups are interrogations --anon")
    await grace.says("backlog #1")
    assert "Ada" not in grace.told


async def test_a_number_nobody_has_is_said_plainly(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long")
    for typed in ("#2", "#0", "999999999"):
        with subtests.test(typed=typed):
            await ada.says(f"backlog {typed}")
            assert ada.told == f"There is no item #{int(typed.removeprefix('#'))} here."


async def test_guests_read_only_the_team_they_are_with(hone: Hone) -> None:
    """A guest is let into one channel, not into every backlog of the company."""
    await log(hone.person("Ada", channel="secret"), "Merge with the rival")
    guest = hone.person("Gus", channel="refinement", role="guest")
    await guest.says("backlog #1")
    assert guest.told == "There is no item #1 here."
    await hone.person("Ada").says("backlog #1")
    inside = hone.person("Gus", channel="secret", role="guest")
    await inside.says("backlog #1")
    assert "Merge with the rival" in inside.told


async def test_a_guest_who_was_in_no_channel_yet_is_with_no_team(hone: Hone) -> None:
    """Writing to Hone alone must not open the first backlog there is: what is alike tells, too."""
    await log(hone.person("Ada"), "Merge with the rival")
    guest = hone.person("Gus", role="guest").alone()
    for line in ("backlog", "improve Merge with the rival", "refine next", "digest", "wsjf rank"):
        await guest.says(line)
        assert guest.told.startswith("I don't know which team you are with"), line
    await guest.chats("Do we merge with the rival")
    assert guest.told.startswith("I don't know which team you are with")
    assert not hone.channel("dm-gus")


async def test_a_guest_turns_no_page_of_another_team_or_the_train(hone: Hone) -> None:
    """A forged press must not open what the command refuses."""
    await log(hone.person("Ada", channel="secret"), "Merge with the rival")
    guest = hone.person("Gus", role="guest")
    await guest.says("backlog")
    for listing in ("open", "train"):
        await guest.acts(Click(TurnPage(1, listing, 0)))
        assert guest.told == "There is no such list here."
    for line in ("backlog train", "wsjf rank train"):
        await guest.says(line)
        assert "Guests see only the team they are with" in guest.told


async def test_alone_with_hone_the_backlog_is_that_of_the_team_last_spoken_with(hone: Hone) -> None:
    ada = hone.person("Ada")
    await log(ada, "Estimation runs long")
    alone = ada.alone()
    await alone.says("backlog")
    assert "#1 Estimation runs long" in alone.told
