"""Every card and form a team meets, as named specimens: what the platforms are tried with.

A room is a feature. Its specimens come out of conversations with Hone, so they change with it.
Beside the plain cases stand the ugly ones: the longest texts, the most items, hostile words.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.gallery import every, following, items, records, retros, talks, trackers, votes, weeks
from tests.gallery.specimen import Room

ROOMS: Mapping[str, Room] = {
    **every.ROOMS,
    **items.ROOMS,
    **votes.ROOMS,
    **weeks.ROOMS,
    **talks.ROOMS,
    **trackers.ROOMS,
    **records.ROOMS,
    **retros.ROOMS,
    **following.ROOMS,
}

SHOWN: Mapping[str, str] = {
    "every-node": "each node, span and button there is",
    "every-chart": "charts of one line, of two and of bars, more of them than Slack draws",
    "every-field": "each field there is, filled in",
    "every-field-with-errors": "an error at a field and one of the whole form",
    "backlog-story": "an item's story, with instants in small print",
    "capture-item": "an item: names and values, a link into the chat, buttons in two rows",
    "capture-item-hostile": "words that act somewhere, where nothing may act",
    "coach-form": "a form filled in half, with a second way to send it",
    "digest-week-with-an-answer": "a chart, people asked by name, buttons that open forms",
    "exchange-form-export": "a form that is only read and copied from",
    "follow-form-recheck": "a day that has to be chosen",
    "moving-form-move": "a form with several ways to send it",
    "moving-form-split-with-errors": "an error at a field, and a yes or no",
    "mypage-full": "a page of one's own, with instants and buttons between lines",
    "refine-form-definition": "ticks that may be left out",
    "retro-collecting": "when it ends, and a button that asks before it acts",
    "retro-form-split": "notes to be ticked",
    "retro-most-all-notes": "notes as long as they may be",
    "retro-record": "days in a line, and a line between parts",
    "settings-form": "the longest form: people, days, choices with hints",
    "themes-packet": "a table under its title",
    "wsjf-led-ballot-too-late": "what was filled in, under why it is too late",
    "wsjf-led-form-hand-over": "one person who has to be picked",
    "wsjf-led-what-if": "a table of numbers",
    "wsjf-result-note": "a table of many rows, and bars",
}
"""The specimens kept as each platform is sent them, and what each stands for.

Those of `every` draw every line of the renderers (a test says so). The others are what people
really see: of the cards of all features these draw, between them, every line that any of them
draws, found by taking again and again the one that adds most for its length. Of all others the
text twin is kept, and all are held against the platforms' limits.
"""
