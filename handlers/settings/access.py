"""Who may change a team's settings."""

from __future__ import annotations

from bot.turn import Mistake, Turn
from handlers.settings import cards
from storage import Store
from storage.teams import Team


async def may_change(turn: Turn, store: Store, team: Team) -> None:
    """The workspace's admins and the team's; while the team has none, every member."""
    if turn.person.role in ("guest", "external"):
        raise Mistake("Guests cannot change a team's settings.")
    admins = await store.teams.people_with(team.id, "admin")
    if turn.person.role == "admin" or not admins or turn.person.id in admins:
        return
    names = (await store.people.named(admins)).values()
    who = f" ({', '.join(sorted(names))})" if names else ""
    raise Mistake(
        f"Only an admin of {cards.short(team.name)}{who} or of the workspace can change "
        "its settings."
    )
