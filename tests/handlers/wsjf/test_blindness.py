"""Before the reveal no card, and nothing that depends on one, leaves Hone on any surface."""

from __future__ import annotations

import re
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import pytest
from prometheus_client import generate_latest
from sqlalchemy import event, select
from sqlmodel import col
from structlog.testing import capture_logs

from bot.turn import Answers, Click, Intent, NotFound, Role, Submission
from bot.wire import Action, View, encode
from handlers import FEATURES
from handlers.ui.actions import OpenStart
from handlers.wsjf import FEATURE
from handlers.wsjf.actions import (
    Accept,
    Export,
    NudgeView,
    OpenBallot,
    Reveal,
    SetDeadline,
    ShowCards,
    ShowRank,
)
from storage import Database, Store
from storage.posts import PostRow
from tests.hone import Hone, Someone

COLUMNS = ("ubv", "tc", "rroe", "size")
ROLES: tuple[Role, ...] = ("member", "guest", "external", "admin")

Sent = TypeVar("Sent", Action, View)

WOULD_SHOW = {Reveal, Accept, SetDeadline}
"""What an admin may rightly do, and what brings cards to light: not for a snoop to press."""


async def secret_vote(hone: Hone, cards: str) -> Someone:
    """Somebody plays these four cards on #1 and waits; nobody has revealed anything."""
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    await ada.says("improve Nobody owns staging")
    await ada.says("wsjf #1 by 16:00")
    await plays(ada, cards)
    return ada


async def plays(person: Someone, cards: str, number: int = 1) -> None:
    await person.clicks("Vote")
    hand = zip(COLUMNS, cards.split(), strict=True)
    await person.fills({f"{column}.{number}": card for column, card in hand})


# --- what others see -------------------------------------------------------------------------


async def four_votes(hone: Hone, *secret: str) -> Someone:
    """Votes in every state in which cards are hidden; only Grace's and Tomas's hands are secret.

    1 was revealed and accepted, and its second round is open; 2 is open; 3 was cancelled; of 4 the
    first round was revealed and the second cancelled.
    """
    ada, grace, tomas = (hone.person(name) for name in ("Ada", "Grace", "Tomas"))
    for title in ("Estimation runs long", "Nobody owns staging", "Builds are slow", "No one tests"):
        await ada.says(f"improve {title}")
    for number in (1, 4):
        await ada.says(f"wsjf #{number}")
        for person in (ada, grace, tomas):
            await plays(person, "3 3 3 3", number)
        await ada.clicks("Reveal")
        await ada.clicks("Accept scores")
        await ada.clicks("Vote again")
        await ada.fills({"columns": COLUMNS})
        for person, cards in zip((grace, tomas), secret, strict=True):
            await plays(person, cards, number)
        if number == 4:
            await ada.clicks("Cancel")
        hone.now += timedelta(minutes=1)  # thirty actions a minute
    for number in (2, 3):
        await ada.says(f"wsjf #{number} by 16:00")
        await plays(ada, secret[0], number)
    await ada.clicks("Cancel")
    return ada


def lines() -> list[str]:
    """Every command and verb there is, as help writes them, and what reads one item."""
    known = ["backlog #1", "backlog #4", "refine #1", "refine #4", "wsjf export json", "hone"]
    for feature in FEATURES:
        for name, spec in feature.commands.items():
            known += [name, f"{name} help", *(verb.example for verb in spec.verbs.values())]
    return known


def acts(number: int) -> list[Intent]:
    """Press and send everything that a vote knows, with this number for the ids in it."""
    known = [forged(action, number) for action in FEATURE.actions if action not in WOULD_SHOW]
    return [act for each in known for act in (Click(each), Submission(each, Answers({})))]


def forged(kind: type[Sent], number: int) -> Sent:
    values: dict[object, object] = {int: number, str: "csv", bool: False}
    hints = get_type_hints(kind)
    return kind(**{name: values[hints[name]] for name in kind.__dataclass_fields__})  # type: ignore[attr-defined]


def seen_by(person: Someone) -> str:
    seen = f"{person.outcome.whispers} {person.form} {person.errors}"
    return re.sub(r"hone-[0-9a-f]{8}-", "", seen)  # an export's keys name their workspace


async def look_everywhere(hone: Hone) -> list[str]:
    """Collect all that anybody but the voters can see, on every surface; a vote for each role."""
    seen: list[str] = []
    for number, role in enumerate(ROLES, start=1):
        snoop = hone.person(f"Snoop {role}", role=role)
        for line in lines() if role == "admin" else ("wsjf", "wsjf rank", "backlog #1"):
            await snoop.says(line)
            seen.append(seen_by(snoop))
            hone.now += timedelta(seconds=2)  # a person has thirty actions a minute
        for act in acts(number):
            await snoop.acts(act)
            seen.append(seen_by(snoop))
            hone.now += timedelta(seconds=2)
    seen += [str(card) for message in hone.platform.messages.values() for card in message.cards]
    async with hone.database.read(hone.workspace, hone.now) as store:
        rows = await store.session.scalars(
            select(PostRow).where(col(PostRow.workspace) == hone.workspace)
        )
        seen += sorted(f"{row.view} {row.channel} {row.last_error}" for row in rows)
        numbered = [view for each in FEATURES for view in each.views if is_numbered(view)]
        for view in (forged(view, number) for number in range(1, 5) for view in numbered):
            seen.append(await drawn(hone, store, view))
        for reminder in (NudgeView(poll, 1, "ada") for poll in range(1, 5)):
            seen.append(await drawn(hone, store, reminder))
    return seen


def is_numbered(kind: type[View]) -> bool:
    return all(hint in (int, bool) for hint in get_type_hints(kind).values())


