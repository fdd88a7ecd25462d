"""A hypothesis in one sentence: what we try, what it moves, and when we will know."""

from __future__ import annotations

from datetime import date

from handlers.reader.names import in_words


def sentence(
    experiment: str, metric: str, start: str = "", goal: str = "", check_on: date | None = None
) -> str:
    """Return "We believe that … will change … from … to …; we will know by …".

    What is empty is left out; without an experiment and a metric there is no sentence.
    """
    if not metric:
        return f"We try: {_ended(experiment)}" if experiment else ""
    what = f"“{_inside(experiment)}”" if experiment else "this"
    words = f"We believe that {what} will change {_inside(metric)}"
    words += f" from {start}" if start else ""
    words += f" to {goal}" if goal else ""
    words += f"; we will know by {in_words(check_on)}" if check_on else ""
    return f"{words}."


def _inside(words: str) -> str:
    return " ".join(words.split()).rstrip(".!")


def _ended(words: str) -> str:
    return f"{_inside(words)}."
