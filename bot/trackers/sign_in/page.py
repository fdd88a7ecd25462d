"""The page on which a person's sign-in at a tracker begins and ends.

A card's link leads here. The page says who asked, so that nobody lets a stranger in by a link that
was passed on, and a button leads on to the vendor. What travels through the vendor, the state, is
good once, for ten minutes, and only in the browser that pressed the button: a cookie holds its
other half, and the database a hash of both.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web
from yarl import URL

from bot.pages import page
from bot.remote import SignedIn
from bot.router import Router
from bot.trackers.kinds import SIGN_IN_PATH
from bot.trackers.sign_in.keeper import TokenKeeper
from bot.trackers.sign_in.opened import Opened, sites_opened
from bot.trackers.sign_in.vendors import CALLBACK, App, Tokens
from bot.trackers.tracker import TrackerError
from bot.turn import Person, Place, Pulled, Turn
from bot.vault import Locked
from storage import Store, Unavailable
from storage.roles import known_role
from storage.sign_ins import LINK_LIVES, SignIn
from storage.signing_in import by_begun, by_ticket

COOKIE: Final = "hone_sign_in"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""The addresses hold what nobody else may learn, and no other page may press the button.

Without any referrer browsers would not say either which page it was pressed on.
"""

RUN_OUT: Final = "This link has run out, was used before, or was opened in another browser."
AGAIN: Final = "Nothing was connected. Go back to your chat with Hone for a new link."
PRESS_HERE: Final = "Another page sent you here. Open the link in your chat with Hone instead."
CLOSE: Final = "You can close this page: Hone goes on in your chat with it."

log = structlog.get_logger()


