"""Keep other websites out of the local room, which asks nobody for a password.

A page elsewhere could make a visitor's browser send requests here, under a name of its own that
resolves to this machine (DNS rebinding) or across sites. Browsers say where a request is from.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.hosts import is_this_machine

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def refusal(method: str, headers: Mapping[str, str]) -> str | None:
    """Return why a request is refused, in a sentence, or None if it may pass."""
    host = headers.get("Host", "")
    if not is_this_machine(host):
        return "Open the local room as http://localhost, on the machine it runs on."
    origin = headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{host}".lower():
        return "The local room answers only its own page."
    if headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none") and not (
        # Following a link from elsewhere shows the page and changes nothing.
        method == "GET"
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest") == "document"
    ):
        return "The local room answers only its own page."
    return None


def guarded(handler: Handler) -> Handler:
    """Refuse what `refusal` names and POSTs that are not JSON, which a plain form could send."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if reason := refusal(request.method, request.headers):
            return web.Response(status=403, text=reason, headers=HEADERS)
        if request.method == "POST" and request.content_type != "application/json":
            return web.Response(status=415, text="Send JSON.", headers=HEADERS)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return answer
