"""Two retros of the sample train, with notes in groups, dots, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.wire import encode
from handlers.backlog.sample import weeks_before
from handlers.ui.views import RetroView
from storage import Store
from storage.notes import Note
from storage.retros import DONE


@dataclass(frozen=True, slots=True)
class Said:
    """A group of notes: its column, its dots, and the title of the item that came of it."""

    column: int
    notes: tuple[str, ...]
    dots: int = 0
    became: str = ""


@dataclass(frozen=True, slots=True)
class PastRetro:
    """A retro that is over: the place of its channel, how long ago, and what was said."""

    channel: int
    weeks_ago: float
    template: str
    columns: tuple[str, ...]
    groups: tuple[Said, ...]


RETROS = (
    PastRetro(
        0,
        2.3,
        "Start, stop, continue",
        ("Start", "Stop", "Continue"),
        (
            Said(
                1,
                ("Retro actions are forgotten by Thursday", "Nobody looks at our retro actions"),
                5,
                "Retro actions are forgotten by Thursday",
            ),
            Said(
                1,
                ("Feature flags are never removed", "Old flags nobody dares to remove"),
                3,
                "Feature flags are never removed",
            ),
            Said(0, ("Invite support to the demo",), 1),
            Said(2, ("Pairing on the checkout form", "Pair on the hard ones")),
        ),
    ),
    PastRetro(
        1,
        1.6,
        "Went well, didn't, ideas",
        ("Went well", "Didn't go well", "Ideas"),
        (
            Said(0, ("Refunds go out by themselves",)),
            Said(
                1,
                (
                    "Our API changes are announced in a mail nobody reads",
                    "Nobody reads our mails about the API",
                ),
                4,
                "Our API changes are announced in a mail nobody reads",
            ),
            Said(1, ("The office is loud on Mondays",), 3),
            Said(2, ("A sandbox that others can use alone",), 2),
        ),
    ),
)


async def remember_retros(
    store: Store,
    teams: Sequence[int],
    channels: Sequence[str],
    people: Sequence[str],
    numbers: Mapping[str, int],
) -> None:
    """Write the retros as they were held; `numbers` are the items', by title."""
    for past in RETROS:
        await _remember(store, teams[past.channel], channels[past.channel], past, people, numbers)


async def _remember(
    store: Store,
    team: int,
    channel: str,
    past: PastRetro,
    people: Sequence[str],
    numbers: Mapping[str, int],
) -> None:
    then = weeks_before(store, past.weeks_ago)
    over = then.now + timedelta(minutes=45)
    retro = await then.retros.start(
        channel,
        team,
        people[0],
        template=past.template,
        columns=list(past.columns),
        stage=DONE,
        voters=len(people),
        revealed_at=then.now + timedelta(minutes=15),
        closed_at=over,
        went_on_at=over,
    )
    notes = [
        Note(group.column, words, people[(no + place) % len(people)], group=no)
        for no, group in enumerate(past.groups, start=1)
        for place, words in enumerate(group.notes)
    ]
    await then.notes.add(retro.id, notes)
    await then.retros.add_groups(
        retro.id,
        [
            {
                "no": no,
                "column_no": group.column,
                "title": group.notes[0],
                "themes": [],
                "votes": group.dots,
                "item": numbers.get(group.became),
            }
            for no, group in enumerate(past.groups, start=1)
        ],
    )
    await then.posts.add(encode(RetroView(retro.id)), channel=channel)
