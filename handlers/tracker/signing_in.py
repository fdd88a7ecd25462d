"""Let Hone into a tracker on the vendor's own page: a link, what comes back, which site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from bot.remote import SignedIn
from bot.trackers.kinds import KINDS, OPENED, SIGN_IN, Kind, SignInPages, from_kept
from bot.turn import Ask, Mistake, NotFound, Reply, Turn
from handlers.tracker import forms
from handlers.tracker.access import leads
from handlers.tracker.actions import (
    ChooseSite,
    NewLink,
    OpenSites,
    OpenToken,
    SignInAgain,
    SignInView,
    SiteView,
)
from handlers.tracker.entering import enter, in_our_chat, site_and_team
from storage import Store
from storage.sign_ins import SignIn
from storage.teams import Team
from storage.trackers import TrackerSite

NOT_HERE = "Signing in is not set up here any more: enter a token instead."


@dataclass(frozen=True, slots=True)
class Opens:
    """A site that a sign-in opens, its name, and what the vendor calls it."""

    site: str
    name: str
    known_as: str


def opened(row: SignIn) -> list[Opens]:
    return [Opens(*each) for each in row.found]


# --- the link --------------------------------------------------------------------------------


async def begin(
    pages: SignInPages, turn: Turn, store: Store, team: Team, kind: Kind, site: str
) -> Reply:
    """Send the person a link to the tracker's own page; "" is whichever site they have."""
    ticket = token_urlsafe(32)
    link = pages.link(kind.id, ticket)
    row = await store.sign_ins.ask(kind.id, site, team.id, turn.person.id, ticket, link)
    return in_our_chat(turn, SignInView(row.id))


async def again(pages: SignInPages, turn: Turn, store: Store, act: SignInAgain) -> Reply:
    """Send a link for a site that is connected: its sign-in ended, or ends soon."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    site, team = await site_and_team(turn, store, act.tracker_id, team.id)
    _offered(pages, site.kind)
    return await begin(pages, turn, store, team, KINDS[site.kind], site.site)


async def new_link(pages: SignInPages, turn: Turn, store: Store, act: NewLink) -> Reply:
    """Give the card another link."""
    row, _ = await _mine(turn, store, act.sign_in)
    _offered(pages, row.kind)
    if row.state != "granted":
        ticket = token_urlsafe(32)
        link = pages.link(row.kind, ticket)
        store.sign_ins.ask_again(row, turn.person.id, ticket, link)
    return None


async def open_token(turn: Turn, store: Store, act: OpenToken) -> Reply:
    """Ask for a token in its place; a site that is connected keeps the rest it has."""
    row, team = await _mine(turn, store, act.sign_in)
    known = await store.trackers.at_site(row.kind, row.site) if row.site else None
    typed = {"site": row.site} if row.site else {}
    return Ask(forms.connect(KINDS[row.kind], team, typed, known, row.id))


async def token_instead(turn: Turn, store: Store, id: int, site: TrackerSite, team: Team) -> Reply:
    """Go on with a token that was entered in its place, on the same card if that still stands."""
    row = await store.sign_ins.find(id, lock=True)
    if row is None or row.person != turn.person.id:
        return in_our_chat(turn, SiteView(site.id, team.id))
    row.state, row.tracker_id, row.link = "failed", site.id, ""
    return None


def _offered(pages: SignInPages, kind: str) -> None:
    if not pages.opens(kind):
        raise Mistake(NOT_HERE)


async def _mine(turn: Turn, store: Store, id: int) -> tuple[SignIn, Team]:
    """Return a sign-in, kept from changing, and its team, if this person asked for it."""
    row = await store.sign_ins.find(id, lock=True)
    if row is None or row.person != turn.person.id or row.kind not in KINDS:
        raise NotFound("That link is gone: begin again with “connect”.")
    return row, await leads(turn, store, row.team_id)


# --- what comes back -------------------------------------------------------------------------


async def arrived(turn: Turn, store: Store, news: SignedIn) -> Reply:
    """Go on with a person who came back from the page: their card tells the rest."""
    row = await store.sign_ins.find(news.sign_in, lock=True)
    if row is None:
        return None
    if news.why:
        _fail(row, news.why)
        return None
    try:
        team = await leads(turn, store, row.team_id)
        sites = opened(row)
        if row.site:
            sites = [each for each in sites if each.site == row.site]
        if not sites:
            seen = opened(row)[0].site
            raise Mistake(f"You signed in at {seen}, and not at {row.site}: choose it there.")
        if len(sites) == 1:
            await _connect(turn, store, row, team, sites[0])
    except Mistake as mistake:
        _fail(row, str(mistake))
    return None


def _fail(row: SignIn, why: str) -> None:
    """Note that nothing came of it; what the vendor gave is forgotten."""
    row.state, row.why, row.found = "failed", why, []
    row.access, row.refresh, row.until = "", "", None


async def open_sites(turn: Turn, store: Store, act: OpenSites) -> Reply:
    """Ask which of several sites is meant."""
    row, _ = await _choosing(turn, store, act.sign_in)
    found = [(each.site, each.name) for each in opened(row)]
    return Ask(forms.sites(row.id, KINDS[row.kind], found))


async def choose_site(turn: Turn, store: Store, act: ChooseSite) -> Reply:
    """Connect the site that was chosen."""
    row, team = await _choosing(turn, store, act.sign_in)
    sites = {str(place): each for place, each in enumerate(opened(row)[: forms.OFFERED_MAX])}
    wanted = sites.get(turn.answers.one("site"))
    if wanted is None:
        found = [(each.site, each.name) for each in opened(row)]
        return Ask(forms.sites(row.id, KINDS[row.kind], found), {"site": "Choose one of these."})
    await _connect(turn, store, row, team, wanted)
    return None


async def _choosing(turn: Turn, store: Store, id: int) -> tuple[SignIn, Team]:
    row, team = await _mine(turn, store, id)
    if row.state != "granted" or row.tracker_id is not None:
        raise NotFound("That is chosen already.")
    return row, team


async def _connect(turn: Turn, store: Store, row: SignIn, team: Team, site: Opens) -> None:
    """Have the site tried with the sign-in; what else is kept of it stays."""
    before = await store.trackers.at_site(row.kind, site.site)
    kept = from_kept(before.sealed) if before else {}
    given = {"hook_secret": kept["hook_secret"]} if "hook_secret" in kept else {}
    given |= {SIGN_IN: str(row.id), OPENED: site.known_as}
    connected = await enter(turn, store, team, KINDS[row.kind], site.site, given)
    row.tracker_id = connected.id
    await store.audit.add(turn.person.id, f"tracker {connected.id}: sign-in {row.id}")


# --- the connection it became ----------------------------------------------------------------


async def ends_of(store: Store, site: TrackerSite) -> datetime | None:
    """Return when nothing renews any more the sign-in by which a site is entered, if known."""
    row = await store.sign_ins.find(number) if (number := _way_into(site)) else None
    return row.ends_at if row else None


async def forget_others(store: Store, site: TrackerSite) -> None:
    """Forget the site's earlier sign-ins, now that the way in that was tried last works."""
    await store.sign_ins.keep_only(site.id, _way_into(site))


def _way_into(site: TrackerSite) -> int:
    return int(from_kept(site.sealed).get(SIGN_IN, 0))
