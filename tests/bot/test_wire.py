"""What a button carries comes back as it left, and nothing else comes back at all."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.wire import (
    INT_MAX,
    WIRE_MAX_CHARS,
    Action,
    NotOnTheWire,
    View,
    Wire,
    action,
    encode,
    name_of,
    view,
)
from handlers import FEATURES


@action("test.act")
@dataclass(frozen=True, slots=True)
class Act(Action):
    number: int
    word: str = ""
    flag: bool = False
    share: float = 0.5


@view("test.view")
@dataclass(frozen=True, slots=True)
class Shown(View):
    number: int


WIRE = Wire([Act, Shown])

acts = st.builds(
    Act,
    number=st.integers(-INT_MAX, INT_MAX),
    word=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    flag=st.booleans(),
    share=st.floats(allow_nan=False, allow_infinity=False),
)


@given(acts)
def test_an_action_comes_back_as_it_left(act: Act) -> None:
    try:
        coded = encode(act)
    except ValueError:
        assume(False)
    assert len(coded) <= WIRE_MAX_CHARS
    assert WIRE.decode_action(coded) == act


words = st.text(max_size=10)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)


@given(words | anything.map(json.dumps))
def test_any_other_text_is_refused_in_one_way(coded: str) -> None:
    """Whatever a forger sends, the adapter sees NotOnTheWire and nothing else."""
    for decode in (WIRE.decode_action, WIRE.decode_view):
        with pytest.raises(NotOnTheWire):
            decode(coded)


@pytest.mark.parametrize(
    "coded",
    [
        "",
        "null",
        "[]",
        "[[]]",
        "[null]",
        '["gone.long.ago",1]',
        '["test.act"]',  # a field is missing
        '["test.act",1,"",false,0.5,6]',  # one too many
        '["test.act",true]',  # True is no number
        '["test.act","1"]',
        '["test.act",1.0]',
        '["test.act",null]',
        '["test.act",NaN]',
        '["test.act",1,"",0]',
        '["test.act",1,"",false,NaN]',
        '["test.act",1,"",false,Infinity]',
        '["test.act",9223372036854775808]',
        f'["test.act",{"9" * 5000}]',
        '["test.view",1]',  # a view where an action is due
        '{"test.act":1}',
        '"test.act"',
        '["test.act",1,"a\\u0000b"]',  # PostgreSQL stores no NUL
        '["test.act",1,"\\ud800"]',  # half a character
        "[" * 100_000,
        '["test.act",1,"' + "x" * WIRE_MAX_CHARS + '"]',
    ],
)
def test_what_does_not_fit_is_refused(coded: str) -> None:
    with pytest.raises(NotOnTheWire):
        WIRE.decode_action(coded)


def test_a_button_made_before_a_field_was_added_still_works() -> None:
    """Cards stay in channels for years."""
    assert WIRE.decode_action('["test.act",7]') == Act(7)


def test_an_action_too_long_for_a_button_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="characters on the wire"):
        encode(Act(1, "x" * WIRE_MAX_CHARS))


def test_two_things_with_one_name_are_refused_at_start() -> None:
    with pytest.raises(ValueError, match=r"test\.act"):
        Wire([Act, Act])


def test_everything_features_offer_can_travel() -> None:
    """A field of another type would encode, and then come back as an old card."""
    types: list[Any] = [t for feature in FEATURES for t in (*feature.actions, *feature.views)]
    examples = {int: 7, str: "x", bool: True, float: 0.5}
    wire = Wire(types)
    for cls in types:
        hints = get_type_hints(cls)
        value = cls(*(examples[hints[field.name]] for field in fields(cls)))
        decode = wire.decode_action if isinstance(value, Action) else wire.decode_view
        assert decode(encode(value)) == value, name_of(cls)
