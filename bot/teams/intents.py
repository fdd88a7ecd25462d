"""Turn a delivery into what a person did."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from bot.cards import Button, Buttons, Card, Form, text
from bot.teams.read import Delivery, replied_to, spoken
from bot.turn import Command, Named, Said, Thing
from bot.wire import Action, Wire, action, encode
from bot.words import heard


@action("teams.command")
@dataclass(frozen=True, slots=True)
class RunCommand(Action):
    """A typed command, on a button: Teams opens a form only when a button is pressed."""

    name: str
    text: str
    mentions: str = "[]"
    things: str = "[]"


OWN_WIRE = Wire([RunCommand])


def intent_of(delivery: Delivery, commands: Collection[str]) -> Command | Said:
    """Read a message to Hone."""
    quote = replied_to(delivery.body)
    pieces, mentions, things = spoken(delivery.body, delivery.bot, quoting=quote is not None)
    return heard(pieces, mentions, commands, quote, things)


def command_of(run: RunCommand) -> Command:
    """Return the command that a launcher's button stands for."""
    people = tuple(Named(id, name) for id, name in _pairs(run.mentions))
    things = tuple(Thing(id, name, "group") for id, name in _pairs(run.things))
    return Command(run.name, run.text, people, things=things)


def _pairs(coded: str) -> list[tuple[str, str]]:
    try:
        return [(str(id), str(name)) for id, name in json.loads(coded)]
    except (ValueError, TypeError, RecursionError):
        return []


def launcher(command: Command, form: Form) -> Card:
    """Return the card that opens the form a typed command asks for."""
    people, things = (
        json.dumps([(each.id, each.name) for each in named])
        for named in (command.mentions, command.things)
    )
    run = RunCommand(command.name, command.text, people, things)
    try:
        encode(run)
    except ValueError:  # too long for a button: the words stay in the person's own message
        run = RunCommand(command.name, "")
    press = Button(form.title, run, "primary", opens_form=True)
    return Card(form.title, (text("One more step: the form opens here."), Buttons((press,))))
