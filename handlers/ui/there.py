"""What cards tell of the tracker an item's work lives in, and the steps that lead there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.cards import Button, Node, Span, subtle, text
from handlers.phrases import cut, listed
from handlers.ui.actions import LeaveHere, OpenMoveThere, OpenPut, PutThere, WriteAgain
from handlers.ui.elsewhere import known_span, tool_of, written_words
from storage import Store
from storage.items import Item
from storage.records import CREATION, UNBORN, Home
from storage.tracked import Tracked

WHY_MAX_CHARS = 300


@dataclass(slots=True)
class Elsewhere:
    """What the item is called there, further lines of its card, and buttons for behind More.

    `restricted`: a tool shows it to some only, so nobody's words of it are shown here.
    """

    name: Span | None = None
    restricted: bool = False
    nodes: list[Node] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


async def elsewhere(store: Store, item: Item) -> Elsewhere:
    """Return what other tools know of an item, and what can be done there."""
    rows = (await store.tracked.of_items([item.number])).get(item.number, [])
    found = Elsewhere(restricted=any(row.restricted_at for row in rows))
    known = (await store.tracked.known_as([item.number])).get(item.number)
    if known is not None:
        found.name = known_span(known)
    for row in rows:
        home = await store.records.home(row.scope_id) if row.scope_id else None
        if home is not None:
            _of_scope(found, item, row, home)
    if not item.is_finished:
        found.buttons += _to_put(item, rows, await store.records.homes_of_team(item.team_id))
    return found


def _of_scope(found: Elsewhere, item: Item, row: Tracked, home: Home) -> None:
    n, scope_id, tool = item.number, home.scope_id, tool_of(home.kind)
    unborn = row.remote_id.startswith(UNBORN)
    if row.restricted_at is not None:
        return
    for why in dict.fromkeys(str(why) for _, why in sorted(row.refused.items())):
        names = [name for name in sorted(row.refused) if str(row.refused[name]) == why]
        found.nodes.append(text(_refusal(names, why, row.key, tool)))
    if row.refused:
        hint = f"Write #{n} to {tool} once more"
        found.buttons.append(Button("Try again", WriteAgain(n, scope_id), hint=hint))
    if unborn:
        if CREATION not in row.refused:
            waits = home.state != "open" or home.step != "following"
            words = f"Waits to go into {tool}." if waits else f"On its way into {tool}."
            found.nodes.append(subtle(words))
        hint = f"Do not put #{n} into {tool}"
        found.buttons.append(Button("Leave it here", LeaveHere(n, scope_id), hint=hint))
    if row.state_wanted and row.state_wanted != row.state:
        found.nodes.append(subtle(f"On its way to {row.state_wanted} in {tool}."))
    elif row.moves and home.writes and row.gone_at is None and not unborn:
        hint = f"Move {row.key or f'#{n}'} in {tool}, opens a form"
        move = OpenMoveThere(n, scope_id)
        found.buttons.append(Button(f"Move in {tool}", move, opens_form=True, hint=hint))


def _refusal(names: Sequence[str], why: str, key: str, tool: str) -> str:
    """Say what was not taken for one reason."""
    why = cut(" ".join(why.split()), WHY_MAX_CHARS)
    if CREATION in names:
        return f"Not put into {tool}: {why}"
    return f"{key or tool} did not take {listed(written_words(names))}: {why}"


def _to_put(item: Item, rows: Sequence[Tracked], homes: Sequence[Home]) -> Iterator[Button]:
    """Yield the button that puts an item where its tool does not know it yet."""
    tools = {row.source.partition(":")[0] for row in rows}
    ways = [home for home in homes if home.takes_items and home.kind not in tools]
    if not ways:
        return
    n, tool = item.number, tool_of(ways[0].kind)
    hint = f"Put #{n} into {tool}"
    if len(ways) == 1:
        yield Button(f"Put into {tool}", PutThere(n, ways[0].scope_id), hint=hint)
    else:
        label = f"Put into {tool}" if len({home.kind for home in ways}) == 1 else "Put elsewhere"
        hint = f"{label}: choose where #{n} goes, opens a form"
        yield Button(label, OpenPut(n), opens_form=True, hint=hint)
