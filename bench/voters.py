"""People at Slack clients who vote and capture while servers die under them."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from bench.ledger import Ballot, Cell, Ledger
from bench.replica import Process, living, until
from bot.slack.adapter import PATH
from bot.slack.forms import carried
from handlers.wsjf.scale import SCALE
from tests.fakes.slack import FakeSlack, Message, View
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_person import SlackPerson

TRIES_MAX = 30
FORM_MAX_S = 2.0
"""How long a person waits for a form they asked for before they press the button again."""

_TROUBLE = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(slots=True)
class Duplicates:
    """How often a delivery comes twice, and how often it did."""

    share: float
    made: int = 0


class UnsteadyLine(SlackLine):
    """A line to whichever replica lives: it delivers again until there is an answer, or twice.

    The same bytes again is what Slack sends after a lost answer, and what a person sends who
    presses the button of an open form once more.
    """

    def __init__(
        self,
        slack: FakeSlack,
        http: aiohttp.ClientSession,
        replicas: list[Process],
        duplicates: Duplicates,
    ) -> None:
        super().__init__(slack, http, "")
        self._replicas = replicas
        self._duplicates = duplicates

    async def deliver(self, raw: bytes, content_type: str, **headers: str) -> bytes:
        twice = random.random() < self._duplicates.share
        self._duplicates.made += twice
        if twice and random.random() < 0.5:
            other = asyncio.create_task(self._until_answered(raw, content_type))
            answer = await self._until_answered(raw, content_type)
            status = self.status
            await other
            self.status = status
            return answer
        answer = await self._until_answered(raw, content_type)
        if twice:
            status = self.status
            await self._until_answered(raw, content_type)
            self.status = status
        return answer

    async def _until_answered(self, raw: bytes, content_type: str) -> bytes:
        answer = b""
        for _ in range(TRIES_MAX):
            self._url = (await living(self._replicas)).address(PATH)
            try:
                async with asyncio.timeout(10):
                    answer = await super().deliver(raw, content_type)
            except _TROUBLE:
                self.status = 0
            finally:
                self.sent.clear()
            if self.status == 200:
                break
            await asyncio.sleep(random.uniform(0.05, 0.3))
        return answer


@dataclass(slots=True)
class Voter:
    """One person and the live cards they vote on, one after the other."""

    line: UnsteadyLine
    person: SlackPerson
    polls: list[Message]
    ledger: Ledger
    _turns: count[int] = field(default_factory=count)

    async def act(self) -> None:
        """Fill in one ballot, and now and then capture an item."""
        if random.random() < 0.3:
            await self._capture()
        if await self._open_ballot(self.polls[next(self._turns) % len(self.polls)]):
            while self.person.form is not None and await self._send_page():
                pass

    async def _open_ballot(self, poll: Message) -> bool:
        self.line.slack.views.pop(self.person.id, None)
        await self.person.clicks("Vote", on=poll)
        try:
            async with asyncio.timeout(FORM_MAX_S):
                await until(lambda: self.person.form is not None, 0.01)
        except TimeoutError:
            return False
        return True

    async def _send_page(self) -> bool:
        """Send the page that is open; True if Hone said that it was saved.

        It says so by closing the form or by going on to the next page.
        """
        form = self.person.form
        assert form is not None
        page = _page(form)
        poll = page.split(",")[1]
        cards = {
            block["block_id"]: random.choice(SCALE)
            for block in form.drawn["blocks"]
            if block["type"] == "input"
        }
        cells: dict[Cell, str] = {
            (self.person.id, poll, field): str(card) for field, card in cards.items()
        }
        ballot = Ballot(cells)
        self.ledger.ballots.append(ballot)
        await self.person.submits({field: str(card) for field, card in cards.items()})
        after = self.person.form
        ballot.acknowledged = not self.person.errors and (after is None or _page(after) != page)
        return ballot.acknowledged

    async def _capture(self) -> None:
        title = f"{uuid.uuid4().hex[:12]} {uuid.uuid4().hex[:12]}"
        self.ledger.items[title] = False
        await self.person.writes(f"improve {title}")
        self.ledger.items[title] = self.line.status == 200


def _page(form: View) -> str:
    """Return what the form sends on the wire: poll, round and page."""
    shown = carried(form.drawn["private_metadata"])
    assert shown is not None
    return shown.submit
