"""What only GitHub does: two states with a reason, projects, apps that sign in for themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.trackers.github.adapter import GitHub
from bot.trackers.http import Door
from bot.trackers.tracker import Access, NotNow, SignedOut
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.board import ADA, Trouble
from tests.fakes.trackers.github import FakeGitHub


@pytest.fixture
async def github() -> AsyncIterator[FakeGitHub]:
    async with FakeGitHub() as started:
        yield started


@pytest.fixture
async def door(github: FakeGitHub) -> AsyncIterator[Door]:
    opened = Door(lambda: github.now, [github.host])
    yield opened
    await opened.close()


async def test_closing_and_reopening_are_the_past_of_an_issue(
    github: FakeGitHub, door: Door
) -> None:
    """An issue that came back is rework, which the digest counts."""
    id = github.add("Refunds")
    for state in ("closed", "open", "closed"):
        github.tick(3_600)
        github.edit(id, state=state)
    item = (await whole(github.tracker(door), github))["Refunds"]
    assert [step.state for step in item.steps] == ["open", "closed", "open", "closed"]
    assert item.finished == github.now


async def test_not_planned_is_no_success(github: FakeGitHub, door: Door) -> None:
    id = github.add("Refunds")
    tracker = github.tracker(door)
    wanted = record(github.remote_id(id), {"state": "closed as not planned"})
    assert not (await tracker.write(github.scope, wanted)).left_out
    item = (await whole(tracker, github))["Refunds"]
    assert (item.state, item.resolution) == ("closed", "not planned")


async def test_a_project_tells_the_status_and_the_iteration(github: FakeGitHub, door: Door) -> None:
    """Open and closed are two states; teams work with those of their project."""
    id = github.add("Refunds", owner=ADA)
    github.status[id] = "In Progress"
    item = (await whole(github.tracker(door), github))["Refunds"]
    assert (item.state, item.facts["sprint"]) == ("In Progress", "Iteration 3")


async def test_issues_are_read_where_projects_are_hidden(github: FakeGitHub, door: Door) -> None:
    """A fine-grained token may have no right to the organisation's projects."""
    id = github.add("Refunds", owner=ADA)
    github.status[id], github.hides_projects = "In Progress", True
    item = (await whole(github.tracker(door), github))["Refunds"]
    assert (item.state, item.owner) == ("open", "ada <ada>")


async def test_the_hours_limit_says_when_to_come_back(github: FakeGitHub, door: Door) -> None:
    resets = github.now + timedelta(minutes=20)
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(resets.timestamp()))}
    github.trouble.append(Trouble(403, headers))
    with pytest.raises(NotNow) as told:
        await github.tracker(door).page(github.scope, "", github.now)
    assert told.value.until == resets


async def test_an_app_signs_in_by_itself_and_again_when_its_token_ends(
    github: FakeGitHub, door: Door
) -> None:
    """Nobody has to paste a new token every hour."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    access = Access(github.host, {"app": "7", "installation": "8", "key": pem})
    app = GitHub(access, door)
    github.add("Refunds")
    for hours in (0, 2):
        github.tick(hours * 3_600)
        assert (await app.page(github.scope, "", github.now)).items
    signings = [path for _, path, _ in github.calls if path.endswith("/access_tokens")]
    assert len(signings) == 2


async def test_what_is_no_key_is_said_at_once(github: FakeGitHub, door: Door) -> None:
    app = GitHub(Access(github.host, {"app": "7", "installation": "8", "key": "lost"}), door)
    with pytest.raises(SignedOut, match="private key"):
        await app.scopes()


async def test_pull_requests_are_no_issues(github: FakeGitHub, door: Door) -> None:
    github.add("Refunds")
    github.pull_requests.add(github.add("Fix refunds"))
    assert set(await whole(github.tracker(door), github)) == {"Refunds"}
