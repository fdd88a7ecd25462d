"""Cards become Slack messages that Slack accepts and that show people's words literally."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Code,
    Facts,
    Link,
    LinkButton,
    Mention,
    Series,
    Table,
    Text,
    heading,
    says,
    subtle,
    text,
)
from bot.slack.limits import MESSAGE_TEXT_MAX_CHARS, TooBig
from bot.slack.render import Native, message
from tests.fakes.slack_blocks import message_problems
from tests.gallery.every import CARD, CHART, TABLE, Vote

HOSTILE = (
    "<!channel>",
    "<@U0EVE>",
    "<https://evil.example|https://bank.example>",
    "*bold* _it_ ~no~ `code`",
    "> quoted",
    ":tada:",
    "@here",
    "{{7*7}}",
    "'); drop table",
    "&lt;!here&gt;",
)
STYLES = ("body", "heading", "subtle", "quote")


def nodes_of(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON tree."""
    if isinstance(tree, list):
        for each in tree:
            yield from nodes_of(each)
    elif isinstance(tree, dict):
        yield tree
        for each in tree.values():
            yield from nodes_of(each)


def formatting_of(blocks: Any) -> list[dict[str, Any]]:
    """Return every element that mentions, links, formats or is parsed as mrkdwn."""
    acting = ("user", "usergroup", "channel", "broadcast", "link", "emoji", "date", "mrkdwn")
    return [
        node
        for node in nodes_of(blocks)
        if node.get("type") in acting or node.get("emoji") is True or "style" in node
    ]


def test_without_native_charts_the_numbers_stand_in_a_table() -> None:
    """Workspaces without the chart block read the same numbers."""
    title, table, summary = message(Card("s", (CHART,)), Native.TABLES)["blocks"]
    assert CHART.title in json.dumps(title)
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["\xa0", "Added", "Done"],
        ["W44", "6", "4"],
        ["W45", "8", "7"],
        ["W46", "5", "6.5"],
    ]
    assert CHART.summary in json.dumps(summary)


def test_slack_accepts_every_node_without_native_charts_too() -> None:
    assert message_problems(message(CARD, Native.TABLES)["blocks"]) == []


def test_a_table_to_browse_sorts_by_its_numbers_and_names_its_rows() -> None:
    """As text a score of 10 sorts before one of 9."""
    rows = (("1", "#4 Slow builds", "10.5"), ("2", "#7 Nobody tests", "–"), ("3", "", "nan"))
    table = Table(("Rank", "Item", "WSJF"), rows, frozenset({0, 2}), browsed=True)
    (block,) = message(Card("The ranking", (table,)))["blocks"]
    assert block["caption"] == "The ranking"
    assert block["page_size"] == 3, "a page of Hone's own is one page"
    assert block["row_header_column_index"] == 1
    assert block["rows"][1][2] == {"type": "raw_number", "value": 10.5, "text": "10.5"}
    assert [row[2]["type"] for row in block["rows"]] == [
        "raw_text",
        "raw_number",
        *["raw_text"] * 2,
    ]
    assert message_problems([block]) == []
    assert message(Card("s", (replace(table, rows=()),)))["blocks"][0]["type"] == "table"


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("style", STYLES)
def test_hostile_words_stay_words(words: str, style: Any) -> None:
    """A title may hold anything; it must never notify, link or format."""
    drawn = message(Card(words, (Text((words,), style),)))
    assert formatting_of(drawn["blocks"]) == []
    assert words in json.dumps(drawn["blocks"], ensure_ascii=False)
    assert "<" not in drawn["text"]


@given(st.text(), st.sampled_from(STYLES))
def test_no_text_becomes_a_mention_a_link_or_a_format(words: str, style: Any) -> None:
    """Injection is impossible by construction, so no text can be an exception."""
    card = Card(words, (Text((words, Code(words)), style), Facts(((words, (words,)),))))
    drawn = message(card)
    assert message_problems(drawn["blocks"]) == []
    kinds = {node.get("type") for node in nodes_of(drawn["blocks"])}
    assert kinds.isdisjoint({"user", "link", "emoji", "broadcast", "channel", "mrkdwn"})
    assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", drawn["text"])


@given(st.text(), st.text(), st.text())
def test_ids_addresses_and_labels_cannot_break_out_of_small_print(
    person: str, label: str, rest: str
) -> None:
    """Small print is the one place with mrkdwn; only checked parts may enter it."""
    card = Card(
        "s",
        (
            subtle(
                Mention(person, label),
                Link(label, f"https://hone.example/{rest}"),
                Mention("U0ANN", label),
            ),
        ),
    )
    composed = [
        node["text"] for node in nodes_of(message(card)["blocks"]) if node["type"] == "mrkdwn"
    ]
    shape = r"<@[UW][A-Z0-9]+>|<https://hone\.example/[^<>|\s]*\|[^*_~`:<>&|@#\n]+>"
    assert all(re.fullmatch(shape, each) for each in composed)


