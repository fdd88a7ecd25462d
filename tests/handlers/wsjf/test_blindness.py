"""Before the reveal no card, and nothing that depends on one, leaves Hone on any surface."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select
from sqlmodel import col
from structlog.testing import capture_logs

from bot.cards import twin
from bot.turn import Click, Role, Submission
from bot.wire import Action, View, encode
from handlers.wsjf import FEATURE
from handlers.wsjf.actions import Export, OpenBallot, OpenStart, ShowCards, ShowRank
from storage.posts import PostRow
from tests.hone import Hone, Someone

COLUMNS = ("ubv", "tc", "rroe", "size")
ROLES: tuple[Role, ...] = ("member", "admin", "guest", "external")


async def secret_vote(hone: Hone, cards: str) -> Someone:
    """Somebody plays these four cards on #1 and waits; nobody has revealed anything."""
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    await ada.says("improve Nobody owns staging")
    await ada.says("wsjf #1 by 16:00")
    await ada.clicks("Vote")
    await ada.fills({f"{c}.1": card for c, card in zip(COLUMNS, cards.split(), strict=True)})
    return ada


def every_click() -> list[Action]:
    """Every action of a vote that reads, with every id that exists."""
    known = {"poll_id": 1, "round": 1, "page": 0, "version": 1, "team_id": 1, "train": False}
    fields = known | {"kind": "csv", "part": 0, "replaces": False}
    acts = []
    for action in FEATURE.actions:
        names = action.__dataclass_fields__  # type: ignore[attr-defined]
        acts.append(action(**{name: fields[name] for name in names}))
    return acts


def seen_by(person: Someone) -> str:
    return f"{person.told}\n{person.form}\n{person.errors}"


async def look_everywhere(hone: Hone) -> list[str]:
    """Collect all that anybody but the voter can see, in every role, on every surface."""
    seen: list[str] = []
    changing = {"Reveal", "Cancel", "Accept", "HandOver", "SetDeadline", "Add", "CastVote", "Start"}
    for role in ROLES:
        snoop = hone.person(f"Snoop {role}", role=role)
        for line in ("wsjf", "wsjf rank", "wsjf export csv", "wsjf export json", "backlog #1"):
            await snoop.says(line)
            seen.append(seen_by(snoop))
        for act in every_click():
            if type(act).__name__ in changing:
                continue
            hone.now += timedelta(seconds=5)  # a person has thirty actions a minute
            await snoop.acts(Click(act))
            seen.append(seen_by(snoop))
            await snoop.acts(Submission(act))
            seen.append(seen_by(snoop))
    seen += [twin(card) for message in hone.platform.messages.values() for card in message.cards]
    async with hone.database.read(hone.workspace, hone.now) as store:
        rows = await store.session.scalars(
            select(PostRow).where(col(PostRow.workspace) == hone.workspace)
        )
        seen += sorted(f"{row.view} {row.channel} {row.last_error}" for row in rows)
    return seen


async def test_what_is_seen_does_not_depend_on_any_card(hone: Hone) -> None:
    """The strongest form of blindness: other cards, the same bytes everywhere.

    The same story is told twice in two workspaces; only the secret cards differ.
    """
    stories = []
    for cards in ("13 20 13 20", "1 ? pass 2"):
        other = Hone(hone.database, f"test:{cards.replace(' ', '-')}")
        with capture_logs() as logs:
            await secret_vote(other, cards)
            seen = await look_everywhere(other)
        stories.append((seen, strip(logs, other.workspace)))
        await other.stop()
    assert stories[0] == stories[1]


def strip(logs: Any, workspace: str) -> list[str]:
    return [str(line).replace(workspace, "here") for line in logs]


async def test_metrics_hold_no_card(hone: Hone) -> None:
    await secret_vote(hone, "13 20 13 20")
    names = [line for line in generate_latest().decode().splitlines() if line.startswith("hone_")]
    labels = {line.partition(" ")[0] for line in names}
    assert not any("13" in label.partition("le=")[0] for label in labels)


async def test_a_voter_sees_their_own_cards_and_nobody_elses(hone: Hone) -> None:
    ada = await secret_vote(hone, "13 20 13 20")
    await ada.acts(Click(OpenBallot(1)))
    assert "('13',)" in str(ada.form)
    grace = hone.person("Grace")
    await grace.acts(Click(OpenBallot(1)))
    assert "chosen=()" in str(grace.form)
    assert "chosen=('" not in str(grace.form)


@pytest.mark.parametrize("role", ROLES)
async def test_asking_for_results_early_is_refused_in_words(hone: Hone, role: Role) -> None:
    await secret_vote(hone, "13 20 13 20")
    snoop = hone.person("Snoop", role=role)
    await snoop.acts(Click(ShowCards(1, 1, 0)))
    assert snoop.told == "There are no cards to show: nothing was revealed here."
    await snoop.acts(Click(ShowRank(1, False, 0)))
    assert "Nothing has a score yet." in snoop.told
    await snoop.acts(Click(Export(1, False, "csv")))
    assert "Nothing has a score yet." in snoop.told or "Guests cannot export" in snoop.told


async def test_a_second_round_is_as_blind_as_the_first(hone: Hone) -> None:
    ada = await secret_vote(hone, "3 3 3 3")
    await ada.clicks("Reveal")
    await ada.clicks("Vote again")
    await ada.fills({})
    await ada.clicks("Vote")
    await ada.fills({f"{column}.1": "13" for column in COLUMNS})
    grace = hone.person("Grace")
    for act in (ShowCards(1, 2, 0), ShowCards(1, 1, 0), OpenStart()):
        await grace.acts(Click(act))
        assert "13" not in seen_by(grace).replace("'13', value='13'", "")
    assert not any("13" in message.text for message in hone.channel())


def test_no_view_and_no_action_carries_a_card() -> None:
    """What travels through a platform and back is ids: nothing to read, nothing to forge."""
    names = {
        name
        for kind in (*FEATURE.actions, *FEATURE.views)
        for name in kind.__dataclass_fields__  # type: ignore[attr-defined]
    }
    ids = {"poll_id", "team_id", "round", "page", "version", "part"}
    assert names == ids | {"train", "kind", "replaces"}
    assert all(issubclass(kind, Action | View) for kind in (*FEATURE.actions, *FEATURE.views))
    assert encode(OpenBallot(1)) == '["wsjf.ballot",1]'
