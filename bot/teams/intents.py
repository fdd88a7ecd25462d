"""Turn a delivery into what a person did."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from bot.cards import Button, Buttons, Card, Form, text
from bot.teams.read import Delivery, replied_to, spoken
from bot.turn import Command, Named, Said
from bot.wire import Action, NotOnTheWire, Stale, Wire, action, encode
from bot.words import heard


@action("teams.command")
@dataclass(frozen=True, slots=True)
class RunCommand(Action):
    """A typed command, on a button: Teams opens a form only when a button is pressed."""

    name: str
    text: str
    mentions: str = "[]"


OWN_WIRE = Wire([RunCommand])


def said(delivery: Delivery, commands: Collection[str]) -> Command | Said:
    """Read a message to Hone."""
    quote = replied_to(delivery.body)
    words, mentions = spoken(delivery.body, delivery.bot, quoting=quote is not None)
    return heard(words, mentions, commands, quote)


def meant(coded: str, *wires: Wire) -> Action:
    """Read a button's action; Stale for one that no longer exists."""
    for known in wires:
        try:
            return known.decode_action(coded)
        except NotOnTheWire:
            continue
    return Stale()


def command_of(run: RunCommand) -> Command:
    """Return the command that a launcher's button stands for."""
    try:
        pairs = [(str(id), str(name)) for id, name in json.loads(run.mentions)]
    except (ValueError, TypeError, RecursionError):
        pairs = []
    return Command(run.name, run.text, tuple(Named(id, name) for id, name in pairs))


def launcher(command: Command, form: Form) -> Card:
    """Return the card that opens the form a typed command asks for."""
    named = json.dumps([(person.id, person.name) for person in command.mentions])
    run = RunCommand(command.name, command.text, named)
    try:
        encode(run)
    except ValueError:  # too long for a button: the words stay in the person's own message
        run = RunCommand(command.name, "")
    press = Button(form.title, run, "primary", opens_form=True)
    return Card(form.title, (text("One more step: the form opens here."), Buttons((press,))))
