"""Tokens that renew: once, whoever needs one, and never used before they are saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet

from bot.trackers.http import Door
from bot.trackers.kinds import SIGN_IN
from bot.trackers.sign_in.keeper import LEASE, TokenKeeper
from bot.trackers.tracker import Access, Bearer, SignedOut, Silent
from bot.vault import Vault
from storage import Database, Store
from storage.sign_ins import SignIn
from tests.fakes.trackers.vendor import FakeVendor
from tests.keys import KEY as OLD_KEY
from tests.keys import VAULT

WORKSPACE = "test:acme"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class World:
    """Replicas that share a database and one sign-in, and a clock that tests move."""

    database: Database
    vendor: FakeVendor
    door: Door
    now: datetime = START

    def keeper(self, database: Database | None = None, vault: Vault = VAULT) -> TokenKeeper:
        apps = {self.vendor.vendor.kind: self.vendor.app}
        return TokenKeeper(apps, database or self.database, vault, self.door, lambda: self.now)

    def replica(self, database: Database | None = None, vault: Vault = VAULT) -> Bearer:
        kept = Access("acme", {SIGN_IN: "1"}, WORKSPACE)
        bearer = self.keeper(database, vault).access(self.vendor.vendor.kind, kept).bearer
        assert bearer is not None
        return bearer

    async def signs_in(self) -> None:
        keeper, app = self.keeper(), self.vendor.app
        sent_back = self.vendor.agrees(app.page("state", "verifier"))
        tokens = await keeper.exchange(app, sent_back["code"], "verifier")

        async def keep(store: Store) -> None:
            kind = self.vendor.vendor.kind
            row = await store.sign_ins.ask(kind, "", 1, "ada", "t" * 32, "https://hone.example")
            row.state = "granted"
            keeper.keep(row, app, tokens)

        await self.database.write(WORKSPACE, self.now, keep)

    async def row(self) -> SignIn:
        async with self.database.read(WORKSPACE, self.now) as store:
            row = await store.sign_ins.find(1)
        assert row is not None
        return row

    @property
    def renewals(self) -> list[str]:
        return [sent["refresh_token"] for sent in self.vendor.asked if "refresh_token" in sent]


@pytest.fixture(params=["linear"])
def kind(request: pytest.FixtureRequest) -> str:
    """Linear: a refresh token is good once, and who uses it twice is thrown out."""
    return str(request.param)


@pytest.fixture
async def world(database: Database, kind: str) -> AsyncIterator[World]:
    async with FakeVendor(kind, lambda: made.now) as vendor:
        made = World(database, vendor, Door(lambda: made.now))
        await made.signs_in()
        yield made
        await made.door.close()


async def test_two_replicas_renew_a_token_once(
    database: Database, database_url: str, world: World
) -> None:
    """The second would spend the same refresh token, and the vendor throw both out."""
    other = database if database.is_sqlite else Database(database_url)
    replicas = world.replica(), world.replica(other)
    assert len({await each.token() for each in replicas}) == 1
    world.now += timedelta(days=1)
    tokens = await asyncio.gather(*(each.token() for each in replicas * 3))
    assert len(set(tokens)) == 1
    assert len(world.renewals) == 1
    world.vendor.ends_access()
    again = await asyncio.gather(*(each.token(refused=tokens[0]) for each in replicas * 3))
    assert len(set(again)) == 1
    assert len(set(world.renewals)) == len(world.renewals) == 2
    if other is not database:
        await other.close()


async def test_a_replica_that_was_killed_holds_nobody_up_for_long(world: World) -> None:
    """It had asked, and never saved the answer."""

    async def claimed(store: Store) -> None:
        row = await store.sign_ins.find(1)
        assert row is not None
        row.leased_until = store.now + LEASE

    world.now += timedelta(days=1)
    await world.database.write(WORKSPACE, world.now, claimed)
    waiting = asyncio.create_task(world.replica().token())
    await asyncio.sleep(0)
    assert not world.renewals
    world.now += LEASE
    assert await waiting
    assert len(world.renewals) == 1


async def test_a_token_is_renewed_before_it_ends_and_saved_before_it_is_used(world: World) -> None:
    """A page that takes a minute must not end in a refusal."""
    replica = world.replica()
    first = await replica.token()
    world.now += timedelta(days=1) - timedelta(minutes=5)
    assert await replica.token() == first
    world.now += timedelta(minutes=4)
    second = await replica.token()
    assert second != first
    row = await world.row()
    assert VAULT.unseal(row.access) == second
    assert VAULT.unseal(row.refresh) not in world.renewals
    assert row.leased_until is None


@pytest.mark.parametrize(("kind", "goes_on"), [("jira", True), ("azure", True), ("gitlab", False)])
async def test_a_lost_answer_is_asked_for_again(world: World, goes_on: bool) -> None:
    """Atlassian and Entra forgive it; where a vendor does not, somebody has to sign in again."""
    replica = world.replica()
    world.now += timedelta(days=1)
    world.vendor.silent = 1
    with pytest.raises(Silent):
        await replica.token()
    if goes_on:
        assert await replica.token()
    else:
        with pytest.raises(SignedOut, match="somebody has to sign in again"):
            await replica.token()
    assert len(set(world.renewals)) == 1
    assert len(world.renewals) == 2


async def test_a_wrong_secret_of_whoever_runs_hone_signs_nobody_out(world: World) -> None:
    """It is put right in the settings; two hundred people need not sign in for that."""
    replica = world.replica()
    world.now += timedelta(days=1)
    right, world.vendor.client_id = world.vendor.client_id, "another app"
    with pytest.raises(Silent, match="whoever runs it has to look at its client id and secret"):
        await replica.token()
    world.vendor.client_id = right
    assert await replica.token()


async def test_a_new_key_seals_what_an_older_one_sealed(world: World) -> None:
    """Keys are changed one by one; a key that is gone is a sentence, not a fault."""
    new = Fernet.generate_key().decode()
    with pytest.raises(SignedOut, match="HONE_SECRET_KEYS was changed"):
        await world.replica(vault=Vault([new])).token()
    await world.keeper(vault=Vault([new, OLD_KEY])).reseal()
    assert (await world.replica(vault=Vault([new])).token()).startswith("access-")
