"""Help for whoever does not know: an example, from the team's own items if any, a second try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from handlers.phrases import shortened
from storage.items import Item

EXAMPLE_SHOWN_CHARS = 160

KNOWN_TO_WORK: Final[Mapping[str, str]] = {
    "title": "Reviews wait two days before anybody looks",
    "now": "Yesterday Grace waited until the evening for a review of eight lines",
    "notice": "Six of nine stories stood in review for longer than a day",
    "experiment": "For two weeks whoever starts the day reviews first, before their own work",
    "owner": "me, or a name such as @Grace: one person, who need not do it alone",
    "due": "Friday, or the end of this iteration",
    "metric": "days a story waits for its review",
    "start": "2 days",
    "goal": "4 hours",
    "check": "in 4 weeks",
}


def example_for(step: str, items: Sequence[Item]) -> str:
    """Return an answer somebody else gave to this question, else one that works anywhere."""
    for item in items:
        if words := _answered(step, item):
            return f"for #{item.number} you wrote “{shortened(words, EXAMPLE_SHOWN_CHARS)}”"
    return f"“{KNOWN_TO_WORK[step]}”"


def _answered(step: str, item: Item) -> str:
    """Return what an item answers to a question, as far as it is an example for others."""
    match step:
        case "title":
            return item.title
        case "experiment":
            return item.experiment
        case "metric":
            return item.metric
        case "start":
            return item.metric_from
        case "goal":
            return item.metric_to
        case "now" | "notice":
            lead = {"now": "What happens now:", "notice": "How we notice:"}[step]
            lines = [line for line in item.description.splitlines() if line.startswith(lead)]
            return lines[0].removeprefix(lead).strip() if lines else ""
        case _:
            return ""
