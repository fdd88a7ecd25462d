"""Compare the measures of likeness on labelled sentences, and what each costs.

    python -m bench.likeness [--quick]

Recall is the share of pairs that say the same and are found: `eight others`, `eight hands` and `six
hands` wrote theirs before anything was chosen, so each hand is one that was left out; `six others`
and `other words` are those on which the thresholds were chosen, `pairs` those on which the words
were chosen and those that only measure. What is taken wrongly: pairs at random, lookalikes of one
shape, improvements, and items of a product. Seconds are of the processor. The figure is the recall
on what eight hands wrote.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from time import process_time

from handlers.likeness import Scorer, alike, grouped, word_scorer
from handlers.likeness.semantic import Semantic
from tests.handlers.likeness.pairs import (
    DUPLICATES,
    LOOKALIKES,
    NEW_DUPLICATES,
    NEW_LOOKALIKES,
    every_sentence,
    figures,
)
from tests.handlers.likeness.said import (
    ByHands,
    Share,
    by_fresh_hands,
    by_hands,
    by_later_hands,
    by_other_hands,
    fresh_hands,
    fresh_improvements,
    hands,
    improvements,
    later_hands,
    lookalikes,
    more_lookalikes,
    other_hands,
    product_items,
    same,
    taken,
    taken_at_random,
    wordings,
)

ITEMS = 5_000
NOTES = 200


def measured(name: str, scorer: Scorer) -> Share:
    """Print how good a measure is; return what it finds of what people say in other words."""
    found = taken(scorer, same(fresh_hands()))
    print(f"{name}")
    for said, groups, by in (
        ("eight others", other_hands(), by_other_hands()),
        ("eight hands ", fresh_hands(), by_fresh_hands()),
        ("six hands   ", hands(), by_hands()),
        ("six others  ", later_hands(), by_later_hands()),
    ):
        at_random = taken_at_random(scorer, groups)
        print(f"  {said} {taken(scorer, same(groups))} found, at random {at_random} taken")
        for hand in sorted({hand for block in by for hand, _ in block}):
            print(f"    {hand:10} {taken(scorer, pairs_of(hand, by))} found")
    print(
        f"  other words  {taken(scorer, same(wordings()))} found, "
        f"at random {taken_at_random(scorer, wordings())} taken"
    )
    print(f"  pairs        chosen on: {figures(scorer, DUPLICATES, LOOKALIKES)}")
    print(f"               held out:  {figures(scorer, NEW_DUPLICATES, NEW_LOOKALIKES)}")
    print(f"  lookalikes   {taken(scorer, lookalikes())} taken, ", end="")
    print(f"held out {taken(scorer, more_lookalikes())}")
    print(f"  improvements {taken_at_random(scorer, _single(improvements()))} taken, ", end="")
    print(f"held out {taken_at_random(scorer, _single(fresh_improvements()))}")
    print(f"  product      {taken_at_random(scorer, _single(product_items()))} taken")
    return found


def _single(items: Sequence[str]) -> list[tuple[str]]:
    return [(item,) for item in items]


def pairs_of(hand: str, said: ByHands) -> list[tuple[str, str]]:
    """Return the pairs that say the same of which this hand wrote one."""
    return [
        (one, other)
        for block in said
        for (first, one), (second, other) in combinations(block, 2)
        if hand in (first, second)
    ]


def timed(name: str, scorer: Scorer, texts: Sequence[str], items: int) -> None:
    """Print what it costs to compare one text with many, and some with each other."""
    candidates = [(number, texts[number % len(texts)]) for number in range(items)]
    began = process_time()
    alike(texts[0], candidates, scorer=scorer)
    offered = process_time()
    grouped(texts[:NOTES], scorer=scorer)
    print(
        f"  {name}: {1000 * (offered - began):.0f} ms to compare one with {items:,}, "
        f"{1000 * (process_time() - offered):.0f} ms to group {NOTES}"
    )


def memory_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 // 2**20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="compare with fewer items")
    items = ITEMS // 10 if parser.parse_args().quick else ITEMS
    texts = every_sentence()
    words = measured("by words", word_scorer())
    timed("by words", word_scorer(), texts, items)
    before, began = memory_mb(), process_time()
    semantic = Semantic()
    print(f"  loading: {process_time() - began:.1f} s")
    read = [*texts, *product_items(), *improvements(), *fresh_improvements()]
    groups = [*wordings(), *other_hands(), *fresh_hands(), *hands(), *later_hands()]
    groups += [*lookalikes(), *more_lookalikes()]
    read += [text for group in groups for text in group]
    began = process_time()
    known = asyncio.run(semantic.read(read))
    each = 1000 * (process_time() - began) / len(read)
    both = measured("by meaning, too", semantic.same_item(known))
    timed("by meaning, too", semantic.same_item(known), texts, items)
    print(f"  {each:.0f} ms to read what a sentence means, once; {memory_mb() - before} MB")
    print(f"Recall: {words.of_all:.2f} by words, {both.of_all:.2f} by meaning, too")
    return 0


if __name__ == "__main__":
    sys.exit(main())
