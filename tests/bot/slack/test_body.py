"""The fast form parser reads what the standard one reads."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, quote_plus, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.body import FORM_TYPE, JSON_TYPE, Malformed, decode, decode_form

fields = st.dictionaries(st.text(min_size=1), st.text())


@given(fields)
@example({"a": "=3D=\n==\r\n", "b": "%41 + &"})
@example({"text": "trailing =", "soft": "=\n"})
def test_encoded_fields_come_back(given: dict[str, str]) -> None:
    assert decode_form(urlencode(given).encode()) == given


@given(st.lists(st.sampled_from(["a", "=", "&", "+", "%41", "%C3%BC", "%0A", "\n", "_", " ", "é"])))
def test_loosely_encoded_forms_read_as_the_standard_library_reads_them(parts: list[str]) -> None:
    """Slack's own encoding may change; what both accept must mean the same."""
    raw = "".join(parts).encode()
    standard = dict(parse_qsl(raw.decode(), keep_blank_values=True))
    assert decode_form(raw) == standard


@pytest.mark.parametrize("raw", [b"a=%", b"a=%4", b"a=%zz", b"%=1", b"a=%ff"])
def test_a_broken_escape_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        decode_form(raw)


def test_half_an_emoji_is_read() -> None:
    """Slack cuts long texts, also through a character."""
    body = b'{"text": "\\ud83d"}'
    assert decode(body, JSON_TYPE) == {"text": "\ud83d"}


@given(st.dictionaries(st.text(), st.text()))
def test_a_payload_is_unwrapped(payload: dict[str, str]) -> None:
    raw = b"payload=" + quote_plus(json.dumps(payload)).encode()
    assert decode(raw, FORM_TYPE) == payload
