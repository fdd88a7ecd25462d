"""A team that follows a tracker already: what its stories begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.cards import Choice
from bot.remote import Abilities, News, RemoteItem, Seen
from bot.trackers.sites import Sites
from bot.trackers.writer import TrackerWriter
from bot.turn import HONE, Place, Pulled, Turn
from handlers.tracker.told import Told, written
from storage import Store
from storage.items import Item
from storage.tracked import Tracked
from storage.trackers import TrackerPerson, TrackerScope, TrackerSite
from tests.fakes.tracker import FakeTracker, Issue
from tests.hone import Hone, Someone


@dataclass
class Followed:
    """Hone with one tracker; `tracker` is what stands there, in a project called PAY."""

    hone: Hone
    tracker: FakeTracker = field(default_factory=FakeTracker)

    async def begin(self, *, writes: bool = True, step: str = "following") -> None:
        """Have the team of the channel follow the project, a day ago."""
        hone = self.hone
        sites = Sites({"sample": lambda kind, access: self.tracker})
        hone.platforms["tracker"] = TrackerWriter(
            hone.router, hone.database, sites, lambda: hone.now
        )

        async def follow(store: Store) -> None:
            team = await store.teams.resolve("refinement", "ada")
            site = await store.at(store.now - timedelta(days=1)).trackers.connect(
                "sample", "sample", "", "ada", hook="h" * 32, hook_secret=""
            )
            site.state, site.due_at = "open", None
            scope = await store.at(store.now - timedelta(days=1)).trackers.follow(
                site, team.id, "PAY", "Payments"
            )
            scope.step, scope.writes, scope.due_at = step, writes, None
            scope.told = written(Told(abilities=self.tracker.can))

        await self.change(follow)
        await hone.do_what_is_due(ring=True)

    async def change(self, work: Any) -> Any:
        """Change the database as a turn would, and send what is due by it."""
        hone = self.hone
        result = await hone.database.write(hone.workspace, hone.now, work)
        await hone.settle()
        return result

    async def knows(self, person: str, account: str) -> None:
        """Let a person be known by an account there."""

        async def told(store: Store) -> None:
            store.session.add(
                TrackerPerson(
                    workspace=store.workspace,
                    tracker_id=1,
                    account=account,
                    person=person,
                    how="told",
                )
            )

        await self.change(told)

    async def has(
        self, number: int, id: str, *, moves: tuple[str, ...] = (), **agreed: Any
    ) -> None:
        """Let an item be one of the tracker, and both sides agree on these fields."""
        state = agreed.pop("state", "To Do")
        self.tracker.issues[id] = Issue(f"PAY-{id}", {"state": state, **agreed})

        async def track(store: Store) -> None:
            item = await store.items.find(number)
            assert item is not None
            base = {"title": item.title, "themes": [], "due": None, **agreed}
            await store.tracked.keep(
                [
                    Tracked(
                        workspace=store.workspace,
                        source=self.tracker.source,
                        remote_id=id,
                        team_id=item.team_id,
                        number=number,
                        key=f"PAY-{id}",
                        link=f"https://tracker.example/PAY-{id}",
                        base=base,
                        seen_at=store.now,
                        scope_id=1,
                        version="1",
                        state=state,
                        moves=list(moves),
                    )
                ]
            )

        await self.change(track)

    async def may_go(self, *moves: str) -> None:
        """Let #1 have these steps before it in the tracker."""

        async def read(store: Store) -> None:
            row = await store.records.of(1, 1)
            assert row is not None
            row.moves = list(moves)

        await self.change(read)

    async def tells(self, *items: RemoteItem) -> None:
        """Let the tracker have told some items."""
        await self.brings(Seen(items))

    async def brings(self, news: News) -> None:
        """Let the tracker have told something of the scope."""
        hone = self.hone
        told = Pulled(1, 1, news)
        turn = Turn(hone.workspace, Place(""), HONE, told, hone.now, key="", acted_at=hone.now)
        await self.change(lambda store: hone.router.take_in(turn, store))

    async def site(self, **columns: Any) -> None:
        """Change what is known of the site."""

        async def set_(store: Store) -> None:
            site = await store.session.get(TrackerSite, (store.workspace, 1))
            for name, value in columns.items():
                setattr(site, name, value)

        await self.change(set_)

    async def scope(self, **columns: Any) -> None:
        """Change what is known of the scope."""

        async def set_(store: Store) -> None:
            scope = await store.session.get(TrackerScope, (store.workspace, 1))
            for name, value in columns.items():
                setattr(scope, name, value)

        await self.change(set_)

    async def can(self, abilities: Abilities) -> None:
        """Let the tracker have told what can be written."""
        self.tracker.can = abilities
        await self.scope(told=written(Told(abilities=abilities)))

    async def row(self, number: int) -> Tracked:
        """Return what is kept of an item."""
        async with self.hone.database.read(self.hone.workspace, self.hone.now) as store:
            (row,) = (await store.tracked.of_items([number]))[number]
            return row

    async def item(self, number: int) -> Item:
        async with self.hone.database.read(self.hone.workspace, self.hone.now) as store:
            item = await store.items.find(number)
            assert item is not None
            return item


def option(person: Someone, label: str) -> str:
    """Return what stands for a choice of the person's open form."""
    assert person.form is not None
    return next(
        option.value
        for asked in person.form.fields
        if isinstance(asked, Choice)
        for option in asked.options
        if option.label == label
    )


async def accepts(hone: Hone, number: int = 1, card: str = "5") -> str:
    """Three people vote on an item and the score is accepted; return what the leader is told."""
    ada = hone.person("Ada")
    await ada.says(f"wsjf #{number}")
    for name in ("Ada", "Grace", "Tomás"):
        voter = hone.person(name)
        await voter.clicks("Vote")
        while voter.form is not None:
            cards = [asked.id for asked in voter.form.fields if isinstance(asked, Choice)]
            await voter.fills(dict.fromkeys(cards, card))
    await ada.clicks("Reveal")
    await ada.clicks("Accept scores")
    return ada.told
