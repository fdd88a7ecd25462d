"""Forms as Slack modals, and what a form does when the person sent it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, assert_never

from bot.cards import (
    Bold,
    Choice,
    Day,
    Field,
    Form,
    Input,
    Note,
    Option,
    Pick,
    Toggle,
    Upload,
    text,
)
from bot.slack.limits import (
    BLOCK_ID_MAX_CHARS,
    CHECKBOXES_MAX_OPTIONS,
    HINT_MAX_CHARS,
    INPUT_MAX_CHARS,
    LABEL_MAX_CHARS,
    MENU_MAX_OPTIONS,
    MODAL_BUTTON_MAX_CHARS,
    MODAL_MAX_BLOCKS,
    MODAL_TITLE_MAX_CHARS,
    OPTION_LABEL_MAX_CHARS,
    OPTION_VALUE_MAX_CHARS,
    PLACEHOLDER_MAX_CHARS,
    PRIVATE_METADATA_MAX_CHARS,
    fits,
    short,
)
from bot.slack.render import actions, button, text_blocks
from bot.slack.spans import Json, is_person_id, plain_text, typed
from bot.typed import spelled_text
from bot.wire import encode

CALLBACK_ID = "hone.form"
FIELD_ACTION = "answer"
"""`action_id` of every field: Slack keeps what was typed only while block and action ids stay."""

ALSO_ACTION = "hone.also"
ERROR_BLOCK = "hone.error"

RADIO_MAX_OPTIONS = 4
RADIO_LIMIT_OPTIONS = 10
"""So many Slack takes; more than four make a form long, so only where they are wanted at once."""

"""Up to here choices stand open; more of them take less room as a menu."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was opened, carried in the modal because Slack does not repeat it.

    `nonce` names this one form: a second sending of it is the same delivery. `reply` is the
    `response_url` of the interaction, or empty. `whispered` tells that a private card opened it,
    `home` that it was opened in the Home tab.
    """

    channel: str = ""
    thread: str | None = None
    private: bool = False
    post: str | None = None
    reply: str = ""
    whispered: bool = False
    nonce: str = ""
    home: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What a modal brings back: the encoded action to submit, and where it was opened."""

    submit: str
    origin: Origin


def modal(
    form: Form, origin: Origin, errors: Mapping[str, str] | None = None, *, files: bool = True
) -> Json:
    """Return the view for `views.open` and `views.update`; raises TooBig past a limit.

    Errors given here stand in a note on top. Errors at their fields are Slack's `errors` answer.
    Without `files` a note stands where files are asked for.
    """
    _check_ids(form)
    blocks = [
        *_error_note(form, errors or {}),
        *(block for field in form.fields for block in _field(field, files)),
        *_also(form),
    ]
    fits("blocks of a form", len(blocks), MODAL_MAX_BLOCKS)
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": carry(encode(form.submit), origin),
        "title": plain_text(short("form title", form.title, MODAL_TITLE_MAX_CHARS)),
        "submit": plain_text(short("submit label", form.submit_label, MODAL_BUTTON_MAX_CHARS)),
        "close": plain_text("Cancel"),
        "blocks": blocks,
    }


def still_open(view: Mapping[str, Any], sentence: str) -> Json:
    """Return the view a person sent, as they filled it, under a sentence saying what was wrong."""
    kept = [
        block
        for block in view.get("blocks", ())
        if not str(block.get("block_id", "")).startswith(ERROR_BLOCK)
    ]
    note = [block | {"block_id": f"{ERROR_BLOCK}.0"} for block in text_blocks(text("⚠ ", sentence))]
    again = {key: view[key] for key in _RESENT if view.get(key)}
    return again | {"blocks": [*note, *kept]}


_RESENT = ("type", "callback_id", "private_metadata", "title", "submit", "close")


def farewell(title: str, blocks: list[Json]) -> Json:
    """Return a view without fields: Slack cannot close a modal after a press inside it."""
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "title": plain_text(short("form title", title, MODAL_TITLE_MAX_CHARS)),
        "close": plain_text("Close"),
        "blocks": blocks,
    }


def carry(submit: str, origin: Origin) -> str:
    """Return the modal's `private_metadata`: compact JSON, default values left out."""
    defaults = asdict(Origin())
    away = {key: value for key, value in asdict(origin).items() if value != defaults[key]}
    coded = json.dumps([submit, away], separators=(",", ":"), ensure_ascii=False)
    return short("private metadata", coded, PRIVATE_METADATA_MAX_CHARS)


def carried(metadata: str) -> Carried | None:
    """Return what `carry` wrote, or None for a view that is not one of our forms."""
    try:
        submit, away = json.loads(metadata)
        away.pop("channel_name", None)  # a form of an older version carries it
        return Carried(str(submit), Origin(**away))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def is_same_form(view: Mapping[str, Any], form: Form) -> bool:
    """Tell whether the view on the screen shows this form, so that errors can join its fields."""
    shown = carried(view.get("private_metadata", ""))
    blocks = [block for block in view.get("blocks", ()) if block.get("type") == "input"]
    asked = field_ids(form) if takes_files(view) else field_ids(without_files(form))
    return (
        shown is not None
        and shown.submit == encode(form.submit)
        and [block.get("block_id") for block in blocks] == asked
    )


