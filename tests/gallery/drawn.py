"""A specimen as each platform is sent it, and as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.cards import Card, Choice, Form, Input, Note, Upload, plain
from bot.local.forms import form_html
from bot.local.people import PEOPLE
from bot.local.render import card_html
from bot.slack.forms import Origin, modal
from bot.slack.render import home, message
from bot.teams.forms import draw_form
from bot.teams.render import render
from bot.twins import twin
from tests.gallery.specimen import Specimen

Json = dict[str, Any]

ZONE = "Europe/Berlin"
LINE_CHARS = 100
"""JSON that fits into a line stands in one: a card is read, and so are its changes."""


def as_slack(specimen: Specimen) -> Json:
    match specimen.what:
        case Card() as card:
            return message(card)
        case Form() as form:
            return modal(form, Origin(channel="C0DEV"), specimen.errors)


def as_home(specimen: Specimen) -> Json:
    assert isinstance(specimen.what, Card)
    return home(specimen.what)


def as_teams(specimen: Specimen) -> Json:
    match specimen.what:
        case Card() as card:
            return render(card)
        case Form() as form:
            return draw_form(form, specimen.errors, "nonce")


def as_local(specimen: Specimen) -> str:
    match specimen.what:
        case Card() as card:
            return _lines(card_html(card, ZONE, "card"))
        case Form() as form:
            return _lines(form_html(form, specimen.errors, PEOPLE, ZONE, "nonce"))


def as_text(specimen: Specimen) -> str:
    """Return the card as a screen reader says it, or the form as a list of what it asks."""
    match specimen.what:
        case Card() as card:
            return f"{card.summary}\n\n{twin(card)}\n"
        case Form() as form:
            return "\n".join(_asked(form, specimen.errors)) + "\n"


def _asked(form: Form, errors: Any) -> Iterator[str]:
    yield f"{form.title}\n"
    if error := errors.get(""):
        yield f"! {error}"
    for field in form.fields:
        if isinstance(field, Note):
            yield plain(field.text.spans)
            continue
        stands = field.value if isinstance(field, Input) else ""
        options = " / ".join(o.label for o in field.options) if isinstance(field, Choice) else ""
        yield f"{field.label}: {stands or options}".rstrip()
        if isinstance(field, Upload):
            yield f"  {field.hint} {field.elsewhere}"
        if error := errors.get(field.id):
            yield f"  ! {error}"
    yield " ".join(f"[{label}]" for label in (form.submit_label, *(a.label for a in form.also)))


def _lines(markup: str) -> str:
    return markup.replace("><", ">\n<") + "\n"


def readable(node: Any, indent: int = 0) -> str:
    """Return the JSON with what is short in one line and the rest one part a line."""
    flat = json.dumps(node, ensure_ascii=False)
    if not isinstance(node, dict | list) or indent + len(flat) <= LINE_CHARS:
        return flat
    inside = indent + 2
    if isinstance(node, dict):
        parts = [f"{json.dumps(key)}: {readable(part, inside)}" for key, part in node.items()]
        start, end = "{}"
    else:
        parts = [readable(part, inside) for part in node]
        start, end = "[]"
    line = "\n" + " " * inside
    return start + line + f",{line}".join(parts) + "\n" + " " * indent + end
