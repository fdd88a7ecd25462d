"""Votes as Slack delivers them, cloned from one that a person really sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode

import aiohttp

from bench.replica import Process, until
from bot.slack.adapter import PATH
from bot.slack.verify import sign
from tests.fakes.slack import SIGNING_SECRET, FakeSlack, Message
from tests.fakes.slack_line import FORM, SlackLine
from tests.fakes.slack_person import SlackPerson

HAND = {"ubv.{0}": "8", "tc.{0}": "3", "rroe.{0}": "5", "size.{0}": "2"}


class Ballots:
    """One vote on one item, and copies of its ballot for as many people as wanted."""

    def __init__(self, slack: FakeSlack, card: Message, sent: dict[str, Any]) -> None:
        self.card = card
        self._slack = slack
        self._sent = sent
        self._numbers = count(1)

    def of(self, person: str) -> bytes:
        """Return the body of a new form, filled in and sent by this person."""
        form = f"{self.card.channel}N{next(self._numbers)}"
        submit, origin = json.loads(self._sent["view"]["private_metadata"])
        reply = self._slack.response_url(person, self.card.channel)
        metadata = json.dumps([submit, origin | {"reply": reply, "nonce": form}])
        view = self._sent["view"] | {"id": f"V{form}", "private_metadata": metadata}
        user = self._sent["user"] | {"id": person, "name": person.lower()}
        payload = self._sent | {"user": user, "view": view}
        return urlencode({"payload": json.dumps(payload)}).encode()


async def start_vote(slack: FakeSlack, http: aiohttp.ClientSession, hone: Process) -> Ballots:
    """Have somebody capture an item, start a vote on it in a new channel, and vote first."""
    channel = f"C{len(slack.channels)}"
    slack.add_person("ULEAD", "Lead")
    slack.add_channel(channel, "ULEAD")
    line = SlackLine(slack, http, hone.address(PATH))
    lead = SlackPerson(line, "ULEAD", channel)
    await lead.types(f"/improve Matter of {channel}")
    number = lead.reads().rpartition("#")[2].rstrip(".")
    await lead.types(f"/wsjf #{number}")
    await until(lambda: any(_votes(each) for each in slack.in_channel(channel)))
    card = next(filter(_votes, slack.in_channel(channel)))
    slack.views.pop("ULEAD", None)
    await lead.clicks("Vote", on=card)
    await until(lambda: lead.form is not None)
    await lead.submits({field.format(number): answer for field, answer in HAND.items()})
    sent = json.loads(parse_qs(line.sent[-1][0].decode())["payload"][0])
    return Ballots(slack, card, sent)


def _votes(message: Message) -> bool:
    return any(button["text"]["text"] == "Vote" for button in message.buttons())


async def send(http: aiohttp.ClientSession, server: Process, body: bytes) -> bool:
    """Deliver a form; True if the answer says that it was taken."""
    said = await post(http, server, body)
    return '"update"' not in said and '"errors"' not in said


async def post(http: aiohttp.ClientSession, server: Process, body: bytes) -> str:
    """Deliver one signed body and return the answer; raises ValueError for any status but 200."""
    stamp = str(int(datetime.now(UTC).timestamp()))
    headers = {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(body, stamp, SIGNING_SECRET),
    }
    async with http.post(server.address(PATH), data=body, headers=headers) as answer:
        said = await answer.text()
        if answer.status != 200:
            raise ValueError(f"{answer.status} {said}")
        return said
