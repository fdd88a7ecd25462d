"""The stage without a platform: cards and forms as plain values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Literal

from bot.cards import Card, Form, Note, plain, twin
from bot.router import Outcome
from bot.turn import Named, Opened, Quote, home_of
from bot.words import read_command
from storage import Database
from tests.hone import WORKSPACE, FakePlatform, Hone, Someone, shown_answers
from tests.stages.stage import ZONE, Answer, Clock, Player, Stage, Written


class PlainStage(Stage):
    workspace = WORKSPACE
    channel = "refinement"

    def __init__(self, database: Database, before: PlainStage | None = None) -> None:
        super().__init__(database, before.clock if before else Clock())
        self.platform: FakePlatform = before.platform if before else FakePlatform()
        self.connect(self.platform)
        self.whispers: list[str] = []
        self.hone = _OnStage(self)
        if before:
            self.hone._keys = before.hone._keys

    def person(
        self, name: str, team: str = "", role: Literal["member", "guest"] = "member"
    ) -> PlainPlayer:
        channel = team or self.channel
        return PlainPlayer(self, self.hone.person(name, channel=channel, zone=ZONE, role=role))

    def guest(self, name: str) -> PlainPlayer:
        return self.person(name, role="guest")

    @asynccontextmanager
    async def replica(self, database: Database) -> AsyncIterator[PlainStage]:
        stage = PlainStage(database, self)
        yield stage
        await stage.outbox.stop(0)

    def shown(self) -> list[str]:
        messages = self.platform.messages.values()
        return [f"{card.summary}\n{twin(card)}" for m in messages for card in m.cards] + (
            self.whispers
        )


class _OnStage(Hone):
    """The plain driver, on the stage's own clock and machinery."""

    def __init__(self, stage: PlainStage) -> None:
        super().__init__(stage.database)
        self._stage = stage
        self.router, self.platform = stage.router, stage.platform
        self.now = stage.clock.now

    async def settle(self) -> None:
        await self._stage.settle()
        self.now = self._stage.clock.now


class PlainPlayer:
    def __init__(self, stage: PlainStage, someone: Someone) -> None:
        self._stage = stage
        self._someone = someone

    @property
    def id(self) -> str:
        return self._someone.who.id

    @property
    def name(self) -> str:
        return self._someone.who.name

    @property
    def called(self) -> str:
        return self.name

    def alone(self) -> PlainPlayer:
        return PlainPlayer(self._stage, self._someone.alone())

    # --- doing ---

    async def chats(self, text: str) -> None:
        if read_command(text)[0] in self._stage.router.commands:
            await self.says(text)
        else:
            self._began()
            self._heard(await self._someone.chats(text))

    async def says(self, line: str, *mentions: Player) -> None:
        self._began()
        self._heard(await self._someone.says(line, *(Named(p.id, p.called) for p in mentions)))

    async def writes(self, text: str) -> Written:
        return Written("1", text, self.name, "https://chat.test/refinement/1")

    async def opens_page(self) -> Player:
        alone = self._someone.alone()
        await alone.acts(Opened(empty=True))
        return _AtPage(self._stage, alone)

    async def logs(self, message: Written) -> None:
        self._began()
        quote = Quote(message.text, message.author, message.link)
        self._heard(await self._someone.uses("log_improvement", quote))

    async def clicks(self, label: str) -> None:
        self._began()
        self._heard(await self._someone.clicks(label))

    async def fills(self, answers: Mapping[str, Answer], press: str = "") -> None:
        self._began()
        given = {field: _texts(answer) for field, answer in answers.items()}
        self._heard(await self._someone.fills(given, press))

    # --- seeing ---

    async def sees(self) -> str:
        here = self._stage.platform.in_channel(self._someone.place.channel)
        return "\n".join(shown.text for shown in here)

    @property
    def told(self) -> str:
        return self._someone.told

    @property
    def form(self) -> str:
        form = self._someone.form
        return "\n".join([*_form_words(form), *self._someone.errors.values()]) if form else ""

    def standing(self, field: str) -> str:
        assert self._someone.form is not None, "no form is open"
        return ",".join(shown_answers(self._someone.form)[field])

    def _began(self) -> None:
        self._someone.hone.now = self._stage.clock.now

    def _heard(self, outcome: Outcome) -> None:
        self._stage.whispers += [twin(whisper.card) for whisper in outcome.whispers]


class _AtPage(PlainPlayer):
    """The same person before their own page."""

    @property
    def _page(self) -> Card:
        return self._stage.platform.in_channel(home_of(self.id))[-1].card

    async def clicks(self, label: str) -> None:
        self._began()
        self._heard(await self._someone.clicks(label, on=self._page))

    async def sees(self) -> str:
        return twin(self._page)


def _texts(answer: Answer) -> tuple[str, ...]:
    match answer:
        case None | False | "":
            return ()
        case True:
            return ("on",)
        case str():
            return (answer,)
        case _:
            return answer


def _form_words(form: Form) -> list[str]:
    lines = [form.title]
    for field in form.fields:
        lines.append(plain(field.text.spans) if isinstance(field, Note) else field.label)
    return [*lines, f"[{form.submit_label}]", *(f"[{also.label}]" for also in form.also)]


@asynccontextmanager
async def plain_stage(database: Database) -> AsyncIterator[PlainStage]:
    stage = PlainStage(database)
    yield stage
    await stage.outbox.stop(0)
