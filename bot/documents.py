"""Files that people hand over: fetched before their turn, so that no transaction waits for one.

Only hosts that the platform's adapter names are asked, whatever an address or a redirect says: the
request may carry a token, and this machine may reach more than the people who write to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp
import structlog

from bot.text import clean
from bot.turn import Document

DOCUMENT_MAX_BYTES: Final = 32 * 1024 * 1024
FETCH_S: Final = 8.0
"""How long a file may take to arrive while somebody waits."""

REDIRECTS_MAX: Final = 3
CHUNK_BYTES: Final = 256 * 1024
NAME_MAX_CHARS: Final = 60

TABLES: Final = ("csv", "tsv", "json", "txt", "xlsx", "xls", "ods", "xml")
"""Endings of files that may hold a backlog; who can't be read gets a sentence that says so."""

Allows = Callable[[str], bool]
"""Tells whether Hone may fetch from an address."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as a platform announces it. `refused` is the sentence why it need not be fetched."""

    name: str
    url: str = ""
    size: int | None = None
    refused: str = ""

    @property
    def shown(self) -> str:
        name = clean(self.name) or "The file"
        return f"“{name}”" if len(name) <= NAME_MAX_CHARS else f"“{name[:NAME_MAX_CHARS]}…”"


def is_table(name: str) -> bool:
    """Tell whether a file's name says that it may hold a backlog."""
    return name.rpartition(".")[2].casefold() in TABLES


async def fetch(
    http: aiohttp.ClientSession,
    attached: Attached,
    allows: Allows,
    *,
    headers: Mapping[str, str] | None = None,
    within_s: float = FETCH_S,
) -> Document:
    """Return the file, or why it could not be had; raises nothing."""
    name = clean(attached.name)
    if attached.refused:
        return Document(name, trouble=attached.refused)
    if attached.size is not None and attached.size > DOCUMENT_MAX_BYTES:
        return Document(name, trouble=too_large(attached.shown))
    try:
        async with asyncio.timeout(within_s):
            content = await _content(http, attached.url, allows, headers or {})
    except _TooLarge:
        return Document(name, trouble=too_large(attached.shown))
    except TimeoutError:
        return Document(name, trouble=f"{attached.shown} did not arrive in time. Send it again.")
    except (_NotFetched, aiohttp.ClientError, OSError, ValueError) as error:
        log.warning("document_not_fetched", cause=type(error).__name__)
        return Document(
            name, trouble=f"I was not let at {attached.shown}. Send it again, or paste its rows."
        )
    return Document(name, content)


def too_large(shown: str) -> str:
    most = DOCUMENT_MAX_BYTES // 1024 // 1024
    return (
        f"{shown} has more than {most} MB. Whoever runs Hone can bring it in from the command "
        "line, or you export fewer columns."
    )


class _NotFetched(Exception):
    """The answer is not the file."""


class _TooLarge(Exception):
    """The file goes on past the limit."""


async def _content(
    http: aiohttp.ClientSession, url: str, allows: Allows, headers: Mapping[str, str]
) -> bytes:
    for _ in range(REDIRECTS_MAX + 1):
        if not allows(url):
            raise _NotFetched
        async with http.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                url = urljoin(url, answer.headers.get("Location", ""))
                continue
            if answer.status != 200 or answer.content_type == "text/html":
                raise _NotFetched  # a page to sign in is no export
            return await _read(answer)
    raise _NotFetched


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
        content += chunk
        if len(content) > DOCUMENT_MAX_BYTES:
            raise _TooLarge
    return bytes(content)


def host_of(url: str) -> str | None:
    """Return the host of an https address on its usual port; None for anything else about it."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "https" or "@" in parts.netloc or "\\" in url or parts.port is not None:
            return None
        return parts.hostname
    except ValueError:
        return None
