"""Who may do what: the table itself, and each way in that once had a rule of its own."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.turn import Answers, Click, Named, Person, Role, Submission
from handlers.backlog.actions import OpenSplit
from handlers.capture import actions as capture
from handlers.digest.actions import OpenAsk, Snooze
from handlers.followthrough import actions as follow
from handlers.rules.access import (
    RULES,
    Leaders,
    Permission,
    Relation,
    as_markdown,
    may,
    refusal,
    relations_to,
)
from handlers.ui.actions import CoachItem, OpenMove, OpenRefine
from tests.hone import Hone, Someone

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "access.md"

ROLES: tuple[Role, ...] = ("member", "admin", "guest", "external")

# --- the table -------------------------------------------------------------------------------

# m, a, g, e: a member, an admin of the workspace, a guest, somebody of another company.
# Columns: no relation at all, author, owner, made the change, with the team, leads it,
# facilitator, team admin, no admin named, nobody named, guests vote, anyone reveals, connected it.
TABLE = """
CAPTURE           mage mage mage mage mage mage mage mage mage mage mage mage mage
ADD_WORDS         ma   ma   ma   ma   mage ma   ma   ma   ma   ma   ma   ma   ma
READ_TEAM         ma   ma   ma   ma   mage ma   ma   ma   ma   ma   ma   ma   ma
READ_TRAIN        ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
CHANGE_ITEM       ma   mage mage ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
UNDO              -    -    -    mage -    -    -    -    -    -    -    -    -
KEEP_TOPICS       ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
LIFT_ITEM         ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
CHOOSE_FOCUS      ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
START_VOTE        ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
VOTE              ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   mage ma   ma
REVEAL            a    a    a    a    a    mage mage mage a    a    a    ma   a
LEAD_VOTE         a    a    a    a    a    mage mage mage a    a    a    a    a
START_RETRO       ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
JOIN_RETRO        ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   mage ma   ma
LEAD_RETRO        a    a    a    a    a    mage mage mage a    a    a    a    a
TAKE_OVER_RETRO   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
CHANGE_READINESS  ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
CHANGE_DIGEST     ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
SCHEDULE_DIGEST   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
WRITE_THERE       ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
EXCHANGE          ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
JOIN_PLANNING     ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
LEAD_CONFIDENCE   a    a    a    a    a    ma   ma   ma   a    ma   a    a    a
PLAN_TEAM         a    a    a    a    a    a    ma   ma   a    ma   a    a    a
PLAN_TRAIN        a    a    a    a    a    a    ma   ma   a    ma   a    a    a
CHANGE_SETTINGS   a    a    a    a    a    a    a    ma   ma   a    a    a    a
CONNECT_TRACKER   a    a    a    a    a    a    ma   ma   a    ma   a    a    a
USE_CONNECTION    a    a    a    a    a    a    ma   ma   a    a    a    a    ma
SEE_TRACKER       ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma   ma
"""


def test_each_role_in_each_relation_may_do_what_the_table_says(subtests: pytest.Subtests) -> None:
    rows = dict(line.split(maxsplit=1) for line in TABLE.split("\n") if line)
    assert list(rows) == [permission.name for permission in RULES] == list(Permission.__members__)
    for name, cells in rows.items():
        for relation, expected in zip(Relation, cells.split(), strict=True):
            with subtests.test(permission=name, relation=relation.name):
                allowed = [
                    role[0]
                    for role in ROLES
                    if may(Person("p", "P", role=role), Permission[name], {relation})
                ]
                assert "".join(allowed) == expected.strip("-")


def test_whoever_may_not_is_told_in_a_sentence() -> None:
    for permission in Permission:
        for role in ROLES:
            who = Person("p", "P", role=role)
            if not may(who, permission):
                assert refusal(who, permission).endswith("."), (permission, role)
    rule = RULES[Permission.CHANGE_SETTINGS]
    assert refusal(Person("g", "Gus", role="guest"), Permission.CHANGE_SETTINGS) == rule.refusal
    assert refusal(Person("a", "Ada"), Permission.CHANGE_SETTINGS) == rule.only, "who may, instead"


@dataclass(frozen=True, slots=True)
class Kept:
    """What an item tells of its people."""

    created_by: str | None
    owner: str | None


def test_two_relations_are_as_good_as_the_better_one() -> None:
    guest = Person("gus", "Gus", role="guest")
    item = Kept(created_by="ada", owner="gus")
    assert relations_to(item, "gus") == {Relation.OWNER}
    assert may(guest, Permission.CHANGE_ITEM, {*relations_to(item, "gus"), Relation.WITH_TEAM})
    anonymous = Kept(created_by=None, owner=None)
    assert not relations_to(anonymous, "gus")


def test_who_leads_is_read_from_the_names_in_the_settings() -> None:
    nobody = Leaders()
    assert nobody.relations_of("ada") == {Relation.NO_ADMIN, Relation.NOBODY_LEADS}
    some = Leaders(frozenset({"ada"}), frozenset({"bo"}))
    assert some.relations_of("ada") == {Relation.FACILITATOR}
    assert some.relations_of("bo") == {Relation.TEAM_ADMIN}
    assert not some.relations_of("cy")


def test_the_page_shows_the_table_as_it_is() -> None:
    """`make access` writes it anew."""
    before, _, rest = PAGE.read_text().partition("<!-- the table: make access -->\n")
    _, _, after = rest.partition("<!-- the table ends -->\n")
    wanted = (
        f"{before}<!-- the table: make access -->\n"
        f"{as_markdown()}\n<!-- the table ends -->\n{after}"
    )
    if os.environ.get("GOLDENS") == "write":
        PAGE.write_text(wanted)
    assert PAGE.read_text() == wanted


def test_no_feature_has_a_rule_of_its_own() -> None:
    """A role that is looked at anywhere else is a second rule, and soon a different one."""
    home = ROOT / "handlers" / "rules"
    words = {"guest", "external", "admin", "member"}
    found = []
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        if path.parent == home:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr == "is_outside":
                found.append(f"{path}:{node.lineno}")
            if isinstance(node, ast.Compare):
                texts = {c.value for c in ast.walk(node) if isinstance(c, ast.Constant)}
                if texts & words:
                    found.append(f"{path}:{node.lineno}")
    assert not found


# --- the ways in -----------------------------------------------------------------------------


@pytest.fixture
async def gus(hone: Hone) -> Someone:
    return hone.person("Gus", role="guest")


async def test_a_guest_drops_their_own_item_from_the_digest_as_from_its_card(
    hone: Hone, gus: Someone
) -> None:
    """It was allowed on the card and refused in the digest."""
    await gus.says("improve Builds take forty minutes")
    ask = OpenAsk("drop", 1, "refinement", "2026-W48")
    await gus.acts(Click(ask))
    await gus.fills({"reason": "duplicate"})
    assert "State: dropped: duplicate" in hone.last()


async def test_a_guest_finishes_an_item_they_own_from_its_card_as_in_follow_through(
    hone: Hone, gus: Someone
) -> None:
    """It was allowed in the question about its due date and refused on its card."""
    ada = hone.person("Ada")
    await gus.says("help")
    await ada.says("improve Builds take forty minutes @Gus", Named("gus", "Gus"))
    await gus.clicks("Edit")
    await gus.fills({"title": "Builds take an hour"})
    await gus.clicks("Done")
    assert "#1 Builds take an hour" in hone.last()
    assert "State: accepted" in hone.last()


@pytest.mark.parametrize("role", ["guest", "external"])
async def test_nobody_from_outside_acts_on_an_item_of_others_from_anywhere(
    hone: Hone, role: Role, subtests: pytest.Subtests
) -> None:
    """One rule, whichever card, list or question the button stood on."""
    ada, gus = hone.person("Ada"), hone.person("Gus", role=role)
    await gus.says("help")
    await ada.says("improve Builds take forty minutes")
    week = "2026-W48"
    ways = (
        *(Click(act) for act in (capture.Edit(1), capture.Finish(1), capture.Assign(1))),
        Click(capture.Drop(1)),
        *(Click(act) for act in (OpenMove(1), OpenSplit(1), OpenRefine(1), CoachItem(1))),
        *(Click(OpenAsk(kind, 1, "refinement", week)) for kind in ("assign", "refine", "drop")),
        Click(Snooze(1, "refinement", week)),
        *(Click(act) for act in (follow.Done(1), follow.OpenLater(1), follow.OpenDrop(1))),
    )
    for way in ways:
        with subtests.test(way=way):
            await gus.acts(way)
            assert gus.told == "Guests can change only what they captured or own themselves."
            assert gus.form is None


async def test_a_guest_adds_words_only_where_they_are(hone: Hone) -> None:
    """From the form it was refused even in their own channel, in plain words allowed anywhere."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    gus = hone.person("Gus", role="guest")
    await gus.says("improve The builds take forty minutes")
    await gus.fills({}, press="Add mine to #1")
    assert "Added your words to #1" in gus.told
    outside = hone.person("Gil", channel="elsewhere", role="guest")
    await outside.says("improve")
    await outside.acts(Submission(capture.Join(1), Answers({"title": ("Builds are slow",)})))
    assert outside.told == "There is no item #1 here."


async def test_a_guest_does_not_lift_their_item_to_the_train(hone: Hone, gus: Someone) -> None:
    """The form would show them what the whole train works on."""
    await gus.says("improve Builds take forty minutes")
    await gus.says("backlog lift #1")
    assert gus.told == "Guests cannot change what the whole train works on."
    assert gus.form is None
