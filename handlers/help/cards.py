"""What Hone says about itself: short enough for a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import assert_never

from bot.cards import Bold, Card, Code, Node, Span, heading, says, subtle, text
from bot.feature import CommandSpec
from handlers.phrases import shortened
from handlers.smalltalk import SmallTalk

SAID_SHOWN_CHARS = 60
WORD_SHOWN_CHARS = 40

HOW_TO_ASK = "In a channel, begin with my name: @Hone. Alone with me, just type."


def every_command(specs: Mapping[str, CommandSpec]) -> Card:
    """Draw every command with an example, its verbs named beside it."""
    nodes: list[Node] = [heading("What you can type")]
    for name, spec in specs.items():
        nodes.append(text(Bold(spec.summary), ": ", Code(spec.example), f" {spec.what}"))
        if spec.verbs:
            nodes.append(subtle(f"Also: {', '.join(f'{name} {verb}' for verb in spec.verbs)}"))
    nodes.append(subtle(HOW_TO_ASK))
    return Card("What you can type", tuple(nodes))


def one_command(name: str, spec: CommandSpec) -> Card:
    """Draw one command in detail: what it does alone, then each verb."""
    nodes: list[Node] = [heading(f"{name}: {spec.summary}"), _line(spec.example, spec.what)]
    nodes += [_line(verb.example, verb.what) for verb in spec.verbs.values()]
    nodes += spec.notes
    return Card(f"{name}: {spec.summary}", tuple(nodes))


def _line(example: str, what: str) -> Node:
    return text(Code(example), f" {what}")


def unknown(name: str, nearest: str) -> Card:
    shown = shortened(name, WORD_SHOWN_CHARS)
    if nearest:
        return says("I don't know ", Code(shown), "; nearest: ", Code(f"help {nearest}"), ".")
    return says("I don't know ", Code(shown), ". See all I know: ", Code("help"), ".")


def no_command(typed: str, nearest: str) -> Card:
    """Answer plain words with a line that saves them, or with the command they look like."""
    if re.fullmatch(r"#\d{1,9}", typed.strip()):
        return says("To see what happened to it: ", Code(f"backlog {typed.strip()}"))
    spans: list[Span] = ["I didn't catch a command."]
    if nearest:
        spans += [" Did you mean ", Code(nearest), "?"]
    if line := shortened(typed, SAID_SHOWN_CHARS):
        spans += [" To save it: ", Code(f"improve {line}")]
    else:
        spans += [" See what I know: ", Code("help")]
    return says(*spans)


def friendly(kind: SmallTalk) -> Card:
    """Answer small talk; who asks what Hone is gets its first words again."""
    match kind:
        case "thanks":
            return says("You are welcome.")
        case "greeting":
            return says(
                "Hello! Tell me in a sentence what should get better, and I offer to save it. ",
                Code("help"),
                " shows all I know.",
            )
        case "question":
            return welcome("")
    assert_never(kind)


def welcome(added_by: str) -> Card:
    """Draw the first words in a workspace: who brought Hone, and three things to try."""
    thanks = f"{added_by} added me. " if added_by else ""
    return Card(
        "Hello, I am Hone. I help this team refine its backlog where it talks.",
        (
            heading("Hello, I am Hone"),
            text(thanks, "I help this team refine its backlog where it talks. Three first steps:"),
            text("1. Log what should get better: ", Code("improve Estimation runs long")),
            text("2. Vote on it together, blind until the reveal: ", Code("wsjf #1")),
            text("3. See what comes next: ", Code("backlog")),
            subtle(HOW_TO_ASK, " ", Code("help"), " shows all I know."),
        ),
    )
