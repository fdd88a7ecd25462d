"""What taking items in would do, in sentences: every loss by its name, and nothing cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from handlers.phrases import counted, listed, shortened
from handlers.sources.survey import Survey

_FIELDS: Final = {
    "title": ("title", "titles"),
    "description": ("description", "descriptions"),
    "criteria": ("list of acceptance criteria", "lists of acceptance criteria"),
    "metric": ("metric", "metrics"),
    "metric_from": ("where a metric stands", "where metrics stand"),
    "metric_to": ("where a metric should get to", "where metrics should get to"),
    "themes": ("set of themes", "sets of themes"),
    "points": ("estimate", "estimates"),
    "due": ("due date", "due dates"),
    "owner": ("owner", "owners"),
    "kind": ("kind", "kinds"),
    "level": ("level", "levels"),
    "part_of": ("parent", "parents"),
}
_SCORE: Final = ("score", "scores")


def summary(found: Survey) -> str:
    return f"{found.new:,} new, {found.changed:,} changed, {found.same:,} as they are."


def first_items(found: Survey) -> Iterator[str]:
    """Name the first few items that are new or change."""
    for number, title in found.first:
        yield f"{f'#{number}' if number else 'new:'} {shortened(title, 80)}"
    more = found.new + found.changed - len(found.first)
    if more > 0:
        yield f"… and {more:,} more."


def losses(found: Survey, there: str) -> Iterator[str]:
    """Name what would be lost, and what is left out so that nothing is; `there` is the source."""
    if found.kept:
        yield f"Would empty {_fields(found.kept)} you set here: left out."
    if found.emptied:
        yield f"Empties {_fields(found.emptied)}, since {there} emptied them."
    if found.outdone:
        yield (
            f"Changed on both sides: {_fields(found.outdone)}. {_upper(there)} is taken; "
            "yours stay in each item's story."
        )
    if found.stands:
        yield f"Changed on both sides, later here: {_fields(found.stands)}. Yours stay."
    if found.behind:
        yield f"{counted(found.behind, 'item')} moved on here: left where {_they(found.behind)}."
    if found.undated:
        yield (
            f"{counted(found.undated, 'finished item')} without a day: no week counts "
            f"{'it' if found.undated == 1 else 'them'}."
        )
    if found.hiding:
        yield (
            f"{counted(found.hiding, 'item')} restricted in {there} by now: "
            f"{'its' if found.hiding == 1 else 'their'} title and text go here, too."
        )
    for reason, count in found.left_out.items():
        yield f"Left out: {counted(count, 'item')} that {_plural(reason, count)}."
    if found.missing:
        yield f"Not here: {listed(sorted(found.missing), 12)}. Nothing is linked to them."
    if found.owners:
        people = [unknown.word for unknown in found.owners.values()]
        items = sum(unknown.items for unknown in found.owners.values())
        yield (
            f"I have not met {listed([shortened(p, 40) for p in people], 12)}: "
            f"{counted(items, 'item')} without an owner until you say who that is."
        )


def unclear(found: Survey) -> Iterator[str]:
    """Name the guesses, where nobody can be asked."""
    for what, unknown in (("State", found.states), ("Type", found.kinds)):
        for word in unknown.values():
            yield (
                f"{what} “{shortened(word.word, 40)}” is new to me: I take it for {word.guess} "
                f"({counted(word.items, 'item')})."
            )


def _fields(counts: Counter[str]) -> str:
    named: Counter[tuple[str, str]] = Counter()
    for name, count in counts.items():
        words = _FIELDS.get(name, _SCORE)
        named[words] = max(named[words], count) if words == _SCORE else count
    return listed([f"{count:,} {words[count != 1]}" for words, count in named.items()])


def _upper(words: str) -> str:
    return words[0].upper() + words[1:]


def _they(count: int) -> str:
    return "it is" if count == 1 else "they are"


def _plural(reason: str, count: int) -> str:
    if count == 1:
        return reason
    verbs = {"belongs": "belong", "has": "have", "is the same item": "are the same items"}
    first = next((verb for verb in verbs if reason.startswith(verb)), "")
    return verbs.get(first, "") + reason.removeprefix(first)
