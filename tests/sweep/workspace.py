"""The workspace of the sweep: every kind of card stands in it, and nothing is refused in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.cards import Card, Choice
from bot.outcome import Outcome
from bot.trackers.kinds import SignInPages
from bot.turn import Click, Joined, Named, Submission, Turn
from bot.wire import name_of
from handlers import features
from handlers.wsjf.scale import COLUMNS
from storage import Database
from tests.gallery import specimen
from tests.hone import Hone, Someone
from tests.keys import VAULT
from tests.redrawn import RedrawingRouter

ADA, GRACE = Named("ada", "Ada"), Named("grace", "Grace")


class Watch(RedrawingRouter):
    """A router that remembers which actions did what they are there for, and refuses none.

    `to_compare`: one was pressed for the first time, and did more than to open a form.
    """

    def __init__(self, database: Database, pages: SignInPages) -> None:
        super().__init__(features(pages), database, VAULT)
        self.pressed: set[str] = set()
        self.to_compare = False

    async def handle(self, turn: Turn) -> Outcome:
        outcome = await super().handle(turn)
        errors = outcome.ask.errors if outcome.ask else {}
        assert not outcome.refused, f"{turn.intent}: {outcome.whispers}"
        assert not errors, f"{turn.intent}: {errors}"
        match turn.intent:
            case Click(action) | Submission(action) if name_of(action) not in self.pressed:
                self.pressed.add(name_of(action))
                opened = isinstance(turn.intent, Click) and outcome.ask is not None
                self.to_compare = self.to_compare or not opened
        return outcome


class Swept(Hone):
    """Hone whose cards are compared once for each action: to draw all of them takes 50 ms."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.router: Watch = Watch(database, self.pages)

    async def stale_cards(self, *, in_turns: bool = False) -> list[str]:
        if not self.router.to_compare:
            return []
        self.router.to_compare = False
        await self.do_what_is_due(ring=True)
        return await super().stale_cards()


def standing(hone: Hone, begins: str, channel: str = "refinement") -> Card:
    """Return the newest card of a channel whose summary begins with these words."""
    return next(
        m.card for m in reversed(hone.channel(channel)) if m.card.summary.startswith(begins)
    )


async def improves(person: Someone, words: str, *mentions: Named) -> int:
    """Capture words as an item, though others may say the same; return its number."""
    await person.says(f"improve {words}", *mentions)
    if person.form is not None:
        await person.fills({})
    summary = person.hone.channel(person.place.channel)[-1].card.summary
    return int(summary.split()[0][1:])


async def plays(person: Someone, hand: str) -> None:
    """Vote with a hand such as `2 3 5 8`: a card a column, the same for all items."""
    cards: dict[str, str] = dict(zip(COLUMNS, hand.split(), strict=True))
    await person.clicks("Vote")
    while person.form is not None:
        await person.fills({c.id: cards[c.id.partition(".")[0]] for c in choices(person)})


def choices(person: Someone) -> Sequence[Choice]:
    """Return the choices of the form that is open."""
    assert person.form is not None, person.told
    return [asked for asked in person.form.fields if isinstance(asked, Choice)]


def first(person: Someone, field: str) -> str:
    """Return the first answer that a choice of the open form offers."""
    return next(asked.options[0].value for asked in choices(person) if asked.id == field)


# --- what stands -----------------------------------------------------------------------------


async def furnish(hone: Hone) -> None:
    """Have every kind of card stand somewhere: a week of a team, and what it plans and votes on."""
    await specimen.furnish(hone)
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.acts(Joined())
    await ada.says("digest on Monday 9:00")
    await ada.says("improve Releases wait for a signature @Ada by Tuesday", ADA)
    await ada.alone().says("me")
    await hone.wait(days=7, hours=1)
    for scene in (plan, vote, retro):
        hone.now += timedelta(minutes=2)  # nobody is that fast, and is asked to slow down
        await scene(hone)
    await ada.alone().says("me")  # further down than the one before, which says so
    await ada.alone().chats("we keep waiting for the staging database")
    await grace.alone().says("coach Nobody looks after the release notes")


async def plan(hone: Hone) -> None:
    """A closed planning interval, and one that runs with all there is to it."""
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 26.4", "starts": "2026-09-14", "length": "10 weeks"})
    await ada.says("pi close")
    await ada.fills({})
    await ada.says("pi setup")
    await ada.fills({"name": "PI 27.1", "starts": "2026-11-23", "length": "10 weeks"})
    await ada.says("pi objective add")
    await ada.fills({"title": "Two clicks to the order", "planned": "8"})
    await ada.says("pi link #1")
    await ada.fills({"objective": "1"})
    await ada.clicks("Change")
    await ada.fills({"planned": "6"})
    await ada.says("pi risk The payment provider moves its date")
    await ada.says("pi confidence")
    await ada.clicks("Vote")
    await ada.fills({"fist": "4"})
    await ada.clicks("Reveal")


async def vote(hone: Hone) -> None:
    """A vote that was revealed, and one that is open and has reminded Grace."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("wsjf #2 #5")
    await plays(ada, "2 3 5 8")
    await plays(grace, "3 5 5 8")
    await ada.clicks("Reveal")
    await ada.says("wsjf #9")
    await ada.clicks("Manage")
    await ada.clicks("Remind")


async def retro(hone: Hone) -> None:
    """A retro in another team's channel, its notes on the table."""
    lead = hone.person("Tomas", channel="payments")
    await lead.says("retro start 4Ls")
    for note in ("Builds are slow", "Nobody reviews", "Meetings run long"):
        await lead.says(f"retro add {note}")
    await lead.clicks("Reveal")
