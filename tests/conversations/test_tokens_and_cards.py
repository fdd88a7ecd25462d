"""Who pastes a token or a card number by mistake is asked before others can read it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.confidential import kind_in
from bot.turn import Command
from storage import Database
from tests.hone import Hone, Someone

pytestmark = pytest.mark.usefixtures("nothing_typed_is_logged")

HEX = "0123456789abcdef" * 3
TOKEN = f"xoxb-{HEX}"


@pytest.fixture
async def ada(sqlite_url: str) -> AsyncIterator[Someone]:
    hone = Hone(Database(sqlite_url))
    yield hone.person("Ada")
    await hone.stop()
    await hone.database.close()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"the build prints {TOKEN}", "a Slack token"),
        (f"xapp-1-A0B1-{HEX}", "a Slack token"),
        (f"https://hooks.slack.com/services/T0/B0/{HEX}", "a Slack webhook"),
        (f"token=ghp_{HEX}", "a GitHub token"),
        (f"github_pat_{HEX}", "a GitHub token"),
        (f"glpat-{HEX}", "a GitLab token"),
        ("key AKIAABCDEFGHIJKLMNOP.", "an AWS key"),
        (f"AIza{HEX[:35]}", "a Google API key"),
        (f"abc8Q~{HEX[:34]}", "a Microsoft client secret"),
        (f"sk_live_{HEX}", "an API key"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        (f"eyJ{HEX}.eyJ{HEX}.{HEX}", "a signed token (JWT)"),
        ("postgresql://hone:hunter2@db/hone", "an address with a password"),
        ("card 4111 1111 1111 1111", "a card number"),
        ("5555-5555-5555-4444", "a card number"),
        ("amex 378282246310005!", "a card number"),
    ],
)
def test_what_is_nobody_elses_business_has_a_name(text: str, kind: str) -> None:
    assert kind_in(text) == kind
    assert kind_in(f"Builds fail. {text} Since Monday.") == kind


@pytest.mark.parametrize(
    "text",
    [
        "Tokens expire too soon",
        "the xoxb- prefix",
        "4111 1111 1111 1112",  # its check digit is wrong
        "1234567890128",  # fits, but begins as no card
        "call +49 30 901820 or 0049309018200",
        "order 2026-11-30 12:00:00 4:30",
        "https://example.com/@ada/posts:1",
        "sk-learn and task_live_" + "a" * 10,
        "commit 4f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
        "#1 #2 #3 4 5 6 7 8 9 10 11 12 13 14",
    ],
)
def test_what_people_write_about_is_no_secret(text: str) -> None:
    assert kind_in(text) is None


async def test_a_pasted_token_is_asked_about_and_nobody_reads_it(ada: Someone) -> None:
    await ada.says(f"improve The build prints {TOKEN}")
    assert "looks like a Slack token" in ada.told
    assert "nothing was saved" in ada.told
    assert ada.hone.channel() == []
    await ada.says("improve The build prints its token")
    assert "Saved as #1" in ada.told


async def test_sent_once_more_it_is_meant(ada: Someone) -> None:
    line = "improve Our test card 4111 1111 1111 1111 is refused"
    await ada.says(line)
    await ada.says(line)
    assert "Saved as #1" in ada.told
    await ada.says(line)
    assert "looks like a card number" in ada.told, "each time it is a question of its own"


async def test_a_delivery_that_comes_twice_is_no_answer(ada: Someone) -> None:
    await ada.says("help")
    await ada.acts(_improve(TOKEN), key="again")
    outcome = await ada.acts(_improve(TOKEN), key="again")
    assert outcome.repeated
    assert ada.hone.channel() == []


async def test_a_form_stays_open_with_all_that_was_typed(ada: Someone) -> None:
    await ada.says("improve")
    form = ada.form
    answers = {"title": "The build prints its token", "details": f"It says {TOKEN}."}
    outcome = await ada.fills(answers)
    assert outcome.refused, "the form closed"
    assert "looks like a Slack token" in ada.told
    ada.form = form
    await ada.fills(answers)
    assert "Saved as #1" in ada.told


def _improve(token: str) -> Command:
    return Command("improve", f"The build prints {token}")
