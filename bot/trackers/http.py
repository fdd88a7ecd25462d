"""The one way out to trackers: https, to vendors' clouds and to hosts that the operator named.

What people type decides where Hone asks, so this is a door into the company's network. Nothing else
here opens a connection: no redirect is followed, a vendor's name that resolves to a private address
is refused, an answer may have 8 MiB, and every call has a deadline.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.settings.values import is_loopback
from bot.text import clean
from bot.trackers.kinds import is_among
from bot.trackers.tracker import (
    BadAddress,
    Bearer,
    Missing,
    NotAllowed,
    NotNow,
    Rejected,
    SignedOut,
    Silent,
    Unreadable,
)

ANSWER_MAX_BYTES = 8 * 1024 * 1024
CALL_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 5.0
CALLS_A_HOST_MAX = 6
"""At once; Rally takes 12 of one account, and others are there, too."""

WAIT_S = 60.0
"""How long to wait when a tracker does not say."""
WAIT_MAX = timedelta(hours=2)
WORDS_MAX_CHARS = 200

Json = dict[str, Any]


class _Private(OSError):
    """A public name leads into a private network."""


_PUBLIC = ip_network("2000::/3")
_TRANSLATED = ip_network("64:ff9b::/96")
"""Where a network reaches IPv4 by IPv6: https://www.rfc-editor.org/rfc/rfc6052."""


def is_public(written: str) -> bool:
    """Whether an address is one of the internet, also where it holds another one."""
    address = ip_address(written)
    if isinstance(address, IPv6Address):
        if address in _TRANSLATED:
            return is_public(str(IPv4Address(address.packed[-4:])))
        if address not in _PUBLIC or address.sixtofour or address.teredo:
            return False
    return address.is_global and not address.is_multicast


