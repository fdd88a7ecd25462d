"""Channels whose digests are due at the same minute, in Slack workspaces and a Teams tenant.

In each there is a team with three items. Some teams had a digest last week and did nothing since:
theirs gets one more line instead of a post.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlmodel import SQLModel, col

from bench.limits import SLACK_POSTS, SLACK_UPDATES, LimitedSlack, LimitedTeams
from bot.slack.grants import Grant, Grants
from bot.vault import Vault
from bot.wire import encode
from handlers.digest.actions import DigestView
from handlers.digest.cadence import iso_week, jitter
from handlers.digest.calendar import TIMER
from handlers.digest.edition import Edition
from handlers.digest.telling import keep, tell_week
from storage import Database, Store, counters
from storage.digests import TEAM, DigestSchedule
from storage.items import Item, ItemEvent
from storage.posts import PostRow
from storage.subjects import PostSubject
from storage.teams import FIRST_TRAIN, Channel, Team, Train
from storage.timers import Timer
from tests.fakes import slack as fake_slack
from tests.fakes import teams as fake_teams

FOUNDED, LAST_WEEK, FAR = timedelta(days=9), timedelta(days=7), timedelta(days=400)
AT_A_TIME = 100
"""Channels written in one transaction."""

TITLES = ("Builds take forty minutes", "Reviews wait for days", "Tests fail at random")


@dataclass(frozen=True, slots=True)
class Size:
    """How many Slack workspaces, and how many channels each has; `quiet` ones had a quiet week."""

    workspaces: int
    loud: int
    quiet: int
    teams_channels: int

    @property
    def channels(self) -> int:
        return self.workspaces * (self.loud + self.quiet) + self.teams_channels

    @property
    def limit_s(self) -> float:
        """Return how long the digests take if each platform is called as fast as it allows.

        A digest is two messages, the second in the thread of the first. Teams takes so many a
        second that it is never the slowest.
        """
        posts, updates = SLACK_POSTS.duration_s(2 * self.loud), SLACK_UPDATES.duration_s(self.quiet)
        return max(posts, updates)


class Again(NamedTuple):
    """A post that stands in its channel more than once; `threaded`: a digest's details."""

    channel: str
    threaded: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the digests: `missed` are not there, `twice` counts what is there again."""

    missed: int
    twice: Counter[Again]

    @property
    def doubled(self) -> int:
        return self.twice.total()


@dataclass(slots=True)
class Herd:
    """All these channels, on the platforms and in one database."""

    size: Size
    slack: LimitedSlack
    cloud: LimitedTeams
    _quiet: dict[str, fake_slack.Message] = field(default_factory=dict)

    def _teams_of_slack(self) -> list[str]:
        return [fake_slack.TEAM, *(f"T{number:02}" for number in range(1, self.size.workspaces))]

    def _slack_channels(self, team: str) -> Iterator[tuple[str, bool]]:
        for number in range(self.size.loud + self.size.quiet):
            yield f"C{team}N{number}", number >= self.size.loud

    def _teams_channels(self) -> list[str]:
        return [f"19:{number}@thread.tacv2" for number in range(self.size.teams_channels)]

    # --- filling ---

    async def fill(self, database: Database, vault: Vault, now: datetime) -> None:
        """Write every channel, each with a digest that is due in the far future."""
        grants = Grants(database, vault, lambda: now)
        for team in self._teams_of_slack():
            token = fake_slack.BOT_TOKEN if team == fake_slack.TEAM else f"xoxb-{team}"
            self.slack.teams_by_token[token] = team
            granted = Grant(
                team=team,
                name=team,
                user=fake_slack.BOT_USER,
                bot=fake_slack.BOT_ID,
                archive="https://hone-test.slack.com/",
                token=token,
                since=now,
            )
            await grants.keep(granted, "bench")
            channels = list(self._slack_channels(team))
            for channel, _ in channels:
                self.slack.add_channel(channel)
            await _write(database, granted.workspace, now, channels)
            for channel, quiet in channels:
                if quiet:
                    self._stand(channel)
        tenant = f"teams:{fake_teams.TENANT}"
        reach = {"service_url": self.cloud.service_url, "bot": fake_teams.BOT}
        await database.write(tenant, now, lambda store: store.workspaces.set_reach(reach))
        await _write(
            database, tenant, now, [(channel, False) for channel in self._teams_channels()]
        )

    def _stand(self, channel: str) -> None:
        message = fake_slack.Message(_last_ts(channel), channel, "last week's digest", [])
        self.slack.stand(message)
        self._quiet[channel] = message

    # --- looking ---

    @property
    def is_complete(self) -> bool:
        """Whether every digest is there; looks closely only once there are enough messages."""
        messages = len(self.slack.messages) + len(self.cloud.messages)
        loud = self.size.channels - len(self._quiet)
        return messages >= 2 * loud and self.found().missed == 0

    def found(self) -> Found:
        """Look for every digest and for its details in the thread."""
        heads: Counter[str] = Counter()
        threads: Counter[str] = Counter()
        for message in self.slack.messages:
            (threads if message.thread_ts else heads)[message.channel] += 1
        for answer in self.cloud.messages.values():
            channel, _, root = answer.conversation.partition(";messageid=")
            (threads if root else heads)[channel] += 1
        loud = [
            channel
            for team in self._teams_of_slack()
            for channel, quiet in self._slack_channels(team)
            if not quiet
        ] + self._teams_channels()
        posts = [count[channel] for count in (heads, threads) for channel in loud]
        twice = Counter(
            {
                Again(channel, threaded): count[channel] - 1
                for count, threaded in ((heads, False), (threads, True))
                for channel in loud
                if count[channel]
            }
        )
        # A quiet week wants one more line and no message.
        twice.update({Again(channel, False): heads[channel] for channel in self._quiet})
        lines = [message.edits for message in self._quiet.values()]
        # The same line twice shows nothing new.
        return Found(missed=posts.count(0) + lines.count(0), twice=+twice)


async def unexplained(database: Database, twice: Counter[Again], unsure: Counter[str]) -> int:
    """Return how many posts came again although each of their sends was answered.

    `unsure` counts by post the sends that nobody can be sure of, as the replicas' logs have them.
    """
    async with database.engine.connect() as connection:
        rows = await connection.execute(
            select(col(PostRow.id), col(PostRow.channel), col(PostRow.parent)).where(
                col(PostRow.channel).in_({again.channel for again in twice})
            )
        )
        unsure_sends: Counter[Again] = Counter()
        for id, channel, parent in rows:
            unsure_sends[Again(str(channel), parent is not None)] += unsure[id]
    return (twice - unsure_sends).total()


async def become_due(database: Database, now: datetime) -> None:
    """Let the minute be over in which all of them were due."""

    async def due(store: Store) -> None:
        # Every channel has its own second, so that no workspace stands behind another.
        herd = await store.session.scalars(select(Timer).where(col(Timer.kind) == TIMER))
        for timer in herd.all():
            timer.at = now - jitter(timer.channel, timedelta(minutes=1))

    await database.write("", now, due)


async def _write(
    database: Database, workspace: str, now: datetime, channels: list[tuple[str, bool]]
) -> None:
    teams = list(enumerate(channels, start=1))
    for some in _in_parts(teams):

        async def found(store: Store, some: list[tuple[int, tuple[str, bool]]] = some) -> None:
            for number, (channel, _) in some:
                store.session.add_all(_team(workspace, number, channel, now))

        await database.write(workspace, now, found)

    async def count(store: Store) -> None:
        store.session.add(Train(workspace=workspace, id=FIRST_TRAIN, name="Our train"))
        for name, value in (("team", len(teams)), ("item", len(teams) * len(TITLES))):
            store.session.add(counters.Counter(workspace=workspace, name=name, value=value))
        await store.excerpts.recount()

    await database.write(workspace, now, count)
    for some in _in_parts([each for each in teams if each[1][1]]):

        async def tell(store: Store, some: list[tuple[int, tuple[str, bool]]] = some) -> None:
            last_week = store.at(now - LAST_WEEK)
            for _, (channel, _) in some:
                await _told_last_week(last_week, channel)

        await database.write(workspace, now, tell)


def _in_parts(
    teams: list[tuple[int, tuple[str, bool]]],
) -> Iterator[list[tuple[int, tuple[str, bool]]]]:
    for start in range(0, len(teams), AT_A_TIME):
        yield teams[start : start + AT_A_TIME]


def _team(workspace: str, number: int, channel: str, now: datetime) -> Iterator[SQLModel]:
    """Yield the rows of a team: written one by one through its turns, ten thousand take minutes."""
    founded = now - FOUNDED
    yield Team(workspace=workspace, id=number, name=channel)
    yield Channel(workspace=workspace, id=channel, name=channel, team_id=number)
    for place, title in enumerate(TITLES, start=1):
        item = (number - 1) * len(TITLES) + place
        yield Item(
            workspace=workspace,
            number=item,
            team_id=number,
            title=title,
            owner="ana",
            created_by="ana",
            created_at=founded,
            touched_at=founded,
        )
        yield ItemEvent(
            workspace=workspace,
            number=item,
            seq=1,
            team_id=number,
            at=founded,
            person="ana",
            kind="created",
            changes={"state": [None, "captured"]},
        )
    yield DigestSchedule(
        workspace=workspace,
        channel=channel,
        level=TEAM,
        team_id=number,
        weekday=1,
        at="00:00",
        zone="UTC",
        set_by="ana",
    )
    yield Timer(
        workspace=workspace,
        kind=TIMER,
        key=Edition(channel).timer,
        channel=channel,
        at=now + FAR,
    )


async def _told_last_week(store: Store, channel: str) -> None:
    edition = Edition(channel)
    team = await store.teams.of_channel(channel)
    assert team is not None
    week = iso_week("UTC", store.now)
    told = await tell_week(store, team, edition, week, lead="ana", quiet=False)
    await keep(store, team, edition, week, told)
    post = await store.posts.add(encode(DigestView(channel, week)), channel=channel)
    store.session.add(
        PostSubject(workspace=store.workspace, post=post, subject=f"digest:{channel}")
    )
    stands = {"ref": _last_ts(channel), "call": "update", "due_at": None, "shown": 1}
    await store.session.execute(
        update(PostRow)
        .where(col(PostRow.workspace) == store.workspace, col(PostRow.id) == post)
        .values(stands)
    )


def _last_ts(channel: str) -> str:
    return f"1000000000.{channel}"
