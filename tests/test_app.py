"""Hone's commands, and its life from start to stop, as an operator meets them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import structlog
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from app import cli
from bench.replica import HERE, until
from bot.settings import Settings
from bot.slack.adapter import PATH
from storage import Database, Store
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET, TEAM, FakeSlack
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_person import SlackPerson
from tests.fakes.teams import APP_ID, TENANT

APP = Path(__file__).parents[1] / "app.py"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = 8


@pytest.fixture(autouse=True)
def in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Without the developer's settings, and without leaving ours behind."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    yield
    structlog.reset_defaults()


def run(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, words, env=environment)


def test_help_names_every_command() -> None:
    said = run("--help").output
    for command in ("serve", "worker", "migrate", "key", "manifest", "outbox", "recount"):
        assert command in said


def test_migrate_makes_the_database_and_may_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        result = run("migrate")
        assert result.exit_code == 0, result.output
        assert "up to date" in result.output
    assert (tmp_path / "data/hone.db").exists()


async def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    """Everybody else on the machine could read whole backlogs, and sealed tokens."""
    await asyncio.to_thread(run, "migrate")
    database = Database(f"sqlite:///{tmp_path}/data/hone.db")
    database.claim_file()
    async with database.read("local:room", NOW):
        await database.write("local:room", NOW, lambda store: store.lines.add("c", "p", "x"))
        made = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    await database.close()
    assert made.keys() >= {"hone.db", "hone.db-wal", "hone.db-shm", "hone.db.lock"}
    assert set(made.values()) == {0o600}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_wrong_setting_is_said_in_a_sentence_and_nothing_else() -> None:
    result = run("migrate", DATABASE_URL="mysql://hone:hunter2@db/hone")
    assert result.exit_code == 2
    assert "Hone knows sqlite://" in result.stderr
    assert "Traceback" not in result.output
    assert "hunter2" not in result.output


def test_a_worker_alone_needs_postgresql() -> None:
    result = run("worker")
    assert result.exit_code == 2
    assert "belongs to one process" in result.stderr


def test_likeness_by_meaning_without_its_packages_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("handlers.likeness.minilm.PACKAGE", "a_model_nobody_installed")
    result = run("serve", HONE_LIKENESS="semantic")
    assert result.exit_code == 2
    assert result.stderr.startswith("The package a-model-nobody-installed is missing: ")
    assert result.stderr.endswith("install requirements.txt, or set HONE_LIKENESS=words.\n")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("serve", "--hots", "x"), "No such option: --hots"),
        (("sevre",), "No such command 'sevre'. Did you mean 'serve'? To read on:"),
        (("import",), "Missing argument"),
        (("import", "x.csv", "--workspace"), "requires an argument"),
        (("outbox", "lits"), "No such command 'lits'. Did you mean 'list'?"),
    ],
)
def test_a_mistyped_line_is_said_in_a_sentence(line: tuple[str, ...], sentence: str) -> None:
    """A framed box of a library says neither what to do nor whose it is."""
    result = run(*line)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert "--help" in result.stderr


def test_a_group_without_a_command_says_what_there_is() -> None:
    result = run("outbox")
    assert result.exit_code == 2
    assert "list" in result.output


def test_a_new_key_is_a_key() -> None:
    Fernet(run("key").output.strip())


def test_the_slack_manifest_can_be_pasted_as_it_is() -> None:
    manifest = json.loads(run("manifest", "slack").stdout)
    assert manifest["settings"]["socket_mode_enabled"] is True
    over_http = json.loads(run("manifest", "slack", "--url", "https://hone.example.com").stdout)
    assert "https://hone.example.com" in json.dumps(over_http)


def test_each_slash_command_hints_at_its_own_use() -> None:
    """Slack shows the hint while somebody types: `[help]` behind all of them tells nothing."""
    commands = json.loads(run("manifest", "slack").stdout)["features"]["slash_commands"]
    hints = {each["command"]: each["usage_hint"] for each in commands}
    assert hints["/wsjf"] == "[#1 #2 | start | rank | payoff | export]"
    assert hints["/settings"] == "[help]"


def test_an_address_nobody_can_reach_is_refused_in_a_sentence() -> None:
    result = run("manifest", "slack", "--url", "hone.example.com")
    assert result.exit_code == 2
    assert result.stderr.startswith("--url does not begin with https://")


def test_the_teams_package_can_be_uploaded_as_it_is(tmp_path: Path) -> None:
    teams = {"MICROSOFT_APP_ID": APP_ID, "MICROSOFT_APP_TENANT_ID": TENANT}
    public = {"HONE_PUBLIC_URL": "https://hone.example.com"}
    result = run("manifest", "teams", "--package", "hone.zip", **teams)
    assert result.exit_code == 2
    assert "write HONE_PUBLIC_URL into .env first" in result.stderr, "its pages have to answer"
    result = run("manifest", "teams", "--package", "hone.zip", **teams, **public)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(tmp_path / "hone.zip") as package:
        assert json.loads(package.read("manifest.json")) == json.loads(result.stdout)


def test_a_teams_package_without_the_bots_id_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Teams would refuse the file much later, and without a word on why."""
    result = run("manifest", "teams", "--package", "hone.zip")
    assert result.exit_code == 2
    assert "write MICROSOFT_APP_ID into .env first" in result.stderr
    assert not (tmp_path / "hone.zip").exists()


