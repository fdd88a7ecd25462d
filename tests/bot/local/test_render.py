"""Cards and forms as HTML: the same structure whatever people type, and markup one can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Code,
    Confirm,
    Facts,
    Form,
    FormButton,
    Input,
    Link,
    LinkButton,
    Mention,
    Note,
    Option,
    Pick,
    Series,
    Table,
    Text,
    Toggle,
    When,
    heading,
    quote,
    text,
)
from bot.local.forms import form_html
from bot.local.messages import Message, Spoken, echo_html, message_html, messages_html
from bot.local.people import PEOPLE, RESIDENTS
from bot.local.render import card_html
from tests.bot.local.demo_cards import Count, Save

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


# --- nothing typed becomes markup -----------------------------------------------------------

hostile = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "' onmouseover='alert(1)",
            "</textarea><b>",
            "</title></svg><script>",
            "<!--",
            "&lt;b&gt; &#60;b>",
            "{{7*7}} `x` ${y}",
            "javascript:alert(1)",
            "*bold* <@U1> <https://evil.test|https://bank.test>",
        ]
    ),
)


class Structure(HTMLParser):
    """Tags and attribute names in order, and all text, as a browser would find them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.ends: list[str] = []
        self.words = ""
        self.odd: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.ends.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)

    @property
    def shape(self) -> tuple[object, ...]:
        return self.tags, self.ends, self.odd


def card_of(words: str) -> Card:
    """A card with the same text in every place that can hold one."""
    confirm = Confirm(words, words, words, words)
    return Card(
        words,
        (
            heading(words),
            quote(words, Bold(words), Code(words), Mention(words, words), When(NOON)),
            text(Link(words, "https://example.test/?q=1&r=2")),
            Facts(((words, (words,)),)),
            Table((words, words), ((words, words),), frozenset({1}), f"About {words}"),
            Chart("line", words, (words, words), (Series(words, (1, 2)),) * 2, words),
            Chart("bar", words, ("category",), (Series(words, (1,)),) * 2, words),
            Buttons(
                (
                    Button(words, Count(1), confirm=confirm, hint=f"Press {words}"),
                    LinkButton(words, "https://example.test/"),
                )
            ),
        ),
    )


def form_of(words: str) -> Form:
    options = (Option(words, words), Option("other", "other"))
    return Form(
        words,
        Save(),
        (
            Note(Text((words,))),
            Input("a", words, words, hint=f"So {words}", placeholder=f"Not {words}"),
            Input("b", words, words, multiline=True),
            Choice("c", words, options * 6, chosen=("other",)),
            Choice("d", words, options, many=True),
            Toggle("e", words, hint=f"So {words}"),
            Pick("f", words),
        ),
        submit_label=words,
        also=(FormButton(words, Save()),),
    )


@given(hostile)
def test_no_text_changes_the_structure_of_a_card(words: str) -> None:
    """Injection is impossible if the browser finds the same elements whatever was typed."""
    found = Structure(card_html(card_of(words), "UTC", "id"))
    assert found.shape == Structure(card_html(card_of("x"), "UTC", "id")).shape


@given(hostile)
def test_no_text_changes_the_structure_of_a_form(words: str) -> None:
    errors = {"a": f"No: {words}", "": f"No: {words}"}
    found = Structure(form_html(form_of(words), errors, PEOPLE, "UTC", "nonce"))
    plain = {"a": "No: x", "": "No: x"}
    assert found.shape == Structure(form_html(form_of("x"), plain, PEOPLE, "UTC", "nonce")).shape


@given(hostile)
def test_what_people_say_is_shown_as_they_typed_it(words: str) -> None:
    message = Message("line-1", NOON, Spoken(RESIDENTS[0], words))
    found = Structure(message_html(message, "UTC"))
    shape = Structure(message_html(replace(message, body=Spoken(RESIDENTS[0], "x")), "UTC")).shape
    assert found.shape == shape
    assert words.replace("\r\n", "\n") in found.words.replace("\r\n", "\n")
    assert len(Structure(echo_html(words)).tags) == 2


@given(hostile)
def test_a_text_keeps_its_line_breaks_in_a_textarea(words: str) -> None:
    """A browser drops a textarea's first line break; an error must not cost a person theirs."""
    form = Form("F", Save(), (Input("a", "A", f"\n{words}", multiline=True),))
    shown = Structure(form_html(form, {}, PEOPLE, "UTC", "nonce")).words
    assert f"\n\n{words}" in shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.test", "vbscript:x", "http://["]
)
def test_an_address_that_could_run_something_leads_nowhere(url: str) -> None:
    card = Card("", (text(Link("look", url)), Buttons((LinkButton("look", url),))))
    assert "href" not in card_html(card, "UTC", "id")


