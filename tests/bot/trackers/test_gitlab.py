"""What only GitLab does: a score as one comment, weights of paid plans, labels as states."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.trackers.gitlab.verify import hinted
from bot.trackers.http import Door
from bot.trackers.tracker import Forged, NotAllowed
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.gitlab import FakeGitLab


@pytest.fixture
async def gitlab() -> AsyncIterator[FakeGitLab]:
    async with FakeGitLab() as started:
        yield started


@pytest.fixture
async def door(gitlab: FakeGitLab) -> AsyncIterator[Door]:
    opened = Door(lambda: gitlab.now, [gitlab.host])
    yield opened
    await opened.close()


async def test_a_score_is_one_comment_that_is_edited_in_place(
    gitlab: FakeGitLab, door: Door
) -> None:
    """A comment for each vote would mail everybody who follows the issue."""
    id = gitlab.add("Refunds")
    tracker = gitlab.tracker(door)
    for value, wsjf in ((8, 8.0), (13, 10.5)):
        score = {"ubv": value, "tc": 5, "rroe": 3, "size": 2, "wsjf": wsjf}
        assert not (await tracker.write(gitlab.scope, record(gitlab.remote_id(id), score))).left_out
    (note,) = gitlab.notes[id]
    assert note["body"].startswith("WSJF 10.5 · Value 13 · Time 5 · Risk 3 · Size 2")


async def test_a_plan_without_weights_says_so(gitlab: FakeGitLab, door: Door) -> None:
    id = gitlab.add("Refunds")
    gitlab.weighs = False
    wanted = record(gitlab.remote_id(id), {"title": "Refunds abroad", "points": 5})
    written = await gitlab.tracker(door).write(gitlab.scope, wanted)
    assert "paid plans" in (written.left_out or {})["points"]
    assert gitlab.things[id].title == "Refunds abroad"


async def test_half_a_point_is_never_rounded(gitlab: FakeGitLab, door: Door) -> None:
    id = gitlab.add("Refunds", points=3)
    wanted = record(gitlab.remote_id(id), {"points": 2.5})
    written = await gitlab.tracker(door).write(gitlab.scope, wanted)
    assert "2.5" in (written.left_out or {})["points"]
    assert gitlab.things[id].points == 3


async def test_a_workflow_label_is_the_state_and_no_theme(gitlab: FakeGitLab, door: Door) -> None:
    """GitLab knows opened and closed; its boards live on labels."""
    id = gitlab.add("Refunds", labels=["workflow::In review", "money"])
    tracker = gitlab.tracker(door)
    item = (await whole(tracker, gitlab))["Refunds"]
    assert (item.state, item.fields["themes"]) == ("In review", ["money"])
    await tracker.write(gitlab.scope, record(gitlab.remote_id(id), {"labels": ("+fast", "-money")}))
    assert gitlab.things[id].labels == ["workflow::In review", "fast"]


async def test_a_group_is_followed_but_holds_no_new_issues(gitlab: FakeGitLab, door: Door) -> None:
    gitlab.add("Refunds")
    gitlab.add("Search", scope=gitlab.other_scope)
    tracker = gitlab.tracker(door)
    assert len((await tracker.page("groups/7", "", gitlab.now)).items) == 2
    assert not (await tracker.abilities("groups/7")).creates
    with pytest.raises(NotAllowed, match="project"):
        await tracker.create("groups/7", record(None, {"title": "New"}))


def test_a_signed_delivery_is_fresh_and_signed_for_its_own_body() -> None:
    """Standard Webhooks: the id, the time and the body are signed together."""
    now, key = FakeGitLab().now, b"0123456789abcdef"
    secret = f"whsec_{base64.b64encode(key).decode()}"
    headers = signed(key, now)
    assert hinted(headers, BODY, secret, now) == {"34-7"}
    for wrong_body, at in ((BODY + b" ", now), (BODY, now + timedelta(minutes=6))):
        with pytest.raises(Forged):
            hinted(headers, wrong_body, secret, at)


def test_without_a_secret_a_signature_proves_nothing() -> None:
    now = FakeGitLab().now
    with pytest.raises(Forged):
        hinted(signed(b"", now), BODY, "", now)


BODY = b'{"object_kind":"issue","project":{"id":34},"object_attributes":{"iid":7}}'


def signed(key: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a delivery of BODY."""
    sent = str(int(now.timestamp()))
    made = hmac.new(key, f"d1.{sent}.".encode() + BODY, hashlib.sha256).digest()
    return {
        "webhook-id": "d1",
        "webhook-timestamp": sent,
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }
