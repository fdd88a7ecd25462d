"""What Teams shows must be what was said: literal, within its limits, and readable everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Divider,
    Facts,
    Form,
    FormButton,
    Input,
    Link,
    LinkButton,
    Mention,
    Option,
    Pick,
    Series,
    Table,
    When,
    heading,
    quote,
    says,
    text,
)
from bot.teams.forms import draw_form
from bot.teams.limits import ACTIONS_MAX, CARD_MAX_BYTES, TooBig
from bot.teams.render import render
from bot.teams.spans import WORD_JOINER
from tests.gallery.every import CARD, CHART, FORM, Save, Vote


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)


def elements(value: Any, kind: str) -> list[dict[str, Any]]:
    found = [value] if isinstance(value, dict) and value.get("type") == kind else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return found + [element for part in inner for element in elements(part, kind)]


# --- literal text ---


def shown(element: dict[str, Any]) -> str:
    """Return what Teams shows of one element: runs as they are, markdown unescaped."""
    if element["type"] == "TextBlock":
        return re.sub(r"\\([\\`*_\[\]<>~|&])", r"\1", element["text"]).replace(WORD_JOINER, "")
    return "".join(run["text"] for run in element["inlines"]).replace(WORD_JOINER, "")


markup = st.sampled_from("{}<>at/*_[]()\n`~-1.#")
typed = st.text(st.characters(exclude_categories=["C"]) | markup)


@given(typed)
def test_what_a_person_typed_is_shown_as_it_is(words: str) -> None:
    drawn = render(Card("s", (text(words),)))
    lines = [shown(element) for element in drawn["body"]]
    assert lines == [line for line in words.split("\n") if line.strip()]


@given(typed)
def test_text_beside_a_mention_stays_literal(words: str) -> None:
    """A line with a mention is read as markdown, so every sign in it must be escaped."""
    drawn = render(Card("s", (text("to ", Mention("29:a", "Ana"), ": ", words),)))
    first = words.split("\n")[0]
    assert shown(drawn["body"][0]) == f"to <at>Ana</at>: {first}"
    assert drawn["body"][0]["text"].count("<at>") == 1
    assert not re.search(r"(?<!\\)[*_\[\]~`]", drawn["body"][0]["text"])


@given(typed)
def test_no_typed_text_becomes_a_date_or_a_mention(words: str) -> None:
    """`{{DATE()}}` and `<at>` act in every text of a card, even where markdown does not."""
    armed = f"{{{{DATE(2026-01-01T00:00:00Z)}}}} <at>Ana</at> {words}"
    card = Card(
        armed,
        (
            heading(armed),
            quote(armed),
            Facts(((armed, (armed,)),)),
            Table((armed,), ((armed,),), caption=armed),
            Chart("bar", armed, (armed,), (Series(armed, (1.0,)),), armed),
        ),
    )
    form = Form("t", Save(), (Input("i", armed), Choice("c", armed, (Option(armed, "1"),))))
    for drawn in (render(card), draw_form(form, {"i": armed}, "n")):
        assert not any(re.search(r"\{\{|</?at\b", part, re.I) for part in strings(drawn))


@pytest.mark.parametrize("words", ["1. first", "- a", "# Title", "+ more", "2)"])
def test_a_heading_that_looks_like_a_list_stays_whole(words: str) -> None:
    block = render(Card("s", (heading(words),)))["body"][0]
    assert shown(block) == words
    assert block["text"].startswith(WORD_JOINER)


def test_a_heading_is_a_heading_unless_its_words_need_escaping() -> None:
    """An escape might be drawn as a backslash, and the words matter more than the role."""
    plain, starred = render(Card("s", (heading("#42 Builds"), heading("Vote on *this*"))))["body"]
    assert (plain["style"], plain["text"]) == ("heading", "#42 Builds")
    assert starred["type"] == "RichTextBlock"


def test_only_web_addresses_can_be_pressed() -> None:
    drawn = render(Card("s", (text(Link("bank", "javascript:alert(1)")),)))
    assert not elements(drawn, "Action.OpenUrl")
    assert shown(drawn["body"][0]) == "bank (javascript:alert(1))"
    with pytest.raises(ValueError, match="web page"):
        render(Card("s", (Buttons((LinkButton("x", "file:///etc/passwd"),)),)))


def test_two_people_of_one_name_are_both_mentioned() -> None:
    drawn = render(Card("s", (text(Mention("29:a", "Sam"), " and ", Mention("29:b", "Sam")),)))
    tags = {entity["mentioned"]["id"]: entity["text"] for entity in drawn["msteams"]["entities"]}
    assert tags == {"29:a": "<at>Sam</at>", "29:b": "<at>Sam (2)</at>"}
    assert drawn["body"][0]["text"] == "<at>Sam</at> and <at>Sam (2)</at>"


def test_an_instant_is_shown_in_the_readers_zone() -> None:
    drawn = render(Card("s", (text(When(datetime(2026, 11, 30, 8, tzinfo=UTC))),)))
    assert drawn["body"][0]["text"] == (
        "{{DATE(2026-11-30T08:00:00Z, SHORT)}}, {{TIME(2026-11-30T08:00:00Z)}}"
    )


# --- limits and fallbacks ---


def test_a_card_that_teams_would_refuse_is_not_sent() -> None:
    with pytest.raises(TooBig, match="bytes"):
        render(says("x" * CARD_MAX_BYTES))


def test_seven_buttons_are_too_many() -> None:
    """Teams drops the seventh without a word."""
    row = Buttons(tuple(Button(str(n), Vote(n)) for n in range(ACTIONS_MAX + 1)))
    with pytest.raises(TooBig, match="buttons"):
        render(Card("s", (row,)))


def test_a_form_with_too_many_buttons_is_not_drawn() -> None:
    form = Form("t", Save(), (), also=tuple(FormButton("x", Vote(n)) for n in range(ACTIONS_MAX)))
    with pytest.raises(TooBig):
        draw_form(form, {}, "n")


def test_a_client_without_cards_shows_the_text_twin() -> None:
    fallback = render(CARD)["fallbackText"]
    assert fallback.startswith(CARD.summary)
    assert CHART.summary in fallback


def test_buttons_that_find_no_room_go_to_the_next_row() -> None:
    """Teams shows the first letters of labels that do not fit, and "Acc…" tells nobody anything."""
    labels = ("Accept scores", "Vote again on Time criticality", "Agree on a card", "All cards")
    row = Buttons(tuple(Button(label, Vote(n)) for n, label in enumerate(labels)))
    rows = elements(render(Card("x", (row,))), "ActionSet")
    assert [[action["title"] for action in each["actions"]] for each in rows] == [
        ["Accept scores"],
        ["Vote again on Time criticality"],
        ["Agree on a card", "All cards"],
    ]


def test_a_wide_column_gets_the_room_that_narrow_ones_do_not_need() -> None:
    """With equal shares a title stands one word a line beside columns of single digits."""
    rows = (("1", "Nobody knows who owns the staging database", "16.0"), ("2", "", "4.7"))
    table = Card("x", (Table(("Rank", "Item", "WSJF"), rows),))
    (drawn,) = (part for part in render(table)["body"] if part["type"] == "Table")
    assert [column["width"] for column in drawn["columns"]] == ["63px", 1, "63px"]


def test_a_table_too_wide_for_a_phone_has_two_lines_a_row() -> None:
    """Microsoft's renderer runs five columns into each other where there are 320 pixels."""
    row = ("1", "#4 Nobody owns the staging database", "16.0", "Grace", "captured")
    table = Table(("Rank", "Item", "WSJF", "Owner", "State"), (row,))
    drawn = render(Card("x", (table,)))
    assert not elements(drawn, "Table")
    assert [part["inlines"][0]["text"] for part in drawn["body"]] == [
        "Rank 1 · #4 Nobody owns the staging database",
        "WSJF 16.0 · Owner Grace · State captured",
    ]


