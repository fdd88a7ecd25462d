"""The trackers that the workspaces are signed in to, opened with what their people gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.trackers.access import access_to
from bot.trackers.kinds import SIGN_IN
from bot.trackers.sign_in.keeper import NOT_SET_UP, TokenKeeper
from bot.trackers.tracker import Opens, SignedOut, Tracker
from bot.vault import Locked, Vault

NO_KEY = (
    "I can't open the token any more, because HONE_SECRET_KEYS was changed: "
    "somebody has to connect again."
)


@dataclass(frozen=True, slots=True)
class Sites:
    """What this process can open: each kind of tracker it knows, and the keys to the tokens."""

    opens: Mapping[str, Opens]
    vault: Vault | None = None
    tokens: TokenKeeper | None = None
    """Those of sign-ins on vendors' own pages, where whoever runs Hone has set that up."""

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self.opens)

    def open(self, workspace: str, kind: str, site: str, sealed: str) -> Tracker:
        """Return a site with the access that was given to it; raises SignedOut and BadAddress."""
        try:
            access = access_to(kind, site, sealed, self.vault, workspace)
        except Locked as error:
            raise SignedOut(NO_KEY) from error
        if SIGN_IN in access.given:
            if self.tokens is None:
                raise SignedOut(NOT_SET_UP)
            access = self.tokens.access(kind, access)
        return self.opens[kind](kind, access)
