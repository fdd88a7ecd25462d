"""A statement that forgets whose rows it is about is told from one that only seems to."""

from __future__ import annotations

import pytest
from sqlalchemy import and_, bindparam, delete, exists, or_, select, tuple_, update
from sqlalchemy.sql.elements import ClauseElement

from storage.items import Item
from storage.people import PersonRow
from storage.tables import table_of
from storage.teams import Team
from tests.bound import unbound

_ITEMS, _TEAMS, _PEOPLE = table_of(Item), table_of(Team), table_of(PersonRow)
_OTHER = _ITEMS.alias("other")
_MINE = _ITEMS.c.workspace == bindparam("workspace_")
_SAME_TEAM = _TEAMS.c.id == _ITEMS.c.team_id
_SAME_WORKSPACE = _TEAMS.c.workspace == _ITEMS.c.workspace
_LATER = _OTHER.c.number > _ITEMS.c.number


@pytest.mark.parametrize(
    "statement",
    [
        select(_ITEMS).where(_MINE),
        select(_ITEMS.c.number).where(and_(_MINE, _ITEMS.c.number == 1)),
        select(Item).where(_MINE),
        select(_ITEMS).join(_TEAMS, and_(_SAME_WORKSPACE, _SAME_TEAM)).where(_MINE),
        select(_ITEMS).where(_MINE, ~exists().where(_OTHER.c.workspace == "w", _LATER)),
        select(_ITEMS).where(
            _MINE, exists().where(_OTHER.c.workspace == _ITEMS.c.workspace, _LATER)
        ),
        update(_ITEMS).where(_MINE).values(title="x"),
        select(select(_ITEMS.c.number).where(_MINE).subquery()),
    ],
)
def test_what_names_the_workspace_everywhere_is_bound(statement: ClauseElement) -> None:
    assert unbound(statement) == frozenset()


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        (select(_ITEMS), {"items"}),
        (select(Item).where(_ITEMS.c.number == 1), {"items"}),
        (select(_ITEMS).where(_ITEMS.c.workspace != "w"), {"items"}),
        (select(_ITEMS).where(or_(_MINE, _ITEMS.c.number == 1)), {"items"}),
        (select(_ITEMS).join(_TEAMS, _SAME_TEAM).where(_MINE), {"teams"}),
        (select(_ITEMS).join(_TEAMS, _SAME_WORKSPACE), {"items", "teams"}),
        (select(_ITEMS).where(_MINE, exists().where(_LATER)), {"items"}),
        (select(_ITEMS).where(exists().where(_OTHER.c.workspace == "w")), {"items"}),
        (update(_ITEMS).values(title="x"), {"items"}),
        (delete(_PEOPLE).where(_PEOPLE.c.id == "ada"), {"people"}),
        (
            update(_ITEMS).where(_MINE, _ITEMS.c.number.in_(select(_OTHER.c.number))),
            {"items"},
        ),
        (select(select(_ITEMS.c.number).subquery()), {"items"}),
        (select(_TEAMS).where(tuple_(_TEAMS.c.workspace, _TEAMS.c.id).in_([])), {"teams"}),
    ],
)
def test_what_leaves_a_table_out_is_not(statement: ClauseElement, tables: set[str]) -> None:
    assert unbound(statement) == tables
