"""Names, themes and days as they are typed on a phone: glued, joined, listed, without an @."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.turn import Named
from handlers.capture.reading import Reading, read
from handlers.reader.asked import Asked

MONDAY = Asked(datetime(2026, 11, 30, 9, tzinfo=UTC))
FRIDAY = date(2026, 12, 4)
ADA, GRACE = Named("U1", "Ada Lovelace"), Named("U2", "Grace Hopper")


def reading(text: str) -> Reading:
    return read(text, MONDAY, (ADA, GRACE))


@pytest.mark.parametrize(
    ("behind", "themes", "owner", "due"),
    [
        ("#ci,#build", ("ci", "build"), None, None),
        ("#ci/#build @ada", ("ci", "build"), ADA, None),
        ("#ci and #build", ("ci", "build"), None, None),
        ("tags: ci, build", ("ci", "build"), None, None),
        ("tag:ci", ("ci",), None, None),
        ("labels: ci, build @ada by fri", ("ci", "build"), ADA, FRIDAY),
        ("- for @ada by fri", (), ADA, FRIDAY),
        ("(for @ada)", (), ADA, None),
        (", for @grace", (), GRACE, None),
        ("due=fri", (), None, FRIDAY),
        ("deadline=4 dec", (), None, FRIDAY),
    ],
)
def test_behind_the_sentence(
    behind: str, themes: tuple[str, ...], owner: Named | None, due: date | None
) -> None:
    found = reading(f"Builds are slow {behind}")
    assert found.title == "Builds are slow"
    assert (found.themes, found.owner, found.due) == (themes, owner, due)


@pytest.mark.parametrize(
    "both",
    ["@ada and @grace", "@ada & @grace", "@ada or @grace", "@ada/@grace", "@Ada Lovelace,@grace"],
)
def test_two_owners_are_a_question_and_never_the_last_of_them(both: str) -> None:
    found = reading(f"Builds are slow {both} by Friday")
    assert (found.owner, found.due) == (None, FRIDAY)
    assert [offer.label for offer in found.offers] == [
        "Make Ada Lovelace owner",
        "Make Grace Hopper owner",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ada: builds are slow",
        "Ada Lovelace: builds are slow",
        "Builds are slow (ada)",
        "Builds are slow [Ada]",
        "Builds are slow -> ada",
        "Builds are slow // Ada",
        "Builds are slow, ada",
    ],
)
def test_a_bare_name_that_stands_apart_is_offered(text: str) -> None:
    found = reading(text)
    assert (found.title, found.owner) == (text, None)
    assert [offer.label for offer in found.offers] == ["Make Ada Lovelace owner"]


@pytest.mark.parametrize(
    "text",
    [
        "Ask @ada and @grace",
        "Builds are slow /cc @grace @ada",
        "Builds are slow cc: @grace, @ada",
        "Builds are slow fyi @grace & @ada",
        "The #ci/#cd split is unclear",
        "Upgrade npm/@types/node",
        "We need bread, butter",
        "Note: builds are slow",
        "Nobody but Ada knows the build",
    ],
)
def test_a_sentence_stays_as_it_was_typed(text: str) -> None:
    found = reading(text)
    assert (found.title, found.owner, found.themes) == (text, None, ())
