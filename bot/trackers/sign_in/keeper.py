"""Keeps the tokens of sign-ins: hands out one that works, renews it before it ends, gives it back.

A refresh token can mostly be used once, and replicas share it. So whoever renews leases the sign-in
first, asks outside of any transaction, and saves what came before it is used. Should the answer get
lost, the next try sends the same refresh token: Atlassian takes it for ten minutes more, Entra as
long as it lives; a vendor that does not take it says so, and the person has to sign in again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from yarl import URL

from bot.trackers.http import Answer, Door
from bot.trackers.kinds import OPENED, SIGN_IN
from bot.trackers.sign_in.vendors import App, Tokens, installed, refused_in, tokens_in
from bot.trackers.tracker import Access, SignedOut, Silent, TrackerError, Unreadable
from bot.vault import Locked, Vault
from storage import Database, Store
from storage.sign_ins import SignIn
from storage.signing_in import sealed_sign_ins, to_let_go

SPARE: Final = timedelta(minutes=2)
"""A token that ends sooner is renewed first: a call may take that long."""

LEASE: Final = timedelta(minutes=1)
"""Longer than a vendor may take to answer."""

WAIT_S: Final = 20.0
WAIT_STEP_S: Final = 0.1
"""How long, and how often, one looks whether another replica has renewed it."""

LET_GO_AT_ONCE: Final = 20
LET_GO_AGAIN: Final = timedelta(hours=1)
GIVEN_UP_AFTER: Final = timedelta(days=30)
"""How often, and how long, a vendor that does not answer is asked to revoke."""

NOT_SET_UP: Final = (
    "Signing in is not set up here any more: whoever runs Hone has to, or somebody enters a token."
)

OVER: Final = frozenset(
    {"invalid_grant", "unauthorized_client", "interaction_required", "bad_verification_code"}
)
"""What vendors say of a code or a refresh token that they take no more."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Held:
    """The tokens as they are kept now; with `refresh` this replica may renew them."""

    access: str
    until: datetime
    refresh: str = ""


class TokenKeeper:
    """The tokens of all workspaces, at the vendors that whoever runs Hone has registered with."""

    def __init__(
        self,
        apps: Mapping[str, App],
        database: Database,
        vault: Vault,
        door: Door,
        clock: Callable[[], datetime],
    ) -> None:
        self.apps = apps
        self.database = database
        self.vault = vault
        self.door = door
        self.clock = clock

    def access(self, kind: str, kept: Access) -> Access:
        """Return how Hone gets into a site where somebody signed in; raises SignedOut."""
        app = self.apps.get(kind)
        if app is None:
            raise SignedOut(NOT_SET_UP)
        if app.key:
            given = {**kept.given, **installed(app, kept.given.get(OPENED, ""))}
            return replace(kept, given=given)
        number = int(kept.given[SIGN_IN])
        return replace(kept, bearer=_Bearer(self, app, kept.workspace, number))

    async def exchange(self, app: App, code: str, verifier: str) -> Tokens:
        """Return the first tokens for what the vendor sent a person back with."""
        answer = await self._ask(app, app.vendor.token, app.for_code(code, verifier))
        if (tokens := tokens_in(answer.data, self.clock())) is None:
            raise _no_tokens(app, answer) or SignedOut(
                f"{app.vendor.name} did not accept this: it may have been used before. Sign in "
                "again."
            )
        return tokens

    async def renew(self, app: App, refresh: str) -> Tokens:
        """Return the next tokens; raises SignedOut where these are the last."""
        answer = await self._ask(app, app.vendor.token, app.for_refresh(refresh))
        if (tokens := tokens_in(answer.data, self.clock(), before=refresh)) is None:
            raise _no_tokens(app, answer) or SignedOut(over(app))
        return tokens

    async def let_go_due(self) -> int:
        """Revoke and forget what nobody needs any more; return how many were tried."""
        async with self.database.read("", self.clock()) as store:
            rows = await to_let_go(store, LET_GO_AT_ONCE)
        for workspace, id in rows:
            try:
                await self._let_go(workspace, id)
            except (TrackerError, Locked) as error:
                log.warning("sign_in_not_revoked", workspace=workspace, cause=type(error).__name__)
        return len(rows)

    async def _let_go(self, workspace: str, id: int) -> None:
        async def claim(store: Store) -> tuple[App | None, str] | None:
            if (row := await store.sign_ins.unneeded(id)) is None:
                return None
            row.state, row.leased_until = "leaving", store.now + LET_GO_AGAIN
            is_over = row.until is None or row.until < store.now - GIVEN_UP_AFTER
            return self.apps.get(row.kind), "" if is_over else row.refresh or row.access

        if (claimed := await self.database.write(workspace, self.clock(), claim)) is None:
            return
        app, sealed = claimed
        if app is not None and app.vendor.revoke and sealed:
            sent = app.for_revoking(self.vault.unseal(sealed))
            answer = await self._ask(app, app.vendor.revoke, sent)
            if answer.status == 429 or answer.status >= 500:
                raise Silent(f"{app.vendor.name} does not answer.")

        async def forget(store: Store) -> None:
            row = await store.sign_ins.find(id, lock=True)
            if row is not None and row.state == "leaving":  # and nobody asked for another link
                await store.sign_ins.forget(row)

        await self.database.write(workspace, self.clock(), forget)

    async def _ask(self, app: App, url: str, sent: Mapping[str, str]) -> Answer:
        sort, body = app.encoded(sent)
        headers = {"Accept": "application/json", "Content-Type": sort}
        return await self.door.call(app.vendor.name, "POST", URL(url), headers, body)

    # --- what is kept ---

    def keep(self, row: SignIn, app: App, tokens: Tokens) -> None:
        """Note new tokens with a sign-in, sealed; not a person's, where Hone goes on as an app."""
        if app.key:
            return
        row.access = self.vault.seal(tokens.access)
        row.refresh = self.vault.seal(tokens.refresh) if tokens.refresh else ""
        row.until, row.leased_until = tokens.until, None
        if row.ends_at is None and app.vendor.lasts is not None:
            row.ends_at = self.clock() + app.vendor.lasts

    async def reseal(self) -> None:
        """Seal all tokens with the newest key, so that an older one can go."""
        async with self.database.read("", self.clock()) as store:
            rows = await sealed_sign_ins(store)
        for workspace, id in rows:

            async def resealed(store: Store, id: int = id) -> None:
                row = await store.sign_ins.find(id, lock=True)
                if row is not None and row.access:
                    row.access = self.vault.reseal(row.access)
                    row.refresh = self.vault.reseal(row.refresh) if row.refresh else ""

            try:
                await self.database.write(workspace, self.clock(), resealed)
            except Locked:
                log.error("sign_in_locked", workspace=workspace)

    def held(self, row: SignIn | None, app: App) -> _Held:
        """Return what is kept of a sign-in, without the right to renew it; raises SignedOut."""
        if row is None or row.state != "granted" or row.until is None:
            raise SignedOut(over(app))
        try:
            return _Held(self.vault.unseal(row.access), row.until)
        except Locked as error:
            raise SignedOut(
                "I can't open the sign-in any more, because HONE_SECRET_KEYS was changed: "
                "somebody has to sign in again."
            ) from error


