"""Forms become modals that Slack opens, and come back knowing where they were opened."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Choice, Form, Input, Note, Option, Toggle, text
from bot.slack.forms import Carried, Origin, carried, carry, is_same_form, modal
from bot.slack.limits import TooBig
from tests.gallery.every import FORM, SIZES, Save, Vote

ORIGIN = Origin(channel="C0DEV", thread="1.2", nonce="n1")


def form_of(*fields: Any, **rest: Any) -> Form:
    return Form("Title", Save(), fields, **rest)


def test_errors_of_the_whole_form_stand_on_top() -> None:
    """Slack shows errors at fields only; the rest needs a place people read first."""
    top, *_ = modal(form_of(Input("a", "Name")), ORIGIN, {"": "The poll is closed."})["blocks"]
    assert "The poll is closed." in json.dumps(top)


def test_an_error_of_a_field_shown_on_top_names_the_field() -> None:
    top, *_ = modal(form_of(Input("a", "Name")), ORIGIN, {"a": "Too long."})["blocks"]
    assert [each["text"] for each in top["elements"][0]["elements"]] == [
        "⚠ ",
        "Name: ",
        "Too long.",
    ]


def test_a_label_that_asks_needs_no_colon() -> None:
    top, *_ = modal(form_of(Input("a", "Why?")), ORIGIN, {"a": "Say why."})["blocks"]
    assert [each["text"] for each in top["elements"][0]["elements"]] == ["⚠ ", "Why? ", "Say why."]


def test_few_choices_stand_open_and_many_are_a_menu() -> None:
    kinds = [
        block["element"]["type"]
        for block in modal(
            form_of(
                Choice("a", "A", SIZES[:4]),
                Choice("b", "B", SIZES),
                Choice("c", "C", SIZES[:4], optional=True),
            ),
            ORIGIN,
        )["blocks"]
    ]
    assert kinds == ["radio_buttons", "static_select", "static_select"]


def test_a_choice_made_in_an_older_form_is_dropped_when_it_is_no_option() -> None:
    """Slack refuses the whole modal for an initial option that is not among the options."""
    [block] = modal(form_of(Choice("a", "A", SIZES, ("4",))), ORIGIN)["blocks"]
    assert "initial_option" not in block["element"]


@given(st.text(), st.text(), st.one_of(st.none(), st.text(max_size=50)), st.booleans())
def test_the_origin_survives_the_way_through_slack(
    channel: str, reply: str, thread: str | None, private: bool
) -> None:
    origin = Origin(channel=channel, thread=thread, private=private, reply=reply)
    try:
        coded = carry("do", origin)
    except TooBig:
        return
    assert carried(coded) == Carried("do", origin)


@pytest.mark.parametrize("metadata", ["", "{", "null", "[]", '["a"]', '["a",{"x":1}]', '["a",[]]'])
def test_metadata_of_another_view_is_not_ours(metadata: str) -> None:
    assert carried(metadata) is None


def test_the_same_form_is_known_again() -> None:
    """Only then can errors join the fields people look at."""
    shown = modal(FORM, ORIGIN)
    assert is_same_form(shown, FORM)
    assert is_same_form(shown, replace(FORM, title="Other words"))
    assert not is_same_form(shown, replace(FORM, submit=Vote()))
    assert not is_same_form(shown, replace(FORM, fields=FORM.fields[:-1]))


@pytest.mark.parametrize(
    "form",
    [
        Form("x" * 25, Save(), ()),
        form_of(submit_label="x" * 25),
        form_of(*(Note(text(str(n))) for n in range(101))),
        form_of(Input("a", "A", max_chars=3_001)),
        form_of(Input("a", "A", value="xx", max_chars=1)),
        form_of(Input("x" * 256, "A")),
        form_of(Choice("a", "A", tuple(Option(str(n), str(n)) for n in range(101)))),
        form_of(Choice("a", "A", (Option("x" * 76, "x"),))),
        form_of(Choice("a", "A", (Option("x", "x" * 151),))),
    ],
)
def test_a_form_past_a_limit_is_refused(form: Form) -> None:
    with pytest.raises(TooBig):
        modal(form, ORIGIN)


@pytest.mark.parametrize("form", [form_of(Toggle("a", "A"), Input("a", "B"))])
def test_a_form_without_sense_is_refused(form: Form) -> None:
    with pytest.raises(ValueError, match=r"option|share"):
        modal(form, ORIGIN)
