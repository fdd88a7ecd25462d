"""Two sides edit one item and meet now and then: they converge, and each loss leaves a trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from handlers.sources.merge import Merged, as_exported, is_empty, merged

FIELDS = ("title", "points")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["Pay", "Owe", "Bill"]),
    "points": st.sampled_from([None, 0, 5]),
}
EDITS = st.sampled_from(FIELDS).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))


class TwoSides(RuleBasedStateMachine):
    """Hone and a tool hold one item; `trace` is what the item's story keeps of Hone's values."""

    def __init__(self) -> None:
        super().__init__()
        start: dict[str, Any] = {"title": "Pay", "points": None}
        self.ours: dict[str, Any] = dict(start)
        self.theirs: dict[str, Any] = dict(start)
        self.base: dict[str, Any] = {}
        self.edited_here: set[str] = set()
        self.edited_there: set[str] = set()

    @rule(edit=EDITS)
    def somebody_edits_here(self, edit: tuple[str, Any]) -> None:
        self.ours[edit[0]] = edit[1]
        self.edited_here.add(edit[0])

    @rule(edit=EDITS)
    def somebody_edits_there(self, edit: tuple[str, Any]) -> None:
        self.theirs[edit[0]] = edit[1]
        self.edited_there.add(edit[0])

    @rule()
    def a_file_without_a_column_comes(self) -> None:
        before = self.ours["points"]
        self._meet({"title": self.theirs["title"]}, ours_is_newer=False)
        assert self.ours["points"] == before, "what a source does not tell is not touched"

    @rule(ours_is_newer=st.booleans())
    def they_meet(self, ours_is_newer: bool) -> None:
        result = self._meet(self.theirs, ours_is_newer)
        for name, mine in self.ours.items():
            settled = mine == self.theirs[name] or name in (*result.kept, *result.stands)
            assert settled or name in self.edited_here, f"{name} differs and nobody said so"
        self.edited_here = {name for name in FIELDS if self.ours[name] != self.theirs[name]}
        self.edited_there = set()
        again = merged(self.ours, self.theirs, self.base, ours_is_newer=ours_is_newer)
        assert not again.take, "twice is once"

    def _meet(self, told: dict[str, Any], ours_is_newer: bool) -> Merged:
        result = merged(self.ours, told, self.base, ours_is_newer=ours_is_newer)
        for name, value in result.take.items():
            mine = self.ours[name]
            if name in self.edited_here and not is_empty(mine):
                named = name in result.outdone or name in result.emptied
                assert named or self.base.get(name) == mine, f"{name} of Hone's went unnamed"
            if is_empty(value):
                assert name in result.emptied, f"{name} was emptied and nobody said so"
                assert self.base.get(name) == mine, "emptied only where that was agreed"
            if name not in self.edited_there:
                assert name not in self.base or is_empty(mine), f"nobody changed {name} there"
        self.ours |= result.take
        self.base = result.base
        return result

    @invariant()
    def both_have_a_title(self) -> None:
        assert self.ours["title"]


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(stateful_step_count=15)


NOTHING = object()


@pytest.mark.parametrize(
    ("ours", "theirs", "agreed", "ours_is_newer", "becomes", "said"),
    [
        (5, 5, 3, False, 5, ""),
        (5, 8, 5, False, 8, ""),
        (5, 3, 3, False, 5, ""),
        (5, 8, 3, False, 8, "outdone"),
        (5, 8, 3, True, 5, "stands"),
        (5, None, None, False, 5, "kept"),
        (5, None, NOTHING, False, 5, "kept"),
        (5, None, 5, False, None, "emptied"),
        (5, None, 3, False, 5, "kept"),
        (0, None, None, False, 0, "kept"),
        (None, 8, NOTHING, False, 8, ""),
        (5, 8, NOTHING, False, 8, "outdone"),
    ],
)
def test_who_is_right_about_a_field(
    ours: Any, theirs: Any, agreed: Any, ours_is_newer: bool, becomes: Any, said: str
) -> None:
    base = {} if agreed is NOTHING else {"points": agreed}
    result = merged({"points": ours}, {"points": theirs}, base, ours_is_newer=ours_is_newer)
    assert result.take.get("points", ours) == becomes
    for name in ("kept", "emptied", "outdone", "stands"):
        assert getattr(result, name) == (["points"] if name == said else []), name
    if said != "kept":
        assert result.base["points"] == theirs


@dataclass(frozen=True)
class Renamed:
    """An item's title changed from Pay to Owe."""

    at: datetime
    person: str | None = "ada"
    changes: Mapping[str, Any] = field(default_factory=lambda: {"title": ["Pay", "Owe"]})


def test_an_export_tells_when_an_item_changed_to_the_second() -> None:
    """What was changed in that second is in it; what was changed after it is not."""
    exported = datetime(2026, 11, 30, 9, 0, 0, tzinfo=UTC)
    for later, said in ((0.0, "Owe"), (0.7, "Owe"), (1.0, "Pay")):
        event = Renamed(exported + timedelta(seconds=later))
        assert as_exported({"title": "Owe"}, [event], exported) == {"title": said}
