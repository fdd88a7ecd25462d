"""Who the people of a tracker are here: as somebody says, for others or for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

from bot.cards import Choice, Form, Note, Option, filled, text
from bot.turn import Ask, Mistake, Reply, Turn, whisper
from handlers.phrases import counted, shortened
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.sources.accounts import know_as
from handlers.sources.asking import NOBODY, PEOPLE_OFFERED_MAX
from handlers.tracker.access import changeable, found
from handlers.tracker.actions import OpenMe, OpenPeople, SaveMe, SavePeople
from handlers.tracker.cards import Followed
from storage import Store
from storage.trackers import TrackerPerson

ASKED_MAX: Final = 20
"""Accounts that one form asks about; once these are told it asks about the next."""

ME: Final = "me"
"""Under this a team's answers keep who said that they are nobody in a tracker."""

# --- for others ------------------------------------------------------------------------------


async def open_people(turn: Turn, store: Store, act: OpenPeople) -> Reply:
    """Ask who the tracker's people are, those first that nobody knows."""
    each = await changeable(turn, store, act.scope_id)
    accounts = await _accounts(store, each)
    if not accounts:
        raise Mistake(f"Nobody owns anything in {each.name} yet.")
    return Ask(await _form(store, each, accounts))


async def save_people(turn: Turn, store: Store, act: SavePeople) -> Reply:
    """Keep who is who; what is theirs there is theirs here."""
    each = await changeable(turn, store, act.scope_id)
    people = {person.id for person in await store.people.all()}
    told = items = 0
    for account in (await _accounts(store, each))[:ASKED_MAX]:
        answer = turn.answers.one(_field(account))
        person = answer if answer in people else None
        if not answer or (person is None and answer != NOBODY):
            continue
        if person != account.person or account.is_stranger:
            told += 1
            items += await know_as(store, each.site, account.account, person)
    await store.audit.add(turn.person.id, f"tracker scope {each.scope.id}: {told} people")
    return whisper(f"Kept. {counted(items, 'item')} got an owner by that.")


async def _accounts(store: Store, each: Followed) -> list[TrackerPerson]:
    rows = await store.trackers.people(each.site.id)
    return sorted(rows, key=lambda row: (not row.is_stranger, row.name.casefold(), row.account))


async def _form(store: Store, each: Followed, accounts: Sequence[TrackerPerson]) -> Form:
    named = sorted(await store.people.all(), key=lambda person: person.name.casefold())
    options = (
        Option("Nobody here", NOBODY),
        *(Option(shortened(one.name, 70), one.id) for one in named[:PEOPLE_OFFERED_MAX]),
    )
    strangers = sum(account.is_stranger for account in accounts)
    words = f"Who are these people of {each.kind.name} here?"
    if strangers > ASKED_MAX:
        words += f" {ASKED_MAX} of {strangers} are asked about; open this again for the rest."
    asked = (_who(account, options) for account in accounts[:ASKED_MAX])
    return Form("People", SavePeople(each.scope.id), (Note(text(words)), *asked))


def _who(account: TrackerPerson, options: tuple[Option, ...]) -> Choice:
    known = account.person or ("" if account.is_stranger else NOBODY)
    offered = {option.value for option in options}
    chosen = (known,) if known in offered else ()
    label = shortened(account.name or account.account, 60)
    return Choice(_field(account), label, options, chosen, optional=not chosen)


def _field(account: TrackerPerson) -> str:
    """Return the id of the field about an account; accounts come and go while a form is open."""
    return f"who.{sha256(account.account.encode('utf-8', 'replace')).hexdigest()[:16]}"


# --- for oneself -----------------------------------------------------------------------------


async def may_be(store: Store, each: Followed, person: str) -> list[TrackerPerson]:
    """Return whom of a tracker's people somebody may be, if that is to be asked at all."""
    rows = await _accounts(store, each)
    if any(row.person == person for row in rows):
        return []
    answers = await store.tracked.answers(each.team.id, each.site.kind)
    if person in answers.get(ME, {}):
        return []
    return [row for row in rows if row.is_stranger]


async def open_me(turn: Turn, store: Store, act: OpenMe) -> Reply:
    """Ask a person which of the tracker's people they are."""
    each, strangers = await _asked(turn, store, act.scope_id)
    return Ask(_me_form(each, strangers))


async def save_me(turn: Turn, store: Store, act: SaveMe) -> Reply:
    """Keep who the person is there; nobody is asked twice."""
    each, strangers = await _asked(turn, store, act.scope_id)
    answer = turn.answers.one("who")
    if answer == NOBODY:
        told = {ME: {turn.person.id: NOBODY}}
        await store.tracked.remember(each.team.id, each.site.kind, told)
        return whisper("Kept: I don't ask you again.")
    account = next((one for one in strangers if _field(one) == answer), None)
    if account is None:
        form = filled(_me_form(each, strangers), turn.answers)
        return Ask(form, {"who": "Choose one of the list."})
    items = await know_as(store, each.site, account.account, turn.person.id)
    return whisper(f"Kept. {counted(items, 'item')} of {each.name} became yours by that.")


async def _asked(turn: Turn, store: Store, scope_id: int) -> tuple[Followed, list[TrackerPerson]]:
    require(turn, Permission.SEE_TRACKER)
    each = await found(store, await store.trackers.scope(scope_id))
    strangers = await may_be(store, each, turn.person.id)
    if not strangers:
        raise Mistake(f"I know by now who you are in {each.kind.name}, or that you are not there.")
    return each, strangers


def _me_form(each: Followed, strangers: Sequence[TrackerPerson]) -> Form:
    """Offer the people that nobody knows; several may have one name."""
    options = (*_strangers(strangers), Option("None of these", NOBODY))
    note = Note(text(f"So that what is yours in {each.kind.name} is yours here. Asked once."))
    who = Choice("who", "Which of these is you?", options)
    return Form("Which is you?", SaveMe(each.scope.id), (note, who))


def _strangers(strangers: Sequence[TrackerPerson]) -> Iterator[Option]:
    names: Mapping[str, int] = {}
    for one in strangers[:PEOPLE_OFFERED_MAX]:
        name = shortened(one.name or one.account, 50)
        names = {**names, name: names.get(name, 0) + 1}
        again = f" ({names[name]})" if names[name] > 1 else ""
        yield Option(name + again, _field(one))
