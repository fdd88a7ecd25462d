"""Forms as HTML: one label and one place for an error per field, sent by the page's script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import assert_never

from bot.cards import Choice, Day, Field, Form, Input, Note, Option, Pick, Toggle, Upload
from bot.local.html import Html, join, tag
from bot.local.render import text_html
from bot.wire import encode

CHIPS_MAX = 10
CHIP_MAX_CHARS = 18
"""A choice among few short answers is laid out whole; a longer one becomes a list to open."""


NO_ANSWER = Option("None", "")
"""A chip, once chosen, could not be taken back otherwise."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every field needs to know of its form."""

    errors: Mapping[str, str]
    people: Sequence[Option]
    zone: str


def form_html(
    form: Form, errors: Mapping[str, str], people: Sequence[Option], zone: str, nonce: str
) -> Html:
    """Return the form with its errors, to stand in a dialog.

    `people` is who a `Pick` offers, `zone` the reader's. `nonce` names this showing of the form:
    sent twice, it counts once.
    """
    asked = _Asked(errors, people, zone)
    also = (
        tag("button", other.label, type="submit", class_="button", value=encode(other.action))
        for other in form.also
    )
    return tag(
        "form",
        tag(
            "header",
            tag("h2", form.title, id="form-title"),
            tag("button", "×", type="button", class_="close", data_close=True, aria_label="Close"),
        ),
        tag(
            "div",
            _whole_form_error(form, errors),
            _about(form, zone),
            *(_field(field, asked) for field in form.fields[_notes(form) :]),
            class_="fields",
        ),
        tag(
            "footer",
            tag("button", "Close", type="button", class_="button quiet", data_close=True),
            *also,
            tag(
                "button",
                form.submit_label,
                type="submit",
                class_="button primary",
                value=encode(form.submit),
            ),
        ),
        novalidate=True,  # errors come from the rules themselves, beside their field
        data_nonce=nonce,
        aria_labelledby="form-title",
    )


def _notes(form: Form) -> int:
    """Return how many notes open the form."""
    return sum(1 for _ in takewhile(lambda field: isinstance(field, Note), form.fields))


def _about(form: Form, zone: str) -> Html:
    """Return the notes that open a form: its dialog is described by them."""
    opening = [field for field in form.fields[: _notes(form)] if isinstance(field, Note)]
    notes = (text_html(note.text, zone) for note in opening)
    return tag("div", *notes, class_="about-form", id="form-about") if opening else Html()


def _whole_form_error(form: Form, errors: Mapping[str, str]) -> Html:
    """Return what concerns no single field, and what names a field this form does not show."""
    shown = {field.id for field in form.fields if not isinstance(field, Note)}
    sentences = [sentence for field_id, sentence in errors.items() if field_id not in shown]
    return tag("p", " ".join(sentences), class_="error", role="alert", hidden=not sentences)


def _field(field: Field, asked: _Asked) -> Html:
    match field:
        case Note(text):
            return text_html(text, asked.zone)
        case Input():
            return _labelled(field, asked, _input(field, asked), field.optional)
        case Day():
            day = _control(
                "input",
                field.id,
                asked,
                hint=bool(field.hint),
                type="date",
                value=field.value.isoformat() if field.value else None,
                aria_required=_required(field.optional),
            )
            return _labelled(field, asked, day, field.optional)
        case Toggle():
            return _toggle(field, asked)
        case Choice():
            return _choice(field, field.options, asked)
        case Pick():
            return _choice(field, asked.people, asked)
        case Upload():
            endings = ",".join(f".{ending}" for ending in field.endings)
            upload = _control(
                "input", field.id, asked, hint=bool(field.hint), type="file", accept=endings or None
            )
            return _labelled(field, asked, upload, optional=True)
        case _:
            assert_never(field)


def _input(field: Input, asked: _Asked) -> Html:
    hint = bool(field.hint)
    required, holder = _required(field.optional), field.placeholder or None
    # No maxlength: a browser would cut a pasted text without a word.
    if field.multiline:
        # A browser swallows a line break right after the opening tag.
        value = f"\n{field.value}"
        return _control(
            "textarea", field.id, asked, value, hint=hint, rows=4, placeholder=holder,
            aria_required=required, data_max=field.max_chars,
        )  # fmt: skip
    kind, fill = ("password", "new-password") if field.is_secret else ("text", "off")
    return _control(
        "input", field.id, asked, hint=hint, type=kind, value=field.value, placeholder=holder,
        autocomplete=fill, aria_required=required, data_max=field.max_chars,
    )  # fmt: skip


