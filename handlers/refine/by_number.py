"""An item's points and what it waits for, asked and set in a line that names it by its number.

These are verbs of `backlog`; the form of `refine` does the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cards import Typed
from bot.text import alike
from bot.turn import Mistake, Reply, Turn, whisper
from handlers.phrases import cut, listed
from handlers.refine.access import refinable
from handlers.refine.links import read_targets, relink, written_waits
from handlers.rules.guard import readable_item
from handlers.rules.numbers import named_in
from handlers.rules.refinement import POINTS_WANTED, points_said, written_points
from handlers.ui.verbs import NumberVerb
from storage import Store

NOTHING = frozenset({"nothing", "nobody", "none", "no", "no one", "-"})

_NO_LONGER = re.compile(r"(?:no|not)\s+(?=\S)", re.IGNORECASE)

TITLE_CHARS = 80


async def points(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Say how many points an item has, or set them; `none` takes them away."""
    number = _one(numbers, "backlog points #14 5")
    if not words:
        item = await readable_item(turn, store, number)
        has = f"has {written_points(item.points)}." if item.points is not None else "has no points."
        return whisper(f"#{number} {cut(item.title, TITLE_CHARS)} {has}")
    item = await refinable(turn, store, number)
    wanted = None if alike(words) in NOTHING else points_said(words)
    if wanted is None and alike(words) not in NOTHING:
        raise Mistake(f"“{cut(words, 40)}” are no points. {POINTS_WANTED}")
    await store.items.change(item, {"points": wanted}, by=turn.person.id)
    said = "no points" if wanted is None else written_points(wanted)
    return whisper(f"#{number} has {said} now.")


async def waits(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Say what an item waits for, or add to it: `#12`, a team, a name; `no #12` takes it away."""
    number = _one(numbers[:1], "backlog waits #14 #15")
    if not words and len(numbers) == 1:
        item = await readable_item(turn, store, number)
        open_now = await store.links.open_of(number)
        what = listed([blocker.words for blocker in open_now]) or "nothing"
        return whisper(f"#{number} {cut(item.title, TITLE_CHARS)} waits for {what}.")
    item = await refinable(turn, store, number)
    before = await store.links.open_of(number)
    now = written_waits(before).split(", ") if before else []
    less = _NO_LONGER.match(words)
    named = [*numbers[1:], *named_in(words)]
    these = [f"#{each}" for each in named] or [words[less.end() :] if less else words]
    if alike(words) in NOTHING:
        wanted = []
    elif less:
        wanted = [each for each in now if alike(each) not in {alike(one) for one in these}]
        if wanted == now:
            raise Mistake(f"#{number} does not wait for {listed(these)}.")
    else:
        wanted = [*now, *these]
    targets, wrong = await read_targets(turn, store, item, ", ".join(wanted))
    if wrong:
        raise Mistake(wrong)
    await relink(turn, store, item, before, targets)
    after = await store.links.open_of(number)
    what = listed([blocker.words for blocker in after]) or "nothing"
    return whisper(f"#{number} waits for {what} now. To change it: ", Typed(f"refine #{number}"))


def _one(numbers: Sequence[int], example: str) -> int:
    if len(numbers) != 1:
        raise Mistake("One item at a time, please: ", Typed(example), ".")
    return numbers[0]


VERBS = {
    "points": NumberVerb(points, "backlog points #42 5", "tells its points, or sets them"),
    "waits": NumberVerb(
        waits, "backlog waits #42 #40", "tells what it waits for, or adds to it; “no #40” ends it"
    ),
}