def test_messages_given_up_are_listed_and_sent_again() -> None:
    run("migrate")
    asyncio.run(_give_up_a_post())
    listed = run("outbox", "list").output
    assert "slack:T1 general" in listed
    assert "invalid_blocks" in listed
    assert "1 undelivered." in listed
    assert "1 will be sent again." in run("outbox", "retry").output
    assert "0 undelivered." in run("outbox", "list").output


async def _give_up_a_post() -> None:
    async def dead(store: Store) -> None:
        post = await store.posts.find(await store.posts.add('["x"]', channel="general"))
        assert post is not None
        post.state, post.due_at, post.last_error = "dead", None, "invalid_blocks"

    database = Database("sqlite:///data/hone.db")
    await database.write("slack:T1", NOW, dead)
    await database.close()


def test_sums_that_no_longer_fit_are_taken_anew() -> None:
    """Somebody deleted an item in the database itself."""
    run("migrate")
    asyncio.run(_delete_an_item_by_hand())
    assert "Counted the backlogs of 1 workspaces anew." in run("recount").output
    assert asyncio.run(_open_items()) == 1


async def _delete_an_item_by_hand() -> None:
    async def capture(store: Store) -> None:
        await store.workspaces.ensure()
        for title in ("Slow builds", "Slow reviews"):
            await store.items.add(1, title, by="ada")

    database = Database("sqlite:///data/hone.db")
    await database.write("slack:T1", NOW, capture)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM items WHERE number = 1")
    await database.close()


async def _open_items() -> float:
    database = Database("sqlite:///data/hone.db")
    async with database.read("slack:T1", NOW) as store:
        counted = sum((await store.tallies.of_team(1)).values())
    await database.close()
    return counted


def test_a_database_out_of_reach_is_said_in_a_sentence() -> None:
    url = "postgresql+asyncpg://hone@/hone?host=/nowhere/at/all"
    result = run("outbox", "list", DATABASE_URL=url)
    assert result.exit_code == 1
    assert "Check DATABASE_URL" in result.stderr


def test_a_second_hone_on_the_same_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    run("migrate")
    first = Database(f"sqlite:///{tmp_path}/data/hone.db")
    first.claim_file()
    result = run("serve", DATABASE_URL=first.url)
    asyncio.run(first.close())
    assert result.exit_code == 1
    assert "Another Hone is using" in result.stderr


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("serve", HONE_PORT=str(port))
    assert result.exit_code == 1
    assert result.stderr == (
        f"Port {port} is in use, perhaps by another Hone: stop it, or write another HONE_PORT.\n"
    )


# --- a life ------------------------------------------------------------------------------------


