"""Delivers views: draws each from the state at sending time, sends it once, in order, at a pace.

Several votes within a moment cost one update: a post is drawn when it is sent, not when it changed.
A failed update is repaired by the next, because both show the whole state. A post whose answer was
lost may show twice: Hone cannot look it up without reading people's messages, so it does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import assert_never

import structlog

from bot.cards import Card
from bot.incidents import report
from bot.metrics import SENDS
from bot.platform import (
    Address,
    Platform,
    Refused,
    Removed,
    SendError,
    Throttled,
    ThrottleScope,
    Unsure,
)
from bot.router import Drawn, Router
from bot.turn import whose_home
from storage import Database, Store, Unavailable
from storage.claiming import Claimed, Leases, Room, claim_posts
from storage.lanes import HOLD, WHOLE_WORKSPACE, RateLimits
from storage.posts import PostRow
from storage.sending import (
    chat_opened,
    give_up,
    keep_lanes,
    leave_alone,
    mark_sent,
    note_subjects,
    postpone,
    release_leases,
)
from storage.subjects import Shown

SENDING_MAX = 32
"""Posts one replica sends at the same time."""

SENDING_MAX_THAT_CAN_WAIT = 24
"""Of these; the other places are kept for what somebody is waiting for."""

SENDING_MAX_EACH = 12
"""For one workspace, so that a platform that hangs there holds up nobody elsewhere."""

SEND_TIMEOUT_S = 15.0
PATIENT_SEND_TIMEOUT_S = 30.0
"""How long a platform may take, and how long for what nobody waits for.

Given up sooner, a post that was on its way is sent once more: a platform that was silent for twelve
seconds doubled dozens.
"""

LEASE = timedelta(seconds=40)
PATIENT_LEASE = timedelta(seconds=75)
"""More than twice as long as a platform call may take: two replicas never send the same post."""

RECORD_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Between attempts to record what became of a post: forgotten, it would be sent again."""

log = structlog.get_logger()


