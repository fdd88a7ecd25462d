"""Read what the page sends, as suspiciously as anything from outside: any shape may arrive."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.local.people import Resident, resident
from bot.text import clean
from bot.turn import Document, Place

_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
_REF = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """Who did something, where, and the delivery's key: sent twice, it counts once."""

    who: Resident
    place: Place
    key: str
    body: dict[str, Any]

    def text(self, name: str) -> str:
        """Return a text of the body, cleaned, or "" if there is none."""
        value = self.body.get(name)
        return clean(value) if isinstance(value, str) else ""

    def documents(self) -> tuple[Document, ...]:
        """Return the files that came along; one that is none is left out."""
        sent = self.body.get("files")
        listed = sent if isinstance(sent, list) else ()
        return tuple(found for each in listed if (found := _document(each)) is not None)

    def answers(self) -> dict[str, tuple[str, ...]]:
        """Return a form's answers; empty ones are left out of their field."""
        given = self.body.get("answers")
        if not isinstance(given, dict):
            return {}
        return {field: _texts(values) for field, values in given.items()}


def _document(sent: object) -> Document | None:
    match sent:
        case {"name": str(name), "content": str(content)}:
            try:
                return Document(clean(name), base64.b64decode(content, validate=True))
            except ValueError:
                return None
        case _:
            return None


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    cleaned = (clean(value) for value in values if isinstance(value, str))
    return tuple(text for text in cleaned if text)


FindPlace = Callable[[Resident, str | None, str | None], Awaitable[Place | None]]
"""Says which place a channel is for somebody, in a thread or not; None for none of theirs."""


async def read_request(request: web.Request, find_place: FindPlace) -> Request:
    """Return what was sent; raises a 4xx of aiohttp for what the page would never send."""
    body = await _read_object(request)
    who = resident(_text(body, "as"))
    thread = _text(body, "thread")
    if who is None:
        raise web.HTTPBadRequest(text="There is no such person here.")
    where = await find_place(who, _text(body, "in"), thread if _REF.fullmatch(thread) else None)
    if where is None:
        raise web.HTTPBadRequest(text="There is no such place here.")
    key = _text(body, "key")
    if not _KEY.fullmatch(key):
        raise web.HTTPBadRequest(text="The delivery has no key.")
    return Request(who, where, key, body)


async def _read_object(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Send one JSON object.")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
