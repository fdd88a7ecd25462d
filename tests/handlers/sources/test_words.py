"""States, kinds, labels and people of other tools in Hone's words: sure, or asked about."""

from __future__ import annotations

import pytest

from handlers.reader.tags import read_theme
from handlers.sources.labels import themes
from handlers.sources.owners import Owners, written
from handlers.sources.states import Translated, kind_of_item, state_of


@pytest.mark.parametrize(
    ("tool", "word", "ours"),
    [
        ("jira", "To Do", "captured"),
        ("jira", "Selected for Development", "planned"),
        ("jira", "Resolved", "accepted"),
        ("azure", "Resolved", "in review"),
        ("azure", "Removed", "dropped"),
        ("azure", "Committed", "planned"),
        ("rally", "In-Progress", "in progress"),
        ("rally", "Completed", "in review"),
        ("rally", "Accepted", "accepted"),
        ("agility", "Future", "captured"),
        ("linear", "Duplicate", "dropped"),
        ("github", "CLOSED", "accepted"),
        ("gitlab", "opened", "captured"),
        ("hone", "in review", "in review"),
    ],
)
def test_a_tools_own_states_are_known(tool: str, word: str, ours: str) -> None:
    found = state_of(tool, word, {})
    assert (found.ours, found.sure) == (ours, True)


@pytest.mark.parametrize(
    ("word", "category", "ours"),
    [
        ("Code Review", "In Progress", "in review"),
        ("Blocked", "To Do", "captured"),
        ("Blocked", "In Progress", "in progress"),
        ("Ready for Sprint", "To Do", "ready"),
        ("Won't Fix", "Done", "dropped"),
        ("Live", "Done", "accepted"),
        ("Signed off and accepted by all", "", "in review"),
        ("Parking lot", "", "captured"),
    ],
)
def test_an_unknown_state_is_guessed_and_never_accepted_by_its_words(
    word: str, category: str, ours: str
) -> None:
    found = state_of("jira", word, {}, category)
    assert (found.ours, found.sure) == (ours, False)


def test_what_a_team_answered_comes_first() -> None:
    assert state_of("jira", "Blocked", {"blocked": "refining"}) == Translated("refining")
    assert kind_of_item("Wish", {"wish": "improvement"}) == Translated("improvement")
    assert kind_of_item("Wish", {}) == Translated("story", sure=False)
    assert kind_of_item("Sub-task", {}) == Translated("story")


def test_what_was_closed_unfinished_is_dropped_with_its_reason() -> None:
    assert state_of("jira", "Done", {}, "Done", "Won't Do") == Translated("dropped", why="Won't Do")
    assert state_of("github", "CLOSED", {}, "", "NOT_PLANNED").ours == "dropped"
    assert state_of("trello", "Doing", {}, "", "archived").ours == "dropped"
    assert state_of("trello", "Done", {}, "", "archived").ours == "accepted"


LABELS = {
    "tech debt": "tech-debt",
    "Back end": "back-end",
    "good first issue": "good-first-issue",
    "ci/cd": "ci-cd",
    "c++": "c-plus-plus",
    "C#": "c-sharp",
    "C": "c",
    "v2.1": "v2-1",
    "P1!": "p1",
    "#billing": "billing",
    "R&D": "r-and-d",
}


def test_each_label_is_one_theme_that_can_be_typed() -> None:
    found, wrong = themes([*LABELS, "C++", "2026", "!!"])
    assert found == list(LABELS.values())
    assert wrong == ["2026", "!!"], "a number names an item"
    assert all(read_theme(f"#{theme}") == theme for theme in found)


PEOPLE = {"U1": "Ada Park", "U2": "Grace Lin", "U3": "Tomás Ruiz", "U4": "Ada"}


@pytest.mark.parametrize(
    ("cell", "person"),
    [
        ("Ada Park", "U1"),
        ("ada park", "U1"),
        ("Park, Ada", "U1"),
        ("Ada Park <ada.p@example.com>", "U1"),
        ("Tomas Ruiz", "U3"),
        ("tomas.ruiz@example.com", "U3"),
        ("U2", "U2"),
        ("grace.lin", None),
        ("Grace", None),
        ("Kim Novak", None),
    ],
)
def test_a_whole_name_is_a_person_and_a_piece_of_one_is_not(cell: str, person: str | None) -> None:
    assert Owners(PEOPLE, {}).sure(written(cell)) == person


def test_a_near_name_is_a_guess() -> None:
    owners = Owners(PEOPLE, {"kim novak": "U2", "bot": ""})
    assert owners.guess(written("Grace")) == "U2"
    assert owners.guess(written("Ada Lovelace")) == "U4"
    assert owners.guess(written("Ada")) == "", "Ada and Ada Park both begin so"
    assert owners.sure(written("Kim Novak <kim@example.com>")) == "U2"
    assert owners.sure(written("bot")) == ""