class Outbox:
    def __init__(
        self,
        router: Router,
        database: Database,
        platforms: Mapping[str, Platform],
        clock: Callable[[], datetime],
    ) -> None:
        self._router = router
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._sending: dict[asyncio.Task[None], Claimed] = {}
        # Lanes closed just now, for what was claimed before; the database keeps it for all.
        self._resting: dict[tuple[str, str], datetime] = {}

    async def send_due(self) -> int:
        """Start sending what is due, at most one post a channel; return how many posts that is.

        A slow platform holds up its own posts only: sending goes on beside the next call.
        """
        room = self._room()
        if room.posts <= 0:
            return 0
        leases = Leases(LEASE, PATIENT_LEASE)
        hand = await self._database.write(
            "",
            self._clock(),
            lambda store: claim_posts(store, leases, room, self._rate_limits_of),
        )
        for post in hand.given_up:
            log.error("post_ends_processes", workspace=post.workspace, post=post.id)
        for post in hand.posts:
            task = asyncio.create_task(self._deliver(post))
            self._sending[task] = post
            task.add_done_callback(self._sent_or_not)
        return len(hand.posts)

    def _room(self) -> Room:
        in_hand = self._sending.values()
        return Room(
            posts=SENDING_MAX - len(in_hand),
            that_can_wait=SENDING_MAX_THAT_CAN_WAIT - sum(post.can_wait for post in in_hand),
            each=SENDING_MAX_EACH,
            busy=Counter(post.workspace for post in in_hand),
            records=Counter(post.workspace for post in in_hand if post.call == "record"),
            a_suspect=not any(post.unheard for post in in_hand),
        )

    def _rate_limits_of(self, workspace: str) -> RateLimits:
        platform = self._platforms.get(workspace.partition(":")[0])
        return platform.rate_limits if platform else RateLimits()

    def _platform_of(self, post: Claimed) -> Platform | None:
        """Return who sends a post: the workspace's platform, or the trackers for a record."""
        at_home = post.workspace.partition(":")[0]
        return self._platforms.get("tracker" if post.call == "record" else at_home)

    def _sent_or_not(self, task: asyncio.Task[None]) -> None:
        self._sending.pop(task, None)
        self._database.woken.set()  # the next post of the channel may go now

    async def hold_on(self) -> None:
        """Keep the lanes of messages whose platform takes its time, so that none overtakes them.

        If this process stands still, it does not, and the next message of a channel goes elsewhere.
        """
        now = self._clock()
        slow = [
            post
            for post in self._sending.values()
            if post.ref is None and now - post.claimed_at >= HOLD / 4
        ]
        if slow:
            await self._database.write("", now, lambda store: keep_lanes(store, slow))

    async def drain(self) -> None:
        """Wait until everything in hand has been sent or put back."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def stop(self, patience_s: float) -> None:
        """Finish what is being sent; let other replicas have at once what takes too long."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=patience_s)
        abandoned = list(self._sending.values())
        for task in list(self._sending):
            task.cancel()
        if abandoned:
            with contextlib.suppress(Unavailable):  # then the leases end by themselves
                await self._database.write(
                    "", self._clock(), lambda store: release_leases(store, abandoned)
                )

    async def _deliver(self, post: Claimed) -> None:
        try:
            await self._try(post)
        except Unavailable:  # nothing is known of the post but that this process lives
            await self._record(post, lambda store: release_leases(store, [post]))

    async def _try(self, post: Claimed) -> None:
        platform = self._platform_of(post)
        if platform is None:
            return await self._postpone(post, 60.0, "platform not connected", counts=False)
        try:
            await self._send(platform, post)
            SENDS.labels(platform.name, "sent").inc()
        except Throttled as error:
            SENDS.labels(platform.name, "throttled").inc()
            await self._rest(post, error)
        except (Unsure, TimeoutError) as error:
            SENDS.labels(platform.name, "unsure").inc()
            log.warning("unsure", workspace=post.workspace, post=post.id, reason=repr(error))
            await self._postpone(post, _backoff(post.attempts), type(error).__name__)
        except Refused as error:
            SENDS.labels(platform.name, "refused").inc()
            await self._refused(post, error)
        except Unavailable:
            raise
        except _DrawnTooLate:
            log.warning("drawn_too_late", workspace=post.workspace, post=post.id)
            await self._record(post, lambda store: release_leases(store, [post]))
        except _ParentNotSent:
            await self._postpone(post, 0.3, "parent not sent", counts=post.age_s > 600)
        except Exception as error:  # a card that cannot be drawn must not stop the others
            report(error, "not_delivered", post=post.id)
            await self._postpone(post, _backoff(post.attempts), type(error).__name__)

    async def _send(self, platform: Platform, post: Claimed) -> None:
        self._leave_in_peace(post)
        channel = post.channel
        if channel is None:
            await self._open_chat(platform, post)
            return
        drawing, thread = await self._draw(post)
        if post.shows and drawing.shown.fingerprint != post.shows:
            post = await self._note_subjects(post, drawing.shown)
            drawing, thread = await self._draw(post)
        card, drawn = drawing.card, fingerprint(drawing.card)
        self._leave_in_peace(post)
        patience_s = PATIENT_SEND_TIMEOUT_S if post.can_wait else SEND_TIMEOUT_S
        if post.lease_ends - self._clock() < timedelta(seconds=patience_s):
            raise _DrawnTooLate
        to = Address(post.workspace, channel, thread)
        rate_limits = platform.rate_limits
        async with asyncio.timeout(patience_s):
            if post.ref is None:
                ref, rest = await platform.post(to, card), rate_limits.message
            else:
                ref, rest = post.ref, 0.0
                if post.drawn != drawn:  # an update that would show the same is not sent
                    await platform.update(to, post.ref, card)
                    if card.pinned is not None:
                        await platform.pin(to, ref, card.pinned)
        await self._record(
            post,
            lambda store: mark_sent(
                store,
                post,
                ref=ref,
                drawn=drawn,
                shown=drawing.shown,
                rest=timedelta(seconds=rest),
                next_update=timedelta(seconds=rate_limits.card),
            ),
        )
        if post.ref is None and card.pinned:
            await self._pin(platform, to, ref)

    async def _pin(self, platform: Platform, to: Address, ref: str) -> None:
        """Pin what was just posted: after it was noted, so that no failure here posts it twice."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await platform.pin(to, ref, pinned=True)
        except (SendError, TimeoutError) as error:  # its next change tries again
            log.warning("not_pinned", workspace=to.workspace, reason=repr(error))

    async def _open_chat(self, platform: Platform, post: Claimed) -> None:
        """Learn where a person can be written to; the message follows as one of that chat."""
        person = post.person
        assert person is not None
        async with asyncio.timeout(SEND_TIMEOUT_S):
            channel = await platform.open_direct(post.workspace, person)

        async def opened(store: Store) -> None:
            await chat_opened(store, post, channel)
            await store.people.set_direct_channel(person, channel)

        await self._record(post, opened)

    async def _record(self, post: Claimed, work: Callable[[Store], Awaitable[None]]) -> None:
        """Write down what became of a post, as long as this process lives and has a database."""
        waits = iter(RECORD_WAITS_S)
        while True:
            wait = next(waits, None)
            try:
                await self._database.write(post.workspace, self._clock(), work)
                return
            except Unavailable:
                log.warning("not_noted", workspace=post.workspace, post=post.id)
            except Exception as error:
                report(error, "not_noted", workspace=post.workspace, post=post.id)
                if wait is None:  # a fault of ours does not pass by waiting
                    return
            await asyncio.sleep(RECORD_WAITS_S[-1] if wait is None else wait)

    def _leave_in_peace(self, post: Claimed) -> None:
        """Raise Throttled if the platform asked for a rest since the post was claimed."""
        scopes: tuple[tuple[ThrottleScope, str], ...] = (
            ("workspace", WHOLE_WORKSPACE),
            ("call", post.shared_lane),
        )
        for scope, lane in scopes:
            left = self._resting.get((post.workspace, lane), self._clock()) - self._clock()
            if left > timedelta():
                raise Throttled(left.total_seconds(), scope)

    async def _draw(self, post: Claimed) -> tuple[Drawn, str | None]:
        now, patient = self._clock(), post.can_wait
        async with self._database.read(post.workspace, now, patient=patient) as store:
            thread = await _thread_of(store, post)
            return await self._router.draw(store, post.view, reader_of(post)), thread

    async def _note_subjects(self, post: Claimed, shown: Shown) -> Claimed:
        return await self._database.write(
            post.workspace, self._clock(), lambda store: note_subjects(store, post, shown)
        )

    # --- when it did not go well ---

    async def _rest(self, post: Claimed, error: Throttled) -> None:
        lane = _lane_of(error.scope, post)
        until = self._clock() + timedelta(seconds=error.seconds)
        if error.scope != "channel":
            self._resting[post.workspace, lane] = until

        await self._database.write(
            post.workspace, self._clock(), lambda store: leave_alone(store, post, lane, until)
        )

    async def _refused(self, post: Claimed, error: Refused) -> None:
        log.warning("refused", workspace=post.workspace, reason=error.reason, scope=error.scope)
        state = "dead" if error.scope == "message" else "gone"

        async def refused(store: Store) -> None:
            await give_up(store, post, error.reason, state)  # type: ignore[arg-type]
            if error.scope == "workspace":
                await store.posts.abandon()
            if isinstance(error, Removed):
                await store.workspaces.mark_removed()

        await self._database.write(post.workspace, self._clock(), refused)

    async def _postpone(
        self, post: Claimed, seconds: float, error: str, *, counts: bool = True
    ) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        await self._database.write(
            post.workspace,
            self._clock(),
            lambda store: postpone(store, post, until, error, counts=counts),
        )


class _DrawnTooLate(Exception):
    """The lease may end before the platform has answered: whoever claims the post then sends it."""


class _ParentNotSent(Exception):
    """The message to answer under is not on the platform yet."""


def _lane_of(scope: ThrottleScope, post: Claimed) -> str:
    """Return what closes when a platform says to wait."""
    match scope:
        case "channel":
            return post.lane
        case "call":
            return post.shared_lane
        case "workspace":
            return WHOLE_WORKSPACE
        case _:
            assert_never(scope)


def reader_of(post: Claimed | PostRow) -> str | None:
    """Return who alone reads a post: on their own page, or in their chat with Hone."""
    return post.person or whose_home(post.channel or "")


async def _thread_of(store: Store, post: Claimed | PostRow) -> str | None:
    """Return what begins the thread a post belongs in: an answer to an answer stands nowhere."""
    if post.parent is None:
        return post.thread
    parent = await store.posts.find(post.parent)
    if parent is None or parent.state != "live":
        return None  # its thread is gone: better in the channel than nowhere
    if parent.ref is None:
        raise _ParentNotSent
    return await _thread_of(store, parent) or parent.ref


def fingerprint(card: Card) -> str:
    """Return what tells a card from every other one: 32 characters that reveal nothing of it."""
    return blake2b(repr(card).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _backoff(attempts: int) -> float:
    """Return seconds to wait after a failure: 1, 2, 4 … 300, each with ± 20 % jitter."""
    return min(300.0, 2.0**attempts) * random.uniform(0.8, 1.2)
