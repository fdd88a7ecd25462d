"""Compare the measures of likeness on the labelled pairs, and what each costs.

    python -m bench.likeness [--quick]

Precision is the share of the pairs taken for alike that are, recall the share of the duplicates
found, area how well the pairs are ordered. `chosen on` are the pairs that words and threshold were
chosen on, `held out` those that only measure. Seconds are of the processor. The figure is the F1 of
each measure on the held-out pairs: the harmonic mean of precision and recall.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from time import process_time

from handlers.likeness import Scorer, alike, grouped, word_scorer
from handlers.likeness.semantic import NotInstalled, Semantic
from tests.handlers.likeness.pairs import (
    DUPLICATES,
    LOOKALIKES,
    NEW_DUPLICATES,
    NEW_LOOKALIKES,
    Figures,
    every_sentence,
    figures,
    slips_at_random,
)

ITEMS = 5_000
NOTES = 200


def f1(found: Figures) -> float:
    return 2 * found.precision * found.recall / (found.precision + found.recall)


def measured(name: str, scorer: Scorer) -> Figures:
    """Print how good a measure is; return its figures on the held-out pairs."""
    held_out = figures(scorer, NEW_DUPLICATES, NEW_LOOKALIKES)
    slips, pairs = slips_at_random(scorer)
    print(f"{name}")
    print(f"  chosen on  {figures(scorer, DUPLICATES, LOOKALIKES)}")
    print(f"  held out   {held_out}")
    print(f"  at random  {slips} of {pairs:,} pairs taken for alike")
    return held_out


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="compare with fewer items")
    items = ITEMS // 10 if parser.parse_args().quick else ITEMS
    texts = every_sentence()
    words = measured("by words", word_scorer())
    timed("by words", word_scorer(), texts, items)
    try:
        semantic = Semantic()
    except NotInstalled as missing:
        print(f"Likeness by meaning was not measured: {missing}. Type make semantic.")
        print(f"F1: {f1(words):.2f} by words")
        return 0
    began = process_time()
    known = asyncio.run(semantic.read(texts))
    each = 1000 * (process_time() - began) / len(texts)
    both = measured("by words and meaning", semantic.scorer(known))
    timed("by words and meaning", semantic.scorer(known), texts, items)
    print(f"  {each:.0f} ms to read what a sentence means, once")
    print(f"F1: {f1(words):.2f} by words, {f1(both):.2f} by words and meaning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