def takes_files(view: Mapping[str, Any]) -> bool:
    """Tell whether a view has a field for files."""
    elements = (block.get("element") or {} for block in view.get("blocks", ()))
    return any(element.get("type") == "file_input" for element in elements)


def without_files(form: Form) -> Form:
    return replace(form, fields=tuple(f for f in form.fields if not isinstance(f, Upload)))


def field_ids(form: Form) -> list[str]:
    return [field.id for field in form.fields if not isinstance(field, Note)]


def _check_ids(form: Form) -> None:
    ids = field_ids(form)
    if len(set(ids)) < len(ids):
        raise ValueError("two fields of a form share an id")
    for field_id in ids:
        short("field id", field_id, BLOCK_ID_MAX_CHARS)


def _error_note(form: Form, errors: Mapping[str, str]) -> Iterator[Json]:
    labels = {field.id: field.label for field in form.fields if not isinstance(field, Note)}
    for index, (field_id, sentence) in enumerate(errors.items()):
        label = labels.get(field_id, "")
        where = f"{label} " if label.endswith("?") else f"{label}: " if label else ""
        for block in text_blocks(text("⚠ ", Bold(where), sentence)):
            yield block | {"block_id": f"{ERROR_BLOCK}.{index}"}


def _also(form: Form) -> Iterator[Json]:
    if form.also:
        yield actions(
            [
                button(f"{ALSO_ACTION}.{index}", also.label, encode(also.action))
                for index, also in enumerate(form.also)
            ]
        )


NOTHING = ": there is nothing to choose from."
"""Said in place of a menu without options, which Slack does not take."""


NO_FILES = text("To take files, I need to be installed in this workspace once more, by an admin.")


def _field(field: Field, files: bool = True) -> Iterator[Json]:
    match field:
        case Note(paragraph):
            yield from text_blocks(spelled_text(paragraph, typed))
        case Input():
            yield _input(field, _text_input(field), optional=field.optional)
        case Choice():
            drawn = [_input(field, _choice(field), optional=field.optional)]
            yield from drawn if field.options else text_blocks(text(Bold(field.label), NOTHING))
        case Toggle():
            yield _input(field, _toggle(field), optional=True)
        case Day():
            yield _input(field, _day(field), optional=field.optional)
        case Pick():
            yield _input(field, _pick(field), optional=field.optional)
        case Upload():
            drawn = [_input(field, _upload(field), optional=True)]
            yield from drawn if files else text_blocks(NO_FILES)
        case _:
            assert_never(field)


def _input(
    field: Input | Choice | Toggle | Day | Pick | Upload, element: Json, *, optional: bool
) -> Json:
    block = {
        "type": "input",
        "block_id": field.id,
        "label": plain_text(short("field label", field.label, LABEL_MAX_CHARS)),
        "element": element | {"action_id": FIELD_ACTION},
        "optional": optional,
    }
    if field.hint:
        block["hint"] = plain_text(short("field hint", field.hint, HINT_MAX_CHARS))
    return block


def _text_input(field: Input) -> Json:
    fits("characters a field may take", field.max_chars, INPUT_MAX_CHARS)
    element: Json = {
        "type": "plain_text_input",
        "multiline": field.multiline,
        "max_length": field.max_chars,
    }
    if field.value:
        element["initial_value"] = short("field value", field.value, field.max_chars)
    if field.placeholder:
        element["placeholder"] = plain_text(
            short("placeholder", field.placeholder, PLACEHOLDER_MAX_CHARS)
        )
    return element


def _choice(field: Choice) -> Json:
    fits("options of a field", len(field.options), MENU_MAX_OPTIONS)
    options = [_option(option) for option in field.options]
    chosen = [option for option in options if option["value"] in field.chosen]
    if field.many:
        small = len(options) <= CHECKBOXES_MAX_OPTIONS
        element: Json = {"type": "checkboxes" if small else "multi_static_select"}
        return element | {"options": options} | ({"initial_options": chosen} if chosen else {})
    # A chosen radio button cannot be taken back, a menu can be cleared.
    most = RADIO_LIMIT_OPTIONS if field.at_once else RADIO_MAX_OPTIONS
    small = len(options) <= most and not field.optional
    element = {"type": "radio_buttons" if small else "static_select"}
    return element | {"options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _option(option: Option) -> Json:
    return {
        "text": plain_text(short("option label", option.label, OPTION_LABEL_MAX_CHARS)),
        "value": short("option value", option.value, OPTION_VALUE_MAX_CHARS),
    }


def _toggle(field: Toggle) -> Json:
    yes = _option(Option("Yes", "on"))
    element: Json = {"type": "checkboxes", "options": [yes]}
    return element | ({"initial_options": [yes]} if field.on else {})


def _day(field: Day) -> Json:
    element: Json = {"type": "datepicker"}
    return element | ({"initial_date": field.value.isoformat()} if field.value else {})


def _pick(field: Pick) -> Json:
    chosen = [person for person in field.chosen if is_person_id(person)]
    if field.many:
        many: Json = {"type": "multi_users_select"}
        return many | ({"initial_users": chosen} if chosen else {})
    one: Json = {"type": "users_select"}
    return one | ({"initial_user": chosen[0]} if chosen else {})


def _upload(field: Upload) -> Json:
    endings = {"filetypes": list(field.endings)} if field.endings else {}
    return {"type": "file_input", "max_files": 1, **endings}
