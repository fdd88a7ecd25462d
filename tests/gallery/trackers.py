"""The gallery's room for trackers: connected, shown before the start, followed, ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest

from bot.remote import Abilities, FieldHome, SignedIn
from bot.trackers.kinds import HOOK_SECRET, KINDS, SITE, TOKEN, Asked, Kind
from bot.turn import Place, Pulled, Turn
from bot.wire import encode
from handlers.sources.survey import Unknown
from handlers.tracker import signing_in
from handlers.tracker.actions import EndView
from handlers.tracker.told import Told
from storage import Store
from tests import followed
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    Room,
    Specimen,
    form,
    posted,
    told,
)
from tests.hone import Hone

ACCOUNT = Asked("account", "Account", "The address of the account that the token is of")
OTHER = Kind("other", "Other tracker", "area", asks=(SITE, ACCOUNT, TOKEN, HOOK_SECRET))
"""One that asks for all there is to ask."""

CHAT = "dm-ada"


async def tracker(hone: Hone) -> AsyncIterator[Specimen]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(KINDS, OTHER.id, OTHER)
        async for specimen in _tracker(hone):
            yield specimen


async def _tracker(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada", zone="Europe/Berlin")
    alone = ada.alone()
    await ada.says("improve Pay on account")
    await ada.says("tracker")
    yield told("none", ada)
    await ada.says("connect other acme.example")
    yield form("form-connect", ada)
    await ada.fills({"site": "my board", "secret_token": "t0ken"})
    yield form("form-connect-with-errors", ada)
    await ada.fills({"site": "acme.example", "account": "ada@acme.example"})
    await ada.fills({"secret_token": "t0ken"})
    yield posted("checking", hone, channel=CHAT)
    await followed.refuses(hone, "acme.example does not accept the token.")
    yield posted("refused", hone, channel=CHAT)
    await alone.clicks("Enter it again")
    yield form("form-renew", alone)
    await alone.fills({"secret_token": "t0ken2"})
    names = ["Payments", *(f"{n} {LONGEST[:80]}" for n in range(110))]
    await followed.lets_in(hone, *names)
    yield posted("connected", hone, channel=CHAT)
    await alone.clicks("Choose an area")
    yield form("form-choose", alone)
    await alone.fills({"named": "no such"})
    yield form("form-choose-with-errors", alone)
    await alone.fills({"named": "Payments"})
    yield posted("looking", hone, channel=CHAT)
    await followed.tells(hone, "shown", change=followed.something_of_all)
    yield posted("preview", hone, channel=CHAT)
    await alone.clicks("Change mapping")
    yield form("form-mapping", alone)
    await alone.clicks("Same items")
    yield form("form-twins", alone)
    await followed.tells(hone, change=_longest)
    yield posted("preview-longest", hone, channel=CHAT)
    await alone.clicks("Change mapping")
    yield form("form-mapping-longest", alone)
    await alone.clicks("Start")
    await followed.tells(hone, "first", change=_half)
    yield posted("coming", hone)
    await followed.tells(hone, "following")
    yield posted("followed", hone)
    await ada.says("tracker")
    yield told("status", ada)
    await ada.clicks("Only read", on=ada.whispered)
    await ada.clicks("Pause", on=ada.whispered)
    yield told("paused", ada)
    await ada.says("tracker hook")
    yield told("hook", ada)
    await ada.says("tracker disconnect")
    yield form("form-end", ada)


def _longest(told: Told) -> None:
    for place in range(30):
        word = f"{place} {HOSTILE}"
        told.found.states[word] = Unknown(word, "refining", place)
        told.found.owners[word] = Unknown(f"{place} {FAR_AND_WIDE}"[:250], "", 3)
    told.abilities = Abilities(
        {name: FieldHome(LONGEST[:200], LONGEST[:900]) for name in followed.HOMES}
    )


def _half(told: Told) -> None:
    told.saved = 406


async def tracker_ending(hone: Hone) -> AsyncIterator[Specimen]:
    """A token that ends is told of before it does."""
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("connect sample")

    async def ends(store: Store) -> None:
        site = await store.trackers.find(1)
        assert site is not None
        site.state, site.until = "open", store.now + timedelta(days=13)

    await hone.database.write(hone.workspace, hone.now, ends)
    async with hone.database.read(hone.workspace, hone.now) as store:
        drawn = await hone.router.draw(store, encode(EndView(1)))
    yield Specimen("ends", drawn.card)


async def tracker_sign_in(hone: Hone) -> AsyncIterator[Specimen]:
    """A link to the tracker's own page, and what may come of it."""
    ada = hone.person("Ada", zone="Europe/Berlin")
    alone = ada.alone()
    hone.clouds["jira"] = (".atlassian.net",)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(signing_in, "token_urlsafe", lambda _: "t" * 32)
        await ada.says("connect jira")
    yield posted("link", hone, channel=CHAT)

    async def sees_two(store: Store) -> None:
        row = await store.sign_ins.find(1)
        assert row is not None
        row.state = "granted"
        row.found = [["acme.atlassian.net", "Acme", "1"], ["b.atlassian.net", LONGEST[:300], "2"]]

    await hone.database.write(hone.workspace, hone.now, sees_two)
    await hone.settle()
    yield posted("several", hone, channel=CHAT)
    await alone.clicks("Choose one")
    yield form("form-sites", alone)
    why = "Jira did not let Hone in: nobody gave it the permissions."
    turn = Turn(
        hone.workspace,
        Place(""),
        ada.who,
        Pulled(0, None, SignedIn(1, why)),
        hone.now,
        "",
        hone.now,
    )
    await hone.database.write(
        hone.workspace, hone.now, lambda store: hone.router.take_in(turn, store)
    )
    await hone.settle()
    yield posted("failed", hone, channel=CHAT)


ROOMS: Mapping[str, Room] = {
    "tracker": tracker,
    "tracker-ending": tracker_ending,
    "tracker-sign-in": tracker_sign_in,
}
