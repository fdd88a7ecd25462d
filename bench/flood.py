"""A stranger holds as many doors as they can, and people and probes are still answered.

    python -m bench.flood            1,050 half bodies and 1,100 open streams, at full size
    python -m bench.flood --quick    100 and 110

A real process on SQLite, with Slack and the local room. The halves are unsigned, and as large as
the door takes them; who sends them opens another for each that is hung up on. Exit status 1 if
`/healthz` or a genuine command was answered with anything but 200.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.contest import ms
from bench.replica import Process, hone, on_slack, running
from bot.server import BODY_MAX_BYTES
from bot.slack.adapter import PATH
from storage.migrate import upgrade
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_person import SlackPerson

FULL, QUICK = (1_050, 1_100), (100, 110)
"""Half bodies, and open streams."""

ASKED = 40
"""Times that a probe and a person ask, before the flood and in it."""

HALF = b" " * (BODY_MAX_BYTES // 2)


@dataclass(slots=True)
class Asked:
    """How probes and people were answered."""

    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        return self.statuses.total() - self.statuses[200]


@contextlib.asynccontextmanager
async def held(port: int, heads: Sequence[bytes]) -> AsyncIterator[None]:
    """Keep a connection open for each of these beginnings; one that is closed is opened again."""
    holding = [asyncio.create_task(_hold(port, head)) for head in heads]
    await asyncio.sleep(3)  # until most of them are there
    try:
        yield
    finally:
        for each in holding:
            each.cancel()
        await asyncio.gather(*holding, return_exceptions=True)


async def _hold(port: int, head: bytes) -> None:
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(head)
                while await reader.read(65_536):
                    pass
            finally:
                writer.close()
        await asyncio.sleep(1)


def half_body() -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nHost: hone\r\nContent-Length: {BODY_MAX_BYTES}\r\n\r\n"
    return head.encode() + HALF


def stream(port: int) -> bytes:
    return f"GET /local/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()


async def ask(server: Process, slack: FakeSlack, http: aiohttp.ClientSession) -> Asked:
    """Have a probe and a person ask by turns."""
    asked, line = Asked(), SlackLine(slack, http, server.address(PATH))
    for number in range(ASKED):
        began = time.monotonic()
        async with http.get(server.address("/healthz")) as answer:
            asked.statuses[answer.status] += 1
        # Another person each time: nobody does more than thirty things a minute.
        slack.add_person(f"U{number}", f"Ann {number}")
        await SlackPerson(line, f"U{number}", "C0TEAM").types("/hone help")
        asked.statuses[line.status] += 1
        asked.took.append(time.monotonic() - began)
        await asyncio.sleep(0.05)
    return asked


async def flood(halves: int, streams: int, folder: Path) -> tuple[Asked, Asked]:
    """Return how it was answered before the flood, and in it."""
    url = f"sqlite:///{folder / 'hone.db'}"
    await asyncio.to_thread(upgrade, url)
    async with FakeSlack(lambda: datetime.now(UTC)) as slack, aiohttp.ClientSession() as http:
        server = hone("hone", folder, url, on_slack(slack.api_url) | {"HONE_LOCAL": "true"})
        async with running(http, [server]):
            slack.add_channel("C0TEAM")
            before = await ask(server, slack, http)
            heads = [*[half_body()] * halves, *[stream(server.port)] * streams]
            async with held(server.port, heads):
                return before, await ask(server, slack, http)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="100 half bodies, 110 streams")
    halves, streams = QUICK if parser.parse_args().quick else FULL
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the server inherits it
    with tempfile.TemporaryDirectory() as folder:
        before, meanwhile = asyncio.run(flood(halves, streams, Path(folder)))
    print(
        f"{halves:,} half bodies, {streams:,} streams: {meanwhile.refused + before.refused} of "
        f"{meanwhile.statuses.total() + before.statuses.total()} not answered 200; a probe and a "
        f"command take {ms(max(meanwhile.took))} at most, {ms(max(before.took))} before"
    )
    return 1 if meanwhile.refused or before.refused else 0


if __name__ == "__main__":
    sys.exit(main())
