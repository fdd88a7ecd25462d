"""The words of a message are found wherever an app has put them."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.slack.contents import DEPTH_MAX, WORDS_MAX_CHARS, everything_in, message_words

Json = dict[str, Any]

UNSHOWN = "This content can't be displayed."
"""What Slack puts where an app gave no text."""


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*leaves: Json | str, kind: str = "rich_text_section") -> Json:
    elements = [{"type": "text", "text": e} if isinstance(e, str) else e for e in leaves]
    return {"type": kind, "elements": elements}


BLOCKS: dict[str, tuple[list[Json], str]] = {
    "section": (
        [{"type": "section", "text": marked("*Deploy failed* on <https://ci.example|build 7>")}],
        "Deploy failed on build 7 (https://ci.example)",
    ),
    "header and fields": (
        [
            {"type": "header", "text": plain("Checkout :fire: is down")},
            {"type": "divider"},
            {"type": "section", "fields": [marked("*Since*\n9:30"), plain("R &amp; D")]},
        ],
        "Checkout 🔥 is down\nSince\n9:30\nR & D",
    ),
    "context": (
        [
            {
                "type": "context",
                "elements": [
                    {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "logo"},
                    marked("Opened by <@U1>"),
                    plain("in <#C1>"),
                ],
            }
        ],
        "Opened by @Ann in #ops",
    ),
    "paragraphs": (
        [
            rich(
                line(
                    "Ask ",
                    {"type": "user", "user_id": "U1"},
                    " or ",
                    {"type": "usergroup", "usergroup_id": "S1"},
                    " in ",
                    {"type": "channel", "channel_id": "C1"},
                    " ",
                    {"type": "emoji", "name": "cry", "unicode": "1f622"},
                    {"type": "emoji", "name": "+1", "skin_tone": 3},
                    {"type": "emoji", "name": "partyparrot"},
                ),
                line(
                    "read ",
                    {"type": "link", "url": "http://README.md", "text": "README.md"},
                    " ",
                    {"type": "link", "url": "https://a.example"},
                    " ",
                    {"type": "broadcast", "range": "here"},
                    " ",
                    {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "today"},
                    " ",
                    {"type": "color", "value": "#FF0000"},
                ),
            )
        ],
        "Ask @Ann or a group in #ops 😢👍🏼:partyparrot:\n"
        "read README.md https://a.example @here today #FF0000",
    ),
    "lists": (
        [
            rich(
                line("Three things:"),
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 0,
                    "elements": [line("builds"), line("tests")],
                },
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "indent": 1,
                    "offset": 2,
                    "elements": [line("deploys <now>")],
                },
                line("so it is", kind="rich_text_quote"),
                line("exit 1\nexit 2", kind="rich_text_preformatted"),
            )
        ],
        "Three things:\n• builds\n• tests\n3. deploys <now>\nso it is\nexit 1\nexit 2",
    ),
    "table": (
        [
            {
                "type": "table",
                "rows": [
                    [{"type": "raw_text", "text": "Job"}, {"type": "raw_text", "text": "State"}],
                    [rich(line("build")), {"type": "raw_text", "text": "red"}],
                ],
            }
        ],
        "Job · State\nbuild · red",
    ),
    "markdown": (
        [{"type": "markdown", "text": "## Deploy\n**failed** twice"}],
        "Deploy\nfailed twice",
    ),
    "pictures": (
        [
            {"type": "image", "image_url": "u", "alt_text": "a red graph"},
            {"type": "image", "image_url": "u", "alt_text": "x", "title": plain("Build times")},
            {"type": "video", "title": plain("The outage"), "description": plain("ten minutes")},
        ],
        "a red graph\nBuild times\nThe outage\nten minutes",
    ),
    "newer blocks": (
        [
            {"type": "alert", "text": marked("Disk is full"), "level": "error"},
            {"type": "card", "title": marked("Checkout"), "body": marked("is slow")},
            {
                "type": "carousel",
                "elements": [{"type": "card", "title": marked("Search"), "actions": []}],
            },
            {
                "type": "container",
                "title": plain("Details"),
                "child_blocks": [{"type": "section", "text": plain("since Monday")}],
            },
            {
                "type": "plan",
                "title": "Next",
                "tasks": [
                    {
                        "type": "task_card",
                        "task_id": "1",
                        "title": "Free it",
                        "details": rich(line("by hand")),
                    }
                ],
            },
        ],
        "Disk is full\nCheckout\nis slow\nSearch\nDetails\nsince Monday\nNext\nFree it\nby hand",
    ),
    "what is pressed": (
        [
            {
                "type": "section",
                "text": plain("Down"),
                "accessory": {"type": "button", "text": plain("Mute"), "action_id": "m"},
            },
            {"type": "actions", "elements": [{"type": "button", "text": plain("Acknowledge")}]},
            {"type": "input", "label": plain("Why?"), "element": {"type": "plain_text_input"}},
        ],
        "Down",
    ),
}

NAMES = {"U1": "Ann", "C1": "ops"}


@pytest.mark.parametrize(("blocks", "said"), BLOCKS.values(), ids=BLOCKS.keys())
@pytest.mark.parametrize("text", ["", UNSHOWN, "This content can’t be displayed."])
def test_words_are_read_from_blocks(text: str, blocks: list[Json], said: str) -> None:
    assert message_words({"text": text, "blocks": blocks}, NAMES) == said


def test_these_blocks_are_slacks() -> None:
    """A reader of what nobody sends is no help."""
    for blocks, _ in BLOCKS.values():
        for block in blocks:
            parsed = Block.parse(block)
            assert parsed is not None, block["type"]
            assert parsed.type == block["type"]


ATTACHMENTS: dict[str, tuple[Json, str]] = {
    "an older app's": (
        {
            "fallback": "Build 7 failed: https://ci.example",
            "pretext": "Hear, hear",
            "title": "Build 7",
            "title_link": "https://ci.example",
            "text": "*failed* &amp; was <@U1>'s",
            "fields": [{"title": "Branch", "value": "main"}, {"value": "no title"}],
            "actions": [{"type": "button", "text": "Retry"}],
            "footer": "CI",
        },
        "Hear, hear\nBuild 7\nfailed & was @Ann's\nBranch: main\nno title",
    ),
    "only a fallback": ({"fallback": "Build 7 failed"}, "Build 7 failed"),
    "blocks in it": (
        {
            "fallback": "[no preview available]",
            "blocks": [{"type": "section", "text": marked("Down again")}],
        },
        "Down again",
    ),
    "a message passed on": (
        {
            "is_share": True,
            "author_name": "Bob",
            "fallback": "[November 23rd, 2026 9:00 AM] bob: Down",
            "message_blocks": [
                {"channel": "C1", "message": {"blocks": [rich(line("Down at noon"))]}}
            ],
        },
        "Down at noon",
    ),
    "a file in it": ({"files": [{"name": "p.png", "title": "The outage"}]}, "The outage"),
    "nothing": ({"color": "#f00", "fallback": "[no preview available]"}, ""),
}


@pytest.mark.parametrize(("attachment", "said"), ATTACHMENTS.values(), ids=ATTACHMENTS.keys())
def test_words_are_read_from_attachments(attachment: Json, said: str) -> None:
    assert message_words({"text": "", "attachments": [attachment]}, NAMES) == said


def test_a_file_says_what_it_is_called() -> None:
    files = [{"name": "report.pdf", "title": "Why checkout is slow"}, {"name": "x.png"}]
    assert message_words({"text": "", "files": files}, {}) == "Why checkout is slow\nx.png"


def test_a_text_is_enough() -> None:
    """Blocks and attachments say the same again, or add what nobody needs."""
    block = {"type": "section", "text": plain("long")}
    assert message_words({"text": "short", "blocks": [block]}, {}) == "short"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None, "blocks": None, "attachments": "x", "files": [None, 7]},
        {"blocks": [7, {}, {"type": 7}, {"type": "section", "text": 7, "fields": {}}]},
        {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_list"}, 7]}]},
        {"blocks": [rich({"type": "rich_text_section", "elements": [{"type": "emoji"}, None]})]},
        {"blocks": [{"type": "table", "rows": [7, [7, None]]}, {"type": "context"}]},
        {"attachments": [{"fields": [7, {}], "message_blocks": [{"message": 7}, 8]}]},
    ],
)
def test_a_message_of_any_shape_is_read(message: Json) -> None:
    assert message_words(message, {}) == ""


def test_there_is_an_end_to_it() -> None:
    """Somebody's novel, or containers in containers, cost no more than a message."""
    deep: Json = {"type": "section", "text": plain("deepest")}
    for _ in range(DEPTH_MAX + 1):
        deep = {"type": "container", "child_blocks": [deep]}
    assert message_words({"blocks": [deep]}, {}) == ""
    wide = [{"type": "section", "text": plain(f"{n} " + "😢" * 2_900)} for n in range(50)]
    assert len(message_words({"blocks": wide}, {}).replace("\n", "")) == WORDS_MAX_CHARS


def test_those_named_only_in_blocks_are_asked_for() -> None:
    paragraph = rich(line({"type": "user", "user_id": "U1"}))
    found = everything_in({"blocks": [paragraph, {"type": "section", "text": marked("<#C1>")}]})
    assert "<@U1>" in found
    assert "<#C1>" in found