def test_a_link_to_a_script_is_shown_and_not_linked() -> None:
    drawn = message(Card("s", (text(Link("click", "javascript:alert(1)")),)))
    assert formatting_of(drawn["blocks"]) == []
    assert "javascript:alert(1)" in json.dumps(drawn["blocks"])


def test_a_person_of_another_platform_is_named_and_not_mentioned() -> None:
    """An id that is no Slack id would make Slack refuse the whole message."""
    drawn = message(Card("s", (text(Mention("29:teams-person", "Ann")),)))
    assert drawn["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "@Ann"}]


def test_a_long_heading_stays_whole() -> None:
    """Header blocks end at 150 characters; what does not fit becomes a bold line."""
    short, long = message(Card("s", (heading("x" * 150), heading("x" * 151))))["blocks"]
    assert short["type"] == "header"
    assert long["elements"][0]["elements"] == [
        {"type": "text", "text": "x" * 151, "style": {"bold": True}}
    ]


def test_text_that_shows_nothing_takes_no_block() -> None:
    """Slack refuses a message for one empty text element."""
    assert message(Card("s", (text(), text("", Bold("")), subtle(" "), Facts(()))))["blocks"] == []


def test_the_notification_holds_the_summary_and_the_twin() -> None:
    """Screen readers and notifications read `text` alone."""
    said = message(Card("3 & 4", (text("3 & 4"), text("Open until Monday"))))["text"]
    assert said == "3 &amp; 4\nOpen until Monday"


def test_a_long_twin_ends_with_a_sign_that_there_is_more() -> None:
    said = message(Card("Summary", tuple(text("y" * 100) for _ in range(45))))["text"]
    assert len(said) <= MESSAGE_TEXT_MAX_CHARS
    assert said.endswith("y\n…")


def test_further_tables_and_charts_become_text() -> None:
    """Slack takes one table and two charts a message; the numbers still arrive."""
    drawn = message(Card("s", (TABLE, TABLE, CHART, CHART, CHART)))
    kinds = [block["type"] for block in drawn["blocks"]]
    assert kinds.count("table") == 1
    assert kinds.count("data_visualization") == 2
    assert sum("rich_text_preformatted" in str(block) for block in drawn["blocks"]) == 2


def test_two_buttons_of_one_action_have_different_ids() -> None:
    [row] = message(Card("s", (Buttons((Button("A", Vote()), Button("B", Vote()))),)))["blocks"]
    assert [each["action_id"] for each in row["elements"]] == ["test.vote.0", "test.vote.1"]


PAST_A_LIMIT = {
    "51 blocks": Card("s", tuple(text(str(n)) for n in range(51))),
    "summary": says("x" * 4_001),
    "all texts": Card("s", tuple(text("x" * 2_000) for _ in range(7))),
    "rows": Card("s", (Table(("a",), (("1",),) * 100),)),
    "columns": Card("s", (Table(("a",) * 21, ()),)),
    "table text": Card("s", (Table(("a",), (("x" * 10_000,),)),)),
    "chart title": Card("s", (replace(CHART, title="x" * 51),)),
    "chart label": Card("s", (replace(CHART, categories=("x" * 21, "b", "c")),)),
    "chart series": Card(
        "s", (replace(CHART, series=tuple(Series(str(n), (1, 2, 3)) for n in range(7))),)
    ),
    "chart points": Card(
        "s",
        (
            Chart(
                "bar",
                "t",
                tuple(map(str, range(21))),
                (Series("a", tuple(range(21))),),
                "s",
            ),
        ),
    ),
    "buttons": Card("s", (Buttons((Button("x", Vote()),) * 26),)),
    "button label": Card("s", (Buttons((Button("x" * 76, Vote()),)),)),
    "link": Card("s", (text(Link("x", "https://hone.example/" + "x" * 3_000)),)),
}


@pytest.mark.parametrize("card", PAST_A_LIMIT.values(), ids=PAST_A_LIMIT.keys())
def test_a_card_past_a_limit_is_refused_and_never_cut(card: Card) -> None:
    """A silently shortened card misleads; its feature must page it."""
    with pytest.raises(TooBig):
        message(card)


@pytest.mark.parametrize(
    "chart",
    [
        replace(CHART, categories=("a", "a", "b")),
        replace(CHART, series=()),
        replace(CHART, series=(Series("a", (1, 2)),)),
        replace(CHART, series=(Series("a", (1, 2, float("nan"))),)),
    ],
)
def test_a_chart_without_sense_is_refused(chart: Chart) -> None:
    with pytest.raises(ValueError, match=r"chart|series"):
        message(Card("s", (chart,)))


def test_a_link_button_opens_addresses_only() -> None:
    with pytest.raises(ValueError, match="address"):
        message(Card("s", (Buttons((LinkButton("x", "javascript:alert(1)"),)),)))
