"""Divide retros into groups and find what trains share, by words and by meaning.

    python -m bench.patterns [--quick]

Retros and trains are drawn from the wordings of eight hands and of six that nothing was chosen on,
and from those that something was, three or four of each trouble. A retro has thirty notes, a
third to half of them about something nobody else wrote. A train has four to six teams (or eight),
two troubles of so many of them that they are systemic, each team in its own words, and five other
reports a team. The figure is the F1 of the systemic themes found, of what eight hands wrote.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from random import Random

from handlers.likeness import grouped, themed
from handlers.likeness.semantic import Semantic
from handlers.themes.patterns import Heard, Report, Teams, find
from tests.handlers.likeness.said import (
    Found,
    Train,
    Troubles,
    a_retro,
    a_train,
    fresh_hands,
    hands,
    later_hands,
    rated,
    rated_trains,
    wordings,
)


def topics_of(semantic: Semantic | None, texts: Sequence[str]) -> Mapping[str, str]:
    return semantic.topics(asyncio.run(semantic.read(texts))) if semantic else {}


def retros(semantic: Semantic | None, troubles: Troubles, count: int) -> Found:
    random = Random(1)
    found = Found(0, 0, 0)
    for notes in (a_retro(random, troubles) for _ in range(count)):
        texts = [text for text, _ in notes]
        groups = grouped(texts, scorer=themed(topics_of(semantic, texts)))
        found += rated([trouble for _, trouble in notes], groups)
    return found


def trains(semantic: Semantic | None, troubles: Troubles, count: int) -> Found:
    def systemic(train: Train) -> list[Sequence[Report]]:
        topics = topics_of(semantic, [report.text for report in train.reports])
        patterns = find(train.reports, Teams(train.teams), Heard(topics))
        return [pattern.reports for pattern in patterns if pattern.level == "systemic"]

    random = Random(1)
    return rated_trains([a_train(random, troubles) for _ in range(count)], systemic)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="draw fewer retros and trains")
    count = 24 if parser.parse_args().quick else 200
    semantic = Semantic()
    figures = []
    for name, measure in (("words", None), ("meaning", semantic)):
        f1 = 0.0
        said = {
            "chosen on": wordings(),
            "six others": later_hands(),
            "six hands": hands(),
            "eight hands": fresh_hands(),
        }
        for chosen, troubles in said.items():
            print(f"by {name}, {chosen}")
            print(f"  notes of {count} retros   {retros(measure, troubles, count)}")
            systemic = trains(measure, troubles, count)
            print(f"  systemic in {count} trains  {systemic}")
            f1 = systemic.f1
        figures.append(f"{f1:.2f} by {name}")
    print(f"F1: {', '.join(figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
