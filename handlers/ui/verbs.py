"""Verbs on items by their numbers, which features bring to the command of another one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.turn import Reply, Turn
from storage import Store

NumberHandler = Callable[[Turn, Store, Sequence[int], str], Awaitable[Reply]]
"""Takes the items' numbers and the words behind them."""


@dataclass(frozen=True, slots=True)
class NumberVerb:
    """A verb such as `finish #42`. `bare`: it means something without a number, too."""

    run: NumberHandler
    example: str
    what: str
    bare: bool = False
