"""Who an account of a tracker is here: as somebody said, else by a whole name of one person."""

from __future__ import annotations

from collections.abc import Sequence

from bot.remote import RemoteItem
from handlers.sources.intake import words_for
from handlers.sources.owners import written
from handlers.sources.words import Words
from storage import Store
from storage.teams import Team
from storage.tracked import changed_row
from storage.trackers import TrackerSite


async def words_at(store: Store, team: Team, site: TrackerSite) -> Words:
    """Return how a team reads the words of a site, and who its accounts are."""
    accounts = {
        row.account: row.person or ""
        for row in await store.trackers.people(site.id)
        if row.person or row.how == "told"
    }
    return await words_for(store, team, site.kind, accounts)


async def note_accounts(
    store: Store, site: TrackerSite, items: Sequence[RemoteItem], words: Words
) -> None:
    """Remember the accounts that own items, with the people whose whole name they have."""
    owners = {(who := written(item.owner)).handle: who for item in items if item.owner}
    known = {row.account: row for row in await store.trackers.people(site.id)}
    for account, who in owners.items():
        person = words.owners.sure(who) or None
        row = known.get(account)
        if account and (row is None or (row.person != person and row.how != "told")):
            await store.trackers.know(site.id, account, who.name, person, "name")


async def know_as(store: Store, site: TrackerSite, account: str, person: str | None) -> int:
    """Take an account for a person, or for nobody here; returns how many items are theirs now.

    What both sides agree on already stays: whoever was given an item here keeps it.
    """
    await store.trackers.know(site.id, account, "", person, "told")
    rows = [
        row
        for row in await store.tracked.of_account(f"{site.kind}:{site.site}", account)
        if person and row.base.get("owner") != person
    ]
    items = await store.imports.held(sorted(row.number for row in rows))
    changed = 0
    for row in rows:
        item = items.get(row.number)
        if item is not None and item.owner == row.base.get("owner"):
            changed += await store.items.change(item, {"owner": person}, by=None, kind="imported")
    await store.tracked.keep([changed_row(row, base={**row.base, "owner": person}) for row in rows])
    return changed