class Served:
    """`python app.py serve` in a process of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, str(APP), "serve"],
            cwd=folder,
            env={**HERE, "HONE_PORT": str(self.port), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def ready(self, http: aiohttp.ClientSession) -> None:
        async with asyncio.timeout(300):
            while True:
                try:
                    async with http.get(self.address("/readyz")) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    assert self._process.poll() is None, self._process.communicate()[0]
                await asyncio.sleep(0.05)

    def hears_of(self, words: str) -> str:
        """Wait for a printed line with these words; return it, or what was printed last."""
        assert self._process.stdout is not None
        line = ""
        for line in self._process.stdout:
            if words in line:
                break
        return line

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def ended(self) -> tuple[int, str]:
        """Wait until it ends by itself; return its exit status and what it printed."""
        try:
            said, _ = self._process.communicate(timeout=120)
        finally:
            self._process.kill()
            self._process.wait()
        return self._process.returncode, said


async def test_a_slack_out_of_reach_is_said_in_a_sentence(tmp_path: Path) -> None:
    """Behind a firewall that blocks Slack a silent start looks like one that went well."""
    nowhere = "http://127.0.0.1:1/"
    served = Served(
        tmp_path,
        SLACK_API_URL=nowhere,
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
    )
    heard = await asyncio.to_thread(served.hears_of, "does not answer")
    served.terminate()
    await asyncio.to_thread(served.ended)
    assert f"Slack does not answer at {nowhere} yet: can this machine reach it?" in heard


async def test_sigterm_under_load_loses_nothing_and_ends_cleanly(tmp_path: Path) -> None:
    """Every deployment does this: whoever was told "saved" was saved, and nothing is left over."""
    url = f"sqlite:///{tmp_path}/hone.db"
    async with FakeSlack(lambda: datetime.now(UTC)) as slack, aiohttp.ClientSession() as http:
        served = Served(
            tmp_path,
            DATABASE_URL=url,
            SLACK_API_URL=slack.api_url,
            SLACK_BOT_TOKEN=BOT_TOKEN,
            SLACK_SIGNING_SECRET=SIGNING_SECRET,
        )
        try:
            await served.ready(http)
            slack.add_channel("C1")
            people = [_Typist(slack, http, served, number) for number in range(PEOPLE)]
            typing = [asyncio.create_task(person.types_until_refused()) for person in people]
            await until(lambda: sum(len(person.saved) for person in people) > 3 * PEOPLE)
        finally:
            served.terminate()  # once: a second one could meet it past its last handler
            status, said = await asyncio.to_thread(served.ended)
        await asyncio.gather(*typing)
    assert status == 0, said
    assert "Traceback" not in said
    database = Database(url)
    async with database.read(f"slack:{TEAM}", NOW) as store:
        (team,) = await store.teams.all()
        kept = {title for _, title in await store.titles.open(team.id)}
    await database.close()
    assert {title for person in people for title in person.saved} <= kept


def test_whatever_hangs_stopping_ends() -> None:
    """Closing waits for others, and one that never answers must not keep a deployment waiting."""
    hangs = (
        "from bot.commands.serving import end_within; import time; end_within(0.1); time.sleep(99)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", hangs],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr == "Stopping took too long, so Hone was ended. Nothing confirmed is lost.\n"


class _Typist:
    """Somebody who logs one improvement after the other."""

    def __init__(
        self, slack: FakeSlack, http: aiohttp.ClientSession, served: Served, number: int
    ) -> None:
        self.saved: list[str] = []
        slack.add_person(f"U{number}", f"Person {number}")
        self._line = SlackLine(slack, http, served.address(PATH))
        self._person = SlackPerson(self._line, f"U{number}", "C1")
        self._number = number
        slack.channels["C1"].add(f"U{number}")

    async def types_until_refused(self) -> None:
        for n in range(1_000):
            title = f"{os.urandom(6).hex()} {os.urandom(6).hex()} {self._number}.{n}"
            try:
                await self._person.types(f"/improve {title}")
            except (aiohttp.ClientError, OSError):
                return
            if self._line.status != 200 or "Saved as" not in self._person.reads():
                return
            self.saved.append(title)
