"""What Hone may count on when it reads, whichever the tracker."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.trackers.catalog import HOOKS
from bot.trackers.http import Door
from bot.trackers.tracker import (
    Forged,
    Lost,
    Missing,
    NotNow,
    SignedOut,
    Silent,
    Tracker,
    TrackerError,
    Unreadable,
)
from tests.bot.trackers.reading import everything, items_of, swept, whole
from tests.fakes.trackers.board import ADA, GRACE, Board, Trouble


def can(board: Board, *what: str) -> None:
    """Leave a test out where the tracker has no such thing."""
    lacking = board.lacks.intersection(what)
    if lacking:
        pytest.skip(f"{board.kind} has no {', '.join(sorted(lacking))}")


# --- getting in ------------------------------------------------------------------------------


async def test_hone_learns_who_it_is_there(board: Board, tracker: Tracker) -> None:
    """The team sees on the card whose token it is."""
    account = await tracker.account()
    assert account.id
    assert account.name == board.people[board.me]


async def test_a_wrong_token_is_told_at_once(board: Board, door: Door) -> None:
    can(board, "network")
    board.token = "another"
    wrong = board.tracker(door)
    board.token = "s3cret"
    with pytest.raises(SignedOut, match="does not accept our token"):
        await wrong.account()


async def test_what_can_be_followed_is_named_for_people(board: Board, tracker: Tracker) -> None:
    scopes = await tracker.scopes()
    assert {board.scope, board.other_scope} <= {scope.id for scope in scopes}
    assert all(scope.name and "\n" not in scope.name for scope in scopes)


async def test_a_scope_that_is_not_there_is_missing(board: Board, tracker: Tracker) -> None:
    """A project that was deleted must not look like one without changes."""
    board.add("Refunds", scope=board.gone_scope)
    with pytest.raises(Missing):
        await tracker.page(board.gone_scope, "", board.now)


# --- pages -----------------------------------------------------------------------------------


async def test_everything_is_read_however_many_pages_it_takes(
    board: Board, tracker: Tracker
) -> None:
    """An item that slips between two pages would be missed for weeks."""
    made = {board.remote_id(board.add(f"Item {number}")) for number in range(230)}
    board.add("Of another project", scope=board.other_scope)
    pages, _ = await everything(tracker, board)
    assert {item.id for item in items_of(pages)} == made
    assert all(len(page.items) <= 100 for page in pages)
    assert len(pages) >= 3


async def test_what_changes_in_mid_reading_makes_nothing_slip_through(
    board: Board, tracker: Tracker
) -> None:
    """A first reading takes minutes, and the team goes on working."""
    made = [board.add(f"Item {number}") for number in range(150)]
    first = await tracker.page(board.scope, "", board.now)
    for id in made[:20]:
        board.edit(id, title=f"Changed {id}")
    rest, _ = await everything(tracker, board, first.cursor)
    found = {item.id: item.title for item in items_of([first, *rest])}
    assert found.keys() == {board.remote_id(id) for id in made}
    assert all(found[board.remote_id(id)] == f"Changed {id}" for id in made[:20])


async def test_many_that_changed_at_once_are_all_read(board: Board, tracker: Tracker) -> None:
    """A bulk edit gives hundreds of items the same minute."""
    made = [board.add(f"Item {number}") for number in range(250)]
    board.tick(3_600)
    for id in made:
        board.things[id].updated = board.now
    pages, _ = await everything(tracker, board)
    assert {item.id for item in items_of(pages)} == {board.remote_id(id) for id in made}


async def test_only_what_changed_is_read_again(board: Board, tracker: Tracker) -> None:
    first, second = board.add("Refunds"), board.add("Payouts")
    _, cursor = await everything(tracker, board)
    pages, cursor = await everything(tracker, board, cursor)
    assert not items_of(pages)
    board.tick(7_200)
    board.edit(second, title="Payouts abroad")
    pages, cursor = await everything(tracker, board, cursor)
    assert [item.title for item in items_of(pages) if item.id != board.remote_id(first)] == [
        "Payouts abroad"
    ]


@pytest.mark.parametrize("hours", [-1, 1])
async def test_clocks_an_hour_apart_lose_nothing(
    board: Board, tracker: Tracker, hours: int
) -> None:
    """Nobody's clock but the tracker's own decides what is new there."""
    board.add("Refunds")
    ours = timedelta(hours=hours)
    _, cursor = await everything(tracker, board, apart=ours)
    board.tick(300)
    added = board.remote_id(board.add("Payouts"))
    pages, _ = await everything(tracker, board, cursor, apart=ours)
    assert added in [item.id for item in items_of(pages)]


async def test_a_cursor_that_nobody_can_read_is_the_beginning(
    board: Board, tracker: Tracker
) -> None:
    board.add("Refunds")
    pages, _ = await everything(tracker, board, "{broken")
    assert [item.title for item in items_of(pages)] == ["Refunds"]


# --- items -----------------------------------------------------------------------------------


async def test_an_item_comes_with_all_that_hone_shows(board: Board, tracker: Tracker) -> None:
    parent = board.add("Checkout")
    blocker = board.add("Ledger")
    board.add(
        "Refunds take weeks",
        description="People call us.",
        points=3,
        owner=ADA,
        due=date(2026, 12, 24),
        labels=["money", "hone-1a2b3c4d-9"],
        parent=parent,
        blocked_by=[blocker],
        numbers={"ubv": 8, "tc": 5, "rroe": 3, "size": 2},
    )
    read = await whole(tracker, board)
    item = read["Refunds take weeks"]
    assert item.source == tracker.source
    assert item.key
    assert item.link.startswith("http")
    assert item.version
    assert item.created is not None
    assert item.updated is not None
    assert item.state == board.states[0]
    assert item.fields["title"] == "Refunds take weeks"
    assert "People call us." in item.fields["description"]
    if "points" not in board.lacks:
        assert item.fields["points"] == 3
    if "due" not in board.lacks:
        assert item.fields["due"] == date(2026, 12, 24)
    if "labels" not in board.lacks:
        assert item.fields["themes"] == ["money"]
    assert item.owner is not None
    assert item.owner.startswith("Ada Park <")
    if "parents" not in board.lacks:
        assert item.part_of == read["Checkout"].id
    if "links" not in board.lacks:
        assert read["Ledger"].id in (item.blocked_by or ()) or item.id in read["Ledger"].blocks
    if not board.lacks & {"cards", "cards read back"}:
        assert [item.fields[name] for name in ("ubv", "tc", "rroe", "size")] == [8, 5, 3, 2]


async def test_an_item_that_says_little_is_an_item_all_the_same(
    board: Board, tracker: Tracker
) -> None:
    board.add("Refunds")
    item = (await whole(tracker, board))["Refunds"]
    assert item.owner == ""
    assert item.fields["description"] == ""
    assert "ubv" not in item.fields


async def test_the_past_of_an_item_is_true_from_the_first_day(
    board: Board, tracker: Tracker
) -> None:
    """Flow and acceptance of last month must not all happen today."""
    can(board, "history")
    id = board.add("Refunds")
    board.tick(86_400)
    board.edit(id, state=board.states[1])
    started = board.now
    board.tick(86_400)
    board.edit(id, state=board.states[-1])
    item = (await whole(tracker, board))["Refunds"]
    assert [step.at for step in item.steps if step.state == board.states[1]] == [started]
    assert item.state == board.states[-1]
    reached = item.finished or item.steps[-1].at
    assert abs((reached - board.now).total_seconds()) < 1


async def test_every_change_makes_a_later_version(board: Board, tracker: Tracker) -> None:
    """A reading that comes late must be recognised as old."""
    id = board.add("Refunds")
    versions = []
    for title in ("Refunds", "Refunds take weeks", "Refunds abroad"):
        board.edit(id, title=title)
        found = await tracker.one(board.scope, board.remote_id(id))
        assert not isinstance(found, Lost)
        assert found.title == title
        versions.append(found.version)
    assert versions == sorted(set(versions))


async def test_one_item_says_the_same_as_in_its_page(board: Board, tracker: Tracker) -> None:
    id = board.add("Refunds", owner=GRACE, points=5)
    board.edit(id, state=board.states[1])
    one = await tracker.one(board.scope, board.remote_id(id))
    assert one == (await whole(tracker, board))["Refunds"]


# --- what is not to be shown -----------------------------------------------------------------


async def test_a_restricted_item_is_counted_and_never_told(board: Board, tracker: Tracker) -> None:
    """What not all of a project may see must not stand in a channel."""
    can(board, "restriction")
    hidden = board.remote_id(board.add("Layoffs", restricted=True))
    shown = board.remote_id(board.add("Refunds"))
    pages, _ = await everything(tracker, board)
    assert [item.id for item in items_of(pages)] == [shown]
    if "restricted count" not in board.lacks:
        assert [id for page in pages for id in page.restricted] == [hidden]
        assert await tracker.one(board.scope, hidden) == Lost(restricted=True)
    assert isinstance(await tracker.one(board.scope, hidden), Lost)
    assert await swept(tracker, board) == {shown}


async def test_an_item_that_becomes_restricted_is_told_so(board: Board, tracker: Tracker) -> None:
    can(board, "restriction", "restricted count")
    id = board.add("Layoffs")
    _, cursor = await everything(tracker, board)
    board.edit(id, restricted=True)
    pages, _ = await everything(tracker, board, cursor)
    assert not items_of(pages)
    assert [each for page in pages for each in page.restricted] == [board.remote_id(id)]


async def test_what_was_deleted_is_lost_and_swept(board: Board, tracker: Tracker) -> None:
    gone, kept = board.add("Refunds"), board.add("Payouts")
    _, cursor = await everything(tracker, board)
    board.delete(gone)
    assert await tracker.one(board.scope, board.remote_id(gone)) == Lost()
    assert await swept(tracker, board) == {board.remote_id(kept)}
    if "deletes" not in board.lacks:
        pages, _ = await everything(tracker, board, cursor)
        assert [id for page in pages for id in page.gone] == [board.remote_id(gone)]


async def test_what_moved_to_another_scope_is_lost_here(board: Board, tracker: Tracker) -> None:
    moved = board.add("Refunds")
    board.edit(moved, scope=board.other_scope)
    assert await tracker.one(board.scope, board.remote_id(moved)) == Lost()
    assert not await swept(tracker, board)


async def test_the_sweep_names_all_ids_page_by_page(board: Board, tracker: Tracker) -> None:
    made = {board.remote_id(board.add(f"Item {number}")) for number in range(230)}
    assert await swept(tracker, board) == made


@pytest.mark.parametrize(
    "id", ["../../admin", "1 OR 1=1", "", "9" * 8, "9" * 20, "x" * 300, "é/..%2f"]
)
async def test_an_id_from_elsewhere_leads_nowhere(board: Board, tracker: Tracker, id: str) -> None:
    """Hooks name ids, and anybody may call a hook."""
    board.add("Refunds")
    assert await tracker.one(board.scope, id) == Lost()


# --- bad days --------------------------------------------------------------------------------

HTML = "<html><body>Sign in</body></html>"


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(401), SignedOut),
        (Trouble(429, {"Retry-After": "17"}), NotNow),
        (Trouble(429), NotNow),
        (Trouble(500, body=HTML), Silent),
        (Trouble(503), Silent),
        (Trouble(200, body=HTML), Unreadable),
    ],
)
async def test_trouble_in_mid_reading_is_told_and_reading_goes_on(
    board: Board, tracker: Tracker, trouble: Trouble, error: type[TrackerError]
) -> None:
    """Nothing is lost: the cursor stands where it stood."""
    can(board, "network")
    for number in range(120):
        board.add(f"Item {number}")
    first = await tracker.page(board.scope, "", board.now)
    board.trouble += [trouble] * 3
    with pytest.raises(error) as raised:
        await tracker.page(board.scope, first.cursor, board.now)
    assert str(raised.value).endswith(".")
    if isinstance(raised.value, NotNow):
        assert raised.value.until > board.now
    board.trouble.clear()
    rest, _ = await everything(tracker, board, first.cursor)
    assert len({item.id for item in items_of([first, *rest])}) == 120


# --- hooks -----------------------------------------------------------------------------------


async def test_a_hook_names_what_to_read(board: Board) -> None:
    can(board, "hooks")
    id = board.add("Refunds")
    headers, body = board.hook(id)
    found = HOOKS[board.kind](headers, body, board.hook_secret, board.now)
    assert found == {board.remote_id(id)}


async def test_without_a_secret_no_hook_is_believed(board: Board) -> None:
    """Whoever knows the address could sign with nothing, too."""
    can(board, "hooks")
    board.hook_secret = ""
    headers, body = board.hook(board.add("Refunds"))
    with pytest.raises(Forged):
        HOOKS[board.kind](headers, body, "", board.now)


async def test_a_forged_hook_is_refused(board: Board) -> None:
    """Hook addresses are guessed, leak and get shared; what they bring is a hint at most."""
    can(board, "hooks")
    headers, body = board.hook(board.add("Refunds"))
    for wrong, sent, secret in (
        (headers, body, "another"),
        (headers, body, ""),
        ({}, body, board.hook_secret),
    ):
        with pytest.raises(Forged):
            HOOKS[board.kind](wrong, sent, secret, board.now)
