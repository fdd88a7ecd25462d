"""Slack's texts and fields become what people wrote, and nothing more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.read import answers, instant, text_id, without_mention, words
from bot.slack.spans import escaped
from bot.text import clean
from bot.turn import Named

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&amp;lt;", "&lt;"),
        ("<#C1|dev> <#C2|> <#C3>", "#dev #C2 #C3"),
        ("<!channel> <!here|here> <!subteam^S1|@devs>", "@channel here @devs"),
        ("<!date^1700000000^{date}|Nov 14>", "Nov 14"),
        ("<https://a.example>", "https://a.example"),
        ("<https://a.example|https://a.example>", "https://a.example"),
        ("<https://a.example|a.example>", "https://a.example"),
        ("<https://evil.example|the bank>", "the bank (https://evil.example)"),
        ("<mailto:ann@a.example|ann@a.example>", "ann@a.example"),
        ("&lt;https://evil|https://bank&gt;", "<https://evil|https://bank>"),
        ("<unknown>", "unknown"),
        ("<", "<"),
    ],
)
def test_markup_reads_as_people_see_it(raw: str, text: str) -> None:
    assert words(raw).text == text


def test_people_are_named() -> None:
    said = words("<@U1|ann> and <@U2> and <@U3>", {"U2": "Bob"})
    assert said.text == "@ann and @Bob and @U3"
    assert said.mentions == (Named("U1", "ann"), Named("U2", "Bob"), Named("U3", "U3"))


@given(st.text())
def test_what_a_person_typed_comes_back(typed: str) -> None:
    """Slack escapes it on the way; nothing in it may be taken for markup."""
    said = words(escaped(typed))
    assert said.text == clean(typed)
    assert said.mentions == ()


@pytest.mark.parametrize(
    ("raw", "rest"),
    [
        ("<@U0> improve x", " improve x"),
        ("Hi <@U0> improve x", " improve x"),
        ("improve x <@U0>", "improve x "),
        ("<@U0|hone>", ""),
        ("improve", "improve"),
    ],
)
def test_the_command_is_what_follows_our_name(raw: str, rest: str) -> None:
    assert without_mention(raw, "U0") == rest


FIELDS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "text": ({"type": "plain_text_input", "value": " a\x00b "}, ("ab",)),
    "no text": ({"type": "plain_text_input", "value": None}, ()),
    "menu": ({"type": "static_select", "selected_option": {"value": "5"}}, ("5",)),
    "no menu": ({"type": "static_select", "selected_option": None}, ()),
    "radio": ({"type": "radio_buttons", "selected_option": {"value": "5"}}, ("5",)),
    "boxes": (
        {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "3"}]},
        ("1", "3"),
    ),
    "menus": ({"type": "multi_static_select", "selected_options": []}, ()),
    "day": ({"type": "datepicker", "selected_date": "2026-11-30"}, ("2026-11-30",)),
    "person": ({"type": "users_select", "selected_user": "U1"}, ("U1",)),
    "people": ({"type": "multi_users_select", "selected_users": ["U1", "U2"]}, ("U1", "U2")),
    "new": ({"type": "something_new"}, ()),
}


@pytest.mark.parametrize(("element", "given"), FIELDS.values(), ids=FIELDS.keys())
def test_every_field_is_read_as_texts(element: dict[str, Any], given: tuple[str, ...]) -> None:
    view = {"state": {"values": {"field": {"answer": element}}}}
    assert dict(answers(view)) == {"field": given}


@pytest.mark.parametrize("stamp", [None, "", "x", "nan", "1e400", []])
def test_a_time_that_is_none_is_now(stamp: object) -> None:
    assert instant(stamp, NOON) == NOON


def test_slacks_times_are_utc() -> None:
    assert instant("1795435200.000100", NOON) == datetime(2026, 11, 23, 12, 0, 0, 100, UTC)


@pytest.mark.parametrize("value", [None, 5, "", " ", "x" * 201, "a\x00", "ü", {}, []])
def test_an_id_is_a_short_ascii_text(value: object) -> None:
    with pytest.raises(TypeError):
        text_id(value)