class SignInPage:
    """Sends people to vendors and takes what the vendors send back with them."""

    def __init__(self, keeper: TokenKeeper, router: Router, clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._database = keeper.database
        self._router = router
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        link = SIGN_IN_PATH + "{kind:[a-z]{2,20}}/{ticket:[A-Za-z0-9_-]{32,64}}"
        return [
            web.get(link, self._show),
            web.post(link, self._begin),
            web.get(SIGN_IN_PATH + "{kind:[a-z]{2,20}}/" + CALLBACK, self._finish),
        ]

    # --- before the vendor ---

    async def _show(self, request: web.Request) -> web.Response:
        """Say who asked for what; nothing happens before the button is pressed."""
        try:
            async with self._database.read("", self._clock()) as store:
                asked = await self._asked(store, request)
            if asked is None:
                return _plain("This link does not work any more", (RUN_OUT, AGAIN), 404)
            async with self._database.read(asked.workspace, self._clock()) as store:
                person = await store.people.find(asked.person)
                team = await store.teams.find(asked.team_id)
        except Unavailable as error:
            return _out_of_reach(error)
        name = self._keeper.apps[asked.kind].vendor.name
        who, what = person.name if person else "Somebody", team.name if team else "a team"
        return _plain(
            f"Connect {name}",
            (
                f"{who} wants the team {what} to work with {name} through Hone, with the rights "
                "of the account that you sign in with.",
                "If you are not the one who asked for this, close this page.",
            ),
            button=f"Sign in with {name}",
        )

    async def _begin(self, request: web.Request) -> web.Response:
        """Send the person to the vendor, and have the browser keep half of the proof."""
        kind = request.match_info["kind"]
        if kind in self._keeper.apps and not _is_pressed(request, self._keeper.apps[kind]):
            return _plain("Nothing was connected", (PRESS_HERE,), 403)
        state, ours, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        try:
            async with self._database.read("", self._clock()) as store:
                asked = await self._asked(store, request)
            if asked is None:
                return _plain("This link does not work any more", (RUN_OUT, AGAIN), 404)
            app, id = self._keeper.apps[asked.kind], asked.id

            async def begin(store: Store) -> None:
                row = await store.sign_ins.find(id, lock=True)
                if row is not None:
                    row.begun = _proof(state, ours)
                    row.verifier = self._keeper.vault.seal(verifier)

            await self._database.write(asked.workspace, self._clock(), begin)
        except Unavailable as error:
            return _out_of_reach(error)
        answer = web.Response(status=303, headers={"Location": app.page(state, verifier)} | HEADERS)
        answer.set_cookie(
            COOKIE,
            ours,
            max_age=int(LINK_LIVES.total_seconds()),
            path=SIGN_IN_PATH,
            secure=app.public_url.startswith("https://"),
            httponly=True,
            samesite="Lax",  # vendors send people back by a link, which "Strict" would strip
        )
        return answer

    async def _asked(self, store: Store, request: web.Request) -> SignIn | None:
        """Return the sign-in that a link begins, while it leads on."""
        row = await by_ticket(store, request.match_info["ticket"])
        kind = request.match_info["kind"]
        if row is None or row.kind != kind or kind not in self._keeper.apps:
            return None
        return row if row.is_open(store.now) else None

    # --- behind it ---

    async def _finish(self, request: web.Request) -> web.Response:
        proof = _proof(request.query.get("state", ""), request.cookies.get(COOKIE, ""))
        try:
            taken = await self._take(request.match_info["kind"], proof)
            if taken is None:
                return _ended(RUN_OUT)
            why = await self._arrive(*taken, request)
        except Unavailable as error:
            return _out_of_reach(error)
        if why:
            return _ended(why)
        name = self._keeper.apps[request.match_info["kind"]].vendor.name
        return _plain(f"You signed in with {name}", (CLOSE,))

    async def _take(self, kind: str, proof: str) -> tuple[App, str, int, str] | None:
        """Return the sign-in that a browser brings back, once; None where it cannot be."""
        async with self._database.read("", self._clock()) as store:
            found = await by_begun(store, proof)
        if found is None or found.kind != kind or kind not in self._keeper.apps:
            return None
        id, workspace = found.id, found.workspace

        async def take(store: Store) -> str:
            row = await store.sign_ins.find(id, lock=True)
            if row is None or row.begun != proof or not row.is_open(store.now):
                return ""
            row.begun = None
            return row.verifier

        verifier = await self._database.write(workspace, self._clock(), take)
        return (self._keeper.apps[kind], workspace, id, verifier) if verifier else None

    async def _arrive(
        self, app: App, workspace: str, id: int, verifier: str, request: web.Request
    ) -> str:
        """Fetch the tokens and hand them on; return a sentence where nothing came of it."""
        tokens: Tokens | None = None
        found: tuple[Opened, ...] = ()
        why = ""
        if request.query.get("error") or not request.query.get("code"):
            why = f"{app.vendor.name} did not let Hone in: nobody gave it the permissions."
        else:
            try:
                code = request.query["code"]
                tokens = await self._keeper.exchange(app, code, self._keeper.vault.unseal(verifier))
                found = await sites_opened(app, self._keeper.door, tokens.access)
            except TrackerError as error:
                why = str(error)
            except Locked:
                why = "HONE_SECRET_KEYS was changed meanwhile: begin again."
        return await self._hand_on(app, workspace, id, tokens, found, why)

    async def _hand_on(
        self,
        app: App,
        workspace: str,
        id: int,
        tokens: Tokens | None,
        found: tuple[Opened, ...],
        why: str,
    ) -> str:
        """Save what came, and let the feature go on with it in the person's chat."""
        now = self._clock()

        async def hand_on(store: Store) -> str:
            row = await store.sign_ins.find(id, lock=True)
            if row is None:
                return RUN_OUT
            if tokens is not None and not why:
                self._keeper.keep(row, app, tokens)
                row.state = "granted"
                row.found = [[each.site, each.name, each.known_as] for each in found]
            known = await store.people.find(row.person)
            if known is None:
                return RUN_OUT
            who = Person(known.id, known.name, known.zone, known.locale, known_role(known.role))
            news = Pulled(0, None, SignedIn(id, why))
            await self._router.take_in(
                Turn(workspace, Place(""), who, news, now, key="", acted_at=now), store
            )
            return row.why if row.state == "failed" else ""

        failed = await self._database.write(workspace, now, hand_on)
        log.info("sign_in_ended", workspace=workspace, kind=app.vendor.kind, well=not failed)
        return failed


def _is_pressed(request: web.Request, app: App) -> bool:
    """Whether the button was pressed on our own page, where a person reads who asked.

    Any page can send a form anywhere; where from, browsers say themselves. Vendors let in at once
    whoever let Hone in before, and a stranger's team would be let in without a word.
    """
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == str(URL(app.public_url).origin())


def _proof(state: str, ours: str) -> str:
    return hashlib.sha256(f"{state}.{ours}".encode(errors="replace")).hexdigest()


def _plain(
    title: str, paragraphs: tuple[str, ...], status: int = 200, button: str = ""
) -> web.Response:
    answer = page(title, paragraphs, status, button)
    answer.headers.update(HEADERS)
    return answer


def _ended(why: str) -> web.Response:
    answer = _plain("Hone is not connected", (why, AGAIN), 400)
    answer.del_cookie(COOKIE, path=SIGN_IN_PATH)
    return answer


def _out_of_reach(error: Unavailable) -> web.Response:
    log.warning("not_saved", cause=str(error))
    return _plain("Please try again", ("Hone cannot reach its database right now.",), 503)
