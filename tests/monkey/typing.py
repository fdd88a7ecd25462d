"""What people type: sensible, careless and hostile words, each with a mark of where it was said."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from bot.cards import Choice, Day, Form, Input, Note, Pick, Toggle, Upload
from bot.text import clean
from bot.turn import Named
from tests.gallery.specimen import HOSTILE, ZOE
from tests.hone import shown_answers

MARK: Final = re.compile(r"mk([a-z]+)mk([a-z]*)mk([0-9]+)mk")
"""A mark: its workspace, its channel ("" for a chat with Hone) and a number of its own."""

WORRIES: Final = (
    *("Builds take an hour", "Nobody owns the runbook", "Reviews wait over the weekend"),
    *("Alarms wake the wrong team", "The test data is stale", "Story sizes surprise us"),
)
ODDITIES: Final = (
    *(HOSTILE, ZOE, "", " ", "#", "@", "0", "-1", "1e9", "NaN", "٣", "1_0", "2.5", "9" * 400),
    *("\x00\u202eabc", "\ud800", "=1+1", "a\nb\nc", "🙏🏽", "x" * 5_000, "yes", "skip", "back"),
)
THEMES: Final = ("", "", "#ports", "#reviews", "#tests #ports", "#42", "#Ünï")
TIMES: Final = (
    *("", "", "by Friday", "by tomorrow", "by noon", "by 2027-02-30", "until 9999-12-31"),
    *("in 2 hours", "by 16:00", "by end of month", "by 1/2"),
)
AFTER: Final[dict[str, Sequence[str]]] = {
    "wsjf start": ("top 3", "top 8 by 16:00", "top 0", "#1 #2", "top 30"),
    "wsjf rank": ("", "train"),
    "wsjf export": ("csv", "json", "xml"),
    "retro start": ("", "4Ls", "anonymous", "4Ls anonymous by Friday 16:00", "sailboat", "x y z"),
    "backlog import": ("", "title,state,points\nPay later,ready,3", "title\n" + HOSTILE),
    "digest on": ("Monday 9:00", "Friday 4pm Asia/Kolkata", "Someday", "Sunday 23:59"),
    "digest train": ("", "on Monday 9:00", "off", "sideways"),
    "digest only": ("ready late", "all", "happiness"),
    "pi objective": ("add Pay in a minute", "add", "1"),
}
"""What fits behind a command; behind others numbers and words do."""


def sentence(dice: Random, mark: str) -> str:
    """Return words that somebody could type, with their mark, and what may stand behind them."""
    words = [dice.choice(WORRIES) if dice.random() < 0.8 else dice.choice(ODDITIES), mark]
    return clean(" ".join([*words, dice.choice(THEMES), dice.choice(TIMES)]))


def number(dice: Random, highest: int) -> str:
    if dice.random() < 0.8:
        return str(dice.randint(1, max(3, highest)))
    return dice.choice(("0", "-3", str(2**31), str(2**63), "1.5", "x", "٣"))


def after(dice: Random, command: str, mark: str, highest: int) -> str:
    """Return what somebody types behind a command and its verb."""
    if dice.random() < 0.1:
        return clean(dice.choice(ODDITIES))
    if command == "improve":
        return sentence(dice, mark) + dice.choice(("", "", "", " --anon"))
    if command == "retro add":
        return f"{dice.choice(('', 'stop: ', 'liked: ', '1: '))}{sentence(dice, mark)}"
    if command in AFTER:
        return clean(dice.choice(AFTER[command]))
    numbers = " ".join(f"#{number(dice, highest)}" for _ in range(dice.randint(1, 3)))
    return dice.choice(("", numbers, numbers, f"{dice.choice(WORRIES)} {mark}"))


def answers(
    dice: Random,
    form: Form,
    mark: str,
    people: Sequence[Named],
    now: datetime,
    only: Collection[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Return answers to a form: mostly what fits its fields, else whatever anybody may send.

    `only`: the fields that were wrong; what stands in the others stays.
    """
    given = shown_answers(form)
    careless = not only and dice.random() < 0.25
    for field in form.fields:
        if isinstance(field, Note | Upload) or (only and field.id not in only):
            continue
        if not only and dice.random() < 0.3:
            continue
        if careless and dice.random() < 0.4:
            given[field.id] = (clean(dice.choice(ODDITIES)),)
            continue
        match field:
            case Choice(options=options, many=many):
                values = [option.value for option in options]
                most = min(len(values), 4 if many else 1)
                given[field.id] = tuple(dice.sample(values, most))
            case Toggle():
                given[field.id] = ("on",) if dice.random() < 0.5 else ()
            case Day():
                day = now + timedelta(days=dice.choice((-9, 0, 1, 7, 30, 400)))
                given[field.id] = (day.date().isoformat(),)
            case Pick():
                given[field.id] = (dice.choice(people).id,)
            case Input():
                given[field.id] = (_typed(dice, field, mark),)
    return given


def _typed(dice: Random, field: Input, mark: str) -> str:
    fitting = ("3", "9:00", "Monday", "Europe/Berlin", "40", "10 min", "#1, #2", "16:00", "")
    words = f"{dice.choice(WORRIES)} {mark}"
    if field.multiline:
        words += f"\n{dice.choice(WORRIES)}"
    hinted = field.placeholder or dice.choice(fitting)
    typed = dice.choice((words, words, hinted, dice.choice(fitting), sentence(dice, mark)))
    return typed[: field.max_chars]
