"""Opens what people typed to let Hone into a tracker; nothing else unseals it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.trackers.kinds import KINDS, as_kept, from_kept
from bot.trackers.tracker import Access
from bot.vault import Locked, Vault
from storage import Database, Store
from storage.hooked import sealed_sites

log = structlog.get_logger()


def access_to(kind: str, site: str, kept: str, vault: Vault | None, workspace: str = "") -> Access:
    """Return how Hone gets into a site; raises Locked where the keys are gone that sealed it."""
    given = from_kept(kept)
    secret = [asked.id for asked in KINDS[kind].asks if asked.secret and given.get(asked.id)]
    if secret and vault is None:
        raise Locked
    given |= {id: vault.unseal(given[id]) for id in secret if vault is not None}
    return Access(site, given, workspace)


async def reseal(database: Database, vault: Vault, clock: Callable[[], datetime]) -> None:
    """Seal what lets Hone into trackers with the newest key, so that an older one can go."""
    async with database.read("", clock()) as store:
        sites = await sealed_sites(store)
    for workspace, id, kind, sealed in sites:

        async def resealed(
            store: Store, id: int = id, kind: str = kind, sealed: str = sealed
        ) -> None:
            site = await store.trackers.find(id)
            if site is not None and site.sealed == sealed:  # else it was typed anew meanwhile
                site.sealed = _resealed(kind, sealed, vault)
                if site.hook_secret:
                    site.hook_secret = vault.reseal(site.hook_secret)

        try:
            await database.write(workspace, clock(), resealed)
        except Locked:
            log.error("tracker_token_locked", workspace=workspace, kind=kind)


def _resealed(kind: str, kept: str, vault: Vault) -> str:
    given = from_kept(kept)
    secret = [asked.id for asked in KINDS[kind].asks if asked.secret and given.get(asked.id)]
    return as_kept(given | {id: vault.reseal(given[id]) for id in secret})