def test_a_client_without_charts_shows_the_numbers() -> None:
    (chart,) = elements(render(CARD), "Chart.Line")
    assert elements(chart["fallback"], "Table")
    assert {"W46", "5", "6.5"} <= set(strings(chart["fallback"]))


def test_a_bar_chart_of_one_series_is_not_grouped() -> None:
    one = Chart("bar", "t", ("a",), (Series("s", (1.0,)),), "a: 1")
    two = Chart("bar", "t", ("a",), (Series("s", (1.0,)), Series("r", (2.0,))), "a: 1")
    drawn = render(Card("s", (one, two)))["body"]
    assert [chart["type"] for chart in drawn] == ["Chart.VerticalBar", "Chart.VerticalBar.Grouped"]


def test_no_table_names_its_header_row() -> None:
    """The property is spelt with and without a final s; the default says the same."""
    assert "firstRow" not in json.dumps(render(CARD))


def test_a_divider_is_a_line_above_the_next_element() -> None:
    drawn = render(Card("s", (text("a"), Divider(), text("b"), Divider())))["body"]
    assert [element.get("separator", False) for element in drawn] == [False, True]


def test_an_irreversible_button_asks_first() -> None:
    (asks,) = elements(render(CARD), "Action.ShowCard")
    assert [action["title"] for action in asks["card"]["actions"]] == ["Reveal"]