class _PublicOnly(AbstractResolver):
    """Resolves names, and lets only those lead inside that the operator named."""

    def __init__(self, named: Collection[str], inner: AbstractResolver) -> None:
        self._named = named
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            found = await self._inner.resolve(host, port, family)
        except ValueError as error:  # no name at all: a piece of it is empty or too long
            raise OSError(f"{host[:100]} is no name") from error
        if host not in self._named and not all(is_public(r["host"]) for r in found):
            raise _Private(f"{host} is private")
        return found

    async def close(self) -> None:
        await self._inner.close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, with its status and the headers; `data` is its JSON, None for nothing."""

    status: int
    headers: Mapping[str, str]
    data: Any


class Door:
    """Opens connections to trackers, for all of them. `hosts` are those of HONE_TRACKER_HOSTS."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        hosts: Collection[str] = (),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.clock = clock
        self._named = frozenset(host.lower() for host in hosts)
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    def root(self, site: str, clouds: Collection[str] = ()) -> str:
        """Return the address of a site, `host[:port][/path]`; raises BadAddress.

        `clouds` are its vendor's hosts; one that begins with a dot stands for all below it. Only a
        host that the operator named on this very machine is asked by http.
        """
        place, _, path = site.partition("/")
        host = urlhost(place)
        if place.lower() in self._named:
            scheme = "http" if is_loopback(host) else "https"
        elif host and place.lower() == host and is_among(host, clouds):
            scheme = "https"
        else:
            raise BadAddress(
                f"I may not go to {place[:100] or 'an address without a host'}: whoever runs Hone "
                "has to name it in HONE_TRACKER_HOSTS."
            )
        return f"{scheme}://{place}" + (f"/{path.strip('/')}" if path.strip("/") else "")

    def is_named(self, site: str) -> bool:
        """Tell whether the operator named the site's host, whoever's it is."""
        return site.partition("/")[0].lower() in self._named

    async def call(
        self, name: str, method: str, url: URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Call a tracker that people know as `name`; any status is an answer."""
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return await _read(name, answer)
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _Private):
                raise BadAddress(
                    f"{url.host} leads into a private network: whoever runs Hone has to name it in "
                    "HONE_TRACKER_HOSTS."
                ) from error
            if isinstance(error, aiohttp.ClientConnectorCertificateError):
                raise BadAddress(
                    f"{url.host} shows a certificate that Hone does not trust: whoever runs Hone "
                    "can add its authority by SSL_CERT_FILE."
                ) from error
            if isinstance(error, aiohttp.ClientConnectorDNSError):
                raise Silent(f"I can't find {url.host}: check the address.") from error
            raise Silent(f"{name} does not answer.") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Silent(f"{name} does not answer.") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            hosts = {urlhost(place) for place in self._named}
            resolver = self._resolver or aiohttp.DefaultResolver()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=_PublicOnly(hosts, resolver), limit_per_host=CALLS_A_HOST_MAX
                ),
                timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "Hone"},
            )
        return self._session


def urlhost(place: str) -> str:
    """Return the host of `host[:port]` in lower case, "" if there is none."""
    try:
        return URL(f"https://{place}").host or ""
    except ValueError:
        return ""


async def _read(name: str, answer: aiohttp.ClientResponse) -> Answer:
    if 300 <= answer.status < 400 and answer.status != 304:
        raise BadAddress(
            f"{name} sends us on to another address, where I don't go: connect the one that people "
            "see in their browser when they are there."
        )
    whole = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        whole += piece
        if len(whole) > ANSWER_MAX_BYTES:
            raise Unreadable(f"{name}'s answer is too large: more than 8 MiB.")
    try:
        data = orjson.loads(whole) if whole.strip() else None
    except orjson.JSONDecodeError:
        if answer.status < 300:
            raise Unreadable(
                f"{name} answers with a page instead of data: check the address, and whether a "
                "sign-in page stands before it."
            ) from None
        data = None
    return Answer(answer.status, answer.headers, data)


class Client:
    """Calls one site, as somebody. Subclasses know where its errors say what is wrong.

    A `bearer` has tokens that are renewed: each call asks it for one.
    """

    def __init__(
        self,
        door: Door,
        name: str,
        root: str,
        headers: Mapping[str, str],
        bearer: Bearer | None = None,
    ) -> None:
        self.door = door
        self.bearer = bearer
        self.name = name
        self.root = root
        self.headers = {"Accept": "application/json", **headers}

    async def get(self, path: str, **params: str | int) -> Any:
        return (await self.call("GET", path, params=params)).data

    async def post(self, path: str, body: Any, **params: str | int) -> Any:
        return (await self.call("POST", path, body, params=params)).data

    async def put(self, path: str, body: Any, **params: str | int) -> Any:
        return (await self.call("PUT", path, body, params=params)).data

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return a good answer; raises TrackerError for any other."""
        url = URL(self.root + path)
        if params:
            url = url.update_query(params)
        sent = {**self.headers, **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        raw = None if body is None else orjson.dumps(body)
        if self.bearer is None:
            return self._good(await self.door.call(self.name, method, url, sent, raw))
        token = await self.bearer.token()
        sent["Authorization"] = f"Bearer {token}"
        try:
            return self._good(await self.door.call(self.name, method, url, sent, raw))
        except SignedOut:  # before its time: another one is asked for, once
            sent["Authorization"] = f"Bearer {await self.bearer.token(refused=token)}"
            return self._good(await self.door.call(self.name, method, url, sent, raw))

    def _good(self, answer: Answer) -> Answer:
        self.check(answer)
        return answer

    def check(self, answer: Answer) -> None:
        """Raise what an answer means, unless it is good."""
        words = said(self.words(answer.data))
        then = f": {words}" if words else "."
        if (until := self.until(answer)) is not None:
            raise NotNow(f"{self.name} asks us to wait.", until)
        match answer.status:
            case status if status < 300:
                return
            case 401:
                raise SignedOut(f"{self.name} does not accept our token.")
            case 403:
                raise NotAllowed(f"Our token has no right to this in {self.name}{then}")
            case 404 | 410:
                raise Missing(f"{self.name} does not have this, or does not show it to us.")
            case status if status >= 500:
                raise Silent(f"{self.name} is out of order just now.")
            case _:
                raise Rejected(f"{self.name} refused it{then}", answer.data)

    def words(self, data: Any) -> str:
        """Return what an error says, in the tracker's words."""
        match data:
            case {"message": str(words)} | {"error": str(words)}:
                return words
        return ""

    def until(self, answer: Answer) -> datetime | None:
        """Return when we may go on, None if nothing keeps us."""
        waits = answer.headers.get("Retry-After")
        if answer.status == 429 or (answer.status in (403, 503) and waits):
            return self.after(waits)
        return None

    def after(self, waits: str | None) -> datetime:
        """Return the instant that seconds or a date say, within bounds."""
        now = self.door.clock()
        try:
            until = now + timedelta(seconds=max(1.0, float(waits or WAIT_S)))
        except (ValueError, OverflowError):
            until = _date(waits or "") or now + timedelta(seconds=WAIT_S)
        return min(max(until, now + timedelta(seconds=1)), now + WAIT_MAX)


def _date(words: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(words)
    except (ValueError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_TAG = re.compile(r"<[^>]{0,200}>")


def said(words: str) -> str:
    """Return a tracker's words as one short line; "" when there are none."""
    line = " ".join(clean(_TAG.sub(" ", words)).split())
    return line if len(line) <= WORDS_MAX_CHARS else f"{line[:WORDS_MAX_CHARS].rstrip()}…"
