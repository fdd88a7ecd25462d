"""Opens what people typed to let Hone into a tracker; nothing else unseals it."""

from __future__ import annotations

from bot.trackers.kinds import KINDS, from_kept
from bot.trackers.tracker import Access
from bot.vault import Locked, Vault


def access_to(kind: str, site: str, kept: str, vault: Vault | None, workspace: str = "") -> Access:
    """Return how Hone gets into a site; raises Locked where the keys are gone that sealed it."""
    given = from_kept(kept)
    secret = [asked.id for asked in KINDS[kind].asks if asked.secret and given.get(asked.id)]
    if secret and vault is None:
        raise Locked
    given |= {id: vault.unseal(given[id]) for id in secret if vault is not None}
    return Access(site, given, workspace)
