"""See in one place what waits for oneself: votes, questions, items and the last digest.

The page is private, live, and drawn from what every other feature has for its reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.cards import Card
from bot.feature import CommandSpec, Feature, FindOnPage, Reader
from bot.turn import (
    Opened,
    Post,
    Refresh,
    Reply,
    Show,
    Turn,
    home_of,
    whisper,
)
from bot.wire import encode
from handlers.mypage import cards
from handlers.mypage.actions import MovedView, PageView, Redraw
from handlers.rules.access import Permission, may
from storage import Store
from storage.people import PersonRow
from storage.posts import PostRow
from storage.roles import known_role

STANDS_NEAR = timedelta(minutes=10)
"""A page asked for again so soon, with no post below it, is still on the screen."""

# --- show ------------------------------------------------------------------------------------


async def me(turn: Turn, store: Store, _: str) -> Reply:
    """Show the person's page: alone with Hone it stays and is kept true, elsewhere it is a copy."""
    if not turn.place.private:
        return Show(PageView(turn.person.id, live=False))
    page = PageView(turn.person.id)
    before = await store.posts.newest_showing(encode(page), turn.place.channel)
    await store.pages.remember(turn.person.id, encode(page))
    if before is not None and await _stands_near(turn, store, before):
        return Refresh(page), whisper("Your page stands just above, as it is now.")
    if before is not None and before.state == "live":
        await store.posts.become(before, encode(MovedView(turn.person.id)))
    return Post(page)


async def _stands_near(turn: Turn, store: Store, post: PostRow) -> bool:
    if turn.now - post.created_at >= STANDS_NEAR:
        return False
    return await store.posts.newest(turn.place.channel) == post.id


async def opened(turn: Turn, store: Store) -> Reply:
    """Draw the page of somebody who opened it, and keep it true from now on."""
    assert isinstance(turn.intent, Opened)
    page, home = PageView(turn.person.id), home_of(turn.person.id)
    await store.pages.remember(turn.person.id, encode(page))
    shown = await store.posts.newest_showing(encode(page), home)
    if shown is None:
        return Post(page, channel=home)
    if turn.intent.empty or shown.state != "live":
        await store.posts.send_again(shown)
    return Refresh(page)


async def redraw(turn: Turn, store: Store, _: Redraw) -> Reply:
    """Show the page as it is by now, in place of a copy."""
    return Show(PageView(turn.person.id, live=False), replaces=True)


# --- draw ------------------------------------------------------------------------------------


def feature(others: Sequence[Feature]) -> Feature:
    """Return the page of what these features have for one person."""
    sources: list[FindOnPage] = [other.on_page for other in others if other.on_page is not None]

    async def draw(store: Store, view: PageView) -> Card:
        """Draw somebody's page from the state."""
        person = await store.people.find(view.person)
        if person is None:
            return cards.gone()
        reader = await _reader(store, person)
        parts = [await find(store, reader) for find in sources]
        return cards.page(reader, parts, copied_at=None if view.live else store.now)

    return Feature(
        name="mypage",
        commands={
            "me": CommandSpec(
                summary="See what waits for you",
                run=me,
                example="me",
                what="shows your own page: votes, questions, your items and the last digest",
                may_answer=True,
            )
        },
        actions={Redraw: redraw},
        views={PageView: draw, MovedView: draw_moved},
        opened=opened,
    )


async def draw_moved(store: Store, view: MovedView) -> Card:
    """Draw what stays where the page stood before."""
    return cards.moved()


async def _reader(store: Store, person: PersonRow) -> Reader:
    """Return whose page it is. Guests see only the team they are with, as everywhere."""
    role, teams = known_role(person.role), await store.people.teams_of(person.id)
    if not may(person, Permission.READ_TEAM):
        teams = tuple(team for team in teams if team == person.team_id)
    return Reader(
        person.id,
        person.name,
        person.zone,
        person.locale,
        role,
        teams=teams,
        direct_channel=person.direct_channel,
    )
