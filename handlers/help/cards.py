"""What Hone says about itself: short enough for a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from bot.cards import (
    Bold,
    Card,
    Code,
    Node,
    Span,
    Text,
    Typed,
    heading,
    says,
    subtle,
    text,
)
from bot.feature import CommandSpec
from handlers.orders.glossary import Term
from handlers.orders.synonyms import Hint
from handlers.phrases import shortened
from handlers.smalltalk import SmallTalk

SAID_SHOWN_CHARS = 60
WORD_SHOWN_CHARS = 40

HOW_TO_ASK = "In a channel, begin with my name: @Hone. Alone with me, just type."


def every_command(specs: Mapping[str, CommandSpec]) -> Card:
    """Draw every command with an example, its verbs named beside it."""
    nodes: list[Node] = [heading("What you can type")]
    for name, spec in specs.items():
        nodes.append(text(Bold(spec.summary), ": ", Typed(spec.example), f" {spec.what}"))
        if spec.verbs:
            verbs = [span for verb in spec.verbs for span in (", ", Typed(f"{name} {verb}"))]
            nodes.append(subtle("Also: ", *verbs[1:]))
    nodes.append(subtle(HOW_TO_ASK))
    return Card("What you can type", tuple(nodes))


def one_command(name: str, spec: CommandSpec) -> Card:
    """Draw one command in detail: what it does alone, then each verb."""
    nodes: list[Node] = [heading(Typed(name), f": {spec.summary}"), _line(spec.example, spec.what)]
    nodes += [_line(verb.example, verb.what) for verb in spec.verbs.values()]
    nodes += spec.notes
    return Card(f"{name}: {spec.summary}", tuple(nodes))


def _line(example: str, what: str) -> Node:
    return text(Typed(example), f" {what}")


def one_term(term: Term) -> Card:
    """Draw what a word of the field means, and where to see it."""
    return Card(
        f"{term.name}: {term.meaning}",
        (text(Bold(f"{term.name}: "), term.meaning), subtle("To see more: ", Typed(term.see))),
    )


def one_hint(hint: Hint, number: int) -> Card:
    """Draw what a word is here that is no command; `number` is the item that was named."""
    lines = [line.replace("#14", f"#{number}") for line in hint.lines]
    nodes: list[Node] = [text(hint.sentence)]
    nodes += [text(Typed(line)) for line in lines]
    nodes.append(subtle(Typed("help"), " shows all I know."))
    return Card(f"{hint.sentence} {lines[0]}", tuple(nodes))


def one_line(words: str, line: str) -> Card:
    """Tell what to type for a word that other tools have."""
    shown = shortened(words, WORD_SHOWN_CHARS)
    return says(f"“{shown}” is here: ", Typed(line), ". See all I know: ", Typed("help"), ".")


def unknown(name: str, nearest: str) -> tuple[Span, ...]:
    """Say that a word is unknown; the nearest one and help lead on."""
    shown = shortened(name, WORD_SHOWN_CHARS)
    if nearest:
        return "I don't know ", Code(shown), "; nearest: ", Typed(f"help {nearest}"), "."
    return "I don't know ", Code(shown), ". See all I know: ", Typed("help"), "."


def no_command(typed: str, nearest: str) -> Card:
    """Answer plain words with a line that saves them, or with the command they look like."""
    spans: list[Span] = ["I didn't catch a command."]
    if nearest:
        spans += [" Did you mean ", Typed(nearest), "?"]
    if line := shortened(typed, SAID_SHOWN_CHARS):
        spans += [" To save it: ", Typed(f"improve {line}"), "."]
    return says(*spans, " See what I know: ", Typed("help"))


def friendly(kind: SmallTalk) -> Card:
    """Answer small talk; who asks what Hone is gets its first words again."""
    match kind:
        case "thanks":
            return says("You are welcome.")
        case "greeting":
            return says(
                "Hello! Tell me in a sentence what should get better, and I offer to save it. ",
                Typed("help"),
                " shows all I know.",
            )
        case "question":
            return hello_here("")
        case "yes" | "no":
            return says(
                "Nothing of mine waits for a yes or no from you here. ",
                Typed("help"),
                " shows what I know.",
            )
    assert_never(kind)


def hello_here(added_by: str) -> Card:
    """Draw the first words in a channel, in three lines."""
    who = f"Hello, I am Hone. {added_by} added me." if added_by else "Hello, I am Hone."
    return Card(
        f"{who} I help this team refine its backlog where it talks.",
        (
            text(Bold(who), " I help this team refine its backlog where it talks."),
            _first_steps(),
            subtle(HOW_TO_ASK, " ", Typed("help"), " shows all I know."),
        ),
    )


def hello_to(name: str) -> Card:
    """Draw the first words to a person alone, in three lines."""
    first = f"Hello {name.split()[0]}, I am Hone." if name.split() else "Hello, I am Hone."
    return Card(
        f"{first} Here you talk with me alone.",
        (
            text(Bold(first), " Here you talk with me alone; nobody else reads it."),
            _first_steps(),
            subtle("What waits for you: ", Typed("me"), ". ", Typed("help"), " shows all I know."),
        ),
    )


def _first_steps() -> Text:
    return text(
        "Log what should get better: ",
        Typed("improve Estimation runs long"),
        " · vote on it, blind until the reveal: ",
        Typed("wsjf #1"),
        " · see what comes next: ",
        Typed("backlog"),
    )