# --- the reader's own view -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Berlin", "Mon 23 Nov, 13:00"),
        ("America/New_York", "Mon 23 Nov, 07:00"),
        ("Asia/Kolkata", "Mon 23 Nov, 17:30"),
    ],
)
def test_an_instant_stands_on_the_readers_clock(zone: str, shown: str) -> None:
    card = Card("", (text(When(NOON, "UTC")),))
    assert f">{shown}</time>" in card_html(card, zone, "id")


def test_an_error_is_tied_to_its_field() -> None:
    """A screen reader at the field must read the hint and the error with it."""
    form = Form("F", Save(), (Input("title", "Title", hint="One sentence"),))
    markup = form_html(form, {"title": "Too short."}, PEOPLE, "UTC", "nonce")
    assert 'aria-describedby="field-title-hint field-title-error"' in markup
    assert 'aria-invalid="true"' in markup
    assert 'id="field-title-error"' in markup


def test_an_error_of_no_field_stands_above_the_form() -> None:
    form = Form("F", Save(), (Input("title", "Title"),))
    markup = form_html(form, {"": "Closed.", "gone": "Unknown field."}, PEOPLE, "UTC", "nonce")
    assert '<p class="error" role="alert">Closed. Unknown field.</p>' in markup


def test_a_choice_that_may_stay_open_can_be_taken_back() -> None:
    """A chip cannot be unticked, so an optional one needs a chip for no answer."""
    field = Choice("c", "C", (Option("1", "1"),), ("1",), optional=True)
    form = Form("F", Save(), (field,))
    assert ">None</span>" in form_html(form, {}, PEOPLE, "UTC", "nonce")
    must = Form("F", Save(), (replace(field, optional=False),))
    assert ">None</span>" not in form_html(must, {}, PEOPLE, "UTC", "nonce")


def test_replies_stand_within_the_message_they_answer() -> None:
    first = Message("post-a", NOON, Card("", (text("question"),)))
    other = Message("post-b", NOON, Card("", (text("elsewhere"),)))
    reply = Message("post-c", NOON, Card("", (text("answer"),)), thread="post-a")
    markup = messages_html([reply, first, other], "UTC")
    assert markup.index("question") < markup.index("answer") < markup.index("elsewhere")


def test_a_reply_whose_parent_is_out_of_sight_is_still_shown() -> None:
    reply = Message("post-c", NOON, Card("", (text("answer"),)), thread="post-gone")
    assert "answer" in messages_html([reply], "UTC")


def test_what_is_pinned_says_so_by_its_summary() -> None:
    """The page keeps that line in sight above all messages."""
    card = Card("Our focus: #1", (text("Our focus"),), pinned=True)
    pinned = Message("post-a", NOON, card)
    assert 'data-pinned="Our focus: #1"' in message_html(pinned, "UTC")
    for over in (False, None):
        assert "data-pinned" not in message_html(
            replace(pinned, body=replace(card, pinned=over)), "UTC"
        )


# --- charts ----------------------------------------------------------------------------------


numbers = st.one_of(
    st.floats(-1e9, 1e9).map(lambda value: round(value, 2)),
    st.sampled_from([float("nan"), float("inf"), 0.0, 0.01, -0.01]),
)


@given(st.lists(numbers, max_size=12), st.sampled_from(["line", "bar"]))
def test_any_numbers_make_a_chart(values: list[float], kind: str) -> None:
    """A digest must go out with a gap, a huge or no number: the picture never breaks the card."""
    chart = Chart(
        "line" if kind == "line" else "bar",
        "Title",
        tuple(f"W{number}" for number in range(len(values))),
        (Series("one", tuple(values)), Series("two", tuple(reversed(values)))),
        "In words.",
    )
    markup = card_html(Card("", (chart,)), "UTC", "id")
    assert "<figcaption>In words.</figcaption>" in markup
    drawing = markup.split("<svg")[-1].split("</svg>")[0]
    places = [part.split('"')[0] for part in drawing.split(' x="')[1:]]
    assert all(abs(float(place)) < 1000 for place in places)


def test_the_latest_week_is_always_named() -> None:
    weeks = tuple(f"W{number}" for number in range(1, 31))
    chart = Chart("line", "T", weeks, (Series("s", tuple(float(n) for n in range(30))),), "S")
    markup = card_html(Card("", (chart,)), "UTC", "id")
    assert ">W30</text>" in markup
    assert ">W29</text>" not in markup
