"""Twenty items and sixty people: every card and form stays within what Slack and Teams take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.cards import Card, Form, Only
from bot.slack import forms as slack_forms
from bot.slack import render as slack
from bot.teams import forms as teams_forms
from bot.teams import render as teams
from handlers.wsjf import all_cards, ballot, cards, forms, ranking_cards, result
from handlers.wsjf.backlog_scores import Scale
from handlers.wsjf.outcome import Outcome
from handlers.wsjf.ranking import TopChange, rank
from handlers.wsjf.scale import COLUMNS, SCALE
from handlers.wsjf.scales import PI_LENGTH
from handlers.wsjf.scoring import Candidate, Hand, score_batch
from handlers.wsjf.words import titled
from storage.items import Item
from storage.polls import Poll
from storage.rounds import RevealedRound
from storage.scores import Score

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBERS = range(99_001, 99_021)
PEOPLE = [f"Maximiliane Wilhelmine von Hohenzollern-Sigmaringen the {n}th" for n in range(60)]


def item(number: int) -> Item:
    title = f"{number} " + "& <Wörter> *die* nicht_enden " * 90
    return Item(
        workspace="w", number=number, team_id=1, title=title, created_at=NOW, touched_at=NOW
    )


ITEMS = {number: item(number) for number in NUMBERS}
POLL = Poll(
    workspace="w",
    id=2**31 - 1,
    channel="c",
    team_id=1,
    facilitator="f",
    round=9,
    version=99,
    opened_at=NOW,
    closes_at=NOW + timedelta(days=1),
    cancelled_at=NOW,
)
TITLES = {number: titled(each) for number, each in ITEMS.items()}


def outcome(people: int, seed: int = 1) -> Outcome:
    """Everybody plays at random, so that everything is worth talking about."""
    random = Random(seed)
    ballots = [
        Hand(number, person, {c: random.choice([*SCALE, "?", "pass"]) for c in COLUMNS})
        for number in NUMBERS
        for person in PEOPLE[:people]
    ]
    batch = score_batch([Candidate(n, NOW + timedelta(seconds=n)) for n in NUMBERS], ballots)
    names = {person: person for person in PEOPLE}
    row = RevealedRound(
        workspace="w",
        poll_id=POLL.id,
        round=9,
        columns=list(COLUMNS),
        numbers=list(NUMBERS),
        revealed_at=NOW,
        revealed_by="f",
    )
    return Outcome(POLL, row, ITEMS, batch, rank(batch, seed=1, resamples=50), names)


def score(number: int) -> Score:
    return Score(
        workspace="w", number=number, poll_id=1, version=1, round=1, at=NOW - PI_LENGTH * 2,
        by="f", ubv=1, tc=1, rroe=1, size=1, wsjf=3.0, rank=1, ranked=20, low=1, high=20,
        basis="P10–P90",
    )  # fmt: skip


def progress() -> cards.Progress:
    begun = tuple(cards.Underway(name, 3) for name in PEOPLE)
    return cards.Progress(tuple(PEOPLE), begun, tuple(PEOPLE), 4, dict.fromkeys(PEOPLE, 3))


LED = cards.Leading(Only(frozenset(PEOPLE)), Only(frozenset(PEOPLE)))


def every_card() -> dict[str, Card]:
    shown, few = outcome(60), outcome(2)
    listed = list(ITEMS.values())
    scale = Scale(ITEMS, {n: score(n) for n in NUMBERS}, shown.batch, seed=1)
    return {
        "open": cards.open_poll(POLL, listed, progress(), LED, PEOPLE[0], "UTC", NOW),
        "cancelled": cards.cancelled_poll(POLL, listed, PEOPLE[0], NOW),
        "tools": cards.tools(POLL, listed, PEOPLE),
        "nudge": cards.nudge(POLL, listed, PEOPLE[0]),
        "result": result.revealed_poll(shown, PEOPLE[0], PEOPLE[1], NOW),
        "result of few": result.revealed_poll(few, "", "", NOW),
        **{f"cards {page}": all_cards.round_cards(shown, page) for page in range(4)},
        **{f"few cards {page}": all_cards.round_cards(few, page) for page in range(4)},
        "ranking": ranking_cards.ranking("n" * 200, 1, True, [scale] * 3, 1, NOW),
        "what if": ranking_cards.what_if(
            scale, shown.ranking, few.ranking, TopChange((1, 2), (3, 4), True)
        ),
    }


def every_form() -> dict[str, Form]:
    shown = outcome(60)
    pages = ballot.pages(list(COLUMNS), list(NUMBERS))
    guidance = ballot.Guidance(new=True, anonymous=True)
    alone = ballot.pages(list(COLUMNS), [NUMBERS[0]])
    unique = [item(number) for number in range(99_001, 99_101)]
    return {
        "ballot": ballot.form(POLL, pages, pages[2], TITLES, {}, guidance),
        "ballot of one": ballot.form(POLL, alone, alone[0], TITLES, {}, guidance),
        "choose": forms.choose_items(None, unique, 5_000, ["w" * 200], 0),
        "add": forms.choose_items(POLL, unique, 5_000, [], 19),
        "deadline": forms.deadline(POLL, "2026-11-23 09:30"),
        "hand over": forms.hand_over(POLL),
        "again": forms.vote_again(shown),
        "agree": forms.agree(shown),
        "what if": forms.what_if(1, True, unique),
    }


def test_a_card_of_the_biggest_vote_fits_every_platform(subtests: pytest.Subtests) -> None:
    for name, card in every_card().items():
        with subtests.test(name):
            for way in slack.ways(card):
                slack.message(card, way)
            teams.render(card)


def test_a_form_of_the_biggest_vote_fits_every_platform(subtests: pytest.Subtests) -> None:
    for name, form in every_form().items():
        with subtests.test(name):
            slack_forms.modal(form, slack_forms.Origin(), {"": "e" * 200})
            teams_forms.draw_form(form, {}, "nonce")


def test_every_item_is_reached_by_turning_pages() -> None:
    shown = outcome(60)
    told = " ".join(str(all_cards.round_cards(shown, page)) for page in range(4))
    assert all(f"#{number} " in told for number in NUMBERS)
