"""Let Hone into a tracker, and choose what the team follows there."""

from __future__ import annotations

import secrets

from bot.cards import filled
from bot.text import clean
from bot.trackers.kinds import (
    KINDS,
    Kind,
    as_kept,
    called_in,
    from_kept,
    kind_named,
    site_of,
    with_called,
)
from bot.turn import Ask, Direct, Mistake, NotFound, NotMeant, Reply, Turn, Whisper, whisper
from handlers.phrases import listed, shortened
from handlers.tracker import cards, forms
from handlers.tracker.access import leads, may_use
from handlers.tracker.actions import (
    Choose,
    Connect,
    OpenChoose,
    OpenConnect,
    OpenRenew,
    ScopeView,
    SiteView,
)
from handlers.tracker.cards import kind_of
from handlers.tracker.told import scopes_in, with_attempt, without_attempt
from storage import Store
from storage.teams import Team
from storage.trackers import TrackerSite

IN_OUR_CHAT = "I go on in our chat."
NO_ADDRESS = (
    "That is no address I can go to. Paste what your browser shows there, such as "
    "acme.atlassian.net."
)


async def connect(turn: Turn, store: Store, words: str) -> Reply:
    """Ask what lets Hone into the tracker that is named; without a name, which one."""
    team = await _team(turn, store)
    if not words:
        return Whisper(cards.kinds())
    kind, rest = _kind_in(words)
    if len(rest.split()) > 1:
        raise Mistake(
            "Give me only the address here: a form asks for the rest. If that was a token, others "
            "may have read it: make a new one there."
        )
    typed = {"site": site_of(kind, rest)} if rest else {}
    return await _begin(turn, store, team, kind, typed)


def _kind_in(words: str) -> tuple[Kind, str]:
    """Return the tracker that a line names, and the address behind it."""
    pieces = words.split()
    for count in range(len(pieces), 0, -1):
        if (kind := kind_named(" ".join(pieces[:count]))) is not None:
            return kind, " ".join(pieces[count:])
    known = listed([kind.name for kind in KINDS.values()])
    raise NotMeant(f"I can follow {known}. “{shortened(words, 40)}” I do not know.")


async def open_connect(turn: Turn, store: Store, act: OpenConnect) -> Reply:
    """Ask what lets Hone into a tracker that was chosen."""
    return await _begin(turn, store, await _team(turn, store), _kind(act.kind), {})


async def _begin(turn: Turn, store: Store, team: Team, kind: Kind, typed: dict[str, str]) -> Reply:
    if not kind.asks:
        return await _let_in(turn, store, team, kind, kind.site, {})
    return Ask(forms.connect(kind, team, typed))


async def save(turn: Turn, store: Store, act: Connect) -> Reply:
    """Try what was typed: Hone asks the tracker who it is there."""
    kind, known = _kind(act.kind), None
    if act.tracker_id:
        known, team = await _site(turn, store, act.tracker_id, act.team_id)
    else:
        team = await leads(turn, store, act.team_id)
    given, errors = _given(turn, kind, known)
    if errors:
        return Ask(filled(forms.connect(kind, team, {}, known), turn.answers), errors)
    site = given.pop("site", "") or kind.site
    return await _let_in(turn, store, team, kind, site, given)