def test_buttons_in_a_dialog_submit() -> None:
    """Teams ignores Action.Execute inside a dialog."""
    drawn = render(Card("s", (Buttons((Button("Undo", Vote(1)),)),)), dialog=True)
    assert elements(drawn, "Action.Submit")
    assert not elements(drawn, "Action.Execute")


# --- forms ---


def test_an_error_stands_above_its_field() -> None:
    body = draw_form(FORM, {"size": "Pick one card."}, "n")["body"]
    place = next(i for i, element in enumerate(body) if element.get("id") == "one.size")
    assert shown(body[place - 1]) == "Pick one card."
    assert body[place - 1]["inlines"][0]["color"] == "Attention"


def test_a_form_carries_no_answers_in_its_buttons() -> None:
    """Card data can be read by everybody who sees the card; a dialog's fields cannot."""
    submits = elements(draw_form(FORM, {}, "n"), "Action.Submit")
    assert submits
    assert all(set(submit["data"]) == {"hone", "nonce"} for submit in submits)


def test_options_with_commas_are_refused_where_teams_joins_answers_with_them() -> None:
    form = Form("t", Save(), (Choice("c", "C", (Option("a", "a,b"),), many=True),))
    with pytest.raises(ValueError, match="commas"):
        draw_form(form, {}, "n")


@pytest.mark.parametrize(
    ("options", "many", "style"),
    [
        (5, False, "expanded"),
        (6, False, "compact"),
        (21, False, "filtered"),
        (5, True, "expanded"),
        (21, True, "compact"),
    ],
)
def test_long_choices_fold(options: int, many: bool, style: str) -> None:
    choice = Choice("c", "C", tuple(Option(str(n), str(n)) for n in range(options)), many=many)
    assert draw_form(Form("t", Save(), (choice,)), {}, "n")["body"][0]["style"] == style


def test_people_are_picked_with_teams_own_search() -> None:
    """The public schema does not know `choices.data`, so it cannot say whether this is right."""
    pick = Pick("owner", "Owner", ("0a1b",))
    (drawn,) = draw_form(Form("t", Save(), (pick,)), {}, "n")["body"]
    assert drawn["id"] == "pick.owner"
    assert drawn["choices.data"]["dataset"] == "graph.microsoft.com/users?scope=currentContext"
    assert drawn["value"] == "0a1b"
