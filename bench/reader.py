"""How long reading takes: a sentence as people write it, and 3,000 characters as nobody should.

    python -m bench.reader

Prints the slowest of the hostile texts last, in milliseconds.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from handlers.capture.reading import read
from handlers.reader.asked import Asked

ASKED = Asked(datetime(2026, 11, 30, 9, tzinfo=UTC), "Europe/Berlin", "en-US")
SENTENCE = "Estimation runs long #estimation by Friday 4 December at 16:30 please"
SIZE = 3_000
ROUNDS = 5

HOSTILE = {
    "leads": "by ",
    "dates": "by fri ",
    "numbers": "by 1 ",
    "spans": "in a ",
    "commas": ", ",
    "names": "@a ",
    "tags": "#a/ ",
    "options": "--a ",
    "thanks": "please ",
    "emoji": "🙏 ",
    "japanese": "金曜日16時 ",
    "half japanese": "due: 5月1日",
    "until": "までに明日 ",
    "one word": "x",
}


def milliseconds(text: str) -> float:
    """Return the best of a few rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        read(text, ASKED)
        best = min(best, time.perf_counter() - began)
    return best * 1_000


def main() -> None:
    print(f"{'a sentence':16}{milliseconds(SENTENCE):8.2f} ms")
    taken = {name: milliseconds(piece * (SIZE // len(piece))) for name, piece in HOSTILE.items()}
    for name, each in taken.items():
        print(f"{name:16}{each:8.2f} ms")
    print(f"slowest of {SIZE:,} characters: {max(taken.values()):.1f} ms")


if __name__ == "__main__":
    main()
