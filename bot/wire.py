"""Typed actions and views, and the short JSON that carries them through a platform and back.

Cards outlive refactors, so every wire name is written out and never derived from a class name.
An action holds ids only; what a person typed or voted never travels inside a button.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar, get_type_hints

WIRE_MAX_CHARS = 2_000
"""Slack's limit for a button's value, the tightest of all carriers."""

INT_MAX = 2**63 - 1


class Action:
    """Something a person can do with a button or a form: a frozen dataclass named by `@action`."""

    __slots__ = ()


class View:
    """Something a post can show: a frozen dataclass named by `@view`, drawn from the state."""

    __slots__ = ()


def _named(name: str) -> Callable[[Any], Any]:
    def stamp(cls: Any) -> Any:
        cls.wire_name = name
        return cls

    return stamp


class NotOnTheWire(ValueError):
    """The text names no known action or view, or does not fit it: an old card, or a forged one."""


A = TypeVar("A", bound=type[Action])
V = TypeVar("V", bound=type[View])
T = TypeVar("T")


def action(name: str) -> Callable[[A], A]:
    """Give an action class its wire name, such as `wsjf.vote`."""
    return _named(name)


def view(name: str) -> Callable[[V], V]:
    """Give a view class its wire name, such as `wsjf.poll`."""
    return _named(name)


def name_of(value: Action | View | type[Action] | type[View]) -> str:
    return str(value.wire_name)  # type: ignore[union-attr]


def encode(value: Action | View) -> str:
    """Return the value as compact JSON: its wire name, then its fields in order.

    A new field goes last and has a default, so that cards posted before it still work.

    Raises ValueError past WIRE_MAX_CHARS: an action that large carries more than ids.
    """
    parts = [name_of(value), *(getattr(value, f.name) for f in fields(value))]  # type: ignore[arg-type]
    coded = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    if len(coded) > WIRE_MAX_CHARS:
        raise ValueError(
            f"{parts[0]} takes {len(coded)} characters on the wire, over {WIRE_MAX_CHARS}"
        )
    return coded


@action("hone.stale")
@dataclass(frozen=True, slots=True)
class Stale(Action):
    """What an adapter passes on when a button's text is NotOnTheWire: the card is out of date."""


class Wire:
    """Reads back what `encode` wrote, for the actions and views it was given."""

    def __init__(self, types: Iterable[type[Action] | type[View]]) -> None:
        self._types: dict[str, tuple[Any, tuple[type, ...], int]] = {}
        for cls in types:
            name = name_of(cls)
            if name in self._types:
                raise ValueError(f"two wire types are called {name}")
            # mypy holds a union of classes to be unhashable.
            self._types[name] = (cls, *_shape(cls))  # type: ignore[arg-type]

    def decode_action(self, coded: str) -> Action:
        """Return the action; raises NotOnTheWire for an unknown name or wrong fields."""
        return self._decode(coded, Action)

    def decode_view(self, coded: str) -> View:
        """Return the view; raises NotOnTheWire for an unknown name or wrong fields."""
        return self._decode(coded, View)

    def _decode(self, coded: str, kind: type[T]) -> T:
        if len(coded) > WIRE_MAX_CHARS:
            raise NotOnTheWire("too long")
        try:
            parts = json.loads(coded)
            name, *values = parts if isinstance(parts, list) else []
            cls, hints, required = self._types[name]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise NotOnTheWire("unknown name") from error
        if not required <= len(values) <= len(hints) or not issubclass(cls, kind):
            raise NotOnTheWire(f"{name} does not fit")
        for given, hint in zip(values, hints, strict=False):
            if type(given) is not hint or not _can_be_stored(given):
                raise NotOnTheWire(f"{name} does not fit")
        value: T = cls(*values)
        return value


def meant(coded: str, *wires: Wire) -> Action:
    """Read the action of a button or form; Stale for one that none of the wires knows any more."""
    for wire in wires:
        try:
            return wire.decode_action(coded)
        except NotOnTheWire:
            continue
    return Stale()


@cache
def _shape(cls: Any) -> tuple[tuple[type, ...], int]:
    """Return the fields' types in order, and how many of the fields must be given."""
    hints = get_type_hints(cls)
    wanted = fields(cls)
    return tuple(hints[f.name] for f in wanted), sum(f.default is f.default_factory for f in wanted)


def _can_be_stored(value: object) -> bool:
    """Whether both databases have room for it: a forged button must not look like our mistake."""
    match value:
        case int():
            return abs(value) <= INT_MAX
        case float():
            return math.isfinite(value)
        case str():
            return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
        case _:
            return True
