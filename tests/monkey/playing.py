"""What ten people do at random, and what is looked at while they do it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import fields
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, get_type_hints

from structlog.typing import EventDict

from bot.cards import Button, Card, Form
from bot.platform import Throttled, Unsure
from bot.text import clean
from bot.turn import (
    Answers,
    Click,
    Command,
    Intent,
    Joined,
    Named,
    Opened,
    Person,
    Place,
    Quote,
    Role,
    Said,
    Shortcut,
    Submission,
)
from bot.twins import twin
from bot.wire import name_of
from handlers.retro.actions import OpenNotes
from tests.hone import Hone, Someone, buttons_of
from tests.monkey import looking, together
from tests.monkey.looking import GHOST, Broken, Looking
from tests.monkey.typing import WORRIES, after, answers, sentence

ACME, OTHER = "test:acme", "test:other"
CHANNELS = ("alpha", "beta", "gamma")
PEOPLE: tuple[tuple[str, Role, str, tuple[str, ...]], ...] = (
    ("Ada", "member", "Europe/Berlin", ("alpha",)),
    ("Grace", "member", "America/New_York", ("alpha", "beta")),
    ("Linus", "member", "Asia/Kolkata", ("beta",)),
    ("Tomas", "member", "UTC", ("gamma", "alpha")),
    ("Fay", "member", "Pacific/Apia", ("gamma",)),
    ("Root", "admin", "Australia/Lord_Howe", CHANNELS),
    ("Gus", "guest", "Asia/Tokyo", ("alpha",)),
    ("Eve", "external", "America/St_Johns", ("beta",)),
)
STRANGERS = ("Otto", "Olga")
"""Two more, of another workspace."""

FORMS_IN_A_ROW = 9
PRESSES_IN_A_ROW = 8


Act = Callable[[Someone], Awaitable[object]]


class Monkey:
    """All of them; the same seed does the same."""

    def __init__(self, hone: Hone, seed: int) -> None:
        self.hone, self.dice = hone, Random(seed)
        self.hone.platform = Looking(hone)
        self.hone.outbox._platforms = {"test": self.hone.platform}
        self.logs: list[EventDict] = []
        """What the log said since the last step; whoever plays sees to it that it comes here."""
        self.done: Counter[str] = Counter()
        """Actions that were completed: neither refused nor asked about again."""
        self.met: Counter[str] = Counter()
        self.pressed: Counter[str] = Counter()
        self.steps = 0
        self.doing = ""
        self._number = 0
        self._private: defaultdict[str, list[Card]] = defaultdict(list)
        self._open: dict[str, tuple[Someone, Form]] = {}
        self.people = [
            Someone(hone, Person(name.lower(), name, zone, "en", role), Place(at, at), ACME)
            for name, role, zone, where in PEOPLE
            for at in where
        ]
        self.people += [
            Someone(hone, Person(name.lower(), name), Place("alpha", "alpha"), OTHER)
            for name in STRANGERS
        ]
        for each in self.people:
            hone._people[each.who.id] = Named(each.who.id, each.who.name)

    # --- a step ---

    async def step(self) -> None:
        """Let somebody do something, and look whether all still holds."""
        self.steps += 1
        self.hone.now += timedelta(seconds=self.dice.choice((3, 7, 20, 61)))
        person = self.dice.choice(self.people)
        if self.dice.random() < 0.25:
            person = person.alone()
        acts: tuple[tuple[Act, float], ...] = (
            (self._command, 24),
            (self._click, 30),
            (self._fill, 22),
            (self._wait, 6),
            (self._says, 4),
            (self._shortcut, 2),
            (self._opens, 2),
            (self._forges, 4),
            (self._haunts, 3),
            (self._twice, 1),
            (self._trouble, 0.5),
            (self._keeps_at_it, 1.5),
            *((partial(story, self), often) for story, often in together.STORIES.items()),
        )
        [act] = self.dice.choices([act for act, _ in acts], [weight for _, weight in acts])
        name = act.func if isinstance(act, partial) else act
        self.doing = f"{name.__name__} by {person.who.id} in {person.place.channel}"
        await act(person)
        self._no_incident()
        if self.steps % 60 == 0:
            await self.look()

    async def look(self) -> None:
        """Look at all that costs more than a step."""
        self.doing = "looking"
        for workspace in (ACME, OTHER):
            await looking.sums_are_those_of_a_recount(self.hone, workspace)
            await looking.nothing_hidden_shows(self.hone, workspace, self.dice, self.met)
        await looking.nothing_names_the_ghost(self.hone)
        await looking.keys_lead_somewhere(self.hone)
        await self.hone.compare_cards()
        self._no_incident()

    def _no_incident(self) -> None:
        bad = [entry for entry in self.logs if entry.get("log_level") in ("error", "critical")]
        self.logs.clear()
        if bad:
            raise Broken(f"incident: {bad[0]}")

    async def act(self, person: Someone, intent: Intent, key: str = "") -> Any:
        """Do it as the person, and look at every answer."""
        await person.begins(intent, key)
        await self.hone.do_what_is_due()
        outcome = person.outcome
        if not outcome.saved:
            raise Broken(f"not saved: {intent}")
        if outcome.refused and not outcome.whispers and not outcome.ask:
            raise Broken(f"refused without a word: {intent}")
        said = "\n".join(twin(whisper.card) for whisper in outcome.whispers)
        for whisper in outcome.whispers:
            looking.is_drawn_everywhere(whisper.card)
            looking.can_be_read_back(self.hone, whisper.card)
        if outcome.ask:
            looking.form_is_drawn_everywhere(outcome.ask.form, outcome.ask.errors)
            said += repr(outcome.ask.form)
        if person.who.id != GHOST:  # who reads their own words
            looking.says_nothing_foreign(person.workspace, said)
        if person.who.is_outside:
            own = next(where for name, _, _, where in PEOPLE if name == person.who.name)
            await looking.is_for_outsider(self.hone, person, said, own)
        whose = self._whose(person)
        self._private[whose] = [*self._private[whose], *(w.card for w in outcome.whispers)][-8:]
        if outcome.ask and person.who.id != GHOST:
            self._open[whose] = (person, outcome.ask.form)
        if isinstance(intent, Click | Submission) and not outcome.refused:
            self.met[name_of(intent.action)] += 1
            is_opened = isinstance(intent, Click) and bool(outcome.ask)
            if is_opened or not (outcome.ask and outcome.ask.errors):
                self.done[name_of(intent.action)] += 1
        return outcome

    def _whose(self, person: Someone) -> str:
        return f"{person.workspace} {person.who.id}"

    def mark(self, person: Someone) -> str:
        self._number += 1
        at = "" if person.place.private else person.place.channel
        return f"mk{person.workspace.removeprefix('test:')}mk{at}mk{self._number}mk"

    def people_of(self, channel: str) -> list[Someone]:
        """Return a channel's own people."""
        return [
            each
            for each in self.people
            if each.workspace == ACME and each.place.channel == channel and not each.who.is_outside
        ]

    def _named(self, typed: str) -> tuple[Named, ...]:
        return tuple(n for n in self.hone._people.values() if f"@{n.name}" in typed)

    # --- what they do ---

    async def _command(self, person: Someone) -> None:
        name = self.dice.choice([*self.hone.router.specs, *("improve",) * 6, "improov"])
        spec = self.hone.router.specs.get(name)
        verb = self.dice.choice(["", *spec.verbs]) if spec and spec.verbs else ""
        rest = after(self.dice, f"{name} {verb}".strip(), self.mark(person), self._number // 4)
        typed = clean(f"{verb} {rest}").strip()
        await self.act(person, Command(name, typed, self._named(typed)))

    async def _click(self, person: Someone) -> None:
        """Press what was pressed least among all that is in sight."""
        buttons: dict[str, list[Button]] = defaultdict(list)
        for card in self.in_sight(person):
            for button in buttons_of(card):
                buttons[name_of(button.action)].append(button)
        if not buttons:
            return await self._command(person)
        names = list(buttons)
        [name] = self.dice.choices(names, [1 / (1 + self.pressed[each]) for each in names])
        self.pressed[name] += 1
        if name.endswith("cancel") and self.dice.random() < 0.7:
            return None
        button = self.dice.choice(buttons[name])
        outcome = await self.act(person, Click(button.action))
        if outcome.ask and not button.opens_form:
            raise Broken(f"{name} opens a form and does not say so")
        return None

    def in_sight(self, person: Someone) -> list[Card]:
        shown = self.hone.platform.messages.values()
        here = [
            message.card
            for message in shown
            if message.to.workspace == person.workspace
            and message.to.channel == person.place.channel
        ]
        return [*here[-6:], *self._private[self._whose(person)]]

    async def _fill(self, person: Someone) -> None:
        """Send the form that is open, or the one that its answer opens, and so on."""
        if not self._open:
            return await self._click(person)
        person, form = self._open.pop(self.dice.choice(list(self._open)))
        if self.dice.random() < 0.06:
            return None  # closed
        await self.fills(person, form)
        return None

    async def fills(self, person: Someone, form: Form) -> Any:
        """Send a form until nothing is asked any more: what was wrong is put right, or tried."""
        wrong: Collection[str] = ()
        outcome = None
        for _ in range(FORMS_IN_A_ROW):
            outcome = await self.act(person, self._filled(person, form, wrong))
            if not outcome.ask:
                return outcome
            form, wrong = outcome.ask.form, outcome.ask.errors
        self._open.pop(self._whose(person), None)
        return outcome

    def _filled(self, person: Someone, form: Form, wrong: Collection[str]) -> Submission:
        # Whoever owns an item may read it: outsiders are given none, so that they read no others'.
        known = [Named(p.who.id, p.who.name) for p in self.people if not p.who.is_outside]
        given = answers(self.dice, form, self.mark(person), known, self.hone.now, only=wrong)
        also = [] if wrong else [each.action for each in form.also]
        action = self.dice.choice([form.submit, form.submit, form.submit, *also])
        return Submission(action, Answers(given), self.hone.known(form, given))

    async def _keeps_at_it(self, person: Someone) -> None:
        """Press one thing after the other, and fill in what opens: what leads somewhere does."""
        for _ in range(PRESSES_IN_A_ROW):
            self.hone.now += timedelta(seconds=5)
            await self._click(person)
            if opened := self._open.pop(self._whose(person), None):
                await self.fills(*opened)

    async def _wait(self, person: Someone) -> None:
        hours = self.dice.choice((0.1, 1, 3, 9, 23, 24, 48, 24 * 7, 24 * 7, 24 * 15))
        self.hone.now += timedelta(hours=hours)
        await self.hone.do_what_is_due()

    async def _says(self, person: Someone) -> None:
        words = ("yes", "no", "skip", "back", "cancel", "thanks", "3 days", "Friday", "#1", "me")
        said = self.dice.choice((*words, sentence(self.dice, self.mark(person))))
        await self.act(person.alone(), Said(said or "x", self._named(said)))

    async def _shortcut(self, person: Someone) -> None:
        quote = self.dice.choice((None, Quote(sentence(self.dice, self.mark(person)), "Ann", "")))
        shortcuts = [*self.hone.router._shortcuts, "of an older version"]
        await self.act(person, Shortcut(self.dice.choice(shortcuts), quote))

    async def _opens(self, person: Someone) -> None:
        intent = Opened(self.dice.random() < 0.5) if self.dice.random() < 0.8 else Joined()
        await self.act(person.alone() if isinstance(intent, Opened) else person, intent)

    async def _forges(self, person: Someone) -> None:
        """Send what no card ever held: any action with any number."""
        kind: Any = self.dice.choice([*self.hone.router._actions])
        hints = get_type_hints(kind)
        values: dict[object, Any] = {
            int: self.dice.choice((0, 1, 2, 3, -1, 2**31)),
            str: self.dice.choice(("1", "", "x" * 200, "team", "csv")),
            bool: self.dice.random() < 0.5,
        }
        action = kind(**{f.name: values[hints[f.name]] for f in fields(kind)})
        given = Answers({"title": (sentence(self.dice, self.mark(person)),)})
        await self.act(
            person, Click(action) if self.dice.random() < 0.5 else Submission(action, given)
        )
        self._open.pop(self._whose(person), None)

    async def _haunts(self, person: Someone) -> None:
        """Act without a name only: nothing may ever lead to this one."""
        ghost = Person(GHOST, GHOST.title(), "Pacific/Chatham", "xx", "member")
        at = Place(self.dice.choice(CHANNELS))
        haunting = Someone(self.hone, ghost, at, ACME)
        typed = f"{self.dice.choice(WORRIES)} {self.mark(haunting)} --anon"
        await self.act(haunting, Command("improve", typed))
        outcome = await self.act(haunting, Click(OpenNotes(self.dice.randint(1, 9))))
        if outcome.ask:
            given = answers(self.dice, outcome.ask.form, self.mark(haunting), (), self.hone.now)
            given |= {"unsigned": ("on",), "signed": ()}
            await self.act(haunting, Submission(outcome.ask.form.submit, Answers(given)))

    async def _twice(self, person: Someone) -> None:
        """Deliver the same thing twice: the second time counts nothing."""
        key = self.hone.next_key()
        intent = Command("improve", f"{self.dice.choice(WORRIES)} {self.mark(person)}")
        first = await self.act(person, intent, key)
        if not first.refused and not (await self.act(person, intent, key)).repeated:
            raise Broken("counted twice")

    async def _trouble(self, person: Someone) -> None:
        self.hone.platform.failures.append(
            self.dice.choice((Throttled(30, "channel"), Unsure("no answer"), Throttled(1, "call")))
        )

    async def begin(self) -> None:
        """Let everybody be known, each with something to improve."""
        for each in self.people:
            self.hone.now += timedelta(seconds=5)
            words = f"{self.dice.choice(WORRIES)} {self.mark(each)}"
            await self.act(each, Command("improve", words))
