"""The words of a Teams message are found in its text, its HTML, its cards and its files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.teams.contents import DEPTH_MAX, WORDS_MAX_CHARS, message_words, plain_text
from bot.teams.read import spoken
from bot.turn import Named, Thing

Json = dict[str, Any]

CARDS: dict[str, tuple[Json, str]] = {
    "texts": (
        {
            "type": "AdaptiveCard",
            "body": [
                {"type": "TextBlock", "text": "**Checkout** is [down](https://ci.example)"},
                {"type": "TextBlock", "text": "since {{DATE(2026-11-23T09:00:00Z, SHORT)}} & on"},
                {"type": "TextBlock", "text": "not shown", "isVisible": False},
                {
                    "type": "RichTextBlock",
                    "inlines": ["Ask ", {"type": "TextRun", "text": "Ann <now>"}],
                },
            ],
            "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": "https://a.example"}],
        },
        "Checkout is down (https://ci.example)\nsince 2026-11-23T09:00:00Z & on\nAsk Ann <now>",
    ),
    "containers": (
        {
            "type": "AdaptiveCard",
            "body": [
                {
                    "type": "Container",
                    "items": [
                        {
                            "type": "ColumnSet",
                            "columns": [
                                {"type": "Column", "items": [{"type": "TextBlock", "text": "a"}]},
                                {"type": "Column", "items": [{"type": "TextBlock", "text": "b"}]},
                            ],
                        },
                        {
                            "type": "FactSet",
                            "facts": [{"title": "State", "value": "red"}, {"value": "alone"}],
                        },
                    ],
                },
                {
                    "type": "Table",
                    "rows": [
                        {
                            "type": "TableRow",
                            "cells": [
                                {
                                    "type": "TableCell",
                                    "items": [{"type": "TextBlock", "text": "cell"}],
                                }
                            ],
                        }
                    ],
                },
                {"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "Go"}]},
                {"type": "Input.Text", "id": "x", "label": "Why?", "title": "no"},
            ],
        },
        "a\nb\nState: red\nalone\ncell",
    ),
    "only a fallback": (
        {"type": "AdaptiveCard", "fallbackText": "Checkout is down", "body": []},
        "Checkout is down",
    ),
    "hero": (
        {
            "title": "Checkout",
            "subtitle": "is down",
            "text": "since <b>9:30</b><br>in Berlin &amp; Oslo",
            "buttons": [{"type": "openUrl", "title": "Open"}],
        },
        "Checkout\nis down\nsince 9:30\nin Berlin & Oslo",
    ),
    "connector": (
        {
            "summary": "summary",
            "title": "Build 7",
            "sections": [
                {
                    "activityTitle": "**failed**",
                    "activitySubtitle": "on main",
                    "facts": [{"name": "Took", "value": "40 min"}],
                }
            ],
            "potentialAction": [{"name": "Retry"}],
        },
        "Build 7\nfailed\non main\nTook: 40 min",
    ),
    "list": (
        {"title": "Open", "items": [{"type": "resultItem", "title": "A", "subtitle": "b"}]},
        "Open\nA\nb",
    ),
    "a message passed on": (
        {"messageId": "1", "messagePreview": "We wait", "messageSender": {"user": {}}},
        "We wait",
    ),
}


@pytest.mark.parametrize("coded", [False, True], ids=["object", "json"])
@pytest.mark.parametrize(("card", "said"), CARDS.values(), ids=CARDS.keys())
def test_words_are_read_from_cards(card: Json, said: str, coded: bool) -> None:
    """A message action brings a card as JSON in a text, a message as it is."""
    content = json.dumps(card) if coded else card
    kind = "application/vnd.microsoft.card.adaptive"
    message = {"attachments": [{"contentType": kind, "content": content}]}
    assert message_words(message) == said


def test_files_are_named_where_they_are_asked_for() -> None:
    file = {"contentType": "reference", "contentUrl": "https://a.example/x", "name": "Outage.docx"}
    sent = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "content": {"downloadUrl": "https://a.example", "fileType": "png"},
        "name": "x.png",
    }
    assert message_words({"attachments": [file, sent]}) == "Outage.docx\nx.png"
    assert message_words({"attachments": [file, sent]}, files=False) == ""


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>see <a href='http://README.md'>README.md</a></p>", "see README.md"),
        (
            "<a href='https://a.example/x'>the run</a> failed",
            "the run (https://a.example/x) failed",
        ),
        ("<a href='mailto:ann@a.example'>ann@a.example</a>", "ann@a.example"),
        ("<a href='javascript:x'>press</a> <a>me</a>", "press me"),
        ("slow <emoji alt='😢'></emoji><img alt='image' src='x'>", "slow 😢"),
    ],
)
def test_html_reads_as_people_see_it(html: str, said: str) -> None:
    assert plain_text(html) == said


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"attachments": "x"},
        {"attachments": [7, {}, {"content": 7}, {"content": "no json"}, {"content": "[1]"}]},
        {"attachments": [{"contentType": "text/html", "content": 7}]},
        {"attachments": [{"content": {"body": [7, {"text": 7, "facts": [7], "inlines": [7]}]}}]},
        {"attachments": [{"content": "[" * 100_000}]},
    ],
)
def test_a_message_of_any_shape_is_read(message: Json) -> None:
    assert message_words(message) == ""


def test_there_is_an_end_to_it() -> None:
    deep: Json = {"type": "TextBlock", "text": "deepest"}
    for _ in range(DEPTH_MAX + 1):
        deep = {"type": "Container", "items": [deep]}
    assert message_words({"attachments": [{"content": {"body": [deep]}}]}) == ""
    wide = {"body": [{"type": "TextBlock", "text": "x" * 1_000} for _ in range(100)]}
    said = message_words({"attachments": [{"content": wide}]})
    assert len(said.replace("\n", "")) == WORDS_MAX_CHARS


# --- mentions ---


def mention(id: str, name: str, **more: str) -> Json:
    mentioned = {"id": id, "name": name, **more}
    return {"type": "mention", "mentioned": mentioned, "text": f"<at>{name}</at>"}


def test_mentions_are_told_apart_by_what_teams_says_of_them() -> None:
    body = {
        "text": "<at>Hone</at> ask <at>Bo</at> <at>General</at> <at>Devs</at> <at>Poly</at>",
        "entities": [
            mention("28:hone", "Hone"),
            mention("29:bo", "Bo"),
            mention("19:general@thread.tacv2", "General"),
            mention("MjQzMm==", "Devs", type="tag"),
            mention("28:poly", "Poly"),
        ],
    }
    pieces, people, things = spoken(body, "28:hone")
    assert pieces == ["", "ask @Bo @General @Devs @Poly"]
    assert people == (Named("29:bo", "Bo"),)
    assert things == (
        Thing("19:general@thread.tacv2", "General", "group"),
        Thing("MjQzMm==", "Devs", "group"),
        Thing("28:poly", "Poly", "group"),
    )


def test_somebody_called_like_hone_is_somebody_else() -> None:
    body = {
        "text": "<at>Hone</at> improve Reviews are slow <at>Hone</at>",
        "entities": [mention("28:hone", "Hone"), mention("29:heke", "Hone")],
    }
    pieces, people, _ = spoken(body, "28:hone")
    assert pieces == ["", "improve Reviews are slow @Hone"]
    assert people == (Named("29:heke", "Hone"),)


def test_one_mention_may_stand_for_several() -> None:
    body = {"text": "<at>Hone</at> <at>Hone</at> help", "entities": [mention("28:hone", "Hone")]}
    assert spoken(body, "28:hone")[0] == ["", "", "help"]


def test_words_may_stand_in_the_html_alone() -> None:
    body = {"text": "", "attachments": [{"contentType": "text/html", "content": "<p>We wait</p>"}]}
    assert spoken(body, "28:hone") == (["We wait"], (), ())
