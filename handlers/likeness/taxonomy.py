"""The topics Hone knows, out of topics.txt: their names, titles, and how people say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("topics.txt")

Kind = Literal["trouble", "praise", "product"]


@dataclass(frozen=True, slots=True)
class Topic:
    """What many teams talk about. `said` are sentences about it, in the words of many people."""

    name: str
    title: str
    said: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """Whether it is something to solve together, something good, or a wish for the product."""
        match self.name.split("-")[0]:
            case "good":
                return "praise"
            case "prod" | "want":
                return "product"
            case _:
                return "trouble"


@cache
def topics() -> tuple[Topic, ...]:
    """Return every topic, in the order of the file, which is that of the trained head."""
    found = []
    for block in FILE.read_text(encoding="utf-8").split("\n\n")[1:]:
        head, *said = block.strip().split("\n")
        name, title = head.removeprefix("# ").split(" | ")
        found.append(Topic(name, title, tuple(said)))
    return tuple(found)


@cache
def topic(name: str) -> Topic | None:
    """Return the topic of this name; None if there is none, or none any more."""
    return next((each for each in topics() if each.name == name), None)


def trouble_titles(own: Mapping[str, str]) -> Mapping[str, str]:
    """Return name → title of what can be solved together: built in, and the workspace's own."""
    return {each.name: each.title for each in topics() if each.kind == "trouble"} | {**own}