class _Bearer:
    """One sign-in, for the calls of this process."""

    def __init__(self, keeper: TokenKeeper, app: App, workspace: str, id: int) -> None:
        self._keeper, self._app, self._workspace, self._id = keeper, app, workspace, id
        self._held: _Held | None = None
        self._one_at_a_time = asyncio.Lock()

    async def token(self, refused: str = "") -> str:
        async with self._one_at_a_time:
            if self._held is None:
                async with self._keeper.database.read(self._workspace, self._now) as store:
                    row = await store.sign_ins.find(self._id)
                    self._held = self._keeper.held(row, self._app)
            if not self._is_good(self._held, refused):
                self._held = await self._renewed(refused)
            return self._held.access

    @property
    def _now(self) -> datetime:
        return self._keeper.clock()

    def _is_good(self, held: _Held, refused: str) -> bool:
        return held.access != refused and self._now + SPARE < held.until

    async def _renewed(self, refused: str) -> _Held:
        """Return tokens that another replica renewed meanwhile, or renew them."""
        loop = asyncio.get_running_loop()
        gives_up = loop.time() + WAIT_S
        while True:
            held = await self._keeper.database.write(
                self._workspace, self._now, lambda store: self._claim(store, refused)
            )
            if held is not None:
                break
            if loop.time() > gives_up:
                raise Silent(f"{self._app.vendor.name} is slow to let me in again.")
            await asyncio.sleep(WAIT_STEP_S)
        return held if not held.refresh else await self._renew(held.refresh)

    async def _claim(self, store: Store, refused: str) -> _Held | None:
        """Return good tokens, or the right to renew these; None while somebody else has it."""
        row = await store.sign_ins.find(self._id, lock=True)
        held = self._keeper.held(row, self._app)
        if self._is_good(held, refused):
            return held
        assert row is not None, "held() raises without one"
        if row.leased_until is not None and row.leased_until > store.now:
            return None
        if not row.refresh:
            raise SignedOut(over(self._app))
        row.leased_until = store.now + LEASE
        return _Held(held.access, held.until, self._keeper.vault.unseal(row.refresh))

    async def _renew(self, refresh: str) -> _Held:
        try:
            tokens = await self._keeper.renew(self._app, refresh)
        except TrackerError:  # the same refresh token is good for another try, or for none
            await self._change(lambda row: setattr(row, "leased_until", None))
            raise
        await self._change(lambda row: self._keeper.keep(row, self._app, tokens))
        log.info("sign_in_renewed", workspace=self._workspace, kind=self._app.vendor.kind)
        return _Held(tokens.access, tokens.until)

    async def _change(self, change: Callable[[SignIn], None]) -> None:
        async def changed(store: Store) -> None:
            if (row := await store.sign_ins.find(self._id, lock=True)) is not None:
                change(row)

        await self._keeper.database.write(self._workspace, self._now, changed)


def over(app: App) -> str:
    return f"{app.vendor.name} no longer accepts the sign-in: somebody has to sign in again."


def _no_tokens(app: App, answer: Answer) -> TrackerError | None:
    """Return why a vendor gave none, unless it is that it takes what we sent no more."""
    name = app.vendor.name
    if answer.status == 429 or answer.status >= 500:
        return Silent(f"{name} is out of order just now.")
    if (word := refused_in(answer.data)) in OVER or not word:
        return None if word else Unreadable(f"{name} answers without a token.")
    log.error("sign_in_refused", kind=app.vendor.kind, cause=word[:40])
    return Silent(
        f"{name} does not know this Hone: whoever runs it has to look at its client id and secret."
    )
