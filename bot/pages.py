"""Plain pages that an app's listing must link to: what it is, privacy and terms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from html import escape

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.Response]]

PRIVACY = (
    "Hone keeps the backlog items, retro notes, votes and digests of your teams, and of people "
    "their name, id, time zone, language and role. All of it stays in the database of whoever "
    "runs this installation.",
    "Hone has no permission to read channels. It sees what is typed to it, the messages that "
    "people log with it, the files they hand to it, and the buttons they press. A file is kept "
    "until its items are in, or a day. Its log never holds what people typed.",
    "When Hone is removed from a Slack workspace it stops at once and deletes the workspace's "
    "data after 30 days. To have it deleted sooner, ask whoever runs this installation.",
)
ABOUT = (
    "Hone is a chatbot for Slack and Microsoft Teams that refines a backlog where the team talks. "
    "It turns a message or a short idea into a backlog item, has items voted on blind by WSJF with "
    "one reveal, and posts one short digest of the backlog's health a week.",
    "Invite it to your team's channel and type: @Hone help",
    "For help with this installation, ask whoever runs it in your company.",
)
ABOUT_PATH = "/about"
"""What the app packages name as Hone's website."""

STYLE = "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}"

TERMS = (
    "Hone is free software under the MIT licence, provided as it is and without warranty. "
    "Whoever runs this installation decides who may use it.",
)


def routes() -> list[web.RouteDef]:
    """Return the pages' routes."""
    return [
        web.get(ABOUT_PATH, _page("Hone", ABOUT)),
        web.get("/privacy", _page("Privacy", PRIVACY)),
        web.get("/terms", _page("Terms", TERMS)),
    ]


def page(
    title: str, paragraphs: Iterable[str], status: int = 200, button: str = ""
) -> web.Response:
    """Return a page of plain paragraphs; whatever they hold is shown literally.

    A `button` sends the page's own address as a form.
    """
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    if button:
        body += f'<form method="post"><button>{escape(button)}</button></form>'
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)} – Hone</title>'
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )
    return web.Response(text=html, status=status, content_type="text/html")


def _page(title: str, paragraphs: tuple[str, ...]) -> Handler:
    async def show(_: web.Request) -> web.Response:
        return page(title, paragraphs)

    return show