def _control(
    name: str, field_id: str, asked: _Asked, *children: str, hint: bool, **more: str | int | None
) -> Html:
    """Return an input that names its hint and its error."""
    return tag(
        name,
        *children,
        id=_dom(field_id),
        name=field_id,
        aria_describedby=_described_by(field_id, asked, hint),
        aria_invalid="true" if asked.errors.get(field_id) else None,
        **more,
    )


def _labelled(
    field: Input | Day | Choice | Pick | Upload, asked: _Asked, control: Html, optional: bool
) -> Html:
    return tag(
        "div",
        tag("label", _name(field.label, optional), for_=_dom(field.id)),
        _hint(field.id, field.hint),
        control,
        _error(field.id, asked),
        class_="field",
        data_field=field.id,
    )


def _toggle(field: Toggle, asked: _Asked) -> Html:
    box = _control(
        "input",
        field.id,
        asked,
        hint=bool(field.hint),
        type="checkbox",
        value="on",
        checked=True if field.on else None,
    )
    return tag(
        "div",
        tag("label", box, tag("span", field.label), class_="tick"),
        _hint(field.id, field.hint),
        _error(field.id, asked),
        class_="field",
        data_field=field.id,
    )


def _choice(field: Choice | Pick, options: Sequence[Option], asked: _Asked) -> Html:
    """Return ticks for several answers, chips for one of few short ones, else a list to open."""
    if field.many:
        return _group(field, options, asked, "checkbox", "ticks")
    short = all(len(option.label) <= CHIP_MAX_CHARS for option in options)
    if short and len(options) <= CHIPS_MAX:
        at_once = isinstance(field, Choice) and field.at_once
        return _group(field, options, asked, "radio", "chips", "chips row" if at_once else "")
    choices = (
        tag("option", option.label, value=option.value, selected=option.value in field.chosen)
        for option in options
    )
    nobody = tag("option", "—" if field.optional else "Choose one", value="")
    select = _control(
        "select",
        field.id,
        asked,
        nobody,
        *choices,
        hint=bool(field.hint),
        aria_required=_required(field.optional),
    )
    return _labelled(field, asked, select, field.optional)


def _group(
    field: Choice | Pick,
    options: Sequence[Option],
    asked: _Asked,
    kind: str,
    look: str,
    group: str = "",
) -> Html:
    chosen = field.chosen
    if kind == "radio" and field.optional:
        options = (NO_ANSWER, *options)
        chosen = chosen or (NO_ANSWER.value,)
    marks = (
        tag(
            "label",
            tag(
                "input",
                type=kind,
                name=field.id,
                value=option.value,
                checked=option.value in chosen,
                id=_dom(field.id) if index == 0 else None,
            ),
            tag("span", option.label),
            class_=look.removesuffix("s"),
        )
        for index, option in enumerate(options)
    )
    return tag(
        "fieldset",
        tag("legend", _name(field.label, field.optional)),
        _hint(field.id, field.hint),
        tag("div", *marks, class_=group or look),
        _error(field.id, asked),
        class_="field",
        data_field=field.id,
        role="radiogroup" if kind == "radio" else None,
        aria_required=_required(field.optional) if kind == "radio" else None,
        aria_invalid="true" if kind == "radio" and asked.errors.get(field.id) else None,
        aria_describedby=_described_by(field.id, asked, bool(field.hint)),
    )


def _name(label: str, optional: bool) -> Html:
    return join(label, tag("span", " (optional)", class_="optional")) if optional else join(label)


def _hint(field_id: str, hint: str) -> Html:
    return tag("p", hint, id=f"{_dom(field_id)}-hint", class_="hint") if hint else Html()


def _error(field_id: str, asked: _Asked) -> Html:
    sentence = asked.errors.get(field_id)
    return tag("p", sentence, id=f"{_dom(field_id)}-error", class_="error") if sentence else Html()


def _described_by(field_id: str, asked: _Asked, hint: bool) -> str | None:
    names = [f"{_dom(field_id)}-hint"] if hint else []
    if asked.errors.get(field_id):
        names.append(f"{_dom(field_id)}-error")
    return " ".join(names) or None


def _required(optional: bool) -> str | None:
    return None if optional else "true"


def _dom(field_id: str) -> str:
    """Return the field's id in the page, apart from the ids the page itself uses."""
    return f"field-{field_id}"
