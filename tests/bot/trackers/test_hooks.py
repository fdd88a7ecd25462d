"""A tracker's call is a hint to read afresh: checked, committed, and then answered."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import aiohttp
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlmodel import col

from bot.server import listen, make_app
from bot.trackers.access import access_to, reseal
from bot.trackers.hooks import IDS_MAX, TrackerHooks
from bot.trackers.kinds import as_kept
from bot.vault import Vault
from storage import Database, Store
from storage.hooked import Called, called
from storage.patience import time_left
from storage.trackers import TrackerHint

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HOOK = "h" * 32
BODY = json.dumps({"issue": {"id": "10002"}}).encode()


@dataclass(slots=True)
class Caller:
    """A Jira that calls."""

    address: str
    http: aiohttp.ClientSession

    async def sends(
        self, body: bytes, secret: str = "hush", hook: str = HOOK, signature: str = ""
    ) -> int:
        made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": signature or f"sha256={made}"}
        async with self.http.post(
            self.address + hook, data=BytesIO(body), headers=headers
        ) as answer:
            return answer.status


@pytest.fixture
def key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def vault(key: str) -> Vault:
    return Vault([key])


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def jira(database: Database, vault: Vault) -> AsyncIterator[Caller]:
    sealed = as_kept({"token": vault.seal("t"), "hook_secret": vault.seal("hush")})

    async def connect(store: Store) -> None:
        await store.trackers.connect(
            "jira", "acme.atlassian.net", sealed, "ada", hook=HOOK, hook_secret=""
        )

    await database.write("slack:T1", NOW, connect)
    hooks = TrackerHooks(database, vault, lambda: NOW)
    runner = await listen(make_app(database, hooks.routes(), lambda: NOW), "127.0.0.1", 0)
    async with aiohttp.ClientSession() as http:
        yield Caller(f"http://127.0.0.1:{runner.addresses[0][1]}/trackers/", http)
    await runner.cleanup()


async def hints(database: Database) -> list[str]:
    async with database.read("slack:T1", NOW) as store:
        (site,) = await store.trackers.all()
        rows = await store.session.get(TrackerHint, ("slack:T1", site.id, "10002"))
        return [rows.remote_id] if rows else []


async def test_a_signed_call_has_its_item_read_afresh(jira: Caller, database: Database) -> None:
    assert await jira.sends(BODY) == 200
    assert await hints(database) == ["10002"]
    assert await jira.sends(BODY) == 200, "twice is as once"
    assert await hints(database) == ["10002"]


@pytest.mark.parametrize(
    ("secret", "hook", "status"),
    [("guessed", HOOK, 401), ("", HOOK, 401), ("hush", "g" * 32, 404), ("hush", "short", 404)],
)
async def test_strangers_change_nothing(
    jira: Caller, database: Database, secret: str, hook: str, status: int
) -> None:
    """The address alone opens nothing, and a secret alone neither."""
    assert await jira.sends(BODY, secret, hook) == status
    assert not await hints(database)


async def test_a_signature_of_no_letters_is_forged(jira: Caller, database: Database) -> None:
    """Anybody may send one: that it cannot be compared must be no fault of ours."""
    for signature in ("sha256=ünsigned", "\udcff", "²", "sha256="):
        assert await jira.sends(BODY, signature=signature) == 401
    assert not await hints(database)


async def test_a_call_waits_for_the_database_once(
    jira: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two waits of two seconds each would be too long for whoever calls."""
    lefts: list[float] = []

    async def slow(store: Store, hook: str) -> Called | None:
        lefts.append(time_left(math.inf))
        return await called(store, hook)

    monkeypatch.setattr("bot.trackers.hooks.called", slow)
    assert await jira.sends(BODY) == 200
    assert lefts[0] < math.inf


async def test_a_whole_issue_fits_and_no_more(jira: Caller, database: Database) -> None:
    """A description of 32,767 characters in every field is a legal issue."""
    large = json.dumps({"issue": {"id": "10002", "fields": {"description": "x" * 1_500_000}}})
    assert await jira.sends(large.encode()) == 200
    assert await hints(database) == ["10002"]
    assert await jira.sends(b"x" * (2 * 1024 * 1024 + 1)) == 413


async def test_more_than_a_hundred_items_are_left_to_the_next_poll(
    jira: Caller, vault: Vault, database: Database
) -> None:
    """Agility names many at once; what is named is read one by one."""
    hook, most = "a" * 32, [f"Story:{n}" for n in range(1000, 1000 + IDS_MAX)]

    async def connect(store: Store) -> None:
        sealed = as_kept({"token": vault.seal("t"), "hook_secret": vault.seal("hush")})
        await store.trackers.connect("agility", "acme", sealed, "ada", hook=hook, hook_secret="")

    await database.write("slack:T1", NOW, connect)
    events = [{"targetAsset": {"_oid": oid}} for oid in ("Story:9998", *reversed(most))]
    sent = {"Authorization": "Bearer hush"}
    async with jira.http.post(jira.address + hook, json=events, headers=sent) as answer:
        assert answer.status == 200
    async with database.read("slack:T1", NOW) as store:
        hinted = await store.session.scalars(select(col(TrackerHint.remote_id)))
        assert sorted(hinted) == most


async def test_an_endless_id_is_no_id(jira: Caller, database: Database) -> None:
    assert await jira.sends(json.dumps({"issue": {"id": "1" * 251}}).encode()) == 200
    async with database.read("slack:T1", NOW) as store:
        assert not (await store.session.scalars(select(TrackerHint))).all()


async def test_what_is_no_json_is_refused(jira: Caller) -> None:
    assert await jira.sends(b"<html>") == 401


async def test_a_new_key_seals_a_trackers_token_at_start(
    jira: Caller, database: Database, vault: Vault, key: str
) -> None:
    """The operator changes the key and leaves the old one out: teams must notice nothing."""
    newer = Fernet.generate_key().decode()
    await reseal(database, Vault([newer, key]), lambda: NOW)
    async with database.read("slack:T1", NOW) as store:
        (site,) = await store.trackers.all()
    access = access_to("jira", site.site, site.sealed, Vault([newer]))
    assert (access.given["token"], access.given["hook_secret"]) == ("t", "hush")
    await reseal(database, Vault([Fernet.generate_key().decode()]), lambda: NOW)
    async with database.read("slack:T1", NOW) as store:
        (after,) = await store.trackers.all()
    assert after.sealed == site.sealed, "what no key opens stays as it is"