async def drawn(hone: Hone, store: Store, view: View) -> str:
    """Return what a post of this view would show."""
    try:
        return str((await hone.router.draw(store, encode(view))).card)
    except NotFound as nothing:
        return str(nothing)


async def test_what_is_seen_does_not_depend_on_any_card(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    """The strongest form of blindness: other cards, the same bytes everywhere.

    The same story is told twice in two workspaces; only the secret cards differ, and who of two
    has the higher ones. What is read from the database does not depend on which one it is, so one
    will do.
    """
    shutil.copy(migrated_sqlite, tmp_path / "hone.db")
    database = Database(f"sqlite:///{tmp_path / 'hone.db'}")
    statements: list[str] = []

    @event.listens_for(database.engine.sync_engine, "connect")
    def _(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(statements.append)

    stories = []
    high, low = "20 20 8 20", "1 2 pass ?"
    for number, hands in enumerate(((high, low), (low, high))):
        hone = Hone(database, f"test:{number}")
        hone.looks_each_time = False  # to look is what the snoops do
        with capture_logs() as logs:
            await four_votes(hone, *hands)
            seen = await look_everywhere(hone)
        counted = {line.partition(" ")[0] for line in generate_latest().decode().splitlines()}
        stories.append((strip(seen, hone.workspace), strip(logs, hone.workspace), counted))
        await hone.stop()
    await database.close()
    assert len(stories[0][0]) == len(stories[1][0])
    for one, other in zip(stories[0][0], stories[1][0], strict=True):
        assert one == other
    assert stories[0][1:] == stories[1][1:]
    readers = [statement for statement in statements if CARDS_READ.match(statement)]
    assert readers
    for statement in readers:
        assert "JOIN poll_rounds" in statement or "ballots.voter = '" in statement, (
            "a card that is neither one's own nor of a round that was revealed"
        )


CARDS_READ = re.compile(r"SELECT [^()]*?\bballots\.card\b.*?\bFROM\b", re.DOTALL)
"""A round has a row once it is revealed: joining `poll_rounds` keeps the others unseen."""


def strip(logs: Any, workspace: str) -> list[str]:
    return [str(line).replace(workspace, "here") for line in logs]


async def test_a_voter_sees_their_own_cards_and_nobody_elses(hone: Hone) -> None:
    ada = await secret_vote(hone, "13 20 13 20")
    await ada.acts(Click(OpenBallot(1)))
    assert "('13',)" in str(ada.form)
    grace = hone.person("Grace")
    await grace.acts(Click(OpenBallot(1)))
    assert "chosen=()" in str(grace.form)
    assert "chosen=('" not in str(grace.form)


async def test_asking_for_results_early_is_refused_in_words(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    await secret_vote(hone, "13 20 13 20")
    for role in ROLES:
        with subtests.test(role=role):
            snoop = hone.person(f"Snoop {role}", role=role)
            await snoop.acts(Click(ShowCards(1, 1, 0)))
            assert snoop.told == "There are no cards to show: nothing was revealed here."
            await snoop.acts(Click(ShowRank(1, False, 0)))
            assert "Nothing has a score yet." in snoop.told
            await snoop.acts(Click(Export(1, False, "csv")))
            assert "Nothing has a score yet." in snoop.told or "Guests cannot take" in snoop.told


async def test_a_second_round_is_as_blind_as_the_first(hone: Hone) -> None:
    ada = await secret_vote(hone, "3 3 3 3")
    await ada.clicks("Reveal")
    await ada.clicks("Vote again")
    await ada.fills({})
    await ada.clicks("Vote")
    await ada.fills({f"{column}.1": "13" for column in COLUMNS})
    grace = hone.person("Grace")
    await grace.acts(Click(ShowCards(1, 2, 0)))
    assert grace.told == "There are no cards to show: nothing was revealed here."
    for act in (ShowCards(1, 1, 0), OpenStart()):
        await grace.acts(Click(act))
        assert "13" not in seen_by(grace).replace("'13', value='13'", "")
    assert not any("13" in message.text for message in hone.channel())


async def test_a_cancelled_round_is_never_told_of_by_the_hints_of_refine(hone: Hone) -> None:
    """Cancelling round 2 leaves the vote revealed, but not the cards of that round."""
    ada = await secret_vote(hone, "3 3 3 3")
    people = [hone.person(name) for name in ("Grace", "Tomas")]
    for person in people:
        await plays(person, "3 3 3 3")
    await ada.clicks("Reveal")
    before = await hints(ada)
    assert "3 of 3 votes for its size" in before
    await ada.clicks("Vote again")
    await ada.fills({"cells": (), "columns": COLUMNS, "items": ("1",)})
    for person, cards in zip(people, ("1 1 1 1", "20 20 20 20"), strict=True):
        await plays(person, cards)
    await ada.clicks("Cancel")
    assert await hints(ada) == before


async def hints(person: Someone) -> str:
    await person.says("refine #1")
    await person.fills({})
    return person.told


def test_no_view_and_no_action_carries_a_card() -> None:
    """What travels through a platform and back is ids: nothing to read, nothing to forge.

    The person is whose private chat a reminder stands in.
    """
    names = {
        name
        for kind in (*FEATURE.actions, *FEATURE.views)
        for name in kind.__dataclass_fields__  # type: ignore[attr-defined]
    }
    ids = {"poll_id", "team_id", "round", "page", "version", "part"}
    assert names == ids | {"train", "kind", "replaces", "person"}
    assert all(issubclass(kind, Action | View) for kind in (*FEATURE.actions, *FEATURE.views))
    assert encode(OpenBallot(1)) == '["wsjf.ballot",1]'
