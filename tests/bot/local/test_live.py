"""Open pages learn what happens; a page that was away catches up, or loads anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.cards import says
from bot.local.live import OVERLAP, REMEMBERED_EVENTS, WAITING_MAX, Live
from bot.local.messages import Message

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOON + OVERLAP + timedelta(seconds=1)


def message(id: str, words: str = "…") -> Message:
    return Message(id, NOON, says(words))


async def test_every_open_page_hears_of_a_message() -> None:
    live = Live()
    async with live.page("ada") as one, live.page("ada") as other:
        live.publish("a", message("post-1"), NOON, new=True)
        for waiting in (one, other):
            event = waiting.get_nowait()
            assert event is not None
            assert event.message.id == "post-1"


def test_a_page_asks_a_little_further_back_than_it_was_drawn() -> None:
    """A post is shown before its id is committed: a page drawn between the two must not miss it."""
    live = Live()
    live.publish("a", message("post-old"), NOON - OVERLAP * 2, new=True)
    live.publish("a", message("post-fresh"), NOON, new=True)
    missed = live.missed(live.mark(NOON))
    assert missed is not None
    assert [event.message.id for event in missed] == ["post-fresh"]


def test_a_page_that_missed_nothing_gets_nothing() -> None:
    live = Live()
    live.publish("a", message("post-1"), NOON, new=True)
    assert live.missed(live.mark(LATER)) == []


def test_only_the_latest_state_of_a_missed_message_is_sent() -> None:
    """Else a card that was voted on would run through its past in front of the reader."""
    live = Live()
    mark = live.mark(NOON)
    live.publish("a", message("post-1", "0 votes"), NOON, new=True)
    live.publish("a", message("post-1", "1 vote"), LATER, new=False)
    live.publish("a", message("post-2", "seen before"), LATER, new=False)
    missed = live.missed(mark)
    assert missed is not None
    assert [(e.message.id, e.new) for e in missed] == [("post-1", True), ("post-2", False)]
    assert missed[0].message.body == says("1 vote")


def test_a_mark_of_another_run_or_too_old_is_not_known() -> None:
    live = Live()
    mark = live.mark(NOON)
    for number in range(REMEMBERED_EVENTS + 1):
        live.publish("a", message(f"post-{number}"), NOON, new=True)
    assert live.missed(mark) is None
    assert live.missed(Live().mark(NOON)) is None
    for garbage in ("", "x", "-", f"{mark}x", mark + "9" * 30):
        assert live.missed(garbage) is None


async def test_a_page_that_does_not_read_is_cut_off() -> None:
    """A suspended tab must not fill the memory; it connects anew and catches up."""
    live = Live()
    async with live.page("ada") as waiting:
        for number in range(WAITING_MAX + 50):
            live.publish("a", message(f"post-{number}"), NOON, new=True)
        assert waiting.qsize() == WAITING_MAX + 1
        events = [waiting.get_nowait() for _ in range(waiting.qsize())]
        assert events[-1] is None


async def test_closing_ends_every_stream() -> None:
    live = Live()
    async with live.page("ada") as waiting:
        live.close()
        assert waiting.get_nowait() is None