def _given(
    turn: Turn, kind: Kind, known: TrackerSite | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was typed, each thing by its id, and what is wrong with it by field."""
    given = {"site": known.site} if known else {}
    before = from_kept(known.sealed) if known else {}
    errors: dict[str, str] = {}
    for asked in kind.asks:
        field = forms.field_of(asked)
        typed = turn.answers.one(field)
        if len(typed) > forms.SEALED_MAX_CHARS:
            errors[field] = f"That is too long for this: {asked.label}."
        elif asked.id == "site":
            given.setdefault("site", site_of(kind, typed))
            if not given["site"]:
                errors[field] = NO_ADDRESS
        elif typed:
            given[asked.id] = typed if asked.secret else clean(typed)
        elif asked.secret and asked.id in before:
            given[asked.id] = before[asked.id]
        elif not asked.optional:
            errors[field] = f"This is needed: {asked.label}."
    return given, errors


async def _let_in(
    turn: Turn, store: Store, team: Team, kind: Kind, site: str, given: dict[str, str]
) -> Reply:
    """Keep how Hone gets in, and have it tried at once."""
    before = await store.trackers.at_site(kind.id, site)
    if before is not None:
        await may_use(turn, store, before, team)
    row = before
    if row is None or given or row.state != "open":
        hook = secrets.token_urlsafe(32)
        works = row.sealed if row is not None and row.state == "open" else ""
        called = called_in(from_kept(row.sealed)) if row is not None else {}
        kept = with_called(as_kept(given), called)
        row = await store.trackers.connect(
            kind.id, site, kept, turn.person.id, hook=hook, hook_secret=""
        )
        row.told = with_attempt(row.told, works) if works else without_attempt(row.told)
        await store.audit.add(turn.person.id, f"team {team.id}: tracker {row.id} {kind.id}")
    return _in_our_chat(turn, SiteView(row.id, team.id))


def _in_our_chat(turn: Turn, view: SiteView | ScopeView) -> Reply:
    """Go on alone with whoever connects: others need not read what might come."""
    shown = Direct(turn.person.id, view)
    return shown if turn.place.private else (shown, whisper(IN_OUR_CHAT))


async def open_renew(turn: Turn, store: Store, act: OpenRenew) -> Reply:
    """Ask for another token; its site stays."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    site, team = await _site(turn, store, act.tracker_id, team.id)
    kind = kind_of(site)
    if not kind.asks:
        return await _let_in(turn, store, team, kind, site.site, {})
    return Ask(forms.connect(kind, team, from_kept(site.sealed), site))


# --- what is followed there ------------------------------------------------------------------


async def open_choose(turn: Turn, store: Store, act: OpenChoose) -> Reply:
    """Ask what the team follows at a site."""
    site, team = await _open_site(turn, store, act)
    return Ask(forms.choose(site.id, team, kind_of(site), scopes_in(site.told)))


async def choose(turn: Turn, store: Store, act: Choose) -> Reply:
    """Have what was chosen looked at; one thing is followed by one team."""
    site, team = await _open_site(turn, store, act)
    scopes = scopes_in(site.told)
    wanted = forms.chosen(turn.answers, scopes)
    if wanted is None:
        field = "named" if turn.answers.one("named") else "scope"
        form = filled(forms.choose(site.id, team, kind_of(site), scopes), turn.answers)
        return Ask(form, {field: f"Choose one {kind_of(site).scope} of those I can see there."})
    name = shortened(wanted.name, 250) or wanted.id
    scope = await store.trackers.follow(site, team.id, wanted.id, name)
    if scope.team_id != team.id:
        other = await store.teams.find(scope.team_id)
        whose = shortened(other.name, 60) if other else "Another team"
        raise Mistake(f"{whose} follows that already, and an item belongs to one team.")
    await store.audit.add(turn.person.id, f"team {team.id}: tracker scope {scope.id} chosen")
    return _in_our_chat(turn, ScopeView(scope.id))


# --- who and where ---------------------------------------------------------------------------


async def _team(turn: Turn, store: Store) -> Team:
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return await leads(turn, store, team.id)


def _kind(id: str) -> Kind:
    if id not in KINDS:
        raise NotFound("I do not know that tracker any more.")
    return KINDS[id]


async def _site(
    turn: Turn, store: Store, tracker_id: int, team_id: int
) -> tuple[TrackerSite, Team]:
    """Return a site and a team, if this person may let the team follow things there."""
    site, team = await store.trackers.find(tracker_id), await store.teams.find(team_id)
    if site is None or team is None:
        raise NotFound("This tracker is not connected any more.")
    await may_use(turn, store, site, team)
    return site, team


async def _open_site(
    turn: Turn, store: Store, act: OpenChoose | Choose
) -> tuple[TrackerSite, Team]:
    """Return a site whose things can be chosen now."""
    await leads(turn, store, act.team_id)
    site, team = await _site(turn, store, act.tracker_id, act.team_id)
    if site.state != "open":
        raise Mistake(f"{kind_of(site).name} does not let me in just now: see our chat.")
    return site, team
