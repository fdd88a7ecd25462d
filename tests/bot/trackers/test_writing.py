"""What Hone may count on when it writes, whichever the tracker."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.remote import WRITTEN_FIELDS
from bot.trackers.http import Door
from bot.trackers.kinds import CALLED, as_kept
from bot.trackers.tracker import NotNow, Silent, Tracker
from tests.bot.trackers.reading import MARKER, everything, items_of, record, whole
from tests.bot.trackers.test_reading import can
from tests.fakes.trackers.board import ADA, GRACE, Board, Trouble

SCORE = {"ubv": 8, "tc": 5, "rroe": 3, "size": 2, "wsjf": 8.0}


async def test_what_can_be_written_is_known_before_anything_is(
    board: Board, tracker: Tracker
) -> None:
    """The preview names each home, and asking changes nothing."""
    board.add("Refunds")
    before = {id: thing.version for id, thing in board.things.items()}
    abilities = await tracker.abilities(board.scope)
    assert set(abilities.homes) <= set(WRITTEN_FIELDS)
    assert abilities.writes("title")
    assert abilities.writes("state")
    assert abilities.creates
    for name in ("points", "due", "labels", "ubv"):
        wanted = "cards" if name == "ubv" else name
        assert abilities.writes(name) == (wanted not in board.lacks), name
    assert all(home.name for home in abilities.homes.values())
    assert {id: thing.version for id, thing in board.things.items()} == before


async def test_an_empty_scope_can_be_asked_too(board: Board, tracker: Tracker) -> None:
    assert (await tracker.abilities(board.scope)).writes("title")


async def test_a_field_that_cannot_be_written_says_why_and_what_to_do(
    board: Board, tracker: Tracker
) -> None:
    """“Field is not on the appropriate screen” is the longest row of complaints elsewhere."""
    can(board, "screens", "cards")
    board.add("Refunds")
    board.off_screen |= {"rroe"}
    homes = (await tracker.abilities(board.scope)).homes
    assert "admin" in homes["rroe"].hindrance
    assert homes["rroe"].hindrance.endswith(".")
    assert homes["ubv"].hindrance, "three cards of four would say something else"
    assert not homes["title"].hindrance


# --- changing --------------------------------------------------------------------------------


async def test_fields_arrive(board: Board, tracker: Tracker) -> None:
    id = board.add("Refunds", labels=["Old money", "keep"], owner=ADA)
    change = {
        "title": "Refunds abroad",
        "points": 5,
        "due": date(2026, 12, 24),
        "labels": ("+new-one", "-old-money"),
        "owner": board.account(GRACE),
    }
    change = {name: value for name, value in change.items() if name not in board.lacks}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert not written.left_out
    assert written.id == board.remote_id(id)
    assert written.key
    thing = board.things[id]
    assert (thing.title, thing.owner) == ("Refunds abroad", GRACE)
    if "points" not in board.lacks:
        assert thing.points == 5
    if "due" not in board.lacks:
        assert thing.due == date(2026, 12, 24)
    if "labels" not in board.lacks:
        assert sorted(thing.labels) == ["keep", "new-one"]


async def test_fields_are_emptied(board: Board, tracker: Tracker) -> None:
    id = board.add("Refunds", labels=["money"], owner=ADA, due=date(2026, 12, 24), points=3)
    change = {"owner": "", "due": None, "labels": ("-money",), "points": None}
    change = {name: value for name, value in change.items() if name not in board.lacks}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert not written.left_out
    thing = board.things[id]
    assert not thing.owner
    assert "due" in board.lacks or thing.due is None
    assert "labels" in board.lacks or not thing.labels
    assert "points" in board.lacks or not thing.points


async def test_labels_keep_how_they_are_spelled_there(board: Board, tracker: Tracker) -> None:
    """Hone's themes are lower case with dashes; nobody's label is renamed for that."""
    can(board, "labels")
    id = board.add("Refunds", labels=["Design_System", "money", "hone-1a2b3c4d-9"])
    await tracker.write(
        board.scope, record(board.remote_id(id), {"labels": ("+design-system", "+fast", "-money")})
    )
    assert board.things[id].labels == ["Design_System", "hone-1a2b3c4d-9", "fast"]


async def test_a_score_arrives_whole(board: Board, tracker: Tracker) -> None:
    can(board, "cards", "cards read back")
    id = board.add("Refunds")
    written = await tracker.write(board.scope, record(board.remote_id(id), SCORE))
    assert not {*(written.left_out or ())} - {"wsjf"}
    assert {name: board.things[id].numbers[name] for name in ("ubv", "tc", "rroe", "size")} == {
        "ubv": 8,
        "tc": 5,
        "rroe": 3,
        "size": 2,
    }
    item = (await whole(tracker, board))["Refunds"]
    assert item.fields["ubv"] == 8


async def test_a_score_arrives_whole_or_not_at_all(board: Board, tracker: Tracker) -> None:
    can(board, "cards", "screens")
    id = board.add("Refunds")
    board.off_screen |= {"size"}
    change = {"title": "Refunds abroad", **SCORE}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert {"ubv", "tc", "rroe", "size"} <= set(written.left_out or ())
    assert all(words.endswith(".") for words in (written.left_out or {}).values())
    assert not board.things[id].numbers, "nor its value, which would be of cards nobody sees"
    assert board.things[id].title == "Refunds abroad", "the rest arrives"


async def test_a_score_goes_where_people_said_it_is_at_home(
    board: Board, tracker: Tracker, door: Door
) -> None:
    """Every company calls its fields in its own way."""
    can(board, "cards", "cards read back")
    id = board.add("Refunds")
    can_be = await tracker.abilities(board.scope)
    if not can_be.numbers:
        pytest.skip(f"{board.kind} has fixed fields for a score")
    value, time = can_be.homes["ubv"].name, can_be.homes["tc"].name
    assert {value, time} <= set(can_be.numbers)
    access = board.access()
    called = as_kept({"ubv": time, "tc": value})
    board.access = lambda: replace(access, given={**access.given, CALLED: called})  # type: ignore[method-assign]
    chosen = board.tracker(door)
    assert (await chosen.abilities(board.scope)).homes["ubv"].name == time
    await chosen.write(board.scope, record(board.remote_id(id), SCORE))
    assert [board.things[id].numbers[name] for name in ("ubv", "tc", "size")] == [5, 8, 2]
    assert (await whole(chosen, board))["Refunds"].fields["ubv"] == 8


async def test_twice_is_as_once(board: Board, tracker: Tracker) -> None:
    """The outbox sends again what it is not sure of."""
    id = board.add("Refunds")
    change = {"title": "Refunds abroad"} | ({} if "cards" in board.lacks else SCORE)
    await tracker.write(board.scope, record(board.remote_id(id), change))
    before = board.things[id].version
    await tracker.write(board.scope, record(board.remote_id(id), change))
    assert board.things[id].version == before


async def test_a_state_is_changed_where_the_workflow_allows(board: Board, tracker: Tracker) -> None:
    id = board.add("Refunds")
    item = (await whole(tracker, board))["Refunds"]
    assert board.states[1] in item.moves
    written = await tracker.write(
        board.scope, record(board.remote_id(id), {"state": board.states[1]})
    )
    assert not written.left_out
    assert board.things[id].state == board.states[1]


async def test_a_state_that_cannot_be_reached_is_said(board: Board, tracker: Tracker) -> None:
    """Nothing else is lost for it."""
    id = board.add("Refunds")
    change = {"title": "Refunds abroad", "state": "Shipped to Mars"}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert set(written.left_out or ()) == {"state"}
    assert "Shipped to Mars" in (written.left_out or {})["state"]
    assert board.things[id].title == "Refunds abroad"


async def test_a_transition_that_is_missing_is_no_move(board: Board, tracker: Tracker) -> None:
    can(board, "workflows")
    id = board.add("Refunds")
    board.stuck.add(id)
    assert not (await whole(tracker, board))["Refunds"].moves
    written = await tracker.write(
        board.scope, record(board.remote_id(id), {"state": board.states[-1]})
    )
    assert "workflow" in (written.left_out or {})["state"]


# --- creating --------------------------------------------------------------------------------


async def test_what_is_put_there_is_found_by_its_marker(board: Board, tracker: Tracker) -> None:
    """An answer that is lost must not make a second item."""
    wanted = record(
        None,
        {"title": "Builds take forty minutes"},
        kind="improvement",
        body="Cache the tests\n<script>alert(1)</script>",
        backlink="https://hone.example/7",
    )
    assert await tracker.find(board.scope, MARKER) is None
    made = await tracker.create(board.scope, wanted)
    found = await tracker.find(board.scope, MARKER)
    assert found is not None
    assert (found.id, found.key, found.link) == (made.id, made.key, made.link)
    item = (await whole(tracker, board))["Builds take forty minutes"]
    assert item.id == made.id
    assert "Cache the tests" in item.fields["description"]
    assert "<script>alert(1)</script>" in item.fields["description"], "text is literal"
    assert "Ada, via Hone" in item.fields["description"]
    assert not item.fields.get("themes"), "the marker is no theme"
    assert item.marker == MARKER


async def test_what_people_wrote_calls_nobody_and_orders_nothing(
    board: Board, tracker: Tracker
) -> None:
    """In GitLab a line `/close` closes; `@grace` writes to whoever is called so there."""
    body = "/close\n@grace, see #12 (!3) and [~ada]\n/assign @ada\nR&D, a/b and c@d.example stay"
    wanted = record(None, {"title": "Builds"}, body=body, by="@ada, via Hone")
    await tracker.create(board.scope, wanted)
    ((id, thing),) = board.things.items()
    written = [str(thing.description)]
    await tracker.write(board.scope, record(board.remote_id(id), SCORE, by="@ada, via Hone"))
    written += [str(note["body"]) for note in board.notes.get(id, ())]
    assert not board.acts_on or not re.findall(board.acts_on, "\n".join(written))
    item = (await whole(tracker, board))["Builds"]
    assert body in item.fields["description"], "what is read back is what they wrote"


async def test_a_lost_answer_to_a_create_is_found_again(board: Board, tracker: Tracker) -> None:
    can(board, "network")
    wanted = record(None, {"title": "Builds take forty minutes"}, body="Cache")
    await tracker.abilities(board.scope)
    board.trouble.append(Trouble(502, after=True, path=board.creates_at, method=board.creates_by))
    with pytest.raises(Silent):
        await tracker.create(board.scope, wanted)
    assert len(board.things) == 1
    found = await tracker.find(board.scope, MARKER)
    assert found is not None
    assert found.id == board.remote_id(next(iter(board.things)))


async def test_the_backlink_is_kept_once(board: Board, tracker: Tracker) -> None:
    can(board, "backlinks")
    id = board.add("Refunds")
    for title in ("Refunds abroad", "Refunds at home"):
        wanted = record(board.remote_id(id), {"title": title}, backlink="https://hone.example/7")
        await tracker.write(board.scope, wanted)
    assert list(board.things[id].links.values()) == ["https://hone.example/7"]


async def test_whose_decision_a_score_is_stands_there_and_makes_no_noise(
    board: Board, tracker: Tracker
) -> None:
    """People there ask who gave the number; a comment for each change would mail all of them."""
    id = board.add("Refunds")
    changes = (
        ("Ada", {"title": "Refunds abroad"}),
        ("Ada", SCORE),
        ("Grace", {**SCORE, "size": 3}),
    )
    often = []
    for who, change in changes:
        wanted = record(board.remote_id(id), change, by=f"{who}, via Hone")
        await tracker.write(board.scope, wanted)
        often.append(len(board.notes.get(id, ())))
    wanted_often = {
        "": [0, 0, 0],
        "one note": [0, 1, 1],
        "each score": [0, 1, 2],
        "each change": [1, 2, 3],
    }
    assert often == wanted_often[board.signs]
    assert bool(often[-1]) == bool(tracker.signs)
    assert not often[-1] or "Grace, via Hone" in board.notes[id][-1]["body"]


async def test_what_was_created_says_where_it_comes_from(board: Board, tracker: Tracker) -> None:
    """Whoever finds it there can read on in the talk that it came out of."""
    back = "https://hone.example/7"
    made = await tracker.create(board.scope, record(None, {"title": "Builds"}, backlink=back))
    (thing,) = board.things.values()
    assert board.remote_id(thing.id) == made.id
    assert back in f"{thing.description} {thing.links}"


async def test_limits_while_writing_are_told(board: Board, tracker: Tracker) -> None:
    can(board, "network")
    id = board.add("Refunds")
    board.trouble += [Trouble(429, {"Retry-After": "17"})] * 2
    with pytest.raises(NotNow):
        await tracker.write(board.scope, record(board.remote_id(id), {"title": "Other"}))
    assert board.things[id].title == "Refunds"


async def test_our_own_change_comes_back_as_ours(board: Board, tracker: Tracker) -> None:
    """Else every score that is written would make its item look worked on."""
    can(board, "authors")
    id = board.add("Refunds")
    _, cursor = await everything(tracker, board)
    await tracker.write(board.scope, record(board.remote_id(id), {"title": "Refunds abroad"}))
    pages, cursor = await everything(tracker, board, cursor)
    assert [item.by_hone for item in items_of(pages)] == [True]
    board.tick(60)
    board.edit(id, title="Refunds at home")
    pages, _ = await everything(tracker, board, cursor)
    assert [item.by_hone for item in items_of(pages)] == [False]
