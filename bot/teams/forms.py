"""Draw a form as the card of a Teams dialog. What a field holds lives nowhere but in the dialog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from bot.cards import Choice, Day, Field, Form, Input, Note, Pick, Toggle, Upload, text
from bot.teams.render import action_sets, adaptive_card, checked, draw_text
from bot.teams.spans import Json, disarmed, paragraph
from bot.wire import Action, encode

# Before a field's id: tells answers from what the buttons carry, and how to read each.
ONE = "one."
MANY = "many."
TICK = "tick."
PICK = "pick."
"""People, whom Teams' picker names by their directory ids."""

PEOPLE_HERE = "graph.microsoft.com/users?scope=currentContext"
"""Teams' own search over the members of the chat or channel."""

EXPANDED_MAX = 5
"""Options shown side by side; more fold into a list, and many more into one to search."""
FOLDED_MAX = 20

SMALL = {"size": "Small", "isSubtle": True}
ALARMING = {"color": "Attention", "weight": "Bolder"}


def draw_form(form: Form, errors: Mapping[str, str], nonce: str, *, launched: bool = False) -> Json:
    """Return the dialog's card, each error above its field; those of no field stand on top.

    `nonce` is new for each drawing and names the submission: retries may come with a new activity
    id. `launched` says that a card in the chat exists only to open this form.

    Raises TooBig past a limit of Teams.
    """
    shown = {field.id for field in form.fields if not isinstance(field, Note)}
    of_no_field = [sentence for field_id, sentence in errors.items() if field_id not in shown]
    body = paragraph((" ".join(of_no_field),), {}, ALARMING)
    for field in form.fields:
        body += _draw(field, errors)
    sends = [(form.submit_label, form.submit), *((also.label, also.action) for also in form.also)]
    actions = [_submit(label, action, nonce, launched) for label, action in sends]
    actions[0]["style"] = "positive"
    rows = action_sets(actions)
    if len(rows) == 1:
        return checked(adaptive_card(body) | {"actions": actions})
    return checked(adaptive_card([*body, *rows]))


def _submit(label: str, action: Action, nonce: str, launched: bool) -> Json:
    data: Json = {"hone": encode(action), "nonce": nonce}
    if launched:
        data["launched"] = True
    return {"type": "Action.Submit", "title": label, "data": data}


def _draw(field: Field, errors: Mapping[str, str]) -> list[Json]:
    if isinstance(field, Note):
        return draw_text(field.text, {})
    if isinstance(field, Upload):  # Adaptive Cards have no input for files
        error = paragraph((errors.get(field.id, ""),), {}, ALARMING)
        return [*error, *draw_text(text(field.elsewhere), {})]
    error = paragraph((errors.get(field.id, ""),), {}, ALARMING)
    hint = paragraph((field.hint,), {}, SMALL)
    return [*error, _input(field), *hint]


def _input(field: Input | Choice | Toggle | Day | Pick) -> Json:
    match field:
        case Input():
            return {
                "type": "Input.Text",
                **_named(field, field.optional),
                "value": field.value,
                "isMultiline": field.multiline,
                "maxLength": field.max_chars,
                "placeholder": field.placeholder,
                **({"style": "Password"} if field.is_secret and not field.multiline else {}),
            }
        case Choice():
            return _choice(field)
        case Toggle():
            shown = {"title": disarmed(field.label), "valueOn": "on", "valueOff": "off"}
            value = "on" if field.on else "off"
            return {"type": "Input.Toggle", "id": TICK + field.id, **shown, "value": value}
        case Day():
            value = field.value.isoformat() if field.value else ""
            return {"type": "Input.Date", **_named(field, field.optional), "value": value}
        case Pick():
            return {
                "type": "Input.ChoiceSet",
                **_named(field, field.optional, PICK),
                "choices": [],
                "choices.data": {"type": "Data.Query", "dataset": PEOPLE_HERE},
                "isMultiSelect": field.many,
                "value": ",".join(field.chosen),
            }
        case _:
            assert_never(field)


def _named(field: Input | Choice | Day | Pick, optional: bool, prefix: str = ONE) -> Json:
    # Nothing is marked required: Teams would then hold back the form's second buttons, too.
    label = f"{field.label} (optional)" if optional else field.label
    return {"id": prefix + field.id, "label": disarmed(label)}


def _choice(field: Choice) -> Json:
    if field.many and any("," in option.value for option in field.options):
        raise ValueError(f"{field.id}: Teams joins several answers with commas")
    return {
        "type": "Input.ChoiceSet",
        **_named(field, field.optional, MANY if field.many else ONE),
        "choices": [
            {"title": disarmed(option.label), "value": option.value} for option in field.options
        ],
        "isMultiSelect": field.many,
        "style": _choice_style(field),
        "wrap": True,
        "value": ",".join(field.chosen),
    }


def _choice_style(field: Choice) -> str:
    if len(field.options) > FOLDED_MAX and not field.many:
        return "filtered"  # a search that picks one; for several it is no style
    # A chosen radio button cannot be taken back, so an optional choice folds.
    stays_open = field.many or not field.optional
    return "expanded" if stays_open and len(field.options) <= EXPANDED_MAX else "compact"
