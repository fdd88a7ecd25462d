"""Slack's texts and fields become what people wrote, and nothing more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.emoji import with_emoji
from bot.slack.read import answers, around_mentions, ids_in, instant, text_id, words
from bot.slack.spans import escaped
from bot.text import clean
from bot.turn import Named, Thing

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&amp;lt;", "&lt;"),
        ("<#C1|dev> <#C2|> <#C3>", "#dev a channel a channel"),
        ("<!channel> <!here|here> <!subteam^S1|@devs>", "@channel here @devs"),
        ("ask <!subteam^S1>", "ask a group"),
        ("<!date^1700000000^{date}|Nov 14>", "Nov 14"),
        ("<!date^1700000000^{date_short}^https://a.example|Nov 14>", "Nov 14"),
        ("<!date^1700000000^{date}> <!date^x>", "Tue 14 Nov 2023 a date"),
        ("<https://a.example>", "https://a.example"),
        ("<https://a.example|https://a.example>", "https://a.example"),
        ("<https://a.example|a.example>", "a.example"),
        ("<http://README.md|README.md>", "README.md"),
        ("<http://readme.md/|README.md>", "README.md"),
        ("<http://www.example.com|www.example.com>", "www.example.com"),
        ("<https://a.example/x?a=1&amp;b=2|a.example/x?a=1&amp;b=2>", "a.example/x?a=1&b=2"),
        ("<https://a.example/%C3%BC|https://a.example/ü>", "https://a.example/ü"),
        ("<mailto:ann@a.example>", "ann@a.example"),
        ("<mailto:ann@a.example|Ann>", "Ann (mailto:ann@a.example)"),
        ("<tel:+4930123456|030 123456> <tel:112>", "030 123456 112"),
        ("<tel:+4930123456|call us>", "call us (tel:+4930123456)"),
        ("<https://evil.example|the bank>", "the bank (https://evil.example)"),
        ("<mailto:ann@a.example|ann@a.example>", "ann@a.example"),
        ("&lt;https://evil|https://bank&gt;", "<https://evil|https://bank>"),
        ("<unknown>", "unknown"),
        ("slow :cry: <https://a.example/:cry:/>", "slow 😢 https://a.example/:cry:/"),
        ("<https://a.example|:fire: now>", "🔥 now (https://a.example)"),
        ("<", "<"),
    ],
)
def test_markup_reads_as_people_see_it(raw: str, text: str) -> None:
    assert words(raw).text == text


def test_people_are_named() -> None:
    said = words("<@U1|ann> and <@U2> and <@U3>", {"U2": "Bob"})
    assert said.text == "@ann and @Bob and @someone"
    assert said.mentions == (Named("U1", "ann"), Named("U2", "Bob"), Named("U3", "someone"))


def test_channels_and_groups_are_named_and_are_no_people() -> None:
    raw = "<#C1> <#C2|ops> <#C3> <!subteam^S1|@devs> <!here>"
    said = words(raw, {"C1": "team-x"})
    assert said.text == "#team-x #ops a channel @devs @here"
    assert said.mentions == ()
    assert said.things == (
        Thing("C1", "team-x", "channel"),
        Thing("C2", "ops", "channel"),
        Thing("S1", "devs", "group"),
        Thing("here", "here", "group"),
    )


def test_only_names_that_are_missing_are_asked_for() -> None:
    assert ids_in("<@U1> <@U2|ann> <#C1> <#C2|> <#C3|dev> <!here> <@X1>") == {"U1", "C1", "C2"}


@given(st.text())
def test_what_a_person_typed_comes_back(typed: str) -> None:
    """Slack escapes it on the way; nothing in it may be taken for markup."""
    said = words(escaped(typed))
    assert said.text == clean(with_emoji(typed))
    assert said.mentions == ()


@pytest.mark.parametrize(
    ("raw", "pieces"),
    [
        ("<@U0> improve x", ["", " improve x"]),
        ("Hi <@U0>, improve x <@U0>", ["Hi ", ", improve x ", ""]),
        ("<@U0|hone>", ["", ""]),
        ("ask <@U01>", ["ask <@U01>"]),
    ],
)
def test_a_message_is_divided_where_hone_is_mentioned(raw: str, pieces: list[str]) -> None:
    assert around_mentions(raw, "U0") == pieces


FIELDS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "text": ({"type": "plain_text_input", "value": " a\x00b "}, ("ab",)),
    "emoji": ({"type": "plain_text_input", "value": "slow :cry:"}, ("slow 😢",)),
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
