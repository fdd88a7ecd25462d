"""Let Hone into a tracker, and choose what the team follows there."""

from __future__ import annotations

from bot.cards import filled
from bot.text import clean
from bot.trackers.kinds import (
    HOOK_SECRET,
    KINDS,
    OPENED,
    SIGN_IN,
    Kind,
    SignInPages,
    from_kept,
    kind_named,
    site_of,
)
from bot.turn import Ask, Mistake, NotFound, NotMeant, Reply, Turn, Whisper
from handlers.phrases import listed, shortened
from handlers.tracker import cards, forms, signing_in
from handlers.tracker.access import leads
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
from handlers.tracker.entering import enter, in_our_chat, site_and_team
from handlers.tracker.told import scopes_in
from storage import Store
from storage.teams import Team
from storage.trackers import TrackerSite

NO_ADDRESS = (
    "That is no address I can go to. Paste what your browser shows there, such as "
    "acme.atlassian.net."
)


async def connect(pages: SignInPages, turn: Turn, store: Store, words: str) -> Reply:
    """Ask what lets Hone into the tracker that is named; without a name, which one."""
    team = await _team(turn, store)
    if not words:
        return Whisper(cards.kinds(pages))
    kind, rest = _kind_in(words)
    if len(rest.split()) > 1:
        raise Mistake(
            "Give me only the address here: a form asks for the rest. If that was a token, others "
            "may have read it: make a new one there."
        )
    typed = {"site": site_of(kind, rest)} if rest else {}
    return await _begin(pages, turn, store, team, kind, typed)


def _kind_in(words: str) -> tuple[Kind, str]:
    """Return the tracker that a line names, and the address behind it."""
    pieces = words.split()
    for count in range(len(pieces), 0, -1):
        if (kind := kind_named(" ".join(pieces[:count]))) is not None:
            return kind, " ".join(pieces[count:])
    known = listed([kind.name for kind in KINDS.values()])
    raise NotMeant(f"I can follow {known}. “{shortened(words, 40)}” I do not know.")


async def open_connect(pages: SignInPages, turn: Turn, store: Store, act: OpenConnect) -> Reply:
    """Ask what lets Hone into a tracker that was chosen."""
    return await _begin(pages, turn, store, await _team(turn, store), _kind(act.kind), {})


async def _begin(
    pages: SignInPages, turn: Turn, store: Store, team: Team, kind: Kind, typed: dict[str, str]
) -> Reply:
    if not kind.asks:
        return await _let_in(turn, store, team, kind, kind.site, {})
    if pages.opens(kind.id, typed.get("site", "")):
        return await signing_in.begin(pages, turn, store, team, kind, typed.get("site", ""))
    return Ask(forms.connect(kind, team, typed))


async def save(turn: Turn, store: Store, act: Connect) -> Reply:
    """Try what was typed: Hone asks the tracker who it is there."""
    kind, known = _kind(act.kind), None
    if act.tracker_id:
        known, team = await site_and_team(turn, store, act.tracker_id, act.team_id)
    else:
        team = await leads(turn, store, act.team_id)
    given, errors = _given(turn, kind, known)
    if errors:
        form = forms.connect(kind, team, {}, known, act.sign_in)
        return Ask(filled(form, turn.answers), errors)
    site = given.pop("site", "") or kind.site
    if act.sign_in:
        row = await enter(turn, store, team, kind, site, given)
        return await signing_in.token_instead(turn, store, act.sign_in, row, team)
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
        elif not asked.optional and SIGN_IN not in before:
            errors[field] = f"This is needed: {asked.label}."
    if SIGN_IN in before and given.keys() <= {"site", HOOK_SECRET.id}:  # no other way in
        given |= {name: before[name] for name in (SIGN_IN, OPENED) if name in before}
    return given, errors


async def _let_in(
    turn: Turn, store: Store, team: Team, kind: Kind, site: str, given: dict[str, str]
) -> Reply:
    row = await enter(turn, store, team, kind, site, given)
    return in_our_chat(turn, SiteView(row.id, team.id))


async def open_renew(turn: Turn, store: Store, act: OpenRenew) -> Reply:
    """Ask for another token; its site stays."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    site, team = await site_and_team(turn, store, act.tracker_id, team.id)
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
    return in_our_chat(turn, ScopeView(scope.id))


# --- who and where ---------------------------------------------------------------------------


async def _team(turn: Turn, store: Store) -> Team:
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return await leads(turn, store, team.id)


def _kind(id: str) -> Kind:
    if id not in KINDS:
        raise NotFound("I do not know that tracker any more.")
    return KINDS[id]


async def _open_site(
    turn: Turn, store: Store, act: OpenChoose | Choose
) -> tuple[TrackerSite, Team]:
    """Return a site whose things can be chosen now."""
    await leads(turn, store, act.team_id)
    site, team = await site_and_team(turn, store, act.tracker_id, act.team_id)
    if site.state != "open":
        raise Mistake(f"{kind_of(site).name} does not let me in just now: see our chat.")
    return site, team
