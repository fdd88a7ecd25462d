"""Every card and form of planning fits Slack and Teams, also where everything is as long as can be.

Titles are as long as their forms allow, names are hostile, a train has many teams.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from bot.cards import Card, Chart, Form
from bot.local.forms import form_html
from bot.local.people import PEOPLE
from bot.local.render import card_html
from bot.slack.forms import Origin, modal
from bot.slack.render import message
from bot.teams.forms import draw_form
from bot.teams.render import render
from bot.twins import twin
from handlers.objectives import cards, confidence, forms, risks
from handlers.objectives.overview import Line, line_card
from handlers.objectives.planning import predictability
from handlers.settings.actions import SaveRhythm
from handlers.settings.cards import rhythm_fields
from storage.confidence import ConfidenceVote
from storage.items import Item
from storage.objectives import Objective, PlanningInterval
from storage.risks import Risk
from storage.strategy import StrategicTheme
from tests.fakes.slack_blocks import message_problems, view_problems

HOSTILE = "<!channel> <script>alert(1)</script> *bold* {{DATE()}} [a](javascript:alert) &"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def long(chars: int) -> str:
    return (HOSTILE + " W" * chars)[:chars]


PI = PlanningInterval(
    workspace="w", id=1, train_id=1, name=long(60), starts=date(2026, 11, 23), weeks=10
)
TEAMS = {number: f"{number} {long(77)}" for number in range(1, 13)}
THEMES = [
    StrategicTheme(workspace="w", id=number, train_id=1, text=long(300)) for number in range(1, 8)
]
OBJECTIVES = [
    Objective(
        workspace="w",
        id=number,
        pi_id=1,
        team_id=1 + number % 12,
        theme_id=number % 9 or None,
        title=long(200),
        planned=10,
        actual=10,
        committed=bool(number % 3),
        created_by="ada",
        created_at=NOW,
    )
    for number in range(1, 241)
]
ITEMS = [
    Item(
        workspace="w",
        number=100_000 + number,
        team_id=1,
        title=long(300),
        state="in progress",
        owner="ada",
        objective_id=1 + number % 5,
        created_at=NOW,
        touched_at=NOW,
    )
    for number in range(200)
]
RISKS = [
    Risk(
        workspace="w",
        id=number,
        pi_id=1,
        team_id=1,
        text=long(300),
        state="owned" if number % 2 else "raised",
        owner="ada",
        plan=long(500),
        raised_by="ada",
        raised_at=NOW,
    )
    for number in range(1, 151)
]
VOTE = ConfidenceVote(workspace="w", id=1, pi_id=1, facilitator="ada", opened_at=NOW)
LINE = Line(
    pi=PI,
    today=date(2026, 12, 8),
    team_id=1,
    team=long(80),
    vision=long(1_000),
    themes=THEMES,
    objectives=OBJECTIVES,
    teams=TEAMS,
    items=ITEMS,
    loose=ITEMS,
    open_items=1_000,
    vague=ITEMS,
    risks=RISKS,
    confidence="3.8 of 5 (120 votes)",
    predictability=str(predictability(OBJECTIVES)),
)
VOTERS = [f"voter {number}" for number in range(150)]

CARDS: Mapping[str, Card] = {
    "the first page": line_card(LINE, 0),
    "a page in the middle": line_card(LINE, 7),
    "past the last page": line_card(LINE, 999),
    "no PI": cards.nothing_planned(long(1_000), (PI, predictability(OBJECTIVES))),
    "set up": cards.planned(PI, date(2026, 12, 8)),
    "objective": cards.objective_card(
        OBJECTIVES[0], ITEMS, team=long(80), theme=long(300), pi=PI, owners={"ada": long(80)}
    ),
    "change": cards.change_card(
        cards.News(
            OBJECTIVES[0],
            {
                "title": (long(200), "b"),
                "planned": (8, 5),
                "committed": (True, False),
                "dropped_at": (None, "now"),
            },
            (long(80), long(80)),
        ),
        long(80),
        ITEMS,
    ),
    "closed": cards.closed_card(
        PI,
        [(name, predictability(OBJECTIVES[:20])) for name in TEAMS.values()],
        predictability(OBJECTIVES),
        99,
        long(80),
        [long(300)] * 3,
    ),
    "open vote": confidence._open_card(VOTE, long(80), VOTERS, {v: long(60) for v in VOTERS}),
    "revealed vote": confidence._revealed_card(long(80), (1, 2, 2, 3, 4, 5) * 20, " Before: 3."),
    "risks": risks._board(long(60), RISKS, {"ada": long(80)}),
}

FORMS: Mapping[str, Form] = {
    "vision": forms.vision_form(1, long(1_000), THEMES),
    "empty vision": forms.vision_form(1, "", []),
    "setup": forms.setup_form(1, PI, date(2026, 11, 23)),
    "close": forms.close_form(PI, predictability(OBJECTIVES), 240),
    "new": forms.new_form(1, THEMES, long(200)),
    "change": forms.change_form(OBJECTIVES[0], THEMES),
    "choose": forms.choose_form(OBJECTIVES[:20]),
    "link": forms.link_form(1, ITEMS, OBJECTIVES, TEAMS, numbers=[100_001], objective_id=3),
    "score": forms.score_form(PI, 1, OBJECTIVES[:20]),
    "ballot": confidence.ballot(1, 3),
    "risk": risks.new_form(),
    "choose a risk": risks.choose_form(RISKS[:100]),
    "roam": risks.roam_form(RISKS[0]),
    "iterations": Form("Iterations", SaveRhythm(1), rhythm_fields(date(2026, 11, 23), 2)),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_fits_every_platform(name: str) -> None:
    card = CARDS[name]
    drawn = message(card)
    assert not message_problems(drawn["blocks"]), name
    assert len(card.summary) <= 1_000
    render(card)
    assert "<script" not in str(card_html(card, "Europe/Berlin", "card"))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_fits_every_platform(name: str) -> None:
    form = FORMS[name]
    assert not view_problems(modal(form, Origin("C1", "T1"))), name
    draw_form(form, {}, "nonce")
    assert "<script" not in str(form_html(form, {}, PEOPLE, "Europe/Berlin", "nonce"))


def test_the_line_reads_without_a_picture() -> None:
    """Who hears the card read aloud learns as much as who sees it."""
    read = twin(CARDS["the first page"])
    assert "Objectives without items" in read
    assert "page 1 of 24" in read


def test_teams_of_one_name_are_told_in_the_table_alone() -> None:
    """A chart whose bars share a name is refused by the platforms, and read by nobody."""
    same = [("Checkout", predictability(OBJECTIVES[:5])), ("Checkout", predictability([]))]
    card = cards.closed_card(PI, same, predictability(OBJECTIVES), 0, "Ada", [])
    assert not any(isinstance(node, Chart) for node in card.nodes)
    message(card)
